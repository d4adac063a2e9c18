package resource

import (
	"context"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Grant is what a provider grants an organisation.
type Grant struct {
	// Ref is the provider's name for it; "" draws one. One that the organisation
	// has already, of this kind, is changed: its end, and whether it is disabled.
	Ref string
	// New refuses such a change: a Ref that is there is a Conflict
	// (resource_exists).
	New      bool
	Kind     identity.ResourceKind
	Package  identity.RoomPackage // of rooms; "" is identity.SmallestPackage
	Count    int
	EndsAt   time.Time
	Disabled bool
	Order    string
}

// resource is the grant as a row to be.
func (g Grant) resource(org identity.OrganizationID, now time.Time) identity.Resource {
	r := identity.Resource{
		ID: identity.NewResourceID(now), OrganizationID: org, Ref: g.Ref, Kind: g.Kind, Package: g.Package, Count: g.Count,
		EndsAt: g.EndsAt.UTC().Truncate(time.Millisecond), Disabled: g.Disabled, Order: g.Order, Version: 1, CreatedAt: now, UpdatedAt: now,
	}
	if r.Ref == "" {
		r.Ref = identity.Hex(r.ID)
	}
	if r.Kind == identity.ResourceRooms && r.Package == "" {
		r.Package = identity.SmallestPackage
	}
	return r
}

// Check reports what is wrong with grants that can be told without a database.
func Check(grants []Grant) error {
	if err := checkBatch("resources", len(grants)); err != nil {
		return err
	}
	rooms := 0
	for _, g := range grants {
		if err := g.resource("", time.Unix(0, 0)).Validate(); err != nil {
			return err
		}
		if g.Kind == identity.ResourceRooms {
			rooms += g.Count
		}
	}
	if rooms > identity.MaxRoomCount {
		return fault.New(fault.Invalid, fault.CodeFieldRange).At("count").With("min", 1).With("max", identity.MaxRoomCount)
	}
	return nil
}

// Grant grants an organisation resources: all or none. It returns them as they
// are stored, in the order of the grants.
func (r *Resources) Grant(ctx context.Context, actor identity.Actor, org identity.OrganizationID, grants []Grant) (made []identity.Resource, err error) {
	if err := access.Allow(actor, access.GrantResources, org); err != nil {
		return nil, err
	}
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		made, err = r.GrantIn(tx, actor, org, grants)
		return err
	})
	return made, err
}

// GrantIn is Grant inside the caller's transaction, for an organisation that is
// made with its resources.
func (r *Resources) GrantIn(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, grants []Grant) (made []identity.Resource, err error) {
	if err := access.Allow(actor, access.GrantResources, org); err != nil {
		return nil, err
	}
	if err := Check(grants); err != nil {
		return nil, err
	}
	if _, err := tx.Organizations.Get(org); err != nil {
		return nil, err
	}
	tx.NoEvent("each resource has its own")
	for _, g := range grants {
		one, err := grantOne(tx, actor, org, g)
		if err != nil {
			return nil, err
		}
		made = append(made, one)
	}
	return made, seats(tx, actor, org)
}

// Then is GrantIn for an organisation that is just being made.
func (r *Resources) Then(actor identity.Actor, grants []Grant) func(*store.Tx, identity.Organization) error {
	return func(tx *store.Tx, o identity.Organization) error {
		_, err := r.GrantIn(tx, actor, o.ID, grants)
		return err
	}
}

func grantOne(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, g Grant) (identity.Resource, error) {
	n := g.resource(org, tx.Now())
	if g.Ref != "" && !g.New {
		known, err := tx.Resources.ByRef(org, g.Ref, g.Kind)
		if err != nil {
			return n, err
		}
		if len(known) > 0 {
			return changeOne(tx, actor, known[0], Change{EndsAt: &g.EndsAt, Disabled: &g.Disabled})
		}
	}
	if err := tx.Resources.Insert(n); err != nil {
		return n, err
	}
	if err := addRooms(tx, n, n.Count); err != nil {
		return n, err
	}
	return n, record(tx, actor, n, identity.ResourceAdded)
}

