package trace

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// Whoever is responsible for an application reads what is told about it, and
// nothing else.
func TestTheResponsibleReadTheirApplications(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock), storetest.WithoutEvents())
		k := NewKeeper(db, Options{Now: clock.Now, Catalogue: catalogue(t)})
		org := identity.Organization{ID: identity.NewOrganizationID(clock.Now()), Code: "acme", Name: "Acme", Status: identity.OrganizationActive}
		wiki := identity.Application{
			ID: identity.NewApplicationID(clock.Now()), OrganizationID: org.ID, ClientID: "wiki", Name: "Wiki", Protocol: identity.ProtocolOIDC,
			Status: identity.ApplicationActive, Responsible: "mem_alice", OAuth: &identity.OAuthSettings{},
		}
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			if err := tx.Organizations.Insert(org); err != nil {
				return err
			}
			return tx.Applications.Insert(wiki)
		})
		if err != nil {
			t.Fatal(err)
		}
		about, other := k.Begin(Authorizing, origin), k.Begin(PasswordLogin, identity.Origin{})
		about.AboutApplication(wiki)
		about.AboutApplication(identity.Application{}) // says nothing
		other.About(org.ID, "bob")
		k.Keep(about)
		clock.Advance(time.Second)
		k.Keep(other)
		flush(t, k)

		member := func(id identity.MemberID, role identity.Role) identity.Actor {
			return identity.Actor{Kind: identity.ActsAsMember, MemberID: id, OrganizationID: org.ID, Role: role}
		}
		elsewhere := member("mem_alice", identity.RoleMember)
		elsewhere.OrganizationID = "org_2"
		tests := []struct {
			name       string
			actor      identity.Actor
			of, all    int // stories of the application, and of the organisation
			finds      bool
			pageRefuse bool
		}{
			{"the responsible member", member("mem_alice", identity.RoleMember), 1, 1, true, false},
			{"another member", member("mem_bob", identity.RoleMember), 0, 0, false, true},
			{"an administrator", member("mem_carol", identity.RoleAdministrator), 1, 2, true, false},
			{"the provider", identity.Actor{Kind: identity.ActsAsProvider}, 1, 2, true, false},
			{"one of that id elsewhere", elsewhere, 0, 0, false, true},
			{"nobody", identity.Actor{MemberID: "mem_alice", OrganizationID: org.ID}, 0, 0, false, true},
			{"a member without an id", member("", identity.RoleMember), 0, 0, false, true},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				for application, want := range map[identity.ApplicationID]int{wiki.ID: tt.of, "": tt.all, "app_x": 0} {
					got, err := k.Page(t.Context(), tt.actor, Asked{Organization: org.ID, Application: application, Limit: 10})
					if tt.pageRefuse != fault.Is(err, fault.CodeForbidden) || !tt.pageRefuse && err != nil || len(got) != want {
						t.Errorf("of %q: got %d stories, %v, want %d", application, len(got), err, want)
					}
				}
				found, err := k.Find(t.Context(), tt.actor, about.Code())
				if (err == nil && len(found) == 1 && found[0].Application == wiki.ID) != tt.finds {
					t.Errorf("find: got %+v, %v", found, err)
				}
				if _, err := k.Find(t.Context(), tt.actor, other.Code()); (err == nil) != (tt.all == 2) {
					t.Errorf("the other: got %v", err)
				}
			})
		}
	})
}
