package source

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// NewSetupLink is a set-up link to be made.
type NewSetupLink struct {
	Source identity.SourceID
	For    string        // whom it is for, at most 255 characters in one line
	Life   time.Duration // 0 means identity.DefaultSetupLinkLife
}

const (
	// maxSetupLinks bounds how many links of one source wait for a decision.
	maxSetupLinks = 5
	maxFor        = 255
	minLinkLife   = time.Hour
)

// AddSetupLink makes a link by which somebody outside fills in a source, once.
// The secret is returned here and never again. Faults: source_not_found,
// field_length at for, field_range at life, setup_link_limit.
func (s *Sources) AddSetupLink(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewSetupLink) (link identity.SetupLink, secret string, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return link, "", err
	}
	if n.Life == 0 {
		n.Life = identity.DefaultSetupLinkLife
	}
	switch {
	case n.Life < minLinkLife || n.Life > identity.SetupLinkLife:
		return link, "", fault.New(fault.Invalid, fault.CodeFieldRange).At("life").With("min", int(minLinkLife/time.Second)).With("max", int(identity.SetupLinkLife/time.Second))
	case len([]rune(n.For)) > maxFor || !visible(n.For):
		return link, "", fault.New(fault.Invalid, fault.CodeFieldLength).At("for").With("min", 0).With("max", maxFor)
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		if _, err := ownSource(tx, org, n.Source); err != nil {
			return err
		}
		waiting, err := tx.SetupLinks.Undecided(n.Source)
		if err != nil {
			return err
		}
		if waiting >= maxSetupLinks {
			return fault.New(fault.Conflict, fault.CodeSetupLinkLimit).With("max", maxSetupLinks)
		}
		link = identity.SetupLink{
			ID: identity.NewSetupLinkID(tx.Now()), OrganizationID: org, SourceID: n.Source, State: identity.SetupLinkWaiting, For: n.For,
			CreatedBy: actor.AccountID, Version: 1, CreatedAt: tx.Now(), EndsAt: tx.Now().Add(n.Life),
		}
		if err := tx.SetupLinks.Add(link); err != nil {
			return err
		}
		if secret, err = ticket.Put(tx, identity.TicketSetupLink, []byte(link.ID), n.Life); err != nil {
			return err
		}
		return recordLink(tx, actor, audit.SetupLinkCreated, link, map[string]string{"for": n.For})
	})
	return link, secret, err
}

// SetupLinks returns the set-up links of an organisation, latest first, without
// their drafts.
func (s *Sources) SetupLinks(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (all []identity.SetupLink, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		all, err = tx.SetupLinks.List(org)
		return err
	})
	for i := range all {
		all[i].Draft = nil
	}
	return all, err
}

// Submission is a set-up link with what was filled in by it.
type Submission struct {
	Link         identity.SetupLink // its draft is nil: see Settings
	Source       Configured         // as it is in force
	Organization identity.Organization
	// Settings are those of the draft with their defaults, without secrets;
	// Secrets lists the keys of those that were given.
	Settings Values
	Secrets  []string
	Written  bool // something was filled in
}

// SetupLink returns a set-up link with what was filled in, for whoever may
// decide about it and for the browser that fills it in.
func (s *Sources) SetupLink(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SetupLinkID) (sub Submission, err error) {
	if err := mayFill(actor, org, id); err != nil {
		return sub, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		link, err := tx.SetupLinks.Get(org, id)
		if err != nil {
			return err
		}
		sub, err = s.submission(tx, link)
		return err
	})
	return sub, err
}

// mayFill lets those in who manage the organisation, and of outsiders the one
// whose link it is.
func mayFill(actor identity.Actor, org identity.OrganizationID, id identity.SetupLinkID) error {
	if err := access.Allow(actor, access.FillSource, org); err != nil {
		return err
	}
	if actor.Kind == identity.ActsAsSetupLink && actor.SetupLink != id {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil
}

func (s *Sources) submission(tx *store.Tx, link identity.SetupLink) (sub Submission, err error) {
	org, err := tx.Organizations.Get(link.OrganizationID)
	if err != nil {
		return sub, err
	}
	source, err := ownSource(tx, org.ID, link.SourceID)
	if err != nil {
		return sub, err
	}
	configured, err := s.configured(source, org)
	if err != nil {
		return sub, err
	}
	draft, err := draftOf(link, source)
	if err != nil {
		return sub, err
	}
	schema := Schema(source.Kind)
	sub = Submission{Link: link, Source: configured, Organization: org}
	sub.Settings, sub.Secrets = draft.filled(schema).shown(schema)
	sub.Written, sub.Link.Draft = link.Draft != nil, nil
	return sub, nil
}

// draftOf is what was filled in so far. It begins with what the organisation
// has set, less its secrets: those are not the other side's.
func draftOf(link identity.SetupLink, source identity.Source) (Values, error) {
	if link.Draft != nil {
		return storedValues(source.Kind, link.Draft)
	}
	values, err := storedValues(source.Kind, source.Settings)
	if err != nil {
		return nil, err
	}
	begun, _ := values.shown(Schema(source.Kind))
	return begun, nil
}

func recordLink(tx *store.Tx, actor identity.Actor, what audit.Type, link identity.SetupLink, details map[string]string) error {
	if details == nil {
		details = map[string]string{}
	}
	details["source"] = string(link.SourceID)
	return audit.Record(tx, actor, what, audit.About{Organization: link.OrganizationID, Target: string(link.ID), Details: details})
}
