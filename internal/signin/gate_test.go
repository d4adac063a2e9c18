package signin

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

var _ interface {
	Pass(http.ResponseWriter, *http.Request, identity.Demand, *trace.Story) (identity.Session, error)
} = (*Surface)(nil)

// door is an address of a protocol: it asks the gate with the demand that a
// test sets, and says who passed or which fault was the answer.
type door struct {
	*house
	app    identity.Application
	demand identity.Demand
	story  *trace.Story // of the last attempt to pass
}

// begin starts the story of an attempt.
func (d *door) begin() *trace.Story {
	d.story = trace.Begin(trace.Authorizing, origin)
	return d.story
}

// doored mounts a door at /door before the surface.
func doored(t *testing.T) *door {
	t.Helper()
	h := newHouse(t)
	d := &door{house: h}
	d.app = identity.Application{
		ID: identity.NewApplicationID(h.clock.Now()), OrganizationID: h.acme.ID, ClientID: "wiki", Name: "Wiki <b>", Version: 1,
		Protocol: identity.ProtocolOIDC, Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{}, Generation: 1,
		Access: identity.Access{Everyone: true}, CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	d.write(func(tx *store.Tx) error { return tx.Applications.Insert(d.app) })
	inner := h.server.Config.Handler
	h.server.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/door" {
			inner.ServeHTTP(w, r)
			return
		}
		demand := d.demand
		demand.Application, demand.EndsAt = d.app, "https://wiki.example/cb"
		k, err := h.handler.Load().Pass(w, r, demand, d.begin())
		switch {
		case err == protocol.ErrAnswered: //nolint:errorlint // the very value is promised
		case err != nil:
			_, _ = w.Write([]byte("fault " + string(fault.Of(err).Code)))
		default:
			_, _ = w.Write([]byte("passed " + string(k.MemberID) + " " + string(k.ID)))
		}
	})
	return d
}

// put stores an edited application.
func (d *door) put(change func(*identity.Application)) {
	d.t.Helper()
	change(&d.app)
	d.write(func(tx *store.Tx) error { return tx.Applications.Put(d.app) })
	d.app.Version++
}

// follow goes where answers lead until a page or the door answers.
func (b *browser) follow(a answer) answer {
	b.h.t.Helper()
	for range 6 {
		if a.to() == "" {
			return a
		}
		a = b.get(a.to())
	}
	b.h.t.Fatalf("led around: %s", a.to())
	return a
}

// wantBody fails the test unless a page has a text.
func (a answer) wants(t *testing.T, text string) answer {
	t.Helper()
	if !strings.Contains(a.body, text) {
		t.Fatalf("status %d, to %q: no %q in\n%s", a.status, a.to(), text, a.body)
	}
	return a
}

// long is an address longer than any that a person types.
var long = "/door?state=" + strings.Repeat("x", 3000) + "&b=%2F%41"

func TestPassAfterSigningIn(t *testing.T) {
	d := doored(t)
	d.demand.LoginName, d.demand.Languages = "carl@acme.own", []string{"zh-CN"}
	b := d.browser()
	page := b.follow(b.get(long)).wants(t, "登录到Wiki &lt;b&gt;").wants(t, `value="carl@acme.own"`)
	if csp := page.header.Get("Content-Security-Policy"); !strings.Contains(csp, "form-action 'self' https://wiki.example https:;") {
		t.Errorf("policy: %s", csp)
	}
	a := b.post("/login", page.form("account", "carl@acme.own", "password", password))
	if !strings.HasPrefix(a.to(), long+"&flow=") {
		t.Fatalf("led to %q, want the address byte by byte", a.to())
	}
	b.get(a.to()).wants(t, "passed "+string(d.people["carl"].Member.ID))
	b.get(long).wants(t, "passed ")
}

func TestSilentRefusals(t *testing.T) {
	d := doored(t)
	d.demand.Silent = true
	d.browser().get("/door").wants(t, "fault login_required")
	d.browser().in("dora").get("/door").wants(t, "fault interaction_required")
	b := d.browser().in("carl")
	b.get("/door").wants(t, "passed ")
	d.demand.Scopes, d.demand.Ask = []string{"openid"}, true
	b.get("/door").wants(t, "fault consent_required")
	d.demand.Ask, d.demand.Subject = false, identity.Hex(d.people["ben"].Member.ID)
	b.get("/door").wants(t, "fault login_required")
	d.demand.Subject = identity.Hex(d.people["carl"].Member.ID)
	b.get("/door").wants(t, "passed ")
	d.demand.NotBefore = d.clock.Now().Add(time.Second)
	b.get("/door").wants(t, "fault login_required")
	d.demand.NotBefore = time.Time{}
	d.put(func(a *identity.Application) { a.Access.Everyone = false })
	b.get("/door").wants(t, "fault entry_refused")
}

