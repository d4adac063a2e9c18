package directory

import (
	"context"
	"reflect"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

var (
	actorType        = reflect.TypeFor[identity.Actor]()
	organizationType = reflect.TypeFor[identity.OrganizationID]()
	memberType       = reflect.TypeFor[identity.MemberID]()
)

// actions are the exported methods that take an actor: those for which access
// has to be asked.
func actions(t *testing.T) (names []string) {
	t.Helper()
	directory := reflect.TypeFor[*Directory]()
	for i := range directory.NumMethod() {
		m := directory.Method(i)
		if m.Type.NumIn() > 2 && m.Type.In(2) == actorType {
			names = append(names, m.Name)
		}
	}
	if len(names) < 30 {
		t.Fatalf("found only %d methods with an actor", len(names))
	}
	return names
}

// call calls a method for an actor upon an organisation and a member; what
// else it takes is zero.
func (h *house) call(name string, actor identity.Actor, org identity.OrganizationID, member identity.MemberID) error {
	h.t.Helper()
	method := reflect.ValueOf(h.Directory).MethodByName(name)
	args := []reflect.Value{reflect.ValueOf(h.t.Context()), reflect.ValueOf(actor)}
	for i := 2; i < method.Type().NumIn(); i++ {
		arg := reflect.New(method.Type().In(i)).Elem()
		switch arg.Type() {
		case organizationType:
			arg.SetString(string(org))
		case memberType:
			arg.SetString(string(member))
		}
		args = append(args, arg)
	}
	out := method.Call(args)
	err, _ := out[len(out)-1].Interface().(error)
	return err
}

func TestEveryActionAsksAccess(t *testing.T) {
	h := sqliteHouse(t)
	org, member := h.org.ID, h.owner.Member.ID
	other := h.furnish("other", func(*NewOrganization) {})
	// What people may do to themselves does not depend on the organisation.
	own := map[string]bool{
		"ChangePassword": true, "OwnPlaces": true, "FoundOrganization": true, "LeaveOrganization": true, "LeaveAndGoOn": true, "RemoveOwnAccount": true,
		"AcceptInvitation": true, "AcceptHandover": true, "ProveSelf": true,
	}
	actors := map[string]identity.Actor{
		"nobody": {},
		"owner of another organisation": {
			Kind: identity.ActsAsMember, OrganizationID: other.ID, Role: identity.RoleOwner,
			AccountID: h.owner.Account.ID, MemberID: h.owner.Member.ID,
		},
		"token of another organisation":              {Kind: identity.ActsAsOrgToken, OrganizationID: other.ID, APIToken: "key_x"},
		"application":                                {Kind: identity.ActsAsApplication, OrganizationID: org, AppID: "a"},
		"member without a role":                      {Kind: identity.ActsAsMember, OrganizationID: org, MemberID: "mem_x"},
		"one of a kind we do not know":               {Kind: "root", OrganizationID: org},
		"member of the id, but another organisation": {Kind: identity.ActsAsMember, OrganizationID: other.ID, MemberID: member, Role: identity.RoleMember},
	}
	for who, actor := range actors {
		for _, name := range actions(t) {
			if own[name] && actor.AccountID != "" {
				continue
			}
			wants(t, who+": "+name, h.call(name, actor, org, member), fault.CodeForbidden)
		}
	}
}

func TestOrdinaryMembersMayOnlyRead(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice", func(*NewMember) {})
	actor := actorOf(p)
	may := map[string]bool{
		"Organization": true, "OrganizationByRef": true, "Department": true, "Departments": true, "DepartmentTrail": true,
		"ChildDepartments": true, "ChangePassword": true, "VisibleDepartments": true, "PlacedDepartment": true, "ChangeOwn": true, "OrganizationCard": true, "NamedDepartments": true,
		"Groups": true, "Attributes": true, "Attribute": true, // of groups their own
		// Theirs, with an account of their own; what refuses the others is tested there.
		"OwnPlaces": true, "FoundOrganization": true, "LeaveOrganization": true, "LeaveAndGoOn": true, "RemoveOwnAccount": true, "AcceptInvitation": true, "AcceptHandover": true, "ProveSelf": true,
	}
	for _, name := range actions(t) {
		if !may[name] {
			wants(t, name, h.call(name, actor, h.org.ID, h.owner.Member.ID), fault.CodeForbidden)
		}
	}
	got, err := h.Member(t.Context(), actor, h.org.ID, p.Member.ID)
	if err != nil || got.Member.ID != p.Member.ID {
		t.Errorf("a member reads itself: got %s, %v, want %s", got.Member.ID, err, p.Member.ID)
	}
}

// actorOf is a signed-in member.
func actorOf(p identity.Person) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID,
		OrganizationID: p.Member.OrganizationID, Role: p.Member.Role, Name: p.Member.Name,
	}
}

