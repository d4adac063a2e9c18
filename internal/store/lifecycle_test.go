package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// childVariable names the database that a child process is to write to until
// it is killed.
const childVariable = "ORGATE_TEST_CHILD"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(childVariable); dsn != "" {
		writeUntilKilled(dsn)
	}
	os.Exit(m.Run())
}

// writeUntilKilled prints the name of each row after its Update has returned.
func writeUntilKilled(dsn string) {
	db, err := store.Open(context.Background(), store.Options{
		DSN: dsn, Sealing: [][]byte{storetest.SealingKey()}, Now: storetest.NewClock().Now,
	})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var work sync.WaitGroup
	for i := range 8 {
		work.Go(func() {
			for n := 0; ; n++ {
				name := fmt.Sprintf("row-%d-%d", i, n)
				if db.Update(context.Background(), func(tx *store.Tx) error { return put(tx, name) }) == nil {
					_, _ = os.Stdout.WriteString(name + "\n")
				}
			}
		})
	}
	work.Wait()
}

func TestKilledProcessLosesNothingAcknowledged(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "orgate.db")
	db := storetest.OpenDSN(t, dsn)
	child := exec.CommandContext(t.Context(), os.Args[0])
	child.Env = append(os.Environ(), childVariable+"="+dsn)
	output, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var acknowledged []string
	lines := bufio.NewReader(output)
	for {
		line, err := lines.ReadString('\n')
		if err != nil { // a last line may be cut short: it counts for nothing
			if !errors.Is(err, io.EOF) {
				t.Log(err)
			}
			break
		}
		if acknowledged = append(acknowledged, strings.TrimSpace(line)); len(acknowledged) == 300 {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // "killed", as it should be
	if len(acknowledged) < 300 {
		t.Fatalf("the child stopped after %d rows: %q", len(acknowledged), acknowledged)
	}
	var found []string
	err = db.View(t.Context(), func(tx *store.Tx) (err error) {
		found, err = store.Strings(tx, `SELECT name FROM settings ORDER BY name`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range acknowledged {
		if _, ok := slices.BinarySearch(found, name); !ok {
			t.Errorf("%s was acknowledged and is lost", name)
		}
	}
}

// TestGroupIsolation holds the writer, lets updates of all outcomes wait
// behind it, so that they share one transaction, and looks what is left.
func TestGroupIsolation(t *testing.T) {
	db := storetest.Open(t)
	holding, release := make(chan struct{}), make(chan struct{})
	var work sync.WaitGroup
	work.Go(func() {
		_ = db.Update(t.Context(), func(*store.Tx) error { close(holding); <-release; return nil })
	})
	<-holding
	started := make(chan struct{}, 64)
	submit := func(fn func(tx *store.Tx) error, check func(error) bool) {
		work.Go(func() {
			started <- struct{}{}
			if err := db.Update(t.Context(), fn); !check(err) {
				t.Errorf("got %v", err)
			}
		})
	}
	for i := range 20 {
		submit(func(tx *store.Tx) error { return put(tx, fmt.Sprint("kept", i)) }, func(err error) bool { return err == nil })
		submit(func(tx *store.Tx) error { _ = put(tx, fmt.Sprint("lost", i)); return errWanted },
			func(err error) bool { return errors.Is(err, errWanted) })
		submit(func(tx *store.Tx) error { _ = put(tx, fmt.Sprint("lost", i)); return put(tx, "\x00") },
			func(err error) bool { return fault.KindOf(err) == fault.Invalid })
	}
	for range 60 {
		<-started
	}
	// A caller that gives up while it waits is not run.
	impatient, giveUp := context.WithCancel(t.Context())
	gaveUp := make(chan error)
	go func() {
		gaveUp <- db.Update(impatient, func(tx *store.Tx) error { return put(tx, "lost") })
	}()
	giveUp()
	if err := <-gaveUp; fault.KindOf(err) != fault.Unavailable {
		t.Errorf("gave up: got %v, want Unavailable", err)
	}
	// A function that ends its goroutine takes nobody with it.
	work.Go(func() {
		_ = db.Update(t.Context(), func(tx *store.Tx) error { _ = put(tx, "lost exit"); runtime.Goexit(); return nil })
		t.Error("Update returned to a goroutine that had ended")
	})
	close(release)
	work.Wait()
	if kept, lost := count(t, db, "kept%"), count(t, db, "lost%"); kept != 20 || lost != 0 {
		t.Errorf("got %d kept and %d lost rows, want 20 and 0", kept, lost)
	}
}

// TestGroupWithNothingToUndo shows that an update that fails before it writes
// costs the others of its group nothing: each runs once.
func TestGroupWithNothingToUndo(t *testing.T) {
	db := storetest.Open(t)
	var runs atomic.Int64
	var work sync.WaitGroup
	for i := range 40 {
		work.Go(func() {
			err := db.Update(t.Context(), func(tx *store.Tx) error {
				runs.Add(1)
				if i%2 == 0 {
					return put(tx, fmt.Sprint("kept", i))
				}
				var v int64
				return store.Scan(tx, &v, readVersion, "nobody")
			})
			if failed := fault.KindOf(err) == fault.NotFound; failed != (i%2 == 1) {
				t.Errorf("update %d: got %v", i, err)
			}
		})
	}
	work.Wait()
	if kept := count(t, db, "kept%"); kept != 20 || runs.Load() != 40 {
		t.Errorf("got %d rows in %d runs, want 20 in 40", kept, runs.Load())
	}
}

func TestBackup(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return put(tx, "a") }); err != nil {
			t.Fatal(err)
		}
		value, _ := sealed(t, db)
		path := filepath.Join(t.TempDir(), "copy.db")
		err := db.Backup(t.Context(), path)
		if store.Dialect(db) == "postgres" {
			if fault.KindOf(err) != fault.Invalid || !strings.Contains(err.Error(), "pg_dump") {
				t.Errorf("got %v, want a fault that names pg_dump", err)
			}
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("got %v, %v; want a file with mode 0600", info.Mode(), err)
		}
		restored := storetest.OpenDSN(t, "sqlite:"+path)
		if got := count(t, restored, "a"); got != 1 {
			t.Errorf("the copy has %d rows, want 1", got)
		}
		opens(t, restored, value)
		if err := db.Backup(t.Context(), path); fault.KindOf(err) != fault.Conflict {
			t.Errorf("onto an existing file: got %v, want Conflict", err)
		}
	})
}

