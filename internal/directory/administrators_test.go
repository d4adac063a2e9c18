package directory

import (
	"fmt"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// roles are the roles of the organisation's administrators by account.
func (h *house) roles() map[string]identity.Role {
	h.t.Helper()
	people, err := h.Administrators(h.t.Context(), console, h.org.ID)
	if err != nil {
		h.t.Fatal(err)
	}
	roles := map[string]identity.Role{}
	for _, p := range people {
		roles[p.Account.Name] = p.Member.Role
	}
	return roles
}

func (h *house) hasRoles(want map[string]identity.Role) {
	h.t.Helper()
	if got := h.roles(); fmt.Sprint(got) != fmt.Sprint(want) {
		h.t.Errorf("administrators: got %v, want %v", got, want)
	}
}

func TestSetRole(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice", func(*NewMember) {})
	ctx := t.Context()
	set := func(id identity.MemberID, role identity.Role) error {
		return h.SetRole(ctx, actorOf(h.owner), h.org.ID, id, role)
	}
	for range 2 {
		wants(t, "make administrator", set(p.Member.ID, identity.RoleAdministrator), "")
	}
	h.hasRoles(map[string]identity.Role{"owner@house": identity.RoleOwner, "alice": identity.RoleAdministrator})
	wants(t, "make member", set(p.Member.ID, identity.RoleMember), "")
	h.hasRoles(map[string]identity.Role{"owner@house": identity.RoleOwner})
	wants(t, "make owner", set(p.Member.ID, identity.RoleOwner), fault.CodeFieldChoice)
	wants(t, "unknown role", set(p.Member.ID, "king"), fault.CodeFieldChoice)
	wants(t, "the owner", set(h.owner.Member.ID, identity.RoleMember), fault.CodeOwnerProtected)
	wants(t, "unknown member", set("mem_none", identity.RoleMember), fault.CodeMemberNotFound)
}

// A role holds from the very next request with a token of before.
func TestRoleReachesTokens(t *testing.T) {
	h := sqliteHouse(t)
	p := h.member("alice", func(*NewMember) {})
	issued := h.signIn("alice")
	for _, role := range []identity.Role{identity.RoleAdministrator, identity.RoleMember} {
		wants(t, string(role), h.SetRole(t.Context(), console, h.org.ID, p.Member.ID, role), "")
		bearer, err := h.tokens.Check(t.Context(), issued.Access)
		if err != nil || bearer.Actor.Role != role {
			t.Errorf("got role %q, %v, want %q", bearer.Actor.Role, err, role)
		}
	}
}

func TestTransferOwnership(t *testing.T) {
	h := sqliteHouse(t)
	ctx, org := t.Context(), h.org.ID
	alice := h.member("alice", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	bob := h.member("bob", func(*NewMember) {})
	gone := h.member("gone", func(n *NewMember) { n.Disabled = true })
	wants(t, "to an administrator", h.TransferOwnership(ctx, actorOf(h.owner), org, alice.Member.ID), "")
	h.hasRoles(map[string]identity.Role{"alice": identity.RoleOwner, "owner@house": identity.RoleAdministrator})
	wants(t, "to an ordinary member, by the provider", h.TransferOwnership(ctx, console, org, bob.Member.ID), "")
	h.hasRoles(map[string]identity.Role{"bob": identity.RoleOwner, "owner@house": identity.RoleAdministrator})
	wants(t, "to the owner", h.TransferOwnership(ctx, console, org, bob.Member.ID), fault.CodeAlreadyOwner)
	wants(t, "to one who is suspended", h.TransferOwnership(ctx, console, org, gone.Member.ID), fault.CodeMemberState)
	wants(t, "to nobody", h.TransferOwnership(ctx, console, org, "mem_none"), fault.CodeMemberNotFound)
	// Who was the owner is no longer protected.
	wants(t, "remove the first owner", h.RemoveMember(ctx, console, org, h.owner.Member.ID), "")
}

func TestFirstOwner(t *testing.T) {
	h := sqliteHouse(t)
	h.write(func(tx *store.Tx) error {
		h.owner.Member.Role = identity.RoleMember
		return tx.Members.Put(h.owner)
	})
	p := h.member("alice", func(*NewMember) {})
	wants(t, "hand-over without an owner", h.TransferOwnership(t.Context(), console, h.org.ID, p.Member.ID), "")
	h.hasRoles(map[string]identity.Role{"alice": identity.RoleOwner})
}

// There is one owner at every moment, whoever hands over at once.
func TestParallelTransfers(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		heirs := make([]identity.Person, 6)
		for i := range heirs {
			heirs[i] = h.member(fmt.Sprint("heir", i), func(*NewMember) {})
		}
		nodes := []*Directory{h.Directory, second()}
		var work sync.WaitGroup
		for i, heir := range heirs {
			work.Go(func() {
				if err := nodes[i%2].TransferOwnership(t.Context(), console, h.org.ID, heir.Member.ID); err != nil {
					t.Errorf("heir %d: %v", i, err)
				}
			})
		}
		work.Wait()
		owners := 0
		for _, role := range h.roles() {
			if role == identity.RoleOwner {
				owners++
			}
		}
		if owners != 1 {
			t.Errorf("got %d owners, want 1", owners)
		}
	})
}
