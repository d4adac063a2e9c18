package policy

import (
	"context"
	"strconv"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Rules returns the access policies of an application in their order, with
// whether they are switched on and the regions that they name.
func (p *Policies) Rules(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) (r identity.AccessRules, err error) {
	if err := access.Allow(actor, access.ReadApplications, org); err != nil {
		return r, err
	}
	err = p.db.View(ctx, func(tx *store.Tx) error {
		a, err := tx.Applications.ByClientID(org, clientID)
		if err != nil {
			return err
		}
		c, err := tx.AccessPolicies.Control(org, a.ID)
		if err == nil {
			r, err = tx.AccessPolicies.Rules(c)
		}
		return err
	})
	return r, err
}

// ControlChange is an edit of the switch; nil leaves a field alone.
type ControlChange struct {
	Enabled *bool
	Default *identity.PolicyDecision
}

// ChangeAccessControl turns the policies of an application on or off and says
// what holds where none of them does. It counts at the very next entry.
func (p *Policies) ChangeAccessControl(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, version int64, c ControlChange) (identity.AccessControl, error) {
	return p.rework(ctx, actor, aim{org, clientID, version}, func(_ *store.Tx, of *guarded) (*told, error) {
		var changed audit.Edit
		audit.Set(&changed, "enabled", &of.control.Enabled, c.Enabled)
		audit.Set(&changed, "default", &of.control.Default, c.Default)
		if len(changed) == 0 {
			return nil, nil
		}
		return &told{what: audit.AccessControlChanged, target: string(of.app.ID), details: map[string]string{
			"enabled": strconv.FormatBool(of.control.Enabled), "default": string(of.control.Default),
		}}, of.control.Validate()
	})
}

// ReorderPolicies says in which order the policies of an application are looked
// at. The list has each of them exactly once, else it is Invalid (policy_order).
func (p *Policies) ReorderPolicies(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, version int64, order []identity.PolicyID) (identity.AccessControl, error) {
	return p.rework(ctx, actor, aim{org, clientID, version}, func(tx *store.Tx, of *guarded) (*told, error) {
		rules, err := tx.AccessPolicies.Rules(of.control)
		if err != nil {
			return nil, err
		}
		same, err := orders(rules.Policies, order)
		if err != nil || same {
			return nil, err
		}
		return &told{what: audit.PoliciesReordered, target: string(of.app.ID)}, tx.AccessPolicies.Order(of.control, order)
	})
}

// aim is the application that an edit is about, in the version of its access
// control that the caller read; 0 for whatever version.
type aim struct {
	org      identity.OrganizationID
	clientID string
	version  int64
}

// guarded is an application with the switch of its policies.
type guarded struct {
	app     identity.Application
	control identity.AccessControl
}

// told is what the log says of an edit.
type told struct {
	what    audit.Type
	target  string
	details map[string]string
}

// rework is the shape of every edit of an application's policies: load, decide,
// store, record. decide answers nil where nothing differs. Each edit moves the
// version of the switch, so that of two at once the second is told.
func (p *Policies) rework(ctx context.Context, actor identity.Actor, at aim, decide func(*store.Tx, *guarded) (*told, error)) (c identity.AccessControl, err error) {
	if err := access.Allow(actor, access.ManageApplications, at.org); err != nil {
		return c, err
	}
	err = p.db.Update(ctx, func(tx *store.Tx) error {
		of, err := load(tx, actor, at)
		if err != nil {
			return err
		}
		c = of.control
		log, err := decide(tx, &of)
		if err != nil {
			return err
		}
		if log == nil {
			tx.NoEvent("nothing differs from what is stored")
			return nil
		}
		if err := tx.AccessPolicies.PutControl(of.control); err != nil {
			return err
		}
		c = of.control
		c.Version++
		if log.details == nil {
			log.details = map[string]string{}
		}
		log.details["client_id"] = of.app.ClientID
		return audit.Record(tx, actor, log.what, audit.About{Organization: at.org, Target: log.target, Details: log.details})
	})
	return c, err
}

// load finds what an edit is about, for whoever may change the application.
func load(tx *store.Tx, actor identity.Actor, at aim) (of guarded, err error) {
	if of.app, err = tx.Applications.ByClientID(at.org, at.clientID); err != nil {
		return of, err
	}
	if err := access.AllowOwned(actor, of.app, func() (identity.Member, error) { return tx.Members.Responsible(of.app) }); err != nil {
		return of, err
	}
	if of.control, err = tx.AccessPolicies.Control(at.org, of.app.ID); err != nil {
		return of, err
	}
	return of, store.CheckVersion(at.version, of.control.Version)
}
