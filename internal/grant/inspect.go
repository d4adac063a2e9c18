package grant

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Inspect returns what an opaque access or refresh token stands for, with the
// scopes that the token itself has. One that is not ours is Unauthenticated
// (token_unknown), one whose time has run out token_expired, and one whose grant
// has ended or may not be used any more token_revoked; so is a refresh token that
// was used. A proven token comes along with the refusal that its grant has ended,
// so that the story of it finds whose it was. To inspect a token changes nothing.
func (g *Grants) Inspect(ctx context.Context, token string) (identity.Inspection, error) {
	w, ok := parse(token)
	if !ok {
		return identity.Inspection{}, errUnknown
	}
	id := identity.GrantIDOf(w.id)
	k, err := g.find(ctx, id, w.refresh)
	if err != nil {
		return identity.Inspection{}, err
	}
	// The proof comes first: to others nothing is told, not even that a grant
	// has ended.
	if !w.proven(k.row.Seed) {
		return identity.Inspection{}, errUnknown
	}
	i := k.inspection()
	if w.refresh {
		i.Refresh, i.EndsAt, i.IssuedAt = true, i.Grant.EndsAt, i.Grant.RoundAt
	} else {
		i.Grant.Scopes = masked(i.Grant.Scopes, w.mask)
		i.EndsAt, i.IssuedAt = time.Unix(int64(w.end), 0).UTC(), time.Unix(int64(w.issued), 0).UTC()
	}
	switch {
	case k.refusal != nil:
		return i, k.refusal
	case !g.options.Now().Before(i.EndsAt):
		return identity.Inspection{}, errExpired
	case w.refresh && int64(w.round) != i.Grant.Round:
		return identity.Inspection{}, errRevoked
	}
	return i, nil
}

// Stands returns a grant that still counts, for a token that proves itself by a
// signature. Its faults are Inspect's.
func (g *Grants) Stands(ctx context.Context, id identity.GrantID) (identity.Inspection, error) {
	if _, ok := identity.UUID(id); !ok {
		return identity.Inspection{}, errUnknown
	}
	k, err := g.find(ctx, id, false)
	if err == nil && !g.options.Now().Before(k.row.Grant.EndsAt) {
		// It may have been refreshed since it was remembered, which is not
		// announced.
		k, err = g.find(ctx, id, true)
	}
	switch {
	case err != nil:
		return identity.Inspection{}, err
	case k.refusal != nil:
		return k.inspection(), k.refusal
	case !g.options.Now().Before(k.row.Grant.EndsAt):
		return identity.Inspection{}, errExpired
	}
	i := k.inspection()
	i.EndsAt, i.IssuedAt = i.Grant.EndsAt, i.Grant.RoundAt
	return i, nil
}

// inspection is what is told of a grant; what the caller changes is its own.
func (k *known) inspection() identity.Inspection {
	return identity.Inspection{Grant: k.row.Grant, Application: *k.application}
}

// find returns what is known of a grant, or token_unknown. Where the round
// matters what is remembered does not do: rounds are not announced.
func (g *Grants) find(ctx context.Context, id identity.GrantID, round bool) (*known, error) {
	if k, ok := g.cache.grants.Get(string(id)); ok && !round && !k.over(g.options.Now()) {
		return k, nil
	}
	since := g.cache.fresh.Now()
	var k *known
	err := g.db.View(ctx, func(tx *store.Tx) (err error) {
		k, err = g.read(tx, id)
		return err
	})
	if fault.KindOf(err) == fault.NotFound {
		return nil, errUnknown
	}
	if err != nil {
		return nil, err
	}
	g.cache.put(since, k)
	return k, nil
}

// read reads a grant and decides about it.
func (g *Grants) read(tx *store.Tx, id identity.GrantID) (*known, error) {
	s, err := tx.Lookup.Grant(id)
	if err != nil {
		return nil, err
	}
	k := &known{row: s.Row, end: s.Member.ExpiresAt}
	if err := k.judge(tx, s); err != nil {
		return nil, err
	}
	var ok bool
	if k.application, ok = g.cache.applications.Get(string(s.Row.Grant.ApplicationID)); ok {
		return k, nil
	}
	a, err := tx.Applications.Get(s.Row.Grant.OrganizationID, s.Row.Grant.ApplicationID)
	k.application = &a
	return k, err
}

// judge finds out why a grant does not count, if it does not, and until when
// that holds.
func (k *known) judge(tx *store.Tx, s store.GrantStanding) error {
	if !s.Row.Grant.RevokedAt.IsZero() || !stands(s, tx.Now()) {
		k.refusal = errRevoked
		return nil
	}
	d, err := decided(tx, s.Row.Grant)
	if err != nil {
		return err
	}
	if why := d.Refusal(); why != nil {
		k.refusal = errRevoked.Because(why)
	}
	if !d.Until.IsZero() && (k.end.IsZero() || d.Until.Before(k.end)) {
		k.end = d.Until
	}
	return nil
}
