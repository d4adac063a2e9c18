package directory

import (
	"strings"
	"sync/atomic"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/token"
)

// console is the operator, who may everything.
var console = identity.Actor{Kind: identity.ActsAsConsole, Name: "console"}

// apiClient is what most tests come in with.
var apiClient = EnterClient{ClientType: identity.ClientAPI, CreateToken: true}

const goodPassword = "Correct-horse-42"

// house is a directory with one organisation, as a test needs it.
type house struct {
	*Directory
	t      *testing.T
	clock  *storetest.Clock
	org    identity.Organization
	owner  identity.Person
	count  *atomic.Int64 // statements that ran
	nonces int
}

// cheap makes hashing quick; nothing but the cost differs.
func cheap() *Hasher { return NewHasher(HasherOptions{MemoryKiB: 16, Passes: 1}) }

func build(t *testing.T, db *store.DB, clock *storetest.Clock) *Directory {
	t.Helper()
	tokens := token.New(db, token.Options{Now: clock.Now})
	t.Cleanup(tokens.Close)
	d := New(db, Options{Now: clock.Now, Tokens: tokens, Hasher: cheap(), Address: "https://sign.in.example"})
	t.Cleanup(d.Close)
	return d
}

// newHouse furnishes a fresh database.
func newHouse(t *testing.T, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	h := &house{t: t, clock: storetest.NewClock(), count: new(atomic.Int64)}
	db := open(storetest.WithClock(h.clock), storetest.With(func(o *store.Options) {
		o.Observe = func(query string) {
			// The change feed asks by itself now and then.
			if !strings.Contains(query, "FROM changes") {
				h.count.Add(1)
			}
		}
	}))
	h.Directory = build(t, db, h.clock)
	h.furnish("house", func(*NewOrganization) {})
	return h
}

// sqliteHouse is a house on SQLite, for rules that know no database.
func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

// furnish makes an organisation with an owner and moves the house there.
func (h *house) furnish(code string, change func(*NewOrganization)) identity.Organization {
	h.t.Helper()
	n := NewOrganization{
		Code: code, Name: "Organisation " + code,
		Owner: &NewMember{Account: "owner@" + code, Name: "Owner", Password: goodPassword, MustChange: new(bool)},
	}
	change(&n)
	org, err := h.AddOrganization(h.t.Context(), console, n)
	if err != nil {
		h.t.Fatalf("add organisation %s: %v", code, err)
	}
	h.org = org
	h.read(func(tx *store.Tx) error {
		h.owner, err = tx.Members.Owner(org.ID)
		return err
	})
	return org
}

// edit changes the organisation behind the back of the use cases.
func (h *house) edit(change func(*identity.Organization)) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(h.org.ID)
		if err != nil {
			return err
		}
		change(&o)
		h.org = o
		return tx.Organizations.Put(o)
	})
}

// member adds a member with a password that need not be changed.
func (h *house) member(account string, change func(*NewMember)) identity.Person {
	h.t.Helper()
	n := NewMember{Account: account, Name: "Member " + account, Password: goodPassword, MustChange: new(bool)}
	change(&n)
	added, err := h.AddMember(h.t.Context(), console, h.org.ID, n)
	if err != nil {
		h.t.Fatalf("add %s: %v", account, err)
	}
	return added.Person
}

func (h *house) read(fn func(tx *store.Tx) error) {
	h.t.Helper()
	if err := h.db.View(h.t.Context(), fn); err != nil {
		h.t.Fatalf("read: %v", err)
	}
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

// suspend bars a member from signing in.
func (h *house) suspend(p identity.Person) {
	h.t.Helper()
	if err := h.SuspendMember(h.t.Context(), console, p.Member.OrganizationID, p.Member.ID); err != nil {
		h.t.Fatalf("suspend: %v", err)
	}
}

func (h *house) tries(name, password string) error {
	_, err := h.SignInByPassword(h.t.Context(), PasswordProof{Name: name, Password: password, Entry: apiClient})
	return err
}

// events returns the types of the latest events, oldest first.
func (h *house) events(org identity.OrganizationID) (types []string) {
	h.t.Helper()
	h.read(func(tx *store.Tx) error {
		events, err := tx.Events.Page(store.EventQuery{Organization: org, Limit: 100})
		for _, e := range events {
			types = append([]string{e.Type}, types...)
			for _, detail := range e.Details {
				if strings.Contains(detail, goodPassword) {
					h.t.Errorf("event %s tells the password", e.Type)
				}
			}
		}
		return err
	})
	return types
}

// wants checks the code of a fault; "" means none.
func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

// both runs a test on a house on every database.
func both(t *testing.T, test func(t *testing.T, h *house, second func() *Directory)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		test(t, h, func() *Directory { return build(t, open(storetest.WithClock(h.clock)), h.clock) })
	})
}
