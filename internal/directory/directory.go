package directory

import (
	"context"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/token"
)

// Directory holds the use cases around people. It is safe for concurrent use.
type Directory struct {
	db       *store.DB
	now      func() time.Time
	tokens   *token.Tokens
	sessions session.Options
	hasher   *Hasher
	address  string
	caches   caches
	easels   chan struct{} // one for each picture that is being read

	configured func(ctx context.Context, channel identity.Channel) bool // nil: every channel
	texts      func(ctx context.Context, name string) ([]string, error)
	exchanges  func(ctx context.Context, name string) ([]string, error)
}

// Options are what a Directory works with.
type Options struct {
	Now    func() time.Time
	Tokens *token.Tokens // issues access tokens at sign-in
	Hasher *Hasher       // hashes and verifies passwords
	// Sessions are how long browsers stay signed in.
	Sessions session.Options
	// Address is where people sign in, as it is written in messages to them.
	Address string
	// Configured tells whether messages can leave by a channel; nil means that
	// they can.
	Configured func(ctx context.Context, channel identity.Channel) bool
	// Texts returns the TXT records of a name, by which domains are proven;
	// nil finds none.
	Texts func(ctx context.Context, name string) ([]string, error)
	// Exchanges returns the mail servers in the MX records of a name, by which
	// domains are proven too; nil finds none.
	Exchanges func(ctx context.Context, name string) ([]string, error)
}

// New returns the directory of a database. Close ends its subscriptions.
func New(db *store.DB, o Options) *Directory {
	if o.Texts == nil {
		o.Texts = func(context.Context, string) ([]string, error) { return nil, nil }
	}
	if o.Exchanges == nil {
		o.Exchanges = func(context.Context, string) ([]string, error) { return nil, nil }
	}
	return &Directory{
		db: db, now: o.Now, tokens: o.Tokens, sessions: o.Sessions, hasher: o.Hasher, address: strings.TrimSuffix(o.Address, "/"), caches: newCaches(db.Feed()),
		configured: o.Configured, texts: o.Texts, exchanges: o.Exchanges, easels: make(chan struct{}, easels),
	}
}

// Address is one of the product's own pages as it is written in messages; path
// begins with a slash.
func (d *Directory) Address(path string) string { return d.address + path }

// Close stops listening to the change feed.
func (d *Directory) Close() { d.caches.close() }

// asMember tells "no such account" as "no such member": whether an account
// exists elsewhere is nobody's business here.
func asMember(err error) error {
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.NotFound, fault.CodeMemberNotFound)
	}
	return err
}

// isSelf reports whether the actor is this member of this organisation.
func isSelf(actor identity.Actor, org identity.OrganizationID, id identity.MemberID) bool {
	return actor.Kind == identity.ActsAsMember && id != "" && actor.OrganizationID == org && actor.MemberID == id
}
