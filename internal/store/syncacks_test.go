package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// told says that an application is told, so that what it knows can be noted.
func (w town) told(o identity.Organization, clientID string) identity.Application {
	w.t.Helper()
	a := w.relying(o, clientID)
	s := identity.Sync{OrganizationID: o.ID, ApplicationID: a.ID, Enabled: true, Wire: identity.SyncV2, Digest: identity.SyncSHA256}
	w.update(func(tx *store.Tx) error { return tx.ApplicationSyncs.Put(s) })
	return a
}

func TestSyncAcks(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		a, b := w.told(acme, "a"), w.told(acme, "b")
		state := func(app identity.Application) (text string) {
			w.update(func(tx *store.Tx) error {
				known, err := tx.SyncAcks.Of(app.ID, "person")
				for _, object := range []string{"x", "y", "z"} {
					if k, ok := known[object]; ok {
						told, err := tx.SyncAcks.Told(app.ID, "person", object)
						text += fmt.Sprintf("%s %s %s %s %v;", object, k.Digest, k.Refused, told, k.Revoked)
						if err != nil {
							return err
						}
					}
				}
				return err
			})
			return text
		}
		put := func(app identity.Application, k store.SyncAck) {
			w.update(func(tx *store.Tx) error { return tx.SyncAcks.Put(app.ID, k) })
		}
		put(a, store.SyncAck{Kind: "person", Object: "x", Digest: []byte("d"), Told: "X"})
		put(a, store.SyncAck{Kind: "person", Object: "x", Digest: []byte("e"), Told: "Y", Revoked: true})
		put(a, store.SyncAck{Kind: "department", Object: "x", Digest: []byte("f"), Told: "other"})
		put(b, store.SyncAck{Kind: "person", Object: "x", Digest: []byte("g"), Told: "b's"})
		w.update(func(tx *store.Tx) error {
			if err := tx.SyncAcks.Refuse(a.ID, store.SyncAck{Kind: "person", Object: "x", Refused: []byte("r")}); err != nil {
				return err
			}
			return tx.SyncAcks.Refuse(a.ID, store.SyncAck{Kind: "person", Object: "y", Refused: []byte("s")})
		})
		steps := []struct {
			name string
			do   func(tx *store.Tx) error
			want string
		}{
			{"noted", func(*store.Tx) error { return nil }, "x e r Y true;y  s  false;"},
			{"in doubt of refusals", func(tx *store.Tx) error { return tx.SyncAcks.Doubt(a.ID, false) }, "x e  Y true;y    false;"},
			{"in doubt of everything", func(tx *store.Tx) error { return tx.SyncAcks.Doubt(a.ID, true) }, "x   Y true;y    false;"},
			{"what was to be changed is asked about", func(tx *store.Tx) error {
				if err := tx.SyncAcks.Put(a.ID, store.SyncAck{Kind: "person", Object: "x", Digest: []byte("d"), Told: "Y"}); err != nil {
					return err
				}
				return tx.SyncAcks.Question(a.ID, store.SyncQuestion{Kind: "person", Object: "x", Told: "new", Changed: true})
			}, "x \x00  Y false;y    false;"},
			{"what was to go is asked about", func(tx *store.Tx) error {
				return tx.SyncAcks.Question(a.ID, store.SyncQuestion{Kind: "person", Object: "x", Told: "new"})
			}, "x   Y false;y    false;"},
			{"and once more", func(tx *store.Tx) error {
				return tx.SyncAcks.Question(a.ID, store.SyncQuestion{Kind: "person", Object: "x", Told: "new", Changed: true})
			}, "x   Y false;y    false;"},
			{"what was to come is asked about", func(tx *store.Tx) error {
				for _, object := range []string{"y", "z"} {
					if err := tx.SyncAcks.Question(a.ID, store.SyncQuestion{Kind: "person", Object: object, Told: "new"}); err != nil {
						return err
					}
				}
				return tx.SyncAcks.Forget(a.ID, "person", "z")
			}, "x   Y false;y   new false;"},
			{"forgotten", func(tx *store.Tx) error { return tx.SyncAcks.Forget(a.ID, "person", "y") }, "x   Y false;"},
			{"with the settings", func(tx *store.Tx) error { return tx.ApplicationSyncs.Remove(acme.ID, a.ID) }, ""},
		}
		for _, step := range steps {
			w.update(step.do)
			if got := state(a); got != step.want {
				t.Errorf("%s: got %q, want %q", step.name, got, step.want)
			}
		}
		if got, want := state(b), "x g  b's false;"; got != want {
			t.Errorf("of the other: got %q, want %q", got, want)
		}
	})
}

