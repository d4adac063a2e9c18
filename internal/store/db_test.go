package store_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var errWanted = errors.New("wanted")

const (
	insertSetting = `INSERT INTO settings (name, value, version, updated_at) VALUES ($1, $2, $3, $4)`
	countSettings = `SELECT count(*) FROM settings WHERE name LIKE $1`
	readVersion   = `SELECT version FROM settings WHERE name = $1`
)

// put inserts one row of settings.
func put(tx *store.Tx, name string) error {
	tx.NoEvent("test")
	_, err := store.Exec(tx, insertSetting, name, []byte{}, 0, store.MS(tx.Now()))
	return err
}

func count(t *testing.T, db *store.DB, like string) (n int64) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error { return store.Scan(tx, &n, countSettings, like) })
	if err != nil {
		t.Fatalf("count: %v", err)
	}
	return n
}

func TestUpdateKeepsOrRollsBack(t *testing.T) {
	tests := []struct {
		name string
		fn   func(tx *store.Tx) error
		want fault.Kind
		kept int64
	}{
		{"kept", func(tx *store.Tx) error { return put(tx, "a") }, 0, 1},
		{"its own error", func(tx *store.Tx) error { _ = put(tx, "a"); return errWanted }, fault.Internal, 0},
		{"a unique key, reported", func(tx *store.Tx) error { _ = put(tx, "a"); return put(tx, "a") }, fault.Conflict, 0},
		{"a unique key, swallowed", func(tx *store.Tx) error { _ = put(tx, "a"); _ = put(tx, "a"); return nil }, fault.Conflict, 0},
		{"latched for reads too", func(tx *store.Tx) error {
			_ = put(tx, "a")
			_ = put(tx, "a")
			var n int64
			if err := store.Scan(tx, &n, countSettings, "a"); fault.KindOf(err) != fault.Conflict {
				return fmt.Errorf("a read after the failure: %w", err)
			}
			return nil
		}, fault.Conflict, 0},
		{"NUL in text", func(tx *store.Tx) error { _ = put(tx, "a"); return put(tx, "a\x00") }, fault.Invalid, 0},
		{"broken UTF-8, swallowed", func(tx *store.Tx) error { _ = put(tx, "a"); _ = put(tx, "\xff"); return nil }, fault.Invalid, 0},
		{"no such column", func(tx *store.Tx) error {
			_, err := store.Exec(tx, `DELETE FROM settings WHERE nobody = 1`)
			return err
		}, fault.Internal, 0},
		{"no column for the type", func(tx *store.Tx) error {
			_, err := store.Exec(tx, `DELETE FROM settings WHERE name = $1`, time.Time{})
			return err
		}, fault.Internal, 0},
		{"no event and no reason", func(tx *store.Tx) error {
			_, err := store.Exec(tx, insertSetting, "a", []byte{}, 0, 0)
			return err
		}, fault.Internal, 0},
		{"a missing row is no failure", func(tx *store.Tx) error {
			var n int64
			if err := store.Scan(tx, &n, readVersion, "nobody"); !fault.Is(err, fault.CodeNotFound) {
				return fmt.Errorf("a missing row: %w", err)
			}
			return put(tx, "a")
		}, 0, 1},
		{"a statement inside a loop", func(tx *store.Tx) error {
			if err := put(tx, "a"); err != nil {
				return err
			}
			return store.Each(tx, `SELECT 1`, func() error { return put(tx, "b") })
		}, fault.Internal, 0},
	}
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) {
				empty := func(tx *store.Tx) error {
					tx.NoEvent("test")
					_, err := store.Exec(tx, `DELETE FROM settings`)
					return err
				}
				if err := db.Update(t.Context(), empty); err != nil {
					t.Fatal(err)
				}
				err := db.Update(t.Context(), tt.fn)
				if wantErr := tt.kept == 0; (err != nil) != wantErr || err != nil && fault.KindOf(err) != tt.want {
					t.Errorf("got error %v, want kind %v", err, tt.want)
				}
				if got := count(t, db, "%"); got != tt.kept {
					t.Errorf("got %d rows, want %d", got, tt.kept)
				}
			})
		}
	})
}

