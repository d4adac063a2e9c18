package store

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/seal"
)

// Errors of Open that an operator mends, not a caller.
var (
	// ErrSchemaOlder means that migrations have not been applied yet.
	ErrSchemaOlder = errors.New("store: the database needs migration")
	// ErrSchemaNewer means that a newer version has used this database.
	ErrSchemaNewer = errors.New("store: the database belongs to a newer version")
)

// Options say which database to open and how.
type Options struct {
	// DSN is "sqlite:./data/orgate.db" or "postgres://user@host/database?…".
	// pool_max_conns in the latter bounds the pool (16).
	DSN string
	// Sealing holds the master keys of 32 bytes: the first seals, all open.
	Sealing [][]byte
	// Now is the clock; it gives each transaction its instant.
	Now func() time.Time
	// Log hears what no caller can be told, such as a lost listening
	// connection. Nil discards.
	Log *slog.Logger
	// Synchronous is how SQLite flushes: "full" (default, nothing acknowledged
	// is ever lost), "normal" (a power cut may lose the last moments) or "off"
	// (tests).
	Synchronous string
	// Node names this process in the change feed; "" draws a random name.
	Node string
	// RequireEvent makes an Update fail that writes but records neither an
	// audit event nor a reason (see Tx.NoEvent). Tests set it.
	RequireEvent bool
	// SkipSchemaCheck opens a database whose migrations are behind or ahead.
	// Only a command that is about to migrate or to report may do so.
	SkipSchemaCheck bool
	// Observe, if set, is told the text of every statement that runs; tests
	// collect them. It is called by many goroutines.
	Observe func(query string)
}

// engine is one of the two databases.
type engine interface {
	// view runs fn on a read-only snapshot.
	view(ctx context.Context, kind reading, fn func(*conn) error) error
	// update runs fn in a writing transaction, again when it lost a race, and
	// commits if neither fn nor a statement failed.
	update(ctx context.Context, rule actRule, fn func(*conn) error) error
	// watch brings the changes of other nodes to the feed until ctx ends.
	watch(ctx context.Context, feed *Feed)
	// backup writes a consistent copy to a new file.
	backup(ctx context.Context, path string) error
	close() error
}

// reading is how much a view reads.
type reading uint8

const (
	snapshot reading = iota // any number of statements, all of one moment
	glance                  // one statement
)

// DB is an open database. It is safe for concurrent use.
type DB struct {
	options Options
	engine  engine
	traits  *traits
	feed    *Feed
	keys    *keyStore
	rules   *keptRules
	turns   *turns

	stop context.CancelFunc // ends the goroutines of this DB
	work sync.WaitGroup     // waits for them
	shut func() error       // closes once
}

// Open opens a database; it does not migrate it. It refuses a schema that is
// not exactly the one this version knows (ErrSchemaOlder, ErrSchemaNewer)
// unless told to skip that check. Close the DB when done.
func Open(ctx context.Context, options Options) (*DB, error) {
	masters, err := seal.NewKeys(options.Sealing)
	if err != nil {
		return nil, err
	}
	if options.Now == nil {
		return nil, errors.New("store: Options.Now is missing")
	}
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	if options.Node == "" {
		node := make([]byte, 6)
		_, _ = rand.Read(node) // never fails
		options.Node = hex.EncodeToString(node)
	}
	db := &DB{options: options, feed: newFeed(options.Node), turns: newTurns(), rules: newKeptRules()}
	db.keys = newKeyStore(masters)
	if err := patiently(ctx, func() error { return db.open(ctx) }); err != nil {
		return nil, err
	}
	db.start()
	return db, nil
}

func (db *DB) open(ctx context.Context) (err error) {
	if db.engine, db.traits, err = openEngine(ctx, db.options); err != nil {
		return err
	}
	if err := db.ready(ctx); err != nil {
		return errors.Join(err, db.engine.close())
	}
	return nil
}

// How long a start waits for others that start: some eight seconds in all.
const (
	patience   = 40
	firstPause = 10 * time.Millisecond
)

// patiently runs a step of the start again while it only lost a race. Processes
// that make a SQLite file together, or of which the last closes it, hold it for
// a moment in which SQLite answers at once instead of waiting.
func patiently(ctx context.Context, step func() error) (err error) {
	pause := firstPause
	for range patience {
		if err = step(); !because(err, retry) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(pause):
		}
		pause += firstPause
	}
	return err
}

