package directory

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// OrganizationCards returns up to limit organisations (100 when 0, at most
// 1,000) with their owners, from an offset on, in the order of their making, and
// how many there are in all. Beyond the end they are those of the last page. A
// text is looked for, letter case aside, anywhere in name, code, identifier,
// telephone and mail address of the organisation and in its owner's account; the
// owner's own mobile and mail are found when they are given whole.
func (d *Directory) OrganizationCards(ctx context.Context, actor identity.Actor, text string, offset, limit int) (cards []Card, count int, err error) {
	if err := access.Allow(actor, access.AddOrganizations, ""); err != nil {
		return nil, 0, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		found, n, err := tx.Organizations.Search(text, offset, store.PageSize(limit))
		if err != nil {
			return err
		}
		ids := make([]identity.OrganizationID, 0, len(found))
		for _, o := range found {
			ids = append(ids, o.ID)
		}
		owners, err := tx.Members.Owners(ids)
		cards, count = make([]Card, 0, len(found)), n
		for _, o := range found {
			cards = append(cards, Card{Organization: o, Owner: owners[o.ID]})
		}
		return err
	})
	return cards, count, err
}

// ownsNothing refuses an owner-to-be whose account name or contact is that
// of another organisation's owner: Conflict (owner_elsewhere). That the name is
// taken at all is told by its insertion.
func (p *prepared) ownsNothing(tx *store.Tx, o identity.Organization) error {
	person, err := newPerson(tx.Now(), o.ID, p.member)
	if err != nil {
		return ofOwner(err)
	}
	for _, name := range person.Account.LoginNames(o.Rules.ContactsAsNames) {
		holder, err := tx.Lookup.Account(name)
		if fault.Is(err, fault.CodeAccountNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		places, err := tx.Lookup.Memberships(holder.ID)
		if err != nil {
			return err
		}
		for _, p := range places {
			if p.Member.Role == identity.RoleOwner {
				return fault.New(fault.Conflict, fault.CodeOwnerElsewhere)
			}
		}
	}
	return nil
}
