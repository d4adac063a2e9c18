package policy

import (
	"net/netip"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: "085d1f96cd9ddd6f3c50d70a0b2eb239"}

// house is the policies of two organisations, acme and nova.
type house struct {
	*Policies
	t          *testing.T
	db         *store.DB
	clock      *storetest.Clock
	acme, nova identity.Organization
}

func newHouse(t *testing.T, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	clock := storetest.NewClock()
	db := open(storetest.WithClock(clock))
	h := &house{Policies: New(db), t: t, db: db, clock: clock}
	h.acme, h.nova = h.organization("acme"), h.organization("nova")
	return h
}

func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) { test(t, newHouse(t, open)) })
}

func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

func (h *house) write(fn func(tx *store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error { tx.NoEvent("a test arranges things"); return fn(tx) })
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) organization(code string) identity.Organization {
	h.t.Helper()
	o := identity.Organization{ID: identity.NewOrganizationID(h.clock.Now()), Code: code, Name: code, Status: identity.OrganizationActive}
	h.write(func(tx *store.Tx) error { return tx.Organizations.Insert(o) })
	return o
}

// somebody acts in acme with a role.
func (h *house) somebody(role identity.Role) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsMember, OrganizationID: h.acme.ID, MemberID: "mem_x", Role: role, Origin: origin}
}

// events are the types of what was told, newest first.
func (h *house) events() (types []string) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{Organization: h.acme.ID, Limit: 50})
		for _, e := range all {
			types = append(types, e.Type)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return types
}

// wants checks the code of a fault; "" means none.
func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}
