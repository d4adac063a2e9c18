package session

import (
	"errors"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: "req"}

// house is a database with an organisation of three people, another of one,
// and an administrator of the provider.
type house struct {
	*Sessions
	t           *testing.T
	clock       *storetest.Clock
	acme, nova  identity.Organization
	alice, boss identity.Person // a member and the owner of acme
	carol       identity.Person // an administrator of acme
	stranger    identity.Person // the owner of nova
	root        identity.Account
	second      func() *Sessions // the same database as another node sees it
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := &house{t: t, clock: storetest.NewClock()}
		h.second = func() *Sessions {
			return New(open(storetest.WithClock(h.clock)), Options{Now: h.clock.Now})
		}
		h.Sessions = h.second()
		h.furnish()
		test(t, h)
	})
}

func (h *house) furnish() {
	now := h.clock.Now()
	h.root = identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Operator, Name: "root", DisplayName: "Root", Status: identity.AccountActive, Version: 1,
	}
	h.write(func(tx *store.Tx) error {
		if err := tx.Accounts.Insert(h.root, h.root.LoginNames(true)); err != nil {
			return err
		}
		return tx.Providers.Put(h.root.ID, true)
	})
	var top identity.DepartmentID
	h.acme, top = h.organization("acme")
	h.alice = h.person(h.acme, top, "alice", identity.RoleMember)
	h.carol = h.person(h.acme, top, "carol", identity.RoleAdministrator)
	h.boss = h.person(h.acme, top, "boss", identity.RoleOwner)
	h.nova, top = h.organization("nova")
	h.stranger = h.person(h.nova, top, "stranger", identity.RoleOwner)
}

func (h *house) organization(code string) (identity.Organization, identity.DepartmentID) {
	now := h.clock.Now()
	o := identity.Organization{ID: identity.NewOrganizationID(now), Code: code, Name: code, Status: identity.OrganizationActive, Version: 1}
	top := identity.Department{ID: identity.NewDepartmentID(now), OrganizationID: o.ID, Code: "1", Name: code, Path: "1/", Level: 1, SortLevel: 1}
	h.write(func(tx *store.Tx) error {
		return errors.Join(tx.Organizations.Insert(o), tx.Departments.Insert(top))
	})
	return o, top.ID
}

func (h *house) person(o identity.Organization, top identity.DepartmentID, name string, role identity.Role) identity.Person {
	now := h.clock.Now()
	a := identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Managed, OrganizationID: o.ID, Name: name + "@" + o.Code, DisplayName: name,
		Status: identity.AccountActive, Version: 1,
	}
	p := identity.Person{Account: a, Member: identity.Member{
		ID: identity.NewMemberID(now), OrganizationID: o.ID, AccountID: a.ID, Name: name, Role: role, Status: identity.MemberActive,
		Department: top, SortLevel: 1, Version: 1,
	}}
	h.write(func(tx *store.Tx) error {
		return errors.Join(tx.Accounts.Insert(a, a.LoginNames(true)), tx.Members.Insert(p))
	})
	return p
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

// of is the start of a person's session in acme.
func (h *house) of(p identity.Person) Start {
	return Start{Account: p.Account, Member: p.Member, Organization: h.acme, Methods: []string{identity.ByPassword}, Origin: origin, UserAgent: "Browser/1"}
}

func (h *house) start(n Start) Started {
	h.t.Helper()
	out, err := h.Start(h.t.Context(), n)
	if err != nil {
		h.t.Fatalf("start: %v", err)
	}
	return out
}

// good checks a word; "" is wanted when it is good.
func (h *house) good(what string, word string, code fault.Code) Signed {
	h.t.Helper()
	signed, err := h.Check(h.t.Context(), word)
	wants(h.t, what, err, code)
	if err != nil && signed.Account.ID != "" {
		h.t.Errorf("%s: refused, and yet tells %+v", what, signed)
	}
	return signed
}

// row reads a session as it is stored.
func (h *house) row(id identity.SessionID) (k identity.Session) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		found, err := tx.Lookup.Session(id)
		k = found.Row.Session
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return k
}

// events counts what was recorded of a type, by the details.
func (h *house) events(what audit.Type, detail string) (all []string) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		page, err := tx.Events.Page(store.EventQuery{All: true, Type: string(what), Limit: 100})
		for _, e := range page {
			all = append(all, e.Details[detail])
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	slices.Sort(all)
	return all
}

// tick lets a millisecond pass, so that sessions have an order.
func (h *house) tick() { h.clock.Advance(time.Millisecond) }

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}

// as is an actor who is a member.
func as(p identity.Person) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: p.Member.OrganizationID,
		Role: p.Member.Role, Origin: origin,
	}
}

// heard waits until a node other than the one where it happened refuses a word as it should.
func (h *house) heard(far *Sessions, word string, code fault.Code) {
	h.t.Helper()
	storetest.Until(h.t, "the other node answers "+string(code), func() bool {
		_, err := far.Check(h.t.Context(), word)
		return fault.Is(err, code)
	})
}
