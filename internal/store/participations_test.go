package store_test

import (
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// entry is an application's place in a session, not stored yet.
func (w town) entry(s identity.Session, application identity.ApplicationID) identity.Participation {
	return identity.Participation{
		SessionID: s.ID, ApplicationID: application, OrganizationID: s.OrganizationID, MemberID: s.MemberID,
		Protocol: identity.ProtocolOIDC, Key: "sid-of-" + string(application), JoinedAt: w.now,
	}
}

func (w town) entered(id identity.SessionID) (all []identity.Participation) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		entered, err := tx.Participations.Of(id)
		for _, e := range entered {
			all = append(all, e.Participation)
		}
		return err
	})
	return all
}

func TestParticipationKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		s := w.session(w.member(o, root, "alice"))
		wiki, crm := w.entry(s, "app_wiki"), w.entry(s, "app_crm")
		wiki.JoinedAt = w.now.Add(time.Second)
		again := wiki
		again.JoinedAt = w.now.Add(time.Hour)
		w.update(func(tx *store.Tx) error {
			for _, p := range []identity.Participation{wiki, crm, again} {
				if err := tx.Participations.Join(p); err != nil {
					return err
				}
			}
			return nil
		})
		if got, want := w.entered(s.ID), []identity.Participation{crm, wiki}; !reflect.DeepEqual(got, want) {
			t.Errorf("joined: got %+v, want %+v", got, want)
		}
		wiki.Notice = identity.LogoutNotice{
			State: identity.NoticePending, Address: "https://wiki.example/logout", Attempts: 2, Answer: "503", At: w.now.Add(time.Minute),
		}
		w.update(func(tx *store.Tx) error { return tx.Participations.Tell(wiki) })
		if got, want := w.entered(s.ID), []identity.Participation{crm, wiki}; !reflect.DeepEqual(got, want) {
			t.Errorf("told: got %+v, want %+v", got, want)
		}
		if got := w.entered("ses_x"); len(got) != 0 {
			t.Errorf("of another session: got %+v", got)
		}
	})
}

func TestWhatWasToldStays(t *testing.T) {
	for _, final := range []identity.NoticeState{identity.NoticeDelivered, identity.NoticeFailed} {
		t.Run(string(final), func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
				w := newTown(t, open)
				o, root := w.organization("acme")
				p := w.entry(w.session(w.member(o, root, "alice")), "app_wiki")
				w.update(func(tx *store.Tx) error { return tx.Participations.Join(p) })
				p.Notice = identity.LogoutNotice{State: final, Attempts: 1, At: w.now}
				late := p
				late.Notice = identity.LogoutNotice{State: identity.NoticePending, Attempts: 2, At: w.now}
				w.update(func(tx *store.Tx) error { return tx.Participations.Tell(p) })
				w.update(func(tx *store.Tx) error { return tx.Participations.Tell(late) })
				if got := w.entered(p.SessionID); !reflect.DeepEqual(got, []identity.Participation{p}) {
					t.Errorf("got %+v, want %+v", got, p)
				}
			})
		})
	}
}

func TestNobodyJoinsWhatEnded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		s := w.session(w.member(o, root, "alice"))
		w.update(func(tx *store.Tx) error { return tx.Sessions.End(s.ID, w.now, identity.EndedBySignOut) })
		w.refused(fault.CodeSessionNotFound, func(tx *store.Tx) error { return tx.Participations.Join(w.entry(s, "app_wiki")) })
		w.refused(fault.CodeSessionNotFound, func(tx *store.Tx) error {
			return tx.Participations.Join(w.entry(identity.Session{ID: "ses_x"}, "app_wiki"))
		})
	})
}

// Whoever ends a session sees every application that was let in: one that
// comes at the same moment is either told of or turned away.
func TestEndingSeesWhoJoins(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		far := open(storetest.WithoutEvents())
		o, root := w.organization("acme")
		p := w.member(o, root, "alice")
		for range 8 {
			s := w.session(p)
			var work sync.WaitGroup
			var lock sync.Mutex
			joined, seen := map[identity.ApplicationID]bool{}, 0
			for i := range 8 {
				db := []*store.DB{w.db, far}[i%2]
				work.Go(func() {
					application := identity.ApplicationID("app_" + string(rune('a'+i)))
					err := db.Act(t.Context(), store.ActGrant, func(tx *store.Tx) error { return tx.Participations.Join(w.entry(s, application)) })
					lock.Lock()
					defer lock.Unlock()
					if err == nil {
						joined[application] = true
					} else if !fault.Is(err, fault.CodeSessionNotFound) {
						t.Error(err)
					}
				})
			}
			work.Go(func() {
				err := far.Act(t.Context(), store.ActSession, func(tx *store.Tx) error {
					if err := tx.Sessions.End(s.ID, w.now, identity.EndedByPerson); err != nil {
						return err
					}
					all, err := tx.Participations.Of(s.ID)
					seen = len(all)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
			work.Wait()
			if len(joined) != seen {
				t.Errorf("%d were let in, %d seen at the end", len(joined), seen)
			}
		}
	})
}

func TestParticipationSweep(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, root := w.organization("acme")
		s := w.session(w.member(o, root, "alice"))
		w.update(func(tx *store.Tx) error { return tx.Participations.Join(w.entry(s, "app_wiki")) })
		for _, tt := range []struct {
			name   string
			before time.Time
			want   int64
		}{{"its session may live", s.EndsAt, 0}, {"its session is over", s.EndsAt.Add(time.Millisecond), 1}, {"again", s.EndsAt.Add(time.Hour), 0}} {
			w.update(func(tx *store.Tx) error {
				if n, err := tx.Participations.Sweep(tt.before, 10); err != nil || n != tt.want {
					t.Errorf("%s: got %d, %v, want %d", tt.name, n, err, tt.want)
				}
				return nil
			})
		}
	})
}
