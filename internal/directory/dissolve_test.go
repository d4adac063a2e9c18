package directory

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ownerOf acts as the owner of the house.
func (h *house) ownerOf() identity.Actor {
	m := h.owner.Member
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: m.AccountID, MemberID: m.ID, OrganizationID: m.OrganizationID, Role: m.Role, Name: m.Name,
	}
}

func TestDissolve(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, gone, owner := t.Context(), h.org, h.ownerOf()
		h.member("alice", func(*NewMember) {})
		issued := h.signIn("alice")
		h.furnish("kept", func(*NewOrganization) {})
		administrator := owner
		administrator.Role = identity.RoleAdministrator
		for name, actor := range map[string]identity.Actor{"nobody": {}, "an administrator": administrator, "another owner": h.ownerOf()} {
			wants(t, name, h.Dissolve(ctx, actor, gone.ID, gone.Code), fault.CodeForbidden)
		}
		for _, code := range []string{"", "kept", gone.Name, string(gone.ID)} {
			wants(t, "confirmed by "+code, h.Dissolve(ctx, owner, gone.ID, code), fault.CodeConfirmation)
		}
		_, err := h.tokens.Check(ctx, issued.Access)
		wants(t, "a token before", err, "")
		wants(t, "dissolve", h.Dissolve(ctx, owner, gone.ID, " HOUSE"), "")
		_, err = h.tokens.Check(ctx, issued.Access)
		wants(t, "a token afterwards", err, fault.CodeTokenUnknown)
		_, err = h.Organization(ctx, console, gone.ID)
		wants(t, "the organisation", err, fault.CodeOrganizationNotFound)
		wants(t, "a password", h.tries("alice", goodPassword), fault.CodeSignInFailed)
		wants(t, "another organisation", h.tries("owner@kept", goodPassword), "")
		ends := h.all(audit.OrganizationDissolved)
		if len(ends) != 1 || ends[0].OrganizationID != "" || ends[0].Target != string(gone.ID) || ends[0].Details["code"] != gone.Code {
			t.Errorf("recorded: %+v", ends)
		}
	})
}

// A process that ends between two slices leaves an organisation that nobody
// enters and nobody brings back, and another process goes on.
func TestDissolutionGoesOnAfterAKill(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		ctx, id := t.Context(), h.org.ID
		for _, name := range []string{"alice", "bob", "carol"} {
			h.clock.Advance(time.Second) // so that they go in this order
			h.member(name, func(*NewMember) {})
		}
		issued := h.signIn("alice")
		h.write(func(tx *store.Tx) error { return condemn(tx, h.org) })
		h.write(func(tx *store.Tx) error {
			n, err := tx.Dissolutions.People(id, 2)
			if n != 2 {
				t.Errorf("got %d people", n)
			}
			return err
		})
		later := second()
		_, err := later.tokens.Check(ctx, issued.Access)
		wants(t, "a token", err, fault.CodeTokenUnknown)
		wants(t, "a password", h.tries("carol", goodPassword), fault.CodeOrganizationInactive)
		active := identity.OrganizationActive
		_, err = later.ChangeOrganization(ctx, console, id, 0, OrganizationChange{Status: &active})
		wants(t, "brought back", err, fault.CodeOrganizationDissolving)
		wants(t, "the job", later.FinishDissolutions(ctx), "")
		_, err = later.Organization(ctx, console, id)
		wants(t, "the organisation", err, fault.CodeOrganizationNotFound)
		wants(t, "the job, again", later.FinishDissolutions(ctx), "")
		wants(t, "a name that is free again", h.tries("carol", goodPassword), fault.CodeSignInFailed)
		wants(t, "what is gone", later.takeApart(ctx, id, 1), "")
	})
}
