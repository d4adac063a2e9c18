package addressbook

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func contact(name string) Contact {
	return Contact{Name: name, Company: "Nova", ContactDetails: identity.ContactDetails{Mobile: "137 0000 0001", Email: "Zoe@Nova.example"}}
}

func TestContacts(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		ctx, boss, rita, hugo := t.Context(), actorOf(h.boss), actorOf(h.rita), actorOf(h.hugo)
		shared := must(h.AddContact(ctx, boss, h.org, Everybodys, contact(" Zoe ")))(t)
		must(h.AddContact(ctx, rita, h.org, Own, contact("Mine")))(t)
		if d := shared.Details; shared.Name != "Zoe" || d.Mobile != "+8613700000001" || d.Country != "chinaPR" || d.Email != "zoe@nova.example" || d.OtherCountry != "" {
			t.Errorf("got %+v %+v %s", shared, d.Mobile, d.Country)
		}
		for _, tt := range []struct {
			who   identity.Actor
			whose Whose
			want  string
		}{
			{rita, Both, "Mine Zoe"}, {rita, Own, "Mine"}, {rita, Everybodys, "Zoe"}, {hugo, Both, "Zoe"}, {hugo, Own, ""}, {console, Both, "Zoe"},
		} {
			l := must(h.Contacts(ctx, tt.who, h.org, tt.whose, ContactQuery{Slice: Slice{Counted: true}}))(t)
			var got []string
			for _, x := range l.Items {
				got = append(got, x.Name)
			}
			if slices.Sort(got); strings.Join(got, " ") != tt.want || l.Count != len(got) {
				t.Errorf("%s, %d: got %q of %d, want %q", tt.who.Name, tt.whose, got, l.Count, tt.want)
			}
		}
	})
}

func TestContactChanges(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		ctx, boss, rita := t.Context(), actorOf(h.boss), actorOf(h.rita)
		shared := must(h.AddContact(ctx, boss, h.org, Everybodys, contact("Zoe")))(t)
		own := must(h.AddContact(ctx, rita, h.org, Own, contact("Mine")))(t)
		title, nothing := "Prof", ""
		changed, err := h.ChangeContact(ctx, rita, h.org, Own, Edit{own.ID, 1}, Change{Title: &title, Mobile: &nothing})
		if err != nil || changed.Title != "Prof" || changed.Details.Mobile != "" || changed.Details.Country != "" || changed.Version != 2 {
			t.Errorf("got %+v, %v", changed, err)
		}
		same, err := h.ChangeContact(ctx, rita, h.org, Own, Edit{ID: own.ID}, Change{Title: &title})
		if err != nil || same.Version != 2 {
			t.Errorf("nothing to change: got %+v, %v", same, err)
		}
		wants(t, "remove one's own", h.RemoveContact(ctx, rita, h.org, Own, Edit{own.ID, 2}), "")
		wants(t, "remove everybody's", h.RemoveContact(ctx, boss, h.org, Everybodys, Edit{ID: shared.ID}), "")
		_, err = h.Contact(ctx, boss, h.org, Everybodys, shared.ID)
		wants(t, "removed", err, fault.CodeContactNotFound)
	})
}

// What is one member's own is nobody else's, the owner's of the organisation
// included; what is shared is changed by administrators alone.
func TestContactsOfOthers(t *testing.T) {
	h := sqliteHouse(t)
	ctx, boss, rita, hugo := t.Context(), actorOf(h.boss), actorOf(h.rita), actorOf(h.hugo)
	other := must(h.directory.AddOrganization(ctx, console, directory.NewOrganization{
		Code: "other", Name: "Other", Owner: &directory.NewMember{Account: "boss@other", Name: "Stranger"},
	}))(t)
	stranger := actorOf(must(h.directory.MemberByRef(ctx, console, other.ID, directory.MemberRef{Account: "boss@other"}))(t))
	token := identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: h.org}
	shared := must(h.AddContact(ctx, boss, h.org, Everybodys, contact("Zoe")))(t)
	own := must(h.AddContact(ctx, rita, h.org, Own, contact("Mine")))(t)
	for _, tt := range []struct {
		name  string
		who   identity.Actor
		whose Whose
		id    identity.ExternalContactID
		read  fault.Code
		write fault.Code
	}{
		{"a member, shared", hugo, Everybodys, shared.ID, "", fault.CodeForbidden},
		{"a token, shared", token, Everybodys, shared.ID, "", ""},
		{"another member's own", hugo, Own, own.ID, fault.CodeContactNotFound, fault.CodeContactNotFound},
		{"a member's own, as shared", boss, Everybodys, own.ID, fault.CodeContactNotFound, fault.CodeContactNotFound},
		{"shared, as one's own", rita, Own, shared.ID, fault.CodeContactNotFound, fault.CodeContactNotFound},
		{"the console has none", console, Own, own.ID, fault.CodeForbidden, fault.CodeForbidden},
		{"a token has none", token, Own, own.ID, fault.CodeForbidden, fault.CodeForbidden},
		{"a stranger", stranger, Everybodys, shared.ID, fault.CodeForbidden, fault.CodeForbidden},
		{"a stranger's own", stranger, Own, own.ID, fault.CodeForbidden, fault.CodeForbidden},
		{"nobody", identity.Actor{}, Everybodys, shared.ID, fault.CodeForbidden, fault.CodeForbidden},
	} {
		_, err := h.Contact(ctx, tt.who, h.org, tt.whose, tt.id)
		wants(t, tt.name+" reads", err, tt.read)
		title := "by " + tt.name
		_, err = h.ChangeContact(ctx, tt.who, h.org, tt.whose, Edit{ID: tt.id}, Change{Title: &title})
		wants(t, tt.name+" writes", err, tt.write)
		if tt.write != "" {
			wants(t, tt.name+" removes", h.RemoveContact(ctx, tt.who, h.org, tt.whose, Edit{ID: tt.id}), tt.write)
		}
	}
	for _, tt := range []struct {
		who   identity.Actor
		whose Whose
	}{{hugo, Everybodys}, {token, Own}, {stranger, Own}, {identity.Actor{}, Everybodys}} {
		_, err := h.AddContact(ctx, tt.who, h.org, tt.whose, contact("X"))
		wants(t, "adds", err, fault.CodeForbidden)
	}
	_, err := h.Contacts(ctx, stranger, h.org, Both, ContactQuery{})
	wants(t, "a stranger lists", err, fault.CodeForbidden)
}

