package store_test

import (
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// application adds one as tests need it, without settings.
func (w town) application(o identity.Organization, clientID string, everyone bool) identity.ApplicationID {
	w.t.Helper()
	id := identity.NewApplicationID(w.now)
	w.update(func(tx *store.Tx) error {
		_, err := store.Exec(tx, `INSERT INTO applications (id, organization_id, client_id, name, name_key, description, protocol, status,
			responsible_id, everyone, consent, settings, icon_digest, generation, version, created_at, updated_at)
			VALUES ($1, $2, $3, $3, $3, '', 'oidc', 'active', '', $4, $5, '{}', '', 1, 1, 1, 1)`, id, o.ID, clientID, everyone, false)
		return err
	})
	return id
}

// admit names somebody in an application's access.
func (w town) admit(id identity.ApplicationID, kind store.AccessKind, target string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		_, err := store.Exec(tx, `INSERT INTO application_access (application_id, kind, target_id) VALUES ($1, $2, $3)`, id, kind, target)
		return err
	})
}

func (w town) exec(query string, args ...any) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error { _, err := store.Exec(tx, query, args...); return err })
}

func TestAdmits(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, novaRoot := w.organization("nova")
		rd := w.department(root, "r%d")
		lab, other := w.department(rd, "lab"), w.department(root, "rxd")
		group := identity.NewGroupID(w.now)
		w.exec(`INSERT INTO member_groups (id, organization_id, name, name_key, description, version, created_at, updated_at)
			VALUES ($1, $2, 'G', 'g', '', 1, 1, 1)`, group, acme.ID)
		alice, bob, carol := w.member(acme, lab, "alice"), w.member(acme, other, "bob"), w.member(acme, rd, "carol")
		stranger := w.member(nova, novaRoot, "stranger")
		w.exec(`INSERT INTO group_members (group_id, member_id) VALUES ($1, $2)`, group, bob.Member.ID)
		tests := []struct {
			name     string
			everyone bool
			kind     store.AccessKind
			target   string
			want     []identity.Person
		}{
			{name: "nobody"},
			{name: "everyone", everyone: true, want: []identity.Person{alice, bob, carol}},
			{name: "a member", kind: store.AccessMember, target: string(carol.Member.ID), want: []identity.Person{carol}},
			{name: "a member of another organisation", kind: store.AccessMember, target: string(stranger.Member.ID)},
			{name: "a department with what is below", kind: store.AccessDepartment, target: string(rd.ID), want: []identity.Person{alice, carol}},
			{name: "a department without what is above", kind: store.AccessDepartment, target: string(lab.ID), want: []identity.Person{alice}},
			{name: "a department of another organisation", kind: store.AccessDepartment, target: string(novaRoot.ID)},
			{name: "a group", kind: store.AccessGroup, target: string(group), want: []identity.Person{bob}},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				app := w.application(acme, tt.name, tt.everyone)
				if tt.kind != "" {
					w.admit(app, tt.kind, tt.target)
				}
				w.entering(app, acme, []identity.Person{alice, bob, carol, stranger}, tt.want)
			})
		}
	})
}

// entering compares who of some people may enter.
func (w town) entering(app identity.ApplicationID, o identity.Organization, all, want []identity.Person) {
	w.t.Helper()
	may := map[identity.MemberID]bool{}
	for _, p := range want {
		may[p.Member.ID] = true
	}
	w.update(func(tx *store.Tx) error {
		for _, p := range all {
			got, err := tx.Applications.Admits(app, o.ID, p.Member.ID)
			if err != nil || got != may[p.Member.ID] {
				w.t.Errorf("%s: got %v, %v, want %v", p.Member.Name, got, err, may[p.Member.ID])
			}
		}
		return nil
	})
}

