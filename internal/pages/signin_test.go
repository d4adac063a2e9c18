package pages

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
)

// signInExamples has the pages of the sign-in conversation and of a person's
// own account.
func signInExamples() map[string]Page {
	since := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	form := Hidden{Action: "/there", Token: "token-of-the-form", Flow: "flow-1"}
	login := Login{Form: form, Enterprise: "/sso?flow=flow-1", Forgotten: "/password/forgotten"}
	offering := login
	offering.For = Application{Name: "Wiki"}
	offering.Ways = []Way{{Name: "Acme ID", Icon: "/login/source/src_1/icon?v=0a", Address: "/login/source/src_1?flow=flow-1"}, {Name: "合作伙伴", Address: "/login/source/src_2?flow=flow-1"}}
	again := login
	again.Account, again.Code = "alice@acme.example", "K7QF93TX"
	again.Fault = fault.New(fault.Unauthenticated, fault.CodeSignInFailed)
	fresh := login
	fresh.Note = NoteAfresh
	chosen := NewPassword{Form: form, Code: "code-of-the-mail", Min: 8, Max: 64}
	forced := NewPassword{Form: form, Account: "alice@acme.example", AskOld: true, Forced: true, Min: 8, Max: 64, Back: "/", SignOut: "/logout"}
	forced.Fault = fault.New(fault.Invalid, fault.CodePasswordOld).At("old_password").
		Among(fault.New(fault.Invalid, fault.CodePasswordBreached).At("password"))
	account := Account{
		Form: form, Name: "Alice", Account: "alice@acme.example", Organization: "Acme Ltd", How: ByCentre, Since: since,
		Console: "/console/", Devices: "/account/sessions", Applications: "/account/applications", Requests: "/account/requests",
		Password: "/password/change", Links: "/account/links",
	}
	prove := Prove{Form: form, Claim: "claim-1", Source: "Acme ID", Said: "alice@acme.example", For: Application{Name: "Wiki"}, Other: "/login?flow=flow-1"}
	wrong := prove
	wrong.Fault, wrong.Code = again.Fault, again.Code
	return map[string]Page{
		"login":          {Content: login},
		"login_ways":     {Content: offering},
		"login_refused":  {Content: again, Status: http.StatusUnauthorized},
		"login_afresh":   {Content: fresh},
		"domain":         {Content: Domain{Form: form, Password: "/login"}},
		"domain_unknown": {Content: Domain{Form: form, Domain: "acme", App: true, SignedIn: "Bob", Fault: fault.New(fault.NotFound, fault.CodeNotFound), Code: "K7QF93TX"}},
		"leaving":        {Content: Leaving{Address: "https://centre.acme.example/connect/qrconnect?appid=orgate&state=x#wechat_redirect"}},
		"open_app":       {Content: OpenApp{Name: "Alice", Address: "orgate-pc://login?code=ogc_x&domain=acme.example"}},
		"jump":           {Content: Jump{Form: form, Nonce: "nonce-1"}},
		"hand_over": {
			Content:    HandOver{Application: "Wiki", Action: "https://wiki.example/cas?x=1", Fields: []HandedField{{Name: "ticket", Value: "ST-1"}}},
			FormAction: []string{"https://wiki.example/cas?x=1"},
		},
		"jump_signed_in": {Content: Jump{Form: form, Nonce: "nonce-1", SignedIn: "Bob"}},
		"sign_out":       {Content: SignOut{Form: form, Name: "Alice"}},
		"sign_out_asked": {Content: SignOut{Form: form, Name: "Alice", Application: "Wiki", Leave: "secret-1"}},
		"signed_out": {Content: SignedOut{Action: Action{Label: ActionSignIn, Address: "/login"}, Applications: []Entered{
			{Name: "Wiki", State: ToldDone}, {Name: "CRM", State: ToldPending}, {Name: "Board", State: ToldFailed}, {State: ToldNotAsked},
		}}},
		"account":     {Content: account},
		"prove":       {Content: prove},
		"prove_wrong": {Content: wrong, Status: http.StatusUnauthorized},
		"links": {Content: Links{Form: form, Organization: "Acme Ltd", Removed: true, Back: "/", Links: []Link{
			{Source: "src_1", Name: "Acme ID", Icon: "/login/source/src_1/icon?v=0a", Since: since, Used: since},
			{Source: "src_2", Name: "合作伙伴", Since: since, Used: since, Off: true},
		}}},
		"links_last": {Content: Links{
			Form: form, Organization: "Acme Ltd", Back: "/", Links: []Link{{Source: "src_1", Name: "Acme ID", Since: since, Used: since, Last: true}},
			Fault: fault.New(fault.Conflict, fault.CodeLinkLast),
		}},
		"links_none":         {Content: Links{Form: form, Organization: "Acme Ltd", Back: "/"}},
		"forgotten":          {Content: Forgotten{Form: form, Back: "/login"}},
		"forgotten_sent":     {Content: Forgotten{Form: form, Sent: true, Back: "/login"}},
		"new_password":       {Content: chosen},
		"new_password_wrong": {Content: forced, Status: http.StatusUnprocessableEntity},
		"devices": {Content: Devices{Form: form, Ended: 1, Back: "/", Sessions: []Device{
			{ID: "ses_1", Browser: "Firefox", Platform: "Windows", Address: "192.0.2.7", How: ByPassword, Since: since, Seen: since, Here: true, Applications: []Entered{{Name: "Wiki"}, {Name: "CRM"}}},
			{ID: "ses_2", Platform: "iPhone", How: ByCentre, Since: since, Seen: since.Add(time.Hour)},
			{ID: "ses_3", How: ByApp, Since: since, Seen: since},
		}}},
	}
}

