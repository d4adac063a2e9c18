package report

import (
	"fmt"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// house is the reports of two organisations, acme and nova, on a Monday noon.
type house struct {
	*Reports
	t          *testing.T
	db         *store.DB
	clock      *storetest.Clock
	acme, nova identity.OrganizationID
}

func monday() time.Time { return time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC) }

func newHouse(t *testing.T, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	clock := storetest.NewClock()
	clock.Set(monday())
	db := open(storetest.WithClock(clock))
	h := &house{Reports: New(db), t: t, db: db, clock: clock}
	h.acme = h.organization("acme")
	clock.Advance(time.Second)
	h.nova = h.organization("nova")
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

func (h *house) organization(code string) identity.OrganizationID {
	h.t.Helper()
	o := identity.Organization{ID: identity.NewOrganizationID(h.clock.Now()), Code: code, Name: code, Status: identity.OrganizationActive}
	h.write(func(tx *store.Tx) error { return tx.Organizations.Insert(o) })
	return o.ID
}

// add makes members of an organisation, of whom every second has come in, and
// records it.
func (h *house) add(org identity.OrganizationID, names ...string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		for i, name := range names {
			a := identity.Account{ID: identity.NewAccountID(tx.Now()), Kind: identity.Managed, OrganizationID: org, Name: name, Status: identity.AccountActive}
			m := identity.Member{
				ID: identity.MemberID("mem_" + name), OrganizationID: org, AccountID: a.ID, Name: name, Role: identity.RoleMember,
				Status: identity.MemberActive, CreatedAt: tx.Now(), Number: "+" + name,
			}
			if i%2 == 1 {
				m.ActivatedAt = tx.Now()
			}
			if err := tx.Accounts.Insert(a, nil); err != nil {
				return err
			}
			if _, err := tx.Departments.Get(org, "dep_"+identity.DepartmentID(org)); err != nil {
				d := identity.Department{ID: "dep_" + identity.DepartmentID(org), OrganizationID: org, Code: "1", Name: "root", Path: "1/", Level: 1}
				if err := tx.Departments.Insert(d); err != nil {
					return err
				}
			}
			m.Department = "dep_" + identity.DepartmentID(org)
			if err := tx.Members.Insert(identity.Person{Member: m, Account: a}); err != nil {
				return err
			}
			if err := audit.Record(tx, console(), audit.MemberAdded, audit.About{Organization: org, Target: string(m.ID)}); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell records an event of an organisation.
func (h *house) tell(actor identity.Actor, what audit.Type, org identity.OrganizationID, details map[string]string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		return audit.Record(tx, actor, what, audit.About{Organization: org, Target: "x", Details: details})
	})
}

func (h *house) signIn(org identity.OrganizationID, names ...string) {
	h.t.Helper()
	for _, name := range names {
		h.tell(member(org, name, identity.RoleMember), audit.SessionStarted, org, nil)
	}
}

func (h *house) enter(org identity.OrganizationID, application string, names ...string) {
	h.t.Helper()
	for _, name := range names {
		h.tell(identity.Actor{Kind: identity.ActsAsApplication, AppID: application, OrganizationID: org}, audit.GrantIssued, org,
			map[string]string{"member": "mem_" + name})
	}
}

// settled lets what was told settle and counts it.
func (h *house) settled() {
	h.t.Helper()
	h.clock.Advance(settle + time.Second)
	if err := h.fold(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// days moves on by days, to the same time of the day.
func (h *house) days(n int) { h.clock.Advance(time.Duration(n) * 24 * time.Hour) }

// people is the last periods of a report, each as "people active sign-ins
// registered removed".
func (h *house) people(org identity.OrganizationID, d identity.Dimension, count int) (lines []string) {
	h.t.Helper()
	p, err := h.People(h.t.Context(), console(), org, Query{Dimension: d, Count: count})
	if err != nil {
		h.t.Fatal(err)
	}
	for i, x := range p.Periods {
		lines = append(lines, fmt.Sprintf("%s %d %d %d %d %d", p.Days[i], x.People, x.Active, x.SignIns, x.Registered, x.Removed))
	}
	return lines
}

func console() identity.Actor { return identity.Actor{Kind: identity.ActsAsConsole} }

func member(org identity.OrganizationID, name string, role identity.Role) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsMember, OrganizationID: org, MemberID: identity.MemberID("mem_" + name), Role: role}
}

// wants checks the code of a fault; "" means none.
func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}
