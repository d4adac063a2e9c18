package resource

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ActivationCode is an activation code with where its device stands.
type ActivationCode = Placed[identity.ActivationCode]

// NewActivationCode is what an activation code is made from.
type NewActivationCode struct {
	Device         identity.DeviceKind
	Name           string // of the device
	DepartmentCode string // "" is the root
	Description    string
	Contact        identity.Contact // who is told the code; nobody when it is empty
}

// AddActivationCode makes a code by which a device becomes the organisation's
// within identity.ActivationLife. One device more of its kind than is granted is
// a Conflict (resource_limit).
func (r *Resources) AddActivationCode(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewActivationCode) (c ActivationCode, err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return c, err
	}
	to, err := r.reached(ctx, n.Contact)
	if err != nil {
		return c, err
	}
	sms := r.configured(ctx, identity.BySMS)
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		d, err := departmentOf(tx, org, n.DepartmentCode)
		if err != nil {
			return err
		}
		item := identity.ActivationCode{
			ID: identity.NewActivationCodeID(tx.Now()), OrganizationID: org, Device: n.Device, Name: n.Name, Department: d.ID, Contact: to,
			Activation: newActivation(tx), Description: n.Description, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
		}
		if err := item.Validate(); err != nil {
			return err
		}
		if err := tx.ActivationCodes.Insert(item); err != nil {
			return err
		}
		if err := checkQuota(tx, org, item.Device.Kind(), "device"); err != nil {
			return err
		}
		if err := r.tell(tx, sms, to, activationMessage(o, item.Name, item.Activation)); err != nil {
			return err
		}
		if c, err = one(tx, org, store.InDepartment[identity.ActivationCode]{Item: item, Department: d}); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ActivationAdded, aboutActivation(item))
	})
	return c, err
}

// newActivation draws a code that is good from now on.
func newActivation(tx *store.Tx) identity.Activation {
	return identity.Activation{Code: drawCode(), EndsAt: tx.Now().Add(identity.ActivationLife)}
}

// reached is how somebody is reached who may be nobody.
func (r *Resources) reached(ctx context.Context, c identity.Contact) (identity.Contact, error) {
	c, err := contactOf(c)
	if err != nil || c.Mobile == "" && c.Email == "" {
		return c, err
	}
	return c, r.reachable(ctx, c)
}

func aboutActivation(c identity.ActivationCode) audit.About {
	return audit.About{Organization: c.OrganizationID, Target: string(c.ID), Details: map[string]string{"name": c.Name, "device": string(c.Device)}}
}

// ActivationCodes returns codes in the wanted order.
func (r *Resources) ActivationCodes(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q store.ActivationQuery) (l Listed[ActivationCode], err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return l, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		l, err = slice(tx, &q.Slice, func() (int, error) { return tx.ActivationCodes.Count(org, q) }, func() ([]ActivationCode, error) {
			found, err := tx.ActivationCodes.Page(org, q)
			if err != nil {
				return nil, err
			}
			return placed(tx, org, found)
		})
		return err
	})
	return l, err
}

// ActivationCode returns a code.
func (r *Resources) ActivationCode(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.ActivationCodeID) (c ActivationCode, err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return c, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		row, err := tx.ActivationCodes.Get(org, id)
		if err != nil {
			return err
		}
		c, err = one(tx, org, row)
		return err
	})
	return c, err
}

// ResetActivationCode gives a device another code and tells whoever is named,
// nobody when to is empty. Whatever came by the code before is unbound at once.
func (r *Resources) ResetActivationCode(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.ActivationCodeID, to identity.Contact) (c ActivationCode, err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return c, err
	}
	if to, err = r.reached(ctx, to); err != nil {
		return c, err
	}
	sms := r.configured(ctx, identity.BySMS)
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		row, err := tx.ActivationCodes.Get(org, id)
		if err != nil {
			return err
		}
		row.Item.Activation, row.Item.UpdatedAt = newActivation(tx), tx.Now()
		if err := tx.ActivationCodes.Put(row.Item); err != nil {
			return err
		}
		row.Item.Version++
		if err := r.tell(tx, sms, to, activationMessage(o, row.Item.Name, row.Item.Activation)); err != nil {
			return err
		}
		if c, err = one(tx, org, row); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ActivationReset, aboutActivation(row.Item))
	})
	return c, err
}

// RemoveActivationCodes removes codes with the devices behind them: all or
// none.
func (r *Resources) RemoveActivationCodes(ctx context.Context, actor identity.Actor, org identity.OrganizationID, ids []identity.ActivationCodeID) error {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return err
	}
	if err := checkBatch("activation_codes", len(ids)); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("each code has its own")
		for _, id := range sorted(ids) {
			row, err := tx.ActivationCodes.Get(org, id)
			if err != nil {
				return err
			}
			if err := tx.ActivationCodes.Delete(org, id); err != nil {
				return err
			}
			if err := audit.Record(tx, actor, audit.ActivationRemoved, aboutActivation(row.Item)); err != nil {
				return err
			}
		}
		return nil
	})
}
