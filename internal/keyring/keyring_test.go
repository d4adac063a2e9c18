package keyring

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// record writes a bare event, as server does through audit.
func record(tx *store.Tx, actor identity.Actor, keyID string) error {
	return tx.Events.Insert(identity.Event{
		ID: identity.NewEventID(tx.Now()), Type: "key.rotated", At: tx.Now(),
		ActorKind: actor.Kind, Target: keyID,
	})
}

var console = identity.Actor{Kind: identity.ActsAsConsole, Name: "console"}

func list(t *testing.T, k *Keyring) []Key {
	t.Helper()
	keys, err := k.List(t.Context())
	if err != nil {
		t.Fatalf("List: %v", err)
	}
	return keys
}

// active returns the sealing key in use; there must be exactly one.
func active(t *testing.T, keys []Key) Key {
	t.Helper()
	var found []Key
	for _, k := range keys {
		if k.Purpose == Sealing && k.Active() {
			found = append(found, k)
		}
	}
	if len(found) != 1 {
		t.Fatalf("got %d sealing keys in use, want 1: %+v", len(found), keys)
	}
	return found[0]
}

func TestAFreshDatabaseHasAKeyOfEachPurpose(t *testing.T) {
	k := New(storetest.Open(t), record)
	keys := list(t, k)
	got := map[Purpose]int{}
	for _, key := range keys {
		got[key.Purpose]++
		if key.ID == "" || key.WrappedBy == "" || key.CreatedAt.IsZero() || !key.Active() {
			t.Errorf("got %+v, want id, master key, time and no end", key)
		}
	}
	if got[Sealing] != 1 || got[Indexing] != 1 || len(keys) != 2 {
		t.Errorf("got keys %v, want one for sealing and one for indexing", got)
	}
}

func TestRotateSealsWithTheNewKeyAndOpensWithTheOld(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		k := New(db, record)
		before := active(t, list(t, k))
		var sealed []byte
		view(t, db, func(tx *store.Tx) { sealed = tx.Box().Seal([]byte("kept"), "test") })

		clock.Advance(time.Hour)
		id, err := k.Rotate(t.Context(), console)
		if err != nil {
			t.Fatalf("Rotate: %v", err)
		}
		keys := list(t, k)
		if now := active(t, keys); now.ID != id || now.ID == before.ID || !now.CreatedAt.Equal(clock.Now()) {
			t.Errorf("in use is %+v, want the new key %s", now, id)
		}
		for _, key := range keys {
			if key.ID == before.ID && !key.RetiredAt.Equal(clock.Now()) {
				t.Errorf("the key before has RetiredAt %v, want %v", key.RetiredAt, clock.Now())
			}
		}
		view(t, db, func(tx *store.Tx) {
			got, err := tx.Box().Open(sealed, "test")
			if err != nil || string(got) != "kept" {
				t.Errorf("Open = %q, %v; want what the key before sealed", got, err)
			}
			if again := tx.Box().Seal([]byte("kept"), "test"); bytes.Equal(again[:len(again)/2], sealed[:len(sealed)/2]) {
				t.Error("sealed with the key before")
			}
		})
		wantEvent(t, db, id)
	})
}

func view(t *testing.T, db *store.DB, fn func(tx *store.Tx)) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error { fn(tx); return nil })
	if err != nil {
		t.Fatalf("View: %v", err)
	}
}

func wantEvent(t *testing.T, db *store.DB, id string) {
	t.Helper()
	view(t, db, func(tx *store.Tx) {
		events, err := tx.Events.Page(store.EventQuery{Limit: 10})
		if err != nil || len(events) != 1 || events[0].Target != id {
			t.Errorf("got events %+v, %v; want one about %s", events, err, id)
		}
	})
}

func TestRotationAndRecordCommitTogether(t *testing.T) {
	db := storetest.Open(t)
	broken := errors.New("no room for the event")
	k := New(db, func(*store.Tx, identity.Actor, string) error { return broken })
	before := active(t, list(t, k))
	if _, err := k.Rotate(t.Context(), console); !errors.Is(err, broken) {
		t.Fatalf("Rotate: got %v, want %v", err, broken)
	}
	if now := active(t, list(t, k)); now != before {
		t.Errorf("in use is %+v, want %+v still", now, before)
	}
}

func TestWhoMayRotate(t *testing.T) {
	tests := []struct {
		kind identity.ActorKind
		may  bool
	}{
		{identity.Nobody, false},
		{identity.ActsAsMember, false},
		{identity.ActsAsOrgToken, false},
		{identity.ActsAsApplication, false},
		{identity.ActsAsProvider, true},
		{identity.ActsAsConsole, true},
		{identity.ActsAsJob, true},
	}
	k := New(storetest.Open(t), record)
	for _, tt := range tests {
		_, err := k.Rotate(t.Context(), identity.Actor{Kind: tt.kind, Role: identity.RoleOwner, OrganizationID: "org_1"})
		switch {
		case tt.may && err != nil:
			t.Errorf("%q: got %v, want success", tt.kind, err)
		case !tt.may && !fault.Is(err, fault.CodeForbidden):
			t.Errorf("%q: got %v, want %s", tt.kind, err, fault.CodeForbidden)
		}
	}
}

func TestAKeyShowsNoMaterial(t *testing.T) {
	k := New(storetest.Open(t), record)
	text := fmt.Sprintf("%#v", list(t, k))
	if strings.Contains(text, "byte") || strings.Contains(text, string(storetest.SealingKey())) {
		t.Errorf("a listing holds material: %s", text)
	}
}

func TestListStopsWithItsContext(t *testing.T) {
	k := New(storetest.Open(t), record)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := k.List(ctx); err == nil {
		t.Error("List succeeded with a context that had ended")
	}
}
