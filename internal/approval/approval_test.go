package approval

import (
	"encoding/json"
	"net/netip"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: "085d1f96cd9ddd6f3c50d70a0b2eb239"}

// house is Acme with its owner anna and the member carl, who may not enter its
// application, the wiki; dora, who has an account of her own and is no member;
// and zoe, whose account belongs to another organisation.
type house struct {
	*Approval
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
	acme  identity.Organization
	wiki  identity.Application
	anna  identity.Person
	carl  identity.Person
	dora  identity.Account
	zoe   identity.Person
}

func each(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		h := &house{Approval: New(db, "https://id.example"), t: t, db: db, clock: clock}
		h.furnish()
		test(t, h)
	})
}

func (h *house) write(fn func(tx *store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error { tx.NoEvent("a test"); return fn(tx) })
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) furnish() {
	h.t.Helper()
	people := directory.New(h.db, directory.Options{Now: h.clock.Now, Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 64, Passes: 1})})
	h.t.Cleanup(people.Close)
	console := identity.Actor{Kind: identity.ActsAsConsole, Origin: origin}
	add := func(code, account string) (identity.Organization, identity.Person) {
		o, err := people.AddOrganization(h.t.Context(), console, directory.NewOrganization{
			Code: code, Name: code + " Ltd", Owner: &directory.NewMember{Account: account, Name: account, Password: "correct-horse-7", Email: account + "@mail.example"},
		})
		if err != nil {
			h.t.Fatal(err)
		}
		var owner identity.Person
		h.write(func(tx *store.Tx) (err error) { owner, err = tx.Members.Owner(o.ID); return err })
		return o, owner
	}
	h.acme, h.anna = add("acme", "anna")
	_, h.zoe = add("nova", "zoe")
	added, err := people.AddMember(h.t.Context(), console, h.acme.ID, directory.NewMember{
		Account: "carl", Name: "Carl", Password: "correct-horse-7", Email: "carl@mail.example",
	})
	if err != nil {
		h.t.Fatal(err)
	}
	h.carl = added.Person
	h.write(func(tx *store.Tx) error {
		now := tx.Now()
		h.dora = identity.Account{
			ID: identity.NewAccountID(now), Kind: identity.Personal, Name: "dora", DisplayName: "Dora", Email: "dora@mail.example",
			Language: "zh-CN", Status: identity.AccountActive, Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		if err := tx.Accounts.Insert(h.dora, h.dora.LoginNames(true)); err != nil {
			return err
		}
		h.wiki = identity.Application{
			ID: identity.NewApplicationID(now), OrganizationID: h.acme.ID, ClientID: "wiki", Name: "Wiki", Protocol: identity.ProtocolOIDC,
			Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{}, Generation: 1, Version: 1, CreatedAt: now, UpdatedAt: now,
		}
		return tx.Applications.Insert(h.wiki)
	})
	h.mails()
}

func as(p identity.Person) identity.Actor {
	m := p.Member
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: m.AccountID, MemberID: m.ID, OrganizationID: m.OrganizationID, Role: m.Role, Name: m.Name, Origin: origin,
	}
}

// stranger is somebody who is signed in and a member of nothing here.
func stranger(a identity.Account) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsMember, AccountID: a.ID, Name: a.DisplayName, Origin: origin}
}

func (h *house) ask(actor identity.Actor) Standing {
	h.t.Helper()
	s, err := h.Ask(h.t.Context(), actor, h.wiki, "please")
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// mails takes what waits in the outbox: who is told what.
func (h *house) mails() (all []string) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		for {
			waiting, err := tx.Outbox.Lease("test", tx.Now().Add(time.Minute), 100)
			if err != nil || len(waiting) == 0 {
				return err
			}
			for _, m := range waiting {
				var p struct{ Template string }
				if err := json.Unmarshal(m.Payload, &p); err != nil {
					return err
				}
				all = append(all, m.Target+" "+p.Template)
				if err := tx.Outbox.Sent(m.ID); err != nil {
					return err
				}
			}
		}
	})
	slices.Sort(all)
	return all
}

