package factor

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// chamber is a house in which carol is signed in at a browser.
type chamber struct {
	desk
	*Second
	t       *testing.T
	carol   identity.Account
	session identity.Session
}

func eachChamber(t *testing.T, test func(t *testing.T, c *chamber)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		db := open(storetest.WithClock(clock))
		d := deskOn(db, clock, identity.ByMail, identity.BySMS)
		c := &chamber{desk: d, Second: NewSecond(db, CodeOptions{Configured: d.options.Configured}), t: t}
		c.furnish()
		test(t, c)
	})
}

func (c *chamber) furnish() {
	now := c.clock.Now()
	c.carol = identity.Account{
		ID: identity.NewAccountID(now), Kind: identity.Personal, Name: "carol", DisplayName: "Carol", Status: identity.AccountActive,
		Mobile: "+8613800000001", Email: "carol@mail.example", Version: 1,
	}
	c.session = identity.Session{
		ID: identity.SessionIDOf(identity.NewUUID(now)), AccountID: c.carol.ID, Methods: []string{identity.ByPassword}, ProvenAt: now,
		CreatedAt: now, SeenAt: now, IdleEndsAt: now.Add(time.Hour), EndsAt: now.Add(time.Hour),
	}
	c.write(func(tx *store.Tx) error {
		if err := tx.Accounts.Insert(c.carol, c.carol.LoginNames(true)); err != nil {
			return err
		}
		return tx.Sessions.Add(c.session, []byte("hash"))
	})
}

func (c *chamber) write(fn func(tx *store.Tx) error) {
	c.t.Helper()
	err := c.Second.db.Update(c.t.Context(), func(tx *store.Tx) error { tx.NoEvent("a test arranges things"); return fn(tx) })
	if err != nil {
		c.t.Fatal(err)
	}
}

func (c *chamber) actor() identity.Actor {
	return identity.Actor{Kind: identity.ActsAsPerson, AccountID: c.carol.ID, Name: "Carol"}
}

func (c *chamber) challenge(method identity.Channel) Challenge {
	return Challenge{Session: c.session, Method: method, Bound: "wiki nonce-1"}
}

// code sends a code and reads the message.
func (c *chamber) code(method identity.Channel) string {
	c.t.Helper()
	if _, err := c.Send(c.t.Context(), c.actor(), c.challenge(method)); err != nil {
		c.t.Fatal(err)
	}
	return c.sent(c.t)[0].Params["code"]
}

