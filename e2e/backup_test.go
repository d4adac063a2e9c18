package e2e_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestBackup copies a database in the middle of its work and runs the copy
// elsewhere: all that was acknowledged before the copy is in it.
func TestBackup(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	load := startLoad(t, n, "copy")
	load.await(t, 40)
	before := load.count()
	file := filepath.Join(house.Dir, "copy.db")
	made := house.Run(t, "backup", file).Want(t, 0)
	after := load.count()
	load.await(t, after+20)
	load.end()
	if !strings.Contains(made.Out+made.Err, "sealing key") {
		t.Errorf("the copy does not say that it lacks the sealing key:\n%s%s", made.Out, made.Err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
		t.Errorf("the copy can be read by others: %v, %v", info, err)
	}
	house.Run(t, "backup", file).Want(t, 1) // never writes over a copy

	elsewhere := harness.New(t, harness.Options{Empty: true})
	elsewhere.Run(t, "restore", file).Want(t, 0)
	copied := elsewhere.Start(t)
	load.tokens = load.tokens[:before]
	load.check(t, copied)
	// Whoever was let in before the copy was made cannot come again.
	copied.Do(t, load.calls[0]).Want(t, http.StatusUnauthorized, "USG.206010025")
	enter(t, copied, "alice")
	copied.SignIn(t, harness.Owner)
	copied.Stop(t)
	elsewhere.Run(t, "restore", file).Want(t, 1) // not in place of a database
}

// TestBackupOfPostgres names the tool that does it there.
func TestBackupOfPostgres(t *testing.T) {
	onPostgres(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		r := house.Run(t, "backup", filepath.Join(house.Dir, "copy.sql")).Want(t, 1)
		if !strings.Contains(r.Err, "pg_dump") {
			t.Errorf("got %q, want pg_dump to be named", r.Err)
		}
	})
}
