package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/grant"
	"github.com/orgate/orgate/internal/identity"
)

// Grant is what a member granted to an application, on the wire.
type Grant struct {
	ID              string    `json:"id"`
	ApplicationID   string    `json:"application_id"`
	ClientID        string    `json:"client_id"`
	ApplicationName string    `json:"application_name"`
	SessionID       string    `json:"session_id,omitempty" doc:"The session it came from."`
	Scopes          []string  `json:"scopes"`
	Offline         bool      `json:"offline" doc:"It outlives the sign-out of its session."`
	CreatedAt       time.Time `json:"created_at"`
	RefreshedAt     time.Time `json:"refreshed_at" doc:"When the application got its last tokens."`
	EndsAt          time.Time `json:"ends_at" doc:"When it ends unless it is refreshed."`
}

func grantShown(g grant.Granted) Grant {
	return Grant{
		ID: string(g.ID), ApplicationID: string(g.ApplicationID), ClientID: g.ClientID, ApplicationName: g.ApplicationName,
		SessionID: string(g.SessionID), Scopes: append([]string{}, g.Scopes...), Offline: g.Offline, CreatedAt: g.CreatedAt.UTC(),
		RefreshedAt: g.RoundAt.UTC(), EndsAt: g.EndsAt.UTC(),
	}
}

// RevokedGrants tells how many grants a call ended.
type RevokedGrants struct {
	Revoked int `json:"revoked"`
}

// OfApplication narrows a call to the grants of one application.
type OfApplication struct {
	Application string `query:"application" doc:"Only those of the application with this identifier; otherwise all."`
}

type memberGrantsInput struct{ InMember }

type revokeMemberGrantsInput struct {
	InMember
	OfApplication
}

type revokeMyGrantsInput struct{ OfApplication }

func listMemberGrants(ctx context.Context, c *call, in *memberGrantsInput) (*all[Grant], error) {
	p, err := c.member(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	return c.grants(ctx, p.Member)
}

func revokeMemberGrants(ctx context.Context, c *call, in *revokeMemberGrantsInput) (*plain[RevokedGrants], error) {
	p, err := c.member(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	return c.revokeGrants(ctx, p.Member, in.OfApplication)
}

func listMyGrants(ctx context.Context, c *call, _ *nothing) (*all[Grant], error) {
	m, err := c.myself()
	if err != nil {
		return nil, err
	}
	return c.grants(ctx, m)
}

func revokeMyGrants(ctx context.Context, c *call, in *revokeMyGrantsInput) (*plain[RevokedGrants], error) {
	m, err := c.myself()
	if err != nil {
		return nil, err
	}
	return c.revokeGrants(ctx, m, in.OfApplication)
}

// myself is the caller as a member. Who is none granted nothing to anybody.
func (c *call) myself() (identity.Member, error) {
	if c.actor.MemberID == "" {
		return identity.Member{}, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return identity.Member{ID: c.actor.MemberID, OrganizationID: c.actor.OrganizationID}, nil
}

func (c *call) grants(ctx context.Context, m identity.Member) (*all[Grant], error) {
	found, err := c.s.o.Grants.List(ctx, c.actor, m.OrganizationID, m.ID)
	if err != nil {
		return nil, err
	}
	return whole(found, grantShown), nil
}

func (c *call) revokeGrants(ctx context.Context, m identity.Member, of OfApplication) (*plain[RevokedGrants], error) {
	n, err := c.s.o.Grants.RevokeAll(ctx, c.actor, m.OrganizationID, m.ID, identity.ApplicationID(of.Application))
	if err != nil {
		return nil, err
	}
	return &plain[RevokedGrants]{RevokedGrants{n}}, nil
}