// signInSlots has every place of those pages that outside text can reach.
func signInSlots(evil string) map[string]Page {
	form := Hidden{Action: evil, Token: evil, Flow: evil}
	f := fault.New(fault.Invalid, fault.CodeFieldMissing).With("field", evil)
	return map[string]Page{
		"login":        {Content: Login{Form: form, Account: evil, Note: Key(evil), Fault: f, Code: evil, Enterprise: evil, Forgotten: evil, Ways: []Way{{Name: evil, Address: evil}}}},
		"domain":       {Content: Domain{Form: form, Domain: evil, SignedIn: evil, Fault: f, Code: evil, Password: evil}},
		"leaving, at":  {Content: Leaving{Address: "https://c.example/?x=" + evil}},
		"open_app":     {Content: OpenApp{Name: evil, Address: evil}},
		"open_app, at": {Content: OpenApp{Name: evil, Address: "app://x?y=" + evil}},
		"jump":         {Content: Jump{Form: form, Nonce: evil, SignedIn: evil}},
		"hand_over":    {Content: HandOver{Application: evil, Action: evil, Fields: []HandedField{{Name: evil, Value: evil}}}},
		"sign_out":     {Content: SignOut{Form: form, Name: evil, Application: evil, Leave: evil}},
		"signed_out":   {Content: SignedOut{Applications: []Entered{{Name: evil, State: Key(evil)}}, Action: Action{Label: Key(evil), Address: evil}}},
		"account":      {Content: Account{Form: form, Name: evil, Account: evil, Organization: evil, How: Key(evil), Console: evil, Devices: evil, Applications: evil, Requests: evil, Password: evil}},
		"forgotten":    {Content: Forgotten{Form: form, Account: evil, Fault: f, Back: evil}},
		"new_password": {Content: NewPassword{Form: form, Code: evil, Account: evil, AskOld: true, Fault: f, Trace: evil, Back: evil, SignOut: evil}},
		"prove":        {Content: Prove{Form: form, Claim: evil, Source: evil, Said: evil, For: Application{Name: evil}, Fault: f, Code: evil, Other: evil}},
		"links":        {Content: Links{Form: form, Organization: evil, Links: []Link{{Source: evil, Name: evil}}, Fault: f, Back: evil}},
		"devices":      {Content: Devices{Form: form, Sessions: []Device{{ID: evil, Browser: evil, Platform: evil, Address: evil, How: Key(evil), Applications: []Entered{{Name: evil, State: Key(evil)}}}}, Back: evil}},
	}
}

