package token

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Tokens issues, checks, refreshes and ends access tokens.
type Tokens struct {
	db      *store.DB
	options Options
	cache   *cache
}

// Options set the lives of tokens.
type Options struct {
	Life        time.Duration // of an access token, 12–24 hours; 0 means 24
	RefreshLife time.Duration // of a refresh token; 0 means 30 days
	CacheSize   int           // checked tokens kept in memory; 0 means a million
	Now         func() time.Time
}

// New returns the tokens of a database. Close ends its subscriptions.
func New(db *store.DB, options Options) *Tokens {
	if options.Life == 0 {
		options.Life = 24 * time.Hour
	}
	if options.RefreshLife == 0 {
		options.RefreshLife = identity.RefreshLife
	}
	if options.CacheSize == 0 {
		options.CacheSize = 1_000_000
	}
	return &Tokens{db: db, options: options, cache: newCache(db.Feed(), options.CacheSize)}
}

// Close stops listening to the change feed.
func (t *Tokens) Close() { t.cache.close() }

var (
	errUnknown = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
	errKicked  = fault.New(fault.Unauthenticated, fault.CodeTokenKicked)
)

// Issue makes a token inside the caller's transaction. The caller says who it
// is for: account, member, organisation, client type, App ID, address and the
// generations it read. Times and id are set here. When the account holds as
// many live tokens of the client type as it may, the oldest falls.
func (t *Tokens) Issue(tx *store.Tx, k identity.AccessToken) (Issued, error) {
	now := tx.Now()
	s := ticket.NewSecret(now)
	k.ID = identity.TokenIDOf(s.ID)
	k.CreatedAt, k.ExpiresAt = now, now.Truncate(time.Second).Add(t.options.Life)
	k.RefreshedAt, k.RefreshEndsAt = now, now.Truncate(time.Second).Add(t.options.RefreshLife)
	seed := newSeed(s.Proof)
	out, hash := issued(k, seed)
	// The row first: it waits for the list and travels with it, and the list,
	// for which logins of one person wait, is locked as late as may be.
	if err := tx.AccessTokens.Insert(store.AccessTokenRow{Token: k, Hash: hash, Seed: seed}); err != nil {
		return Issued{}, err
	}
	return out, hold(tx, k)
}

// Refresh extends a token. It takes either word: an access token that is still
// good gets a new end and stays the same word; a refresh token gives the access
// token it belongs to, or a new one in its place when that has expired. The
// refresh token is kept in both cases. Anything else is Unauthenticated.
func (t *Tokens) Refresh(ctx context.Context, word string, origin identity.Origin) (out Issued, err error) {
	access, isAccess := ticket.ParseSecret(accessPrefix, word)
	refresh, isRefresh := ticket.ParseSecret(refreshPrefix, word)
	if !isAccess && !isRefresh {
		return out, errUnknown
	}
	err = t.db.Act(ctx, store.ActToken, func(tx *store.Tx) error {
		s := access
		if isRefresh {
			s = refresh
		}
		b, err := tx.Lookup.BearerWithSeed(identity.TokenIDOf(s.ID))
		if err != nil {
			return unauthenticated(err)
		}
		row := b.Row
		switch {
		case isAccess && !s.Proves(row.Hash), isRefresh && !s.Proves(derive(s.ID[:], row.Seed, refreshPrefix).Hash()):
			return errUnknown
		case row.Token.EndedBy == identity.EndedByLogin:
			return errKicked
		case isAccess && !row.Token.Live(tx.Now()), !row.Token.Refreshable(tx.Now()):
			return errUnknown
		}
		if _, err := standing(b, tx.Now()); err != nil {
			return err
		}
		out, err = t.extend(tx, row)
		return err
	})
	return out, err
}

func (t *Tokens) extend(tx *store.Tx, row store.AccessTokenRow) (out Issued, err error) {
	now := tx.Now()
	k := &row.Token
	if !k.Live(now) {
		// The word that expired stays dead. Of several that refresh at once
		// each comes to the same next word.
		row.Seed = nextSeed(row.Seed)
	}
	k.CreatedAt, k.ExpiresAt = now, now.Truncate(time.Second).Add(t.options.Life)
	if k.RefreshEndsAt.Before(k.ExpiresAt) {
		k.RefreshEndsAt = k.ExpiresAt
	}
	// The list before the row, the order in which a login locks them that ends
	// the oldest token.
	if err := prolong(tx, *k); err != nil {
		return Issued{}, err
	}
	out, row.Hash = issued(*k, row.Seed)
	return out, tx.AccessTokens.Extend(row)
}

// Another makes a second token for the holder of one that is good (Meeting
// API, 4.5, needGenNewToken). It counts against the cap like any other.
func (t *Tokens) Another(ctx context.Context, word string, origin identity.Origin) (out Issued, err error) {
	err = t.db.Act(ctx, store.ActToken, func(tx *store.Tx) error {
		row, _, err := t.read(tx, word)
		if err != nil {
			return err
		}
		row.Token.Address = origin.Address
		out, err = t.Issue(tx, row.Token)
		return err
	})
	return out, err
}

// End ends a token at its holder's wish, together with its refresh token.
func (t *Tokens) End(ctx context.Context, word string, origin identity.Origin) error {
	return t.db.Act(ctx, store.ActToken, func(tx *store.Tx) error {
		row, bearer, err := t.read(tx, word)
		if err != nil {
			return err
		}
		// The list before the row, as in extend.
		if err := release(tx, row.Token); err != nil {
			return err
		}
		if err := tx.AccessTokens.End(row.Token.ID, identity.EndedByHolder); err != nil {
			return unauthenticated(err)
		}
		actor := bearer.Actor
		actor.Origin = origin
		return audit.Record(tx, actor, audit.SignedOut, audit.About{Organization: row.Token.OrganizationID, Target: string(row.Token.ID)})
	})
}

// read finds and proves a live access token in a transaction.
func (t *Tokens) read(tx *store.Tx, word string) (store.AccessTokenRow, Bearer, error) {
	s, ok := ticket.ParseSecret(accessPrefix, word)
	if !ok {
		return store.AccessTokenRow{}, Bearer{}, errUnknown
	}
	b, err := tx.Lookup.Bearer(identity.TokenIDOf(s.ID))
	row := b.Row
	switch {
	case err != nil:
		return row, Bearer{}, unauthenticated(err)
	case !s.Proves(row.Hash):
		return row, Bearer{}, errUnknown
	case row.Token.EndedBy == identity.EndedByLogin:
		return row, Bearer{}, errKicked
	case !row.Token.Live(tx.Now()):
		return row, Bearer{}, errUnknown
	}
	bearer, err := standing(b, tx.Now())
	return row, bearer, err
}

func unauthenticated(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return errUnknown
	}
	return err
}
