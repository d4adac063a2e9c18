package store_test

import (
	"bytes"
	"errors"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// sealed seals "v" in a View of its own.
func sealed(t *testing.T, db *store.DB) (value, digest []byte) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		value, digest = tx.Box().Seal([]byte("v"), "c"), tx.Box().Digest("p", "v")
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return value, digest
}

// opens checks that db opens what sealed has sealed.
func opens(t *testing.T, db *store.DB, value []byte) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		got, err := tx.Box().Open(value, "c")
		if err == nil && string(got) != "v" {
			t.Errorf("opened %q, want \"v\"", got)
		}
		return err
	})
	if err != nil {
		t.Errorf("open: %v", err)
	}
}

func TestDataKeysRotateOnEveryNode(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		here, there := open(), open()
		before, digest := sealed(t, here)
		opens(t, there, before)
		id, err := here.RotateDataKey(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		after, _ := sealed(t, here)
		// At once, before any announcement can have arrived.
		opens(t, there, after)
		opens(t, here, before)
		await(t, "the other node to seal with the new key", func() bool {
			value, other := sealed(t, there)
			if !bytes.Equal(digest, other) {
				t.Fatal("nodes disagree about a digest")
			}
			return bytes.Equal(value[:5], after[:5])
		})
		var current string
		if err := here.View(t.Context(), func(tx *store.Tx) error { current = tx.Box().Current(); return nil }); err != nil || current != id {
			t.Errorf("current key is %s, %v; want %s", current, err, id)
		}
	})
}

func TestFirstKeysAreMadeOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		nodes := []*store.DB{open(), open()}
		err := nodes[0].Update(t.Context(), func(tx *store.Tx) error {
			tx.NoEvent("test")
			_, err := store.Exec(tx, `DELETE FROM data_keys`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var work sync.WaitGroup
		for i := range 8 {
			work.Go(func() {
				if err := nodes[i%2].LoadKeys(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		work.Wait()
		_, a := sealed(t, nodes[0])
		_, b := sealed(t, nodes[1])
		if !bytes.Equal(a, b) {
			t.Error("two nodes made two index keys")
		}
	})
}

func TestMasterKeyRotation(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		older, newer := storetest.SealingKey(), bytes.Repeat([]byte{9}, 32)
		with := func(keys ...[]byte) storetest.Option {
			return storetest.With(func(o *store.Options) { o.Sealing = keys })
		}
		value, _ := sealed(t, storetest.OpenDSN(t, dsn, with(older)))
		opens(t, storetest.OpenDSN(t, dsn, with(newer, older)), value)
		opens(t, storetest.OpenDSN(t, dsn, with(newer)), value)
		_, err := store.Open(t.Context(), store.Options{
			DSN: dsn, Sealing: [][]byte{older}, Now: storetest.NewClock().Now,
		})
		if !fault.Is(err, fault.CodeKeyUnknown) {
			t.Errorf("with the dropped key: got %v, want %s", err, fault.CodeKeyUnknown)
		}
		if errors.Is(err, store.ErrSchemaOlder) {
			t.Errorf("got %v", err)
		}
	})
}
