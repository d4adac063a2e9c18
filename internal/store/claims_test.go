package store_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// claimAt claims a word until an instant and tells whether it was free.
func claimAt(t *testing.T, db *store.DB, until time.Time, word string) bool {
	t.Helper()
	err := db.Act(t.Context(), store.ActTicket, func(tx *store.Tx) error { return tx.Claims.Take(until, []byte(word), errTaken) })
	if err != nil && !fault.Is(err, fault.CodeSpent) {
		t.Fatal(err)
	}
	return err == nil
}

// sweptClaims is how many claims one slice takes away.
func sweptClaims(t *testing.T, db *store.DB, before time.Time, limit int) (n int64) {
	t.Helper()
	err := db.Act(t.Context(), store.ActSweep, func(tx *store.Tx) (err error) {
		n, err = tx.Claims.Sweep(before, limit)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// run runs statements as migrations write them.
func run(t *testing.T, db *store.DB, statements []string, args ...any) {
	t.Helper()
	words := strings.NewReplacer("{{blob}}", "BLOB", "{{clustered}}", " WITHOUT ROWID")
	if store.Dialect(db) == "postgres" {
		words = strings.NewReplacer("{{blob}}", "BYTEA", "{{clustered}}", "")
	}
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		for _, statement := range statements {
			if _, err := store.Exec(tx, words.Replace(statement), args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What was claimed before claims were kept by the second stays claimed through
// the migration until it ends, and is swept then.
func TestClaimsOfBefore(t *testing.T) {
	until := time.Unix(1_800_000_017, 0)
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open(storetest.WithoutEvents())
		before := []string{
			`DROP TABLE claims`, `DROP TABLE claims_by_minute`,
			`CREATE TABLE claims (minute BIGINT NOT NULL, digest {{blob}} NOT NULL, PRIMARY KEY (minute, digest))`,
		}
		run(t, db, before)
		run(t, db, []string{`INSERT INTO claims (minute, digest) VALUES ($1, $2)`}, until.Unix()/60, []byte("old"))
		migration, err := os.ReadFile("migrations/0044_claims_by_second.sql")
		if err != nil {
			t.Fatal(err)
		}
		run(t, db, strings.Split(strings.TrimSpace(string(migration)), ";\n"))
		if claimAt(t, db, until, "old") {
			t.Error("what was claimed before the migration is free after it")
		}
		err = db.View(t.Context(), func(tx *store.Tx) error {
			taken, err := tx.Claims.Taken(until, []byte("old"))
			if !taken {
				t.Error("what was claimed before the migration is not told as taken")
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if !claimAt(t, db, until, "new") || claimAt(t, db, until, "new") {
			t.Error("a new word is claimed once")
		}
		after := until.Add(2 * time.Minute)
		for slice, want := range []int64{1, 1, 0} {
			if got := sweptClaims(t, db, after, 1); got != want {
				t.Errorf("slice %d: %d claims swept, want %d", slice, got, want)
			}
		}
		if !claimAt(t, db, until, "old") {
			t.Error("what ended and was swept is claimed still")
		}
	})
}

// Each second counts for itself, and a sweep leaves those that have not passed.
func TestClaimsBySecond(t *testing.T) {
	until := time.Unix(1_800_000_017, 0)
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		db := open()
		for i := range 3 {
			end := until.Add(time.Duration(i) * time.Second)
			if !claimAt(t, db, end, "word") || claimAt(t, db, end, "word") {
				t.Errorf("the word that ends %d seconds later is not claimed once", i)
			}
		}
		if got := sweptClaims(t, db, until.Add(time.Second), 10); got != 1 {
			t.Errorf("%d claims swept, want the one that has passed", got)
		}
		if claimAt(t, db, until.Add(time.Second), "word") {
			t.Error("a claim was swept before its end")
		}
	})
}
