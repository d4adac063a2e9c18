package source

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Configured is a source as it may be shown: without its secrets. Enterprise
// SSO is none of these, but see SSOState.
type Configured struct {
	ID             identity.SourceID
	OrganizationID identity.OrganizationID
	Kind           identity.SourceKind
	Name           string
	Enabled        bool
	Settings       Values   // with defaults, without secrets
	Secrets        []string // the keys of secrets that are stored
	Rules          identity.SourceRules
	IconDigest     string
	// CallbackURL is to be registered at the source, and LogoutURL where it can
	// tell of the end of a session ("" for a kind that cannot). They never change.
	CallbackURL, LogoutURL string
	// Default tells that it is the organisation's default source.
	Default   bool
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// List returns the sources of an organisation but its enterprise SSO, oldest
// first. Whoever may change the organisation may read them.
func (s *Sources) List(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (all []Configured, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return nil, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		all = nil
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		list, err := tx.Sources.List(org)
		if err != nil {
			return err
		}
		for _, one := range list {
			if isSSO(one) {
				continue
			}
			c, err := s.configured(one, organization)
			if err != nil {
				return err
			}
			all = append(all, c)
		}
		return nil
	})
	return all, err
}

// Get returns a source of an organisation, or NotFound (source_not_found).
func (s *Sources) Get(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SourceID) (c Configured, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return c, err
	}
	err = s.db.View(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		one, err := ownSource(tx, org, id)
		if err != nil {
			return err
		}
		c, err = s.configured(one, organization)
		return err
	})
	return c, err
}

// ownSource reads a source that is not the enterprise SSO.
func ownSource(tx *store.Tx, org identity.OrganizationID, id identity.SourceID) (identity.Source, error) {
	if id == identity.SSOSourceID(org) {
		return identity.Source{}, fault.New(fault.NotFound, fault.CodeSourceNotFound)
	}
	return tx.Sources.Get(org, id)
}

// configured shows a source.
func (s *Sources) configured(of identity.Source, org identity.Organization) (Configured, error) {
	full, err := readValues(of.Kind, of.Settings)
	if err != nil {
		return Configured{}, err
	}
	c := Configured{
		ID: of.ID, OrganizationID: of.OrganizationID, Kind: of.Kind, Name: of.Name, Enabled: of.Enabled, Rules: of.Rules,
		IconDigest: of.IconDigest, CallbackURL: s.CallbackOf(of), Default: org.Rules.DefaultSource == of.ID,
		Version: of.Version, CreatedAt: of.CreatedAt, UpdatedAt: of.UpdatedAt,
	}
	if tellsOfEnds(of.Kind) {
		c.LogoutURL = s.address(of.ID, "logout")
	}
	c.Settings, c.Secrets = full.shown(Schema(of.Kind))
	return c, nil
}