func TestSyncStates(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		a := w.told(acme, "a")
		due := func() (n int, retry bool) {
			w.update(func(tx *store.Tx) error {
				all, err := tx.SyncStates.Due(10)
				for _, d := range all {
					retry = retry || d.Retry
				}
				n = len(all)
				return err
			})
			return n, retry
		}
		act := func(what string, want bool, do func(tx *store.Tx) (bool, error)) {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				ok, err := do(tx)
				if ok != want {
					t.Errorf("%s: %v, want %v", what, ok, want)
				}
				return err
			})
		}
		lease := func(node string) func(tx *store.Tx) (bool, error) {
			return func(tx *store.Tx) (bool, error) { return tx.SyncStates.Lease(a.ID, node, tx.Now().Add(time.Minute)) }
		}
		if n, retry := due(); n != 1 || retry {
			t.Errorf("at first %d due, retry %v", n, retry)
		}
		act("the first node", true, lease("one"))
		act("another", false, lease("two"))
		if n, _ := due(); n != 0 {
			t.Errorf("%d due while somebody tells it", n)
		}
		later := store.SyncState{Attempts: 2, Polls: 1, Record: "syr_x", Failure: "abnormal", NextAt: w.now.Add(time.Hour), SettledAt: w.now, Doubt: "a call"}
		act("what another stores", false, func(tx *store.Tx) (bool, error) { return tx.SyncStates.Put(a.ID, later, "two", time.Time{}) })
		act("what the holder stores", true, func(tx *store.Tx) (bool, error) {
			return tx.SyncStates.Put(a.ID, later, "one", time.Time{})
		})
		w.update(func(tx *store.Tx) error {
			got, err := tx.SyncStates.Get(a.ID)
			if got != later {
				t.Errorf("got %+v, want %+v", got, later)
			}
			return err
		})
		if n, _ := due(); n != 0 {
			t.Errorf("%d due before the time has come", n)
		}
		w.update(func(tx *store.Tx) error { return tx.SyncStates.Hasten(a.ID) })
		if n, retry := due(); n != 1 || !retry {
			t.Errorf("hastened: %d due, retry %v", n, retry)
		}
	})
}

// TestDoubtOfSingleObjects has what is named told again, and nothing else.
func TestDoubtOfSingleObjects(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		a := w.told(acme, "a")
		for _, row := range []struct {
			name, kind, object string
			everything         bool
			want               string // the digests and what was refused
		}{
			{"in doubt of another object", "person", "z", true, "x d r;y d ;"},
			{"in doubt of another kind", "department", "*", true, "x d r;y d ;"},
			{"in doubt of what was refused", "person", "x", false, "x d ;y d ;"},
			{"in doubt of one", "person", "x", true, "x  ;y d ;"},
			{"in doubt of all of a kind", "person", "*", true, "x  ;y  ;"},
		} {
			w.update(func(tx *store.Tx) error {
				for _, object := range []string{"x", "y"} {
					if err := tx.SyncAcks.Put(a.ID, store.SyncAck{Kind: "person", Object: object, Digest: []byte("d"), Told: "T"}); err != nil {
						return err
					}
				}
				if err := tx.SyncAcks.Refuse(a.ID, store.SyncAck{Kind: "person", Object: "x", Refused: []byte("r")}); err != nil {
					return err
				}
				if err := tx.SyncAcks.DoubtOf(a.ID, row.kind, row.object, row.everything); err != nil {
					return err
				}
				known, err := tx.SyncAcks.Of(a.ID, "person")
				if got := fmt.Sprintf("x %s %s;y %s %s;", known["x"].Digest, known["x"].Refused, known["y"].Digest, known["y"].Refused); got != row.want {
					t.Errorf("%s: %q, want %q", row.name, got, row.want)
				}
				return err
			})
		}
	})
}

func TestSyncRecords(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		a := w.told(acme, "a")
		var all []store.SyncRecord
		for i, status := range []store.SyncStatus{store.SyncSuccess, store.SyncFailed, store.SyncPending} {
			at := w.now.Add(time.Duration(i) * time.Hour)
			r := store.SyncRecord{
				ID: identity.NewSyncRecordID(at), OrganizationID: acme.ID, ApplicationID: a.ID, Event: "people", Act: i, Status: status, About: "[1]",
				Object: "somebody", Request: "{}", Message: "said", Objects: 3, HTTPStatus: 200, Code: "000000", Failure: "abnormal",
				Duration: 5 * time.Millisecond, Attempts: 2, NextAt: at, At: at,
			}
			w.update(func(tx *store.Tx) error { return tx.SyncRecords.Put(r) })
			all = append(all, r)
		}
		all[2].Status, all[2].Message = store.SyncFailed, "said again"
		w.update(func(tx *store.Tx) error { return tx.SyncRecords.Put(all[2]) })
		page := func(q store.SyncRecordQuery) (found []store.SyncRecord) {
			q.Limit = 10
			w.update(func(tx *store.Tx) (err error) { found, err = tx.SyncRecords.Page(a.ID, q); return err })
			return found
		}
		if got := page(store.SyncRecordQuery{Status: store.SyncFailed, Event: "people"}); len(got) != 2 || got[0] != all[2] || got[1] != all[1] {
			t.Errorf("failed: got %#v", got)
		}
		if got := page(store.SyncRecordQuery{Before: all[1].ID}); len(got) != 1 || got[0] != all[0] {
			t.Errorf("older: got %v", got)
		}
		if got := page(store.SyncRecordQuery{Event: "tenant"}); len(got) != 0 {
			t.Errorf("of another event: got %v", got)
		}
		w.update(func(tx *store.Tx) error {
			n, err := tx.SyncRecords.Sweep(w.now.Add(90*time.Minute), 10)
			if n != 2 {
				t.Errorf("swept %d, want 2", n)
			}
			return err
		})
		w.update(func(tx *store.Tx) error {
			_, ok, err := tx.SyncRecords.Get(a.ID, all[0].ID)
			if ok {
				t.Error("a swept record is there")
			}
			return err
		})
	})
}
