package ticket

import (
	"context"
	"crypto/sha256"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Tickets issues and redeems tickets that need no other write beside them.
type Tickets struct{ db *store.DB }

// New returns tickets kept in a database.
func New(db *store.DB) *Tickets { return &Tickets{db} }

// The words that start the text of a ticket's secret.
const (
	prefix = "ogk_"
	// ClientCodePrefix starts a client's one-time code, by which it is told
	// apart from the codes of centres, whose form nobody knows (Meeting API, 4.3).
	ClientCodePrefix = "ogc_"
	// codePrefix starts an authorization code.
	codePrefix = "oggc_"
	// The prefixes of CAS are its standard's (CAS Protocol 3.0.3, 3.1 to 3.3).
	servicePrefix  = "ST-"
	proxyPrefix    = "PT-"
	proxyingPrefix = "PGT-"
)

// prefixOf returns the prefix of a kind's secrets.
func prefixOf(kind identity.TicketKind) string {
	switch kind {
	case identity.TicketClientCode:
		return ClientCodePrefix
	case identity.TicketCode:
		return codePrefix
	case identity.TicketService:
		return servicePrefix
	case identity.TicketProxy:
		return proxyPrefix
	case identity.TicketProxying:
		return proxyingPrefix
	}
	return prefix
}

var (
	errUnknown = fault.New(fault.NotFound, fault.CodeTicket)
	errSpent   = fault.New(fault.Conflict, fault.CodeSpent)
)

// Put makes a ticket inside the caller's transaction and returns its secret.
func Put(tx *store.Tx, kind identity.TicketKind, payload []byte, life time.Duration) (secret string, err error) {
	s := NewSecret(tx.Now())
	row := store.TicketRow{Hash: s.Hash(), Ticket: identity.Ticket{
		ID: identity.TicketIDOf(s.ID), Kind: kind, Payload: payload,
		CreatedAt: tx.Now(), ExpiresAt: tx.Now().Add(life),
	}}
	return s.Text(prefixOf(kind)), tx.Tickets.Insert(row)
}

// Peek returns the ticket a secret stands for without spending it. One that is
// unknown, of another kind or expired is NotFound (ticket_not_found); one that
// was redeemed before is Conflict (ticket_spent).
func Peek(tx *store.Tx, kind identity.TicketKind, secret string) (identity.Ticket, error) {
	s, ok := ParseSecret(prefixOf(kind), secret)
	if !ok {
		return identity.Ticket{}, errUnknown
	}
	row, err := tx.Tickets.Get(kind, identity.TicketIDOf(s.ID))
	switch {
	case err != nil:
		return identity.Ticket{}, err
	case !s.Proves(row.Hash), !tx.Now().Before(row.Ticket.ExpiresAt):
		return identity.Ticket{}, errUnknown
	case !row.Ticket.SpentAt.IsZero():
		return row.Ticket, errSpent
	}
	return row.Ticket, nil
}

// Take redeems a secret inside the caller's transaction. Of several that try
// at once one succeeds. The faults are those of Peek.
func Take(tx *store.Tx, kind identity.TicketKind, secret string) (identity.Ticket, error) {
	t, err := Peek(tx, kind, secret)
	if err != nil {
		return t, err
	}
	return t, tx.Tickets.Spend(t.ID)
}

// Issue makes a ticket in a transaction of its own.
func (t *Tickets) Issue(ctx context.Context, kind identity.TicketKind, payload []byte, life time.Duration) (secret string, err error) {
	err = t.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		secret, err = Put(tx, kind, payload, life)
		return err
	})
	return secret, err
}

// Look returns the ticket that a secret stands for and leaves it as it is, in a
// transaction of its own. The faults are those of Peek.
func (t *Tickets) Look(ctx context.Context, kind identity.TicketKind, secret string) (ticket identity.Ticket, err error) {
	err = t.db.View(ctx, func(tx *store.Tx) error {
		ticket, err = Peek(tx, kind, secret)
		return err
	})
	return ticket, err
}

// Redeem spends a ticket in a transaction of its own.
func (t *Tickets) Redeem(ctx context.Context, kind identity.TicketKind, secret string) (ticket identity.Ticket, err error) {
	err = t.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		ticket, err = Take(tx, kind, secret)
		return err
	})
	return ticket, err
}

// Claim takes a word for one use until an instant, within a name space. When it
// was taken before, the caller's transaction fails with used: here, or at a
// later call of the transaction, because some databases are not asked at once.
// The claim is undone when the transaction is. With a zero until the word is
// remembered for a day at least, and for two at most.
func Claim(tx *store.Tx, space, word string, until time.Time, used error) error {
	digest := claim(space, word)
	if !until.IsZero() {
		return tx.Claims.Take(until, digest, used)
	}
	// The instant is part of what is unique, so it may not move with the
	// clock: a word is taken for today and for tomorrow.
	today := tx.Now().Truncate(day)
	if err := tx.Claims.Take(today.Add(2*day), digest, used); err != nil {
		return err
	}
	return tx.Claims.Take(today.Add(3*day), digest, used)
}

const day = 24 * time.Hour

// claim is what is kept of a word.
func claim(space, word string) []byte {
	sum := sha256.New()
	sum.Write([]byte(space))
	sum.Write([]byte{0})
	sum.Write([]byte(word))
	return sum.Sum(nil)[:20]
}

// Claimed reports whether Claim would find the word taken, and takes nothing.
func Claimed(tx *store.Tx, space, word string, until time.Time) (taken bool, err error) {
	ends := []time.Time{until}
	if until.IsZero() {
		today := tx.Now().Truncate(day)
		ends = []time.Time{today.Add(2 * day), today.Add(3 * day)}
	}
	for _, end := range ends {
		if taken, err = tx.Claims.Taken(end, claim(space, word)); taken || err != nil {
			return taken, err
		}
	}
	return false, nil
}
