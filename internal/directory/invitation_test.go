package directory

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// invited invites somebody and returns the word that they are sent.
func (h *house) invited(actor identity.Actor, n NewInvitation) (identity.Invitation, string) {
	h.t.Helper()
	h.mails()
	i, _, err := h.Invite(h.t.Context(), actor, h.org.ID, n)
	if err != nil {
		h.t.Fatalf("invite %s: %v", n.Contact, err)
	}
	return i, h.wordIn(h.mails(), "/invitations/")
}

// shown shows an invitation to somebody.
func (h *house) shown(actor identity.Actor, word string) (Invited, error) {
	return h.OpenInvitation(h.t.Context(), word, actor)
}

// The whole way of somebody new: invited, registered by the link, a member as the
// invitation says.
func TestInviteSomebodyNew(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx := t.Context()
		rd, err := h.AddDepartment(ctx, console, h.org.ID, NewDepartment{Code: "rd", Name: "Research"})
		if err != nil {
			t.Fatal(err)
		}
		g, err := h.AddGroup(ctx, console, h.org.ID, NewGroup{Name: "writers"})
		if err != nil {
			t.Fatal(err)
		}
		i, word := h.invited(actorOf(h.owner), NewInvitation{
			Contact: "Dora@mail.example", Name: "Dora", DepartmentCode: "rd", Title: "Engineer", Description: "new", SortLevel: 7,
			Role: identity.RoleDepartmentAdministrator, Administers: []string{"rd"}, Attributes: map[string]string{"number": "4711"},
			Groups: []identity.GroupID{g.ID}, Language: "zh-CN",
		})
		same(t, "its life", i.EndsAt.Sub(i.SentAt), 3*24*time.Hour)
		same(t, "its contact", i.Contact, "dora@mail.example")
		in, err := h.shown(identity.Actor{}, word)
		wants(t, "opened", err, "")
		same(t, "somebody has the contact", in.Known, false)
		same(t, "where to", in.Organization.ID, h.org.ID)
		a, err := h.RegisterInvited(ctx, identity.Origin{}, word, NewPerson{Account: "dora", Password: goodPassword, Contact: "other@mail.example"})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "registered", [3]string{a.Email, string(a.Kind), a.DisplayName}, [3]string{"dora@mail.example", "personal", "Dora"})
		h.read(func(tx *store.Tx) error {
			p, err := tx.Members.ByAccount(h.org.ID, a.ID)
			m := p.Member
			same(t, "department", m.Department, rd.ID)
			same(t, "the level", m.SortLevel, 7)
			same(t, "texts", [4]string{m.Title, m.Description, m.Attributes["number"], string(m.Role)}, [4]string{"Engineer", "new", "4711", "department_administrator"})
			tops, _ := tx.Administrations.Of(h.org.ID, m.ID)
			groups, _ := tx.Groups.OfMember(h.org.ID, m.ID)
			same(t, "administers and groups", [2]int{len(tops), len(groups)}, [2]int{1, 1})
			return err
		})
		_, err = h.shown(identity.Actor{}, word)
		wants(t, "used", err, fault.CodeInvitationUsed)
		same(t, "comes in to", h.browser("dora").Organization.ID, h.org.ID)
		events := h.events(h.org.ID)
		for _, want := range []string{"invitation.sent", "invitation.accepted", "member.added"} {
			same(t, "recorded "+want, slices.Contains(events, want), true)
		}
	})
}

func TestWhatAnInvitationSays(t *testing.T) {
	h := sqliteHouse(t)
	h.own("dora")
	h.mails()
	for contact, want := range map[string]bool{"dora@mail.example": true, "emil@mail.example": false} {
		_, known, err := h.Invite(t.Context(), actorOf(h.owner), h.org.ID, NewInvitation{Contact: contact, Name: "Somebody"})
		wants(t, contact, err, "")
		same(t, contact+" is known", known, want)
	}
	for _, m := range h.mails() {
		same(t, "sent", [3]string{m.Template, m.Params["inviter"], m.Params["organization"]}, [3]string{"invitation", "Owner", h.org.Name})
	}
}

