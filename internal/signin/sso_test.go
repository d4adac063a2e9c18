package signin

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

func TestEnterpriseSignIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		h := houseOn(t, open(storetest.WithClock(clock)), clock)
		h.sso(true)
		b := h.browser()
		a := b.comeBack(b.state("domain=ACME.example&client=web&return_to=/account/sessions"), "carl")
		if a.status != http.StatusSeeOther || a.to() != "/account/sessions" || b.word() == "" {
			t.Fatalf("status %d, to %q\n%s", a.status, a.to(), a.body)
		}
		if page := b.get("/"); !strings.Contains(page.body, "Your organisation&#39;s centre") || strings.Contains(page.body, "/password/change") {
			t.Errorf("who is signed in, and how:\n%s", page.body)
		}
		// Signed in already, a link asks before it replaces that.
		if a := b.get("/sso?domain=acme.example&client=web"); a.status != http.StatusOK || !strings.Contains(a.body, `value="acme.example"`) {
			t.Errorf("a link: status %d, to %q", a.status, a.to())
		}
	})
}

// A domain that was typed: the page that answers leads to the centre by
// itself, since a redirect would be measured by the form-action of the page
// before it.
func TestTypedDomain(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	b := h.browser()
	page := b.get(b.get("/sso?return_to=/account/sessions").to())
	a := b.post("/sso", page.form("domain", " Acme.Example "))
	refresh, _ := strings.CutPrefix(a.header.Get("Refresh"), "0; url=")
	u, err := url.Parse(refresh)
	if a.status != http.StatusOK || err != nil || !strings.HasPrefix(refresh, h.centre.URL+"/authorize?lang=en&") {
		t.Fatalf("status %d, on to %q", a.status, refresh)
	}
	if a.header.Get("Referrer-Policy") != "no-referrer" || u.Query().Get("code_challenge_method") != "S256" {
		t.Errorf("Referrer-Policy %q, to %q", a.header.Get("Referrer-Policy"), refresh)
	}
	if a := b.comeBack(u.Query().Get("state"), "carl"); a.to() != "/account/sessions" {
		t.Errorf("status %d, to %q", a.status, a.to())
	}
}

// A client's way ends in its scheme address with a code that works once.
func TestClientSignIn(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	for client, want := range map[string]string{"pc": "orgate-pc://login?x=1&code=", "android": "https://app.example/back?code="} {
		b := h.browser()
		a := b.comeBack(b.state("domain=acme.example&client="+client), "carl")
		address, _ := strings.CutPrefix(a.header.Get("Refresh"), "0; url=")
		if a.status != http.StatusOK || !strings.HasPrefix(address, want) || b.word() != "" || !strings.Contains(a.body, "Open the app") {
			t.Fatalf("%s: status %d, on to %q, session %q\n%s", client, a.status, address, b.word(), a.body)
		}
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Referrer-Policy") != "no-referrer" {
			t.Errorf("%s: %v", client, a.header)
		}
		h.redeem(address)
	}
}

// redeem shows the code of a scheme address as the client would, and expects
// Carl.
func (h *house) redeem(address string) {
	h.t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		h.t.Fatal(err)
	}
	in, err := h.o.Directory.SignInByClientCode(h.t.Context(), directory.CodeProof{
		Code: u.Query().Get("code"), Domain: u.Query().Get("domain"), Origin: origin,
		Entry: directory.EnterClient{ClientType: identity.ClientAPI, CreateToken: true},
	})
	if err != nil || in.Person.Member.ID != h.people["carl"].Member.ID || in.Issued.Access == "" {
		h.t.Errorf("%s: redeemed %v, %v", address, in.Person.Member.ID, err)
	}
}

func TestClientWithoutAWay(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	b := h.browser()
	if a := b.get("/sso?domain=acme.example&client=ios"); a.status != http.StatusConflict || a.to() != "" {
		t.Errorf("an app that is not set up: status %d, to %q", a.status, a.to())
	}
	if a := b.get("/sso?client=pc"); !strings.HasPrefix(a.to(), "/sso?flow=") || !strings.Contains(b.get(a.to()).body, "the app opens again") {
		t.Errorf("without a domain: status %d, to %q", a.status, a.to())
	}
}

