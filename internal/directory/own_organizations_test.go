package directory

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// found makes an organisation of a person's own.
func (h *house) found(actor identity.Actor, name string) identity.Organization {
	h.t.Helper()
	o, err := h.FoundOrganization(h.t.Context(), actor, OwnOrganization{Name: name})
	if err != nil {
		h.t.Fatalf("found %s: %v", name, err)
	}
	h.clock.Advance(time.Millisecond) // identifiers of one instant have no order
	return o
}

func TestFoundOrganization(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, dora := t.Context(), h.own("dora")
		_, err := h.FoundOrganization(ctx, dora, OwnOrganization{Name: "Dora Ltd"})
		wants(t, "while it is off", err, fault.CodeOrganizationsOff)
		h.lets(everything)
		o := h.found(dora, " Dora Ltd ")
		same(t, "the name", o.Name, "Dora Ltd")
		same(t, "the length of the code", len(o.Code), 8)
		same(t, "the limits", o.Limits, identity.LimitsOfPeople())
		h.read(func(tx *store.Tx) error {
			p, err := tx.Members.Owner(o.ID)
			same(t, "the owner", p.Account.ID, dora.AccountID)
			same(t, "the owner's name", p.Member.Name, "dora")
			return err
		})
		same(t, "recorded", slices.Contains(h.events(o.ID), "organization.added"), true)
		for _, name := range []string{"Two", "Three", "Four", "Five"} {
			h.found(dora, name)
		}
		_, err = h.FoundOrganization(ctx, dora, OwnOrganization{Name: "Six"})
		wants(t, "one too many", err, fault.CodeOrganizationQuota)
		h.write(func(tx *store.Tx) error { return tx.People.Grant(dora.AccountID) })
		h.found(dora, "Six")
		own, err := h.OwnPlaces(ctx, dora)
		wants(t, "asked", err, "")
		same(t, "owned, most and places", [3]int{own.Owned, own.Most, len(own.Places)}, [3]int{6, 6, 6})
		same(t, "the oldest", own.Places[0].Organization.ID, o.ID)
	})
}

func TestWhoFoundsNothing(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, dora := t.Context(), h.own("dora")
		h.lets(everything)
		for _, row := range []struct {
			actor identity.Actor
			code  fault.Code
		}{{actorOf(h.owner), fault.CodePersonOnly}, {identity.Actor{}, fault.CodeForbidden}, {console, fault.CodeForbidden}} {
			_, err := h.FoundOrganization(ctx, row.actor, OwnOrganization{Name: "Not"})
			wants(t, "made by "+string(row.actor.Kind), err, row.code)
			_, err = h.OwnPlaces(ctx, row.actor)
			wants(t, "asked by "+string(row.actor.Kind), err, row.code)
		}
		_, err := h.FoundOrganization(ctx, dora, OwnOrganization{Name: "a/b"})
		wants(t, "a wrong name", err, fault.CodeFieldFormat)
	})
}

// browser signs a person in at a browser.
func (h *house) browser(name string) SignedIn {
	h.t.Helper()
	in, err := h.SignInByPassword(h.t.Context(), PasswordProof{Name: name, Password: goodPassword, Entry: EnterBrowser{}})
	if err != nil {
		h.t.Fatalf("sign in %s: %v", name, err)
	}
	return in
}

