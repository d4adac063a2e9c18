package storetest

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/store"
)

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
	if closed := db.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, err
	}
	return os.ReadFile(file)
})

// fromTemplate puts the migrated database where a test's own is to be, unless
// something is there already, or it is to be sealed otherwise.
func fromTemplate(t testing.TB, o store.Options) {
	t.Helper()
	file, isSQLite := strings.CutPrefix(o.DSN, "sqlite:")
	if !isSQLite || len(o.Sealing) != 1 || !slices.Equal(o.Sealing[0], SealingKey()) {
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
