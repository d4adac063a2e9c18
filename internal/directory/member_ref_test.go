package directory

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// refs names people by their accounts.
func refs(accounts ...string) (all []MemberRef) {
	for _, account := range accounts {
		all = append(all, MemberRef{Account: account})
	}
	return all
}

// staff is an organisation with members a, b and c, where c has the account of
// b as third account, and the administrators chief and vice.
func (h *house) staff() {
	h.t.Helper()
	h.member("a", func(n *NewMember) { n.ThirdAccount = "T-1" })
	h.member("b", func(*NewMember) {})
	h.member("c", func(n *NewMember) { n.ThirdAccount = "b" })
	for _, account := range []string{"chief", "vice"} {
		h.member(account, func(n *NewMember) { n.Role = identity.RoleAdministrator })
	}
}

// stand checks the status of several people; "" is nobody.
func (h *house) stand(what string, want map[string]identity.MemberStatus) {
	h.t.Helper()
	for account, status := range want {
		p, err := h.MemberByAccount(h.t.Context(), console, h.org.ID, account)
		if err != nil && !fault.Is(err, fault.CodeMemberNotFound) {
			h.t.Fatal(err)
		}
		if p.Member.Status != status {
			h.t.Errorf("%s: %s is %q, want %q", what, account, p.Member.Status, status)
		}
	}
}

// A reference is one name or the other, never one for want of the other.
func TestMemberByRef(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.staff()
		here, owner := h.org, actorOf(h.owner)
		h.furnish("other", func(*NewOrganization) {})
		h.member("stranger", func(n *NewMember) { n.ThirdAccount = "T-1" })
		h.org = here
		for _, row := range []struct {
			what string
			ref  MemberRef
			want string
		}{
			{"an account", MemberRef{Account: "b"}, "b"},
			{"an account in other letters", MemberRef{Account: "B"}, "b"},
			{"a third account that is an account", MemberRef{ThirdAccount: "b"}, "c"},
			{"a third account that another organisation knows too", MemberRef{ThirdAccount: "T-1"}, "a"},
			{"a third account in other letters", MemberRef{ThirdAccount: "t-1"}, ""},
			{"an account that is a third account only", MemberRef{Account: "T-1"}, ""},
			{"somebody of another organisation", MemberRef{Account: "stranger"}, ""},
			{"nobody", MemberRef{Account: "nobody"}, ""},
			{"no name at all", MemberRef{}, ""},
		} {
			p, err := h.MemberByRef(t.Context(), owner, here.ID, row.ref)
			if row.want == "" {
				wants(t, row.what, err, fault.CodeMemberNotFound)
			} else if err != nil || p.Account.Name != row.want {
				t.Errorf("%s: got %q, %v, want %q", row.what, p.Account.Name, err, row.want)
			}
		}
	})
}

// One who cannot be removed, wherever named, and everybody stays.
func TestRemoveMembersIsAllOrNobody(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.staff()
		ctx, org, owner := t.Context(), h.org.ID, actorOf(h.owner)
		chief := actorOf(h.called("chief"))
		here := map[string]identity.MemberStatus{
			"a": identity.MemberActive, "b": identity.MemberActive, "c": identity.MemberActive,
			"chief": identity.MemberActive, "vice": identity.MemberActive, "owner@house": identity.MemberActive,
		}
		for _, row := range []struct {
			what  string
			actor identity.Actor
			refs  []MemberRef
			want  fault.Code
		}{
			{"an unknown one at the end", owner, refs("a", "b", "nobody"), fault.CodeMemberNotFound},
			{"an unknown one at the beginning", owner, refs("nobody", "a"), fault.CodeMemberNotFound},
			{"the owner among them", owner, refs("a", "owner@house"), fault.CodeOwnerProtected},
			{"an administrator, by another", chief, refs("a", "vice"), fault.CodeForbidden},
			{"oneself, by an administrator", chief, refs("a", "chief"), fault.CodeForbidden},
			{"nobody named", owner, nil, ""},
		} {
			wants(t, row.what, h.RemoveMembers(ctx, row.actor, org, row.refs), row.want)
			h.stand(row.what, here)
		}
		if n := h.countEvents("member.removed"); n != 0 {
			t.Errorf("%d removals are recorded, want none", n)
		}
		issued := h.signIn("a")
		wants(t, "two names of one", h.RemoveMembers(ctx, chief, org, append(refs("a", "A", "b"), MemberRef{ThirdAccount: "T-1"})), "")
		h.stand("after", map[string]identity.MemberStatus{"a": "", "b": "", "c": identity.MemberActive})
		if n := h.countEvents("member.removed"); n != 2 {
			t.Errorf("%d removals are recorded, want two", n)
		}
		if _, err := h.tokens.Check(ctx, issued.Access); err == nil {
			t.Error("a token of who was removed is still good")
		}
		h.member("a", func(*NewMember) {}) // the name is free again
	})
}

