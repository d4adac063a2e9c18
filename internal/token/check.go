package token

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Bearer is a checked token and who acts with it. It is shared by all who
// check the same token: read it, never change it.
type Bearer struct {
	Token identity.AccessToken
	Actor identity.Actor // without Origin: that belongs to the call
}

// Check proves an access token and tells who acts. An unknown, malformed,
// expired or ended one is Unauthenticated (token_unknown); one that fell
// because of another login is Unauthenticated (token_kicked).
func (t *Tokens) Check(ctx context.Context, word string) (Bearer, error) {
	s, ok := ticket.ParseSecret(accessPrefix, word)
	if !ok {
		return Bearer{}, errUnknown
	}
	if e := t.cache.get(s.ID); e != nil {
		if !s.Proves(e.hash[:]) || !e.bearer.Token.Live(t.options.Now()) {
			return Bearer{}, errUnknown
		}
		return e.bearer, nil
	}
	mark := t.cache.mark()
	var row store.AccessTokenRow
	var bearer Bearer
	err := t.db.View(ctx, func(tx *store.Tx) (err error) {
		row, bearer, err = t.read(tx, word)
		return err
	})
	if err != nil {
		return Bearer{}, err
	}
	t.cache.put(mark, s.ID, row.Hash, bearer)
	return bearer, nil
}

// standing tells who acts with a token, if everyone it depends on still stands
// as when it was made: account, member, organisation and App ID are active and
// of the same generation.
func standing(tx *store.Tx, k identity.AccessToken) (Bearer, error) {
	b := Bearer{Token: k, Actor: identity.Actor{AccountID: k.AccountID, MemberID: k.MemberID, OrganizationID: k.OrganizationID, AppID: k.AppID}}
	var stands bool
	var err error
	if k.MemberID == "" {
		stands, err = operatorStands(tx, &b)
	} else {
		stands, err = memberStands(tx, &b)
	}
	if err == nil && stands && k.AppID != "" {
		var app identity.AppID
		app, err = tx.Lookup.AppID(k.AppID)
		stands = app.Active() && app.Generation == k.Generation.AppID
	}
	if err == nil && stands {
		return b, nil
	}
	if err != nil && fault.KindOf(err) != fault.NotFound {
		return Bearer{}, err
	}
	return Bearer{}, errUnknown
}

func memberStands(tx *store.Tx, b *Bearer) (bool, error) {
	k := b.Token
	person, err := tx.Members.Get(k.OrganizationID, k.MemberID)
	if err != nil {
		return false, err
	}
	org, err := tx.Organizations.Get(k.OrganizationID)
	if err != nil {
		return false, err
	}
	b.Actor.Kind, b.Actor.Role, b.Actor.Name = identity.ActsAsMember, person.Member.Role, person.Member.Name
	return person.Active() && org.Active() && person.Account.Generation == k.Generation.Account &&
		person.Member.Generation == k.Generation.Member && org.Generation == k.Generation.Organization, nil
}

func operatorStands(tx *store.Tx, b *Bearer) (bool, error) {
	account, err := tx.Accounts.Get(b.Token.AccountID)
	if err != nil {
		return false, err
	}
	b.Actor.Kind, b.Actor.Name = identity.ActsAsProvider, account.DisplayName
	administers, err := tx.Providers.Is(account.ID)
	return administers && account.Active() && account.Generation == b.Token.Generation.Account, err
}