func TestConstraintNamesAgree(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		err := db.Update(t.Context(), func(tx *store.Tx) error { _ = put(tx, "a"); return put(tx, "a") })
		if !store.IsUnique(err, "settings_pkey") || store.IsUnique(err, "settings_name") || !store.IsUnique(err) {
			t.Errorf("got %v, want a violation of settings_pkey", err)
		}
		insert := `INSERT INTO departments (id, organization_id, code, code_key, name, name_key, parent_id, path, level,
			sort_level, note, version, created_at, updated_at) VALUES ($1, 'org', 'c', 'c', $1, $1, '', $1, 0, 0, '', 1, 0, 0)`
		err = db.Update(t.Context(), func(tx *store.Tx) error {
			tx.NoEvent("test")
			_, err := store.Exec(tx, insert, "a")
			return err
		})
		if fault.KindOf(err) != fault.Conflict || store.IsUnique(err) {
			t.Errorf("got %v, want a conflict that is no unique key: the organisation is missing", err)
		}
	})
}

func TestLostRaceIsRunAgain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		if store.Dialect(db) == "sqlite" {
			return // one writer never loses a race
		}
		runs := 0
		err := db.Update(t.Context(), func(tx *store.Tx) error {
			if runs++; runs < 3 {
				return store.LostRace(tx)
			}
			return put(tx, "a")
		})
		if err != nil || runs != 3 {
			t.Errorf("got %v after %d runs, want success after 3", err, runs)
		}
		runs = 0
		err = db.Update(t.Context(), func(tx *store.Tx) error { runs++; return store.LostRace(tx) })
		if fault.KindOf(err) != fault.Unavailable || runs != 10 {
			t.Errorf("got %v after %d runs, want Unavailable after 10", err, runs)
		}
	})
}

// Two nodes both find nothing and both create: the unique key that one of them
// meets is a lost race, not a conflict.
func TestFindOrCreateRace(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db, other := open(), open()
		findOrCreate := func(tx *store.Tx) error {
			tx.NoEvent("test")
			var n int64
			err := store.Scan(tx, &n, readVersion, "shared")
			if !fault.Is(err, fault.CodeNotFound) {
				return err
			}
			return put(tx, "shared")
		}
		var work sync.WaitGroup
		for i := range 16 {
			node := []*store.DB{db, other}[i%2]
			work.Go(func() {
				if err := node.Update(t.Context(), findOrCreate); err != nil {
					t.Errorf("find or create: %v", err)
				}
			})
		}
		work.Wait()
		if got := count(t, db, "shared"); got != 1 {
			t.Errorf("got %d rows, want 1", got)
		}
	})
}

// Thirty-two goroutines on two nodes read, add one and write.
func TestWritersCount(t *testing.T) {
	const writers, each = 32, 8
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		nodes := []*store.DB{open(), open()}
		if err := nodes[0].Update(t.Context(), func(tx *store.Tx) error { return put(tx, "counter") }); err != nil {
			t.Fatal(err)
		}
		var done atomic.Int64
		var work sync.WaitGroup
		for i := range writers {
			work.Go(func() {
				for range each {
					if addOne(t.Context(), nodes[i%2]) == nil {
						done.Add(1)
					}
				}
			})
		}
		work.Wait()
		var got int64
		if err := nodes[1].View(t.Context(), func(tx *store.Tx) error { return store.Scan(tx, &got, readVersion, "counter") }); err != nil {
			t.Fatal(err)
		}
		if got != done.Load() || got == 0 {
			t.Errorf("counter is %d after %d acknowledged additions", got, done.Load())
		}
		if store.Dialect(nodes[0]) == "sqlite" && got != writers*each {
			t.Errorf("counter is %d, want %d: one writer refuses nobody", got, writers*each)
		}
	})
}

func addOne(ctx context.Context, db *store.DB) error {
	return db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("test")
		var n int64
		if err := store.Scan(tx, &n, readVersion, "counter"); err != nil {
			return err
		}
		_, err := store.Exec(tx, `UPDATE settings SET version = $2 WHERE name = $1`, "counter", n+1)
		return err
	})
}