// Somebody's place is looked for by the account, and a place that is not theirs
// is none.
func TestPlace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		app := identity.Application{ID: w.application(acme, "wiki", true), OrganizationID: acme.ID}
		alice, bob := w.member(acme, root, "alice"), w.member(acme, root, "bob")
		w.exec(`UPDATE members SET generation = 7 WHERE id = $1`, alice.Member.ID)
		w.exec(`UPDATE accounts SET generation = 8 WHERE id = $1`, alice.Account.ID)
		w.exec(`UPDATE organizations SET generation = 9`)
		in := store.Admission{Active: true, Status: identity.MemberActive, Admitted: true}
		here := store.Place{Admission: in, Member: alice.Member.ID, Generation: identity.Generations{Account: 8, Member: 7, Organization: 9}}
		for name, tt := range map[string]struct {
			account identity.AccountID
			member  identity.MemberID
			want    store.Place
		}{
			"by the account":   {alice.Account.ID, "", here},
			"by the member":    {alice.Account.ID, alice.Member.ID, here},
			"somebody else's":  {bob.Account.ID, alice.Member.ID, store.Place{Admission: store.Admission{Active: true}, Generation: identity.Generations{Organization: 9}}},
			"unknown accounts": {"acc_none", "", store.Place{Admission: store.Admission{Active: true}, Generation: identity.Generations{Organization: 9}}},
		} {
			w.update(func(tx *store.Tx) error {
				got, err := tx.Applications.Place(app, tt.account, tt.member)
				if len(got.Agreed) == 0 {
					got.Agreed = nil
				}
				if err != nil || !reflect.DeepEqual(got, tt.want) {
					t.Errorf("%s: got %+v, %v, want %+v", name, got, err, tt.want)
				}
				return nil
			})
		}
	})
}

// What is switched off or gone lets nobody in, and says which it was.
func TestAdmissionTellsWhatStandsInTheWay(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		app, p := w.application(acme, "wiki", true), w.member(acme, root, "alice")
		check := func(name string, o identity.Organization, m identity.MemberID, want store.Admission) {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				got, err := tx.Applications.Admission(app, o.ID, m)
				if err != nil || got != want {
					t.Errorf("%s: got %+v, %v, want %+v", name, got, err, want)
				}
				place, err := tx.Applications.Place(identity.Application{ID: app, OrganizationID: o.ID}, p.Account.ID, m)
				if m != "" && (err != nil || place.Admission != want) {
					t.Errorf("%s: place: got %+v, %v, want %+v", name, place, err, want)
				}
				return nil
			})
		}
		active := identity.MemberActive
		check("as it should be", acme, p.Member.ID, store.Admission{Active: true, Status: active, Admitted: true})
		check("no member", acme, "mem_none", store.Admission{Active: true})
		check("nobody", acme, "", store.Admission{Active: true})
		check("by another organisation", nova, p.Member.ID, store.Admission{})
		w.exec(`UPDATE members SET status = 'disabled' WHERE id = $1`, p.Member.ID)
		check("suspended", acme, p.Member.ID, store.Admission{Active: true, Status: identity.MemberDisabled, Admitted: true})
		w.exec(`UPDATE applications SET status = 'disabled'`)
		check("disabled", acme, p.Member.ID, store.Admission{Status: identity.MemberDisabled, Admitted: true})
	})
}

// Somebody is shown what they are let into and can arrive at, by name, and nothing of another organisation.
func TestOpenTo(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, novaRoot := w.organization("nova")
		alice, stranger := w.member(acme, root, "alice"), w.member(nova, novaRoot, "stranger")
		wiki, desk := w.application(acme, "wiki", true), w.application(acme, "desk", false)
		tried, off, machine := w.application(acme, "tried", true), w.application(acme, "off", true), w.application(acme, "machine", true)
		w.application(nova, "theirs", true)
		w.exec(`UPDATE applications SET settings = '{"home_urls":["https://a.example/cb"]}' WHERE id <> $1`, machine)
		w.exec(`UPDATE applications SET tried_by = 'try_1' WHERE id = $1`, tried)
		w.exec(`UPDATE applications SET status = 'disabled' WHERE id = $1`, off)
		opened := func(p identity.Person) (names []string) {
			w.update(func(tx *store.Tx) error {
				all, err := tx.Applications.OpenTo(p.Member.OrganizationID, p.Member.ID)
				for _, a := range all {
					names = append(names, a.Name)
				}
				return err
			})
			return names
		}
		for _, row := range []struct {
			what string
			do   func()
			want []string
		}{
			{"everyone's", func() {}, []string{"wiki"}},
			{"named", func() { w.admit(desk, store.AccessDepartment, string(root.ID)) }, []string{"desk", "wiki"}},
			{"switched off", func() { w.exec(`UPDATE applications SET status = 'disabled' WHERE id = $1`, wiki) }, []string{"desk"}},
			{"frozen", func() { w.exec(`UPDATE members SET status = 'disabled' WHERE id = $1`, alice.Member.ID) }, nil},
		} {
			row.do()
			if got := opened(alice); !reflect.DeepEqual(got, row.want) {
				t.Errorf("%s: got %v, want %v", row.what, got, row.want)
			}
		}
		if got := opened(stranger); !reflect.DeepEqual(got, []string{"theirs"}) {
			t.Errorf("another organisation: got %v", got)
		}
	})
}