// stored reads the session as it is.
func (c *chamber) stored() (k identity.Session) {
	c.t.Helper()
	err := c.Second.db.View(c.t.Context(), func(tx *store.Tx) error {
		found, err := tx.Lookup.Session(c.session.ID)
		k = found.Row.Session
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return k
}

func TestSecondProof(t *testing.T) {
	for method, want := range map[identity.Channel][]string{
		identity.BySMS: {"pwd", "sms", "mfa"}, identity.ByMail: {"pwd", "otp", "mfa"},
	} {
		t.Run(string(method), func(t *testing.T) {
			eachChamber(t, func(_ *testing.T, c *chamber) { c.proves(method, want) })
		})
	}
}

// proves gives a second proof by a method.
func (c *chamber) proves(method identity.Channel, want []string) {
	c.t.Helper()
	ctx := c.t.Context()
	ways, err := c.Ways(ctx, c.carol.ID)
	if err != nil || len(ways) != 2 || ways[0].Method != identity.BySMS || ways[0].Masked == c.carol.Mobile {
		c.t.Errorf("ways: got %+v, %v", ways, err)
	}
	code := c.code(method)
	c.clock.Advance(time.Minute)
	k, err := c.Prove(ctx, c.actor(), c.challenge(method), code)
	if err != nil || !k.Verified() || !slices.Equal(k.Methods, want) {
		c.t.Fatalf("got %+v, %v", k, err)
	}
	if got := c.stored(); !got.VerifiedAt.Equal(c.clock.Now()) || !slices.Equal(got.Methods, want) || !got.ProvenAt.Equal(c.session.ProvenAt) {
		c.t.Errorf("stored %+v", got)
	}
	_, err = c.Prove(ctx, c.actor(), c.challenge(method), code)
	wants(c.t, "twice", err, fault.CodeCodeExpired)
	if n := c.told(audit.SecondProofGiven); n != 1 {
		c.t.Errorf("told %d times", n)
	}
}

// told counts the events of a type.
func (c *chamber) told(what audit.Type) (n int) {
	c.t.Helper()
	err := c.Second.db.View(c.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{Limit: 100})
		for _, e := range all {
			if e.Type == string(what) {
				n++
			}
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %s", what, err, code)
	}
}

// A code counts in its session, on its way, for its contact, and in time.
func TestSecondProofIsBound(t *testing.T) {
	eachChamber(t, func(t *testing.T, c *chamber) {
		code := c.code(identity.ByMail)
		elsewhere, other, sms := c.challenge(identity.ByMail), c.challenge(identity.ByMail), c.challenge(identity.BySMS)
		elsewhere.Bound, other.Session.ID = "mail nonce-1", "ses_other"
		for what, challenge := range map[string]Challenge{"another application": elsewhere, "another session": other, "another contact": sms} {
			_, err := c.Prove(t.Context(), c.actor(), challenge, code)
			wants(t, what, err, fault.CodeCodeWrong)
		}
		stranger := c.actor()
		stranger.AccountID = "acc_other"
		for who, actor := range map[string]identity.Actor{"a stranger": stranger, "nobody": {}} {
			_, err := c.Prove(t.Context(), actor, c.challenge(identity.ByMail), code)
			wants(t, who, err, fault.CodeForbidden)
			_, err = c.Send(t.Context(), actor, c.challenge(identity.ByMail))
			wants(t, who+" sends", err, fault.CodeForbidden)
		}
		_, err := c.Send(t.Context(), c.actor(), c.challenge(identity.ByMail))
		wants(t, "again at once", err, fault.CodeCodeTooSoon)
		c.clock.Advance(secondLife)
		_, err = c.Prove(t.Context(), c.actor(), c.challenge(identity.ByMail), code)
		wants(t, "late", err, fault.CodeCodeExpired)
		if got := c.stored(); got.Verified() || len(got.Methods) != 1 {
			t.Errorf("stored %+v", got)
		}
	})
}

// However many guess at once, five are looked at, and then the right code is
// refused, too (attack row 81); of many right ones at once one counts (row 88).
func TestSecondProofIsBounded(t *testing.T) {
	eachChamber(t, func(t *testing.T, c *chamber) {
		code := c.code(identity.ByMail)
		var work sync.WaitGroup
		for range 20 {
			work.Go(func() { _, _ = c.Prove(t.Context(), c.actor(), c.challenge(identity.ByMail), not(code)) })
		}
		work.Wait()
		_, err := c.Prove(t.Context(), c.actor(), c.challenge(identity.ByMail), code)
		wants(t, "after many guesses", err, fault.CodeCodeAttempts)
		c.clock.Advance(2 * secondLife)
		code = c.code(identity.ByMail)
		good := make(chan error, 20)
		for range 20 {
			work.Go(func() {
				_, err := c.Prove(t.Context(), c.actor(), c.challenge(identity.ByMail), code)
				good <- err
			})
		}
		work.Wait()
		close(good)
		n := 0
		for err := range good {
			if err == nil {
				n++
			}
		}
		if n != 1 {
			t.Errorf("%d proofs by one code", n)
		}
	})
}

// Whoever has no contact has no way, and a session that has ended is not proven.
func TestNoSecondProof(t *testing.T) {
	eachChamber(t, func(t *testing.T, c *chamber) {
		code := c.code(identity.BySMS)
		c.write(func(tx *store.Tx) error { return tx.Sessions.End(c.session.ID, tx.Now(), identity.EndedBySignOut) })
		if _, err := c.Prove(t.Context(), c.actor(), c.challenge(identity.BySMS), code); fault.KindOf(err) != fault.NotFound {
			t.Errorf("in a session that has ended: %v", err)
		}
		c.write(func(tx *store.Tx) error {
			a, err := tx.Accounts.Get(c.carol.ID)
			if err != nil {
				return err
			}
			a.Mobile, a.Email = "", ""
			return tx.Accounts.Put(a, a.LoginNames(true))
		})
		if ways, err := c.Ways(t.Context(), c.carol.ID); err != nil || len(ways) != 0 {
			t.Errorf("got %+v, %v", ways, err)
		}
		_, err := c.Prove(t.Context(), c.actor(), c.challenge(identity.BySMS), code)
		wants(t, "without a contact", err, fault.CodeCodeNoContact)
	})
}
