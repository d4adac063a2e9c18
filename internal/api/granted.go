package api

import (
	"context"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// Resource is what the provider granted an organisation: so many of one kind
// until an instant.
type Resource struct {
	ID        string    `json:"id"`
	Ref       string    `json:"ref" doc:"The provider's own name for it, unique among those of one kind."`
	Kind      string    `json:"kind" enum:"meeting_rooms,participants,terminals_1080p,terminals_720p,terminals_third_party,members,whiteboards,live_streams,recording_gigabytes,smart_screens,idea_hubs"`
	Package   string    `json:"package" doc:"The size of meeting rooms, such as vmr50; empty for other kinds."`
	Count     int       `json:"count"`
	EndsAt    time.Time `json:"ends_at"`
	Status    string    `json:"status" enum:"live,expired,disabled" doc:"What is left of it now. One that is disabled and ended is disabled."`
	Order     string    `json:"order" doc:"The provider's order."`
	Version   int64     `json:"version"`
	CreatedAt time.Time `json:"created_at"`
	UpdatedAt time.Time `json:"updated_at"`
}

// resourceShown is a resource as it is at an instant.
func resourceShown(r identity.Resource, now time.Time) Resource {
	return Resource{
		ID: string(r.ID), Ref: r.Ref, Kind: string(r.Kind), Package: string(r.Package), Count: r.Count, EndsAt: r.EndsAt.UTC(),
		Status: string(r.Status(now)), Order: r.Order, Version: r.Version, CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

// ResourceFilter is what lists of resources are narrowed by.
type ResourceFilter struct {
	Paging
	Q       string    `query:"q" doc:"Only those whose ref contains this, whatever the letter case."`
	Kind    string    `query:"kind" enum:"meeting_rooms,participants,terminals_1080p,terminals_720p,terminals_third_party,members,whiteboards,live_streams,recording_gigabytes,smart_screens,idea_hubs" doc:"Only those of this kind."`
	Package string    `query:"package" enum:"vmr10,vmr25,vmr50,vmr100,vmr200,vmr300,vmr400,vmr500" doc:"Only meeting rooms of this size."`
	EndFrom time.Time `query:"ends_from" doc:"Only those that end at this instant or later."`
	EndTo   time.Time `query:"ends_to" doc:"Only those that end at this instant or earlier."`
}

type resourcesQuery struct {
	InOrganization
	ResourceFilter
	Status string `query:"status" enum:"live,expired,disabled" doc:"Only those in this state now."`
	Order  string `query:"order" doc:"Only those of exactly this order."`
	Sort   string `query:"sort" enum:"created,ends" default:"created" doc:"The order: of making, or of their ends."`
}

// key is what a page in the wanted order goes on after.
func (q *resourcesQuery) key(r identity.Resource) string {
	if q.Sort == "created" {
		return string(r.ID)
	}
	return placed(q.Sort, string(r.ID), strconv.FormatInt(r.EndsAt.UnixMilli(), 10))
}

// end is the end in the cursor of a list in the order of ends.
func (p place) end() (time.Time, error) {
	if p.value == "" {
		return time.Time{}, nil
	}
	ms, err := strconv.ParseInt(p.value, 10, 64)
	if err != nil {
		return time.Time{}, fault.New(fault.Invalid, fault.CodeCursor).At("cursor")
	}
	return time.UnixMilli(ms), nil
}

func listResources(ctx context.Context, c *call, in *resourcesQuery) (*listed[Resource], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	at, err := in.place(in.Sort, "res_")
	if err != nil {
		return nil, err
	}
	q := resource.Query{
		Text: in.Q, Kind: identity.ResourceKind(in.Kind), Package: identity.RoomPackage(in.Package), Order: in.Order,
		Status: identity.ResourceStatus(in.Status), From: in.EndFrom, To: in.EndTo, ByEnd: in.Sort == "ends",
		Slice: resource.Slice{After: at.id, Limit: in.Limit + 1},
	}
	if q.AfterEnd, err = at.end(); err != nil {
		return nil, err
	}
	found, err := c.s.o.Resources.List(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found.Items, in.key, func(r identity.Resource) Resource { return resourceShown(r, found.At) }), nil
}

// NewResource is the body that grants a resource.
type NewResource struct {
	Ref      string    `json:"ref,omitempty" doc:"1 to 64 printable ASCII characters without blanks. Left out, one is made."`
	Kind     string    `json:"kind" enum:"meeting_rooms,participants,terminals_1080p,terminals_720p,terminals_third_party,members,whiteboards,live_streams,recording_gigabytes,smart_screens,idea_hubs"`
	Package  string    `json:"package,omitempty" enum:"vmr10,vmr25,vmr50,vmr100,vmr200,vmr300,vmr400,vmr500" doc:"The size of meeting rooms. Left out, it is the smallest; other kinds have none."`
	Count    int       `json:"count" doc:"1 to 100,000,000, of meeting rooms 1,000."`
	EndsAt   time.Time `json:"ends_at" doc:"From this instant on it counts no more."`
	Disabled bool      `json:"disabled,omitempty" doc:"Whether it does not count although it has not ended."`
	Order    string    `json:"order,omitempty" doc:"The provider's order, at most 64 characters."`
}

type addResourceInput struct {
	InOrganization
	Body NewResource
}

func addResource(ctx context.Context, c *call, in *addResourceInput) (*made[Resource], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	b := in.Body
	granted, err := c.s.o.Resources.Grant(ctx, c.actor, o.ID, []resource.Grant{{
		Ref: b.Ref, New: true, Kind: identity.ResourceKind(b.Kind), Package: identity.RoomPackage(b.Package), Count: b.Count,
		EndsAt: b.EndsAt, Disabled: b.Disabled, Order: b.Order,
	}})
	if err != nil {
		return nil, err
	}
	r := granted[0]
	return &made[Resource]{
		ETag: etag(r.Version), Location: c.at("/organizations/" + string(o.ID) + "/resources/" + string(r.ID)),
		Body: resourceShown(r, r.UpdatedAt),
	}, nil
}

// InResource is embedded by everything about one resource.
type InResource struct {
	InOrganization
	Resource string `path:"resource" doc:"The resource's identifier."`
}

// resource finds the resource that a call is about, as it is now.
func (c *call) resource(ctx context.Context, in InResource) (r resource.Seen[identity.Resource], err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return r, err
	}
	return c.s.o.Resources.Resource(ctx, c.actor, o.ID, identity.ResourceID(in.Resource))
}

type resourceInput struct {
	InResource
	Known
}

func getResource(ctx context.Context, c *call, in *resourceInput) (*single[Resource], error) {
	r, err := c.resource(ctx, in.InResource)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, r.Item.Version, resourceShown(r.Item, r.At))
}

// ResourceChange is an edit of a resource; what is left out stays.
type ResourceChange struct {
	Count    *int       `json:"count,omitempty"`
	EndsAt   *time.Time `json:"ends_at,omitempty"`
	Disabled *bool      `json:"disabled,omitempty"`
	Order    *string    `json:"order,omitempty"`
}

type changeResourceInput struct {
	InResource
	Unchanged
	Body ResourceChange
}

func changeResource(ctx context.Context, c *call, in *changeResourceInput) (*single[Resource], error) {
	known, err := c.resource(ctx, in.InResource)
	if err != nil {
		return nil, err
	}
	version, err := in.version(known.Item.Version)
	if err != nil {
		return nil, err
	}
	r, err := c.s.o.Resources.Change(ctx, c.actor, known.Item.OrganizationID, known.Item.ID, version, resource.Change(in.Body))
	if err != nil {
		return nil, err
	}
	return &single[Resource]{ETag: etag(r.Version), Body: resourceShown(r, known.At)}, nil
}

type removeResourceInput struct {
	InResource
	Unchanged
}

func removeResource(ctx context.Context, c *call, in *removeResourceInput) (*empty, error) {
	r, err := c.resource(ctx, in.InResource)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(r.Item.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.Withdraw(ctx, c.actor, r.Item.OrganizationID, []identity.ResourceID{r.Item.ID})
}
