package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// traits is what the core must know of a database, as data.
type traits struct {
	name string
	// explain turns an error of the driver into a fault.
	explain func(error) error
	// announce is the statement that publishes a payload at commit, "" if the
	// feed needs none.
	announce string
	// forUpdate follows a SELECT whose row is to be locked, "" where there is
	// one writer only.
	forUpdate string
	// steady has what follows in the transaction run by one plan whatever the
	// values are, "" where that is always so.
	steady string
	// profile reads a field of an organisation's profile, folded.
	profile func(field string) string
	// countTables counts the tables called $1.
	countTables string
	// goose is the migration tool's name for the database.
	goose goose.Dialect
	// words fills the placeholders of a migration.
	words *strings.Replacer
	// schema opens a handle for migrations, without time limits.
	schema func() (*sql.DB, error)
	// locker lets one node migrate at a time; nil if the file lock does.
	locker lock.SessionLocker
}

// schemaState compares the database with the migrations of this version.
type schemaState struct {
	applied []int64
	pending []string // file names, in order
	foreign []int64  // applied, but unknown here
}

func (s schemaState) empty() bool { return len(s.applied) == 0 }

func (s schemaState) check() error {
	switch {
	case len(s.foreign) > 0:
		return fmt.Errorf("%w: it has migration %d", ErrSchemaNewer, slices.Max(s.foreign))
	case len(s.pending) > 0:
		return fmt.Errorf("%w: %s", ErrSchemaOlder, strings.Join(s.pending, ", "))
	}
	return nil
}

// Migrate applies the pending migrations, each in a transaction, and loads the
// keys. Two nodes may call it at once. It refuses a database of a newer
// version.
func (db *DB) Migrate(ctx context.Context) error {
	return patiently(ctx, func() error { return db.migrate(ctx) })
}

func (db *DB) migrate(ctx context.Context) error {
	state, err := db.schema(ctx)
	if err != nil {
		return err
	}
	for len(state.pending) > 0 && len(state.foreign) == 0 {
		before := len(state.pending)
		up := db.migrateUp(ctx)
		if state, err = db.schema(ctx); err != nil {
			return errors.Join(up, err)
		}
		// A failure while another process moved the schema on is no failure.
		if up != nil && len(state.pending) == before {
			return up
		}
	}
	if err := state.check(); err != nil {
		return err
	}
	return db.LoadKeys(ctx)
}

func (db *DB) migrateUp(ctx context.Context) error {
	handle, err := db.traits.schema()
	if err != nil {
		return fmt.Errorf("store: open for migration: %w", err)
	}
	defer func() { _ = handle.Close() }()
	files, err := migrationsFor(migrations, db.traits)
	if err != nil {
		return err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if db.traits.locker != nil {
		options = append(options, goose.WithSessionLocker(db.traits.locker))
	}
	provider, err := goose.NewProvider(db.traits.goose, handle, files, options...)
	if err != nil {
		return fmt.Errorf("store: migrations: %w", err)
	}
	if _, err = provider.Up(ctx); err != nil {
		return fmt.Errorf("store: migrate: %w", err)
	}
	return nil
}

// Pending lists the migrations that Migrate would apply, in order.
func (db *DB) Pending(ctx context.Context) ([]string, error) {
	state, err := db.schema(ctx)
	return state.pending, err
}

// Untouched reports whether no migration was ever applied.
func (db *DB) Untouched(ctx context.Context) (bool, error) {
	state, err := db.schema(ctx)
	return err == nil && state.empty(), err
}

func (db *DB) schema(ctx context.Context) (state schemaState, err error) {
	files, err := migrationsFor(migrations, db.traits)
	if err != nil {
		return state, err
	}
	err = db.View(ctx, func(tx *Tx) error {
		state = schemaState{}
		var tables int64
		if err := tx.conn.row(db.traits.countTables, "goose_db_version").scan(&tables); err != nil || tables == 0 {
			return err
		}
		state.applied, err = list(tx.conn, func(scan func(...any) error) (v int64, err error) {
			return v, scan(&v)
		}, `SELECT version_id FROM goose_db_version WHERE version_id > 0`)
		return err
	})
	if err != nil {
		return state, err
	}
	known := map[int64]bool{}
	for _, name := range files.names() {
		v, err := migrationNumber(name)
		if err != nil {
			return state, err
		}
		known[v] = true
		if !slices.Contains(state.applied, v) {
			state.pending = append(state.pending, name)
		}
	}
	for _, v := range state.applied {
		if !known[v] {
			state.foreign = append(state.foreign, v)
		}
	}
	return state, nil
}

func migrationNumber(name string) (int64, error) {
	digits, _, _ := strings.Cut(name, "_")
	v, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("store: migration %q does not begin with its number", name)
	}
	return v, nil
}

// migrationsFor picks the files of one database and fills their placeholders.
// A step that differs is two files, 0001_name.sqlite.sql and
// 0001_name.postgres.sql; both appear as 0001_name.sql.
func migrationsFor(from fs.FS, t *traits) (textFS, error) {
	paths, err := fs.Glob(from, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	files := textFS{}
	for _, p := range paths {
		content, err := fs.ReadFile(from, p)
		if err != nil {
			return nil, err
		}
		stem := strings.TrimSuffix(path.Base(p), ".sql")
		name, database, split := strings.Cut(stem, ".")
		if split && database != t.name {
			continue
		}
		if _, twice := files[name+".sql"]; twice {
			return nil, fmt.Errorf("store: migration %s exists both as one file and split", name)
		}
		files[name+".sql"] = t.words.Replace(string(content))
	}
	return files, nil
}

// SchemaDigest names the schema of this version: 12 hexadecimal digits over
// all migrations. Tests share migrated databases by it.
func SchemaDigest() string {
	sum := sha256.New()
	// The embedded files are there and readable, or the binary would not be.
	paths, _ := fs.Glob(migrations, "migrations/*.sql")
	for _, p := range paths {
		content, _ := fs.ReadFile(migrations, p)
		_, _ = fmt.Fprintf(sum, "%s %d\n%s", p, len(content), content)
	}
	return hex.EncodeToString(sum.Sum(nil)[:6])
}
