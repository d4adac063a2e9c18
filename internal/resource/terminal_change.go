package resource

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// TerminalChange is an edit of a terminal; nil leaves a field alone, "" clears
// it. Serial number and model never change.
type TerminalChange struct {
	Name           *string
	Projection     *identity.Projection
	DepartmentCode *string // "" is the root
	Mobile         *string
	Country        *string
	Email          *string
	Description    *string
	Disabled       *bool
}

// ChangeTerminal edits a terminal, named by its identifier or serial number.
func (r *Resources) ChangeTerminal(ctx context.Context, actor identity.Actor, org identity.OrganizationID, key string, version int64, c TerminalChange) (t Terminal, err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return t, err
	}
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		row, err := terminalOf(tx, org, key)
		if err != nil {
			return err
		}
		if err := store.CheckVersion(version, row.Item.Version); err != nil {
			return err
		}
		changed, err := c.apply(tx, &row)
		if err != nil {
			return err
		}
		if err := putTerminal(tx, actor, &row.Item, audit.TerminalChanged, changed); err != nil {
			return err
		}
		t, err = one(tx, org, row)
		return err
	})
	return t, err
}

// apply edits a terminal and tells which fields changed.
func (c TerminalChange) apply(tx *store.Tx, row *store.InDepartment[identity.Terminal]) (changed audit.Edit, err error) {
	t := &row.Item
	audit.Set(&changed, "name", &t.Name, c.Name)
	audit.Set(&changed, "projection", &t.Projection, c.Projection)
	audit.Set(&changed, "description", &t.Description, c.Description)
	audit.Set(&changed, "disabled", &t.Disabled, c.Disabled)
	contact := t.Contact
	var edited audit.Edit
	audit.Set(&edited, "mobile", &contact.Mobile, c.Mobile)
	audit.Set(&edited, "country", &contact.Country, c.Country)
	audit.Set(&edited, "email", &contact.Email, c.Email)
	if len(edited) > 0 {
		if contact, err = contactOf(contact); err != nil {
			return nil, err
		}
		if contact != t.Contact {
			t.Contact, changed = contact, append(changed, edited...)
		}
	}
	if c.DepartmentCode != nil {
		d, err := departmentOf(tx, t.OrganizationID, *c.DepartmentCode)
		if err != nil {
			return nil, err
		}
		if d.ID != t.Department {
			row.Department, t.Department, changed = d, d.ID, append(changed, "department")
		}
	}
	return changed, checkTerminal(*t)
}

// putTerminal stores an edited terminal; one that did not change is left alone.
func putTerminal(tx *store.Tx, actor identity.Actor, t *identity.Terminal, what audit.Type, changed audit.Edit) error {
	if len(changed) == 0 {
		tx.NoEvent("an edit that changes nothing")
		return nil
	}
	t.UpdatedAt = tx.Now()
	if err := tx.Terminals.Put(*t); err != nil {
		return err
	}
	t.Version++
	return audit.Record(tx, actor, what, aboutTerminal(*t, changed.Details()))
}

// SetTerminalsDisabled disables terminals, or lets them in again, each named by
// its identifier or serial number: all or none.
func (r *Resources) SetTerminalsDisabled(ctx context.Context, actor identity.Actor, org identity.OrganizationID, keys []string, disabled bool) error {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return err
	}
	return r.eachTerminal(ctx, org, keys, func(tx *store.Tx, t identity.Terminal) error {
		var changed audit.Edit
		audit.Set(&changed, "disabled", &t.Disabled, &disabled)
		return putTerminal(tx, actor, &t, audit.TerminalChanged, changed)
	})
}

// RemoveTerminals removes terminals, each named by its identifier or serial
// number: all or none. Rooms lent to them are lent to nobody.
func (r *Resources) RemoveTerminals(ctx context.Context, actor identity.Actor, org identity.OrganizationID, keys []string) error {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return err
	}
	return r.eachTerminal(ctx, org, keys, func(tx *store.Tx, t identity.Terminal) error {
		if err := tx.Terminals.Delete(org, t.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.TerminalRemoved, aboutTerminal(t, nil))
	})
}

// eachTerminal does one thing to terminals in one transaction. One that is named
// twice is met once.
func (r *Resources) eachTerminal(ctx context.Context, org identity.OrganizationID, keys []string, do func(*store.Tx, identity.Terminal) error) error {
	if err := checkBatch("terminals", len(keys)); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("each terminal has its own")
		var all []identity.Terminal
		for _, key := range sorted(keys) {
			row, err := terminalOf(tx, org, key)
			if err != nil {
				return err
			}
			// By identifier and by serial number one terminal may be named twice.
			if !slices.ContainsFunc(all, func(t identity.Terminal) bool { return t.ID == row.Item.ID }) {
				all = append(all, row.Item)
			}
		}
		for _, t := range all {
			if err := do(tx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

// ResetActivation gives a terminal another activation code and tells whoever is
// named; the code before is dead. A model without codes is a Conflict
// (activation_unsupported), a sixth reset within 24 hours TooMany
// (activation_resets).
func (r *Resources) ResetActivation(ctx context.Context, actor identity.Actor, org identity.OrganizationID, key string, to identity.Contact) (t Terminal, err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return t, err
	}
	if to, err = contactOf(to); err != nil {
		return t, err
	}
	if err := r.reachable(ctx, to); err != nil {
		return t, err
	}
	sms := r.configured(ctx, identity.BySMS)
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		row, err := terminalOf(tx, org, key)
		if err != nil {
			return err
		}
		if err := row.Item.Reset(drawCode(), tx.Now()); err != nil {
			return err
		}
		if err := putTerminal(tx, actor, &row.Item, audit.TerminalReset, []string{"activation"}); err != nil {
			return err
		}
		if err := r.tell(tx, sms, to, activationMessage(o, row.Item.Name, row.Item.Activation)); err != nil {
			return err
		}
		t, err = one(tx, org, row)
		return err
	})
	return t, err
}
