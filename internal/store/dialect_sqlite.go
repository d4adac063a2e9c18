package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	code "modernc.org/sqlite/lib"

	"github.com/orgate/orgate/internal/fault"
)

const (
	// sqlitePoll is how often SQLite is asked whether another process wrote.
	sqlitePoll = 250 * time.Millisecond
	// sqliteWALLimit is when the log is written back outside the usual
	// rhythm, because long reads kept it from shrinking.
	sqliteWALLimit = 64 << 20
	// sqliteStatements bounds the prepared statements of one connection.
	sqliteStatements = 1024
	// sqliteCache is what a connection keeps of the file, in KiB; it takes
	// memory only as it is used. More costs more: when two pages of an index
	// change places, which is at every second group of sign-ins, the commit
	// looks at every page that is kept; and who reads forgets all of them as
	// soon as somebody has written, which takes as long as there was room.
	sqliteCache = 4 << 10
	// sqliteSchemaCache is for what reads the whole file: migrations, which sort
	// in it, and copies.
	sqliteSchemaCache = 16 << 10
)

// sqliteEngine is one file: a connection that writes, owned by the goroutine
// in dialect_sqlite_group.go, a few that read, and one that watches.
type sqliteEngine struct {
	path     string
	reading  string // how connections that read are opened
	watching string // and the one that watches
	traits   *traits
	lookup   *sql.DB          // reads the names of violated keys
	readers  chan *sqliteLink // open and idle
	spare    chan struct{}    // one for each connection that may still be opened
	writer   *sqliteWriter
	observe  func(string)
}

func openSQLite(ctx context.Context, options Options, path string) (engine, *traits, error) {
	path = strings.TrimPrefix(path, "//")
	if path == "" || strings.ContainsAny(path, "?#") {
		return nil, nil, errors.New("store: the DSN names no file: sqlite:./data/orgate.db")
	}
	synchronous := options.Synchronous
	switch synchronous {
	case "":
		synchronous = "full"
	case "full", "normal", "off":
	default:
		return nil, nil, fmt.Errorf("store: synchronous is full, normal or off, not %q", synchronous)
	}
	if err := sqliteFile(path); err != nil {
		return nil, nil, err
	}
	e := &sqliteEngine{path: path, reading: sqliteURI(path, "deferred", sqliteCache, "query_only(1)") + "&mode=rw", observe: options.Observe}
	e.watching = sqliteURIOf(path, "deferred", "query_only(1)") + "&mode=rw"
	write := func(cache int) string { return sqliteURI(path, "immediate", cache, "synchronous("+synchronous+")") }
	var err error
	if e.lookup, err = sqliteHandle(e.reading); err != nil {
		return nil, nil, err
	}
	e.traits = sqliteTraits(&sqliteConstraints{read: e.lookup}, func() (*sql.DB, error) { return sqliteHandle(write(sqliteSchemaCache)) })
	if err := e.connect(ctx, write(sqliteCache)); err != nil {
		return nil, nil, errors.Join(e.traits.explain(err), e.lookup.Close())
	}
	return e, e.traits, nil
}

// sqliteFile makes the directory (0700) and the file (0600) before SQLite
// would make it readable by all; its companions inherit the mode.
func sqliteFile(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return fmt.Errorf("store: %w", err)
	}
	return f.Close()
}

// sqliteURI says how a connection is opened.
func sqliteURI(path, begin string, cache int, pragma string) string {
	return sqliteURIOf(path, begin, "foreign_keys(1)", "journal_mode(wal)", "temp_store(memory)",
		fmt.Sprintf("cache_size(-%d)", cache), fmt.Sprintf("journal_size_limit(%d)", sqliteWALLimit), pragma)
}

func sqliteURIOf(path, begin string, pragmas ...string) string {
	query := url.Values{"_txlock": {begin}, "_pragma": append([]string{"busy_timeout(5000)"}, pragmas...)}
	uri := url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath(), RawQuery: query.Encode()}
	return uri.String()
}

// sqliteHandle is a connection of database/sql, for the few uses that are
// seldom or need it.
func sqliteHandle(uri string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", uri)
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	db.SetMaxOpenConns(1)
	return db, nil
}

func sqliteTraits(constraints *sqliteConstraints, schema func() (*sql.DB, error)) *traits {
	return &traits{
		profile:     func(field string) string { return "lower(profile ->> '" + field + "')" },
		name:        "sqlite",
		explain:     constraints.explain,
		countTables: `SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = $1`,
		goose:       goose.DialectSQLite3,
		words: strings.NewReplacer("{{blob}}", "BLOB", "{{key}}", "TEXT",
			"{{serial}}", "INTEGER PRIMARY KEY AUTOINCREMENT",
			// One tree to descend instead of two: the row lies in the key's own.
			"{{clustered}}", " WITHOUT ROWID"),
		schema: schema,
	}
}

