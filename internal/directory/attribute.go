package directory

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// AttributeChange is an edit of the definition of a custom attribute; nil leaves
// a field alone.
type AttributeChange struct {
	Label  *string
	Hidden *bool
	Place  *int // 0 is 10000
}

// Attributes returns the definitions of an organisation's custom attributes in
// the order to show them.
func (d *Directory) Attributes(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (all identity.Attributes, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		all, err = tx.Attributes.List(org)
		return err
	})
	return all, err
}

// Attribute returns the definition of a key, or NotFound (attribute_not_found).
func (d *Directory) Attribute(ctx context.Context, actor identity.Actor, org identity.OrganizationID, key string) (a identity.Attribute, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return a, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		a, err = tx.Attributes.Get(org, key)
		return err
	})
	return a, err
}

// AddAttribute defines a custom attribute. From the first definition on, nothing
// else is newly written; what members have of other keys stays and may be
// removed. Faults: those of identity.Attribute, attribute_exists,
// attribute_limit.
func (d *Directory) AddAttribute(ctx context.Context, actor identity.Actor, org identity.OrganizationID, a identity.Attribute) (identity.Attribute, error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return a, err
	}
	a.OrganizationID, a.Version = org, 1
	if a.Place == 0 {
		a.Place = lastSortLevel
	}
	if err := a.Validate(); err != nil {
		return a, err
	}
	err := d.db.Update(ctx, func(tx *store.Tx) error {
		a.CreatedAt, a.UpdatedAt = tx.Now(), tx.Now()
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		all, err := tx.Attributes.List(org)
		if err != nil {
			return err
		}
		if _, taken := all.Find(a.Key); !taken && len(all) >= maxAttributes {
			return fault.New(fault.Conflict, fault.CodeAttributeLimit).With("max", maxAttributes)
		}
		if err := tx.Attributes.Insert(a); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.AttributeAdded, aboutAttribute(a, nil))
	})
	return a, err
}

func aboutAttribute(a identity.Attribute, details map[string]string) audit.About {
	if details == nil {
		details = map[string]string{}
	}
	details["label"] = a.Label
	return audit.About{Organization: a.OrganizationID, Target: a.Key, Details: details}
}

// ChangeAttribute edits what may be edited of a definition.
func (d *Directory) ChangeAttribute(ctx context.Context, actor identity.Actor, org identity.OrganizationID, key string, version int64, c AttributeChange) (a identity.Attribute, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return a, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if a, err = tx.Attributes.Get(org, key); err != nil {
			return err
		}
		if err := store.CheckVersion(version, a.Version); err != nil {
			return err
		}
		var changed audit.Edit
		audit.Set(&changed, "label", &a.Label, c.Label)
		audit.Set(&changed, "shown", &a.Hidden, c.Hidden)
		if c.Place != nil && *c.Place == 0 {
			c.Place = new(lastSortLevel)
		}
		audit.Set(&changed, "position", &a.Place, c.Place)
		if err := a.Validate(); err != nil || len(changed) == 0 {
			return err
		}
		a.UpdatedAt = tx.Now()
		if err := tx.Attributes.Put(a); err != nil {
			return err
		}
		a.Version++
		return audit.Record(tx, actor, audit.AttributeChanged, aboutAttribute(a, changed.Details()))
	})
	return a, err
}

// RemoveAttribute forgets the definition of a key that no member has a value
// of; otherwise it is a Conflict (attribute_in_use), so that no masked value is
// laid open by the way.
func (d *Directory) RemoveAttribute(ctx context.Context, actor identity.Actor, org identity.OrganizationID, key string) error {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		a, err := tx.Attributes.Get(org, key)
		if err != nil {
			return err
		}
		used, err := tx.Attributes.Used(org, key)
		if err != nil {
			return err
		}
		if used {
			return fault.New(fault.Conflict, fault.CodeAttributeInUse)
		}
		if err := tx.Attributes.Remove(org, key); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.AttributeRemoved, aboutAttribute(a, nil))
	})
}

// checkDefined refuses attributes of somebody new that do not fit the
// definitions, and, where somebody enters them, required ones that are missing.
// Without either nothing is read.
func (n NewMember) checkDefined(tx *store.Tx, org identity.OrganizationID) error {
	if len(n.Attributes) == 0 && !n.Complete {
		return nil
	}
	all, err := tx.Attributes.List(org)
	if err != nil {
		return err
	}
	if err := all.Edited(nil, n.Attributes); err != nil || !n.Complete {
		return err
	}
	return all.Complete(n.Attributes)
}

// checkDefined refuses an edit of a member's attributes that writes what does
// not fit, or takes a required one away. What it does not name stays.
func (c MemberChange) checkDefined(all identity.Attributes, before map[string]string) error {
	edited := identity.Member{Attributes: before}
	setAttributes(&edited, c.Attributes, new(audit.Edit))
	if err := all.Edited(before, edited.Attributes); err != nil {
		return err
	}
	var named identity.Attributes
	for _, a := range all {
		if _, is := c.Attributes[a.Key]; is {
			named = append(named, a)
		}
	}
	return named.Complete(edited.Attributes)
}

// shownTo returns a member as the actor may see them: whoever does not manage
// members sees some attributes masked, and some not at all.
func shownTo(tx *store.Tx, actor identity.Actor, p identity.Person) (identity.Person, error) {
	if len(p.Member.Attributes) == 0 || access.AllowSomewhere(actor, access.ManageMembers, p.Member.OrganizationID) == nil {
		return p, nil
	}
	all, err := tx.Attributes.List(p.Member.OrganizationID)
	if err == nil {
		p.Member.Attributes = all.Shown(p.Member.Attributes)
	}
	return p, err
}
