package store_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// breaches returns what is broken, by rule.
func breaches(t *testing.T, tx *store.Tx) map[store.Invariant][]string {
	t.Helper()
	all, err := tx.Invariants.Breaches(9)
	if err != nil {
		t.Fatal(err)
	}
	by := map[store.Invariant][]string{}
	for _, b := range all {
		by[b.Invariant] = append(by[b.Invariant], b.Subject)
	}
	return by
}

// estate is a town in which everything that a rule speaks of is there.
type estate struct {
	town
	acme, nova   identity.Organization
	root, lab    identity.Department // of acme
	novaRoot     identity.Department
	alice, other identity.Person // of acme and of nova
	group        identity.Group
	terminal     identity.Terminal
	room         identity.MeetingRoom
	app          identity.ApplicationID
}

func newEstate(w town) estate {
	e := estate{town: w}
	e.acme, e.root = w.organization("acme")
	e.nova, e.novaRoot = w.organization("nova")
	e.lab = w.department(e.root, "lab")
	e.alice, e.other = w.member(e.acme, e.lab, "alice@acme.example"), w.member(e.nova, e.novaRoot, "other@nova.example")
	e.group = w.group(e.acme, "Writers")
	w.update(func(tx *store.Tx) error { _, err := tx.Groups.Add(e.group, e.alice.Member.ID); return err })
	e.terminal, _ = w.device(e.acme, e.root, "SN1")
	e.room = w.room(e.acme, "900", func(r *identity.MeetingRoom) { r.Member = e.alice.Member.ID })
	e.app = w.application(e.acme, "wiki", false)
	w.admit(e.app, store.AccessMember, string(e.alice.Member.ID))
	w.admit(e.app, store.AccessDepartment, string(e.lab.ID))
	w.admit(e.app, store.AccessGroup, string(e.group.ID))
	return e
}

// breach is a change that no code of ours makes, and the rule that tells of it.
type breach struct {
	name  string
	rule  store.Invariant
	at    string // what is named
	query string
	args  []any
}