func TestWhereAPersonComesIn(t *testing.T) {
	h := sqliteHouse(t)
	dora := h.own("dora")
	if in := h.browser("dora"); in.Organization.ID != "" || in.Session.Session.MemberID != "" {
		t.Errorf("without a place: in %q", in.Organization.ID)
	}
	h.lets(everything)
	one := h.found(dora, "One")
	if in := h.browser("dora"); in.Organization.ID != one.ID {
		t.Errorf("with one place: in %q, want %q", in.Organization.ID, one.ID)
	}
	two := h.found(dora, "Two")
	if in := h.browser("dora"); in.Organization.ID != "" {
		t.Errorf("with two places: in %q, want none", in.Organization.ID)
	}
	freeze := func(o identity.Organization) {
		h.write(func(tx *store.Tx) error {
			o, err := tx.Organizations.Get(o.ID)
			o.Status = identity.OrganizationFrozen
			if err == nil {
				err = tx.Organizations.Put(o)
			}
			return err
		})
	}
	freeze(one)
	if in := h.browser("dora"); in.Organization.ID != two.ID {
		t.Errorf("with one that stands: in %q, want %q", in.Organization.ID, two.ID)
	}
	freeze(two)
	if in := h.browser("dora"); in.Organization.ID != "" {
		t.Errorf("with none that stands: in %q, want none", in.Organization.ID)
	}
	wants(t, "a program", h.tries("dora", goodPassword), fault.CodeOrganizationInactive)
}

func TestSwitchOrganization(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		dora := h.own("dora")
		h.lets(everything)
		one, two := h.found(dora, "One"), h.found(dora, "Two")
		in := h.browser("dora")
		proven := in.Session.Session
		h.clock.Advance(time.Minute)
		to := func(k identity.Session, word string, org identity.OrganizationID) (SignedIn, error) {
			return h.SwitchOrganization(t.Context(), Switch{Session: k, Organization: org, Entry: EnterBrowser{Replaces: word}})
		}
		first, err := to(proven, in.Session.Word, one.ID)
		if err != nil {
			t.Fatal(err)
		}
		k := first.Session.Session
		if k.OrganizationID != one.ID || k.ID == proven.ID || first.Session.Word == in.Session.Word || !k.ProvenAt.Equal(proven.ProvenAt) || !k.EndsAt.Equal(proven.EndsAt) {
			t.Errorf("went on as %+v after %+v", k, proven)
		}
		second, err := to(k, first.Session.Word, two.ID)
		if err != nil || second.Organization.ID != two.ID || second.Person.Member.Role != identity.RoleOwner {
			t.Fatalf("on to %s, %v", second.Organization.ID, err)
		}
		if own, err := h.OwnPlaces(t.Context(), dora); err != nil || own.Places[0].Last || !own.Places[1].Last {
			t.Errorf("remembered %+v, %v", own, err)
		}
		k = second.Session.Session
		for _, row := range []struct {
			name   string
			change func(k *identity.Session, org *identity.OrganizationID)
			code   fault.Code
		}{
			{"where they do not belong", func(_ *identity.Session, org *identity.OrganizationID) { *org = h.org.ID }, fault.CodeOrganizationNotFound},
			{"proven by a source", func(k *identity.Session, _ *identity.OrganizationID) { k.SourceID = "src_1" }, fault.CodeOrganizationSwitch},
			{"proven by an App ID", func(k *identity.Session, _ *identity.OrganizationID) { k.Methods = []string{identity.ByAppID} }, fault.CodeOrganizationSwitch},
			{"before a password of their own", func(k *identity.Session, _ *identity.OrganizationID) { k.MustChange = true }, fault.CodeOrganizationSwitch},
			{"of an earlier generation", func(k *identity.Session, _ *identity.OrganizationID) { k.Generation.Account-- }, fault.CodeSessionEnded},
		} {
			changed, org := k, one.ID
			row.change(&changed, &org)
			_, err := to(changed, "", org)
			wants(t, row.name, err, row.code)
		}
		managed := h.browser("owner@house").Session.Session
		for _, org := range []identity.OrganizationID{one.ID, ""} {
			_, err = to(managed, "", org)
			wants(t, "a managed account", err, fault.CodePersonOnly)
		}
	})
}

