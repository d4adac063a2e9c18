package harness

import (
	"context"
	"crypto/rand"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// OnEach runs a test on SQLite and, when a server is given, on PostgreSQL.
func OnEach(t *testing.T, test func(t *testing.T, o Options)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, Options{}) })
	OnPostgres(t, test)
}

// OnPostgres runs a test on an empty database of a PostgreSQL server, which
// ORGATE_TEST_POSTGRES names. Where ORGATE_TEST_REQUIRE_ALL is set a missing
// server is a failure, so that a build machine cannot forget these tests.
func OnPostgres(t *testing.T, test func(t *testing.T, o Options)) {
	t.Helper()
	server := os.Getenv("ORGATE_TEST_POSTGRES")
	if server == "" {
		if os.Getenv("ORGATE_TEST_REQUIRE_ALL") != "" {
			t.Error("ORGATE_TEST_POSTGRES is required here and not set")
		}
		return
	}
	t.Run("postgres", func(t *testing.T) { test(t, Options{Database: emptyDatabase(t, server)}) })
}

// emptyDatabase makes a database without any table and drops it when the test
// ends: bringing the schema into it is part of the product. The server's own
// client does it, so that no module of tests needs a driver.
func emptyDatabase(t *testing.T, server string) (dsn string) {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatalf("ORGATE_TEST_POSTGRES must be a URL: %v", err)
	}
	name := "orgate_e2e_" + strings.ToLower(rand.Text()[:12])
	execute(t.Context(), t, server, "CREATE DATABASE "+name+" TEMPLATE template0 ENCODING 'UTF8'")
	t.Cleanup(func() {
		// t.Context() is over by now.
		execute(context.WithoutCancel(t.Context()), t, server, "DROP DATABASE "+name+" WITH (FORCE)")
	})
	u.Path = "/" + name
	return u.String()
}

// Execute runs a statement on the installation's PostgreSQL database, beside
// the product: as a fault of the database, for instance.
func (i *Installation) Execute(t *testing.T, statement string) {
	t.Helper()
	dsn, _ := strings.CutPrefix(i.settings[0], "ORGATE_DATABASE=")
	execute(t.Context(), t, dsn, statement)
}

func execute(ctx context.Context, t *testing.T, server, statement string) {
	t.Helper()
	told, err := exec.CommandContext(ctx, "psql", "--no-psqlrc", "--quiet", "--dbname", server, "--command", statement).CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", statement, err, told)
	}
}
