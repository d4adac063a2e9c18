package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/orgate/orgate/internal/fault"
)

const (
	// postgresRuns is how often a transaction that lost a race is run at most.
	postgresRuns = 10
	// postgresAlone is the run from which it has this process to itself: where many
	// write one row, such as the count of one organisation's members, pauses alone
	// leave it to luck who is sent away in the end.
	postgresAlone = 4
	// postgresConns bounds the pool unless the DSN says pool_max_conns.
	postgresConns     = 16
	postgresMostConns = 10_000
	// postgresJitter is the longest pause before the first re-run; it doubles.
	postgresJitter = 2 * time.Millisecond
	// postgresChannel is where changes are announced.
	postgresChannel = "orgate"
)

// postgresLimits are server-side limits unless the DSN sets them: nothing of
// ours runs that long, and a lost client must not hold locks.
var postgresLimits = map[string]string{
	"statement_timeout":                   "30s",
	"lock_timeout":                        "10s",
	"idle_in_transaction_session_timeout": "60s",
	"application_name":                    "orgate",
}

// postgresEngine is a pool of connections and the configuration for the one
// that listens.
type postgresEngine struct {
	config  *pgx.ConnConfig
	pool    *pgxpool.Pool
	traits  *traits
	options Options
	alone   sync.RWMutex // held for writing by a transaction that lost too often
}

func openPostgres(ctx context.Context, options Options) (engine, *traits, error) {
	config, conns, err := postgresConfig(options.DSN)
	if err != nil {
		return nil, nil, err
	}
	e := &postgresEngine{config: config, options: options}
	if e.traits, err = postgresTraits(config); err != nil {
		return nil, nil, err
	}
	settings, err := pgxpool.ParseConfig("")
	if err != nil {
		return nil, nil, fmt.Errorf("store: %w", err)
	}
	settings.ConnConfig, settings.MaxConns = config.Copy(), int32(conns)
	if e.pool, err = pgxpool.NewWithConfig(ctx, settings); err != nil {
		return nil, nil, fmt.Errorf("store: %w", err)
	}
	if err := e.pool.Ping(ctx); err != nil {
		e.pool.Close()
		return nil, nil, postgresExplain(err)
	}
	return e, e.traits, nil
}

func postgresConfig(dsn string) (*pgx.ConnConfig, int, error) {
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		// The driver's text may quote the password.
		return nil, 0, errors.New("store: the PostgreSQL DSN cannot be read")
	}
	conns := postgresConns
	if text, ok := config.RuntimeParams["pool_max_conns"]; ok {
		delete(config.RuntimeParams, "pool_max_conns")
		if conns, err = strconv.Atoi(text); err != nil || conns < 2 || conns > postgresMostConns {
			return nil, 0, fmt.Errorf("store: pool_max_conns is a number from 2 to 10,000, not %q", text)
		}
	}
	for name, value := range postgresLimits {
		if _, set := config.RuntimeParams[name]; !set {
			config.RuntimeParams[name] = value
		}
	}
	return config, conns, nil
}

func postgresTraits(config *pgx.ConnConfig) (*traits, error) {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	return &traits{
		profile:   func(field string) string { return "lower(profile::json ->> '" + field + "')" },
		name:      "postgres",
		explain:   postgresExplain,
		steady:    `SET LOCAL plan_cache_mode = force_generic_plan`,
		forUpdate: " FOR UPDATE",
		announce:  `SELECT pg_notify('` + postgresChannel + `', $1)`,
		countTables: `SELECT count(*) FROM information_schema.tables
			WHERE table_schema = current_schema() AND table_name = $1`,
		goose: goose.DialectPostgres,
		words: strings.NewReplacer("{{blob}}", "BYTEA", "{{key}}", `TEXT COLLATE "C"`,
			"{{serial}}", "BIGSERIAL PRIMARY KEY", "{{clustered}}", ""),
		schema: func() (*sql.DB, error) {
			patient := config.Copy()
			patient.RuntimeParams["statement_timeout"] = "0"
			patient.RuntimeParams["lock_timeout"] = "0"
			return stdlib.OpenDB(*patient), nil
		},
		locker: locker,
	}, nil
}

