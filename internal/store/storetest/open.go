package storetest

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"testing"

	"github.com/orgate/orgate/internal/store"
)

const (
	postgresVariable = "ORGATE_TEST_POSTGRES"
	requireVariable  = "ORGATE_TEST_REQUIRE_ALL"
)

// Option changes how a test database is opened.
type Option func(*store.Options)

// WithClock makes the database use a clock that the test moves.
func WithClock(clock *Clock) Option {
	return func(o *store.Options) { o.Now = clock.Now }
}

// WithoutEvents lets an Update write without an audit event, for tests of the
// store itself.
func WithoutEvents() Option {
	return func(o *store.Options) { o.RequireEvent = false }
}

// With changes the options freely.
func With(change func(*store.Options)) Option { return change }

// SealingKey is the master key of test databases.
func SealingKey() []byte { return bytes.Repeat([]byte{7}, 32) }

// Open opens a fresh, migrated SQLite database in a temporary file and closes
// it when the test ends. It does not flush, and an Update that writes without
// an audit event fails.
func Open(t testing.TB, options ...Option) *store.DB {
	t.Helper()
	return open(t, "sqlite:"+filepath.Join(t.TempDir(), "orgate.db"), options)
}

// OpenDSN opens a database that EachDSN named, migrates what is missing and
// closes it when the test ends.
func OpenDSN(t testing.TB, dsn string, options ...Option) *store.DB {
	t.Helper()
	return open(t, dsn, options)
}

// Each runs a test on SQLite and, when a server is configured, on PostgreSQL.
// Each subtest has one fresh database; every call of open is another handle on
// it, as another node would have.
func Each(t *testing.T, test func(t *testing.T, open func(...Option) *store.DB)) {
	t.Helper()
	EachDSN(t, func(t *testing.T, dsn string) {
		t.Helper()
		test(t, func(options ...Option) *store.DB {
			t.Helper()
			return open(t, dsn, options)
		})
	})
}

// EachDSN is Each for a test that opens the database itself. The SQLite file
// does not exist yet; the PostgreSQL database is migrated.
func EachDSN(t *testing.T, test func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "orgate.db"))
	})
	server := os.Getenv(postgresVariable)
	if server == "" {
		if os.Getenv(requireVariable) != "" {
			t.Errorf("%s is required here and not set", postgresVariable)
		}
		return
	}
	t.Run("postgres", func(t *testing.T) {
		test(t, newPostgres(t, server))
	})
}

func open(t testing.TB, dsn string, changes []Option) *store.DB {
	t.Helper()
	options := store.Options{
		DSN:             dsn,
		Sealing:         [][]byte{SealingKey()},
		Now:             NewClock().Now,
		Log:             slog.New(slog.NewTextHandler(t.Output(), nil)),
		Synchronous:     "off",
		RequireEvent:    true,
		SkipSchemaCheck: true,
	}
	for _, change := range changes {
		change(&options)
	}
	fromTemplate(t, options)
	db, err := store.Open(t.Context(), options)
	if err != nil {
		t.Fatalf("open: %v", err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	})
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatalf("migrate: %v", err)
	}
	return db
}