// operationEvents are the events of what is done to resources.
var operationEvents = map[identity.ResourceOperation]audit.Type{
	identity.ResourceAdded: audit.ResourceGranted, identity.ResourceRemoved: audit.ResourceWithdrawn, identity.ResourceModified: audit.ResourceChanged,
	identity.ResourceWasStopped: audit.ResourceDisabled, identity.ResourceWasStarted: audit.ResourceEnabled,
}

// record keeps what was done to a resource, for the provider's list and for the
// operation log.
func record(tx *store.Tx, actor identity.Actor, n identity.Resource, what identity.ResourceOperation) error {
	err := tx.Resources.Record(identity.ResourceRecord{
		ID: identity.NewRecordID(tx.Now()), Operation: what, Resource: n, At: tx.Now(), ActorName: actor.Name,
	})
	if err != nil {
		return err
	}
	return audit.Record(tx, actor, operationEvents[what], audit.About{Organization: n.OrganizationID, Target: string(n.ID), Details: map[string]string{
		"id": n.Ref, "kind": string(n.Kind), "count": strconv.Itoa(n.Count), "ends_at": n.EndsAt.Format(time.RFC3339),
	}})
}

// Change is an edit of a resource; nil leaves a field alone. Name, kind and
// package never change.
type Change struct {
	Count    *int
	EndsAt   *time.Time
	Disabled *bool
	Order    *string
}

// Change edits a resource. Fewer than are in use is a Conflict (resource_in_use);
// fewer user accounts than there are members is none: nobody is removed, and
// nobody comes in until there is room.
func (r *Resources) Change(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.ResourceID, version int64, c Change) (n identity.Resource, err error) {
	if err := access.Allow(actor, access.GrantResources, org); err != nil {
		return n, err
	}
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		if n, err = tx.Resources.Get(org, id); err != nil {
			return err
		}
		if err := store.CheckVersion(version, n.Version); err != nil {
			return err
		}
		tx.NoEvent("an edit that changes nothing")
		if n, err = changeOne(tx, actor, n, c); err != nil {
			return err
		}
		return seats(tx, actor, org)
	})
	return n, err
}

// NamedChange is a Change of a resource by the provider's name.
type NamedChange struct {
	Ref  string
	Kind identity.ResourceKind // "" means each kind that has one of this name
	Change
}

// ChangeNamed edits resources by the provider's names: all or none. A name that
// no resource has is NotFound.
func (r *Resources) ChangeNamed(ctx context.Context, actor identity.Actor, org identity.OrganizationID, changes []NamedChange) error {
	if err := access.Allow(actor, access.GrantResources, org); err != nil {
		return err
	}
	if err := checkBatch("resources", len(changes)); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("each resource has its own")
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		for _, c := range changes {
			found, err := named(tx, org, c.Ref, c.Kind)
			if err != nil {
				return err
			}
			for _, n := range found {
				if _, err := changeOne(tx, actor, n, c.Change); err != nil {
					return err
				}
			}
		}
		return seats(tx, actor, org)
	})
}

// named returns the resources with a name, at least one.
func named(tx *store.Tx, org identity.OrganizationID, ref string, kind identity.ResourceKind) ([]identity.Resource, error) {
	found, err := tx.Resources.ByRef(org, ref, kind)
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, fault.CodeResourceNotFound).At("ref")
	}
	return found, err
}

// changeOne edits a resource and what hangs on it. Nothing that differs is
// nothing to store.
func changeOne(tx *store.Tx, actor identity.Actor, n identity.Resource, c Change) (identity.Resource, error) {
	before := n
	var changed audit.Edit
	if c.EndsAt != nil {
		ends := c.EndsAt.UTC().Truncate(time.Millisecond)
		audit.Set(&changed, "ends_at", &n.EndsAt, &ends)
	}
	audit.Set(&changed, "count", &n.Count, c.Count)
	audit.Set(&changed, "order", &n.Order, c.Order)
	edited := len(changed) > 0
	audit.Set(&changed, "disabled", &n.Disabled, c.Disabled)
	if len(changed) == 0 {
		return n, nil
	}
	if err := n.Validate(); err != nil {
		return n, err
	}
	n.UpdatedAt = tx.Now()
	if err := tx.Resources.Put(n); err != nil {
		return n, err
	}
	n.Version++
	if err := recount(tx, before, n); err != nil {
		return n, err
	}
	if edited {
		if err := record(tx, actor, n, identity.ResourceModified); err != nil {
			return n, err
		}
	}
	switch {
	case n.Disabled == before.Disabled:
		return n, nil
	case n.Disabled:
		return n, record(tx, actor, n, identity.ResourceWasStopped)
	}
	return n, record(tx, actor, n, identity.ResourceWasStarted)
}