func TestContactRefusals(t *testing.T) {
	h := sqliteHouse(t)
	boss := actorOf(h.boss)
	long := strings.Repeat("x", 513)
	for name, tt := range map[string]struct {
		c    Contact
		code fault.Code
	}{
		"no name":      {Contact{}, fault.CodeFieldLength},
		"blanks":       {Contact{Name: "  "}, fault.CodeFieldLength},
		"a long name":  {Contact{Name: long}, fault.CodeFieldLength},
		"control":      {Contact{Name: "a\x01"}, fault.CodeMalformed},
		"mail":         {Contact{Name: "a", ContactDetails: identity.ContactDetails{Email: "x"}}, fault.CodeEmailFormat},
		"number":       {Contact{Name: "a", ContactDetails: identity.ContactDetails{Mobile: "x"}}, fault.CodeMobileFormat},
		"other number": {Contact{Name: "a", ContactDetails: identity.ContactDetails{OtherNumber: "x"}}, fault.CodeMobileFormat},
		"long remarks": {Contact{Name: "a", ContactDetails: identity.ContactDetails{Remarks: long}}, fault.CodeFieldLength},
		"long company": {Contact{Name: "a", Company: long}, fault.CodeFieldLength},
	} {
		_, err := h.AddContact(t.Context(), boss, h.org, Everybodys, tt.c)
		wants(t, name, err, tt.code)
	}
	x := must(h.AddContact(t.Context(), boss, h.org, Everybodys, contact("Zoe")))(t)
	bad, good := "x", "Zo"
	_, err := h.ChangeContact(t.Context(), boss, h.org, Everybodys, Edit{ID: x.ID}, Change{Email: &bad})
	wants(t, "a mail", err, fault.CodeEmailFormat)
	_, err = h.ChangeContact(t.Context(), boss, h.org, Everybodys, Edit{x.ID, 7}, Change{Name: &good})
	wants(t, "stale", err, fault.CodeStale)
	wants(t, "stale removal", h.RemoveContact(t.Context(), boss, h.org, Everybodys, Edit{x.ID, 7}), fault.CodeStale)
	_, err = h.AddContact(t.Context(), console, "org_none", Everybodys, contact("Zoe"))
	wants(t, "no organisation", err, fault.CodeOrganizationNotFound)
}

func TestContactLimit(t *testing.T) {
	h := sqliteHouse(t)
	rita := actorOf(h.rita)
	h.update(func(tx *store.Tx) error {
		for i := range identity.MaxOwnContacts {
			x := identity.ExternalContact{
				ID: identity.ExternalContactID(fmt.Sprintf("ctc_%026d", i)), OrganizationID: h.org, Owner: rita.MemberID, Name: "x", CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
			}
			if err := tx.ExternalContacts.Insert(x); err != nil {
				return err
			}
		}
		return nil
	})
	_, err := h.AddContact(t.Context(), rita, h.org, Own, contact("one more"))
	wants(t, "one more", err, fault.CodeContactLimit)
	_, err = h.AddContact(t.Context(), actorOf(h.hugo), h.org, Own, contact("another's"))
	wants(t, "another's", err, "")
	_, err = h.AddContact(t.Context(), console, h.org, Everybodys, contact("shared"))
	wants(t, "shared", err, "")
}

func (h *house) update(fn func(tx *store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(context.WithoutCancel(h.t.Context()), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return fn(tx)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// The operation log tells of what is shared, and of nobody's own contacts.
func TestContactEvents(t *testing.T) {
	h := sqliteHouse(t)
	ctx, boss, rita := t.Context(), actorOf(h.boss), actorOf(h.rita)
	shared := must(h.AddContact(ctx, boss, h.org, Everybodys, contact("Zoe")))(t)
	must(h.AddContact(ctx, rita, h.org, Own, contact("Mine")))(t)
	title := "Dr"
	must(h.ChangeContact(ctx, boss, h.org, Everybodys, Edit{ID: shared.ID}, Change{Title: &title}))(t)
	wants(t, "remove", h.RemoveContact(ctx, boss, h.org, Everybodys, Edit{ID: shared.ID}), "")
	var got []string
	err := h.db.View(ctx, func(tx *store.Tx) error {
		events, err := tx.Events.Page(store.EventQuery{Organization: h.org, Limit: 100})
		for _, e := range events {
			if strings.HasPrefix(e.Type, "contact.") {
				got = append(got, e.Type+" "+e.Details["name"]+e.Details["fields"])
			}
			if strings.Contains(fmt.Sprint(e.Details), "137") {
				t.Errorf("an event tells a number: %v", e.Details)
			}
		}
		return err
	})
	if slices.Sort(got); err != nil || strings.Join(got, ", ") != "contact.added Zoe, contact.changed Zoetitle, contact.removed Zoe" {
		t.Errorf("got %q, %v", got, err)
	}
}
