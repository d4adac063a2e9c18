package token

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Bearer is a checked token and who acts with it. The generations of the token
// are filled in only when it was read just now.
type Bearer struct {
	Token identity.AccessToken
	Actor identity.Actor // without Origin: that belongs to the call

	memberEnds time.Time // when the holder's membership ends, zero for never
}

// Check proves an access token and tells who acts. An unknown, malformed,
// expired or ended one is Unauthenticated (token_unknown); one that fell
// because of another login is Unauthenticated (token_kicked).
func (t *Tokens) Check(ctx context.Context, word string) (Bearer, error) {
	s, ok := ticket.ParseSecret(accessPrefix, word)
	if !ok {
		return Bearer{}, errUnknown
	}
	if e, name, ok := t.cache.get(s.ID); ok {
		if !s.Proves(e.hash[:]) || e.over(t.options.Now()) {
			return Bearer{}, errUnknown
		}
		return e.bearer(name), nil
	}
	since := t.cache.now()
	var row store.AccessTokenRow
	var bearer Bearer
	err := t.db.Glance(ctx, func(tx *store.Tx) (err error) {
		row, bearer, err = t.read(tx, word)
		return err
	})
	if err != nil {
		return Bearer{}, err
	}
	t.cache.put(since, s.ID, row.Hash, bearer)
	return bearer, nil
}

// standing tells who acts with a token, if everyone it depends on still stands
// as when it was made: account, member, organisation and App ID are active and
// of the same generation. Otherwise the token is unknown.
func standing(b store.Bearer, now time.Time) (Bearer, error) {
	k, s := b.Row.Token, b.Standing
	actor := identity.Actor{AccountID: k.AccountID, MemberID: k.MemberID, OrganizationID: k.OrganizationID, AppID: k.AppID}
	stands := s.Account.Active() && s.Account.Generation == k.Generation.Account
	if k.MemberID == "" {
		actor.Kind, actor.Name = s.Account.OutsideOrganizations(), s.Account.DisplayName
		// Nobody has no token; a person who is no administrator has their own.
		stands = stands && k.OrganizationID == "" && (actor.Kind == identity.ActsAsPerson || actor.Kind == identity.ActsAsProvider && s.Administers)
	} else {
		stands = stands && s.Member.Active(now) && s.Member.Generation == k.Generation.Member &&
			s.Organization.Active() && s.Organization.Generation == k.Generation.Organization
		actor.Kind, actor.Role, actor.Name = identity.ActsAsMember, s.Member.Role, s.Member.Name
	}
	if k.AppID != "" {
		stands = stands && s.AppID.Active() && s.AppID.Generation == k.Generation.AppID
	}
	if !stands {
		return Bearer{}, errUnknown
	}
	return Bearer{Token: k, Actor: actor, memberEnds: s.Member.ExpiresAt}, nil
}
