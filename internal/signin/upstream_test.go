package signin

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// upstream adds a source of an organisation against the centre of the house.
// Members are found by account; nobody is created but as rules say.
func (h *house) upstream(org identity.OrganizationID, name string, change ...func(*identity.Source)) identity.Source {
	h.t.Helper()
	settings, err := json.Marshal(map[string]string{
		"authorize_url": h.centre.URL + "/authorize", "token_url": h.centre.URL + "/token", "userinfo_url": h.centre.URL + "/me",
		"client_id": "orgate", "client_secret": "a-secret-of-the-centre", "subject_field": "login",
	})
	if err != nil {
		h.t.Fatal(err)
	}
	s := identity.Source{
		ID: identity.NewSourceID(h.clock.Now()), OrganizationID: org, Kind: identity.SourceOAuth2, Name: name, Enabled: true, Settings: settings,
		Rules:     identity.SourceRules{Ours: identity.MatchAccount, Theirs: "login", Mappings: []identity.Mapping{{Ours: "title", Theirs: "name"}}},
		CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	for _, c := range change {
		c(&s)
	}
	h.write(func(tx *store.Tx) error { return tx.Sources.Add(s) })
	return s
}

func (h *house) write(fn func(tx *store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error { tx.NoEvent("a test"); return fn(tx) })
	if err != nil {
		h.t.Fatal(err)
	}
}

// leads makes a source the default of acme.
func (h *house) leads(id identity.SourceID) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(h.acme.ID)
		if err != nil {
			return err
		}
		o.Rules.DefaultSource = id
		return tx.Organizations.Put(o)
	})
}

// goes begins a sign-in at a source by an address and returns the state that was
// sent to the centre.
func (b *browser) goes(address string) string {
	b.h.t.Helper()
	a := b.get(address)
	u, err := url.Parse(a.to())
	if a.status != http.StatusFound || err != nil || !strings.HasPrefix(a.to(), b.h.centre.URL+"/authorize?") {
		b.h.t.Fatalf("%s: status %d, to %q\n%s", address, a.status, a.to(), a.body)
	}
	return u.Query().Get("state")
}

// returns comes back from the centre to a source as somebody.
func (b *browser) returns(id identity.SourceID, state, login string) answer {
	b.h.t.Helper()
	return b.get(sourceAddress(id) + "/callback?" + url.Values{"state": {state}, "code": {login}}.Encode())
}

// buttonTo is the address of the button to a source on a page.
func (a answer) buttonTo(t *testing.T, id identity.SourceID) string {
	t.Helper()
	at := strings.Index(a.body, sourceAddress(id)+"?flow=")
	if at < 0 {
		t.Fatalf("no button to %s:\n%s", id, a.body)
	}
	address, _, _ := strings.Cut(a.body[at:], `"`)
	return address
}

// OrgID, I.6: the application's page offers its sources, and one of them opens
// it.
func TestSignInToAnApplicationBySource(t *testing.T) {
	d := doored(t)
	corp, off := d.upstream(d.acme.ID, "Corp <b>"), d.upstream(d.acme.ID, "off", func(s *identity.Source) { s.Enabled = false })
	d.upstream(d.acme.ID, "not offered")
	d.put(func(a *identity.Application) { a.Sources = []identity.SourceID{off.ID, corp.ID} })
	b := d.browser()
	page := b.follow(b.get(long)).wants(t, "Sign in with Corp &lt;b&gt;")
	if strings.Contains(page.body, "with off") || strings.Contains(page.body, "not offered") {
		t.Errorf("the page offers too much:\n%s", page.body)
	}
	button := page.buttonTo(t, corp.ID)
	a := b.get(button)
	if u, _ := url.Parse(a.to()); u.Query().Get("redirect_uri") != d.server.URL+sourceAddress(corp.ID)+"/callback" {
		t.Errorf("comes back to %q", u.Query().Get("redirect_uri"))
	}
	b.follow(b.returns(corp.ID, b.goes(button), "carl@acme.own")).wants(t, "passed "+string(d.people["carl"].Member.ID))
	if len(b.follow(b.get(long)).to()) != 0 || b.word() == "" {
		t.Error("the session does not hold")
	}
	k, err := d.o.Sessions.Check(t.Context(), b.word())
	if err != nil || k.Session.SourceID != corp.ID || k.Member.ID != d.people["carl"].Member.ID {
		t.Errorf("session %+v, %v", k.Session, err)
	}
	// Whoever is signed in is not put into another account by a link.
	if a := b.get(sourceAddress(corp.ID)); a.to() != "/" {
		t.Errorf("a link leads to %q", a.to())
	}
	// A person whom the source alone knows comes in as a guest.
	guest := d.browser()
	page = guest.follow(guest.get(long))
	guest.follow(guest.returns(corp.ID, guest.goes(page.buttonTo(t, corp.ID)), "partner")).wants(t, "passed mem_")
}

