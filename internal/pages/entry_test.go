package pages

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
)

// entryExamples has the pages that stand between a person and an application,
// and what a person sees of their requests and consents.
func entryExamples() map[string]Page {
	since := time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)
	form := Hidden{Action: "/there", Token: "token-of-the-form", Flow: "flow-1"}
	wiki := Application{Name: "Wiki", Icon: "/apps/wiki/icon?v=1"}
	situation := func(kind SituationKind, state, answer string) Page {
		return Page{Content: Situation{
			Form: form, For: wiki, Organization: "Acme Ltd", Name: "Alice", Account: "alice", Kind: kind, State: state, Answer: answer, Other: "/entry/account",
		}}
	}
	ways := []VerificationWay{{Method: "sms", Masked: "+86138****0001"}, {Method: "mail", Masked: "a***@mail.example"}}
	asked := []Request{
		{ID: "req_3", Kind: "entry", State: "pending", Application: "Wiki", Organization: "Acme Ltd", Applicant: "Alice", Account: "alice", Reason: "For the report", Since: since, Waits: true},
		{ID: "req_2", Kind: "join", State: "pending", Organization: "Acme Ltd", Applicant: "Alice", Account: "alice", Since: since},
		{ID: "req_1", Kind: "entry", State: "rejected", Application: "Wiki", Organization: "Acme Ltd", Applicant: "Bob", Account: "bob", Answer: "Not this year", DecidedBy: "Anna", Since: since, At: since, Again: true},
		{ID: "req_0", Kind: "entry", State: "approved", Application: "Desk", Organization: "Acme Ltd", Applicant: "Bob", Account: "bob", DecidedBy: "Anna", Since: since, At: since, Open: "/apps/desk/login"},
	}
	return map[string]Page{
		"login_for": {Content: Login{Form: form, For: wiki, SignedIn: "Alice", Enterprise: "/sso", Forgotten: "/password/forgotten"}},
		"chooser":   {Content: Chooser{Form: form, For: wiki, Name: "Alice", Account: "alice@acme.example", Organization: "Acme Ltd"}},
		"consent": {Content: Consent{
			Form: form, For: wiki, Name: "Alice", Account: "alice@acme.example", Scopes: []string{"openid", "profile", "email", "phone", "offline_access", "wiki:read"},
		}},
		"situation_pending":      situation(SituationUnauthorized, "pending", ""),
		"situation_pending_join": situation(SituationStranger, "pending", ""),
		"situation_rejected":     situation(SituationUnauthorized, "rejected", "Not this year"),
		"situation_withdrawn":    situation(SituationUnauthorized, "withdrawn", ""),
		"situation_disabled":     situation(SituationDisabled, "", ""),
		"situation_suspended":    situation(SituationSuspended, "", ""),
		"situation_foreign":      situation(SituationForeign, "", ""),
		"situation_barred": {Content: Situation{
			Form: form, For: wiki, Organization: "Acme Ltd", Name: "Alice", Account: "alice", Kind: SituationBarred, Other: "/entry/account", Retry: "/entry", Code: "K7Q2M9XA",
		}},
		"situation_unreachable": {Content: Situation{
			Form: form, For: wiki, Organization: "Acme Ltd", Name: "Alice", Account: "alice", Kind: SituationUnreachable, Other: "/entry/account", Retry: "/entry",
		}},
		"verification":     {Content: Verification{Form: form, For: wiki, Name: "Alice", Account: "alice", Ways: ways, Other: "/entry/account"}},
		"verification_app": {Content: Verification{Form: form, For: wiki, Name: "Alice", Account: "alice", Codes: true, App: true, Ways: ways, Other: "/entry/account"}},
		"verification_app_wrong": {
			Content: Verification{
				Form: form, For: wiki, Name: "Alice", Account: "alice", Codes: true, App: true, AppFault: fault.New(fault.Invalid, fault.CodeFactorCode).At("code"), Other: "/entry/account",
			},
			Status: http.StatusUnprocessableEntity,
		},
		"verification_passkey": {Content: Verification{
			Form: form, For: wiki, Name: "Alice", Account: "alice", Codes: true, Passkey: &Passkey{Do: "passkey", Ticket: "ogk_y", Options: "{}"},
			PasskeyFault: fault.New(fault.Expired, fault.CodePasskeyLate), Ways: ways, Other: "/entry/account",
		}, Status: http.StatusGone},
		"verification_sent": {Content: Verification{
			Form: form, For: wiki, Name: "Alice", Account: "alice", Ways: ways, Sent: "a***@mail.example", Method: "mail", Other: "/entry/account",
			Fault: fault.New(fault.Invalid, fault.CodeCodeWrong),
		}, Status: http.StatusUnprocessableEntity},
		"requests":      {Content: Requests{Form: form, Requests: asked, Notice: "requests.withdrawn", Back: "/"}},
		"requests_none": {Content: Requests{Form: form, Back: "/"}},
		"applications": {Content: Applications{Form: form, Withdrawn: true, Back: "/", Consents: []ConsentGiven{
			{ID: "app_1", For: wiki, Organization: "Acme Ltd", Scopes: []string{"openid", "wiki:read"}, Since: since},
		}}},
		"applications_none": {Content: Applications{Form: form, Back: "/"}},
		"console_requests":  {Content: ConsoleRequests{Frame: crumbs(), Action: "/console/acme/requests", Token: "t", Requests: asked, Done: "approved", Next: "/console/acme/requests?before=req_0"}},
		"console_requests_none": {Content: ConsoleRequests{
			Frame: crumbs(), Action: "/console/acme/requests", Token: "t", All: true, Fault: fault.New(fault.Conflict, fault.CodeRequestOrder),
		}, Status: http.StatusConflict},
	}
}

