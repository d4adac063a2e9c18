package e2e_test

import (
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// onEach runs a test on SQLite and, when a server is given, on PostgreSQL.
func onEach(t *testing.T, test func(t *testing.T, o harness.Options)) {
	t.Helper()
	harness.OnEach(t, test)
}

// onPostgres runs a test on PostgreSQL when a server is given.
func onPostgres(t *testing.T, test func(t *testing.T, o harness.Options)) {
	t.Helper()
	harness.OnPostgres(t, test)
}
