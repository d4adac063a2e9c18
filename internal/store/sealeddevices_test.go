package store_test

import (
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// stored is all that lies in a database of devices: the files of SQLite as
// they are, the rows of PostgreSQL as text.
func (w town) stored(dsn string) string {
	w.t.Helper()
	var all strings.Builder
	if file, isSQLite := strings.CutPrefix(dsn, "sqlite:"); isSQLite {
		for _, name := range []string{file, file + "-wal"} {
			content, err := os.ReadFile(name)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				w.t.Fatal(err)
			}
			all.Write(content)
		}
		return all.String()
	}
	for _, table := range []string{"terminals", "activation_codes", "meeting_rooms"} {
		w.update(func(tx *store.Tx) error {
			rows, err := store.Strings(tx, `SELECT CAST(x AS TEXT) FROM `+table+` x`)
			all.WriteString(strings.Join(rows, "\n"))
			return err
		})
	}
	return all.String()
}

// lies reports whether a text lies open, as itself or as bytes in hex.
func lies(stored, text string) bool {
	return strings.Contains(stored, text) || strings.Contains(strings.ToLower(stored), hex.EncodeToString([]byte(text)))
}

func TestSecretsOfDevicesLieSealed(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		w := newTown(t, func(o ...storetest.Option) *store.DB { return storetest.OpenDSN(t, dsn, o...) })
		acme, root := w.organization("acme")
		m, a := w.device(acme, root, "SN_1")
		g := w.grant(acme, "rooms", func(r *identity.Resource) { r.Kind, r.Package = identity.ResourceRooms, "vmr10" })
		r := w.room(acme, "900", func(r *identity.MeetingRoom) {
			r.Resource, r.Package, r.Passwords = g.ID, g.Package, identity.RoomPasswords{Host: "90817263544", Guest: "36271809455"}
		})
		secrets := []string{
			m.Contact.Mobile, m.Contact.Email, m.Activation.Code, a.Activation.Code, r.Passwords.Host, r.Passwords.Guest,
			"hush-terminal", "hush-device", "70605040302", "new@acme.example",
		}
		m.Activation.Code, a.Activation.Code, r.Passwords.Host, m.Contact.Email = "hush-terminal", "hush-device", "70605040302", "new@acme.example"
		look := func(when string) {
			t.Helper()
			stored := w.stored(dsn)
			if !lies(stored, m.Name) || !lies(stored, r.Name) {
				t.Fatalf("%s: the database does not hold what is no secret", when)
			}
			for i, secret := range secrets {
				if lies(stored, secret) {
					t.Errorf("%s: secret %d lies open", when, i)
				}
			}
		}
		look("inserted")
		w.update(func(tx *store.Tx) error {
			return errors.Join(tx.Terminals.Put(m), tx.ActivationCodes.Put(a), tx.MeetingRooms.Put(r))
		})
		look("edited")
	})
}