// entrySlots has every place of those pages that outside text can reach.
func entrySlots(evil string) map[string]Page {
	form := Hidden{Action: evil, Token: evil, Flow: evil}
	app := Application{Name: evil} // a picture is an element of our own: see TestIconsLeadToOurselves
	one := Request{ID: evil, Kind: evil, State: "rejected", Application: evil, Organization: evil, Applicant: evil, Account: evil, Reason: evil, Answer: evil, DecidedBy: evil, Open: evil, Again: true}
	pending := one
	pending.State, pending.Again = "pending", false
	both := []Request{one, pending}
	return map[string]Page{
		"chooser":          {Content: Chooser{Form: form, For: app, Name: evil, Account: evil, Organization: evil}},
		"consent":          {Content: Consent{Form: form, For: app, Name: evil, Account: evil, Scopes: []string{evil}}},
		"situation":        {Content: Situation{Form: form, For: app, Organization: evil, Name: evil, Account: evil, Kind: SituationUnauthorized, State: "rejected", Answer: evil, Other: evil, Retry: evil, Code: evil}},
		"verification":     {Content: Verification{Form: form, For: app, Name: evil, Account: evil, Ways: []VerificationWay{{Method: "mail", Masked: evil}}, Sent: evil, Method: "mail", Other: evil}},
		"privacy":          {Content: Privacy{Form: form, Organization: evil, Title: evil, Body: evil + "\n\n# " + evil + "\n- " + evil, Language: evil, Version: evil, Statement: evil, Due: true, Back: evil}},
		"requests":         {Content: Requests{Form: form, Requests: both, Back: evil}},
		"applications":     {Content: Applications{Form: form, Back: evil, Consents: []ConsentGiven{{ID: evil, For: app, Organization: evil, Scopes: []string{evil}}}}},
		"console_requests": {Content: ConsoleRequests{Frame: Frame{Name: evil}, Action: evil, Token: evil, Requests: both, Next: evil}},
	}
}

// What an application says its people read counts where they chose nothing
// themselves.
func TestLanguagesThatAreSaid(t *testing.T) {
	p := newPages(t, Options{})
	tests := []struct {
		name, address, cookie string
		said                  []string
		want                  i18n.Language
	}{
		{"nothing said", "/", "", nil, i18n.EnUS},
		{"said", "/", "", []string{"zh-CN"}, i18n.ZhCN},
		{"the best of several", "/", "", []string{"fr", "zh-Hans", "en"}, i18n.ZhCN},
		{"none of ours", "/", "", []string{"fr"}, i18n.EnUS},
		{"no languages at all", "/", "", []string{";;", "%"}, i18n.EnUS},
		{"chosen in the address", "/?lang=en-US", "", []string{"zh-CN"}, i18n.EnUS},
		{"chosen before", "/", "en-US", []string{"zh-CN"}, i18n.EnUS},
	}
	for _, tt := range tests {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, tt.address, nil)
		if err != nil {
			t.Fatal(err)
		}
		if tt.cookie != "" {
			r.AddCookie(&http.Cookie{Name: LanguageCookie, Value: tt.cookie})
		}
		if got := p.Language(r, tt.said...); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
}

// The address of a picture breaks out of nothing.
func TestIconsLeadToOurselves(t *testing.T) {
	p := newPages(t, Options{})
	for _, icon := range []string{`"><script>alert(1)</script>`, "javascript:alert(1)", `x" onerror="alert(1)`} {
		html := render(t, p, "/", Page{Content: Chooser{For: Application{Name: "Wiki", Icon: icon}}}).Body.String()
		if strings.Contains(html, icon) {
			t.Errorf("%q is on the page:\n%s", icon, html)
		}
	}
}

// Whoever has to wait for another request cannot be approved from the page.
func TestWhatWaitsIsNotApproved(t *testing.T) {
	html := render(t, newPages(t, Options{}), "/", entryExamples()["console_requests"]).Body.String()
	if approve, reject := strings.Count(html, `value="approved"`), strings.Count(html, `value="rejected"`); approve != 1 || reject != 2 {
		t.Errorf("got %d buttons to approve and %d to reject, want 1 and 2", approve, reject)
	}
}
