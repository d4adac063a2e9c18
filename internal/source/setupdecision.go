package source

import (
	"context"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ApproveSetupLink puts what was submitted by a link in force: the settings are
// the source's from now on, and a domain that was proven leads to it. Whether
// the source is enabled stays as it is. Faults: setup_link_state, and those of
// Change where the source was enabled meanwhile.
func (s *Sources) ApproveSetupLink(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SetupLinkID) error {
	return s.decide(ctx, actor, org, id, func(tx *store.Tx, link *identity.SetupLink, source identity.Source) error {
		if err := link.Decide(identity.SetupLinkApproved, "", actor.AccountID, tx.Now()); err != nil {
			return err
		}
		draft, err := storedValues(source.Kind, link.Draft)
		if err != nil {
			return err
		}
		next, changed, err := SourceChange{Settings: replacing(source.Kind, draft)}.applied(source)
		if err != nil {
			return err
		}
		if len(changed) > 0 {
			next.UpdatedAt = tx.Now()
			if err := tx.Sources.Put(next); err != nil {
				return err
			}
			next.Version++
			if err := recordChange(tx, actor, source, next, changed); err != nil {
				return err
			}
		}
		if err := leadDomain(tx, *link); err != nil {
			return err
		}
		link.Draft = nil
		return recordLink(tx, actor, audit.SetupLinkApproved, *link, map[string]string{"domain": link.Domain})
	})
}

// replacing is the change that leaves nothing of earlier settings but secrets
// that were not given anew.
func replacing(of identity.SourceKind, draft Values) Values {
	change := Values{}
	for _, f := range Schema(of) {
		if value := draft[f.Key]; value != "" || !f.Type.Secret() {
			change[f.Key] = value
		}
	}
	return change
}

// leadDomain leads the people of a link's domain to its source, if it was
// proven; it is no harm if it was not.
func leadDomain(tx *store.Tx, link identity.SetupLink) error {
	if link.Domain == "" {
		return nil
	}
	domain, err := tx.Domains.Get(link.OrganizationID, link.Domain)
	if fault.KindOf(err) == fault.NotFound || err == nil && !domain.Proven() {
		return nil
	}
	if err != nil {
		return err
	}
	domain.SourceID = link.SourceID
	return tx.Domains.Put(domain)
}

// RejectSetupLink throws away what was submitted by a link; the note, at most
// 255 characters in one line, tells why.
func (s *Sources) RejectSetupLink(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SetupLinkID, note string) error {
	if !visible(note) || utf8.RuneCountInString(note) > maxReason {
		return fault.New(fault.Invalid, fault.CodeFieldLength).At("note").With("min", 0).With("max", maxReason)
	}
	return s.decide(ctx, actor, org, id, func(tx *store.Tx, link *identity.SetupLink, _ identity.Source) error {
		if err := link.Decide(identity.SetupLinkRejected, note, actor.AccountID, tx.Now()); err != nil {
			return err
		}
		link.Draft = nil
		return recordLink(tx, actor, audit.SetupLinkRejected, *link, map[string]string{"note": note})
	})
}

// WithdrawSetupLink takes a link back that is not decided.
func (s *Sources) WithdrawSetupLink(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SetupLinkID) error {
	return s.decide(ctx, actor, org, id, func(tx *store.Tx, link *identity.SetupLink, _ identity.Source) error {
		if err := link.Withdraw(actor.AccountID, tx.Now()); err != nil {
			return err
		}
		link.Draft = nil
		return recordLink(tx, actor, audit.SetupLinkWithdrawn, *link, nil)
	})
}

// decide changes a link for somebody who manages the organisation.
func (s *Sources) decide(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SetupLinkID,
	change func(tx *store.Tx, link *identity.SetupLink, source identity.Source) error,
) error {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		link, err := tx.SetupLinks.Get(org, id)
		if err != nil {
			return err
		}
		source, err := ownSource(tx, org, link.SourceID)
		if err != nil {
			return err
		}
		if err := change(tx, &link, source); err != nil {
			return err
		}
		return tx.SetupLinks.Put(link)
	})
}
