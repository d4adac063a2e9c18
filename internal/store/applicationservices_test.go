package store_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// board adds an application of CAS.
func (w town) board(o identity.Organization, clientID string, homes ...string) identity.Application {
	w.t.Helper()
	a := identity.Application{
		ID: identity.NewApplicationID(w.now), OrganizationID: o.ID, ClientID: clientID, Name: clientID, Protocol: identity.ProtocolCAS,
		Status: identity.ApplicationActive, HomeURLs: homes, Version: 1, CreatedAt: w.now, UpdatedAt: w.now, CAS: &identity.CASSettings{
			ServicePrefixes: []string{"https://pages." + clientID + ".example/"}, Proxy: true, SingleLogout: true, LogoutURL: "https://x.example/out",
		},
	}
	w.update(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	return a
}

// at are the client ids of those who have services at an origin.
func (w town) at(origin string) (names []string) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		found, err := tx.Lookup.ApplicationsAt(origin)
		for _, a := range found {
			names = append(names, a.ClientID)
		}
		return err
	})
	slices.Sort(names) // those of one instant come in any order
	return names
}

func TestApplicationsAtAnOrigin(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		a := w.board(o, "board", "https://board.example/in", "https://board.example/two")
		w.board(o, "notes", "https://board.example/notes")
		w.registered(o, "wiki")
		const here, pages, there = "https://board.example:443", "https://pages.board.example:443", "https://other.example:443"
		for origin, want := range map[string][]string{here: {"board", "notes"}, pages: {"board"}, there: nil, "https://wiki.example:443": nil} {
			if got := w.at(origin); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: got %v, want %v", origin, got, want)
			}
		}
		a.HomeURLs = []string{"https://other.example/"}
		w.update(func(tx *store.Tx) error { return tx.Applications.Put(a) })
		for origin, want := range map[string][]string{here: {"notes"}, pages: {"board"}, there: {"board"}} {
			if got := w.at(origin); !reflect.DeepEqual(got, want) {
				t.Errorf("after the edit, %s: got %v, want %v", origin, got, want)
			}
		}
		tried := a
		tried.ID, tried.ClientID, tried.TriedBy = identity.NewApplicationID(w.now), "try_1", "acc_1"
		w.update(func(tx *store.Tx) error { return tx.Applications.Insert(tried) })
		w.update(func(tx *store.Tx) error { return tx.Applications.Delete(o.ID, a.ID) })
		if got := w.at(there); got != nil {
			t.Errorf("after the removal: got %v", got)
		}
	})
}

func TestCASSettingsAreKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		w.applications(w.board(o, "board", "https://board.example/in"))
	})
}

// What an application is told an end by is kept, and read for nobody else.
func TestParticipationOfAService(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		a := w.board(o, "board", "https://board.example/in")
		p := w.entry(w.session(w.member(o, root, "alice")), a.ID)
		p.Protocol, p.Service, p.Ticket = identity.ProtocolCAS, "https://board.example/in", "ST-secret"
		w.update(func(tx *store.Tx) error { return tx.Participations.Join(p) })
		w.update(func(tx *store.Tx) error {
			e, err := tx.Participations.Get(p)
			if err == nil && (!reflect.DeepEqual(e.Participation, p) || e.NoticeURL != a.CAS.LogoutURL || !e.LeadsOut(p.Service)) {
				t.Errorf("got %+v, want %+v", e, p)
			}
			return err
		})
		if got := w.entered(p.SessionID); len(got) != 1 || got[0].Ticket != "" || got[0].Service != p.Service {
			t.Errorf("listed: got %+v, want one without its ticket", got)
		}
		var stored []byte
		w.update(func(tx *store.Tx) error {
			return store.Scan(tx, &stored, `SELECT ticket FROM participations`)
		})
		if len(stored) == 0 || string(stored) == p.Ticket {
			t.Errorf("the ticket is stored as %q", stored)
		}
	})
}

// Of many entries of one application in a session the newest are remembered.
func TestTrim(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		s := w.session(w.member(o, root, "alice"))
		p := w.entry(s, "app_board")
		w.update(func(tx *store.Tx) error { return tx.Participations.Join(w.entry(s, "app_wiki")) })
		for _, p.Key = range []string{"1", "2", "3", "4"} {
			w.update(func(tx *store.Tx) error {
				if err := tx.Participations.Join(p); err != nil {
					return err
				}
				return tx.Participations.Trim(p, 2)
			})
		}
		var keys string
		for _, e := range w.entered(s.ID) {
			keys += e.Key + " "
		}
		if keys != "3 4 sid-of-app_wiki " {
			t.Errorf("got %s", keys)
		}
	})
}