func openEngine(ctx context.Context, options Options) (engine, *traits, error) {
	scheme, rest, _ := strings.Cut(options.DSN, ":")
	switch scheme {
	case "sqlite":
		return openSQLite(ctx, options, rest)
	case "postgres", "postgresql":
		return openPostgres(ctx, options)
	default:
		return nil, nil, fmt.Errorf("store: the scheme %q of the DSN is neither sqlite nor postgres", scheme)
	}
}

// ready checks the schema and loads the keys.
func (db *DB) ready(ctx context.Context) error {
	state, err := db.schema(ctx)
	if err != nil {
		return err
	}
	if !db.options.SkipSchemaCheck {
		if err := state.check(); err != nil {
			return err
		}
	}
	if state.empty() {
		return nil
	}
	return db.LoadKeys(ctx)
}

func (db *DB) start() {
	ctx, stop := context.WithCancel(context.Background())
	db.stop = stop
	db.shut = sync.OnceValue(db.engine.close)
	db.work.Go(func() { db.engine.watch(ctx, db.feed) })
	db.work.Go(func() { db.reloadKeys(ctx) })
}

// Close ends every goroutine of the DB and closes its connections. It waits
// for transactions that run. A second call does nothing more.
func (db *DB) Close() error {
	db.stop()
	db.work.Wait()
	return db.shut()
}

// Feed is where caches hear that what they keep no longer holds.
func (db *DB) Feed() *Feed { return db.feed }

// View runs fn on a read-only snapshot: everything it reads is of one moment.
// Inside fn no other View or Update may be opened.
func (db *DB) View(ctx context.Context, fn func(tx *Tx) error) error {
	return db.view(ctx, snapshot, fn)
}

// Glance is View for fn that runs one statement; a second one or a write fails. It costs
// that statement alone, where a View tells the database of beginning and end.
func (db *DB) Glance(ctx context.Context, fn func(tx *Tx) error) error {
	return db.view(ctx, glance, fn)
}

func (db *DB) view(ctx context.Context, kind reading, fn func(tx *Tx) error) error {
	return db.engine.view(ctx, kind, func(c *conn) error {
		c.once = kind == glance
		if err := fn(db.newTx(c)); err != nil {
			return err
		}
		return c.failed
	})
}

// Update runs fn in a serialisable transaction and commits it, unless fn or
// one of its statements fails. A transaction that lost a race is run again, at
// most 10 times, then it is an Unavailable fault; so fn touches nothing but
// the Tx. When ctx ends before fn has begun, fn is not run (Unavailable); what
// has begun is completed. When Update returns nil the changes are durable.
func (db *DB) Update(ctx context.Context, fn func(tx *Tx) error) error {
	return db.Act(ctx, actUpdate, fn)
}

// Act is Update for one of the listed acts, without serialisable isolation on
// PostgreSQL (see acts.go). Two acts that meet must be told apart by a unique
// key or by the row that UPDATE … RETURNING finds.
func (db *DB) Act(ctx context.Context, act Act, fn func(tx *Tx) error) error {
	rule := act.rule()
	var tx *Tx
	err := db.engine.update(ctx, rule, func(c *conn) error {
		tx = db.newTx(c)
		if err := fn(tx); err != nil {
			return err
		}
		if err := c.outcome(); err != nil {
			return err
		}
		return db.requireEvent(rule, c)
	})
	if err != nil {
		return err
	}
	db.feed.deliver(tx.changes...)
	return nil
}

// Backup writes a consistent copy of a running SQLite database to a new file,
// flushed and readable by its owner alone. On PostgreSQL it is a fault whose
// cause names pg_dump, the tool for the purpose.
func (db *DB) Backup(ctx context.Context, path string) error {
	return db.engine.backup(ctx, path)
}

func (db *DB) newTx(c *conn) *Tx {
	c.tx = &Tx{
		tables: tablesOf(c),
		conn:   c,
		db:     db,
		now:    db.options.Now().UTC().Truncate(time.Millisecond),
	}
	return c.tx
}

// requireEvent is the rule that a fact and its record commit together.
func (db *DB) requireEvent(rule actRule, c *conn) error {
	if !db.options.RequireEvent || !c.wrote || c.told || rule.silent != "" {
		return nil
	}
	return internal(fmt.Errorf("store: %s wrote without an audit event; record one or say NoEvent(why)", rule.name))
}
