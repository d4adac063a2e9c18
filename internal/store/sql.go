package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
)

var (
	errOver   = errors.New("store: the transaction is over")
	errGlance = errors.New("store: a Glance is one statement that reads")
	errNested = errors.New("store: a statement inside the loop of another; collect the rows first")
	errText   = errors.New("store: text with NUL or broken UTF-8")
)

// runner executes statements inside one open transaction.
type runner interface {
	// exec reports how many rows the statement touched.
	exec(ctx context.Context, query string, args []any) (int64, error)
	query(ctx context.Context, query string, args []any) (cursor, error)
}

// postponer is a runner that can let statements wait whose result nobody waits
// for: they run before the next one that has a result, or before the commit.
// check, if not nil, is told how many rows the statement touched.
type postponer interface {
	postpone(query string, args []any, check func(affected int64) error)
}

// cursor is the rows of a query.
type cursor interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// conn is what table types hang on: it runs the statements of one transaction,
// checks arguments, turns driver errors into faults and latches the first
// failure. PostgreSQL refuses the rest of a failed transaction by itself;
// SQLite would go on, so the latch makes both behave alike. A conn belongs to
// one goroutine.
type conn struct {
	ctx    context.Context
	run    runner
	traits *traits
	tx     *Tx   // the transaction this runs in
	failed error // the latch: set by the first failed write, returned by all later calls
	// refused latches like failed, but by what a check found and not by what
	// the database said: nothing was lost on the way.
	refused error
	wrote   bool // a write was executed
	dirty   bool // and may have touched rows
	told    bool // an event was recorded, or a reason given why not
	busy    bool // rows of each are open
	over    bool // committed or rolled back
	reads   bool // a View on PostgreSQL, which refuses to lock rows
	once    bool // a Glance: one statement
	ran     bool // a statement was begun
}

// scanner is one row to come.
type scanner struct {
	rows cursor
	conn *conn
	err  error
}

// exec runs a statement that returns no rows and reports how many rows it
// touched.
func (c *conn) exec(query string, args ...any) (int64, error) {
	if err := c.begin(query, args); err != nil {
		return 0, err
	}
	n, err := c.run.exec(c.ctx, query, args)
	if err != nil {
		return 0, c.fail(err)
	}
	c.dirty = c.dirty || n != 0
	return n, nil
}

// steady says that what follows in the transaction is best run by one plan
// whatever the values are: each statement walks an index and stops after a page.
// PostgreSQL expects more of such a plan than of one for the values at hand, makes
// that anew for each call, and takes longer to make it than to run it.
func (c *conn) steady() error {
	if c.traits.steady == "" {
		return nil
	}
	return c.later(c.traits.steady)
}

// later runs a write whose result matters to nobody here. Where statements
// travel it runs together with the next ones, at the latest with the commit;
// if it fails, that fails.
func (c *conn) later(query string, args ...any) error { return c.expect(nil, query, args...) }

// expect is later for a write that check may refuse by the number of rows it
// touched. The error of check is returned here or by a later call, and nothing
// is committed.
func (c *conn) expect(check func(affected int64) error, query string, args ...any) error {
	patient, ok := c.run.(postponer)
	if !ok {
		n, err := c.exec(query, args...)
		if err == nil && check != nil {
			c.refused = check(n)
			err = c.refused
		}
		return err
	}
	if err := c.begin(query, args); err != nil {
		return err
	}
	c.dirty = true
	patient.postpone(query, args, check)
	return nil
}

// outcome is what stands in the way of committing.
func (c *conn) outcome() error {
	if c.failed != nil {
		return c.failed
	}
	return c.refused
}

// row runs a query that returns at most one row. What it returns must be
// scanned before the next statement.
func (c *conn) row(query string, args ...any) scanner {
	if err := c.begin(query, args); err != nil {
		return scanner{err: err}
	}
	c.dirty = c.dirty || writes(query)
	rows, err := c.run.query(c.ctx, query, args)
	if err != nil {
		return scanner{err: c.fail(err)}
	}
	return scanner{rows: rows, conn: c}
}

// scan copies the row into dest; without a row it is a NotFound fault.
func (s scanner) scan(dest ...any) (err error) {
	if s.err != nil {
		return s.err
	}
	found := false
	if s.rows.Next() {
		found = true
		err = s.rows.Scan(dest...)
	}
	// A statement with RETURNING checks its foreign keys when it ends, so it is
	// run to its end even though one row is all that is wanted.
	for err == nil && s.rows.Next() {
	}
	return s.conn.finish(s.rows, err, found)
}

