package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Tickets is the table of one-time secrets. A spent one stays until it
// expires, so that a second use is recognised.
type Tickets struct{ c *conn }

// TicketRow is a ticket with the hash that proves it.
type TicketRow struct {
	Ticket identity.Ticket
	Hash   []byte
}

var errNoTicket = fault.New(fault.NotFound, fault.CodeTicket)

// Insert adds a ticket; its payload is sealed.
func (t Tickets) Insert(r TicketRow) error {
	k := r.Ticket
	_, err := t.c.exec(`INSERT INTO tickets (id, kind, hash, payload, attempts, created_at, expires_at, spent_at)
		VALUES ($1, $2, $3, $4, 0, $5, $6, 0)`,
		k.ID, k.Kind, r.Hash, t.c.box().Seal(k.Payload, "tickets.payload:"+string(k.ID)), ms(k.CreatedAt), ms(k.ExpiresAt))
	return err
}

// Get returns a ticket of a kind whatever its state, or NotFound.
func (t Tickets) Get(kind identity.TicketKind, id identity.TicketID) (TicketRow, error) {
	return found(t.c, errNoTicket, t.scan,
		`SELECT id, kind, hash, payload, attempts, created_at, expires_at, spent_at FROM tickets WHERE id = $1 AND kind = $2`, id, kind)
}

func (t Tickets) scan(scan func(...any) error) (r TicketRow, err error) {
	var payload []byte
	var created, expires, spent int64
	k := &r.Ticket
	if err = scan(&k.ID, &k.Kind, &r.Hash, &payload, &k.Attempts, &created, &expires, &spent); err != nil {
		return r, err
	}
	k.CreatedAt, k.ExpiresAt, k.SpentAt = at(created), at(expires), at(spent)
	k.Payload, err = t.c.open(payload, "tickets.payload:"+string(k.ID))
	return r, err
}

// Spend marks a ticket as used. Of several that try at once one succeeds; the
// others get Conflict.
func (t Tickets) Spend(id identity.TicketID) error {
	n, err := t.c.exec(`UPDATE tickets SET spent_at = $2 WHERE id = $1 AND spent_at = 0`, id, ms(t.c.tx.now))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeSpent)
	}
	return err
}

// Guess counts a wrong guess at a ticket and returns how many there were.
func (t Tickets) Guess(id identity.TicketID) (attempts int, err error) {
	err = t.c.row(`UPDATE tickets SET attempts = attempts + 1 WHERE id = $1 RETURNING attempts`, id).scan(&attempts)
	return attempts, err
}

// Sweep deletes up to limit tickets that expired before an instant and returns
// how many there were.
func (t Tickets) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM tickets WHERE id IN (SELECT id FROM tickets WHERE expires_at < $1 LIMIT $2)`, ms(before), limit)
}

// Claims is the table of what may be used once until an instant: nonces. Its
// key begins with the minute of that instant, so that new rows stand together.
type Claims struct{ c *conn }

// Take claims a digest until an instant. When it was taken before, the error
// is taken, returned here or by a later call, and the transaction fails.
func (t Claims) Take(until time.Time, digest []byte, taken error) error {
	return t.c.expect(func(n int64) error {
		if n == 0 {
			return taken
		}
		return nil
	}, `INSERT INTO claims (minute, digest) VALUES ($1, $2) ON CONFLICT DO NOTHING`, until.Unix()/60, digest)
}

// Taken reports whether a digest is claimed until an instant.
func (t Claims) Taken(until time.Time, digest []byte) (bool, error) {
	var n int
	err := t.c.row(`SELECT count(*) FROM claims WHERE minute = $1 AND digest = $2`, until.Unix()/60, digest).scan(&n)
	return n > 0, err
}

// Sweep deletes up to limit claims whose instant has passed.
func (t Claims) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM claims WHERE (minute, digest) IN
		(SELECT minute, digest FROM claims WHERE minute < $1 LIMIT $2)`, before.Unix()/60, limit)
}
