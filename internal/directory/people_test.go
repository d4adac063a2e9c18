package directory

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// lets sets what people may do by themselves.
func (h *house) lets(rules identity.PeopleRules) {
	h.t.Helper()
	_, version, err := h.PeopleRules(h.t.Context(), console)
	if err == nil {
		err = h.SetPeopleRules(h.t.Context(), console, rules, version)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// everything is all that people may be let do.
var everything = identity.PeopleRules{Registration: true, Organizations: true}

// own registers somebody with a mail address and returns who they act as.
func (h *house) own(name string) identity.Actor {
	h.t.Helper()
	rules, _, err := h.PeopleRules(h.t.Context(), console)
	if err != nil {
		h.t.Fatal(err)
	}
	h.lets(everything)
	a, err := h.Register(h.t.Context(), identity.Origin{}, NewPerson{Name: name, Account: name, Contact: name + "@mail.example", Password: goodPassword})
	if err != nil {
		h.t.Fatalf("register %s: %v", name, err)
	}
	h.lets(rules)
	return personOf(a, identity.Origin{})
}

// wordIn returns the word at the end of the address in the last of some messages.
func (h *house) wordIn(sent []sent, path string) string {
	h.t.Helper()
	if len(sent) == 0 {
		h.t.Fatal("no message was sent")
	}
	u, err := url.Parse(sent[len(sent)-1].Params["address"])
	word, found := strings.CutPrefix(u.Path, path)
	if err != nil || !found || u.Host != "sign.in.example" {
		h.t.Fatalf("the message leads to %v, %v", u, err)
	}
	return word
}

// same compares two values that say what they are when printed.
func same[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func TestPeopleRules(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	if rules, version, err := h.PeopleRules(ctx, console); rules != (identity.PeopleRules{}) || version != 0 || err != nil {
		t.Errorf("at first: %+v, %d, %v", rules, version, err)
	}
	want := identity.PeopleRules{Registration: true, QuotaAtOnce: true}
	if err := h.SetPeopleRules(ctx, console, want, 0); err != nil {
		t.Fatal(err)
	}
	if rules, version, err := h.PeopleRules(ctx, console); rules != want || version != 1 || err != nil {
		t.Errorf("afterwards: %+v, %d, %v", rules, version, err)
	}
	if err := h.SetPeopleRules(ctx, console, want, 0); fault.KindOf(err) != fault.Stale {
		t.Errorf("set without reading: %v, want Stale", err)
	}
	if open, err := h.Registers(ctx); !open || err != nil {
		t.Errorf("registers: %v, %v", open, err)
	}
	for _, actor := range []identity.Actor{{}, actorOf(h.owner), h.own("dora")} {
		_, _, err := h.PeopleRules(ctx, actor)
		wants(t, "read by "+string(actor.Kind), err, fault.CodeForbidden)
		wants(t, "set by "+string(actor.Kind), h.SetPeopleRules(ctx, actor, want, 2), fault.CodeForbidden)
	}
}

func TestRegister(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx := t.Context()
		n := NewPerson{Name: " Dora ", Contact: " Dora@Mail.Example ", Password: goodPassword, Language: "zh-CN"}
		_, err := h.Register(ctx, identity.Origin{}, n)
		wants(t, "while it is off", err, fault.CodeRegistrationOff)
		_, err = h.Registrant(ctx, n)
		wants(t, "asking while it is off", err, fault.CodeRegistrationOff)
		h.lets(everything)
		who, err := h.Registrant(ctx, n)
		wants(t, "before", err, "")
		same(t, "before", who, Registrant{Channel: identity.ByMail, Contact: "dora@mail.example"})
		a, err := h.Register(ctx, identity.Origin{}, n)
		if err != nil {
			t.Fatal(err)
		}
		want := identity.Account{
			ID: a.ID, Kind: identity.Personal, Name: a.Name, DisplayName: "Dora", Email: "dora@mail.example", Country: DefaultCountry, Language: "zh-CN",
			Status: identity.AccountActive, Version: 1, CreatedAt: a.CreatedAt, UpdatedAt: a.CreatedAt,
		}
		same(t, "registered", a, want)
		rest, drawn := strings.CutPrefix(a.Name, "hid_u_")
		same(t, "the name "+a.Name+" is drawn", drawn && len(rest) == 13, true)
		who, err = h.Registrant(ctx, n)
		wants(t, "afterwards", err, "")
		same(t, "afterwards", who.Account.ID, a.ID)
		_, err = h.Register(ctx, identity.Origin{}, n)
		wants(t, "the same contact", err, fault.CodeEmailTaken)
		same(t, "recorded", slices.Contains(h.events(""), "account.registered"), true)
	})
}

func TestWhoRegisteredSignsIn(t *testing.T) {
	h := sqliteHouse(t)
	dora := h.own("dora")
	for _, name := range []string{"dora", "dora@mail.example"} {
		in := h.browser(name)
		same(t, name+"'s place", in.Person.Member.ID, "")
		same(t, name+"'s account", in.Person.Account.ID, dora.AccountID)
		same(t, name+" is the provider's or has to change the password", in.Provider || in.MustChange, false)
		wants(t, name+" by a program", h.tries(name, goodPassword), fault.CodeSignInFailed)
	}
	h.lets(everything)
	number, err := h.Register(t.Context(), identity.Origin{}, NewPerson{Name: "Emil", Account: "emil", Contact: "13800000001", Password: goodPassword})
	if err != nil || number.Mobile != "+8613800000001" || number.Email != "" || number.Name != "emil" {
		t.Errorf("by a number: %+v, %v", number, err)
	}
	same(t, "by the number", h.browser("+86 138 0000 0001").Person.Account.ID, number.ID)
}

func TestRegisterRefuses(t *testing.T) {
	h := sqliteHouse(t)
	h.lets(everything)
	h.member("carl@house", func(n *NewMember) { n.Email = "carl@mail.example" })
	good := NewPerson{Name: "Dora", Contact: "dora@mail.example", Password: goodPassword}
	for _, row := range []struct {
		name   string
		change func(n *NewPerson)
		code   fault.Code
		field  string
	}{
		{"no name", func(n *NewPerson) { n.Name = "  " }, fault.CodeFieldLength, "name"},
		{"a long name", func(n *NewPerson) { n.Name = strings.Repeat("x", 65) }, fault.CodeFieldLength, "name"},
		{"no contact", func(n *NewPerson) { n.Contact = "" }, fault.CodeFieldMissing, "contact"},
		{"a wrong address", func(n *NewPerson) { n.Contact = "dora@" }, fault.CodeEmailFormat, "contact"},
		{"a wrong number", func(n *NewPerson) { n.Contact = "+86 12" }, fault.CodeMobileFormat, "contact"},
		{"the name of a domain's people", func(n *NewPerson) { n.Account = "dora@house" }, fault.CodeAccountFormat, "account"},
		{"no account name", func(n *NewPerson) { n.Account = "dora dora" }, fault.CodeAccountFormat, "account"},
		{"a short password", func(n *NewPerson) { n.Password = "short" }, fault.CodePasswordLength, "password"},
		{"a common password", func(n *NewPerson) { n.Password = "password123" }, fault.CodePasswordBreached, "password"},
		{"a managed account's contact", func(n *NewPerson) { n.Contact = "carl@mail.example" }, fault.CodeEmailTaken, "email"},
	} {
		n := good
		row.change(&n)
		_, err := h.Register(t.Context(), identity.Origin{}, n)
		wants(t, row.name, err, row.code)
		if f := fault.Of(err); f != nil && f.Field != row.field {
			t.Errorf("%s: at %q, want %q", row.name, f.Field, row.field)
		}
	}
	if _, err := h.Register(t.Context(), identity.Origin{}, good); err != nil {
		t.Fatal(err)
	}
	again := good
	again.Account, again.Contact = "dora", "other@mail.example"
	if _, err := h.Register(t.Context(), identity.Origin{}, again); err != nil {
		t.Fatal(err)
	}
	again.Contact = "third@mail.example"
	_, err := h.Registrant(t.Context(), again)
	wants(t, "a taken name, asked", err, fault.CodeAccountTaken)
	_, err = h.Register(t.Context(), identity.Origin{}, again)
	wants(t, "a taken name", err, fault.CodeAccountTaken)
}

func TestRegistrationsAtOnce(t *testing.T) {
	both(t, func(t *testing.T, h *house, second func() *Directory) {
		h.lets(everything)
		nodes := []*Directory{h.Directory, second()}
		errs := make(chan error, 4)
		for i := range cap(errs) {
			go func() {
				_, err := nodes[i%2].Register(t.Context(), identity.Origin{}, NewPerson{Name: "Dora", Contact: "dora@mail.example", Password: goodPassword})
				errs <- err
			}()
		}
		made := 0
		for range cap(errs) {
			if err := <-errs; err == nil {
				made++
			} else {
				wants(t, "who was slower", err, fault.CodeEmailTaken)
			}
		}
		if made != 1 {
			t.Errorf("%d accounts were made, want 1", made)
		}
		h.read(func(tx *store.Tx) error {
			_, known, err := holderOf(tx, identity.ByMail, "dora@mail.example")
			if !known {
				t.Error("nobody has the contact")
			}
			return err
		})
	})
}