// admitted tells who of the two may enter by now.
func (h *house) admitted(account identity.AccountID) (in bool) {
	h.t.Helper()
	h.write(func(tx *store.Tx) error {
		p, err := tx.Members.ByAccount(h.acme.ID, account)
		if fault.Is(err, fault.CodeMemberNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		in, err = tx.Applications.Admits(h.wiki.ID, h.acme.ID, p.Member.ID)
		return err
	})
	return in
}

func wants(t *testing.T, what string, err error, want fault.Code) {
	t.Helper()
	if want == "" && err != nil || want != "" && !fault.Is(err, want) {
		t.Errorf("%s: got %v, want %q", what, err, want)
	}
}

func TestAMemberAsksOnceAndIsLetIn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.ask(as(h.carl))
		if first.Entry.State != identity.RequestPending || first.Join.ID != "" || !first.Member || first.Of().ID != first.Entry.ID {
			t.Fatalf("got %+v", first)
		}
		if got, want := h.mails(), []string{"anna@mail.example " + outbox.TemplateEntryMade}; !slices.Equal(got, want) {
			t.Errorf("told: got %q, want %q", got, want)
		}
		if again := h.ask(as(h.carl)); again.Entry.ID != first.Entry.ID {
			t.Errorf("asked twice: got %s, want %s", again.Entry.ID, first.Entry.ID)
		}
		if got := h.mails(); len(got) != 0 {
			t.Errorf("told again: %q", got)
		}
		wants(t, "by the applicant", h.Approve(t.Context(), as(h.carl), h.acme.ID, first.Entry.ID, ""), fault.CodeForbidden)
		wants(t, "by another organisation's owner", h.Approve(t.Context(), as(h.zoe), h.acme.ID, first.Entry.ID, ""), fault.CodeForbidden)
		wants(t, "through another organisation", h.Approve(t.Context(), as(h.zoe), h.zoe.Member.OrganizationID, first.Entry.ID, ""), fault.CodeRequestNotFound)
		wants(t, "approve", h.Approve(t.Context(), as(h.anna), h.acme.ID, first.Entry.ID, "welcome"), "")
		if !h.admitted(h.carl.Account.ID) {
			t.Error("may not enter")
		}
		if got, want := h.mails(), []string{"carl@mail.example " + outbox.TemplateEntryApproved}; !slices.Equal(got, want) {
			t.Errorf("told: got %q, want %q", got, want)
		}
		wants(t, "approve twice", h.Approve(t.Context(), as(h.anna), h.acme.ID, first.Entry.ID, ""), fault.CodeRequestDecided)
		wants(t, "withdraw late", h.Withdraw(t.Context(), as(h.carl), first.Entry.ID), fault.CodeRequestDecided)
		_, err := h.Ask(t.Context(), as(h.carl), h.wiki, "")
		wants(t, "ask for nothing", err, fault.CodeRequestNeedless)
		all, err := h.Mine(t.Context(), as(h.carl))
		if err != nil || len(all) != 1 || all[0].Request.Answer != "welcome" || all[0].Request.DecidedBy != "anna" || all[0].Application != "Wiki" {
			t.Errorf("mine: got %+v, %v", all, err)
		}
	})
}

func TestAStrangerJoinsFirst(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		dora := stranger(h.dora)
		s := h.ask(dora)
		if s.Entry.After != s.Join.ID || s.Join.Kind != identity.RequestJoin || s.Of().ID != s.Join.ID {
			t.Fatalf("got %+v", s)
		}
		want := []string{"anna@mail.example " + outbox.TemplateEntryMade, "anna@mail.example " + outbox.TemplateJoinMade}
		if got := h.mails(); !slices.Equal(got, want) {
			t.Errorf("told: got %q, want %q", got, want)
		}
		wants(t, "enter before joining", h.Approve(t.Context(), as(h.anna), h.acme.ID, s.Entry.ID, ""), fault.CodeRequestOrder)
		page, err := h.Page(t.Context(), as(h.anna), h.acme.ID, store.RequestQuery{State: identity.RequestPending})
		if err != nil || len(page) != 2 || page[0].Waits == page[1].Waits || page[0].Applicant != "Dora" {
			t.Errorf("page: got %+v, %v", page, err)
		}
		wants(t, "join", h.Approve(t.Context(), as(h.anna), h.acme.ID, s.Join.ID, ""), "")
		if h.admitted(h.dora.ID) {
			t.Error("entered by joining")
		}
		wants(t, "enter", h.Approve(t.Context(), as(h.anna), h.acme.ID, s.Entry.ID, ""), "")
		if !h.admitted(h.dora.ID) {
			t.Error("may not enter")
		}
		h.write(func(tx *store.Tx) error {
			p, err := tx.Members.ByAccount(h.acme.ID, h.dora.ID)
			if p.Member.Name != "Dora" || p.Member.Role != identity.RoleMember {
				t.Errorf("member: got %+v", p.Member)
			}
			return err
		})
	})
}

