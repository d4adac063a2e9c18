package store_test

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestInvitationKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		want := store.InvitationRow{Hash: []byte{1, 2}, Invitation: identity.Invitation{
			ID: "inv_1", OrganizationID: acme.ID, Department: root.ID, Channel: identity.ByMail, Contact: "dora@mail.example", Name: "Dora",
			Title: "Engineer", Description: "new", SortLevel: 3, Role: identity.RoleMember, Administers: []string{"rd"},
			Attributes: map[string]string{"number": "1"}, Groups: []identity.GroupID{"grp_1"}, Language: "zh-CN", State: identity.InvitationOpen,
			InvitedBy: "Anna", Version: 1, CreatedAt: w.now, SentAt: w.now, EndsAt: w.now.Add(time.Hour),
		}}
		w.update(func(tx *store.Tx) error { return tx.Invitations.Add(want) })
		same := func() {
			t.Helper()
			w.update(func(tx *store.Tx) error {
				for name, read := range map[string]func() (store.InvitationRow, error){
					"get":       func() (store.InvitationRow, error) { return tx.Invitations.Get(acme.ID, want.Invitation.ID) },
					"whoever's": func() (store.InvitationRow, error) { return tx.Lookup.Invitation(want.Invitation.ID) },
					"page": func() (store.InvitationRow, error) {
						return first(tx.Invitations.Page(acme.ID, store.InvitationQuery{Limit: 2}))
					},
				} {
					if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
						t.Errorf("%s: got %v, %v, want %v", name, got.Invitation.Contact, err, want)
					}
				}
				return nil
			})
		}
		same()
		w.refused(fault.CodeInvitationNotFound, func(tx *store.Tx) error { _, err := tx.Invitations.Get(nova.ID, "inv_1"); return err })
		second := want
		second.Invitation.ID = "inv_2"
		w.refused(fault.CodeInvitationExists, func(tx *store.Tx) error { return tx.Invitations.Add(second) })
		w.update(func(tx *store.Tx) error {
			var sealed []byte
			err := store.Scan(tx, &sealed, `SELECT contact FROM invitations WHERE id = $1`, "inv_1")
			if bytes.Contains(sealed, []byte("dora")) {
				t.Error("the contact lies open")
			}
			return err
		})
		want.Hash = []byte{3}
		want.Invitation.State, want.Invitation.MemberID, want.Invitation.DecidedAt = identity.InvitationAccepted, "mem_1", w.now.Add(time.Minute)
		w.update(func(tx *store.Tx) error { return tx.Invitations.Put(want) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.Invitations.Put(want) })
		want.Invitation.Version = 2
		same()
		w.update(func(tx *store.Tx) error { return tx.Invitations.Add(second) }) // the first is open no more
		w.refused(fault.CodeInvitationNotFound, func(tx *store.Tx) error { _, err := tx.Invitations.Open(nova.ID, "dora@mail.example"); return err })
		w.update(func(tx *store.Tx) error {
			if got, err := tx.Invitations.Open(acme.ID, "dora@mail.example"); err != nil || got.Invitation.ID != "inv_2" {
				t.Errorf("open: %v, %v", got, err)
			}
			n, err := tx.Invitations.Sweep(w.now.Add(2*time.Hour), 10)
			if n != 2 {
				t.Errorf("swept %d, want 2", n)
			}
			return err
		})
	})
}

func TestHandoverKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		giver := w.member(acme, root, "anna")
		want := store.HandoverRow{Hash: []byte{1}, Handover: identity.Handover{
			ID: "hov_1", OrganizationID: acme.ID, Channel: identity.BySMS, Contact: "+8613800000001", Name: "Dora", Giver: giver.Member.ID,
			Leaves: true, CreatedAt: w.now, EndsAt: w.now.Add(time.Hour),
		}}
		w.update(func(tx *store.Tx) error { return tx.Handovers.Add(want) })
		w.refused(fault.CodeHandoverExists, func(tx *store.Tx) error { return tx.Handovers.Add(want) })
		w.update(func(tx *store.Tx) error {
			got, err := tx.Handovers.Get(acme.ID)
			if err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("got %v, %v", got.Handover.Contact, err)
			}
			if got, err = tx.Lookup.Handover("hov_1"); err != nil || !reflect.DeepEqual(got, want) {
				t.Errorf("whoever's: got %v, %v", got.Handover.Contact, err)
			}
			return tx.Handovers.Delete(acme.ID, "hov_1")
		})
		w.refused(fault.CodeHandoverNotFound, func(tx *store.Tx) error { return tx.Handovers.Delete(acme.ID, "hov_1") })
		w.update(func(tx *store.Tx) error { return tx.Handovers.Add(want) })
		w.update(func(tx *store.Tx) error { return tx.Members.Delete(acme.ID, giver.Member.ID) })
		w.refused(fault.CodeHandoverNotFound, func(tx *store.Tx) error { _, err := tx.Handovers.Get(acme.ID); return err })
	})
}

func TestQuotaRequests(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		anna := w.member(acme, root, "anna")
		ask := func(id identity.RequestID, kind identity.QuotaKind, org identity.OrganizationID) (added bool) {
			w.update(func(tx *store.Tx) (err error) {
				added, err = tx.QuotaRequests.Add(identity.QuotaRequest{ID: id, Kind: kind, AccountID: anna.Account.ID, OrganizationID: org, Reason: "room", CreatedAt: w.now})
				return err
			})
			return added
		}
		if !ask("req_1", identity.QuotaMembers, acme.ID) || !ask("req_2", identity.QuotaOrganizations, "") || ask("req_3", identity.QuotaMembers, acme.ID) {
			t.Error("of one kind one waits, and of two both")
		}
		w.update(func(tx *store.Tx) error {
			for name, row := range map[string]struct {
				query store.QuotaQuery
				want  int
			}{
				"all":                {store.QuotaQuery{}, 2},
				"of Acme":            {store.QuotaQuery{Organization: acme.ID}, 1},
				"of Anna":            {store.QuotaQuery{Account: anna.Account.ID}, 1},
				"older than the 2nd": {store.QuotaQuery{Before: "req_2"}, 1},
				"decided":            {store.QuotaQuery{State: identity.RequestApproved}, 0},
			} {
				row.query.Limit = 10
				if got, err := tx.QuotaRequests.Page(row.query); err != nil || len(got) != row.want {
					t.Errorf("%s: got %d, %v, want %d", name, len(got), err, row.want)
				}
			}
			done := identity.QuotaRequest{ID: "req_1", State: identity.RequestRejected, DecidedBy: "Root", Answer: "no", DecidedAt: w.now}
			if err := tx.QuotaRequests.Decide(done); err != nil {
				return err
			}
			got, err := tx.QuotaRequests.Get("req_1")
			if r := got.Request; r.State != identity.RequestRejected || r.Answer != "no" || r.DecidedBy != "Root" || r.Reason != "room" || got.Organization == "" {
				t.Errorf("got %+v", got)
			}
			return err
		})
		w.refused(fault.CodeRequestDecided, func(tx *store.Tx) error { return tx.QuotaRequests.Decide(identity.QuotaRequest{ID: "req_1"}) })
		w.refused(fault.CodeRequestNotFound, func(tx *store.Tx) error { _, err := tx.QuotaRequests.Get("req_none"); return err })
	})
}

func TestPeople(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		anna := w.member(acme, root, "anna")
		w.update(func(tx *store.Tx) error {
			if row, err := tx.People.Get(anna.Account.ID); err != nil || row != (store.PersonRow{}) {
				t.Errorf("at first: %+v, %v", row, err)
			}
			for _, act := range []func() error{
				func() error { return tx.People.Grant(anna.Account.ID) },
				func() error { return tx.People.Visit(anna.Account.ID, acme.ID) },
				func() error { return tx.People.Grant(anna.Account.ID) },
			} {
				if err := act(); err != nil {
					return err
				}
			}
			row, err := tx.People.Get(anna.Account.ID)
			if row != (store.PersonRow{Last: acme.ID, More: 2}) {
				t.Errorf("afterwards: %+v", row)
			}
			return err
		})
	})
}