func TestPanicAndExitRollBack(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		var work sync.WaitGroup
		for i := range 8 {
			work.Go(func() {
				defer func() {
					if got := fmt.Sprint(recover()); !strings.Contains(got, "on purpose") {
						t.Errorf("recovered %q, want the panic of the function", got)
					}
				}()
				_ = db.Update(t.Context(), func(tx *store.Tx) error {
					_ = put(tx, fmt.Sprint("lost", i))
					panic("on purpose")
				})
			})
			work.Go(func() {
				if err := db.Update(t.Context(), func(tx *store.Tx) error { return put(tx, fmt.Sprint("kept", i)) }); err != nil {
					t.Errorf("beside a panic: %v", err)
				}
			})
		}
		work.Wait()
		if lost, kept := count(t, db, "lost%"), count(t, db, "kept%"); lost != 0 || kept != 8 {
			t.Errorf("got %d rows of panics and %d of others, want 0 and 8", lost, kept)
		}
	})
}

func TestEndedContext(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		ended, end := context.WithCancel(t.Context())
		end()
		for name, call := range map[string]func(context.Context, func(*store.Tx) error) error{"View": db.View, "Update": db.Update} {
			err := call(ended, func(*store.Tx) error { t.Errorf("%s ran", name); return nil })
			if fault.KindOf(err) != fault.Unavailable || !errors.Is(err, context.Canceled) {
				t.Errorf("%s: got %v, want Unavailable because of the context", name, err)
			}
		}
		// What has begun is completed.
		during, end := context.WithCancel(t.Context())
		err := db.Update(during, func(tx *store.Tx) error { end(); return put(tx, "a") })
		if got := count(t, db, "a"); err != nil || got != 1 {
			t.Errorf("ended during the update: got %v and %d rows, want it completed", err, got)
		}
	})
}

func TestViewIsASnapshotAndReadOnly(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		err := db.View(t.Context(), func(tx *store.Tx) error {
			var before, after int64
			if err := store.Scan(tx, &before, countSettings, "%"); err != nil {
				return err
			}
			added := make(chan error)
			go func() {
				added <- db.Update(t.Context(), func(tx *store.Tx) error { return put(tx, "a") })
			}()
			if err := <-added; err != nil {
				return err
			}
			if err := store.Scan(tx, &after, countSettings, "%"); err != nil {
				return err
			}
			if before != after {
				t.Errorf("saw %d rows, then %d in one View", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.View(t.Context(), func(tx *store.Tx) error { return put(tx, "b") }); err == nil {
			t.Error("a View wrote")
		}
		if got := count(t, db, "%"); got != 1 {
			t.Errorf("got %d rows, want 1", got)
		}
	})
}

func TestTxEndsWithItsFunction(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		var leaked *store.Tx
		keep := func(tx *store.Tx) error { leaked = tx; return nil }
		for name, call := range map[string]func(context.Context, func(*store.Tx) error) error{"View": db.View, "Update": db.Update} {
			if err := call(t.Context(), keep); err != nil {
				t.Fatal(err)
			}
			if err := put(leaked, "late"); fault.KindOf(err) != fault.Internal {
				t.Errorf("after %s: got %v, want an Internal fault", name, err)
			}
		}
	})
}

func TestNowIsOneInstant(t *testing.T) {
	clock := storetest.NewClock()
	clock.Advance(1234567 * time.Nanosecond)
	db := storetest.Open(t, storetest.WithClock(clock))
	err := db.View(t.Context(), func(tx *store.Tx) error {
		first := tx.Now()
		clock.Advance(time.Hour)
		if got := tx.Now(); !got.Equal(first) {
			t.Errorf("got %v, then %v", first, got)
		}
		if got := store.At(store.MS(first)); !got.Equal(first) || got.Location() != time.UTC {
			t.Errorf("stored and read back: got %v, want %v", got, first)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := store.At(store.MS(time.Time{})); !got.IsZero() {
		t.Errorf("the zero time reads back as %v", got)
	}
}