func TestOpenChecksTheSchema(t *testing.T) {
	dsn := "sqlite:" + filepath.Join(t.TempDir(), "sub", "orgate.db")
	options := store.Options{DSN: dsn, Sealing: [][]byte{storetest.SealingKey()}, Now: storetest.NewClock().Now}
	if _, err := store.Open(t.Context(), options); !errors.Is(err, store.ErrSchemaOlder) {
		t.Errorf("an empty file: got %v, want %v", err, store.ErrSchemaOlder)
	}
	db := storetest.OpenDSN(t, dsn)
	if pending, err := db.Pending(t.Context()); err != nil || len(pending) != 0 {
		t.Errorf("after migration: pending %q, %v", pending, err)
	}
	for path, want := range map[string]os.FileMode{"": 0o600, "-wal": 0o600} {
		info, err := os.Stat(strings.TrimPrefix(dsn, "sqlite:") + path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("file %s: got %v, %v; want mode %v", path, info, err, want)
		}
	}
	if info, err := os.Stat(filepath.Dir(strings.TrimPrefix(dsn, "sqlite:"))); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("directory: got %v, %v; want mode 0700", info, err)
	}
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("test")
		_, err := store.Exec(tx, `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, true)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), options); !errors.Is(err, store.ErrSchemaNewer) {
		t.Errorf("a newer file: got %v, want %v", err, store.ErrSchemaNewer)
	}
	if err := db.Migrate(t.Context()); !errors.Is(err, store.ErrSchemaNewer) {
		t.Errorf("migrate a newer file: got %v, want %v", err, store.ErrSchemaNewer)
	}
}

func TestOpenRefuses(t *testing.T) {
	good := store.Options{DSN: "sqlite:" + filepath.Join(t.TempDir(), "a.db"), Sealing: [][]byte{storetest.SealingKey()}, Now: storetest.NewClock().Now}
	tests := map[string]func(*store.Options){
		"no clock":              func(o *store.Options) { o.Now = nil },
		"no key":                func(o *store.Options) { o.Sealing = nil },
		"no scheme":             func(o *store.Options) { o.DSN = "orgate.db" },
		"no file":               func(o *store.Options) { o.DSN = "sqlite:" },
		"a query":               func(o *store.Options) { o.DSN += "?mode=memory" },
		"synchronous, misspelt": func(o *store.Options) { o.Synchronous = "fulll" },
		"PostgreSQL, malformed": func(o *store.Options) { o.DSN = "postgres://a:secret@[::1" },
		"pool, malformed":       func(o *store.Options) { o.DSN = "postgres://127.0.0.1:1/x?pool_max_conns=many" },
		"nobody listens":        func(o *store.Options) { o.DSN = "postgres://127.0.0.1:1/x?connect_timeout=2" },
	}
	for name, change := range tests {
		options := good
		change(&options)
		db, err := store.Open(t.Context(), options)
		if err == nil {
			_ = db.Close()
			t.Errorf("%s: opened", name)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows the password: %v", name, err)
		}
	}
}

func TestCloseTwice(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		for range 2 {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
		if err := db.Update(t.Context(), func(tx *store.Tx) error { return put(tx, "late") }); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("after Close: got %v, want Unavailable", err)
		}
		if err := db.View(t.Context(), func(*store.Tx) error { return nil }); fault.KindOf(err) != fault.Unavailable {
			t.Errorf("view after Close: got %v, want Unavailable", err)
		}
	})
}