func TestRejectedAndWithdrawn(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		dora := stranger(h.dora)
		s := h.ask(dora)
		h.mails()
		wants(t, "reject", h.Reject(t.Context(), as(h.anna), h.acme.ID, s.Join.ID, "not now"), "")
		want := []string{"dora@mail.example " + outbox.TemplateEntryRejected, "dora@mail.example " + outbox.TemplateJoinRejected}
		if got := h.mails(); !slices.Equal(got, want) {
			t.Errorf("told: got %q, want %q", got, want)
		}
		now, err := h.Standing(t.Context(), dora, h.wiki)
		if err != nil || now.Of().State != identity.RequestRejected || now.Of().Answer != "not now" || now.Entry.State != identity.RequestRejected {
			t.Errorf("got %+v, %v", now, err)
		}
		h.clock.Advance(time.Minute)
		again, err := h.Again(t.Context(), dora, s.Entry.ID)
		if err != nil || again.Join.ID == s.Join.ID || again.Join.State != identity.RequestPending {
			t.Fatalf("again: got %+v, %v", again, err)
		}
		if got := h.mails(); len(got) != 0 {
			t.Errorf("reminded within the hour: %q", got)
		}
		wants(t, "somebody else's", h.Withdraw(t.Context(), as(h.carl), again.Join.ID), fault.CodeRequestNotFound)
		wants(t, "withdraw", h.Withdraw(t.Context(), dora, again.Join.ID), "")
		for _, id := range []identity.RequestID{again.Join.ID, again.Entry.ID} {
			wants(t, "decide what was withdrawn", h.Approve(t.Context(), as(h.anna), h.acme.ID, id, ""), fault.CodeRequestDecided)
		}
	})
}

func TestWhoMayNotAsk(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		ask := func(actor identity.Actor, reason string) error {
			_, err := h.Ask(t.Context(), actor, h.wiki, reason)
			return err
		}
		wants(t, "nobody", ask(identity.Actor{}, ""), fault.CodeForbidden)
		wants(t, "a managed account of another organisation", ask(as(h.zoe), ""), fault.CodeRequestForeign)
		wants(t, "two lines", ask(as(h.carl), "a\nb"), fault.CodeFieldFormat)
		h.write(func(tx *store.Tx) error {
			p, err := tx.Members.Get(h.acme.ID, h.carl.Member.ID)
			if err != nil {
				return err
			}
			p.Member.Status = identity.MemberDisabled
			return tx.Members.Put(p)
		})
		wants(t, "a suspended member", ask(as(h.carl), ""), fault.CodeMemberDisabled)
		h.write(func(tx *store.Tx) error {
			h.wiki.Status = identity.ApplicationDisabled
			return tx.Applications.Put(h.wiki)
		})
		wants(t, "at a disabled application", ask(stranger(h.dora), ""), fault.CodeApplicationNotFound)
	})
}

// Of everybody who ends a request at the same moment one succeeds, and what
// follows from that end is so and nothing else.
func TestOneEndCounts(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		for range 5 {
			s := h.ask(as(h.carl))
			errs := make([]error, 24)
			var wait sync.WaitGroup
			for i := range errs {
				wait.Go(func() {
					switch i % 3 {
					case 0:
						errs[i] = h.Withdraw(t.Context(), as(h.carl), s.Entry.ID)
					case 1:
						errs[i] = h.Approve(t.Context(), as(h.anna), h.acme.ID, s.Entry.ID, "")
					default:
						errs[i] = h.Reject(t.Context(), as(h.anna), h.acme.ID, s.Entry.ID, "")
					}
				})
			}
			wait.Wait()
			won := -1
			for i, err := range errs {
				switch {
				case err == nil && won >= 0:
					t.Fatalf("two ends count: %d and %d", won, i)
				case err == nil:
					won = i
				case !fault.Is(err, fault.CodeRequestDecided):
					t.Errorf("got %v", err)
				}
			}
			now, err := h.Standing(t.Context(), as(h.carl), h.wiki)
			want := []identity.RequestState{identity.RequestWithdrawn, identity.RequestApproved, identity.RequestRejected}
			if err != nil || won < 0 || now.Entry.State != want[won%3] || h.admitted(h.carl.Account.ID) != (won%3 == 1) {
				t.Fatalf("got %+v, %v after %d", now.Entry, err, won)
			}
			if won%3 == 1 {
				return
			}
			h.clock.Advance(time.Millisecond)
		}
	})
}

// Of everybody who asks at the same moment for one person one makes a request.
func TestAskedAtOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var wait sync.WaitGroup
		for range 16 {
			wait.Go(func() {
				if _, err := h.Ask(t.Context(), stranger(h.dora), h.wiki, ""); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		all, err := h.Mine(t.Context(), stranger(h.dora))
		if err != nil || len(all) != 2 {
			t.Errorf("got %d requests, %v, want 2", len(all), err)
		}
	})
}
