package storetest

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/store"
)

// withoutKeys takes from a template the data keys of its installation: each
// copy is an installation of its own and makes its own when it is opened.
const withoutKeys = "DELETE FROM data_keys"

// migrated is the file of an empty SQLite database with today's schema, made
// once for all tests of a process: to copy it is much cheaper than to migrate.
var migrated = sync.OnceValues(func() (content []byte, err error) {
	folder, err := os.MkdirTemp("", "orgate-template-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	file := filepath.Join(folder, "orgate.db")
	db, err := store.Open(context.Background(), store.Options{
		DSN: "sqlite:" + file, Sealing: [][]byte{SealingKey()}, Now: NewClock().Now, Log: slog.New(slog.DiscardHandler),
		Synchronous: "off", SkipSchemaCheck: true,
	})
	if err != nil {
		return nil, err
	}
	err = db.Migrate(context.Background())
	// What is in the log moves into the file as it closes.
	if err := errors.Join(err, db.Close(), execute("sqlite", file, withoutKeys)); err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// execute runs one statement on a database that no handle has open.
func execute(driver, dsn, statement string) (err error) {
	db, err := sql.Open(driver, dsn)
	if err != nil {
		return err
	}
	_, err = db.ExecContext(context.Background(), statement)
	return errors.Join(err, db.Close())
}

// fromTemplate puts the migrated database where a test's own is to be, unless
// something is there already.
func fromTemplate(t testing.TB, o store.Options) {
	t.Helper()
	file, isSQLite := strings.CutPrefix(o.DSN, "sqlite:")
	if !isSQLite {
		return
	}
	if _, err := os.Stat(file); err == nil {
		return
	}
	content, err := migrated()
	if err == nil {
		err = os.WriteFile(file, content, 0o600)
	}
	if err != nil {
		t.Fatalf("the template of databases: %v", err)
	}
}