// each runs a query and calls fn for every row. Inside fn no other statement
// may run: PostgreSQL has one conversation per connection.
func (c *conn) each(query string, args []any, fn func(scan func(...any) error) error) error {
	if err := c.begin(query, args); err != nil {
		return err
	}
	c.dirty = c.dirty || writes(query)
	rows, err := c.run.query(c.ctx, query, args)
	if err != nil {
		return c.fail(err)
	}
	c.busy = true
	defer func() { c.busy = false; _ = rows.Close() }()
	for err == nil && rows.Next() {
		err = fn(rows.Scan)
	}
	return c.finish(rows, err, true)
}

// finish closes rows. An error of scanning is told from one of the database:
// only the latter latches.
func (c *conn) finish(rows cursor, scan error, found bool) error {
	err := rows.Err()
	if closed := rows.Close(); err == nil {
		err = closed
	}
	switch {
	case err != nil:
		return c.fail(err)
	case scan != nil:
		return scan
	case !found:
		return fault.New(fault.NotFound, fault.CodeNotFound)
	}
	return nil
}

// begin refuses a statement that must not reach the driver and normalises its
// arguments in place.
func (c *conn) begin(query string, args []any) error {
	switch {
	case c.outcome() != nil:
		return c.outcome()
	case c.once && (c.ran || writes(query)):
		return internal(errGlance)
	case c.over:
		return internal(errOver)
	case c.busy:
		return c.latch(internal(errNested))
	}
	write := writes(query)
	for i, arg := range args {
		value, err := argument(arg)
		if err != nil {
			if write {
				return c.latch(err)
			}
			return err
		}
		args[i] = value
	}
	c.wrote = c.wrote || write
	c.ran = true
	return nil
}

// fail latches what the database said, or a check of what was postponed.
func (c *conn) fail(err error) error {
	var refused *fault.Error
	if errors.As(err, &refused) {
		return c.latch(err)
	}
	return c.latch(c.traits.explain(err))
}

func (c *conn) latch(err error) error {
	if c.failed == nil {
		c.failed = err
	}
	return err
}

// recorded notes that an audit event was written in this transaction; the
// table of events calls it.
func (c *conn) recorded() { c.told = true }

// one runs a query for one row and decodes it.
func one[T any](c *conn, decode func(scan func(...any) error) (T, error), query string, args ...any) (T, error) {
	s := c.row(query, args...)
	value, err := decode(s.scan)
	if err != nil {
		var none T
		return none, err
	}
	return value, nil
}

// list runs a query and decodes every row.
func list[T any](c *conn, decode func(scan func(...any) error) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := c.each(query, args, func(scan func(...any) error) error {
		value, err := decode(scan)
		if err == nil {
			all = append(all, value)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}

// writes tells a write from a read by its first word. WITH counts as a write:
// to latch too much is safe.
func writes(query string) bool {
	query = strings.TrimLeft(query, " \t\r\n")
	return len(query) < 6 || !strings.EqualFold(query[:6], "SELECT")
}

// argument brings a value to what every driver takes and refuses text that
// PostgreSQL cannot store, so that both databases refuse the same things.
func argument(arg any) (any, error) {
	switch v := arg.(type) {
	case nil, int64, bool, []byte, float64:
		return v, nil
	case string:
		return v, text(v)
	case int:
		return int64(v), nil
	case driver.Valuer:
		value, err := v.Value()
		if err != nil {
			return nil, internal(err)
		}
		return argument(value)
	}
	switch v := reflect.ValueOf(arg); v.Kind() {
	case reflect.String:
		return v.String(), text(v.String())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return v.Int(), nil
	case reflect.Uint8, reflect.Uint16, reflect.Uint32:
		return int64(v.Uint()), nil
	case reflect.Bool:
		return v.Bool(), nil
	}
	return nil, internal(fmt.Errorf("store: no column holds a %T", arg))
}

func text(s string) error {
	if strings.IndexByte(s, 0) >= 0 || !utf8.ValidString(s) {
		return fault.New(fault.Invalid, fault.CodeMalformed).Because(errText)
	}
	return nil
}

// ms is a time as it is stored: UTC milliseconds, 0 for the zero time.
func ms(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMilli()
}

// at is the reverse of ms.
func at(ms int64) time.Time {
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms).UTC()
}