func (e estate) breaches() []breach {
	one := func(args ...any) []any { return args }
	return []breach{
		{"a second root", store.OneRoot, string(e.acme.ID), `UPDATE departments SET parent_id = '', path = 'lab/', level = 1 WHERE id = $1`, one(e.lab.ID)},
		{"a path of elsewhere", store.PathOfParent, string(e.lab.ID), `UPDATE departments SET path = '1/hall/lab/' WHERE id = $1`, one(e.lab.ID)},
		{"a wrong level", store.PathOfParent, string(e.lab.ID), `UPDATE departments SET level = 5 WHERE id = $1`, one(e.lab.ID)},
		{"a parent that is gone", store.PathOfParent, string(e.lab.ID), `UPDATE departments SET parent_id = 'dep_none' WHERE id = $1`, one(e.lab.ID)},
		{"one member too many", store.CountsOfRows, string(e.acme.ID), `UPDATE organization_counts SET members = members + 1 WHERE organization_id = $1`, one(e.acme.ID)},
		{"a department too few", store.CountsOfRows, string(e.nova.ID), `UPDATE organization_counts SET departments = 0 WHERE organization_id = $1`, one(e.nova.ID)},
		{"a member placed elsewhere", store.PlacedAtHome, string(e.alice.Member.ID), `UPDATE members SET department_id = $2 WHERE id = $1`, one(e.alice.Member.ID, e.novaRoot.ID)},
		{"a terminal placed elsewhere", store.PlacedAtHome, string(e.terminal.ID), `UPDATE terminals SET department_id = $2 WHERE id = $1`, one(e.terminal.ID, e.novaRoot.ID)},
		{"a foreign designation", store.PlacedAtHome, string(e.lab.ID), `INSERT INTO department_designations (department_id, designated_id, organization_id) VALUES ($1, $2, $3)`, one(e.lab.ID, e.novaRoot.ID, e.acme.ID)},
		{"an account without its member", store.ManagedAtHome, string(e.alice.Account.ID), `DELETE FROM members WHERE id = $1`, one(e.alice.Member.ID)},
		{"a managed account abroad", store.ManagedAtHome, string(e.alice.Member.ID), `UPDATE members SET organization_id = $2 WHERE id = $1`, one(e.alice.Member.ID, e.nova.ID)},
		{"an account without a name", store.NamedSomehow, string(e.alice.Account.ID), `DELETE FROM login_names WHERE account_id = $1`, one(e.alice.Account.ID)},
		{"departments of an ordinary member", store.DepartmentsToHead, string(e.alice.Member.ID), `INSERT INTO department_administrators (member_id, department_id, organization_id) VALUES ($1, $2, $3)`, one(e.alice.Member.ID, e.lab.ID, e.acme.ID)},
		{"a stranger in a group", store.GroupedAtHome, string(e.group.ID), `INSERT INTO group_members (group_id, member_id) VALUES ($1, $2)`, one(e.group.ID, e.other.Member.ID)},
		{"a stranger owns a group", store.GroupedAtHome, string(e.group.ID), `INSERT INTO group_owners (group_id, member_id, organization_id) VALUES ($1, $2, $3)`, one(e.group.ID, e.other.Member.ID, e.acme.ID)},
		{"a room lent to a stranger", store.LentAtHome, string(e.room.ID), `UPDATE meeting_rooms SET member_id = $2 WHERE id = $1`, one(e.room.ID, e.other.Member.ID)},
		{"a stranger let in", store.AdmittedAtHome, string(e.app), `INSERT INTO application_access (application_id, kind, target_id) VALUES ($1, 'member', $2)`, one(e.app, e.other.Member.ID)},
		{"a department that is gone let in", store.AdmittedAtHome, string(e.app), `INSERT INTO application_access (application_id, kind, target_id) VALUES ($1, 'department', 'dep_none')`, one(e.app)},
		{"a foreign group let in", store.AdmittedAtHome, string(e.app), `INSERT INTO application_access (application_id, kind, target_id) VALUES ($1, 'group', 'grp_none')`, one(e.app)},
		{"an account of nobody's organisation", store.OwnedByNobody, string(e.alice.Account.ID), `UPDATE accounts SET organization_id = 'org_none' WHERE id = $1`, one(e.alice.Account.ID)},
	}
}

var errUndo = errors.New("undo")

func TestBreaches(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		e := newEstate(newTown(t, open))
		e.update(func(tx *store.Tx) error {
			if got := breaches(t, tx); len(got) > 0 {
				t.Errorf("nothing is broken, got %v", got)
			}
			return nil
		})
		for _, b := range e.breaches() {
			t.Run(b.name, func(t *testing.T) {
				err := e.db.Update(t.Context(), func(tx *store.Tx) error {
					if _, err := store.Exec(tx, b.query, b.args...); err != nil {
						return err
					}
					if got := breaches(t, tx)[b.rule]; !slices.Contains(got, b.at) {
						t.Errorf("got %q, want %s", got, b.at)
					}
					return errUndo
				})
				if !errors.Is(err, errUndo) {
					t.Error(err)
				}
			})
		}
	})
}

// Two owners take two members.
func TestTwoOwnersAreABreach(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		e := newEstate(newTown(t, open))
		e.member(e.acme, e.root, "bob@acme.example")
		e.exec(`UPDATE members SET role = 'owner' WHERE organization_id = $1`, e.acme.ID)
		e.update(func(tx *store.Tx) error {
			if got := breaches(t, tx); len(got) != 1 || len(got[store.OneOwner]) != 1 {
				t.Errorf("got %v, want one of owners", got)
			}
			return nil
		})
	})
}

// While an organisation is taken apart, what goes slice by slice is no breach.
func TestDissolvingIsNoBreach(t *testing.T) {
	e := newEstate(newTown(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) }))
	e.exec(`UPDATE organizations SET status = 'dissolving' WHERE id = $1`, e.acme.ID)
	e.exec(`UPDATE organization_counts SET members = 0 WHERE organization_id = $1`, e.acme.ID)
	e.update(func(tx *store.Tx) error {
		if got := breaches(t, tx); len(got) > 0 {
			t.Errorf("got %v", got)
		}
		return nil
	})
}
