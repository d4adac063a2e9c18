package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	sweepEvery = 5 * time.Minute
	sliceRows  = 500 // in one transaction, so that nobody waits long behind it

	keepClaims  = 10 * time.Minute // beyond their instant: clocks of nodes differ
	keepOutbox  = 7 * 24 * time.Hour
	keepTraces  = 7 * 24 * time.Hour
	maxTraces   = 200_000
	keepChanges = time.Hour

	keepSessions = 24 * time.Hour // so that who comes back late is told why
)

// Sweep is the job that deletes what has expired, in slices of at most 500
// rows each in a transaction of its own.
func Sweep(db *store.DB, log *slog.Logger) Job {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	s := sweeper{db, log}
	return Func("sweep", sweepEvery, s.run)
}

type sweeper struct {
	db  *store.DB
	log *slog.Logger
}

// expired is everything that is swept. Each function deletes up to limit rows
// and returns how many there were.
var expired = []struct {
	name  string
	sweep func(tx *store.Tx, limit int) (int64, error)
}{
	{"tickets", func(tx *store.Tx, limit int) (int64, error) { return tx.Tickets.Sweep(tx.Now(), limit) }},
	{"claims", func(tx *store.Tx, limit int) (int64, error) { return tx.Claims.Sweep(tx.Now().Add(-keepClaims), limit) }},
	{"attempts", func(tx *store.Tx, limit int) (int64, error) { return tx.Attempts.Sweep(tx.Now(), limit) }},
	{"codes", func(tx *store.Tx, limit int) (int64, error) { return tx.Codes.Sweep(tx.Now(), limit) }},
	{"outbox", func(tx *store.Tx, limit int) (int64, error) { return tx.Outbox.Sweep(tx.Now().Add(-keepOutbox), limit) }},
	{"old traces", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Traces.Sweep(tx.Now().Add(-keepTraces), math.MaxInt32, limit)
	}},
	{"surplus traces", func(tx *store.Tx, limit int) (int64, error) { return tx.Traces.Sweep(time.Time{}, maxTraces, limit) }},
	{"sessions", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Sessions.Sweep(tx.Now().Add(-keepSessions), limit)
	}},
	{"tries", func(tx *store.Tx, limit int) (int64, error) { return tx.Tries.Sweep(tx.Now(), limit) }},
	{"changes", func(tx *store.Tx, limit int) (int64, error) {
		return tx.SweepChanges(tx.Now().Add(-keepChanges), limit)
	}},
}

// run sweeps every table. A table that fails does not keep the others from
// being swept.
func (s sweeper) run(ctx context.Context) error {
	var failed []error
	for _, table := range expired {
		if err := s.table(ctx, table.name, table.sweep); err != nil {
			failed = append(failed, fmt.Errorf("sweep %s: %w", table.name, err))
		}
	}
	if err := s.accessTokens(ctx); err != nil {
		failed = append(failed, fmt.Errorf("sweep access tokens: %w", err))
	}
	return errors.Join(failed...)
}

// table sweeps one table until a slice is not full.
func (s sweeper) table(ctx context.Context, name string, sweep func(tx *store.Tx, limit int) (int64, error)) error {
	var total int64
	for n := int64(sliceRows); n >= sliceRows; total += n {
		err := s.db.Act(ctx, store.ActSweep, func(tx *store.Tx) (err error) {
			n, err = sweep(tx, sliceRows)
			return err
		})
		if err != nil {
			return err
		}
	}
	if total > 0 {
		s.log.Debug("swept", "table", name, "rows", total)
	}
	return nil
}

// accessTokens walks the table once by its key: no index stands on the end of
// a token, since that would make every login dearer.
func (s sweeper) accessTokens(ctx context.Context) error {
	for after := identity.TokenID(""); ; {
		err := s.db.Act(ctx, store.ActSweep, func(tx *store.Tx) (err error) {
			after, err = tx.AccessTokens.Sweep(after, tx.Now().UnixMilli(), sliceRows)
			return err
		})
		if err != nil || after == "" {
			return err
		}
	}
}