// What is sealed for one row opens in no other: whoever can write to the
// database cannot lend a room's passwords to another room.
func TestSealedColumnsAreTiedToTheirRow(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		m, a := w.device(acme, root, "SN_1")
		other, second := w.device(acme, root, "SN_2")
		g := w.grant(acme, "rooms", func(r *identity.Resource) { r.Kind, r.Package = identity.ResourceRooms, "vmr10" })
		brought := func(r *identity.MeetingRoom) { r.Resource, r.Package = g.ID, g.Package }
		r, next := w.room(acme, "900", brought), w.room(acme, "901", brought)
		for name, c := range map[string]struct {
			query    string
			to, from any
			read     func(tx *store.Tx) error
		}{
			"contact": {
				`UPDATE terminals SET contact = (SELECT contact FROM terminals WHERE id = $2) WHERE id = $1`, m.ID, other.ID,
				func(tx *store.Tx) error { _, err := tx.Terminals.Get(acme.ID, m.ID); return err },
			},
			"activation of a terminal": {
				`UPDATE terminals SET activation = (SELECT activation FROM terminals WHERE id = $2) WHERE id = $1`, other.ID, m.ID,
				func(tx *store.Tx) error { _, err := tx.Terminals.BySerial(acme.ID, "SN_2"); return err },
			},
			"activation code": {
				`UPDATE activation_codes SET activation = (SELECT activation FROM activation_codes WHERE id = $2) WHERE id = $1`, a.ID, second.ID,
				func(tx *store.Tx) error { _, err := tx.ActivationCodes.Get(acme.ID, a.ID); return err },
			},
			"room passwords": {
				`UPDATE meeting_rooms SET passwords = (SELECT passwords FROM meeting_rooms WHERE id = $2) WHERE id = $1`, r.ID, next.ID,
				func(tx *store.Tx) error { _, err := tx.MeetingRooms.Get(acme.ID, r.ID); return err },
			},
		} {
			w.update(func(tx *store.Tx) error {
				if err := c.read(tx); err != nil {
					t.Errorf("%s: before: %v", name, err)
				}
				n, err := store.Exec(tx, c.query, c.to, c.from)
				if n != 1 {
					t.Errorf("%s: changed %d rows, want 1", name, n)
				}
				return err
			})
			err := w.db.View(t.Context(), c.read)
			if fault.KindOf(err) != fault.Internal {
				t.Errorf("%s: read what was sealed for another row: %v", name, err)
			}
		}
	})
}

// Lists are read on from a key, each row once.
func TestDevicesPageByKey(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, theirs := w.organization("nova")
		w.device(nova, theirs, "SN_1")
		g := w.grant(acme, "rooms", func(r *identity.Resource) { r.Kind, r.Package = identity.ResourceRooms, "vmr10" })
		var want [3][]string
		for _, serial := range []string{"SN_1", "SN_2", "SN_3", "SN_4", "SN_5"} {
			m, a := w.device(acme, root, serial)
			r := w.room(acme, "9"+serial, func(r *identity.MeetingRoom) { r.Resource, r.Package = g.ID, g.Package })
			for i, id := range []string{string(m.ID), string(a.ID), string(r.ID)} {
				want[i] = append(want[i], id)
			}
		}
		for i, page := range []func(tx *store.Tx, s store.Slice) ([]string, error){
			func(tx *store.Tx, s store.Slice) ([]string, error) {
				rows, err := tx.Terminals.Page(acme.ID, store.TerminalQuery{Slice: s})
				return keys(rows, func(r store.InDepartment[identity.Terminal]) string { return string(r.Item.ID) }), err
			},
			func(tx *store.Tx, s store.Slice) ([]string, error) {
				rows, err := tx.ActivationCodes.Page(acme.ID, store.ActivationQuery{Slice: s})
				return keys(rows, func(r store.InDepartment[identity.ActivationCode]) string { return string(r.Item.ID) }), err
			},
			func(tx *store.Tx, s store.Slice) ([]string, error) {
				rows, err := tx.MeetingRooms.Page(acme.ID, store.RoomQuery{Slice: s})
				return keys(rows, func(r store.RoomRow) string { return string(r.ID) }), err
			},
		} {
			slices.Sort(want[i])
			w.readsOn(page, want[i])
		}
	})
}

func keys[T any](rows []T, key func(T) string) (all []string) {
	for _, row := range rows {
		all = append(all, key(row))
	}
	return all
}

// readsOn reads a list two by two, each page after the last key of the one
// before, and compares all that came.
func (w town) readsOn(page func(tx *store.Tx, s store.Slice) ([]string, error), want []string) {
	w.t.Helper()
	var got []string
	for after, more := "", true; more && len(got) <= len(want); {
		w.update(func(tx *store.Tx) error {
			rows, err := page(tx, store.Slice{After: after, Limit: 2})
			if more = len(rows) > 0; more {
				got, after = append(got, rows...), rows[len(rows)-1]
			}
			return err
		})
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("got %q, want %q", got, want)
	}
}
