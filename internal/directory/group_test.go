package directory

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// group adds one to the house's organisation.
func (h *house) group(name string) identity.Group {
	h.t.Helper()
	g, err := h.AddGroup(h.t.Context(), console, h.org.ID, NewGroup{Name: name})
	if err != nil {
		h.t.Fatalf("add group %s: %v", name, err)
	}
	return g
}

// inGroup are the names of a group's members, page by page.
func (h *house) inGroup(g identity.Group, limit int) (names []string) {
	h.t.Helper()
	after := identity.MemberID("")
	for {
		people, err := h.GroupMembers(h.t.Context(), console, g.OrganizationID, g.ID, after, limit)
		if err != nil {
			h.t.Fatalf("members of %s: %v", g.Name, err)
		}
		for _, p := range people {
			names, after = append(names, p.Member.Name), p.Member.ID
		}
		if len(people) < limit {
			return names
		}
	}
}

// lastEvent is the newest event of a type.
func (h *house) lastEvent(what audit.Type) (found identity.Event) {
	h.t.Helper()
	h.read(func(tx *store.Tx) error {
		events, err := tx.Events.Page(store.EventQuery{Organization: h.org.ID, Limit: 100})
		i := slices.IndexFunc(events, func(e identity.Event) bool { return e.Type == string(what) })
		if i < 0 {
			h.t.Fatalf("no event %s", what)
		}
		found = events[i]
		return err
	})
	return found
}

func TestGroupLife(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		g, err := h.AddGroup(ctx, console, org, NewGroup{Name: "Writers", Description: "who write"})
		want := identity.Group{
			ID: g.ID, OrganizationID: org, Kind: identity.OrdinaryGroup, Name: "Writers", Description: "who write", Version: 1,
			CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
		}
		if err != nil || g != want {
			t.Fatalf("added: got %+v, %v, want %+v", g, err, want)
		}
		if stored, err := h.GroupByName(ctx, console, org, "WRITERS"); err != nil || stored != want {
			t.Errorf("by name: got %+v, %v, want %+v", stored, err, want)
		}
		h.clock.Advance(time.Minute)
		want.Name, want.Version, want.UpdatedAt = "writers", 2, h.clock.Now()
		if changed, err := h.ChangeGroup(ctx, console, org, g.ID, 1, GroupChange{Name: new("writers")}); err != nil || changed != want {
			t.Errorf("changed: got %+v, %v, want %+v", changed, err, want)
		}
		if stored, err := h.Group(ctx, console, org, g.ID); err != nil || stored != want {
			t.Errorf("by id: got %+v, %v, want %+v", stored, err, want)
		}
		if unchanged, err := h.ChangeGroup(ctx, console, org, g.ID, 0, GroupChange{Name: new("writers")}); err != nil || unchanged != want {
			t.Errorf("nothing to change: got %+v, %v, want %+v", unchanged, err, want)
		}
		wants(t, "remove", h.RemoveGroup(ctx, console, org, g.ID), "")
		wants(t, "remove again", h.RemoveGroup(ctx, console, org, g.ID), fault.CodeGroupNotFound)
		for _, what := range []audit.Type{audit.GroupAdded, audit.GroupChanged, audit.GroupRemoved} {
			if e := h.lastEvent(what); e.Target != string(g.ID) && what != audit.GroupAdded {
				t.Errorf("%s: got the target %s, want %s", what, e.Target, g.ID)
			}
		}
	})
}

func TestGroupsInPages(t *testing.T) {
	h := sqliteHouse(t)
	var made []identity.Group
	for _, name := range []string{"a", "b", "c"} {
		made = append(made, h.group(name))
		h.clock.Advance(time.Minute)
	}
	all, err := h.Groups(t.Context(), console, h.org.ID, GroupQuery{After: string(made[0].ID), Limit: 2})
	if err != nil || !slices.Equal(all, made[1:]) {
		t.Errorf("after the first: got %v, %v, want the two others", all, err)
	}
}

