package storetest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/orgate/orgate/internal/store"
)

// newPostgres makes a migrated database on the server and drops it when the
// test ends. It returns its DSN.
func newPostgres(t testing.TB, server string) string {
	t.Helper()
	config, err := pgx.ParseConfig(server)
	if err != nil {
		t.Fatalf("%s: %v", postgresVariable, err)
	}
	admin := stdlib.OpenDB(*config)
	t.Cleanup(func() { _ = admin.Close() })
	name := "orgate_test_" + strings.ToLower(rand.Text()[:12])
	if err := createFromTemplate(t.Context(), admin, server, name); err != nil {
		t.Fatalf("create test database: %v", err)
	}
	t.Cleanup(func() {
		// t.Context() is over by now.
		if _, err := admin.ExecContext(context.WithoutCancel(t.Context()), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("drop test database: %v", err)
		}
	})
	return databaseDSN(server, name)
}

// createFromTemplate copies the template of this schema; the first to need it
// makes it. It stays on the server for later runs.
func createFromTemplate(ctx context.Context, admin *sql.DB, server, name string) error {
	template := "orgate_template_" + store.SchemaDigest()
	create := "CREATE DATABASE " + name + " TEMPLATE " + template
	_, err := admin.ExecContext(ctx, create)
	if !hasCode(err, "3D000") { // no such database
		return err
	}
	if err := createTemplate(ctx, admin, server, template, name+"_new"); err != nil {
		return err
	}
	_, err = admin.ExecContext(ctx, create)
	return err
}

// createTemplate migrates a new database and then gives it the template's
// name, which only one of several processes can.
func createTemplate(ctx context.Context, admin *sql.DB, server, template, scratch string) error {
	if _, err := admin.ExecContext(ctx, "CREATE DATABASE "+scratch+" TEMPLATE template0 ENCODING 'UTF8'"); err != nil {
		return err
	}
	db, err := store.Open(ctx, store.Options{
		DSN: databaseDSN(server, scratch), Sealing: [][]byte{SealingKey()},
		Now: NewClock().Now, SkipSchemaCheck: true,
	})
	if err != nil {
		return err
	}
	if err := errors.Join(db.Migrate(ctx), db.Close(), execute("pgx", databaseDSN(server, scratch), withoutKeys)); err != nil {
		return err
	}
	_, err = admin.ExecContext(ctx, "ALTER DATABASE "+scratch+" RENAME TO "+template)
	// Somebody else was first: seen by the server before, or at the end.
	if hasCode(err, "42P04") || hasCode(err, "23505") {
		_, err = admin.ExecContext(ctx, "DROP DATABASE "+scratch)
	}
	return err
}

func hasCode(err error, code string) bool {
	var from *pgconn.PgError
	return errors.As(err, &from) && from.Code == code
}

// databaseDSN is the server's DSN with another database.
func databaseDSN(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return fmt.Sprintf("%s dbname=%s", server, name)
	}
	u.Path = "/" + name
	return u.String()
}