// Between organisations a person acts in none, by the same proof.
func TestSwitchToNone(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		dora := h.own("dora")
		h.lets(everything)
		o := h.found(dora, "One")
		there := h.browser("dora") // led into the only one
		proven := there.Session.Session
		h.clock.Advance(time.Minute)
		to := func(org identity.OrganizationID) (SignedIn, error) {
			return h.SwitchOrganization(t.Context(), Switch{Session: there.Session.Session, Organization: org, Entry: EnterBrowser{Replaces: there.Session.Word}})
		}
		none, err := to("")
		if err != nil {
			t.Fatal(err)
		}
		k := none.Session.Session
		if k.OrganizationID != "" || k.MemberID != "" || k.ID == proven.ID || !k.ProvenAt.Equal(proven.ProvenAt) || !k.EndsAt.Equal(proven.EndsAt) {
			t.Errorf("went on as %+v after %+v", k, proven)
		}
		if signed, err := session.New(h.db, session.Options{Now: h.clock.Now}).Check(t.Context(), none.Session.Word); err != nil || signed.Actor(identity.Origin{}).Kind != identity.ActsAsPerson {
			t.Errorf("acts as %+v, %v", signed, err)
		}
		there = none
		if back, err := to(o.ID); err != nil || back.Organization.ID != o.ID {
			t.Errorf("back in %q, %v", back.Organization.ID, err)
		}
		if own, err := h.OwnPlaces(t.Context(), dora); err != nil || !own.Places[0].Last {
			t.Errorf("remembered %+v, %v", own, err)
		}
	})
}

func TestLeaveOrganization(t *testing.T) {
	h := sqliteHouse(t)
	dora, emil := h.own("dora"), h.own("emil")
	h.lets(everything)
	o := h.found(dora, "Dora Ltd")
	join := func() {
		h.write(func(tx *store.Tx) error { _, err := JoinIn(tx, o.ID, emil.AccountID); return err })
	}
	join()
	wants(t, "the owner", h.LeaveOrganization(t.Context(), dora, o.ID), fault.CodeOwnerProtected)
	wants(t, "who is no member", h.LeaveOrganization(t.Context(), emil, h.org.ID), fault.CodeMemberNotFound)
	wants(t, "a managed account", h.LeaveOrganization(t.Context(), actorOf(h.owner), h.org.ID), fault.CodePersonOnly)
	if err := h.LeaveOrganization(t.Context(), emil, o.ID); err != nil {
		t.Fatal(err)
	}
	wants(t, "again", h.LeaveOrganization(t.Context(), emil, o.ID), fault.CodeMemberNotFound)
	if own, err := h.OwnPlaces(t.Context(), emil); err != nil || len(own.Places) != 0 {
		t.Errorf("still in %+v, %v", own, err)
	}
	if events := h.events(o.ID); !slices.Contains(events, "member.left") {
		t.Errorf("recorded %v", events)
	}
	join() // and may come again
}

// TestLeaveAndGoOn: who acts in an organisation leaves it and goes on in none, in
// one step; a refusal leaves the session where it is.
func TestLeaveAndGoOn(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, dora, emil := t.Context(), h.own("dora"), h.own("emil")
		h.lets(everything)
		o := h.found(dora, "Dora Ltd")
		h.write(func(tx *store.Tx) error { _, err := JoinIn(tx, o.ID, emil.AccountID); return err })
		there := func(account string) SignedIn {
			t.Helper()
			in := h.browser(account)
			in, err := h.SwitchOrganization(ctx, Switch{Session: in.Session.Session, Organization: o.ID, Entry: EnterBrowser{Replaces: in.Session.Word}})
			if err != nil {
				t.Fatal(err)
			}
			return in
		}
		leave := func(actor identity.Actor, in SignedIn) (SignedIn, error) {
			return h.LeaveAndGoOn(ctx, actor, Switch{Session: in.Session.Session, Entry: EnterBrowser{Replaces: in.Session.Word}})
		}
		in := there("dora")
		_, err := leave(dora, in)
		wants(t, "the owner", err, fault.CodeOwnerProtected)
		if _, err := h.SwitchOrganization(ctx, Switch{Session: in.Session.Session, Organization: "", Entry: EnterBrowser{Replaces: in.Session.Word}}); err != nil {
			t.Errorf("the session of who was refused: %v", err)
		}
		in = there("emil")
		sourced := in
		sourced.Session.Session.SourceID = "src_1"
		_, err = leave(emil, sourced)
		wants(t, "proven by a source", err, fault.CodeOrganizationSwitch)
		if own, err := h.OwnPlaces(ctx, emil); err != nil || len(own.Places) != 1 {
			t.Errorf("after a refusal: in %+v, %v", own, err)
		}
		on, err := leave(emil, in)
		if wants(t, "leave", err, ""); on.Session.Session.OrganizationID != "" || on.Session.Word == in.Session.Word {
			t.Errorf("went on as %+v", on.Session.Session)
		}
		if own, err := h.OwnPlaces(ctx, emil); err != nil || len(own.Places) != 0 {
			t.Errorf("still in %+v, %v", own, err)
		}
	})
}

