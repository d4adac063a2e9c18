package privacy

import (
	"context"
	"strconv"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Statements holds the use cases. It is safe for concurrent use.
type Statements struct{ db *store.DB }

// New returns the statements of a database.
func New(db *store.DB) *Statements { return &Statements{db} }

// allow asks whether somebody may write the statement of an organisation, or
// with "" that of the installation.
func allow(actor identity.Actor, org identity.OrganizationID) error {
	if org == "" {
		return access.Allow(actor, access.ManageProvider, "")
	}
	return access.Allow(actor, access.ManageOrganization, org)
}

// Statement returns a statement; one that nobody wrote is empty.
func (s *Statements) Statement(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (p identity.PrivacyStatement, err error) {
	if err := allow(actor, org); err != nil {
		return p, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		p, err = tx.Privacy.Get(org)
		return err
	})
	return p, err
}

// change edits a statement; the version is the one that was read, 0 for any.
func (s *Statements) change(ctx context.Context, org identity.OrganizationID, version int64, edit func(tx *store.Tx, p *identity.PrivacyStatement) error) (p identity.PrivacyStatement, err error) {
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		if p, err = tx.Privacy.Get(org); err != nil {
			return err
		}
		if version != 0 && version != p.Version {
			return fault.New(fault.Stale, fault.CodeStale)
		}
		p.UpdatedAt = tx.Now()
		if err := edit(tx, &p); err != nil {
			return err
		}
		if err := tx.Privacy.Put(p); err != nil {
			return err
		}
		p.Version++
		return nil
	})
	return p, err
}

func about(p identity.PrivacyStatement) audit.About {
	return audit.About{Organization: p.OrganizationID, Target: "privacy_statement", Details: map[string]string{"version": strconv.FormatInt(p.Current, 10)}}
}

// Write stores a draft, which nobody else sees. Faults: those of
// identity.PrivacyTexts.
func (s *Statements) Write(ctx context.Context, actor identity.Actor, org identity.OrganizationID, version int64, texts identity.PrivacyTexts) (identity.PrivacyStatement, error) {
	if err := allow(actor, org); err != nil {
		return identity.PrivacyStatement{}, err
	}
	if err := texts.Validate(); err != nil {
		return identity.PrivacyStatement{}, err
	}
	return s.change(ctx, org, version, func(tx *store.Tx, p *identity.PrivacyStatement) error {
		p.Draft = texts
		return audit.Record(tx, actor, audit.PrivacyDrafted, about(*p))
	})
}

// Publish makes the draft a version, which everybody is asked to accept from the
// next request on. Without a draft it is a Conflict (privacy_draft).
func (s *Statements) Publish(ctx context.Context, actor identity.Actor, org identity.OrganizationID, version int64) (identity.PrivacyStatement, error) {
	if err := allow(actor, org); err != nil {
		return identity.PrivacyStatement{}, err
	}
	return s.change(ctx, org, version, func(tx *store.Tx, p *identity.PrivacyStatement) error {
		if len(p.Draft) == 0 {
			return fault.New(fault.Conflict, fault.CodePrivacyDraft)
		}
		texts := p.Draft
		p.Draft = nil
		return publish(tx, actor, p, texts)
	})
}

// PublishTexts makes texts a version in one step, as Publish does, for who keeps
// them elsewhere. A draft stays what it is. Faults: those of
// identity.PrivacyTexts.
func (s *Statements) PublishTexts(ctx context.Context, actor identity.Actor, org identity.OrganizationID, texts identity.PrivacyTexts) (identity.PrivacyStatement, error) {
	if err := allow(actor, org); err != nil {
		return identity.PrivacyStatement{}, err
	}
	if err := texts.Validate(); err != nil {
		return identity.PrivacyStatement{}, err
	}
	return s.change(ctx, org, 0, func(tx *store.Tx, p *identity.PrivacyStatement) error { return publish(tx, actor, p, texts) })
}

// publish adds a version and puts it in force.
func publish(tx *store.Tx, actor identity.Actor, p *identity.PrivacyStatement, texts identity.PrivacyTexts) error {
	v := identity.PrivacyVersion{
		OrganizationID: p.OrganizationID, Number: p.Last + 1, Texts: texts, PublishedBy: actor.Name, PublishedAt: tx.Now(),
	}
	if err := tx.Privacy.Publish(v); err != nil {
		return err
	}
	p.Current, p.Last = v.Number, v.Number
	return audit.Record(tx, actor, audit.PrivacyPublished, about(*p))
}

// Withdraw asks nobody any more. Versions and acceptances stay.
func (s *Statements) Withdraw(ctx context.Context, actor identity.Actor, org identity.OrganizationID, version int64) (identity.PrivacyStatement, error) {
	if err := allow(actor, org); err != nil {
		return identity.PrivacyStatement{}, err
	}
	return s.change(ctx, org, version, func(tx *store.Tx, p *identity.PrivacyStatement) error {
		told := about(*p)
		p.Current = 0
		return audit.Record(tx, actor, audit.PrivacyWithdrawn, told)
	})
}

// Versions returns up to limit versions before a number, newest first; 0 begins
// with the newest.
func (s *Statements) Versions(ctx context.Context, actor identity.Actor, org identity.OrganizationID, before int64, limit int) (all []identity.PrivacyVersion, err error) {
	if err := allow(actor, org); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Privacy.Versions(org, before, limit)
		return err
	})
	return all, err
}

// Page is a part of the list of who accepted a version.
type Page struct {
	Number int64  // the version, 0 for the one in force
	After  string // the account after which it goes on
	Limit  int
}

// Acceptances returns who accepted a version.
func (s *Statements) Acceptances(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q Page) (all []identity.PrivacyAcceptance, err error) {
	if err := allow(actor, org); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		if q.Number == 0 {
			p, err := tx.Privacy.Get(org)
			if err != nil {
				return err
			}
			q.Number = p.Current
		}
		all, err = tx.Privacy.Accepted(org, q.Number, q.After, q.Limit)
		return err
	})
	return all, err
}
