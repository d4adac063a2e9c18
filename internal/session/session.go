package session

import (
	"context"
	"log/slog"
	"strings"
	"time"
	"unicode"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Options set the lives of sessions.
type Options struct {
	Now      func() time.Time
	Idle     time.Duration // without use; 0 means 30 minutes
	Absolute time.Duration // however much it is used; 0 means 12 hours
}

// The defaults of Options.
const (
	defaultIdle     = 30 * time.Minute
	defaultAbsolute = 12 * time.Hour
)

// maxUserAgent is how many characters are kept of what a browser calls itself.
const maxUserAgent = 256

// prefix starts the word of a session.
const prefix = "ogs_"

func (o Options) filled() Options {
	if o.Idle <= 0 {
		o.Idle = defaultIdle
	}
	if o.Absolute <= 0 {
		o.Absolute = defaultAbsolute
	}
	return o
}

// Sessions starts, checks and ends sessions. Those that count are remembered
// until the change feed tells otherwise: what happens on this node counts at the
// very next check, what happens on another within a quarter of a second.
type Sessions struct {
	db      *store.DB
	options Options
	known   *store.Cache[store.SignedIn]
}

// sessionsKept is how many sessions are remembered, some 20 MB when all are.
const sessionsKept = 10_000

// New returns the sessions of a database.
func New(db *store.DB, o Options) *Sessions {
	fresh := store.NewFreshness(db.Feed(), store.TopicSession, store.TopicPrivacy, store.TopicAccount, store.TopicMember, store.TopicOrganization)
	return &Sessions{db: db, options: o.filled(), known: store.NewCache[store.SignedIn](fresh, sessionsKept)}
}

// Close stops listening to the change feed.
func (s *Sessions) Close() { s.known.Close() }

// Options returns the options with their defaults, for StartIn.
func (s *Sessions) Options() Options { return s.options }

// Start is what a session is made from. Whoever fills it in has proven the
// person and seen that all three nouns are active.
type Start struct {
	Account      identity.Account
	Member       identity.Member       // zero for who acts in no organisation
	Organization identity.Organization // likewise
	Methods      []string              // how the person was proven (RFC 8176)
	SourceID     identity.SourceID     // the source that proved them, "" for our own
	// SourceSession is the source's own name for its session, "" for none; one
	// that is too long to be a name is none.
	SourceSession string
	MustChange    bool // the password was chosen by somebody else
	// Continues is the session of the same person whose proof this one rests on:
	// the instant of the proof and its last end are kept, so that going to and
	// fro between organisations proves nothing and lengthens nothing. The zero
	// session is a proof given now.
	Continues identity.Session
	Origin    identity.Origin
	UserAgent string // as the browser sent it; it is cleaned and cut here
	// Replaces is the word of the browser's earlier session, which ends with
	// this start, whoever's it was; "" or a word that proves none is no error.
	Replaces string
}

// String keeps the word of the earlier session out of logs.
func (s Start) String() string { return "start of a session of " + string(s.Account.ID) }

// GoString keeps the word out of %#v.
func (s Start) GoString() string { return s.String() }

// LogValue keeps the word out of structured logs.
func (s Start) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Started is a new session with the word that proves it.
type Started struct {
	Session identity.Session
	Word    string // for the cookie; it is told this once
}

// String keeps the word out of logs.
func (Started) String() string { return "[redacted]" }

// GoString keeps the word out of %#v.
func (Started) GoString() string { return "[redacted]" }

// LogValue keeps the word out of structured logs.
func (Started) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Start starts a session in a transaction of its own.
func (s *Sessions) Start(ctx context.Context, n Start) (out Started, err error) {
	err = s.db.Act(ctx, store.ActSession, func(tx *store.Tx) error {
		out, err = StartIn(tx, tx.Now(), s.options, n)
		return err
	})
	return out, err
}

// StartIn starts a session inside the caller's transaction, as a rule at its
// instant, and records it. The options' clock is not asked.
//
// Where the session in the browser is the same person's in the same place, it
// goes on under another word instead: applications that were entered in it stay
// entered, and the word from before the proof proves nothing any more.
func StartIn(tx *store.Tx, now time.Time, o Options, n Start) (Started, error) {
	o = o.filled()
	secret := ticket.NewSecret(now)
	k := identity.Session{
		ID: identity.SessionIDOf(secret.ID), AccountID: n.Account.ID, MemberID: n.Member.ID, OrganizationID: n.Organization.ID,
		Methods: n.Methods, SourceID: n.SourceID, SourceSession: named(n.SourceSession), ProvenAt: now, CreatedAt: now, SeenAt: now,
		IdleEndsAt: earlier(now.Add(o.Idle), now.Add(o.Absolute)), EndsAt: now.Add(o.Absolute),
		Origin: n.Origin, UserAgent: clean(n.UserAgent), MustChange: n.MustChange,
		Generation: identity.Generations{
			Account: n.Account.Generation, Member: n.Member.Generation, Organization: n.Organization.Generation,
		},
	}
	if before := n.Continues; before.ID != "" {
		k.VerifiedAt = before.VerifiedAt
		k.ProvenAt, k.EndsAt = before.ProvenAt, earlier(k.EndsAt, before.EndsAt)
		k.IdleEndsAt = earlier(k.IdleEndsAt, k.EndsAt)
	}
	what, err := replace(tx, &k, &secret, n)
	if err != nil {
		return Started{}, err
	}
	if what == audit.SessionStarted {
		err = tx.Sessions.Add(k, secret.Hash())
	}
	if err != nil {
		return Started{}, err
	}
	details := map[string]string{"methods": strings.Join(k.Methods, " ")}
	if k.SourceID != "" {
		details["source"] = string(k.SourceID)
	}
	holder := holderOf(k, n.Account, n.Member, n.Origin)
	return Started{Session: k, Word: secret.Text(prefix)}, record(tx, holder, what, k, details)
}

// maxSourceSession bounds a source's name for a session, in bytes: the longest
// tickets of CAS servers in use.
const maxSourceSession = 1024

func named(session string) string {
	if len(session) > maxSourceSession || !identity.CleanText(session) {
		return ""
	}
	return session
}

// replace deals with the session that was in the browser before: one of the
// same person in the same place goes on as k under the new secret, any other
// ends. It tells which of the two it is, renewed or started.
func replace(tx *store.Tx, k *identity.Session, secret *ticket.Secret, n Start) (audit.Type, error) {
	old, ok := ticket.ParseSecret(prefix, n.Replaces)
	if !ok {
		return audit.SessionStarted, nil
	}
	before, err := tx.Lookup.Session(identity.SessionIDOf(old.ID))
	if err != nil {
		return audit.SessionStarted, unlessNotFound(err)
	}
	was := before.Row.Session
	if !old.Proves(before.Row.Hash) || !was.Live(k.CreatedAt) {
		return audit.SessionStarted, nil
	}
	if was.AccountID != k.AccountID || was.MemberID != k.MemberID || was.OrganizationID != k.OrganizationID {
		return audit.SessionStarted, end(tx, holderOf(was, before.Account, before.Member, n.Origin), was, identity.EndedByRenewal)
	}
	renewed, fresh := *k, ticket.Secret{ID: old.ID, Proof: secret.Proof}
	renewed.ID, renewed.CreatedAt = was.ID, was.CreatedAt
	if err := tx.Sessions.Renew(renewed, fresh.Hash()); err != nil {
		return audit.SessionStarted, unlessNotFound(err) // another call ended it first
	}
	*k, *secret = renewed, fresh
	return audit.SessionRenewed, nil
}

// clean makes what a browser calls itself fit to be stored and shown.
func clean(userAgent string) string {
	text := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(userAgent, ""))
	if runes := []rune(text); len(runes) > maxUserAgent {
		text = string(runes[:maxUserAgent])
	}
	return text
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func record(tx *store.Tx, actor identity.Actor, what audit.Type, k identity.Session, details map[string]string) error {
	return audit.Record(tx, actor, what, audit.About{Organization: k.OrganizationID, Target: string(k.ID), Details: details})
}
