package grant

import (
	"context"
	"crypto/rand"
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Grants issues, redeems, rotates, inspects and revokes. It is safe for
// concurrent use.
type Grants struct {
	db      *store.DB
	options Options
	cache   *cache
}

// Options say what Grants works with.
type Options struct {
	Now       func() time.Time
	CacheSize int // grants kept in memory for inspections; 0 means 100,000
}

// New returns the grants of a database. Close ends its subscriptions.
func New(db *store.DB, options Options) *Grants {
	if options.CacheSize == 0 {
		options.CacheSize = 100_000
	}
	return &Grants{db: db, options: options, cache: newCache(db.Feed(), options.CacheSize)}
}

// Close stops listening to the change feed.
func (g *Grants) Close() { g.cache.close() }

// Faults. What refuses a code or a refresh token is told as one thing, with the
// reason for log and story alone.
var (
	errScope   = fault.New(fault.Invalid, fault.CodeOAuthScope).At("scope")
	errGrant   = fault.New(fault.Invalid, fault.CodeGrantInvalid)
	errUnknown = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
	errExpired = fault.New(fault.Unauthenticated, fault.CodeTokenExpired)
	errRevoked = fault.New(fault.Unauthenticated, fault.CodeTokenRevoked)
)

// seedSize is the length of what the tokens of a grant derive from.
const seedSize = 32

func newSeed() []byte {
	seed := make([]byte, seedSize)
	_, _ = rand.Read(seed) // never fails
	return seed
}

// seconds cuts an instant to what tokens and others' clocks know.
func seconds(t time.Time) time.Time { return t.Truncate(time.Second) }

// ends is when a grant ends whose access token ends at an instant.
func ends(a identity.Application, now, access time.Time, refresh bool) time.Time {
	if end := seconds(now).Add(a.OAuth.RefreshLife); refresh && end.After(access) {
		return end
	}
	return access
}

// issued writes the tokens of a grant's present round. A mask narrows the scopes
// of the access token.
func issued(row store.GrantRow, a identity.Application, mask uint64, refresh bool) identity.Issued {
	g := row.Grant
	id, _ := identity.UUID(g.ID) // ours: made here or read from its table
	begin := seconds(g.RoundAt)
	out := identity.Issued{Grant: g, AccessEnd: begin.Add(a.OAuth.AccessLife)}
	out.Grant.Scopes = masked(g.Scopes, mask)
	if a.OAuth.AccessFormat != identity.JWT {
		out.Access = word{
			id: id, round: uint32(g.Round), issued: uint32(begin.Unix()), end: uint32(out.AccessEnd.Unix()), mask: mask,
		}.text(row.Seed)
	}
	if refresh {
		out.Refresh = word{refresh: true, id: id, round: uint32(g.Round)}.text(row.Seed)
	}
	return out
}

// stands reports whether everybody a grant depends on is active at an instant
// and of the generation it was granted in.
func stands(s store.GrantStanding, now time.Time) bool {
	g := s.Row.Grant
	if !s.Application.Active() || s.Application.Generation != g.ApplicationGeneration ||
		!s.Organization.Active() || s.Organization.Generation != g.Generation.Organization {
		return false
	}
	return g.MemberID == "" ||
		s.Account.Active() && s.Account.Generation == g.Generation.Account &&
			s.Member.Active(now) && s.Member.Generation == g.Generation.Member
}

// refuses asks entry whether a grant's member may still enter, and returns why
// not, nil if they may. An application that acts for itself enters nothing.
func refuses(tx *store.Tx, g identity.Grant) (why, err error) {
	d, err := decided(tx, g)
	if err != nil {
		return nil, err
	}
	return d.Refusal(), nil
}

// decided is what entry says of a grant's member. Where there is no browser any
// more, what they showed when they entered counts: from where, and by which
// proofs.
func decided(tx *store.Tx, g identity.Grant) (entry.Decision, error) {
	if g.MemberID == "" {
		return entry.Decision{Verdict: entry.Allowed}, nil
	}
	return entry.DecideIn(tx, identity.Application{ID: g.ApplicationID, OrganizationID: g.OrganizationID}, g.MemberID,
		entry.Shown{Address: g.Address, Verified: !g.VerifiedAt.IsZero()})
}

// act runs a function that refuses with a fault and still commits what it
// wrote: that a code is spent, or that a grant was revoked.
func (g *Grants) act(ctx context.Context, fn func(tx *store.Tx) (refusal, err error)) error {
	var refusal error
	err := g.db.Act(ctx, store.ActGrant, func(tx *store.Tx) (err error) {
		refusal, err = fn(tx)
		return err
	})
	if err != nil {
		return err
	}
	return refusal
}

// asApplication is the application as who acts.
func asApplication(a identity.Application) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsApplication, AppID: a.ClientID, OrganizationID: a.OrganizationID, Name: a.Name}
}

// enteredBy is what the log keeps of an entry: enough to ask access policies
// about it once more.
func enteredBy(member identity.MemberID, address netip.Addr, verified bool) map[string]string {
	about := map[string]string{"member": string(member)}
	if address.IsValid() {
		about["address"] = address.String()
	}
	if verified {
		about["verified"] = "true"
	}
	return about
}
