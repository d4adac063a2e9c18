package api

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// InOrganization is embedded by everything below /organizations/{org}.
type InOrganization struct {
	Org string `path:"org" doc:"The organisation's identifier or code."`
}

// organization finds the organisation that a call is about. Who may not read
// it is forbidden, whether it exists or not.
func (c *call) organization(ctx context.Context, in InOrganization) (identity.Organization, error) {
	return c.s.o.Directory.OrganizationByRef(ctx, c.actor, in.Org)
}

type organizationsQuery struct {
	Named
	Q      string `query:"q" doc:"Only those whose code or name begins so."`
	Status string `query:"status" enum:"active,frozen,dissolving" doc:"Only those in this state."`
}

func listOrganizations(ctx context.Context, c *call, in *organizationsQuery) (*listed[Organization], error) {
	order, part, err := in.part("org_")
	if err != nil {
		return nil, err
	}
	q := directory.OrganizationQuery{Text: in.Q, Status: identity.OrganizationStatus(in.Status), NameOrder: order, Slice: part}
	found, err := c.s.o.Directory.Organizations(ctx, c.actor, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(o identity.Organization) string { return in.key(string(o.ID), o.Name) }, organizationShown), nil
}

// NewOrganization is the body that makes an organisation.
type NewOrganization struct {
	Code string `json:"code,omitempty" doc:"The natural key: 1 to 32 letters, digits, dots, underscores and hyphens. Left out, one is made."`
	Name string `json:"name" doc:"The name, 1 to 64 characters. The topmost department bears it too."`
	OrganizationFields
	Owner *NewOwner `json:"owner,omitempty" doc:"The person to be its owner, made with it."`
}

// MadeOrganization is a new organisation with its owner.
type MadeOrganization struct {
	Organization
	Owner *MadeMember `json:"owner,omitempty" doc:"The owner, when one was asked for."`
}

type addOrganizationInput struct{ Body NewOrganization }

func addOrganization(ctx context.Context, c *call, in *addOrganizationInput) (*made[MadeOrganization], error) {
	b := in.Body
	start := identity.Organization{Rules: identity.DefaultSignInRules(), Limits: identity.LimitsOrgID()}
	b.merge(&start)
	n := directory.NewOrganization{
		Code: b.Code, Name: b.Name, Domain: start.Domain, AutoCreate: b.AutoCreate, Everlasting: b.Everlasting,
		Rules: &start.Rules, Limits: &start.Limits, Profile: start.Profile,
	}
	if b.Owner != nil {
		n.Owner = b.Owner.member()
	}
	o, err := c.s.o.Directory.AddOrganization(ctx, c.actor, n)
	if err != nil {
		return nil, err
	}
	body := MadeOrganization{Organization: organizationShown(o)}
	if n.Owner != nil {
		if body.Owner, err = c.madeOwner(ctx, o, *b.Owner, *n.Owner); err != nil {
			return nil, err
		}
	}
	return &made[MadeOrganization]{ETag: etag(o.Version), Location: c.at("/organizations/" + string(o.ID)), Body: body}, nil
}

type organizationInput struct {
	InOrganization
	Known
}

func getOrganization(ctx context.Context, c *call, in *organizationInput) (*single[Organization], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, o.Version, organizationShown(o))
}

// OrganizationChange is an edit of an organisation; what is left out stays.
type OrganizationChange struct {
	Name *string `json:"name,omitempty" doc:"The name, 1 to 64 characters. The topmost department follows it."`
	OrganizationFields
	Default *string `json:"default_source,omitempty" doc:"The identifier of an enabled authentication source of the organisation to which people of its domains are led who did not choose; empty for none."`
	Status  *string `json:"status,omitempty" enum:"active,frozen" doc:"In a frozen organisation nobody signs in and nothing is lost. For the provider alone."`
}

type changeOrganizationInput struct {
	InOrganization
	Unchanged
	Body OrganizationChange
}

func changeOrganization(ctx context.Context, c *call, in *changeOrganizationInput) (*single[Organization], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	version, err := in.version(o.Version)
	if err != nil {
		return nil, err
	}
	o, err = c.s.o.Directory.ChangeOrganization(ctx, c.actor, o.ID, version, in.Body.change(o))
	if err != nil {
		return nil, err
	}
	return &single[Organization]{ETag: etag(o.Version), Body: organizationShown(o)}, nil
}

type removeOrganizationInput struct {
	InOrganization
	Unchanged
}

func removeOrganization(ctx context.Context, c *call, in *removeOrganizationInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(o.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveOrganization(ctx, c.actor, o.ID)
}

type dissolveOrganizationInput struct {
	InOrganization
	Unchanged
	Body struct {
		Confirm string `json:"confirm" doc:"The code of the organisation, so that nobody dissolves another one than they meant."`
	}
}

func dissolveOrganization(ctx context.Context, c *call, in *dissolveOrganizationInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(o.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.Dissolve(ctx, c.actor, o.ID, in.Body.Confirm)
}

// at is the address of something below /api/v1.
func (c *call) at(path string) string { return c.s.o.BaseURL.JoinPath(prefix, path).String() }
