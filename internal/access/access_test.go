package access

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// letters writes one letter per permission in their order: what each actor may
// do towards its own organisation.
func TestAllow(t *testing.T) {
	const own = identity.OrganizationID("org_own")
	asMember := func(role identity.Role) identity.Actor {
		return identity.Actor{Kind: identity.ActsAsMember, OrganizationID: own, Role: role}
	}
	for _, row := range []struct {
		name  string
		actor identity.Actor
		want  map[Permission]bool
	}{
		{"nobody", identity.Actor{}, nil},
		{"nobody with fields", identity.Actor{OrganizationID: own, Role: identity.RoleOwner}, nil},
		{"member", asMember(identity.RoleMember), may(ReadOrganization, FillGroups)},
		{"department administrator", asMember(identity.RoleDepartmentAdministrator), may(ReadOrganization, FillGroups, ReadApplications, ManageApplications)},
		{
			"administrator", asMember(identity.RoleAdministrator),
			may(ReadOrganization, ManageOrganization, ManageDepartments, ReadMembers, ManageMembers, ManageDepartmentAdministrators,
				ManageGroups, FillGroups, ReadEvents, ReadTraces, ReadApplications, ManageApplications, DecideRequests, FillSource, ReadResources, ManageTerminals, ManageRooms, ManageContacts, ManageRegions, ManageWebhooks, ReadReports, ReadExpiries),
		},
		{"owner", asMember(identity.RoleOwner), ofOwner()},
		{"member with an unknown role", asMember("root"), nil},
		{"organisation token", identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: own}, ofOwner()},
		{"outsider", identity.Actor{Kind: identity.ActsAsSetupLink, OrganizationID: own, Role: identity.RoleOwner}, may(FillSource)},
		{"person", identity.Actor{Kind: identity.ActsAsPerson, AccountID: "acc_1", OrganizationID: own, Role: identity.RoleOwner}, nil},
		{"application", identity.Actor{Kind: identity.ActsAsApplication, OrganizationID: own}, nil},
	} {
		for p := Permission(0); p < permissionCount; p++ {
			got := Allow(row.actor, p, own) == nil
			if got != row.want[p] {
				t.Errorf("%s: permission %d: got %v, want %v", row.name, p, got, row.want[p])
			}
			for _, foreign := range []identity.OrganizationID{"org_other", ""} {
				if err := Allow(row.actor, p, foreign); !fault.Is(err, fault.CodeForbidden) {
					t.Errorf("%s: permission %d towards %q: got %v, want forbidden", row.name, p, foreign, err)
				}
			}
		}
	}
}

func TestProviderMayEverything(t *testing.T) {
	for _, kind := range []identity.ActorKind{identity.ActsAsProvider, identity.ActsAsConsole, identity.ActsAsJob} {
		for p := Permission(0); p < permissionCount; p++ {
			if err := Allow(identity.Actor{Kind: kind}, p, "org_any"); err != nil {
				t.Errorf("%s: permission %d: got %v, want allowed", kind, p, err)
			}
		}
	}
	if err := Allow(identity.Actor{Kind: identity.ActsAsProvider}, permissionCount, ""); err == nil {
		t.Error("an unknown permission was allowed")
	}
}

func may(permissions ...Permission) map[Permission]bool {
	m := map[Permission]bool{}
	for _, p := range permissions {
		m[p] = true
	}
	return m
}

func ofOwner() map[Permission]bool {
	return may(ReadOrganization, ManageOrganization, ManageDepartments, ReadMembers, ManageMembers, ManageGroups, FillGroups, ManageAdministrators,
		ManageDepartmentAdministrators, ManageAppIDs, ReadEvents, ReadTraces,
		ReadApplications, ManageApplications, DecideRequests, DissolveOrganization, FillSource, ReadResources, ManageTerminals, ManageRooms, ManageContacts, ManageRegions, ManageWebhooks, ReadReports, ReadExpiries)
}
