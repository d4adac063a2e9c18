package store_test

import (
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestPrivacyStatements(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		for _, org := range []identity.OrganizationID{acme.ID, ""} {
			p := identity.PrivacyStatement{
				OrganizationID: org, Draft: identity.PrivacyTexts{"en-US": {Title: "Data", Body: "a\nb"}}, Current: 2, Last: 3, UpdatedAt: w.now,
			}
			w.update(func(tx *store.Tx) error {
				if none, err := tx.Privacy.Get(org); err != nil || none.Version != 0 || none.Current != 0 {
					t.Errorf("at first: got %+v, %v", none, err)
				}
				return tx.Privacy.Put(p)
			})
			w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Privacy.Put(p) })
			p.Version = 1
			w.update(func(tx *store.Tx) error {
				if got, err := tx.Privacy.Get(org); err != nil || !reflect.DeepEqual(got, p) {
					t.Errorf("got %+v, %v, want %+v", got, err, p)
				}
				p.Draft, p.Current = nil, 0
				return tx.Privacy.Put(p)
			})
			w.update(func(tx *store.Tx) error {
				if got, err := tx.Privacy.Get(org); err != nil || got.Draft != nil || got.Current != 0 || got.Version != 2 {
					t.Errorf("edited: got %+v, %v", got, err)
				}
				return nil
			})
			w.refused(fault.CodePrivacyVersion, func(tx *store.Tx) error { _, err := tx.Privacy.VersionOf(org, 1); return err })
		}
	})
}

func TestPrivacyVersions(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		version := func(n int64) identity.PrivacyVersion {
			return identity.PrivacyVersion{
				OrganizationID: acme.ID, Number: n, Texts: identity.PrivacyTexts{"zh-CN": {Title: "隐私", Body: "正文"}},
				PublishedBy: "Anna", PublishedAt: w.now.Add(time.Duration(n) * time.Second),
			}
		}
		w.update(func(tx *store.Tx) error {
			for n := range int64(3) {
				if err := tx.Privacy.Publish(version(n + 1)); err != nil {
					return err
				}
			}
			return nil
		})
		w.update(func(tx *store.Tx) error {
			for _, tt := range []struct {
				before int64
				limit  int
				want   []identity.PrivacyVersion
			}{
				{0, 2, []identity.PrivacyVersion{version(3), version(2)}},
				{2, 9, []identity.PrivacyVersion{version(1)}},
				{1, 9, nil},
			} {
				if got, err := tx.Privacy.Versions(acme.ID, tt.before, tt.limit); err != nil || !reflect.DeepEqual(got, tt.want) {
					t.Errorf("before %d: got %+v, %v", tt.before, got, err)
				}
			}
			if other, err := tx.Privacy.Versions("", 0, 9); err != nil || len(other) != 0 {
				t.Errorf("of the installation: got %+v, %v", other, err)
			}
			return nil
		})
	})
}

// TestStatementDue tells with a session whether the version in force was
// accepted: the organisation's own, or else the installation's.
func TestStatementDue(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, novaRoot := w.organization("nova")
		alice, bob := w.session(w.member(acme, root, "alice")), w.session(w.member(nova, novaRoot, "bob"))
		versions := map[identity.OrganizationID]int64{}
		force := func(org identity.OrganizationID, number int64) {
			w.update(func(tx *store.Tx) error {
				p := identity.PrivacyStatement{OrganizationID: org, Current: number, Last: number, Version: versions[org]}
				versions[org]++
				return tx.Privacy.Put(p)
			})
		}
		accept := func(s identity.Session, statement identity.OrganizationID, number int64, first bool) {
			w.update(func(tx *store.Tx) error {
				got, err := tx.Privacy.Accept(identity.PrivacyAcceptance{AccountID: s.AccountID, Statement: statement, Number: number, OrganizationID: s.OrganizationID, MemberID: s.MemberID, Name: "x", At: w.now})
				if got != first {
					t.Errorf("accepted for the first time: %v", got)
				}
				return err
			})
		}
		due := func(what string, ofAlice, ofBob bool) {
			t.Helper()
			for s, want := range map[identity.SessionID]bool{alice.ID: ofAlice, bob.ID: ofBob} {
				w.update(func(tx *store.Tx) error {
					if got, err := tx.Lookup.Session(s); err != nil || got.StatementDue != want {
						t.Errorf("%s: %s is due %v, %v, want %v", what, s, got.StatementDue, err, want)
					}
					return nil
				})
			}
		}
		due("nothing", false, false)
		force("", 1)
		due("the installation's", true, true)
		accept(alice, "", 1, true)
		accept(alice, "", 1, false)
		due("accepted by one", false, true)
		force(acme.ID, 1)
		due("the organisation's own", true, true)
		accept(alice, acme.ID, 1, true)
		accept(bob, acme.ID, 1, true) // which is not asked for there
		due("accepted", false, true)
		force(acme.ID, 2)
		due("a newer one", true, true)
		force(acme.ID, 0)
		force("", 0)
		due("withdrawn", false, false)
	})
}
