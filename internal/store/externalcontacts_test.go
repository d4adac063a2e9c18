package store_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// outside stores somebody outside; owner is "" for everybody's.
func (w town) outside(o identity.Organization, owner identity.MemberID, name string, details identity.ContactDetails) identity.ExternalContact {
	w.t.Helper()
	x := identity.ExternalContact{
		ID: identity.NewExternalContactID(w.now), OrganizationID: o.ID, Owner: owner, Name: name, Company: "Nova Ltd", Department: "Sales", Title: "Dr",
		Details: details, Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
	w.update(func(tx *store.Tx) error { return tx.ExternalContacts.Insert(x) })
	return x
}

var reached = identity.ContactDetails{
	Mobile: "+8613700000001", Country: "chinaPR", OtherNumber: "+4930123456", OtherCountry: "germany", Email: "zoe@nova.example",
	Address: "7 Hidden Lane", Remarks: "met at the fair", CustomNumber: "007",
}

func TestExternalContactKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		want := w.outside(acme, w.member(acme, root, "al@acme").Member.ID, "Zoe", reached)
		got := func() (x identity.ExternalContact) {
			w.update(func(tx *store.Tx) (err error) { x, err = tx.ExternalContacts.Get(acme.ID, want.ID); return err })
			return x
		}
		if got() != want {
			t.Errorf("got %#v, want %#v", got(), want)
		}
		want.Name, want.Company, want.Department, want.Title, want.UpdatedAt = "Zo", "", "", "", w.now.Add(time.Hour)
		want.Details = identity.ContactDetails{Email: "zo@nova.example"}
		w.update(func(tx *store.Tx) error { return tx.ExternalContacts.Put(want) })
		w.refused(fault.CodeStale, func(tx *store.Tx) error { return tx.ExternalContacts.Put(want) })
		want.Version = 2
		if got() != want {
			t.Errorf("edited: got %#v, want %#v", got(), want)
		}
		w.refused(fault.CodeContactNotFound, func(tx *store.Tx) error { _, err := tx.ExternalContacts.Get(nova.ID, want.ID); return err })
		w.refused(fault.CodeContactNotFound, func(tx *store.Tx) error { return tx.ExternalContacts.Delete(nova.ID, want.ID) })
		w.update(func(tx *store.Tx) error { return tx.ExternalContacts.Delete(acme.ID, want.ID) })
		w.refused(fault.CodeContactNotFound, func(tx *store.Tx) error { _, err := tx.ExternalContacts.Get(acme.ID, want.ID); return err })
	})
}

func TestExternalContactLists(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		al, bo := w.member(acme, root, "al@acme").Member.ID, w.member(acme, root, "bo@acme").Member.ID
		w.outside(acme, "", "Zoe", reached)
		w.outside(acme, "", "李四", identity.ContactDetails{Mobile: "+8613900000002"})
		w.outside(acme, al, "张三", identity.ContactDetails{Email: "zoe@private.example"})
		w.outside(acme, bo, "Bob's", reached)
		w.outside(nova, "", "Foreign", reached)
		for _, tt := range []struct {
			name string
			q    store.ExternalQuery
			want string
		}{
			{"nobody's", store.ExternalQuery{}, ""},
			{"everybody's", store.ExternalQuery{Shared: true}, "Zoe 李四"},
			{"one's own", store.ExternalQuery{Owner: al}, "张三"},
			{"both", store.ExternalQuery{Shared: true, Owner: al}, "Zoe 张三 李四"},
			{"a name", store.ExternalQuery{Shared: true, Text: "OE"}, "Zoe"},
			{"a sound", store.ExternalQuery{Shared: true, Owner: al, Text: "zhang"}, "张三"},
			{"initials", store.ExternalQuery{Shared: true, Owner: al, Text: "ls"}, "李四"},
			{"a company", store.ExternalQuery{Shared: true, Text: "nova l"}, "Zoe 李四"},
			{"a mail", store.ExternalQuery{Shared: true, Owner: al, Text: "zoe@"}, "Zoe 张三"},
			{"more of it", store.ExternalQuery{Shared: true, Owner: al, Text: "zoe@priv"}, "张三"},
			{"a mail that differs late", store.ExternalQuery{Shared: true, Text: "zoe@nova.com"}, ""},
			{"a number without its code", store.ExternalQuery{Shared: true, Text: "139"}, "李四"},
			{"the other number", store.ExternalQuery{Shared: true, Text: "+49301"}, "Zoe"},
			{"percent is itself", store.ExternalQuery{Shared: true, Text: "%"}, ""},
			{"quote", store.ExternalQuery{Shared: true, Text: "' OR '1'='1"}, ""},
		} {
			w.update(func(tx *store.Tx) error {
				tt.q.Limit = 9
				found, err := tx.ExternalContacts.Page(acme.ID, tt.q)
				count, err2 := tx.ExternalContacts.Count(acme.ID, tt.q)
				names := keys(found, func(x identity.ExternalContact) string { return x.Name })
				slices.Sort(names)
				if got := strings.Join(names, " "); got != tt.want || count != len(names) {
					t.Errorf("%s: got %q of %d, want %q", tt.name, got, count, tt.want)
				}
				return errors.Join(err, err2)
			})
		}
		// Whoever leaves takes their own address book along.
		w.update(func(tx *store.Tx) error { return tx.Members.Delete(acme.ID, al) })
		w.update(func(tx *store.Tx) error {
			n, err := tx.ExternalContacts.Count(acme.ID, store.ExternalQuery{Owner: al})
			if n != 0 {
				t.Errorf("%d contacts are left", n)
			}
			return err
		})
	})
}

