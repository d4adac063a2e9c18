package resource

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// limited reports whether a kind was ever granted to an organisation: from then
// on there are as many as are granted, and none when nothing is left.
func limited(tx *store.Tx, org identity.OrganizationID, kind identity.ResourceKind) (bool, error) {
	kinds, err := tx.Resources.Granted(org)
	return slices.Contains(kinds, kind), err
}

// used counts the devices of an organisation, or of all with "", by the
// resource that they take.
func used(tx *store.Tx, org identity.OrganizationID) (map[identity.ResourceKind]int, error) {
	counts := map[identity.ResourceKind]int{}
	models, err := tx.Terminals.Models(org)
	if err != nil {
		return nil, err
	}
	for _, m := range identity.TerminalModels() {
		counts[m.Kind()] += models[m.Name]
	}
	devices, err := tx.ActivationCodes.Devices(org)
	if err != nil {
		return nil, err
	}
	for _, d := range identity.DeviceKinds() {
		counts[d.Kind()] += devices[string(d)]
	}
	return counts, nil
}

// checkQuota refuses one device too many. It is asked after the insertion: of
// two at once, the database lets only one see what the other did not. field is
// what decided the kind.
func checkQuota(tx *store.Tx, org identity.OrganizationID, kind identity.ResourceKind, field string) error {
	limited, err := limited(tx, org, kind)
	if err != nil || !limited {
		return err
	}
	most, err := tx.Resources.Live(org, kind)
	if err != nil {
		return err
	}
	counts, err := used(tx, org)
	if err == nil && counts[kind] > most {
		err = fault.New(fault.Conflict, fault.CodeResourceLimit).At(field).With("kind", "want."+string(kind)).With("max", most)
	}
	return err
}

// checkLeft refuses to take devices away that there are. It is asked when the
// resource is gone, or smaller, already.
func checkLeft(tx *store.Tx, n identity.Resource) error {
	counts, err := used(tx, n.OrganizationID)
	if err != nil || counts[n.Kind] == 0 {
		return err
	}
	left, err := tx.Resources.Live(n.OrganizationID, n.Kind)
	if err == nil && left < counts[n.Kind] {
		err = inUse(counts[n.Kind], left)
	}
	return err
}

func inUse(used, left int) error {
	return fault.New(fault.Conflict, fault.CodeResourceInUse).With("used", used).With("left", left)
}

// Totals is what an organisation, or the installation, has and uses.
type Totals struct {
	Kinds         []identity.ResourceTotal // one for each kind, in their order
	Rooms         []store.RoomCount        // by package; of an organisation alone
	Organizations int                      // how many there are; 1 for one
}

// Of returns the total of a kind.
func (t Totals) Of(kind identity.ResourceKind) identity.ResourceTotal {
	for _, total := range t.Kinds {
		if total.Kind == kind {
			return total
		}
	}
	return identity.ResourceTotal{Kind: kind}
}

// Totals tells what an organisation has and uses now; "" asks for the
// installation as a whole, which the provider alone may.
func (r *Resources) Totals(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (t Totals, err error) {
	permission := access.ReadResources
	if org == "" {
		permission = access.ManageProvider
	}
	if err := access.Allow(actor, permission, org); err != nil {
		return t, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		t, err = totals(tx, org)
		return err
	})
	return t, err
}

func totals(tx *store.Tx, org identity.OrganizationID) (t Totals, err error) {
	counts, err := used(tx, org)
	if err != nil {
		return t, err
	}
	if counts[identity.ResourceMembers], t.Organizations, err = tx.Resources.Headcount(org); err != nil {
		return t, err
	}
	var granted []identity.ResourceKind
	if org != "" {
		if _, err := tx.Organizations.Get(org); err != nil {
			return t, err
		}
		if granted, err = tx.Resources.Granted(org); err != nil {
			return t, err
		}
		if t.Rooms, err = tx.MeetingRooms.Packages(org); err != nil {
			return t, err
		}
		for _, rooms := range t.Rooms {
			counts[identity.ResourceRooms] += rooms.Lent
		}
	}
	sums, err := tx.Resources.Sums(org, tx.Now())
	for _, kind := range identity.ResourceKinds() {
		total := identity.ResourceTotal{Kind: kind, Used: counts[kind], Limited: slices.Contains(granted, kind)}
		for _, s := range sums {
			if s.Kind == kind {
				total.Live, total.Expiring, total.Expired = total.Live+s.Live, total.Expiring+s.Expiring, total.Expired+s.Expired
			}
		}
		t.Kinds = append(t.Kinds, total)
	}
	return t, err
}

// Holding is what an organisation has now.
type Holding struct {
	Kinds map[identity.ResourceKind]int // how many count of each kind
	Rooms []store.RoomCount             // by package
}

// Holdings returns what several organisations have, by two statements however
// many they are; the provider alone may ask. Who has nothing has the zero value.
func (r *Resources) Holdings(ctx context.Context, actor identity.Actor, orgs []identity.OrganizationID) (map[identity.OrganizationID]Holding, error) {
	if err := access.Allow(actor, access.ManageProvider, ""); err != nil {
		return nil, err
	}
	of := make(map[identity.OrganizationID]Holding, len(orgs))
	err := r.db.View(ctx, func(tx *store.Tx) error {
		kinds, err := tx.Resources.LiveOf(orgs)
		if err != nil {
			return err
		}
		rooms, err := tx.MeetingRooms.PackagesOf(orgs)
		for _, org := range orgs {
			of[org] = Holding{Kinds: kinds[org], Rooms: rooms[org]}
		}
		return err
	})
	return of, err
}

// List returns resources of an organisation in the wanted order.
func (r *Resources) List(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q store.ResourceQuery) (l Listed[identity.Resource], err error) {
	if err := access.Allow(actor, access.ReadResources, org); err != nil {
		return l, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		l, err = slice(tx, &q.Slice, func() (int, error) { return tx.Resources.Count(org, q) },
			func() ([]identity.Resource, error) { return tx.Resources.Page(org, q) })
		return err
	})
	return l, err
}

// Records returns what was done to the resources of an organisation, in the
// wanted order.
func (r *Resources) Records(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q store.RecordQuery) (l Listed[identity.ResourceRecord], err error) {
	if err := access.Allow(actor, access.ReadResources, org); err != nil {
		return l, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		l, err = slice(tx, &q.Slice, func() (int, error) { return tx.Resources.CountRecords(org, q) },
			func() ([]identity.ResourceRecord, error) { return tx.Resources.Records(org, q) })
		return err
	})
	return l, err
}

// Resource returns a resource of an organisation.
func (r *Resources) Resource(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.ResourceID) (n Seen[identity.Resource], err error) {
	if err := access.Allow(actor, access.ReadResources, org); err != nil {
		return n, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		n.At = tx.Now()
		n.Item, err = tx.Resources.Get(org, id)
		return err
	})
	return n, err
}