// An identifier of another organisation is not found, whoever asks.
func TestForeignIdentifiersAreNotFound(t *testing.T) {
	h := sqliteHouse(t)
	foreign, owner := h.owner, actorOf(h.owner)
	here := h.furnish("other", func(*NewOrganization) {})
	owner.OrganizationID = here.ID
	ctx, id := t.Context(), foreign.Member.ID
	tests := map[string]func(ctx context.Context, actor identity.Actor) error{
		"Member":            func(ctx context.Context, a identity.Actor) error { _, err := h.Member(ctx, a, here.ID, id); return err },
		"SuspendMember":     func(ctx context.Context, a identity.Actor) error { return h.SuspendMember(ctx, a, here.ID, id) },
		"ResumeMember":      func(ctx context.Context, a identity.Actor) error { return h.ResumeMember(ctx, a, here.ID, id) },
		"RemoveMember":      func(ctx context.Context, a identity.Actor) error { return h.RemoveMember(ctx, a, here.ID, id) },
		"TransferOwnership": func(ctx context.Context, a identity.Actor) error { return h.TransferOwnership(ctx, a, here.ID, id) },
		"ResetPassword":     func(ctx context.Context, a identity.Actor) error { return h.ResetPassword(ctx, a, here.ID, id) },
		"SetRole": func(ctx context.Context, a identity.Actor) error {
			return h.SetRole(ctx, a, here.ID, id, identity.RoleAdministrator)
		},
		"ChangeMember": func(ctx context.Context, a identity.Actor) error {
			_, err := h.ChangeMember(ctx, a, here.ID, id, 0, MemberChange{})
			return err
		},
		"SetPicture": func(ctx context.Context, a identity.Actor) error {
			_, err := h.SetPicture(ctx, a, here.ID, id, aPicture(t, 8))
			return err
		},
		"RemovePicture": func(ctx context.Context, a identity.Actor) error {
			_, err := h.RemovePicture(ctx, a, here.ID, id)
			return err
		},
		"Picture": func(ctx context.Context, a identity.Actor) error {
			_, err := h.Picture(ctx, a, here.ID, id)
			return err
		},
		"MemberByAccount": func(ctx context.Context, a identity.Actor) error {
			_, err := h.MemberByAccount(ctx, a, here.ID, foreign.Account.Name)
			return err
		},
	}
	for name, act := range tests {
		wants(t, name+" by the console", act(ctx, console), fault.CodeMemberNotFound)
		wants(t, name+" by the owner", act(ctx, owner), fault.CodeMemberNotFound)
	}
	_, err := h.DepartmentTrail(ctx, console, here.ID, foreign.Member.Department)
	wants(t, "DepartmentTrail", err, fault.CodeDepartmentNotFound)
	people, err := h.Members(ctx, owner, here.ID, store.MemberQuery{})
	if err != nil || len(people) != 1 || people[0].Member.OrganizationID != here.ID {
		t.Errorf("members: got %d, %v, want only the own one", len(people), err)
	}
}

// Administrators do not touch each other or the owner.
func TestAdministratorsAreEqual(t *testing.T) {
	h := sqliteHouse(t)
	administrator := func(n *NewMember) { n.Role = identity.RoleAdministrator }
	a, b := h.member("a", administrator), h.member("b", administrator)
	c := h.member("c", func(*NewMember) {})
	ctx, actor, org := t.Context(), actorOf(a), h.org.ID
	for _, target := range []identity.Person{b, h.owner} {
		name := target.Member.Name
		wants(t, "suspend "+name, h.SuspendMember(ctx, actor, org, target.Member.ID), fault.CodeForbidden)
		wants(t, "resume "+name, h.ResumeMember(ctx, actor, org, target.Member.ID), fault.CodeForbidden)
		wants(t, "remove "+name, h.RemoveMember(ctx, actor, org, target.Member.ID), fault.CodeForbidden)
		_, err := h.ChangeMember(ctx, actor, org, target.Member.ID, 0, MemberChange{Title: new("boss")})
		wants(t, "change "+name, err, fault.CodeForbidden)
	}
	wants(t, "role of c", h.SetRole(ctx, actor, org, c.Member.ID, identity.RoleAdministrator), fault.CodeForbidden)
	wants(t, "hand-over", h.TransferOwnership(ctx, actor, org, a.Member.ID), fault.CodeForbidden)
	for _, role := range []identity.Role{identity.RoleAdministrator, identity.RoleOwner} {
		_, err := h.AddMember(ctx, actor, org, NewMember{Name: "X", Role: role})
		wants(t, "add "+string(role), err, fault.CodeForbidden)
	}
	wants(t, "suspend c", h.SuspendMember(ctx, actor, org, c.Member.ID), "")
	_, err := h.ChangeMember(ctx, actor, org, a.Member.ID, 0, MemberChange{Title: new("CTO")})
	wants(t, "change oneself", err, "")
	wants(t, "the owner suspends b", h.SuspendMember(ctx, actorOf(h.owner), org, b.Member.ID), "")
	govern := OrganizationChange{Limits: &identity.Limits{Members: 9}}
	_, err = h.ChangeOrganization(ctx, actorOf(h.owner), org, 0, govern)
	wants(t, "the owner sets limits", err, fault.CodeForbidden)
}