// Several are suspended and resumed together, and who stands so already is
// left alone.
func TestSetMembersStatus(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.staff()
		ctx, org, owner := t.Context(), h.org.ID, actorOf(h.owner)
		chief := actorOf(h.called("chief"))
		const on, off = identity.MemberActive, identity.MemberDisabled
		issued := h.signIn("a")
		for _, row := range []struct {
			what   string
			actor  identity.Actor
			refs   []MemberRef
			status identity.MemberStatus
			want   fault.Code
			a, b   identity.MemberStatus
		}{
			{"an unknown one", owner, refs("a", "nobody"), off, fault.CodeMemberNotFound, on, on},
			{"the owner", owner, refs("a", "owner@house"), off, fault.CodeOwnerProtected, on, on},
			{"another administrator", chief, refs("a", "vice"), off, fault.CodeForbidden, on, on},
			{"nobody", owner, nil, off, "", on, on},
			{"one, named twice", chief, refs("a", "A"), off, "", off, on},
			{"one of whom is off", owner, refs("b", "a"), off, "", off, off},
			{"an unknown one on", owner, refs("a", "b", "nobody"), on, fault.CodeMemberNotFound, off, off},
			{"one back on", owner, refs("b"), on, "", off, on},
			{"one of whom is on", chief, refs("a", "b"), on, "", on, on},
		} {
			wants(t, row.what, h.SetMembersStatus(ctx, row.actor, org, row.refs, row.status), row.want)
			h.stand(row.what, map[string]identity.MemberStatus{"a": row.a, "b": row.b, "c": on, "vice": on, "owner@house": on})
		}
		if off, on := h.countEvents("member.suspended"), h.countEvents("member.resumed"); off != 2 || on != 2 {
			t.Errorf("recorded %d suspensions and %d resumptions, want two each", off, on)
		}
		if _, err := h.tokens.Check(ctx, issued.Access); err == nil {
			t.Error("a token from before the suspension is good again")
		}
		wants(t, "sign-in after it", h.tries("a", goodPassword), "")
	})
}

// Administrators become ordinary together or not at all.
func TestDismissAdministrators(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		h.staff()
		ctx, org, owner := t.Context(), h.org.ID, actorOf(h.owner)
		all := map[string]identity.Role{"owner@house": identity.RoleOwner, "chief": identity.RoleAdministrator, "vice": identity.RoleAdministrator}
		one := map[string]identity.Role{"owner@house": identity.RoleOwner, "vice": identity.RoleAdministrator}
		for _, row := range []struct {
			what  string
			actor identity.Actor
			refs  []MemberRef
			want  fault.Code
			roles map[string]identity.Role
		}{
			{"an ordinary member among them", owner, refs("chief", "a"), fault.CodeMemberNotFound, all},
			{"an unknown one among them", owner, refs("chief", "nobody"), fault.CodeMemberNotFound, all},
			{"the owner among them", owner, refs("chief", "owner@house"), fault.CodeOwnerProtected, all},
			{"by an administrator", actorOf(h.called("vice")), refs("chief"), fault.CodeForbidden, all},
			{"by a member", actorOf(h.called("a")), refs("chief"), fault.CodeForbidden, all},
			{"nobody", owner, nil, "", all},
			{"one, named twice", owner, refs("chief", "CHIEF"), "", one},
			{"the same again", owner, refs("chief", "vice"), fault.CodeMemberNotFound, one},
		} {
			wants(t, row.what, h.DismissAdministrators(ctx, row.actor, org, row.refs), row.want)
			h.hasRoles(row.roles)
		}
		h.stand("dismissed", map[string]identity.MemberStatus{"chief": identity.MemberActive})
	})
}
