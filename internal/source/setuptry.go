package source

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// TryDraft begins a try of what was filled in by a link, for the browser that
// fills it in; the report is shown at a path of ours. It has to be complete:
// field_missing tells what is not.
func (s *Sources) TryDraft(ctx context.Context, actor identity.Actor, id identity.SetupLinkID, flow, returnTo string) (Try, error) {
	if err := mayFill(actor, actor.OrganizationID, id); err != nil {
		return Try{}, err
	}
	r := SourceTry{Flow: flow, ReturnTo: returnTo}
	err := s.db.View(ctx, func(tx *store.Tx) error {
		link, err := tx.SetupLinks.Get(actor.OrganizationID, id)
		if err != nil {
			return err
		}
		if !link.Editable(tx.Now()) {
			return errSetupLinkEnded
		}
		source, err := ownSource(tx, link.OrganizationID, link.SourceID)
		if err != nil {
			return err
		}
		draft, err := draftOf(link, source)
		if err != nil {
			return err
		}
		// Who comes in by it is the organisation's to say: any rules do.
		rules := source.Rules
		if rules.Validate() != nil {
			rules = identity.SourceRules{Strategy: identity.CreateOnly}
		}
		r.Source, r.Change = source.ID, SourceChange{Settings: replacing(source.Kind, draft), Rules: &rules}
		return complete(source.Kind, draft)
	})
	if err != nil {
		return Try{}, err
	}
	return s.startSourceTry(ctx, actor, actor.OrganizationID, r)
}

// DraftReport returns the report of a try that was begun by a link, without
// what it would mean for people of the organisation, or NotFound
// (try_not_found).
func (s *Sources) DraftReport(ctx context.Context, actor identity.Actor, id identity.SetupLinkID, try identity.TryID) (Report, error) {
	if err := mayFill(actor, actor.OrganizationID, id); err != nil {
		return Report{}, err
	}
	var row store.Try
	err := s.db.View(ctx, func(tx *store.Tx) (err error) {
		row, err = tx.Tries.Get(actor.OrganizationID, try)
		return err
	})
	if err == nil && row.StartedBy != string(id) {
		err = fault.New(fault.NotFound, fault.CodeTryNotFound)
	}
	if err != nil {
		return Report{}, err
	}
	report, err := s.reportOf(row)
	report.Outlook = Outlook{}
	return report, err
}
