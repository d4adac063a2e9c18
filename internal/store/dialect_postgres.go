package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"github.com/orgate/orgate/internal/fault"
)

const (
	// postgresRuns is how often a transaction that lost a race is run at most.
	postgresRuns = 10
	// postgresConns bounds the pool unless the DSN says pool_max_conns.
	postgresConns = 16
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
	pool    *sql.DB
	traits  *traits
	options Options
}

func openPostgres(ctx context.Context, options Options) (engine, *traits, error) {
	config, conns, err := postgresConfig(options.DSN)
	if err != nil {
		return nil, nil, err
	}
	pool := stdlib.OpenDB(*config)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	e := &postgresEngine{config: config, pool: pool, options: options}
	if e.traits, err = postgresTraits(config); err != nil {
		return nil, nil, errors.Join(err, pool.Close())
	}
	if err := pool.PingContext(ctx); err != nil {
		return nil, nil, errors.Join(postgresExplain(err), pool.Close())
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
		if conns, err = strconv.Atoi(text); err != nil || conns < 2 {
			return nil, 0, fmt.Errorf("store: pool_max_conns is a number from 2 on, not %q", text)
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
		name:      "postgres",
		explain:   postgresExplain,
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

func (e *postgresEngine) view(ctx context.Context, fn func(*conn) error) error {
	options := &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true}
	_, err := e.attempt(ctx, ctx, options, fn)
	return err
}

func (e *postgresEngine) update(ctx context.Context, rule actRule, fn func(*conn) error) error {
	options := &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	if rule.serial {
		options.Isolation = sql.LevelSerializable
	}
	wait := postgresJitter
	conflicts := 0
	for run := 1; ; run++ {
		cause, err := e.attempt(ctx, context.WithoutCancel(ctx), options, fn)
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

// attempt runs fn once. Until the connection is there it waits for ctx; then
// it runs under inner. cause is the database's own complaint, if any, however
// fn worded it; err is the outcome.
func (e *postgresEngine) attempt(ctx, inner context.Context, options *sql.TxOptions, fn func(*conn) error) (cause, err error) {
	link, err := e.pool.Conn(ctx)
	if err != nil {
		return nil, postgresExplain(err)
	}
	defer func() { _ = link.Close() }()
	tx, err := link.BeginTx(inner, options)
	if err != nil {
		return nil, postgresExplain(err)
	}
	// After a commit this does nothing; it also serves a panic in fn.
	defer func() { _ = tx.Rollback() }()
	c := &conn{ctx: inner, run: postgresRunner{tx, e.options.Observe}, traits: e.traits, reads: options.ReadOnly}
	defer func() { c.over = true }()
	if err := fn(c); err != nil {
		return c.failed, err
	}
	if err := tx.Commit(); err != nil {
		err = postgresExplain(err)
		return err, err
	}
	return nil, nil
}

// postgresRunner runs the statements of one transaction and tells an observer.
type postgresRunner struct {
	tx      *sql.Tx
	observe func(string) // nil for none
}

func (r postgresRunner) exec(ctx context.Context, query string, args []any) (int64, error) {
	if r.observe != nil {
		r.observe(query)
	}
	result, err := r.tx.ExecContext(ctx, query, args...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

func (r postgresRunner) query(ctx context.Context, query string, args []any) (cursor, error) {
	if r.observe != nil {
		r.observe(query)
	}
	rows, err := r.tx.QueryContext(ctx, query, args...) //nolint:rowserrcheck // conn.finish checks it
	if err != nil {
		return nil, err // not a nil *sql.Rows in an interface
	}
	return rows, nil
}

// backup refuses: a consistent copy of a server is the server's own affair.
func (e *postgresEngine) backup(context.Context, string) error {
	return fault.New(fault.Invalid, fault.CodeMethod).
		Because(errors.New("store: back up PostgreSQL with pg_dump"))
}

func (e *postgresEngine) close() error { return e.pool.Close() }

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
