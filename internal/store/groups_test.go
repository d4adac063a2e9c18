package store_test

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func (w town) group(o identity.Organization, name string) identity.Group {
	w.t.Helper()
	g := identity.Group{
		ID: identity.NewGroupID(w.now), OrganizationID: o.ID, Name: name, Description: "those of " + name, Version: 1,
		CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.update(func(tx *store.Tx) error { return tx.Groups.Insert(g) })
	return g
}

func TestGroups(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		a, b := w.group(acme, "Writers"), w.group(acme, "readers")
		w.group(nova, "writers") // names are an organisation's own
		w.refused(fault.CodeGroupExists, func(tx *store.Tx) error {
			return tx.Groups.Insert(identity.Group{ID: "grp_x", OrganizationID: acme.ID, Name: "WRITERS"})
		})
		renamed := b
		renamed.Name = "writers"
		w.refused(fault.CodeGroupExists, func(tx *store.Tx) error { return tx.Groups.Put(renamed) })
		late := a
		late.Version = 9
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Groups.Put(late) })
		w.refused(fault.CodeGroupNotFound, func(tx *store.Tx) error { _, err := tx.Groups.Get(nova.ID, a.ID); return err })
		w.refused(fault.CodeGroupNotFound, func(tx *store.Tx) error { return tx.Groups.Delete(nova.ID, a.ID) })
	})
}

func TestGroupMembers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, theirs := w.organization("nova")
		a, b := w.group(acme, "Writers"), w.group(acme, "readers")
		alice, bob, foreign := w.member(acme, root, "alice"), w.member(acme, root, "bob"), w.member(nova, theirs, "carol")
		w.update(func(tx *store.Tx) error {
			for _, tt := range []struct {
				group  identity.Group
				member identity.MemberID
				want   bool
			}{{a, alice.Member.ID, true}, {a, alice.Member.ID, false}, {a, bob.Member.ID, true}, {b, alice.Member.ID, true}, {a, foreign.Member.ID, false}, {a, "mem_none", false}} {
				if got, err := tx.Groups.Add(tt.group, tt.member); err != nil || got != tt.want {
					t.Errorf("add %s to %s: got %v, %v, want %v", tt.member, tt.group.Name, got, err, tt.want)
				}
			}
			return tx.Groups.Changed(a)
		})
		w.update(func(tx *store.Tx) error {
			groups, err := tx.Groups.OfMember(acme.ID, alice.Member.ID)
			if err != nil || !slices.Equal(groups, []identity.Group{b, a}) {
				t.Errorf("groups of alice: got %v, %v, want readers, Writers", groups, err)
			}
			if elsewhere, err := tx.Groups.OfMember(nova.ID, alice.Member.ID); err != nil || len(elsewhere) != 0 {
				t.Errorf("of another organisation: got %v, %v, want none", elsewhere, err)
			}
			people, err := tx.Groups.Members(a, "", 1)
			if err != nil || len(people) != 1 || people[0].Member.ID != min(alice.Member.ID, bob.Member.ID) || people[0].Account.Name == "" {
				t.Errorf("first page: got %v, %v", people, err)
			}
			for _, want := range []bool{true, false} {
				if gone, err := tx.Groups.Remove(a, bob.Member.ID); err != nil || gone != want {
					t.Errorf("remove bob: got %v, %v, want %v", gone, err, want)
				}
			}
			return nil
		})
	})
}

