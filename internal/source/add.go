package source

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// NewSource is a source to be added.
type NewSource struct {
	Name     string // 1–64 characters, unique in the organisation; "sso" is enterprise SSO's
	Kind     identity.SourceKind
	Enabled  bool
	Settings Values
	Rules    identity.SourceRules
}

// maxSources bounds how many sources an organisation may have.
const maxSources = 100

// Add adds a source. While it is disabled its settings may be incomplete; what
// is set must have its form. Faults of the input are reported at once, at the
// fields of NewSource and, for settings, at settings.KEY:
//
//   - field_length, field_choice, field_format, field_unknown, source_name;
//   - grant_unsafe, grant_nobody for a grant type by which nobody signs in;
//   - field_missing for what an enabled source needs, and those of
//     identity.SourceRules.Validate.
//
// A name in use is a Conflict (source_exists), and so is one source too many
// (source_limit).
func (s *Sources) Add(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewSource) (c Configured, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return c, err
	}
	if err := n.Check(); err != nil {
		return c, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		all, err := tx.Sources.List(org)
		if err != nil {
			return err
		}
		if len(all) >= maxSources {
			return fault.New(fault.Conflict, fault.CodeSourceLimit).With("max", maxSources)
		}
		one, err := n.source(tx, org)
		if err != nil {
			return err
		}
		if err := tx.Sources.Add(one); err != nil {
			return err
		}
		one.Version = 1
		about := audit.About{Organization: org, Target: string(one.ID), Details: map[string]string{"name": one.Name, "kind": string(one.Kind)}}
		if err := audit.Record(tx, actor, audit.SourceAdded, about); err != nil {
			return err
		}
		if one.Enabled {
			if err := audit.Record(tx, actor, audit.SourceEnabled, audit.About{Organization: org, Target: string(one.ID)}); err != nil {
				return err
			}
		}
		c, err = s.configured(one, organization)
		return err
	})
	return c, err
}

// Check tells what Add would refuse without looking at what is stored.
func (n NewSource) Check() error {
	_, err := n.next().checked(Values{})
	return err
}

// next is the source as it would be after the addition.
func (n NewSource) next() proposal {
	return proposal{name: n.Name, kind: n.Kind, enabled: n.Enabled, given: n.Settings, rules: n.Rules}
}

// source makes the row.
func (n NewSource) source(tx *store.Tx, org identity.OrganizationID) (identity.Source, error) {
	settings, err := n.next().checked(Values{})
	if err != nil {
		return identity.Source{}, err
	}
	text, err := settings.stored()
	return identity.Source{
		ID: identity.NewSourceID(tx.Now()), OrganizationID: org, Kind: n.Kind, Name: n.Name, Enabled: n.Enabled, Settings: text,
		Rules: n.Rules, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}, err
}