// Proving oneself again keeps the session and changes its word.
func TestProveAgain(t *testing.T) {
	d := doored(t)
	b := d.browser().in("carl")
	before, word := b.get("/door").wants(t, "passed ").body, b.word()
	d.clock.Advance(time.Minute)
	d.demand.NotBefore = d.clock.Now()
	page := b.follow(b.get("/door")).wants(t, "You are signed in as Carl")
	a := b.follow(b.post("/login", page.form("account", "carl@acme.own", "password", password)))
	if a.body != before || b.word() == word {
		t.Errorf("got %q, before %q", a.body, before)
	}
}

func TestChooser(t *testing.T) {
	d := doored(t)
	d.demand.Select = true
	b := d.browser()
	b.follow(b.post("/login", b.follow(b.get("/door")).form("account", "carl@acme.own", "password", password))).wants(t, "passed ")
	page := b.follow(b.get("/door")).wants(t, "Go on as Carl")
	if a := d.browser().in("ben").post(chooserPath, page.form("as", "same")); strings.Contains(a.to(), "/door") {
		t.Errorf("another browser went on to %q", a.to())
	}
	same := b.post(chooserPath, page.form("as", "same"))
	b.get(same.to()).wants(t, "passed "+string(d.people["carl"].Member.ID))
	b.follow(b.get(same.to())).wants(t, "Go on as Carl") // it counts once
	page = b.follow(b.post(chooserPath, b.follow(b.get("/door")).form("as", "other"))).wants(t, "Sign in to Wiki")
	d.clock.Advance(time.Second)
	b.follow(b.post("/login", page.form("account", "ben@acme.own", "password", password))).wants(t, "passed "+string(d.people["ben"].Member.ID))
}

func TestConsent(t *testing.T) {
	d := doored(t)
	d.put(func(a *identity.Application) { a.Consent = true })
	d.demand.Scopes = []string{"openid", "email", "wiki:read"}
	b := d.browser().in("carl")
	page := b.follow(b.get("/door?x=1")).wants(t, "Your mail address").wants(t, "wiki:read")
	for name, change := range map[string]func(url.Values){
		"no token":        func(f url.Values) { f.Del(pages.CSRFField) },
		"another's token": func(f url.Values) { f.Set(pages.CSRFField, "x") },
	} {
		form := page.form("answer", "agree")
		change(form)
		if a := b.post(consentPath, form); a.status != http.StatusForbidden {
			t.Errorf("%s: status %d, to %q", name, a.status, a.to())
		}
	}
	denied := b.post(consentPath, page.form("answer", "deny"))
	b.get(denied.to()).wants(t, "fault access_denied")
	b.follow(b.get(denied.to())).wants(t, "Your mail address") // asked afresh
	page = b.follow(b.get("/door?x=1"))
	b.follow(b.post(consentPath, page.form("answer", "agree"))).wants(t, "passed ")
	b.get("/door").wants(t, "passed ")
	d.demand.Scopes = []string{"openid", "phone"}
	b.follow(b.get("/door")).wants(t, "Your mobile number")
	list := b.get(applicationsPath).wants(t, "Wiki &lt;b&gt;")
	b.follow(b.post(applicationsPath, list.form("application", string(d.app.ID)))).wants(t, "Your consent was withdrawn")
	d.demand.Scopes = []string{"openid"}
	b.follow(b.get("/door")).wants(t, "Who you are")
}

