package policy

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
)

// Lockout bounds how often a proof may fail: After failures within For lock
// the subject for For.
type Lockout struct {
	After int
	For   time.Duration
}

// DefaultLockout is five failures in five minutes.
func DefaultLockout() Lockout { return Lockout{After: 5, For: 5 * time.Minute} }

// orDefault fills in what an organisation left open.
func (l Lockout) orDefault() Lockout {
	d := DefaultLockout()
	if l.After <= 0 {
		l.After = d.After
	}
	if l.For <= 0 {
		l.For = d.For
	}
	return l
}

// Locked returns a TooMany fault (locked, seconds until it opens) while the
// subject is locked. Ask it before a proof is looked at, to spare the work, and
// again in the transaction that acts on the proof: of parallel guesses those
// that arrive after the bound are then refused whether they are right or not,
// while any number of right proofs at once do no harm.
func Locked(tx *store.Tx, subject string) error {
	a, err := tx.Attempts.Get(subject)
	if err != nil {
		return err
	}
	if left := a.LockedUntil.Sub(tx.Now()); left > 0 {
		return fault.New(fault.TooMany, fault.CodeLocked).With("seconds", int(left/time.Second)+1)
	}
	return nil
}

// Failed counts a failure of the subject; locked tells that it locked the
// subject just now. Parallel failures are counted one after the other.
func Failed(tx *store.Tx, subject string, l Lockout) (locked bool, err error) {
	l = l.orDefault()
	now := tx.Now()
	if err := tx.Attempts.Touch(subject, now.Add(2*l.For)); err != nil {
		return false, err
	}
	a, err := tx.Attempts.Get(subject)
	if err != nil {
		return false, err
	}
	if a.LockedUntil.After(now) {
		return false, nil
	}
	if a.Failures == 0 || !a.LockedUntil.IsZero() || now.Sub(a.FirstAt) >= l.For {
		a = store.Attempt{FirstAt: now}
	}
	a.Failures++
	if a.Failures >= l.After {
		a.LockedUntil = now.Add(l.For)
	}
	return !a.LockedUntil.IsZero(), tx.Attempts.Put(subject, a, now.Add(2*l.For))
}

// Clear forgets a subject's failures after a good proof.
func Clear(tx *store.Tx, subject string) error {
	a, err := tx.Attempts.Get(subject)
	if err != nil || a == (store.Attempt{}) {
		return err
	}
	return tx.Attempts.Clear(subject)
}