func TestRemoveOwnAccount(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		ctx, dora, emil := t.Context(), h.own("dora"), h.own("emil")
		h.lets(everything)
		o := h.found(dora, "Dora Ltd")
		h.write(func(tx *store.Tx) error { _, err := JoinIn(tx, o.ID, emil.AccountID); return err })
		good := SelfProof{Password: goodPassword}
		wants(t, "an owner", h.RemoveOwnAccount(ctx, dora, good), fault.CodeAccountOwns)
		wants(t, "a wrong password", h.RemoveOwnAccount(ctx, emil, SelfProof{Password: "wrong"}), fault.CodePasswordOld)
		wants(t, "a managed account", h.RemoveOwnAccount(ctx, actorOf(h.owner), good), fault.CodePersonOnly)
		wants(t, "nobody", h.RemoveOwnAccount(ctx, identity.Actor{}, good), fault.CodeForbidden)
		h.mails()
		h.browser("emil")
		if err := h.RemoveOwnAccount(ctx, emil, good); err != nil {
			t.Fatal(err)
		}
		wants(t, "signs in", h.tries("emil", goodPassword), fault.CodeSignInFailed)
		h.read(func(tx *store.Tx) error {
			if _, err := tx.Accounts.Get(emil.AccountID); !fault.Is(err, fault.CodeAccountNotFound) {
				t.Errorf("the account is there: %v", err)
			}
			members, _, err := tx.Organizations.Counts(o.ID)
			if members != 1 {
				t.Errorf("%d members are counted, want 1", members)
			}
			live, _ := tx.Sessions.Live(emil.AccountID)
			if len(live) != 0 {
				t.Errorf("%d sessions are left", len(live))
			}
			return err
		})
		if again := h.own("emil"); again.AccountID == emil.AccountID {
			t.Error("the names are free, but the account is the old one")
		}
	})
}

// Whoever has no password proves themselves at a source, and not long ago.
func TestRemoveOwnAccountWithoutPassword(t *testing.T) {
	h := sqliteHouse(t)
	dora := h.own("dora")
	h.write(func(tx *store.Tx) error {
		c, err := tx.Credentials.Get(dora.AccountID)
		c.Hash = ""
		if err == nil {
			err = tx.Credentials.Put(c)
		}
		return err
	})
	now := h.clock.Now()
	for _, row := range []struct {
		name string
		k    identity.Session
		code fault.Code
	}{
		{"by no source", identity.Session{AccountID: dora.AccountID, ProvenAt: now}, fault.CodeLoginRequired},
		{"too long ago", identity.Session{AccountID: dora.AccountID, SourceID: "src_1", ProvenAt: now.Add(-6 * time.Minute)}, fault.CodeLoginRequired},
		{"somebody else", identity.Session{AccountID: "acc_other", SourceID: "src_1", ProvenAt: now}, fault.CodeLoginRequired},
		{"just now", identity.Session{AccountID: dora.AccountID, SourceID: "src_1", ProvenAt: now}, ""},
	} {
		wants(t, row.name, h.RemoveOwnAccount(t.Context(), dora, SelfProof{Session: row.k}), row.code)
	}
}
