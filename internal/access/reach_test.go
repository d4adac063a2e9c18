package access

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestReach(t *testing.T) {
	rd := Below("1/rd/", "1/sales/north/")
	for _, row := range []struct {
		reach          Reach
		path           string
		covers, deeper bool
	}{
		{rd, "1/rd/", true, false},
		{rd, "1/rd/core/", true, true},
		{rd, "1/rdx/", false, false},
		{rd, "1/", false, false},
		{rd, "1/sales/", false, false},
		{rd, "1/sales/north/", true, false},
		{rd, "1/sales/north/a/", true, true},
		{rd, "", false, false},
		{Whole(), "1/", true, true},
		{Reach{}, "1/", false, false},
		{Below(), "1/", false, false},
		{Below(""), "1/rd/", false, false},
	} {
		if got := row.reach.Covers(row.path); got != row.covers {
			t.Errorf("%v covers %q: got %v, want %v", row.reach, row.path, got, row.covers)
		}
		if got := row.reach.CoversBelow(row.path); got != row.deeper {
			t.Errorf("%v covers %q as something below: got %v, want %v", row.reach, row.path, got, row.deeper)
		}
		if err := row.reach.Require(row.path); (err == nil) != row.covers || err != nil && !fault.Is(err, fault.CodeOutsideDepartments) {
			t.Errorf("%v requires %q: %v", row.reach, row.path, err)
		}
	}
}

func TestAllowSomewhere(t *testing.T) {
	head := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: "org_own", Role: identity.RoleDepartmentAdministrator}
	somewhere := may(ReadOrganization, FillGroups, ReadMembers, ManageMembers, ManageDepartments, ReadApplications, ManageApplications)
	for p := Permission(0); p <= permissionCount; p++ {
		if got := AllowSomewhere(head, p, "org_own") == nil; got != somewhere[p] {
			t.Errorf("permission %d of a department administrator: got %v, want %v", p, got, somewhere[p])
		}
		for _, foreign := range []identity.OrganizationID{"org_other", ""} {
			if err := AllowSomewhere(head, p, foreign); !fault.Is(err, fault.CodeForbidden) {
				t.Errorf("permission %d of a department administrator towards %q: %v", p, foreign, err)
			}
		}
		if p < permissionCount && within[p] && Everywhere(head, p, "org_own") {
			t.Errorf("a department administrator has permission %d everywhere", p)
		}
		if err := AllowSomewhere(identity.Actor{Kind: identity.ActsAsPerson, OrganizationID: "org_own", Role: head.Role}, p, "org_own"); err == nil {
			t.Errorf("a person in no organisation has permission %d somewhere", p)
		}
		if err := AllowSomewhere(identity.Actor{}, p, "org_own"); err == nil {
			t.Errorf("nobody has permission %d somewhere", p)
		}
	}
}