func TestSituations(t *testing.T) {
	d := doored(t)
	d.put(func(a *identity.Application) { a.Access.Everyone = false })
	b := d.browser().in("carl")
	page := b.follow(b.get("/door")).wants(t, "Your request was sent")
	b.follow(b.get("/door")).wants(t, "Your request was sent")
	requests := func() []store.RequestRow {
		all, err := d.o.Approval.Page(t.Context(), console(), d.acme.ID, store.RequestQuery{})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := requests(); len(got) != 1 || got[0].Request.State != identity.RequestPending {
		t.Fatalf("got %+v", got)
	}
	page = b.follow(b.post(situationPath, page.form("do", "withdraw"))).wants(t, "You withdrew your request")
	b.follow(b.get("/door")).wants(t, "You withdrew your request")
	d.clock.Advance(time.Second)
	b.follow(b.post(situationPath, page.form("do", "again"))).wants(t, "Your request was sent")
	decide := func(by func(*approval.Approval, identity.RequestID) error) {
		if err := by(d.o.Approval, requests()[0].Request.ID); err != nil {
			t.Fatal(err)
		}
	}
	decide(func(r *approval.Approval, id identity.RequestID) error {
		return r.Reject(t.Context(), console(), d.acme.ID, id, "not <now>")
	})
	b.follow(b.get("/door")).wants(t, "Your request was rejected").wants(t, "not &lt;now&gt;")
	d.clock.Advance(time.Second)
	list := b.get(requestsPath).wants(t, "Rejected")
	b.follow(b.post(requestsPath, list.form("do", "again"))).wants(t, "The request was sent")
	decide(func(r *approval.Approval, id identity.RequestID) error {
		return r.Approve(t.Context(), console(), d.acme.ID, id, "")
	})
	b.follow(b.get("/door")).wants(t, "passed ")
	d.write(func(tx *store.Tx) (err error) { d.app, err = tx.Applications.Get(d.acme.ID, d.app.ID); return err })
	d.put(func(a *identity.Application) { a.Status = identity.ApplicationDisabled })
	b.follow(b.get("/door")).wants(t, "is switched off")
}

func TestFirstPasswordOnTheWay(t *testing.T) {
	d := doored(t)
	b := d.browser()
	page := b.follow(b.post("/login", b.follow(b.get("/door")).form("account", "dora@acme.own", "password", password)))
	page.wants(t, "/password/change")
	b.follow(b.post("/password/change", page.form("password", "a-password-of-my-own-7"))).wants(t, "passed "+string(d.people["dora"].Member.ID))
}

// The way through an enterprise's centre ends at the application, too.
func TestPassThroughTheCentre(t *testing.T) {
	d := doored(t)
	d.sso(true)
	d.demand.Domain = "acme.example"
	b := d.browser()
	a := b.get(b.get("/door?y=2").to())
	u, err := url.Parse(a.to())
	if err != nil || !strings.HasPrefix(a.to(), d.centre.URL) {
		t.Fatalf("led to %q, %v", a.to(), err)
	}
	b.follow(b.comeBack(u.Query().Get("state"), "carl")).wants(t, "passed "+string(d.people["carl"].Member.ID))
	d.demand.Domain = "nobody.example"
	other := d.browser()
	other.follow(other.get("/door")).wants(t, "Sign in to Wiki")
}

var action = regexp.MustCompile(`<a class="button[^"]*" href="([^"]*)"`)

// What failed at the centre is tried again at the application's own request,
// not at the user centre; in another browser nothing of it is known.
func TestTryAgainLeadsBackToTheApplication(t *testing.T) {
	d := doored(t)
	d.sso(true)
	const asked = "/door?asked=x%2Fy&client_id=wiki"
	for name, tt := range map[string]struct {
		domain string
		back   url.Values
	}{
		"refused by the person":   {"acme.example", url.Values{"error": {"access_denied"}}},
		"a fault of the centre":   {"acme.example", url.Values{"error": {"server_error"}}},
		"chosen on the page":      {"", url.Values{"error": {"access_denied"}}},
		"a member who is not let": {"acme.example", url.Values{"code": {strings.Repeat("x", 300)}}},
	} {
		t.Run(name, func(t *testing.T) {
			d.demand.Domain = tt.domain
			b := d.browser()
			way := b.get(asked).to()
			if tt.domain == "" {
				u, err := url.Parse(way)
				if err != nil {
					t.Fatal(err)
				}
				way = "/sso?" + url.Values{"domain": {"acme.example"}, "client": {"web"}, "flow": {u.Query().Get("flow")}}.Encode()
			}
			u, err := url.Parse(b.get(way).to())
			if err != nil || u.Query().Get("state") == "" {
				t.Fatalf("led to %q, %v", u, err)
			}
			tt.back.Set("state", u.Query().Get("state"))
			page := b.get(d.callback(tt.back))
			found := action.FindStringSubmatch(page.body)
			if found == nil || html.UnescapeString(found[1]) != asked {
				t.Fatalf("status %d, the button leads to %q, want %q\n%s", page.status, found, asked, page.body)
			}
			if d.demand.Domain == "" {
				return
			}
			again, err := url.Parse(b.get(b.get(asked).to()).to())
			if err != nil {
				t.Fatal(err)
			}
			b.follow(b.comeBack(again.Query().Get("state"), "carl")).wants(t, "passed "+string(d.people["carl"].Member.ID))
			if strange := d.browser().get(d.callback(tt.back)); strings.Contains(strange.body, "asked=") {
				t.Error("another browser is led to the request")
			}
		})
	}
}
