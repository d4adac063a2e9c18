package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// ResourceTotals is what an organisation, or the installation, has and uses.
type ResourceTotals struct {
	Organizations int             `json:"organizations" doc:"How many there are; 1 for one."`
	Kinds         []ResourceTotal `json:"kinds" doc:"Every kind, in a fixed order."`
	Packages      []RoomTotal     `json:"packages" doc:"The meeting rooms of one organisation by their size."`
}

// ResourceTotal is what there is of one kind now.
type ResourceTotal struct {
	Kind     string `json:"kind"`
	Limited  bool   `json:"limited" doc:"Whether this kind was ever granted. What was never granted is not limited."`
	Granted  int    `json:"granted" doc:"What counts now."`
	Used     int    `json:"used" doc:"0 for kinds whose use is not known here: those that meetings use."`
	Left     *int   `json:"left,omitempty" doc:"What can still be used; absent where nothing is limited."`
	Expiring int    `json:"expiring" doc:"What of it ends within 30 days."`
	Expired  int    `json:"expired" doc:"What ended."`
}

// RoomTotal is how many meeting rooms of one size there are.
type RoomTotal struct {
	Package string `json:"package"`
	All     int    `json:"all"`
	Lent    int    `json:"lent"`
}

func totalsShown(t resource.Totals) ResourceTotals {
	view := ResourceTotals{Organizations: t.Organizations, Kinds: make([]ResourceTotal, len(t.Kinds)), Packages: make([]RoomTotal, len(t.Rooms))}
	for i, k := range t.Kinds {
		view.Kinds[i] = ResourceTotal{Kind: string(k.Kind), Limited: k.Limited, Granted: k.Live, Used: k.Used, Expiring: k.Expiring, Expired: k.Expired}
		if k.Limited {
			view.Kinds[i].Left = new(max(k.Live-k.Used, 0))
		}
	}
	for i, r := range t.Rooms {
		view.Packages[i] = RoomTotal{Package: string(r.Package), All: r.All, Lent: r.Lent}
	}
	return view
}

type totalsInput struct{ InOrganization }

func getResourceTotals(ctx context.Context, c *call, in *totalsInput) (*plain[ResourceTotals], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	t, err := c.s.o.Resources.Totals(ctx, c.actor, o.ID)
	return &plain[ResourceTotals]{totalsShown(t)}, err
}

func getProviderResourceTotals(ctx context.Context, c *call, _ *nothing) (*plain[ResourceTotals], error) {
	t, err := c.s.o.Resources.Totals(ctx, c.actor, "")
	return &plain[ResourceTotals]{totalsShown(t)}, err
}

// ResourceRecord is one thing that was done to a resource.
type ResourceRecord struct {
	ID        string         `json:"id"`
	Operation string         `json:"operation" enum:"added,removed,modified,disabled,enabled"`
	At        time.Time      `json:"at"`
	ActorName string         `json:"actor_name" doc:"Who did it."`
	Resource  RecordResource `json:"resource" doc:"As it was afterwards, or before it was removed."`
}

// RecordResource is a resource in a record.
type RecordResource struct {
	ID       string    `json:"id"`
	Ref      string    `json:"ref"`
	Kind     string    `json:"kind"`
	Package  string    `json:"package"`
	Count    int       `json:"count"`
	EndsAt   time.Time `json:"ends_at"`
	Disabled bool      `json:"disabled"`
	Order    string    `json:"order"`
}

func recordShown(r identity.ResourceRecord) ResourceRecord {
	o := r.Resource
	return ResourceRecord{
		ID: string(r.ID), Operation: string(r.Operation), At: r.At.UTC(), ActorName: r.ActorName,
		Resource: RecordResource{
			ID: string(o.ID), Ref: o.Ref, Kind: string(o.Kind), Package: string(o.Package), Count: o.Count, EndsAt: o.EndsAt.UTC(),
			Disabled: o.Disabled, Order: o.Order,
		},
	}
}

type recordsQuery struct {
	InOrganization
	ResourceFilter
	Operation string    `query:"operation" enum:"added,removed,modified,disabled,enabled" doc:"Only where this was done."`
	From      time.Time `query:"from" doc:"Only what was done at this instant or later."`
	To        time.Time `query:"to" doc:"Only what was done before this instant."`
}

func listResourceRecords(ctx context.Context, c *call, in *recordsQuery) (*listed[ResourceRecord], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	before, err := in.after("rec_")
	if err != nil {
		return nil, err
	}
	q := resource.RecordQuery{
		Text: in.Q, Kind: identity.ResourceKind(in.Kind), Package: identity.RoomPackage(in.Package),
		Operation: identity.ResourceOperation(in.Operation), From: in.EndFrom, To: in.EndTo, Since: in.From, Newest: true,
		Slice: resource.Slice{After: before, Limit: in.Limit + 1},
	}
	if !in.To.IsZero() {
		q.Until = in.To.Add(-time.Millisecond) // the last that is before it
	}
	found, err := c.s.o.Resources.Records(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found.Items, func(r identity.ResourceRecord) string { return string(r.ID) }, recordShown), nil
}