func TestAcceptInvitation(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		ctx, dora, emil := t.Context(), h.own("dora"), h.own("emil")
		_, word := h.invited(console, NewInvitation{Contact: "dora@mail.example", Name: "D."})
		for _, row := range []struct {
			name  string
			actor identity.Actor
			code  fault.Code
		}{{"another person", emil, fault.CodeInvitationForeign}, {"a managed account", actorOf(h.owner), fault.CodeInvitationManaged}} {
			if in, err := h.shown(row.actor, word); err != nil || !in.Known || !fault.Is(in.Refused, row.code) {
				t.Errorf("%s opens %+v, %v", row.name, in, err)
			}
			_, err := h.AcceptInvitation(ctx, row.actor, word)
			wants(t, row.name, err, row.code)
		}
		_, err := h.AcceptInvitation(ctx, identity.Actor{}, word)
		wants(t, "nobody", err, fault.CodeForbidden)
		_, err = h.RegisterInvited(ctx, identity.Origin{}, word, NewPerson{Name: "Dora", Password: goodPassword})
		wants(t, "registers with a contact that is somebody's", err, fault.CodeEmailTaken)
		nodes := []*Directory{h.Directory, second()}
		errs := make(chan error, 4)
		for n := range cap(errs) {
			go func() { _, err := nodes[n%2].AcceptInvitation(ctx, dora, word); errs <- err }()
		}
		joined := 0
		for range cap(errs) {
			if err := <-errs; err == nil {
				joined++
			} else if !fault.Is(err, fault.CodeInvitationUsed) && !fault.Is(err, fault.CodeMemberExists) {
				t.Errorf("who was slower: %v", err)
			}
		}
		if own, err := h.OwnPlaces(ctx, dora); joined != 1 || err != nil || len(own.Places) != 1 || own.Places[0].Member.Name != "D." {
			t.Errorf("joined %d times: %+v, %v", joined, own, err)
		}
		_, _, err = h.Invite(ctx, console, h.org.ID, NewInvitation{Contact: "dora@mail.example", Name: "D."})
		wants(t, "a member", err, fault.CodeMemberExists)
	})
}

func TestInvitationsEnd(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx := t.Context()
		i, first := h.invited(console, NewInvitation{Contact: "dora@mail.example", Name: "Dora"})
		_, _, err := h.Invite(ctx, console, h.org.ID, NewInvitation{Contact: "dora@mail.example", Name: "Dora"})
		wants(t, "twice", err, fault.CodeInvitationExists)
		_, err = h.ResendInvitation(ctx, console, h.org.ID, i.ID)
		wants(t, "sent again at once", err, fault.CodeRateLimited)
		h.clock.Advance(4 * 24 * time.Hour)
		_, err = h.shown(identity.Actor{}, first)
		wants(t, "too late", err, fault.CodeInvitationExpired)
		again, err := h.ResendInvitation(ctx, console, h.org.ID, i.ID)
		if err != nil || again.ID != i.ID || !again.EndsAt.Equal(h.clock.Now().Add(identity.InvitationLife)) {
			t.Fatalf("sent again: %#v, %v", again, err)
		}
		word := h.wordIn(h.mails(), "/invitations/")
		_, err = h.shown(identity.Actor{}, first)
		wants(t, "the earlier link", err, fault.CodeInvitationNotFound)
		if _, err := h.shown(identity.Actor{}, word); err != nil {
			t.Errorf("the later link: %v", err)
		}
		if err := h.CancelInvitation(ctx, console, h.org.ID, i.ID); err != nil {
			t.Fatal(err)
		}
		_, err = h.shown(identity.Actor{}, word)
		wants(t, "cancelled", err, fault.CodeInvitationCancelled)
		wants(t, "cancelled twice", h.CancelInvitation(ctx, console, h.org.ID, i.ID), fault.CodeInvitationState)
		_, err = h.ResendInvitation(ctx, console, h.org.ID, i.ID)
		wants(t, "sent again afterwards", err, fault.CodeInvitationState)
		for _, broken := range []string{"", "ogi_", word[:len(word)-1], "ogk" + word[3:]} {
			_, err := h.shown(identity.Actor{}, broken)
			wants(t, "the word "+broken, err, fault.CodeInvitationNotFound)
		}
		h.clock.Advance(time.Hour)
		late, _ := h.invited(console, NewInvitation{Contact: "dora@mail.example", Name: "Dora"})
		h.clock.Advance(4 * 24 * time.Hour)
		fresh, _ := h.invited(console, NewInvitation{Contact: "dora@mail.example", Name: "Dora"})
		if late, err := h.Invitation(ctx, console, h.org.ID, late.ID); err != nil || late.State != identity.InvitationCancelled {
			t.Errorf("the expired one that gave way: %s, %v", late.State, err)
		}
		for state, want := range map[identity.InvitationState]int{"": 3, identity.InvitationOpen: 1, identity.InvitationCancelled: 2, identity.InvitationExpired: 0, identity.InvitationAccepted: 0} {
			all, err := h.Invitations(ctx, console, h.org.ID, InvitationQuery{State: state})
			if err != nil || len(all) != want || want == 3 && all[0].ID != fresh.ID {
				t.Errorf("%q: %d, %v, want %d", state, len(all), err, want)
			}
		}
	})
}

