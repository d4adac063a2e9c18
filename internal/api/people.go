package api

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// AccountSettings say what people may do by themselves.
type AccountSettings struct {
	Registration  bool  `json:"registration" doc:"Whether whoever comes may make an account of their own."`
	Organizations bool  `json:"organizations_by_people" doc:"Whether whoever has one may make organisations."`
	QuotaAtOnce   bool  `json:"quota_at_once" doc:"Whether room that is asked for is given without a decision."`
	Version       int64 `json:"version" doc:"0 while nothing was set: people may do nothing of this."`
}

func accountSettings(rules identity.PeopleRules, version int64) AccountSettings {
	return AccountSettings{rules.Registration, rules.Organizations, rules.QuotaAtOnce, version}
}

func getAccountSettings(ctx context.Context, c *call, in *settingsInput) (*single[AccountSettings], error) {
	rules, version, err := c.s.o.Directory.PeopleRules(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, version, accountSettings(rules, version))
}

type setAccountSettingsInput struct {
	Unchanged
	Body struct {
		Registration  *bool `json:"registration,omitempty" doc:"Left out, it stays."`
		Organizations *bool `json:"organizations_by_people,omitempty" doc:"Likewise."`
		QuotaAtOnce   *bool `json:"quota_at_once,omitempty" doc:"Likewise."`
	}
}

func setAccountSettings(ctx context.Context, c *call, in *setAccountSettingsInput) (*single[AccountSettings], error) {
	rules, version, err := c.s.o.Directory.PeopleRules(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(version); err != nil {
		return nil, err
	}
	put(&rules.Registration, in.Body.Registration)
	put(&rules.Organizations, in.Body.Organizations)
	put(&rules.QuotaAtOnce, in.Body.QuotaAtOnce)
	if err := c.s.o.Directory.SetPeopleRules(ctx, c.actor, rules, version); err != nil {
		return nil, err
	}
	rules, version, err = c.s.o.Directory.PeopleRules(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return &single[AccountSettings]{ETag: etag(version), Body: accountSettings(rules, version)}, nil
}

// OwnOrganization is an organisation of the caller, and what they are there.
type OwnOrganization struct {
	ID       string `json:"id"`
	Code     string `json:"code"`
	Name     string `json:"name"`
	MemberID string `json:"member_id"`
	Role     string `json:"role" enum:"owner,administrator,department_administrator,member"`
	Last     bool   `json:"last" doc:"Whether the caller was there last."`
	Open     bool   `json:"open" doc:"Whether the caller is let in there now."`
}

func ownOrganizationShown(p directory.OwnPlace) OwnOrganization {
	return OwnOrganization{
		ID: string(p.Organization.ID), Code: p.Organization.Code, Name: p.Organization.Name, MemberID: string(p.Member.ID),
		Role: string(p.Member.Role), Last: p.Last, Open: p.Barred == nil,
	}
}

func listMyOrganizations(ctx context.Context, c *call, _ *nothing) (*all[OwnOrganization], error) {
	own, err := c.s.o.Directory.OwnPlaces(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	return whole(own.Places, ownOrganizationShown), nil
}

type addMyOrganizationInput struct {
	Body struct {
		Name string `json:"name" doc:"The name, 1 to 64 characters."`
		Code string `json:"code,omitempty" doc:"The natural key: 1 to 32 letters, digits, dots, underscores and hyphens. Left out, one is made."`
	}
}

func addMyOrganization(ctx context.Context, c *call, in *addMyOrganizationInput) (*made[Organization], error) {
	o, err := c.s.o.Directory.FoundOrganization(ctx, c.actor, directory.OwnOrganization{Name: in.Body.Name, Code: in.Body.Code})
	if err != nil {
		return nil, err
	}
	return &made[Organization]{ETag: etag(o.Version), Location: c.at("/organizations/" + string(o.ID)), Body: organizationShown(o)}, nil
}

type leaveOrganizationInput struct {
	Organization string `path:"organization" doc:"The identifier of the organisation."`
}

func leaveOrganization(ctx context.Context, c *call, in *leaveOrganizationInput) (*empty, error) {
	return &empty{}, c.s.o.Directory.LeaveOrganization(ctx, c.actor, identity.OrganizationID(in.Organization))
}
