package source

import (
	"context"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// errSetupLinkEnded is said of every secret by which nothing can be filled in,
// whatever the reason.
var errSetupLinkEnded = fault.New(fault.Expired, fault.CodeSetupLinkEnded)

// ended tells a ticket that does not count as a link that cannot be used.
func ended(err error) error {
	if fault.Is(err, fault.CodeTicket) || fault.Is(err, fault.CodeSpent) || fault.Is(err, fault.CodeSetupLinkNotFound) {
		return errSetupLinkEnded.Because(err)
	}
	return err
}

// PeekSetupLink shows for whom a link's secret opens a source, and spends
// nothing: programs that look at links in mails open none. A secret that does
// not count is Expired (setup_link_ended).
func (s *Sources) PeekSetupLink(ctx context.Context, secret string) (sub Submission, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		t, err := ticket.Peek(tx, identity.TicketSetupLink, secret)
		if err != nil {
			return ended(err)
		}
		link, err := tx.Lookup.SetupLink(identity.SetupLinkID(t.Payload))
		if err != nil {
			return ended(err)
		}
		if link.State != identity.SetupLinkWaiting {
			return errSetupLinkEnded
		}
		sub, err = s.submission(tx, link)
		return err
	})
	return sub, err
}

// OpenSetupLink spends a link's secret. The word it returns is that of the
// browser, by which it works on until the link ends.
func (s *Sources) OpenSetupLink(ctx context.Context, origin identity.Origin, secret string) (word string, err error) {
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		t, err := ticket.Take(tx, identity.TicketSetupLink, secret)
		if err != nil {
			return ended(err)
		}
		link, err := tx.Lookup.SetupLink(identity.SetupLinkID(t.Payload))
		if err != nil {
			return ended(err)
		}
		if err := link.Open(tx.Now()); err != nil {
			return err
		}
		if err := tx.SetupLinks.Put(link); err != nil {
			return err
		}
		if word, err = ticket.Put(tx, identity.TicketSetupGuest, []byte(link.ID), link.EndsAt.Sub(tx.Now())); err != nil {
			return err
		}
		return recordLink(tx, outsider(link, origin), audit.SetupLinkOpened, link, nil)
	})
	return word, err
}

// outsider is who acts by a set-up link.
func outsider(link identity.SetupLink, origin identity.Origin) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsSetupLink, OrganizationID: link.OrganizationID, SetupLink: link.ID, Name: link.For, Origin: origin,
	}
}

// SetupGuest returns who acts in the browser that opened a link, by the word it
// was given. Any other word is Expired (setup_link_ended).
func (s *Sources) SetupGuest(ctx context.Context, origin identity.Origin, word string) (actor identity.Actor, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		t, err := ticket.Peek(tx, identity.TicketSetupGuest, word)
		if err != nil {
			return ended(err)
		}
		link, err := tx.Lookup.SetupLink(identity.SetupLinkID(t.Payload))
		if err != nil {
			return ended(err)
		}
		actor = outsider(link, origin)
		return nil
	})
	return actor, err
}

// FillIn writes settings, and the domain of the people, into the draft of a
// link. Values that are not given stay; a secret does not follow a changed
// address. Faults: those of Change at settings.KEY, and setup_link_ended.
func (s *Sources) FillIn(ctx context.Context, actor identity.Actor, id identity.SetupLinkID, given Values, domain string) error {
	return s.edit(ctx, actor, id, func(tx *store.Tx, link *identity.SetupLink, source identity.Source) error {
		tx.NoEvent("a draft is recorded when it is submitted")
		if !link.Editable(tx.Now()) {
			return errSetupLinkEnded
		}
		draft, err := draftOf(*link, source)
		if err != nil {
			return err
		}
		proposed := SourceChange{Settings: given, Enabled: new(bool)}.proposal(source)
		next, err := proposed.checked(draft)
		if err != nil {
			return err
		}
		if domain != "" {
			if domain, err = identity.DomainName(domain); err != nil {
				return err
			}
		}
		link.Domain = domain
		link.Draft, err = next.stored()
		return err
	})
}

// Submit hands the draft of a link over for a decision. It has to be complete:
// field_missing tells what is not.
func (s *Sources) Submit(ctx context.Context, actor identity.Actor, id identity.SetupLinkID) error {
	return s.edit(ctx, actor, id, func(tx *store.Tx, link *identity.SetupLink, source identity.Source) error {
		draft, err := draftOf(*link, source)
		if err != nil {
			return err
		}
		if err := complete(source.Kind, draft); err != nil {
			return err
		}
		if err := link.Submit(tx.Now()); err != nil {
			return err
		}
		return recordLink(tx, actor, audit.SetupLinkSubmitted, *link, map[string]string{"domain": link.Domain})
	})
}

// complete tells what settings lack before a source can be enabled.
func complete(of identity.SourceKind, v Values) error {
	kind := kinds()[of]
	_, lacking := kind.check(v.filled(kind.schema()))
	return fault.All(append(v.lacking(kind.schema()), lacking...))
}

// edit changes a link that the actor may fill in.
func (s *Sources) edit(ctx context.Context, actor identity.Actor, id identity.SetupLinkID,
	change func(tx *store.Tx, link *identity.SetupLink, source identity.Source) error,
) error {
	if err := mayFill(actor, actor.OrganizationID, id); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		link, err := tx.SetupLinks.Get(actor.OrganizationID, id)
		if err != nil {
			return err
		}
		source, err := ownSource(tx, link.OrganizationID, link.SourceID)
		if err != nil {
			return err
		}
		if err := change(tx, &link, source); err != nil {
			return err
		}
		return tx.SetupLinks.Put(link)
	})
}
