package store_test

import (
	"net/netip"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// session adds a session of a member, or of an administrator of the provider
// when the person is no member.
func (w town) session(p identity.Person) identity.Session {
	w.t.Helper()
	s := identity.Session{
		ID: identity.SessionIDOf(identity.NewUUID(w.now)), AccountID: p.Account.ID, MemberID: p.Member.ID,
		OrganizationID: p.Member.OrganizationID, Methods: []string{identity.ByPassword, identity.ByCentre}, SourceID: "src_x", SourceSession: "sid-1",
		ProvenAt: w.now.Add(-time.Second), CreatedAt: w.now, SeenAt: w.now, IdleEndsAt: w.now.Add(30 * time.Minute),
		EndsAt: w.now.Add(12 * time.Hour), Origin: identity.Origin{Address: netip.MustParseAddr("2001:db8::7"), RequestID: "req"},
		UserAgent: "浏览器/1", MustChange: true, Generation: identity.Generations{Account: 2, Member: 3, Organization: 4},
	}
	w.update(func(tx *store.Tx) error { return tx.Sessions.Add(s, []byte("hash")) })
	return s
}

func (w town) signedIn(id identity.SessionID) (s store.SignedIn) {
	w.t.Helper()
	w.update(func(tx *store.Tx) (err error) {
		s, err = tx.Lookup.Session(id)
		return err
	})
	return s
}

func TestSessionKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p := w.member(o, root, "alice")
		want := w.session(p)
		got := w.signedIn(want.ID)
		if !reflect.DeepEqual(got.Row.Session, want) || string(got.Row.Hash) != "hash" {
			t.Errorf("got %+v, want %+v", got.Row.Session, want)
		}
		stands := store.SignedIn{
			Row: got.Row,
			Account: identity.Account{
				ID: p.Account.ID, Kind: identity.Managed, OrganizationID: o.ID, Name: "alice", DisplayName: "alice", Language: "en-US",
				Status: identity.AccountActive, Generation: 2,
			},
			Member: identity.Member{
				ID: p.Member.ID, OrganizationID: o.ID, AccountID: p.Account.ID, Name: "alice", Role: identity.RoleMember, Status: identity.MemberActive,
			},
			Organization: identity.Organization{
				ID: o.ID, Code: o.Code, Name: o.Name, Domain: o.Domain, Status: identity.OrganizationActive, Generation: 3,
			},
		}
		if !reflect.DeepEqual(got, stands) {
			t.Errorf("got %+v, want %+v", got, stands)
		}
	})
}

func TestSessionOfTheProvider(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		a := identity.Account{ID: identity.NewAccountID(w.now), Kind: identity.Operator, Name: "root", Status: identity.AccountActive, Version: 1}
		w.update(func(tx *store.Tx) error {
			if err := tx.Accounts.Insert(a, a.LoginNames(true)); err != nil {
				return err
			}
			return tx.Providers.Put(a.ID, true)
		})
		want := w.session(identity.Person{Account: a})
		got := w.signedIn(want.ID)
		if !reflect.DeepEqual(got.Row.Session, want) || !got.Administers || got.Member.ID != "" || got.Organization.ID != "" {
			t.Errorf("got %+v", got)
		}
	})
}

func TestSessionEnds(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p := w.member(o, root, "alice")
		s := w.session(p)
		seen := w.now.Add(time.Minute)
		w.update(func(tx *store.Tx) error { return tx.Sessions.Touch(s.ID, seen, seen.Add(time.Hour)) })
		s.SeenAt, s.IdleEndsAt = seen, seen.Add(time.Hour)
		w.update(func(tx *store.Tx) error { return tx.Sessions.End(s.ID, seen, identity.EndedBySignOut) })
		s.EndedAt, s.EndedBy = seen, identity.EndedBySignOut
		late := seen.Add(time.Hour)
		w.refused(fault.CodeSessionNotFound, func(tx *store.Tx) error { return tx.Sessions.Touch(s.ID, late, late) })
		w.refused(fault.CodeSessionNotFound, func(tx *store.Tx) error { return tx.Sessions.End(s.ID, late, identity.EndedByPerson) })
		w.refused(fault.CodeSessionNotFound, func(tx *store.Tx) error { return tx.Sessions.End("ses_x", late, identity.EndedByPerson) })
		if got := w.signedIn(s.ID).Row.Session; !reflect.DeepEqual(got, s) {
			t.Errorf("got %+v, want %+v", got, s)
		}
	})
}

// Whichever comes first, a session that was ended is ended: its use at the
// same moment does not bring it back.
func TestEndingWinsOverTouching(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		far := open(storetest.WithoutEvents())
		o, root := w.organization("acme")
		p := w.member(o, root, "alice")
		for range 8 {
			s := w.session(p)
			var work sync.WaitGroup
			for i := range 8 {
				db := []*store.DB{w.db, far}[i%2]
				work.Go(func() {
					err := db.Act(t.Context(), store.ActSession, func(tx *store.Tx) error {
						return tx.Sessions.Touch(s.ID, w.now.Add(time.Minute), w.now.Add(time.Hour))
					})
					if err != nil && !fault.Is(err, fault.CodeSessionNotFound) {
						t.Error(err)
					}
				})
			}
			work.Go(func() {
				err := far.Act(t.Context(), store.ActSession, func(tx *store.Tx) error {
					return tx.Sessions.End(s.ID, w.now.Add(time.Second), identity.EndedByAdministrator)
				})
				if err != nil {
					t.Error(err)
				}
			})
			work.Wait()
			if got := w.signedIn(s.ID).Row.Session; got.EndedBy != identity.EndedByAdministrator || got.Live(w.now) {
				t.Errorf("got %+v", got)
			}
		}
	})
}

func TestLiveSessions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		p := w.member(o, root, "alice")
		w.session(w.member(o, root, "bob"))
		live, ended, idle := w.session(p), w.session(p), w.session(p)
		w.update(func(tx *store.Tx) error {
			if err := tx.Sessions.End(ended.ID, w.now, identity.EndedByPerson); err != nil {
				return err
			}
			if err := tx.Sessions.Touch(idle.ID, w.now, w.now); err != nil {
				return err
			}
			got, err := first(tx.Sessions.Live(p.Account.ID))
			if err != nil || got.Row.Session.ID != live.ID || got.Account.Name != "alice" {
				t.Errorf("got %+v, %v, want %s", got, err, live.ID)
			}
			return nil
		})
	})
}

func TestSessionSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		s := w.session(w.member(o, root, "alice"))
		for _, tt := range []struct {
			before time.Time
			want   int64
		}{{s.EndsAt, 0}, {s.EndsAt.Add(time.Millisecond), 1}} {
			w.update(func(tx *store.Tx) error {
				if n, err := tx.Sessions.Sweep(tt.before, 10); err != nil || n != tt.want {
					t.Errorf("before %s: got %d, %v, want %d", tt.before, n, err, tt.want)
				}
				return nil
			})
		}
	})
}
