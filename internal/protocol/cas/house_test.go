package cas

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/grant"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/ticket"
	"github.com/orgate/orgate/internal/trace"
)

const (
	wikiHome = "https://wiki.example/cas"
	shopHome = "https://shop.example/in"
	wikiBelo = "https://wiki.example/pages/a%20b?q=1"
	wikiExit = "https://wiki.example/bye"
)

// house is the server before a real database; only the Gate is played.
type house struct {
	*Server
	t       testing.TB
	clock   *storetest.Clock
	db      *store.DB
	org     identity.Organization
	person  identity.Person
	session identity.Session
	gate    *fakeGate
	mux     *http.ServeMux
	stories *trace.Keeper
	grants  *grant.Grants
	apps    map[string]identity.Application
	crowded bool // nobody may have a request kept
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) { test(t, newHouse(t, open)) })
}

// one is the house on one database, for what the other cannot change.
func one(t testing.TB) *house {
	t.Helper()
	return newHouse(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

func newHouse(t testing.TB, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	clock := storetest.NewClock()
	h := &house{t: t, clock: clock, db: open(storetest.WithClock(clock)), mux: http.NewServeMux(), apps: map[string]identity.Application{}}
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	html, err := pages.New(catalogue, pages.Options{BaseURL: "https://id.example"})
	if err != nil {
		t.Fatal(err)
	}
	applications := application.New(h.db, application.Options{Now: clock.Now})
	h.grants = grant.New(h.db, grant.Options{Now: clock.Now})
	t.Cleanup(applications.Close)
	t.Cleanup(h.grants.Close)
	h.stories = trace.NewKeeper(h.db, trace.Options{Now: clock.Now, Catalogue: catalogue})
	h.gate = &fakeGate{}
	h.Server, err = New(Options{
		Host: protocol.Host{
			BaseURL: &url.URL{Scheme: "https", Host: "id.example"}, Applications: applications, Gate: h.gate, Subjects: applications,
			Entries: h.grants, Proxies: h.grants, Tickets: ticket.New(h.db), HTTP: http.DefaultClient,
			Origin: func(*http.Request) identity.Origin { return identity.Origin{RequestID: "request-1"} },
			Allow:  func(identity.Origin) bool { return !h.crowded }, Log: slog.New(slog.DiscardHandler), Now: clock.Now,
		},
		Pages: html, Catalogue: catalogue, Traces: h.stories,
	})
	if err != nil {
		t.Fatal(err)
	}
	h.Mount(h.mux)
	h.furnish()
	return h
}

// furnish adds a member, two applications of the house and one of another.
func (h *house) furnish() {
	now := h.clock.Now()
	h.org = identity.Organization{ID: identity.NewOrganizationID(now), Code: "acme", Name: "Acme", Status: identity.OrganizationActive}
	other := identity.Organization{ID: identity.NewOrganizationID(now), Code: "beta", Name: "Beta", Status: identity.OrganizationActive}
	root := identity.Department{ID: identity.NewDepartmentID(now), OrganizationID: h.org.ID, Code: "1", Name: "Acme", Path: "1/", Level: 1, SortLevel: 1}
	account := identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Managed, OrganizationID: h.org.ID, Name: "alice@acme", Status: identity.AccountActive, Version: 1,
		Mobile: "+8613800000037",
	}
	h.person = identity.Person{Account: account, Member: identity.Member{
		ID: identity.NewMemberID(now), OrganizationID: h.org.ID, AccountID: account.ID, Name: "Alice <A> & Co",
		Role: identity.RoleMember, Status: identity.MemberActive, Department: root.ID, SortLevel: 1, Version: 1, Title: "Engineer",
	}}
	h.write(func(tx *store.Tx) error {
		for _, step := range []func() error{
			func() error { return tx.Organizations.Insert(h.org) },
			func() error { return tx.Organizations.Insert(other) },
			func() error { return tx.Departments.Insert(root) },
			func() error { return tx.Accounts.Insert(account, account.LoginNames(true)) },
			func() error { return tx.Members.Insert(h.person) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	h.add("wiki", h.org.ID, wikiHome, identity.CASSettings{ServicePrefixes: []string{"https://wiki.example/pages/"}, SingleLogout: true})
	h.add("shop", h.org.ID, shopHome, identity.CASSettings{Proxy: true, SingleLogout: true})
	h.add("far", other.ID, "https://far.example/", identity.DefaultCAS())
	h.signIn()
}

// add registers an application that everybody may enter.
func (h *house) add(clientID string, org identity.OrganizationID, home string, s identity.CASSettings) {
	now := h.clock.Now()
	a := identity.Application{
		ID: identity.NewApplicationID(now), OrganizationID: org, ClientID: clientID, Name: clientID, Protocol: identity.ProtocolCAS,
		Status: identity.ApplicationActive, HomeURLs: []string{home}, ExitURL: strings.Replace(wikiExit, "wiki", clientID, 1), CAS: &s,
		Access: identity.Access{Everyone: true}, Generation: 1, CreatedAt: now, UpdatedAt: now,
		Claims: []identity.ClaimRule{{Attribute: "title", Claim: "job"}, {Attribute: "mobile", Claim: "mobile_full"}},
	}
	h.write(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	a.Version = 1
	h.apps[clientID] = a
}

// change stores an edited application.
func (h *house) change(clientID string, edit func(a *identity.Application)) {
	h.t.Helper()
	a := h.apps[clientID]
	a.CAS = new(*a.CAS)
	edit(&a)
	h.write(func(tx *store.Tx) error { return tx.Applications.Put(a) })
	a.Version++
	h.apps[clientID] = a
}

// signIn adds a session of the member, which the Gate lets pass.
func (h *house) signIn() {
	now := h.clock.Now()
	h.session = identity.Session{
		ID: identity.SessionIDOf(identity.NewUUID(now)), AccountID: h.person.Account.ID, MemberID: h.person.Member.ID, OrganizationID: h.org.ID,
		Methods: []string{identity.ByPassword}, ProvenAt: now, CreatedAt: now, SeenAt: now, IdleEndsAt: now.Add(30 * time.Minute), EndsAt: now.Add(12 * time.Hour),
	}
	h.write(func(tx *store.Tx) error { return tx.Sessions.Add(h.session, []byte("hash")) })
	h.gate.session = h.session
}

func (h *house) signOut() {
	h.write(func(tx *store.Tx) error { return tx.Sessions.End(h.session.ID, tx.Now(), identity.EndedBySignOut) })
	h.gate.session = identity.Session{}
}

func (h *house) write(fn func(tx *store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return fn(tx)
	})
	if err != nil {
		h.t.Fatalf("write: %v", err)
	}
}

// fakeGate lets a person pass whose session satisfies the demand.
type fakeGate struct {
	session identity.Session
	err     error
	demands []identity.Demand
	left    []protocol.Departure
}

func (g *fakeGate) Pass(w http.ResponseWriter, _ *http.Request, d identity.Demand, _ *trace.Story) (identity.Session, error) {
	g.demands = append(g.demands, d)
	switch {
	case g.err != nil:
		return identity.Session{}, g.err
	case g.session.ID != "" && !g.session.ProvenAt.Before(d.NotBefore):
		return g.session, nil
	case d.Silent:
		return identity.Session{}, fault.New(fault.Unauthenticated, fault.CodeLoginRequired)
	}
	_, _ = w.Write([]byte("the page of the sign-in"))
	return identity.Session{}, protocol.ErrAnswered
}

func (g *fakeGate) Leave(w http.ResponseWriter, _ *http.Request, d protocol.Departure) {
	g.left = append(g.left, d)
	w.WriteHeader(http.StatusOK)
}

func (g *fakeGate) last() identity.Demand { return g.demands[len(g.demands)-1] }

// get asks by GET with parameters as name and value in turn.
func (h *house) get(path string, pairs ...string) *httptest.ResponseRecorder {
	query := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		query.Add(pairs[i], pairs[i+1])
	}
	if len(query) > 0 {
		path += "?" + query.Encode()
	}
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
	return w
}

// enter takes the member to a service and returns the ticket.
func (h *house) enter(service string, more ...string) string {
	h.t.Helper()
	w := h.get(pathLogin, append([]string{"service", service}, more...)...)
	to := w.Header().Get("Location")
	if w.Code == http.StatusSeeOther { // kept
		w = h.get(to)
		to = w.Header().Get("Location")
	}
	if w.Code != http.StatusFound || !strings.HasPrefix(to, service) {
		h.t.Fatalf("enter %s: got %d %q %s", service, w.Code, to, w.Body)
	}
	u, err := url.Parse(to)
	if err != nil {
		h.t.Fatal(err)
	}
	return u.Query().Get("ticket")
}

// validated asks who a ticket stands for, and returns the answer as JSON.
func (h *house) validated(path, service, ticket string, more ...string) answer {
	h.t.Helper()
	w := h.get(path, append([]string{"service", service, "ticket", ticket, "format", "JSON"}, more...)...)
	var a struct {
		Response answer `json:"serviceResponse"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != http.StatusOK {
		h.t.Fatalf("validate: %d %s: %v", w.Code, w.Body, err)
	}
	return a.Response
}

// answer is an answer to a validation.
type answer struct {
	Success *struct {
		User       string         `json:"user"`
		Granting   *string        `json:"proxyGrantingTicket"`
		Proxies    []string       `json:"proxies"`
		Attributes map[string]any `json:"attributes"`
	} `json:"authenticationSuccess"`
	Failure *struct{ Code, Description string } `json:"authenticationFailure"`
}

// code is why it was refused, "" for accepted.
func (a answer) code() string {
	if a.Failure == nil {
		return ""
	}
	return a.Failure.Code
}

// story is the only one that was kept.
func (h *house) story() trace.Record {
	h.t.Helper()
	all := h.storiesKept()
	if len(all) != 1 {
		h.t.Fatalf("got %d stories, want one", len(all))
	}
	return all[0]
}

func (h *house) storiesKept() []trace.Record {
	h.t.Helper()
	if err := h.stories.Flush(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
	found, err := h.stories.Find(h.t.Context(), identity.Actor{Kind: identity.ActsAsProvider}, "request-1")
	if err != nil && fault.KindOf(err) != fault.NotFound {
		h.t.Fatal(err)
	}
	return found
}

// do sends a request without parameters of its own.
func (h *house) do(method, path string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.mux.ServeHTTP(w, httptest.NewRequest(method, path, nil))
	return w
}