func TestInvitationsOfAnOrganizationThatEnds(t *testing.T) {
	h := sqliteHouse(t)
	_, word := h.invited(console, NewInvitation{Contact: "dora@mail.example", Name: "Dora"})
	for status, code := range map[identity.OrganizationStatus]fault.Code{
		identity.OrganizationFrozen: fault.CodeOrganizationInactive, identity.OrganizationDissolving: fault.CodeInvitationGone,
	} {
		h.edit(func(o *identity.Organization) { o.Status = status })
		_, err := h.shown(identity.Actor{}, word)
		wants(t, string(status), err, code)
	}
	h.edit(func(o *identity.Organization) { o.Status = identity.OrganizationActive })
	if err := h.RemoveOrganization(t.Context(), console, h.org.ID); err != nil {
		t.Fatal(err)
	}
	_, err := h.shown(identity.Actor{}, word)
	wants(t, "gone", err, fault.CodeInvitationNotFound)
}

func TestInviteRefuses(t *testing.T) {
	h := sqliteHouse(t)
	admin := h.member("admin@house", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	plain := h.member("plain@house", func(*NewMember) {})
	good := NewInvitation{Contact: "dora@mail.example", Name: "Dora"}
	for _, row := range []struct {
		name   string
		actor  identity.Actor
		change func(n *NewInvitation)
		code   fault.Code
	}{
		{"by nobody", identity.Actor{}, nil, fault.CodeForbidden},
		{"by a member", actorOf(plain), nil, fault.CodeForbidden},
		{"by a person", h.own("emil"), nil, fault.CodeForbidden},
		{"an administrator by an administrator", actorOf(admin), func(n *NewInvitation) { n.Role = identity.RoleAdministrator }, fault.CodeForbidden},
		{"an owner", console, func(n *NewInvitation) { n.Role = identity.RoleOwner }, fault.CodeFieldChoice},
		{"an unknown role", console, func(n *NewInvitation) { n.Role = "root" }, fault.CodeFieldChoice},
		{"departments for a member", console, func(n *NewInvitation) { n.Administers = []string{"1"} }, fault.CodeFieldUnwanted},
		{"a department administrator of nothing", console, func(n *NewInvitation) { n.Role = identity.RoleDepartmentAdministrator }, fault.CodeAdministratorNowhere},
		{"no contact", console, func(n *NewInvitation) { n.Contact = " " }, fault.CodeFieldMissing},
		{"a wrong address", console, func(n *NewInvitation) { n.Contact = "a@b" }, fault.CodeEmailFormat},
		{"no name", console, func(n *NewInvitation) { n.Name = "" }, fault.CodeFieldLength},
		{"an unknown department", console, func(n *NewInvitation) { n.DepartmentCode = "nowhere" }, fault.CodeDepartmentNotFound},
		{"an unknown group", console, func(n *NewInvitation) { n.Groups = []identity.GroupID{"grp_nowhere"} }, fault.CodeGroupNotFound},
		{"a wrong level", console, func(n *NewInvitation) { n.SortLevel = 10_001 }, fault.CodeFieldRange},
	} {
		n := good
		if row.change != nil {
			row.change(&n)
		}
		_, _, err := h.Invite(t.Context(), row.actor, h.org.ID, n)
		wants(t, row.name, err, row.code)
	}
	h.edit(func(o *identity.Organization) { o.Limits.Members = 3 })
	_, _, err := h.Invite(t.Context(), console, h.org.ID, good)
	wants(t, "into a full organisation", err, fault.CodeMemberLimit)
	h.edit(func(o *identity.Organization) { o.Limits.Members = 4 })
	_, word := h.invited(console, good)
	h.member("more@house", func(*NewMember) {})
	_, err = h.RegisterInvited(t.Context(), identity.Origin{}, word, NewPerson{Password: goodPassword})
	wants(t, "accepted when it is full by now", err, fault.CodeMemberLimit)
}

// A department administrator invites into their departments, and sees no other
// invitation.
func TestInviteWithinReach(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	for _, code := range []string{"rd", "ops"} {
		if _, err := h.AddDepartment(ctx, console, h.org.ID, NewDepartment{Code: code, Name: code}); err != nil {
			t.Fatal(err)
		}
	}
	head := actorOf(h.member("head@house", func(n *NewMember) { n.Role, n.Administers = identity.RoleDepartmentAdministrator, []string{"rd"} }))
	mine, _ := h.invited(head, NewInvitation{Contact: "one@mail.example", Name: "One", DepartmentCode: "rd"})
	for _, n := range []NewInvitation{
		{Contact: "two@mail.example", Name: "Two", DepartmentCode: "ops"}, {Contact: "three@mail.example", Name: "Three"},
	} {
		_, _, err := h.Invite(ctx, head, h.org.ID, n)
		wants(t, "out of reach", err, fault.CodeOutsideDepartments)
		h.clock.Advance(time.Millisecond)
		other, _ := h.invited(console, n)
		_, err = h.Invitation(ctx, head, h.org.ID, other.ID)
		wants(t, "another's", err, fault.CodeInvitationNotFound)
		wants(t, "cancels another's", h.CancelInvitation(ctx, head, h.org.ID, other.ID), fault.CodeInvitationNotFound)
	}
	_, _, err := h.Invite(ctx, head, h.org.ID, NewInvitation{Contact: "four@mail.example", Name: "Four", DepartmentCode: "rd", Groups: []identity.GroupID{"grp_x"}})
	wants(t, "into a group", err, fault.CodeForbidden)
	if all, err := h.Invitations(ctx, head, h.org.ID, InvitationQuery{Limit: 1}); err != nil || len(all) != 1 || all[0].ID != mine.ID {
		t.Errorf("lists %v, %v", all, err)
	}
	if all, err := h.Invitations(ctx, console, h.org.ID, InvitationQuery{}); err != nil || len(all) != 3 {
		t.Errorf("everybody's are %d, %v", len(all), err)
	}
	if err := h.CancelInvitation(ctx, head, h.org.ID, mine.ID); err != nil {
		t.Error(err)
	}
}

// What an invitation promised and is gone by now is left out, not a reason to
// turn somebody away.
func TestAcceptWhatIsLeft(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	if _, err := h.AddDepartment(ctx, console, h.org.ID, NewDepartment{Code: "rd", Name: "Research"}); err != nil {
		t.Fatal(err)
	}
	g, err := h.AddGroup(ctx, console, h.org.ID, NewGroup{Name: "writers"})
	if err != nil {
		t.Fatal(err)
	}
	_, word := h.invited(console, NewInvitation{
		Contact: "dora@mail.example", Name: "Dora", DepartmentCode: "rd", Role: identity.RoleDepartmentAdministrator, Administers: []string{"rd"},
		Groups: []identity.GroupID{g.ID},
	})
	h.write(func(tx *store.Tx) error {
		dep, err := tx.Departments.ByCode(h.org.ID, "rd")
		if err == nil {
			err = tx.Departments.Delete(h.org.ID, dep.ID)
		}
		if err == nil {
			err = tx.Groups.Delete(h.org.ID, g.ID)
		}
		return err
	})
	a, err := h.RegisterInvited(ctx, identity.Origin{}, word, NewPerson{Password: goodPassword})
	if err != nil {
		t.Fatal(err)
	}
	h.read(func(tx *store.Tx) error {
		p, err := tx.Members.ByAccount(h.org.ID, a.ID)
		root, _ := tx.Departments.ByCode(h.org.ID, identity.RootDepartmentCode)
		if p.Member.Department != root.ID || p.Member.Role != identity.RoleMember {
			t.Errorf("the member is %+v", p.Member)
		}
		return err
	})
}