// A group that is removed takes its members' way into applications with it.
func TestARemovedGroupLetsNobodyIn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		g, alice := w.group(acme, "writers"), w.member(acme, root, "alice")
		w.update(func(tx *store.Tx) error {
			if _, err := store.Exec(tx, `INSERT INTO applications (id, organization_id, client_id, name, name_key, description, protocol, status,
				responsible_id, everyone, consent, settings, icon_digest, generation, version, created_at, updated_at)
				VALUES ('app_1', $1, 'wiki', 'Wiki', 'wiki', '', 'oidc', 'active', '', $2, $2, '{}', '', 1, 1, 0, 0)`, acme.ID, false); err != nil {
				return err
			}
			if _, err := store.Exec(tx, `INSERT INTO application_access (application_id, kind, target_id) VALUES ('app_1', 'group', $1)`, g.ID); err != nil {
				return err
			}
			_, err := tx.Groups.Add(g, alice.Member.ID)
			return err
		})
		left := func() (rows int64) {
			w.update(func(tx *store.Tx) error {
				return store.Scan(tx, &rows, `SELECT (SELECT count(*) FROM application_access) + (SELECT count(*) FROM group_members)`)
			})
			return rows
		}
		w.update(func(tx *store.Tx) error {
			clients, err := tx.Groups.Admitted(acme.ID, g.ID)
			if err != nil || !slices.Equal(clients, []string{"wiki"}) {
				t.Errorf("admitted to: got %v, %v, want wiki", clients, err)
			}
			return err
		})
		if before := left(); before != 2 {
			t.Fatalf("got %d rows before, want 2", before)
		}
		w.update(func(tx *store.Tx) error { return tx.Groups.Delete(acme.ID, g.ID) })
		if after := left(); after != 0 {
			t.Errorf("got %d rows after, want 0", after)
		}
	})
}

func TestGroupsAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		writers, readers, kept := w.group(acme, "Writers"), w.group(acme, "readers"), w.group(acme, "Federation 100%")
		w.group(nova, "writers")
		alice := w.member(acme, root, "alice")
		w.update(func(tx *store.Tx) error {
			kept.Kind = identity.SecurityGroup
			if err := tx.Groups.Delete(acme.ID, kept.ID); err != nil {
				return err
			}
			if err := tx.Groups.Insert(kept); err != nil {
				return err
			}
			_, err := tx.Groups.AddOwner(readers, alice.Member.ID)
			return err
		})
		for _, tt := range []struct {
			name string
			q    store.GroupQuery
			want []identity.Group
		}{
			{"by name", store.GroupQuery{ByName: true, Limit: 9}, []identity.Group{kept, readers, writers}},
			{"by name, on", store.GroupQuery{ByName: true, After: "federation 100%", Limit: 1}, []identity.Group{readers}},
			{"containing", store.GroupQuery{Text: "ITER", Limit: 9}, []identity.Group{writers}},
			{"containing a sign", store.GroupQuery{Text: "0%", Limit: 9}, []identity.Group{kept}},
			{"of a kind", store.GroupQuery{Kind: identity.SecurityGroup, Limit: 9}, []identity.Group{kept}},
			{"of an owner", store.GroupQuery{Owner: alice.Member.ID, Limit: 9}, []identity.Group{readers}},
			{"of nobody", store.GroupQuery{Owner: "mem_none", Limit: 9}, nil},
		} {
			w.update(func(tx *store.Tx) error {
				if got, err := tx.Groups.Page(acme.ID, tt.q); err != nil || !slices.Equal(got, tt.want) {
					t.Errorf("%s: got %v, %v, want %v", tt.name, got, err, tt.want)
				}
				return nil
			})
		}
	})
}

func TestGroupOwnership(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		readers, alice := w.group(acme, "readers"), w.member(acme, root, "alice")
		w.update(func(tx *store.Tx) error {
			for _, want := range []bool{true, false} {
				if added, err := tx.Groups.AddOwner(readers, alice.Member.ID); err != nil || added != want {
					t.Errorf("own: got %v, %v, want %v", added, err, want)
				}
			}
			owns, err := tx.Groups.Owns(acme.ID, readers.ID, alice.Member.ID)
			elsewhere, err2 := tx.Groups.Owns(nova.ID, readers.ID, alice.Member.ID)
			if !owns || elsewhere || err != nil || err2 != nil {
				t.Errorf("owns: got %v and %v elsewhere, %v %v", owns, elsewhere, err, err2)
			}
			foreign, err := tx.Groups.AddOwner(identity.Group{ID: readers.ID, OrganizationID: nova.ID}, alice.Member.ID)
			if foreign || err != nil {
				t.Errorf("own in another organisation: got %v, %v", foreign, err)
			}
			gone, err := tx.Groups.RemoveOwner(readers, alice.Member.ID)
			if owners, err2 := tx.Groups.Owners(readers); !gone || len(owners) != 0 || err != nil || err2 != nil {
				t.Errorf("own no longer: got %v, %v, %v %v", gone, owners, err, err2)
			}
			return nil
		})
	})
}
