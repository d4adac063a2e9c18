package e2e_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/orgate/orgate/e2e/harness"
)

// onEach runs a test on SQLite and, when a server is given, on PostgreSQL.
func onEach(t *testing.T, test func(t *testing.T, o harness.Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, harness.Options{}) })
	onPostgres(t, test)
}

// onPostgres runs a test on an empty database of a PostgreSQL server, which
// ORGATE_TEST_POSTGRES names. Where ORGATE_TEST_REQUIRE_ALL is set a missing
// server is a failure, so that a build machine cannot forget these tests.
func onPostgres(t *testing.T, test func(t *testing.T, o harness.Options)) {
	t.Helper()
	server := os.Getenv("ORGATE_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("ORGATE_TEST_REQUIRE_ALL") != "" {
			t.Error("ORGATE_TEST_POSTGRES is required here and not set")
		}
		return
	}
	t.Run("postgres", func(t *testing.T) { test(t, harness.Options{Database: emptyDatabase(t, server)}) })
}

// emptyDatabase makes a database without any table and drops it when the test
// ends: bringing the schema into it is part of the product.
func emptyDatabase(t *testing.T, server string) (dsn string) {
	t.Helper()
	config, err := pgx.ParseConfig(server)
	if err != nil {
		t.Fatalf("ORGATE_TEST_POSTGRES: %v", err)
	}
	admin := stdlib.OpenDB(*config)
	t.Cleanup(func() { _ = admin.Close() })
	name := "orgate_e2e_" + strings.ToLower(rand.Text()[:12])
	execute(t.Context(), t, admin, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'")
	t.Cleanup(func() {
		// t.Context() is over by now.
		execute(context.WithoutCancel(t.Context()), t, admin, "DROP DATABASE "+name+" WITH (FORCE)")
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("ORGATE_TEST_POSTGRES must be a URL: %v", err)
	}
	u.Path = "/" + name
	return u.String()
}

func execute(ctx context.Context, t *testing.T, db *sql.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}