// A source is used where it was enabled twice, and what is not offered looks
// alike whatever the reason.
func TestSourcesThatAreNotOffered(t *testing.T) {
	d := doored(t)
	other, err := d.o.Directory.AddOrganization(t.Context(), console(), directory.NewOrganization{Code: "other", Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	corp := d.upstream(d.acme.ID, "corp")
	off := d.upstream(d.acme.ID, "off", func(s *identity.Source) { s.Enabled = false })
	theirs := d.upstream(other.ID, "theirs")
	d.put(func(a *identity.Application) { a.Sources = []identity.SourceID{off.ID} })
	b := d.browser()
	page := b.get(b.get(long).to())
	flow := page.form().Get("flow")
	for what, id := range map[string]identity.SourceID{
		"not in the list": corp.ID, "not enabled": off.ID, "another organisation's": theirs.ID, "nobody's": "src_none", "enterprise SSO, which is off": identity.SSOSourceID(d.acme.ID),
	} {
		a := b.get(sourceAddress(id) + "?flow=" + flow)
		if a.status != http.StatusNotFound || !strings.Contains(a.body, "not offered here") || !strings.Contains(a.body, `href="/login?flow=`) {
			t.Errorf("%s: status %d, to %q\n%s", what, a.status, a.to(), a.body)
		}
		if step := stepOf(d.house.story(a), trace.SourceOffered); step.State != trace.Failing {
			t.Errorf("%s: told %+v", what, step)
		}
	}
	if a := b.get(sourceAddress(corp.ID)); a.status != http.StatusNotFound {
		t.Errorf("without an application: status %d", a.status)
	}
	d.leads(corp.ID)
	d.browser().goes(sourceAddress(corp.ID))
}

// Rows 22 and 24: a state counts once, in the browser where it was made, and at
// the source for which it was made.
func TestStatesOfSources(t *testing.T) {
	d := doored(t)
	corp, twin := d.upstream(d.acme.ID, "corp"), d.upstream(d.acme.ID, "twin")
	d.leads(corp.ID)
	asked := d.centre.asked.Load()
	used := d.browser()
	spent := used.goes(sourceAddress(corp.ID))
	if a := used.returns(corp.ID, spent, "carl@acme.own"); a.to() != "/" {
		t.Fatalf("status %d, to %q\n%s", a.status, a.to(), a.body)
	}
	asked++
	for what, row := range map[string]struct {
		at    identity.SourceID
		state func(b *browser) string
	}{
		"spent":             {corp.ID, func(*browser) string { return spent }},
		"missing":           {corp.ID, func(*browser) string { return "" }},
		"another browser's": {corp.ID, func(*browser) string { return d.browser().goes(sourceAddress(corp.ID)) }},
		"another source's":  {twin.ID, func(b *browser) string { return b.goes(sourceAddress(corp.ID)) }},
	} {
		b := d.browser()
		a := b.returns(row.at, row.state(b), "carl@acme.own")
		if a.status != http.StatusGone || b.word() != "" {
			t.Errorf("%s: status %d, session %q", what, a.status, b.word())
		}
	}
	if n := d.centre.asked.Load(); n != asked {
		t.Errorf("the centre was asked %d times too often", n-asked)
	}
	// What a source proved counts in its organisation alone.
	other, err := d.o.Directory.AddOrganization(t.Context(), console(), directory.NewOrganization{Code: "other", Name: "Other"})
	if err != nil {
		t.Fatal(err)
	}
	d.app.ID, d.app.OrganizationID, d.app.ClientID = identity.NewApplicationID(d.clock.Now()), other.ID, "theirs"
	d.write(func(tx *store.Tx) error { return tx.Applications.Insert(d.app) })
	used.follow(used.get("/door")).wants(t, `name="password"`)
}

// Home realm: who types a name of the domain is led to its source at once, and
// neither a domain nor a person is given away.
func TestHomeRealm(t *testing.T) {
	h := newHouse(t)
	corp := h.upstream(h.acme.ID, "corp")
	ask := func(account, typed string) answer {
		b := h.browser()
		return b.post("/login", b.get("/login").form("account", account, "password", typed))
	}
	unknown := func(a answer, account string) string { return strings.ReplaceAll(codeless(a.body), account, "") }
	want := ask("nobody@nowhere.example", "")
	if want.status != http.StatusUnprocessableEntity {
		t.Fatalf("status %d", want.status)
	}
	for _, account := range []string{"carl@acme.own", "nobody@acme.own", "carl", "x@y", "@acme.own"} {
		if a := ask(account, ""); a.status != want.status || unknown(a, account) != unknown(want, "nobody@nowhere.example") {
			t.Errorf("%s, before there is a source: status %d\n%s", account, a.status, a.body)
		}
	}
	h.leads(corp.ID)
	for _, account := range []string{"carl@acme.own", "nobody@ACME.own"} {
		a := ask(account, "")
		if refresh := a.header.Get("Refresh"); a.status != http.StatusOK || !strings.HasPrefix(refresh, "0; url="+h.centre.URL+"/authorize?") {
			t.Errorf("%s: status %d, on to %q", account, a.status, refresh)
		}
	}
	// The password still opens, and a wrong one leaves the choice.
	if a := ask("carl@acme.own", password); a.to() != "/" {
		t.Errorf("by password: to %q", a.to())
	}
	for _, account := range []string{"carl@acme.own", "nobody@acme.own"} {
		ask(account, "wrong").wants(t, "Sign in with corp")
	}
	if a := ask("nobody@nowhere.example", "wrong"); strings.Contains(a.body, "Sign in with corp") {
		t.Error("a stranger is led there")
	}
	h.write(func(tx *store.Tx) error {
		s, err := tx.Sources.Get(h.acme.ID, corp.ID)
		if err != nil {
			return err
		}
		s.Enabled = false
		return tx.Sources.Put(s)
	})
	if a := ask("carl@acme.own", ""); a.status != want.status {
		t.Errorf("switched off: status %d", a.status)
	}
}

// codeless is a page without what differs from one to the next.
func codeless(body string) string {
	return hiddenField.ReplaceAllString(body, "")
}

// What an application hints at leads to the source without a page, but never
// silently, never to another organisation's, and not in circles.
func TestHints(t *testing.T) {
	d := doored(t)
	corp := d.upstream(d.acme.ID, "corp")
	hints := map[string]func(){
		"login_hint":  func() { d.demand.LoginName, d.demand.Domain = "carl@acme.own", "" },
		"domain_hint": func() { d.demand.LoginName, d.demand.Domain = "", "Acme.Own" },
	}
	for what, hint := range hints {
		hint()
		d.leads("")
		b := d.browser()
		if a := b.get("/door"); !strings.HasPrefix(a.to(), "/login?flow=") {
			t.Errorf("%s, before there is a source: to %q", what, a.to())
		}
		d.leads(corp.ID)
		a := b.get("/door")
		if !strings.HasPrefix(a.to(), sourceAddress(corp.ID)+"?flow=") {
			t.Fatalf("%s: to %q", what, a.to())
		}
		state := b.goes(a.to())
		denied := b.get(sourceAddress(corp.ID) + "/callback?" + url.Values{"state": {state}, "error": {"access_denied"}}.Encode())
		if denied.status == http.StatusOK || !strings.Contains(denied.body, `href="/login?flow=`) {
			t.Errorf("%s, denied there: status %d\n%s", what, denied.status, denied.body)
		}
		b.follow(b.returns(corp.ID, b.goes(b.get("/door").to()), "carl@acme.own")).wants(t, "passed "+string(d.people["carl"].Member.ID))
		d.demand.Silent = true
		d.browser().get("/door").wants(t, "fault login_required")
		d.demand.Silent = false
	}
	d.demand.LoginName, d.demand.Domain = "carl@elsewhere.example", "elsewhere.example"
	if a := d.browser().get("/door"); !strings.HasPrefix(a.to(), "/login?flow=") {
		t.Errorf("an unknown domain: to %q", a.to())
	}
}

func TestSourceIcons(t *testing.T) {
	h := newHouse(t)
	corp := h.upstream(h.acme.ID, "corp", func(s *identity.Source) { s.IconDigest = "0a1b" })
	at := sourceAddress(corp.ID) + "/icon"
	if a := h.browser().get(at); a.status != http.StatusNotFound {
		t.Errorf("none: status %d", a.status)
	}
	h.write(func(tx *store.Tx) error {
		return tx.Sources.PutIcon(corp.ID, store.Icon{Digest: "0a1b", Type: "image/png", Content: []byte("a picture")})
	})
	a := h.browser().get(at + "?v=0a1b")
	if a.status != http.StatusOK || a.body != "a picture" || a.header.Get("Content-Type") != "image/png" || a.header.Get("ETag") != `"0a1b"` {
		t.Errorf("status %d, %v", a.status, a.header)
	}
}
