package api

import (
	"context"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
)

// Region is a part of the network that access policies can name.
type Region struct {
	ID          string    `json:"id"`
	Name        string    `json:"name"`
	Network     string    `json:"network" doc:"In the notation of CIDR, without the bits behind the mask."`
	Description string    `json:"description"`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func regionShown(r identity.Region) Region {
	return Region{
		ID: string(r.ID), Name: r.Name, Network: r.Network.String(), Description: r.Description, Version: r.Version,
		CreatedAt: r.CreatedAt.UTC(), UpdatedAt: r.UpdatedAt.UTC(),
	}
}

type regionsQuery struct {
	InOrganization
	Paging
	Q    string `query:"q" doc:"Only those whose name or network contains this, whatever the letter case."`
	Sort string `query:"sort" enum:"created,name" default:"created" doc:"The order: of making, or of names."`
}

// key is what a page in the wanted order goes on after.
func (q *regionsQuery) key(r identity.Region) string {
	if q.Sort == "name" {
		return named + identity.Fold(r.Name)
	}
	return string(r.ID)
}

func listRegions(ctx context.Context, c *call, in *regionsQuery) (*listed[Region], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q := policy.RegionQuery{Text: in.Q, ByName: in.Sort == "name", Limit: in.Limit + 1}
	prefix := "reg_"
	if q.ByName {
		prefix = named
	}
	after, err := in.after(prefix)
	if err != nil {
		return nil, err
	}
	q.After = strings.TrimPrefix(after, named)
	found, err := c.s.o.Policies.Regions(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, in.key, regionShown), nil
}

// NewRegion is the body that makes a region.
type NewRegion struct {
	Name        string `json:"name" doc:"The name, 1 to 64 characters, unique in the organisation whatever the letter case."`
	Network     string `json:"network" doc:"In the notation of CIDR, such as 10.0.0.0/8 or 2001:db8::/32; unique in the organisation. The bits behind the mask are dropped."`
	Description string `json:"description,omitempty" doc:"At most 255 characters."`
}

type addRegionInput struct {
	InOrganization
	Body NewRegion
}

func addRegion(ctx context.Context, c *call, in *addRegionInput) (*made[Region], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	r, err := c.s.o.Policies.AddRegion(ctx, c.actor, o.ID, policy.NewRegion{
		Name: in.Body.Name, Network: in.Body.Network, Description: in.Body.Description,
	})
	if err != nil {
		return nil, err
	}
	return &made[Region]{
		ETag: etag(r.Version), Location: c.at("/organizations/" + string(o.ID) + "/regions/" + string(r.ID)), Body: regionShown(r),
	}, nil
}

// InRegion is embedded by everything about one region.
type InRegion struct {
	InOrganization
	Region string `path:"region" doc:"The region's identifier."`
}

// region finds the region that a call is about.
func (c *call) region(ctx context.Context, in InRegion) (r identity.Region, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return r, err
	}
	return c.s.o.Policies.Region(ctx, c.actor, o.ID, identity.RegionID(in.Region))
}

type regionInput struct {
	InRegion
	Known
}

func getRegion(ctx context.Context, c *call, in *regionInput) (*single[Region], error) {
	r, err := c.region(ctx, in.InRegion)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, r.Version, regionShown(r))
}

// RegionChange is an edit of a region; what is left out stays.
type RegionChange struct {
	Name        *string `json:"name,omitempty"`
	Network     *string `json:"network,omitempty"`
	Description *string `json:"description,omitempty"`
}

type changeRegionInput struct {
	InRegion
	Unchanged
	Body RegionChange
}

func changeRegion(ctx context.Context, c *call, in *changeRegionInput) (*single[Region], error) {
	r, err := c.region(ctx, in.InRegion)
	if err != nil {
		return nil, err
	}
	version, err := in.version(r.Version)
	if err != nil {
		return nil, err
	}
	r, err = c.s.o.Policies.ChangeRegion(ctx, c.actor, r.OrganizationID, r.ID, version, policy.RegionChange{
		Name: in.Body.Name, Network: in.Body.Network, Description: in.Body.Description,
	})
	if err != nil {
		return nil, err
	}
	return &single[Region]{ETag: etag(r.Version), Body: regionShown(r)}, nil
}

type removeRegionInput struct {
	InRegion
	Unchanged
}

func removeRegion(ctx context.Context, c *call, in *removeRegionInput) (*empty, error) {
	r, err := c.region(ctx, in.InRegion)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(r.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Policies.RemoveRegion(ctx, c.actor, r.OrganizationID, r.ID)
}