func (e *sqliteEngine) connect(ctx context.Context, writing string) error {
	link, err := newSQLiteLink(ctx, writing, e.observe)
	if err != nil {
		return err
	}
	e.writer = startSQLiteWriter(link, e.traits)
	readers := max(4, 2*runtime.GOMAXPROCS(0))
	e.readers, e.spare = make(chan *sqliteLink, readers), make(chan struct{}, readers)
	for range readers {
		e.spare <- struct{}{}
	}
	return nil
}

// reader returns a connection that reads, which the caller puts back. Another
// one is opened when all are in use: each reads the schema first, which a start
// does not wait for.
func (e *sqliteEngine) reader(ctx context.Context) (*sqliteLink, error) {
	select {
	case link := <-e.readers:
		return link, nil
	default:
	}
	select {
	case link := <-e.readers:
		return link, nil
	case <-e.spare:
	case <-e.writer.ended:
		return nil, e.writer.closed()
	case <-ctx.Done():
		return nil, gone(ctx)
	}
	link, err := newSQLiteLink(context.WithoutCancel(ctx), e.reading, e.observe)
	if err != nil {
		e.spare <- struct{}{}
		return nil, e.traits.explain(err)
	}
	return link, nil
}

func (e *sqliteEngine) view(ctx context.Context, kind reading, fn func(*conn) error) error {
	link, err := e.reader(ctx)
	if err != nil {
		return err
	}
	defer func() { e.readers <- link }()
	if err := ctx.Err(); err != nil {
		return gone(ctx)
	}
	// Statements here take microseconds. Watching for the caller's end would
	// cost a goroutine for each, so they run to their end.
	c := &conn{ctx: context.WithoutCancel(ctx), run: link, traits: e.traits}
	if kind == glance {
		defer func() { c.over = true }()
		return fn(c)
	}
	if err := link.do(c.ctx, "BEGIN"); err != nil {
		return e.traits.explain(err)
	}
	defer func() {
		c.over = true
		_ = link.do(c.ctx, "ROLLBACK")
	}()
	return fn(c)
}

func (e *sqliteEngine) update(ctx context.Context, _ actRule, fn func(*conn) error) error {
	return e.writer.submit(ctx, fn)
}

// backup lets SQLite write a compact copy of one snapshot. The copy gets its
// name when it is complete and flushed.
func (e *sqliteEngine) backup(ctx context.Context, path string) (err error) {
	if _, err := os.Lstat(path); err == nil {
		return fault.New(fault.Conflict, fault.CodeConflict).Because(fmt.Errorf("backup: %w: %s", os.ErrExist, path))
	}
	partial := path + ".partial"
	f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return internal(err)
	}
	defer func() {
		if err = errors.Join(err, f.Close()); err != nil {
			_ = os.Remove(partial)
			err = internal(err)
		}
	}()
	handle, err := sqliteHandle(sqliteURI(e.path, "deferred", sqliteSchemaCache, "synchronous(full)"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, handle.Close()) }()
	if _, err = handle.ExecContext(ctx, `VACUUM INTO $1`, partial); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = os.Rename(partial, path); err != nil {
		return err
	}
	return syncDirectory(filepath.Dir(path))
}

func syncDirectory(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (e *sqliteEngine) close() error {
	return errors.Join(e.writer.close(), e.closeReaders(), e.lookup.Close())
}

// closeReaders closes the connections that were opened, waiting for those in
// use, and lets none be opened any more.
func (e *sqliteEngine) closeReaders() (err error) {
	for range cap(e.readers) {
		select {
		case link := <-e.readers:
			err = errors.Join(err, link.close())
		case <-e.spare:
		}
	}
	return err
}

// sqliteReason reads an extended result code (sqlite.org/rescode.html).
func sqliteReason(err *sqlite.Error) reason {
	switch err.Code() {
	case code.SQLITE_CONSTRAINT_UNIQUE, code.SQLITE_CONSTRAINT_PRIMARYKEY, code.SQLITE_CONSTRAINT_ROWID:
		return unique
	case code.SQLITE_CONSTRAINT_FOREIGNKEY:
		return reference
	}
	switch err.Code() & 0xff {
	case code.SQLITE_BUSY, code.SQLITE_LOCKED:
		return retry
	case code.SQLITE_INTERRUPT, code.SQLITE_FULL, code.SQLITE_IOERR,
		code.SQLITE_NOMEM, code.SQLITE_CANTOPEN, code.SQLITE_READONLY, code.SQLITE_PROTOCOL:
		return outage
	}
	return defect
}
