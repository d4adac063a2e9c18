package source

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Remove removes a source with the links of the people who came through it:
// they stay and cannot come in by it any more. version is the one that was
// read, 0 for whatever version; another is Stale. While an application offers
// it (source_used, with the client ids) or the organisation leads people to it
// (source_default) it is a Conflict.
func (s *Sources) Remove(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SourceID, version int64) error {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		old, err := ownSource(tx, org, id)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, old.Version); err != nil {
			return err
		}
		if organization.Rules.DefaultSource == id {
			return fault.New(fault.Conflict, fault.CodeSourceDefault)
		}
		used, err := tx.Sources.UsedBy(id)
		if err != nil {
			return err
		}
		if len(used) > 0 {
			return fault.New(fault.Conflict, fault.CodeSourceUsed).With("applications", used)
		}
		if err := tx.Sources.Remove(org, id); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SourceRemoved, audit.About{
			Organization: org, Target: string(id), Details: map[string]string{"name": old.Name, "kind": string(old.Kind)},
		})
	})
}

// SetIcon gives a source an icon, which is what icon.Read takes, else Invalid
// (icon_format). version is as in Change.
func (s *Sources) SetIcon(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SourceID,
	version int64, content []byte,
) (Configured, error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return Configured{}, err
	}
	picture, err := icon.Read(content)
	if err != nil {
		return Configured{}, err
	}
	return s.changeIcon(ctx, actor, edited{org, id, version}, func(tx *store.Tx, one *identity.Source) error {
		one.IconDigest = picture.Digest
		return tx.Sources.PutIcon(id, store.Icon(picture))
	})
}

// RemoveIcon takes a source's icon away; without one nothing happens. version
// is as in Change.
func (s *Sources) RemoveIcon(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.SourceID, version int64) (Configured, error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return Configured{}, err
	}
	return s.changeIcon(ctx, actor, edited{org, id, version}, func(tx *store.Tx, one *identity.Source) error {
		one.IconDigest = ""
		return tx.Sources.RemoveIcon(id)
	})
}

// edited names a source and the version of it that was read.
type edited struct {
	org     identity.OrganizationID
	id      identity.SourceID
	version int64
}

func (s *Sources) changeIcon(ctx context.Context, actor identity.Actor, of edited, change func(*store.Tx, *identity.Source) error) (c Configured, err error) {
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		organization, err := tx.Organizations.Get(of.org)
		if err != nil {
			return err
		}
		one, err := ownSource(tx, of.org, of.id)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(of.version, one.Version); err != nil {
			return err
		}
		was := one.IconDigest
		if err := change(tx, &one); err != nil {
			return err
		}
		if one.IconDigest == was {
			tx.NoEvent("the picture is the one that was there")
		} else {
			one.UpdatedAt = tx.Now()
			if err := tx.Sources.Put(one); err != nil {
				return err
			}
			one.Version++
			err := audit.Record(tx, actor, audit.SourceIconChanged, audit.About{
				Organization: of.org, Target: string(of.id), Details: map[string]string{"name": one.Name},
			})
			if err != nil {
				return err
			}
		}
		c, err = s.configured(one, organization)
		return err
	})
	return c, err
}

// Icon returns the icon of a source as PNG with a digest that names its
// content, or NotFound (icon_not_found). It is for everybody: sign-in pages
// show it.
func (s *Sources) Icon(ctx context.Context, id identity.SourceID) (content []byte, digest string, err error) {
	err = s.db.Glance(ctx, func(tx *store.Tx) error {
		stored, err := tx.Lookup.SourceIcon(id)
		content, digest = stored.Content, stored.Digest
		return err
	})
	return content, digest, err
}