// A client that asked for the centre's address itself is bound to no browser
// of ours, and its way never ends in a session.
func TestClientsOwnBrowser(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	found, err := h.o.Sources.ByDomain(t.Context(), "acme.example")
	if err != nil {
		t.Fatal(err)
	}
	for purpose, want := range map[source.Purpose]int{source.ForClient: http.StatusOK, source.ForPC: http.StatusOK, source.ForWeb: http.StatusGone} {
		state, _, err := h.o.Sources.NewAttempt(t.Context(), found, source.AttemptOptions{Purpose: purpose, Domain: "acme.example"})
		if err != nil {
			t.Fatal(err)
		}
		b := h.browser()
		a := b.comeBack(state, "carl")
		if a.status != want || b.word() != "" || want == http.StatusOK && !strings.Contains(a.header.Get("Refresh"), "orgate-pc://login?x=1&code=") {
			t.Errorf("%s: status %d, on to %q, session %q", purpose, a.status, a.header.Get("Refresh"), b.word())
		}
	}
}

// Row 22: a state that is missing, foreign, used, too old or another browser's
// signs nobody in and asks the centre nothing.
func TestState(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	used := h.browser()
	spent := used.state("domain=acme.example&client=web")
	used.comeBack(spent, "carl")
	other := h.browser()
	others := other.state("domain=acme.example&client=web")
	asked := h.centre.asked.Load()
	b := h.browser()
	b.get("/login")
	for name, state := range map[string]string{"missing": "", "made up": "ogk_x", "another browser's": others, "used": spent} {
		a := b.comeBack(state, "carl")
		if a.status != http.StatusGone || b.word() != "" {
			t.Errorf("%s: status %d, session %q", name, a.status, b.word())
		}
		if r := h.story(a); r.Kind != trace.SourceLogin || stepOf(r, trace.SourceState).State != trace.Failing {
			t.Errorf("%s: story %+v", name, r)
		}
	}
	if a := used.comeBack(spent, "carl"); a.status != http.StatusGone {
		t.Errorf("replayed in its own browser: status %d", a.status)
	}
	mine := b.state("domain=acme.example&client=web")
	if a := b.get(callbackPath + "src_other?" + url.Values{"state": {mine}, "code": {"carl"}}.Encode()); a.status != http.StatusGone {
		t.Errorf("at another source: status %d", a.status)
	}
	b.do(b.request(http.MethodHead, h.callback(url.Values{"state": {mine}}), nil))
	late := b.state("domain=acme.example&client=web")
	h.clock.Advance(11 * time.Minute)
	if a := b.comeBack(late, "carl"); a.status != http.StatusGone {
		t.Errorf("too late: status %d", a.status)
	}
	if got := h.centre.asked.Load(); got != asked {
		t.Errorf("the centre was asked %d times more", got-asked)
	}
}

// What the centre says of a failure is shown in our words; its own stand in
// the story, as text.
func TestErrorOfTheCentre(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	b := h.browser()
	state := b.state("domain=acme.example&client=web")
	const evil = `<svg onload=alert(1)>{{7*7}}`
	a := b.get(h.callback(url.Values{"state": {state}, "error": {"access_denied"}, "error_description": {evil}, "error_uri": {"https://evil.example"}}))
	if a.status != http.StatusUnauthorized || strings.Contains(a.body, "svg onload") || strings.Contains(a.body, "7*7") || strings.Contains(a.body, "evil.example") {
		t.Errorf("status %d\n%s", a.status, a.body)
	}
	r := h.story(a)
	if r.Outcome != trace.Refused || r.Organization != h.acme.ID {
		t.Errorf("story %+v", r)
	}
}

// Rows 34 and 72: a person who is disabled stays so, and whom the organisation
// does not create is not created.
func TestRefusedBySource(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	if err := h.o.Directory.SuspendMember(t.Context(), console(), h.acme.ID, h.people["carl"].Member.ID); err != nil {
		t.Fatal(err)
	}
	no := false
	if _, err := h.o.Directory.ChangeOrganization(t.Context(), console(), h.acme.ID, 0, directory.OrganizationChange{AutoCreate: &no}); err != nil {
		t.Fatal(err)
	}
	for login, code := range map[string]fault.Code{"carl": fault.CodeMemberDisabled, "somebody-new": fault.CodeAutoCreateForbidden} {
		b := h.browser()
		a := b.comeBack(b.state("domain=acme.example&client=web"), login)
		if a.status != http.StatusForbidden || b.word() != "" || h.story(a).Outcome != trace.Refused {
			t.Errorf("%s (%s): status %d, session %q", login, code, a.status, b.word())
		}
	}
}

