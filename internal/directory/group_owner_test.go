package directory

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// security makes a group such as a federation has.
func (h *house) security(name string) identity.Group {
	h.t.Helper()
	g := h.group(name)
	h.write(func(tx *store.Tx) error {
		if err := tx.Groups.Delete(h.org.ID, g.ID); err != nil {
			return err
		}
		g.Kind = identity.SecurityGroup
		return tx.Groups.Insert(g)
	})
	return g
}

// owners are the account names of who owns a group.
func (h *house) owners(g identity.Group) (accounts []string) {
	h.t.Helper()
	people, err := h.GroupOwners(h.t.Context(), console, g.OrganizationID, g.ID)
	if err != nil {
		h.t.Fatalf("owners of %s: %v", g.Name, err)
	}
	for _, p := range people {
		accounts = append(accounts, p.Account.Name)
	}
	slices.Sort(accounts)
	return accounts
}

func TestGroupOwners(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org, g := t.Context(), h.org.ID, h.group("writers")
		alice, bob := h.member("alice", func(*NewMember) {}), h.member("bob", func(*NewMember) {})
		ids := []identity.MemberID{alice.Member.ID, bob.Member.ID, alice.Member.ID}
		wants(t, "two own it", h.AddGroupOwners(ctx, console, org, g.ID, ids), "")
		if got := h.owners(g); !slices.Equal(got, []string{"alice", "bob"}) {
			t.Errorf("got the owners %v", got)
		}
		if e := h.lastEvent(audit.GroupOwnersAdded); e.Details["count"] != "2" || !strings.Contains(e.Details["members"], string(bob.Member.ID)) {
			t.Errorf("the event tells %v", e.Details)
		}
		before := len(h.events(org))
		wants(t, "who owns it already", h.AddGroupOwners(ctx, console, org, g.ID, ids[:1]), "")
		wants(t, "nobody known leaves", h.RemoveGroupOwners(ctx, console, org, g.ID, []identity.MemberID{"mem_none"}), "")
		if after := len(h.events(org)); after != before {
			t.Errorf("%d events of what made no difference", after-before)
		}
		wants(t, "somebody unknown", h.AddGroupOwners(ctx, console, org, g.ID, []identity.MemberID{"mem_none"}), fault.CodeMemberNotFound)
		wants(t, "alice owns it no longer", h.RemoveGroupOwners(ctx, console, org, g.ID, ids[:1]), "")
		if e := h.lastEvent(audit.GroupOwnersRemoved); e.Details["members"] != string(alice.Member.ID) {
			t.Errorf("the event tells %v", e.Details)
		}
		wants(t, "bob leaves the organisation", h.RemoveMember(ctx, console, org, bob.Member.ID), "")
		if got := h.owners(g); len(got) != 0 {
			t.Errorf("got the owners %v, want none", got)
		}
	})
}

func TestAGroupHasFewOwners(t *testing.T) {
	h := sqliteHouse(t)
	g := h.group("writers")
	var ids []identity.MemberID
	h.write(func(tx *store.Tx) error {
		for i := range MaxGroupOwners + 1 {
			later := turn{account: identity.NewAccountID(tx.Now()), member: identity.NewMemberID(tx.Now())}
			n := NewMember{Account: "m" + strings.Repeat("x", i), Name: "M", turn: later}
			if _, err := createMember(tx, h.org, n, identity.Credential{}); err != nil {
				return err
			}
			ids = append(ids, later.member)
		}
		return nil
	})
	wants(t, "one too many", h.AddGroupOwners(t.Context(), console, h.org.ID, g.ID, ids), fault.CodeFieldRange)
	if got := h.owners(g); len(got) != 0 {
		t.Errorf("%d owners came in with one too many", len(got))
	}
	wants(t, "as many as may be", h.AddGroupOwners(t.Context(), console, h.org.ID, g.ID, ids[1:]), "")
}

