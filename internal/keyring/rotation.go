package keyring

import (
	"context"
	"crypto/x509"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// RotateAfter is how long a key signs before its next one does.
	RotateAfter = 90 * 24 * time.Hour
	// PublishFor is how long a retired key stays published: the longest life of
	// a token is a day, and relying parties may hold an ID token as a hint for
	// longer.
	PublishFor = 7 * 24 * time.Hour
)

// State is where a signing key stands.
type State string

// The states of a signing key, in the order of its life.
const (
	Next    State = "next"    // published, does not sign yet
	Current State = "current" // signs
	Retired State = "retired" // published, signs no more
)

// SigningKey describes a signing key without its private part.
type SigningKey struct {
	ID        string // kid
	Family    Family
	State     State
	CreatedAt time.Time
	ActiveAt  time.Time // zero while it is next
	RetiredAt time.Time // zero until another has taken its place
}

func stateOf(r store.SigningKeyRow) State {
	switch {
	case !r.RetiredAt.IsZero():
		return Retired
	case !r.ActiveAt.IsZero():
		return Current
	}
	return Next
}

// List returns every signing key, oldest first.
func (s *Signing) List(ctx context.Context) ([]SigningKey, error) {
	rows, err := s.rows(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]SigningKey, len(rows))
	for i, r := range rows {
		keys[i] = SigningKey{r.ID, Family(r.Family), stateOf(r), r.CreatedAt, r.ActiveAt, r.RetiredAt}
	}
	return keys, nil
}

// Rotate lets the next key of each family sign from now on, publishes one that
// will follow it, and returns the ids of those that sign. This node signs with
// them when Rotate returns, others within a second; what earlier keys signed
// stays valid. Only the provider, the operator and jobs may rotate; anybody else
// is Forbidden.
func (s *Signing) Rotate(ctx context.Context, actor identity.Actor) (ids []string, err error) {
	if !mayRotate(actor) {
		return nil, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return s.rotate(ctx, actor, families())
}

// Tend is what a job does from time to time: it makes keys that are missing,
// rotates those that have signed for RotateAfter, and forgets those that nothing
// valid was signed with.
func (s *Signing) Tend(ctx context.Context) error {
	if _, err := s.inForce(ctx); err != nil {
		return err
	}
	rows, err := s.rows(ctx)
	if err != nil {
		return err
	}
	now := s.options.Now()
	var due []Family
	for _, r := range rows {
		if stateOf(r) == Current && !now.Before(r.ActiveAt.Add(RotateAfter)) {
			due = append(due, Family(r.Family))
		}
	}
	if len(due) > 0 {
		if _, err := s.rotate(ctx, identity.Actor{Kind: identity.ActsAsJob, Name: "signing keys"}, due); err != nil {
			return err
		}
	}
	return s.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("that a retired key is forgotten was decided when it was retired")
		_, err := tx.SigningKeys.Forget(tx.Now().Add(-PublishFor))
		return err
	})
}

func (s *Signing) rotate(ctx context.Context, actor identity.Actor, due []Family) (ids []string, err error) {
	// There must be a next key before it can sign.
	if _, err := s.inForce(ctx); err != nil {
		return nil, err
	}
	fresh, err := generateEach(due)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		ids = ids[:0]
		for i, f := range due {
			if err := tx.SigningKeys.Succeed(string(f)); err != nil {
				return err
			}
			if err := insert(tx, fresh[i], time.Time{}); err != nil {
				return err
			}
		}
		rows, err := tx.SigningKeys.All()
		if err != nil {
			return err
		}
		for _, r := range rows {
			if stateOf(r) != Current || !r.ActiveAt.Equal(tx.Now()) {
				continue
			}
			ids = append(ids, r.ID)
			if err := s.options.Record(tx, actor, r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return ids, nil
}

func mayRotate(actor identity.Actor) bool {
	switch actor.Kind {
	case identity.ActsAsProvider, identity.ActsAsConsole, identity.ActsAsJob:
		return true
	}
	return false
}

// rows reads every key.
func (s *Signing) rows(ctx context.Context) (rows []store.SigningKeyRow, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		rows, err = tx.SigningKeys.All()
		return err
	})
	return rows, err
}

// want is a key that ought to exist.
type want struct {
	family Family
	state  State // Current or Next
}

// missing lists the keys that every family has to have and this one has not.
func missing(rows []store.SigningKeyRow) (absent []want) {
	for _, f := range families() {
		for _, state := range []State{Current, Next} {
			found := false
			for _, r := range rows {
				found = found || Family(r.Family) == f && stateOf(r) == state
			}
			if !found {
				absent = append(absent, want{f, state})
			}
		}
	}
	return absent
}

// make makes keys and returns all there are then. Of several nodes that make
// them at once the first counts.
func (s *Signing) make(ctx context.Context, absent []want) (rows []store.SigningKeyRow, err error) {
	kinds := make([]Family, len(absent))
	for i, w := range absent {
		kinds[i] = w.family
	}
	fresh, err := generateEach(kinds)
	if err != nil {
		return nil, err
	}
	err = s.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("the first keys of a family are made when they are needed")
		for i, w := range absent {
			var active time.Time
			if w.state == Current {
				active = tx.Now()
			}
			if err := insert(tx, fresh[i], active); err != nil {
				return err
			}
		}
		rows, err = tx.SigningKeys.All()
		return err
	})
	return rows, err
}

// generateEach makes a key of each family, before a transaction: RSA takes long.
func generateEach(kinds []Family) ([]store.SigningKeyRow, error) {
	rows := make([]store.SigningKeyRow, len(kinds))
	for i, f := range kinds {
		private, err := generate(f)
		if err != nil {
			return nil, internal(err)
		}
		material, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			return nil, internal(err)
		}
		id, err := thumbprint(private.Public())
		if err != nil {
			return nil, err
		}
		rows[i] = store.SigningKeyRow{ID: id, Family: string(f), Material: material}
	}
	return rows, nil
}

func insert(tx *store.Tx, r store.SigningKeyRow, active time.Time) error {
	r.CreatedAt, r.ActiveAt = tx.Now(), active
	return tx.SigningKeys.Insert(r)
}