func TestOpens(t *testing.T) {
	tests := []struct {
		address string
		want    bool
	}{
		{"https://centre.acme.example/x", true},
		{"http://127.0.0.1:8444/connect/qrconnect", true},
		{"orgate-pc://login", true},
		{"com.example.app:/login", true},
		{"orgate-pc:", true},
		{"https:///nobody", false},
		{"javascript:alert(1)", false},
		{"JavaScript:alert(1)", false},
		{"data:text/html,x", false},
		{"file:///etc/passwd", false},
		{"vbscript:x", false},
		{"//evil.example", false},
		{"/own/path", false},
		{"", false},
		{"https://a b/", false},
		{"java\nscript:alert(1)", false},
	}
	for _, test := range tests {
		if got := Opens(test.address); got != test.want {
			t.Errorf("Opens(%q) = %v, want %v", test.address, got, test.want)
		}
	}
}

// A page that leads elsewhere says where, goes by itself without script, and
// tells nobody whence.
func TestOnwardPages(t *testing.T) {
	p := newPages(t, Options{})
	tests := []struct {
		content Content
		refresh string
		link    string
	}{
		{Leaving{Address: "https://c.example/a?state=1&x=2#y"}, "0; url=https://c.example/a?state=1&x=2#y", `href="https://c.example/a?state=1&amp;x=2#y"`},
		{OpenApp{Address: "orgate-pc://login?code=ogc_1"}, "0; url=orgate-pc://login?code=ogc_1", `href="orgate-pc://login?code=ogc_1"`},
		{OpenApp{Address: "javascript:alert(1)"}, "", `href="#"`},
		{Leaving{Address: "https://c.example/\"; url=javascript:x"}, "0; url=https://c.example/%22;%20url=javascript:x", `href="https://c.example/%22;%20url=javascript:x"`},
	}
	for _, test := range tests {
		w := render(t, p, "/", Page{Content: test.content})
		if got := w.Header().Get("Refresh"); got != test.refresh {
			t.Errorf("%+v: Refresh = %q, want %q", test.content, got, test.refresh)
		}
		if got := w.Header().Get("Referrer-Policy"); got != "no-referrer" {
			t.Errorf("%+v: Referrer-Policy = %q", test.content, got)
		}
		if !strings.Contains(w.Body.String(), test.link) {
			t.Errorf("%+v: no %s in\n%s", test.content, test.link, w.Body)
		}
	}
}

func FuzzOutside(f *testing.F) {
	for _, seed := range []string{"https://a.example/cb", "app:x", "javascript:x", "http://[::1]", "x:\r\ny", "https://a/\"'<>"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		got := string(outside(address))
		if strings.ContainsAny(got, "\r\n\"<> ") {
			t.Errorf("outside(%q) = %q breaks a header or an attribute", address, got)
		}
		if u, err := url.Parse(got); got != nowhere && (err != nil || slices.Contains(neverOpened, u.Scheme)) {
			t.Errorf("outside(%q) = %q, %v", address, got, err)
		}
	})
}

func TestPasswordsAreNeverRepeated(t *testing.T) {
	for name, page := range signInExamples() {
		html := render(t, newPages(t, Options{}), "/", page).Body.String()
		for _, field := range strings.Split(html, "<input")[1:] {
			field, _, _ = strings.Cut(field, ">")
			if strings.Contains(field, `type="password"`) && strings.Contains(field, "value=") {
				t.Errorf("%s: <input%s>", name, field)
			}
		}
	}
}

func TestFocus(t *testing.T) {
	wrong := fault.New(fault.Invalid, fault.CodePasswordBreached).At("password")
	tests := []struct{ got, want string }{
		{Login{}.Focus(), "account"},
		{Login{Account: "a"}.Focus(), "password"},
		{NewPassword{}.Focus(), "password"},
		{NewPassword{AskOld: true}.Focus(), "old_password"},
		{NewPassword{AskOld: true, Fault: wrong}.Focus(), "password"},
	}
	for i, test := range tests {
		if test.got != test.want {
			t.Errorf("row %d: %q, want %q", i, test.got, test.want)
		}
	}
	if (Devices{Sessions: []Device{{Here: true}}}).Others() || !(Devices{Sessions: []Device{{}}}).Others() {
		t.Error("Others is wrong")
	}
}

// What a person reads about an instant does not depend on their language.
func TestMoments(t *testing.T) {
	p := newPages(t, Options{Language: i18n.ZhCN})
	html := render(t, p, "/", signInExamples()["account"]).Body.String()
	if want := `<time datetime="2026-03-02T09:30:00Z">2026-03-02 09:30 UTC</time>`; !strings.Contains(html, want) {
		t.Errorf("no %s", want)
	}
}
