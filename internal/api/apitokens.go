package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/token"
)

// APIToken is a management token on the wire, without its secret.
type APIToken struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	OrganizationID string     `json:"organization_id" doc:"The organisation it administers; empty for the installation."`
	CreatedAt      time.Time  `json:"created_at"`
	ExpiresAt      *time.Time `json:"expires_at,omitempty" doc:"Absent when it has no end."`
	RevokedAt      *time.Time `json:"revoked_at,omitempty" doc:"Absent while it counts."`
}

// MadeAPIToken is a new management token.
type MadeAPIToken struct {
	APIToken
	Token string `json:"token" doc:"What is sent as the bearer token. It is told this once."`
}

func apiTokenShown(k identity.APIToken) APIToken {
	return APIToken{
		ID: string(k.ID), Name: k.Name, OrganizationID: string(k.OrganizationID), CreatedAt: k.CreatedAt.UTC(),
		ExpiresAt: moment(k.ExpiresAt), RevokedAt: moment(k.RevokedAt),
	}
}

// moment is an instant, nil when there is none.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return new(t.UTC())
}

type apiTokensQuery struct{ Paging }

func listAPITokens(ctx context.Context, c *call, in *apiTokensQuery) (*listed[APIToken], error) {
	after, err := in.after("key_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Tokens.APITokens(ctx, c.actor)
	if err != nil {
		return nil, err
	}
	for len(found) > 0 && string(found[0].ID) <= after {
		found = found[1:]
	}
	return paged(c, in.Paging, found, func(k identity.APIToken) string { return string(k.ID) }, apiTokenShown), nil
}

// maxLifeDays bounds the life of a token that has an end.
const maxLifeDays = 3650

type addAPITokenInput struct {
	Body struct {
		Name         string `json:"name" doc:"Unique, 1 to 64 characters."`
		Organization string `json:"organization,omitempty" doc:"The identifier or code of the organisation it shall administer. Left out, the installation."`
		LifeDays     int    `json:"life_days,omitempty" doc:"After so many days it ends, at most 3650. Left out, never."`
	}
}

func addAPIToken(ctx context.Context, c *call, in *addAPITokenInput) (*plain[MadeAPIToken], error) {
	if in.Body.LifeDays < 0 || in.Body.LifeDays > maxLifeDays {
		return nil, fault.New(fault.Invalid, fault.CodeFieldRange).At("life_days").With("min", 0).With("max", maxLifeDays)
	}
	n := token.NewAPIToken{Name: in.Body.Name, Life: time.Duration(in.Body.LifeDays) * 24 * time.Hour}
	if in.Body.Organization != "" {
		o, err := c.s.o.Directory.OrganizationByRef(ctx, c.actor, in.Body.Organization)
		if err != nil {
			return nil, err
		}
		n.Organization = o.ID
	}
	k, word, err := c.s.o.Tokens.AddAPIToken(ctx, c.actor, n)
	if err != nil {
		return nil, err
	}
	return &plain[MadeAPIToken]{MadeAPIToken{apiTokenShown(k), word}}, nil
}

type revokeAPITokenInput struct {
	Token string `path:"token" doc:"The identifier of the token, not its secret."`
}

func revokeAPIToken(ctx context.Context, c *call, in *revokeAPITokenInput) (*empty, error) {
	return &empty{}, c.s.o.Tokens.RevokeAPIToken(ctx, c.actor, identity.APITokenID(in.Token))
}
