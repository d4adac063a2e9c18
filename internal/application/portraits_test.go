package application

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// TestSubjectFollowsChanges: what is remembered of a member does not outlive a
// change of anything it was read from.
func TestSubjectFollowsChanges(t *testing.T) {
	r := openRegistry(t)
	app := r.wiki()
	group := identity.Group{ID: identity.NewGroupID(r.clock.Now()), OrganizationID: acme, Name: "Writers", CreatedAt: r.clock.Now(), UpdatedAt: r.clock.Now()}
	r.update(func(tx *store.Tx) error { return tx.Groups.Insert(group) })
	group.Version = 1
	steps := []struct {
		name   string
		change func(tx *store.Tx) error
		holds  func(identity.Subject) bool
	}{
		{"member", func(tx *store.Tx) error {
			p, err := tx.Members.Get(acme, r.ann.Member.ID)
			p.Member.Name = "Anna"
			if err != nil {
				return err
			}
			return tx.Members.Put(p)
		}, func(s identity.Subject) bool { return s.Name == "Anna" }},
		{"account", func(tx *store.Tx) error {
			p, err := tx.Members.Get(acme, r.ann.Member.ID)
			p.Account.Email = "anna@mail.example"
			if err != nil {
				return err
			}
			return tx.Accounts.Put(p.Account, nil)
		}, func(s identity.Subject) bool { return s.Email == "anna@mail.example" }},
		{"department", func(tx *store.Tx) error {
			d, err := tx.Departments.Get(acme, r.root.ID)
			d.Name = "Everybody"
			if err != nil {
				return err
			}
			return tx.Departments.Put(d)
		}, func(s identity.Subject) bool { return s.Department == "Everybody" }},
		{"organisation", func(tx *store.Tx) error {
			o, err := tx.Organizations.Get(acme)
			o.Name = "Acme Works"
			if err != nil {
				return err
			}
			return tx.Organizations.Put(o)
		}, func(s identity.Subject) bool { return s.OrganizationName == "Acme Works" }},
		{"into a group", func(tx *store.Tx) error {
			if _, err := tx.Groups.Add(group, r.ann.Member.ID); err != nil {
				return err
			}
			return tx.Groups.Changed(group)
		}, func(s identity.Subject) bool { return slices.Equal(s.Groups, []string{"Writers"}) }},
		{"name of the group", func(tx *store.Tx) error {
			renamed := group
			renamed.Name = "Authors"
			return tx.Groups.Put(renamed)
		}, func(s identity.Subject) bool { return slices.Equal(s.Groups, []string{"Authors"}) }},
	}
	for _, step := range steps {
		if before, err := r.Subject(t.Context(), r.ann.Member.ID, app); err != nil || step.holds(before) {
			t.Fatalf("%s: before: got %+v, %v", step.name, before, err)
		}
		r.update(step.change)
		if after, err := r.Subject(t.Context(), r.ann.Member.ID, app); err != nil || !step.holds(after) {
			t.Errorf("%s: after: got %+v, %v", step.name, after, err)
		}
	}
}
