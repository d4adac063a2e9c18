package directory

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// OwnChange is an edit of a member by themselves; nil leaves a field alone, ""
// clears it. Mobile and mail are for a caller who has seen the proof that they
// are the member's.
type OwnChange struct {
	Name, EnglishName, Title, Signature, Description *string
	Email, Mobile, Country                           *string
}

// ChangeOwn edits the member who acts. A contact that is somebody else's login
// name is a Conflict (mobile_taken, email_taken).
func (d *Directory) ChangeOwn(ctx context.Context, actor identity.Actor, org identity.OrganizationID, c OwnChange) (p identity.Person, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return p, err
	}
	if !isSelf(actor, org, actor.MemberID) {
		return p, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		found, err := tx.Members.Get(org, actor.MemberID)
		if err != nil {
			return err
		}
		var changed audit.Edit
		p, changed, err = writeBack(tx, found, MemberChange{
			Name: c.Name, EnglishName: c.EnglishName, Title: c.Title, Signature: c.Signature, Description: c.Description,
			Email: c.Email, Mobile: c.Mobile, Country: c.Country,
		})
		if err != nil || len(changed) == 0 {
			p = found
			return err
		}
		return audit.Record(tx, actor, audit.MemberChanged, aboutMember(p, changed.Details()))
	})
	return p, err
}

// Card is what an organisation tells its own members about itself.
type Card struct {
	Organization identity.Organization
	Owner        identity.Person // zero where there is none yet
}

// OrganizationCard returns an organisation with its owner.
func (d *Directory) OrganizationCard(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (c Card, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return c, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if c.Organization, err = tx.Organizations.Get(org); err != nil {
			return err
		}
		c.Owner, err = tx.Members.Owner(org)
		if fault.Is(err, fault.CodeMemberNotFound) {
			c.Owner, err = identity.Person{}, nil
		}
		return err
	})
	return c, err
}

// Reaches reports whether messages can leave by a channel.
func (d *Directory) Reaches(ctx context.Context, channel identity.Channel) bool {
	return d.configured == nil || d.configured(ctx, channel)
}
