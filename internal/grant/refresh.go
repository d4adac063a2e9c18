package grant

import (
	"context"
	"errors"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Reasons why a refresh token is refused, for log and story.
var (
	errNoRefresh      = errors.New("grant: no refresh token of ours")
	errForeignRefresh = errors.New("grant: the refresh token belongs to another application")
	errUsed           = errors.New("grant: the refresh token was used before")
	errOver           = errors.New("grant: the grant has ended")
	errLate           = errors.New("grant: the refresh token has expired")
	errWider          = errors.New("grant: a scope that was not granted")
)

// Rotate redeems a refresh token of the application for the next one and an
// access token, whose scopes may be narrowed; nil keeps all that were granted. A
// token that does not count, or a scope that was not granted, is Invalid
// (grant_invalid, oauth_scope). One that is proven to be ours and was used
// before, or that another application comes with, has been stolen from somebody:
// its grant ends (RFC 9700, 4.14.2). Within the application's grace the token
// that was used last is answered with its successor instead. Of several that
// rotate one token at once one gets the next.
func (g *Grants) Rotate(ctx context.Context, a identity.Application, refresh string, scopes []string) (out identity.Issued, err error) {
	w, ok := parse(refresh)
	if !ok || !w.refresh {
		return out, refusedFor(errNoRefresh)
	}
	done, err := g.db.Turn(ctx, refresh)
	if err != nil {
		return out, err
	}
	defer done()
	err = g.act(ctx, func(tx *store.Tx) (refusal, err error) {
		out, refusal, err = g.rotate(tx, a, w, scopes)
		return refusal, err
	})
	if err != nil {
		return identity.Issued{}, err
	}
	return out, nil
}

// rotate decides about a refresh token and begins the next round.
func (g *Grants) rotate(tx *store.Tx, a identity.Application, w word, scopes []string) (out identity.Issued, refusal, err error) {
	for {
		row, refusal, err := g.refreshable(tx, a, w)
		if refusal != nil || err != nil {
			return out, refusal, err
		}
		mask, ok := maskOf(row.Grant.Scopes, scopes)
		if !ok {
			tx.NoEvent("nothing was refreshed")
			return out, errScope.Because(reason(errWider)), nil
		}
		if row.Grant.Round == int64(w.round) {
			won, err := advance(tx, a, &row.Grant)
			if err != nil {
				return out, nil, err
			}
			if !won {
				continue // another was first: what it did decides
			}
		}
		tx.NoEvent("that a grant was refreshed is no fact beside the grant itself")
		return issued(row, a, mask, true), nil, nil
	}
}

func advance(tx *store.Tx, a identity.Application, g *identity.Grant) (bool, error) {
	now := tx.Now()
	end := ends(a, now, seconds(now).Add(a.OAuth.AccessLife), true)
	won, err := tx.Grants.Advance(g.ID, g.Round, end)
	if won {
		g.Round++
		g.RoundAt, g.EndsAt = now, end
	}
	return won, err
}

// refreshable finds the grant of a refresh token that counts: that of the
// present round, or within the grace the one before. It ends the grant of a
// token that is proven and must not be there.
func (g *Grants) refreshable(tx *store.Tx, a identity.Application, w word) (row store.GrantRow, refusal, err error) {
	refuse := func(why error) (store.GrantRow, error, error) {
		tx.NoEvent("nothing was refreshed")
		return row, refusedFor(why), nil
	}
	s, err := tx.Lookup.Grant(identity.GrantIDOf(w.id))
	if fault.KindOf(err) == fault.NotFound {
		return refuse(errNoRefresh)
	}
	if err != nil {
		return row, nil, err
	}
	row = s.Row
	switch behind := row.Grant.Round - int64(w.round); {
	case !w.proven(row.Seed), behind < 0:
		return refuse(errNoRefresh)
	case !row.Grant.RevokedAt.IsZero(), !stands(s, tx.Now()):
		return refuse(errOver)
	case !tx.Now().Before(row.Grant.EndsAt):
		return refuse(errLate)
	case row.Grant.ApplicationID != a.ID:
		return row, refusedFor(errForeignRefresh), stolen(tx, a, row.Grant)
	case behind > 1, behind == 1 && !graced(a, row.Grant, tx.Now()):
		return row, refusedFor(errUsed), stolen(tx, a, row.Grant)
	}
	why, err := refuses(tx, row.Grant)
	if why != nil {
		return refuse(why)
	}
	return row, nil, err
}

// graced reports whether the token before the present one is answered once more.
func graced(a identity.Application, g identity.Grant, now time.Time) bool {
	return a.OAuth.RefreshGrace > 0 && now.Before(g.RoundAt.Add(a.OAuth.RefreshGrace))
}

// stolen ends a grant whose refresh token is in two hands.
func stolen(tx *store.Tx, a identity.Application, g identity.Grant) error {
	ended, err := tx.Grants.Revoke(g.ID)
	if err != nil {
		return err
	}
	if !ended {
		tx.NoEvent("another ended the grant first and recorded it")
		return nil
	}
	return audit.Record(tx, asApplication(a), audit.GrantReused, audit.About{
		Organization: g.OrganizationID, Target: string(g.ID), Details: map[string]string{"member": string(g.MemberID)},
	})
}