func TestGroupRefusals(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org := t.Context(), h.org.ID
		a, b := h.group("a"), h.group("b")
		add := func(n NewGroup) error { _, err := h.AddGroup(ctx, console, org, n); return err }
		change := func(id identity.GroupID, version int64, c GroupChange) error {
			_, err := h.ChangeGroup(ctx, console, org, id, version, c)
			return err
		}
		wants(t, "a taken name", add(NewGroup{Name: "A"}), fault.CodeGroupExists)
		wants(t, "no name", add(NewGroup{}), fault.CodeFieldLength)
		wants(t, "a long description", add(NewGroup{Name: "x", Description: strings.Repeat("é", 256)}), fault.CodeFieldLength)
		wants(t, "renamed to a taken name", change(b.ID, 0, GroupChange{Name: new("A")}), fault.CodeGroupExists)
		wants(t, "renamed to nothing", change(b.ID, 0, GroupChange{Name: new("")}), fault.CodeFieldLength)
		wants(t, "an old version", change(a.ID, 7, GroupChange{Description: new("x")}), fault.CodeStale)
		wants(t, "unknown", change("grp_none", 0, GroupChange{}), fault.CodeGroupNotFound)
		_, err := h.AddGroup(ctx, console, "org_none", NewGroup{Name: "x"})
		wants(t, "an unknown organisation", err, fault.CodeOrganizationNotFound)
		h.furnish("other", func(*NewOrganization) {})
		_, err = h.Group(ctx, console, h.org.ID, a.ID)
		wants(t, "a group of another organisation", err, fault.CodeGroupNotFound)
		wants(t, "remove it", h.RemoveGroup(ctx, console, h.org.ID, a.ID), fault.CodeGroupNotFound)
		wants(t, "fill it", h.AddGroupMembers(ctx, console, h.org.ID, a.ID, nil), fault.CodeGroupNotFound)
	})
}

func TestGroupMembers(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, org, g := t.Context(), h.org.ID, h.group("writers")
		var ids []identity.MemberID
		for _, name := range []string{"a", "b", "c"} {
			h.clock.Advance(time.Millisecond)
			ids = append(ids, h.member(name, func(n *NewMember) { n.Name = name }).Member.ID)
		}
		wants(t, "two come", h.AddGroupMembers(ctx, console, org, g.ID, []identity.MemberID{ids[1], ids[0], ids[1]}), "")
		if e := h.lastEvent(audit.GroupMembersAdded); e.Details["count"] != "2" || e.Details["members"] != string(ids[0])+","+string(ids[1]) {
			t.Errorf("the event tells %v, want the two", e.Details)
		}
		wants(t, "one is unknown", h.AddGroupMembers(ctx, console, org, g.ID, []identity.MemberID{ids[2], "mem_none"}), fault.CodeMemberNotFound)
		if got := h.inGroup(g, 1); !slices.Equal(got, []string{"a", "b"}) {
			t.Errorf("got %v, want a, b", got)
		}
		before := len(h.events(org))
		wants(t, "who is there", h.AddGroupMembers(ctx, console, org, g.ID, ids[:1]), "")
		wants(t, "who is not there leaves", h.RemoveGroupMembers(ctx, console, org, g.ID, []identity.MemberID{ids[2], "mem_none"}), "")
		if got := len(h.events(org)); got != before {
			t.Errorf("%d events of what made no difference", got-before)
		}
		wants(t, "one leaves", h.RemoveGroupMembers(ctx, console, org, g.ID, ids[:1]), "")
		if e := h.lastEvent(audit.GroupMembersRemoved); e.Details["members"] != string(ids[0]) {
			t.Errorf("the event tells %v, want %s", e.Details, ids[0])
		}
		wants(t, "b leaves the organisation", h.RemoveMember(ctx, console, org, ids[1]), "")
		if got := h.inGroup(g, 10); len(got) != 0 {
			t.Errorf("got %v, want nobody", got)
		}
		many := make([]identity.MemberID, MaxGroupChange+1)
		wants(t, "too many", h.AddGroupMembers(ctx, console, org, g.ID, many), fault.CodeFieldLength)
	})
}

func TestStrangersDoNotComeIntoAGroup(t *testing.T) {
	h := sqliteHouse(t)
	stranger := h.owner.Member.ID
	h.furnish("other", func(*NewOrganization) {})
	g := h.group("writers")
	wants(t, "a member of another organisation", h.AddGroupMembers(t.Context(), console, h.org.ID, g.ID, []identity.MemberID{stranger}),
		fault.CodeMemberNotFound)
	administrator := actorOf(h.member("admin", func(n *NewMember) { n.Role = identity.RoleAdministrator }))
	wants(t, "by an administrator", h.AddGroupMembers(t.Context(), administrator, h.org.ID, g.ID, []identity.MemberID{administrator.MemberID}), "")
	wants(t, "by an ordinary member", h.AddGroupMembers(t.Context(), actorOf(h.member("m", func(*NewMember) {})), h.org.ID, g.ID, nil),
		fault.CodeForbidden)
}
