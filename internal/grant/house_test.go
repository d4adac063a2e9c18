package grant

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// house is a database with one member, two applications that everybody may
// enter, and a session.
type house struct {
	*Grants
	t          testing.TB
	clock      *storetest.Clock
	org        identity.Organization
	root, leaf identity.Department
	person     identity.Person
	app, other identity.Application
	session    identity.Session
	second     func() *Grants // the same database as another node sees it
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) { test(t, newHouse(t, open)) })
}

func newHouse(t testing.TB, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	h := &house{t: t, clock: storetest.NewClock()}
	node := func() *Grants {
		g := New(open(storetest.WithClock(h.clock)), Options{Now: h.clock.Now, CacheSize: 1000})
		t.Cleanup(g.Close)
		return g
	}
	h.Grants, h.second = node(), node
	h.furnish()
	return h
}

func (h *house) furnish() {
	now := h.clock.Now()
	h.org = identity.Organization{ID: identity.NewOrganizationID(now), Code: "house", Name: "House", Status: identity.OrganizationActive}
	h.root = identity.Department{ID: identity.NewDepartmentID(now), OrganizationID: h.org.ID, Code: "1", Name: "House", Path: "1/", Level: 1, SortLevel: 1}
	account := identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Managed, OrganizationID: h.org.ID, Name: "alice@house", Status: identity.AccountActive, Version: 1,
	}
	h.person = identity.Person{Account: account, Member: identity.Member{
		ID: identity.NewMemberID(now), OrganizationID: h.org.ID, AccountID: account.ID, Name: "Alice",
		Role: identity.RoleMember, Status: identity.MemberActive, Department: h.root.ID, SortLevel: 1, Version: 1,
	}}
	h.app, h.other = h.application("wiki"), h.application("mail")
	h.write(func(tx *store.Tx) error {
		for _, step := range []func() error{
			func() error { return tx.Organizations.Insert(h.org) },
			func() error { return tx.Departments.Insert(h.root) },
			func() error { return tx.Accounts.Insert(account, account.LoginNames(true)) },
			func() error { return tx.Members.Insert(h.person) },
			func() error { return tx.Applications.Insert(h.app) },
			func() error { return tx.Applications.Insert(h.other) },
		} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	h.app.Version, h.other.Version = 1, 1
	h.session = h.signIn()
}

// application is one of the house that everybody may enter.
func (h *house) application(clientID string) identity.Application {
	now := h.clock.Now()
	return identity.Application{
		ID: identity.NewApplicationID(now), OrganizationID: h.org.ID, ClientID: clientID, Name: clientID, Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, HomeURLs: []string{"https://" + clientID + ".example/cb"}, Access: identity.Access{Everyone: true},
		OAuth: &identity.OAuthSettings{
			Grants:       []identity.GrantType{identity.GrantCode, identity.GrantRefresh, identity.GrantClient},
			Scopes:       []string{"openid", "profile", "email", "offline_access"},
			AccessFormat: identity.Opaque, AccessLife: 2 * time.Hour, RefreshLife: 30 * 24 * time.Hour,
		},
		CreatedAt: now, UpdatedAt: now,
	}
}

// signIn adds a session of the member.
func (h *house) signIn() identity.Session {
	now := h.clock.Now()
	s := identity.Session{
		ID: identity.SessionIDOf(identity.NewUUID(now)), AccountID: h.person.Account.ID, MemberID: h.person.Member.ID, OrganizationID: h.org.ID,
		Methods: []string{identity.ByPassword}, ProvenAt: now, CreatedAt: now, SeenAt: now, IdleEndsAt: now.Add(time.Hour), EndsAt: now.Add(24 * time.Hour),
	}
	h.write(func(tx *store.Tx) error { return tx.Sessions.Add(s, []byte("hash")) })
	return s
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

// change stores an edited application.
func (h *house) change(edit func(a *identity.Application)) {
	h.t.Helper()
	edit(&h.app)
	h.write(func(tx *store.Tx) error { return tx.Applications.Put(h.app) })
	h.app.Version++
}

const (
	verifier  = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B
	challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
)

// authorization is what the member grants to the application.
func (h *house) authorization(scopes ...string) identity.Authorization {
	if len(scopes) == 0 {
		scopes = []string{"openid", "profile", "email"}
	}
	return identity.Authorization{
		Application: h.app, Session: h.session, Scopes: scopes, RedirectURI: h.app.HomeURLs[0], Challenge: challenge,
		Nonce: "n-0S6", Claims: []byte(`{"userinfo":{}}`), Key: "sid",
	}
}

func (h *house) code(scopes ...string) string {
	h.t.Helper()
	code, err := h.Authorize(h.t.Context(), h.authorization(scopes...))
	if err != nil {
		h.t.Fatalf("authorize: %v", err)
	}
	return code
}

func (h *house) redemption(code string) identity.Redemption {
	return identity.Redemption{Application: h.app, Code: code, RedirectURI: h.app.HomeURLs[0], Verifier: verifier}
}

// enter takes the member through code and redemption.
func (h *house) enter(scopes ...string) identity.Issued {
	h.t.Helper()
	out, err := h.Redeem(h.t.Context(), h.redemption(h.code(scopes...)))
	if err != nil {
		h.t.Fatalf("redeem: %v", err)
	}
	return out
}

// counts inspects a token; "" is wanted when it counts.
func (h *house) counts(what string, node *Grants, token string, code fault.Code) {
	h.t.Helper()
	_, err := node.Inspect(h.t.Context(), token)
	wants(h.t, what, err, code)
}

func (h *house) rotate(what, refresh string, code fault.Code) identity.Issued {
	h.t.Helper()
	out, err := h.Rotate(h.t.Context(), h.app, refresh, nil)
	wants(h.t, what, err, code)
	return out
}

func wants(t testing.TB, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

// events counts the events of a type.
func (h *house) events(kind string) (n int) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{Organization: h.org.ID, Limit: 1000})
		for _, e := range all {
			if e.Type == kind {
				n++
			}
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return n
}