// Row 78: unknown, disabled and malformed domains cannot be told apart: the
// same status, headers and bytes. That it is the same work too is tested where
// it is done (source).
func TestDomainsLookAlike(t *testing.T) {
	h := newHouse(t)
	h.sso(false)
	for _, way := range []func(*browser, string) answer{
		func(b *browser, domain string) answer {
			return b.get("/sso?client=web&domain=" + url.QueryEscape(domain))
		},
		func(b *browser, domain string) answer { return b.post("/sso", b.get("/sso").form("domain", domain)) },
	} {
		faces := map[string]string{}
		for _, domain := range []string{"acme.example", "none.example", "acme..example", "under_score", "例子.测试", strings.Repeat("x", 300)} {
			b := h.browser()
			a := way(b, domain)
			face := strings.ReplaceAll(a.body, `value="`+domain+`"`, "DOMAIN")
			for _, own := range []string{h.story(a).Code, a.form().Get("csrf_token")} {
				face = strings.ReplaceAll(face, own, "OWN")
			}
			if a.status != http.StatusNotFound || len(a.header["Set-Cookie"]) != 1 || a.header.Get("Refresh") != "" || a.to() != "" {
				t.Errorf("%s: status %d, headers %v", domain, a.status, a.header)
			}
			faces[face] = domain
		}
		if len(faces) != 1 {
			t.Errorf("%d faces: %v", len(faces), faces)
		}
	}
}

// A try ends at its report, signs nobody in, and belongs to the browser in
// which it began.
func TestTry(t *testing.T) {
	h := newHouse(t)
	h.sso(true)
	state, err := h.o.Sources.SSO(t.Context(), console(), h.acme.ID)
	if err != nil {
		t.Fatal(err)
	}
	b := h.browser()
	b.get("/login")
	begin := func(flow string) string {
		t.Helper()
		try, err := h.o.Sources.StartTry(t.Context(), console(), h.acme.ID, source.TryRequest{SSO: state.SSO, Flow: flow})
		if err != nil || try.URL == "" {
			t.Fatalf("try %+v, %v", try, err)
		}
		u, err := url.Parse(try.URL)
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("state")
	}
	for login, kind := range map[string]source.OutlookKind{"carl": source.WouldLink, "somebody-new": source.WouldCreate} {
		a := b.comeBack(begin(digest(b.cookie(h.o.Flows))), login)
		want := "/console/sso/" + string(h.acme.ID) + "/tries/try_"
		if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), want) || b.word() != "" {
			t.Fatalf("%s: status %d, to %q, session %q\n%s", login, a.status, a.to(), b.word(), a.body)
		}
		id := identity.TryID(a.to()[strings.LastIndex(a.to(), "/")+1:])
		report, err := h.o.Sources.TryReport(t.Context(), console(), h.acme.ID, id)
		if err != nil || report.State != source.TryPassed || report.Outlook.Kind != kind || report.Outlook.Name == "" {
			t.Errorf("%s: report %+v, %v", login, report, err)
		}
	}
	stranger := h.browser()
	stranger.get("/login")
	if a := stranger.comeBack(begin(digest(b.cookie(h.o.Flows))), "carl"); a.status != http.StatusGone {
		t.Errorf("another browser: status %d, to %q", a.status, a.to())
	}
}

func TestWithCode(t *testing.T) {
	tests := []struct{ scheme, want string }{
		{"orgate-pc://login", "orgate-pc://login?code=ogc_1&domain=a.example"},
		{"orgate-pc://login?x=%20y&z", "orgate-pc://login?x=%20y&z&code=ogc_1&domain=a.example"},
		{"https://app.example/#top", "https://app.example/?code=ogc_1&domain=a.example#top"},
		{"com.example.app:/login", "com.example.app:/login?code=ogc_1&domain=a.example"},
		{"app:open", "app:open?code=ogc_1&domain=a.example"},
		{"app://x?", "app://x?code=ogc_1&domain=a.example"},
		{"a b:", ""},
	}
	for _, test := range tests {
		if got := withCode(test.scheme, "ogc_1", "a.example"); got != test.want {
			t.Errorf("withCode(%q) = %q, want %q", test.scheme, got, test.want)
		}
	}
}