func TestExternalContactsLieSealed(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		if !strings.HasPrefix(dsn, "sqlite:") {
			return // the columns are the same; the file is what can be looked into
		}
		w := newTown(t, func(o ...storetest.Option) *store.DB { return storetest.OpenDSN(t, dsn, o...) })
		acme, _ := w.organization("acme")
		x := w.outside(acme, "", "Zoe Outside", reached)
		other := w.outside(acme, "", "Other", identity.ContactDetails{Email: "other@nova.example"})
		stored := w.stored(dsn)
		if !lies(stored, x.Name) {
			t.Fatal("the database does not hold what is no secret")
		}
		for _, secret := range []string{reached.Mobile, reached.OtherNumber, reached.Email, reached.Address, reached.Remarks} {
			if lies(stored, secret) {
				t.Errorf("%s lies open", secret)
			}
		}
		w.exec(`UPDATE external_contacts SET details = (SELECT details FROM external_contacts WHERE id = $2) WHERE id = $1`, string(x.ID), string(other.ID))
		err := w.db.View(t.Context(), func(tx *store.Tx) error { _, err := tx.ExternalContacts.Get(acme.ID, x.ID); return err })
		if fault.KindOf(err) != fault.Internal {
			t.Errorf("read what was sealed for another row: %v", err)
		}
	})
}

// A file's names find shared contacts of the organisation, and those alone.
func TestExternalContactsRecognized(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, root := w.organization("acme")
		nova, _ := w.organization("nova")
		zoe := w.outside(acme, "", "Zoe", reached)
		tom := w.outside(acme, "", "Tom", identity.ContactDetails{Email: "a@b"}) // shorter than most that is searched
		w.outside(nova, "", "Stranger", reached)
		w.outside(acme, w.member(acme, root, "al@acme").Member.ID, "Mine", reached)
		many := []string{"zoe@nova.example"}
		for n := range 1500 { // more than one list of values
			many = append(many, strings.Repeat("x", n+20)+"@nova.example")
		}
		for _, tt := range []struct {
			name string
			by   store.RecognizedBy
			want []identity.ExternalContactID
		}{
			{"nothing", store.RecognizedBy{}, nil},
			{"an identifier", store.RecognizedBy{IDs: []identity.ExternalContactID{tom.ID, "ctc_none"}}, []identity.ExternalContactID{tom.ID}},
			{"a mail address", store.RecognizedBy{Reached: []string{"zoe@nova.example"}}, []identity.ExternalContactID{zoe.ID}},
			{"a number", store.RecognizedBy{Reached: []string{"+8613700000001", "a@b"}}, []identity.ExternalContactID{zoe.ID, tom.ID}},
			{"a name", store.RecognizedBy{Names: []string{"tom"}}, []identity.ExternalContactID{tom.ID}},
			{"many", store.RecognizedBy{Reached: many}, []identity.ExternalContactID{zoe.ID}},
		} {
			w.update(func(tx *store.Tx) error {
				found, err := tx.ExternalContacts.Recognized(acme.ID, tt.by)
				var got []identity.ExternalContactID
				for _, x := range found {
					got = append(got, x.ID)
				}
				slices.Sort(got)
				slices.Sort(tt.want)
				if !slices.Equal(got, tt.want) {
					t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
				}
				return err
			})
		}
	})
}