// recount makes and removes rooms when there are to be more or fewer, and
// refuses fewer devices than there are.
func recount(tx *store.Tx, before, n identity.Resource) error {
	switch {
	case n.Count == before.Count:
		return nil
	case n.Kind == identity.ResourceRooms && n.Count > before.Count:
		return addRooms(tx, n, n.Count-before.Count)
	case n.Kind == identity.ResourceRooms:
		return dropRooms(tx, n)
	case n.Count < before.Count && n.Status(tx.Now()) == identity.ResourceLive:
		return checkLeft(tx, n)
	}
	return nil
}

// Withdraw takes resources back: all or none. What they brought goes with them;
// what is in use keeps them, which is a Conflict (resource_in_use). User accounts
// are taken back whatever is in use: nobody is removed.
func (r *Resources) Withdraw(ctx context.Context, actor identity.Actor, org identity.OrganizationID, ids []identity.ResourceID) error {
	if err := access.Allow(actor, access.GrantResources, org); err != nil {
		return err
	}
	if err := checkBatch("resources", len(ids)); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("each resource has its own")
		for _, id := range sorted(ids) {
			n, err := tx.Resources.Get(org, id)
			if err != nil {
				return err
			}
			if err := withdrawOne(tx, actor, n); err != nil {
				return err
			}
		}
		return seats(tx, actor, org)
	})
}

// WithdrawNamed is Withdraw by the provider's names, each of whatever kind.
func (r *Resources) WithdrawNamed(ctx context.Context, actor identity.Actor, org identity.OrganizationID, refs []string) error {
	if err := access.Allow(actor, access.GrantResources, org); err != nil {
		return err
	}
	if err := checkBatch("resources", len(refs)); err != nil {
		return err
	}
	return r.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("each resource has its own")
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		for _, ref := range sorted(refs) {
			found, err := named(tx, org, ref, "")
			if err != nil {
				return err
			}
			for _, n := range found {
				if err := withdrawOne(tx, actor, n); err != nil {
					return err
				}
			}
		}
		return seats(tx, actor, org)
	})
}

func withdrawOne(tx *store.Tx, actor identity.Actor, n identity.Resource) error {
	if n.Kind == identity.ResourceRooms {
		lent, err := tx.MeetingRooms.Lent(n.OrganizationID, n.ID)
		if err != nil {
			return err
		}
		if lent > 0 {
			return inUse(lent, 0)
		}
	}
	if err := tx.Resources.Delete(n.OrganizationID, n.ID); err != nil {
		return err
	}
	if n.Status(tx.Now()) == identity.ResourceLive {
		if err := checkLeft(tx, n); err != nil {
			return err
		}
	}
	return record(tx, actor, n, identity.ResourceRemoved)
}

// seats keeps the limit of members at what is granted. Where user accounts were
// never granted, the limit is somebody else's.
func seats(tx *store.Tx, actor identity.Actor, org identity.OrganizationID) error {
	limited, err := limited(tx, org, identity.ResourceMembers)
	if err != nil || !limited {
		return err
	}
	live, err := tx.Resources.Live(org, identity.ResourceMembers)
	if err != nil {
		return err
	}
	o, err := tx.Organizations.Get(org)
	if err != nil || o.Limits.Granted && o.Limits.Members == live {
		return err
	}
	o.Limits.Granted, o.Limits.Members, o.UpdatedAt = true, live, tx.Now()
	if err := tx.Organizations.Put(o); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.OrganizationChanged, audit.About{Organization: org, Target: string(org), Details: audit.Edit{"limits"}.Details()})
}
