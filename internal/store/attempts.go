package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Attempts is the table of counted failures: of sign-in per account or typed
// name, of codes, of anything that is bounded in time.
type Attempts struct{ c *conn }

// Attempt is the count of one subject.
type Attempt struct {
	Failures    int
	FirstAt     time.Time
	LockedUntil time.Time
}

// Get returns the count of a subject; none is the zero Attempt.
func (t Attempts) Get(subject string) (Attempt, error) {
	var a Attempt
	var first, locked int64
	err := t.c.row(`SELECT failures, first_at, locked_until FROM attempts WHERE subject = $1`+t.c.forUpdate(), subject).
		scan(&a.Failures, &first, &locked)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return a, nil
	}
	a.FirstAt, a.LockedUntil = at(first), at(locked)
	return a, err
}

// Put stores the count of a subject until an instant at which it is forgotten.
func (t Attempts) Put(subject string, a Attempt, ends time.Time) error {
	_, err := t.c.exec(`INSERT INTO attempts (subject, failures, first_at, locked_until, ends_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (subject) DO UPDATE SET failures = excluded.failures, first_at = excluded.first_at,
		locked_until = excluded.locked_until, ends_at = excluded.ends_at`,
		subject, a.Failures, ms(a.FirstAt), ms(a.LockedUntil), ms(ends))
	return err
}

// Touch makes sure that a subject has a row, which the following Get locks:
// parallel failures are counted one after the other.
func (t Attempts) Touch(subject string, ends time.Time) error {
	_, err := t.c.exec(`INSERT INTO attempts (subject, failures, first_at, locked_until, ends_at) VALUES ($1, 0, 0, 0, $2)
		ON CONFLICT DO NOTHING`, subject, ms(ends))
	return err
}

// Count counts one more of a subject within a time that begins with the first,
// and returns how many there are and when the first was. Parallel counts wait for
// each other.
func (t Attempts) Count(subject string, span time.Duration) (count int, first time.Time, err error) {
	var begun int64
	now := t.c.tx.now
	err = t.c.row(`INSERT INTO attempts (subject, failures, first_at, locked_until, ends_at) VALUES ($1, 1, $2, 0, $3)
		ON CONFLICT (subject) DO UPDATE SET
		failures = CASE WHEN attempts.first_at <= $4 THEN 1 ELSE attempts.failures + 1 END,
		first_at = CASE WHEN attempts.first_at <= $4 THEN excluded.first_at ELSE attempts.first_at END,
		ends_at = CASE WHEN attempts.first_at <= $4 THEN excluded.ends_at ELSE attempts.ends_at END
		RETURNING failures, first_at`, subject, ms(now), ms(now.Add(span)), ms(now.Add(-span))).scan(&count, &begun)
	return count, at(begun), err
}

// Clear forgets a subject.
func (t Attempts) Clear(subject string) error {
	_, err := t.c.exec(`DELETE FROM attempts WHERE subject = $1`, subject)
	return err
}

// Sweep deletes up to limit counts that are to be forgotten.
func (t Attempts) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM attempts WHERE subject IN (SELECT subject FROM attempts WHERE ends_at < $1 LIMIT $2)`, ms(before), limit)
}

// Codes is the table of verification codes sent by mail or short message, one
// per subject. The hash covers subject and code.
type Codes struct{ c *conn }

// Code is a code that was sent.
type Code struct {
	Hash      []byte
	Target    string // the address or number it went to; sealed at rest
	Attempts  int
	SentAt    time.Time
	ExpiresAt time.Time
}

// Get returns the code of a subject, or NotFound.
func (t Codes) Get(subject string) (Code, error) {
	return found(t.c, fault.New(fault.NotFound, fault.CodeCodeExpired), func(scan func(...any) error) (k Code, err error) {
		var target []byte
		var sent, expires int64
		if err = scan(&k.Hash, &target, &k.Attempts, &sent, &expires); err != nil {
			return k, err
		}
		k.SentAt, k.ExpiresAt = at(sent), at(expires)
		k.Target, err = t.c.openText(target, "codes.target:"+subject)
		return k, err
	}, `SELECT hash, target, attempts, sent_at, expires_at FROM codes WHERE subject = $1`+t.c.forUpdate(), subject)
}

// Put stores the code of a subject in place of an earlier one.
func (t Codes) Put(subject string, k Code) error {
	_, err := t.c.exec(`INSERT INTO codes (subject, hash, target, attempts, sent_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (subject) DO UPDATE SET hash = excluded.hash, target = excluded.target, attempts = excluded.attempts,
		sent_at = excluded.sent_at, expires_at = excluded.expires_at`,
		subject, k.Hash, t.c.box().Seal([]byte(k.Target), "codes.target:"+subject), k.Attempts, ms(k.SentAt), ms(k.ExpiresAt))
	return err
}

// Delete forgets the code of a subject.
func (t Codes) Delete(subject string) error {
	_, err := t.c.exec(`DELETE FROM codes WHERE subject = $1`, subject)
	return err
}

// Sweep deletes up to limit codes that expired before an instant.
func (t Codes) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM codes WHERE subject IN (SELECT subject FROM codes WHERE expires_at < $1 LIMIT $2)`, ms(before), limit)
}
