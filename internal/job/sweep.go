package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	sweepEvery = 5 * time.Minute
	sliceRows  = 250 // in one transaction, so that nobody waits long behind it

	keepClaims  = 10 * time.Minute // beyond their instant: clocks of nodes differ
	keepOutbox  = 7 * 24 * time.Hour
	keepTraces  = 7 * 24 * time.Hour
	maxTraces   = 200_000
	keepChanges = time.Hour

	// Sessions and where they were used, so that who comes back late is told
	// why, and the report of a sign-out can still be read.
	keepGrants   = time.Hour // so that a token that ended is told from one that never was
	keepSessions = 30 * 24 * time.Hour

	// Requests beyond their decision, so that a year's review still finds who let
	// whom in. The audit events of it stay.
	keepRequests = 400 * 24 * time.Hour

	// Set-up links beyond their end, for the same reason.
	keepSetupLinks = 400 * 24 * time.Hour

	// Invitations beyond their end, so that whoever comes late is told why.
	keepInvitations = 90 * 24 * time.Hour

	// Records of calls to receivers, and of webhooks.
	keepSyncRecords = 90 * 24 * time.Hour

	// Of access tokens that have outlived the usual life, since they are
	// refreshed again and again, one run passes as many at most.
	maxLiving = 10_000
	pageRows  = 500 // in one reading
)

// Sweep is the job that deletes what has expired, in slices of at most 250
// rows each in a transaction of its own. What lives it does not read, but for
// access tokens that are refreshed beyond their usual life, and those it reads
// as others read, beside the writer.
func Sweep(db *store.DB, log *slog.Logger) Job {
	return Func("sweep", sweepEvery, newSweeper(db, log).run)
}

func newSweeper(db *store.DB, log *slog.Logger) *sweeper {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &sweeper{db: db, log: log, living: maxLiving}
}

type sweeper struct {
	db     *store.DB
	log    *slog.Logger
	living int // how many living tokens a run may read
	// passed is the token up to which the last run came, "" when it came to the
	// end. A node that starts begins at the oldest.
	passed identity.TokenID
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
		return tx.Traces.Sweep(identity.OldestTraceID(tx.Now().Add(-keepTraces)), limit)
	}},
	{"sessions", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Sessions.Sweep(tx.Now().Add(-keepSessions), limit)
	}},
	{"participations", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Participations.Sweep(tx.Now().Add(-keepSessions), limit)
	}},
	{"grants", func(tx *store.Tx, limit int) (int64, error) { return tx.Grants.Sweep(tx.Now().Add(-keepGrants), limit) }},
	{"requests", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Requests.Sweep(tx.Now().Add(-keepRequests), limit)
	}},
	{"tries", func(tx *store.Tx, limit int) (int64, error) { return tx.Tries.Sweep(tx.Now(), limit) }},
	{"tries of applications", func(tx *store.Tx, limit int) (int64, error) { return tx.ApplicationTries.Sweep(tx.Now(), limit) }},
	{"tried applications", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Applications.SweepTried(tx.Now().Add(-identity.TryRun), limit)
	}},
	{"set-up links", func(tx *store.Tx, limit int) (int64, error) {
		return tx.SetupLinks.Sweep(tx.Now().Add(-keepSetupLinks), limit)
	}},
	{"invitations", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Invitations.Sweep(tx.Now().Add(-keepInvitations), limit)
	}},
	{"files of tasks", func(tx *store.Tx, limit int) (int64, error) { return tx.Tasks.SweepParts(tx.Now(), limit) }},
	{"tasks", func(tx *store.Tx, limit int) (int64, error) { return tx.Tasks.Sweep(tx.Now(), limit) }},
	{"records of calls to receivers", func(tx *store.Tx, limit int) (int64, error) {
		return tx.SyncRecords.Sweep(tx.Now().Add(-keepSyncRecords), limit)
	}},
	{"deliveries of webhooks", func(tx *store.Tx, limit int) (int64, error) {
		return tx.Deliveries.Sweep(tx.Now().Add(-keepSyncRecords), limit)
	}},
	{"secrets of webhooks", func(tx *store.Tx, limit int) (int64, error) { return tx.Webhooks.SweepPrevious(tx.Now(), limit) }},
	{"changes", func(tx *store.Tx, limit int) (int64, error) {
		return tx.SweepChanges(tx.Now().Add(-keepChanges), limit)
	}},
}

// run sweeps every table. A table that fails does not keep the others from
// being swept.
func (s *sweeper) run(ctx context.Context) error {
	var failed []error
	for _, table := range expired {
		if err := s.table(ctx, table.name, table.sweep); err != nil {
			failed = append(failed, fmt.Errorf("sweep %s: %w", table.name, err))
		}
	}
	if err := s.surplusTraces(ctx, maxTraces); err != nil {
		failed = append(failed, fmt.Errorf("sweep surplus traces: %w", err))
	}
	if err := s.accessTokens(ctx); err != nil {
		failed = append(failed, fmt.Errorf("sweep access tokens: %w", err))
	}
	return errors.Join(failed...)
}

// table sweeps one table until a slice is not full.
func (s *sweeper) table(ctx context.Context, name string, sweep func(tx *store.Tx, limit int) (int64, error)) error {
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

// surplusTraces deletes the oldest stories beyond the number that is kept. They
// are counted beside the writer.
func (s *sweeper) surplusTraces(ctx context.Context, keep int) error {
	var oldest identity.TraceID
	err := s.db.Glance(ctx, func(tx *store.Tx) (err error) {
		oldest, err = tx.Traces.Newest(keep)
		return err
	})
	if err != nil || oldest == "" {
		return err
	}
	return s.table(ctx, "surplus traces", func(tx *store.Tx, limit int) (int64, error) { return tx.Traces.Sweep(oldest, limit) })
}

// accessTokens deletes tokens that nobody can refresh any more. No index stands
// on the end of a token, since that would make every login dearer; but ids are
// in the order of time, so that nothing younger than the shortest life need be
// read. What is older and lives is passed in portions, one a run.
func (s *sweeper) accessTokens(ctx context.Context) error {
	for living := 0; living < s.living; {
		found, err := s.aged(ctx, min(pageRows, s.living-living))
		if err != nil {
			return err
		}
		for slice := range slices.Chunk(found.Over, sliceRows) {
			if err := s.db.Act(ctx, store.ActSweep, func(tx *store.Tx) error { return tx.AccessTokens.Drop(slice) }); err != nil {
				return err
			}
		}
		if s.passed = found.Last; found.Last == "" {
			return nil
		}
		living += found.Read - len(found.Over)
	}
	return nil
}

// aged reads on from where the last look ended.
func (s *sweeper) aged(ctx context.Context, limit int) (found store.AgedTokens, err error) {
	err = s.db.Glance(ctx, func(tx *store.Tx) (err error) {
		found, err = tx.AccessTokens.Aged(s.passed, identity.OldestTokenID(tx.Now().Add(-identity.RefreshLife)), limit)
		return err
	})
	return found, err
}