// How transactions begin.
const (
	postgresView   = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
	postgresAct    = "BEGIN ISOLATION LEVEL READ COMMITTED"
	postgresUpdate = "BEGIN ISOLATION LEVEL SERIALIZABLE"
)

func (e *postgresEngine) view(ctx context.Context, kind reading, fn func(*conn) error) error {
	begin := postgresView
	if kind == glance {
		begin = "" // one statement is a snapshot by itself
	}
	_, err := e.attempt(ctx, ctx, begin, fn)
	return err
}

func (e *postgresEngine) update(ctx context.Context, rule actRule, fn func(*conn) error) error {
	begin := postgresAct
	if rule.serial {
		begin = postgresUpdate
	}
	wait := postgresJitter
	conflicts := 0
	for run := 1; ; run++ {
		cause, err := e.write(ctx, run, begin, fn)
		again := because(cause, retry)
		// Two transactions that both found nothing and both created it: one
		// meets a unique key. Run again, it finds what the other made; if the
		// key is still in the way, it is a conflict indeed.
		if because(cause, unique) && rule.serial {
			conflicts++
			again = conflicts == 1
		}
		if err == nil || !again {
			return err
		}
		if run == postgresRuns || ctx.Err() != nil {
			return fault.New(fault.Unavailable, fault.CodeUnavailable).Because(err)
		}
		pause(ctx, rand.N(wait))
		wait *= 2
	}
}

// write is the attempt of a transaction that writes, beside others or alone.
func (e *postgresEngine) write(ctx context.Context, run int, begin string, fn func(*conn) error) (cause, err error) {
	if run < postgresAlone {
		e.alone.RLock()
		defer e.alone.RUnlock()
	} else {
		e.alone.Lock()
		defer e.alone.Unlock()
	}
	return e.attempt(ctx, context.WithoutCancel(ctx), begin, fn)
}

// attempt runs fn once. Until the connection is there it waits for ctx; then
// it runs under inner. cause is the database's own complaint, if any, however
// fn worded it; err is the outcome.
func (e *postgresEngine) attempt(ctx, inner context.Context, begin string, fn func(*conn) error) (cause, err error) {
	link, err := e.pool.Acquire(ctx)
	if err != nil {
		return nil, postgresExplain(err)
	}
	run := &postgresRunner{conn: link, observe: e.options.Observe}
	// After a commit this only gives the connection back; it also serves a
	// panic in fn.
	defer run.end(context.WithoutCancel(inner))
	c := &conn{ctx: inner, run: run, traits: e.traits, reads: begin == "" || begin == postgresView}
	if begin != "" {
		run.waiting = append(run.waiting, postponed{query: begin})
	}
	defer func() { c.over = true }()
	if err := fn(c); err != nil {
		return c.failed, err
	}
	if c.failed != nil || begin == "" {
		return c.failed, c.failed
	}
	if err := run.commit(inner); err != nil {
		err = c.fail(err)
		return err, err
	}
	return nil, nil
}

// backup refuses: a consistent copy of a server is the server's own affair.
func (e *postgresEngine) backup(context.Context, string) error {
	return fault.New(fault.Invalid, fault.CodeMethod).
		Because(errors.New("store: back up PostgreSQL with pg_dump"))
}

func (e *postgresEngine) close() error {
	e.pool.Close()
	return nil
}

// postgresExplain turns a driver error into a fault.
func postgresExplain(err error) error {
	var from *pgconn.PgError
	if !errors.As(err, &from) {
		// Without an answer of the server it is the way to it that failed.
		return (&driverError{reason: outage, err: err}).asFault()
	}
	cause := &driverError{reason: postgresReason(from.Code), err: err}
	if cause.reason == unique {
		cause.constraint = from.ConstraintName
	}
	return cause.asFault()
}

// postgresReason reads a SQLSTATE (PostgreSQL manual, appendix A).
func postgresReason(code string) reason {
	switch code {
	case "23505":
		return unique
	case "23503":
		return reference
	case "40001", "40P01":
		return retry
	case "22021", "22P05":
		return badText
	case "55P03", "57014", "25P03":
		return outage
	}
	switch code[:min(2, len(code))] {
	case "08", "53", "57", "58":
		return outage
	}
	return defect
}