// An owner says who is in the own groups, and that is all they may.
func TestWhatAnOwnerMay(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		own, other := h.group("own"), h.group("other")
		alice, bob := h.member("alice", func(*NewMember) {}), h.member("bob", func(*NewMember) {})
		actor := actorOf(alice)
		wants(t, "own it", h.AddGroupOwners(ctx, console, org, own.ID, []identity.MemberID{alice.Member.ID}), "")
		all, err := h.Groups(ctx, actor, org, GroupQuery{})
		if err != nil || !slices.Equal(all, []identity.Group{own}) {
			t.Errorf("the own groups: got %v, %v", all, err)
		}
		if all, err := h.Groups(ctx, actorOf(bob), org, GroupQuery{Owner: alice.Member.ID}); err != nil || len(all) != 0 {
			t.Errorf("somebody else's groups: got %v, %v, want none", all, err)
		}
		wants(t, "let in", h.AddGroupMembers(ctx, actor, org, own.ID, []identity.MemberID{bob.Member.ID}), "")
		wants(t, "let in by account", h.AddGroupAccounts(ctx, actor, org, own.ID, []string{"ALICE", "bob"}), "")
		wants(t, "an unknown account", h.AddGroupAccounts(ctx, actor, org, own.ID, []string{"nobody"}), fault.CodeMemberNotFound)
		if got := h.inGroup(own, 10); len(got) != 2 {
			t.Errorf("in the group are %v, want two", got)
		}
		wants(t, "let out", h.RemoveGroupMembers(ctx, actor, org, own.ID, []identity.MemberID{bob.Member.ID}), "")
		if people, err := h.GroupMembers(ctx, actor, org, own.ID, "", 10); err != nil || len(people) != 1 || people[0].Account.Name != "alice" {
			t.Errorf("read: got %v, %v", people, err)
		}
		if e := h.lastEvent(audit.GroupMembersRemoved); e.ActorID != string(alice.Member.ID) {
			t.Errorf("recorded for %s, want %s", e.ActorID, alice.Member.ID)
		}
		_, err = h.ChangeGroup(ctx, actor, org, own.ID, 0, GroupChange{Name: new("mine")})
		wants(t, "rename it", err, fault.CodeForbidden)
		wants(t, "remove it", h.RemoveGroup(ctx, actor, org, own.ID), fault.CodeForbidden)
		wants(t, "make more owners", h.AddGroupOwners(ctx, actor, org, own.ID, nil), fault.CodeForbidden)
		for _, id := range []identity.GroupID{other.ID, "grp_none"} {
			_, err := h.Group(ctx, actor, org, id)
			wants(t, "another group", err, fault.CodeForbidden)
			wants(t, "fill another group", h.AddGroupMembers(ctx, actor, org, id, nil), fault.CodeForbidden)
			_, err = h.GroupOwners(ctx, actor, org, id)
			wants(t, "owners of another group", err, fault.CodeForbidden)
		}
	})
}

// A security group is nobody's to change.
func TestSecurityGroups(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org, g := t.Context(), h.org.ID, h.security("Acme")
		ids := []identity.MemberID{h.owner.Member.ID}
		_, err := h.ChangeGroup(ctx, console, org, g.ID, 0, GroupChange{Name: new("x")})
		wants(t, "edit", err, fault.CodeGroupProtected)
		for what, err := range map[string]error{
			"remove": h.RemoveGroup(ctx, console, org, g.ID), "fill": h.AddGroupMembers(ctx, console, org, g.ID, ids),
			"empty": h.RemoveGroupMembers(ctx, console, org, g.ID, ids), "own": h.AddGroupOwners(ctx, console, org, g.ID, ids),
			"disown": h.RemoveGroupOwners(ctx, console, org, g.ID, ids),
		} {
			wants(t, what, err, fault.CodeGroupProtected)
		}
		all, err := h.Groups(ctx, console, org, GroupQuery{Kind: identity.SecurityGroup})
		if err != nil || !slices.Equal(all, []identity.Group{g}) {
			t.Errorf("security groups: got %v, %v", all, err)
		}
	})
}

// A file neither puts anybody into a security group nor takes anybody out.
func TestImportsLeaveSecurityGroupsAlone(t *testing.T) {
	h := sqliteHouse(t)
	g := h.security("Acme")
	h.group("red")
	h.write(func(tx *store.Tx) error {
		_, err := tx.Groups.Add(g, h.owner.Member.ID)
		return err
	})
	groups := func(names ...string) func(*ImportRow) { return func(r *ImportRow) { r.Groups = names } }
	for _, tt := range []struct {
		account string
		groups  []string
		want    string
	}{
		{"new", []string{"acme"}, "group_protected at groups"},
		{h.owner.Account.Name, []string{"Acme", "red"}, "changed"},
		{h.owner.Account.Name, []string{}, "changed"}, // red alone is left
		{h.owner.Account.Name, []string{}, "unchanged"},
	} {
		if got := h.imports(ImportBatch{Rows: []ImportRow{row(tt.account, "Owner", groups(tt.groups...))}}); got[0] != tt.want {
			t.Errorf("%s in %v: got %s, want %s", tt.account, tt.groups, got[0], tt.want)
		}
	}
	if got := h.inGroup(g, 10); len(got) != 1 {
		t.Errorf("in the security group are %v, want the owner alone", got)
	}
}
