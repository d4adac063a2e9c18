package factor

import (
	"context"
	"encoding/base32"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func itoa(n int) string { return strconv.Itoa(n) }

// The only right first proof, and the address of the installation.
const (
	password = "correct horse"
	address  = "https://id.acme.example"
)

// drawer is a database with people's own factors.
type drawer struct {
	*Own
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
	alice identity.Actor
	bob   identity.Actor
}

func eachDrawer(t *testing.T, test func(t *testing.T, d drawer)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		d := drawer{t: t, db: open(storetest.WithClock(clock)), clock: clock}
		d.Own = NewOwn(d.db, OwnOptions{Issuer: "Orgate", Address: address + "/", Prove: func(_ context.Context, _ identity.Actor, p FirstProof) error {
			if p.Password != password {
				return fault.New(fault.Invalid, fault.CodePasswordOld).At("password")
			}
			return nil
		}})
		d.alice, d.bob = d.person("alice"), d.person("bob")
		test(t, d)
	})
}

// person adds somebody with an account of their own.
func (d drawer) person(name string) identity.Actor {
	d.t.Helper()
	a := identity.Account{
		ID: identity.NewAccountID(d.clock.Now()), Kind: identity.Personal, Name: name, Status: identity.AccountActive, Language: "en-US",
		CreatedAt: d.clock.Now(), UpdatedAt: d.clock.Now(),
	}
	d.update(func(tx *store.Tx) error { return tx.Accounts.Insert(a, nil) })
	return identity.Actor{Kind: identity.ActsAsPerson, AccountID: a.ID, Name: name}
}

func (d drawer) update(do func(tx *store.Tx) error) {
	d.t.Helper()
	if err := d.db.Update(d.t.Context(), func(tx *store.Tx) error { tx.NoEvent("a test"); return do(tx) }); err != nil {
		d.t.Fatal(err)
	}
}

// shows is the code that an app with this secret shows now.
func (d drawer) shows(secret string) string {
	d.t.Helper()
	code, err := totp.GenerateCode(secret, d.clock.Now())
	if err != nil {
		d.t.Fatal(err)
	}
	return code
}

func proof(code string) Proof { return Proof{First: FirstProof{Password: password}, Code: code} }

// enrol gives alice an app and returns its secret with her recovery codes.
func (d drawer) enrol(name string, p Proof) (f identity.Factor, secret string, codes []string) {
	d.t.Helper()
	s, err := d.Begin(d.t.Context(), d.alice)
	if err != nil {
		d.t.Fatal(err)
	}
	f, codes, err = d.Confirm(d.t.Context(), d.alice, NewFactor{Ticket: s.Ticket, Code: d.shows(s.Secret), Name: name}, p)
	if err != nil {
		d.t.Fatal(err)
	}
	return f, s.Secret, codes
}

func TestEnrolment(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		s := d.begin()
		if raw, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(s.Secret); err != nil || len(raw) != totpSecret {
			t.Errorf("got the secret %q: %v", s.Secret, err)
		}
		if again, err := d.Again(ctx, d.alice, s.Ticket); err != nil || !reflect.DeepEqual(again, s) {
			t.Errorf("again: got %+v, %v", again, err)
		}
		right := NewFactor{Ticket: s.Ticket, Code: d.shows(s.Secret), Name: "Phone"}
		f, codes, err := d.Confirm(ctx, d.alice, right, proof(""))
		if err != nil || len(codes) != recoveryCodes || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != recoveryCodes {
			t.Fatalf("got %v, %d recovery codes", err, len(codes))
		}
		d.holds(d.alice, Holding{Factors: []identity.Factor{f}, RecoveryCodes: recoveryCodes})
		d.holds(d.bob, Holding{})
		if _, _, err := d.Confirm(ctx, d.alice, right, proof(codes[0])); !fault.Is(err, fault.CodeSpent) {
			t.Errorf("the same secret again: got %v", err)
		}
		if _, err := d.Redeem(ctx, d.alice, right.Code); !fault.Is(err, fault.CodeFactorCode) {
			t.Errorf("the code of the enrolment again: got %v, want it used", err)
		}
	})
}

func (d drawer) begin() Setup {
	d.t.Helper()
	s, err := d.Begin(d.t.Context(), d.alice)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

// holds checks what somebody has.
func (d drawer) holds(who identity.Actor, want Holding) {
	d.t.Helper()
	if got, err := d.Holding(d.t.Context(), who); err != nil || !reflect.DeepEqual(got, want) {
		d.t.Errorf("%s has %+v, %v, want %+v", who.Name, got, err, want)
	}
}

// What is wrong adds nothing, and the secret waits for what is right.
func TestEnrolmentRefused(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		s := d.begin()
		right := NewFactor{Ticket: s.Ticket, Code: d.shows(s.Secret), Name: "Phone"}
		for _, row := range []struct {
			what  string
			actor identity.Actor
			do    func(n NewFactor) (NewFactor, Proof)
			want  fault.Code
		}{
			{"a wrong code", d.alice, func(n NewFactor) (NewFactor, Proof) { n.Code = not(n.Code); return n, proof("") }, fault.CodeFactorCode},
			{"no name", d.alice, func(n NewFactor) (NewFactor, Proof) { n.Name = ""; return n, proof("") }, fault.CodeFieldLength},
			{"a wrong password", d.alice, func(n NewFactor) (NewFactor, Proof) { return n, Proof{} }, fault.CodePasswordOld},
			{"somebody else's secret", d.bob, func(n NewFactor) (NewFactor, Proof) { return n, proof("") }, fault.CodeTicket},
			{"no ticket", d.alice, func(n NewFactor) (NewFactor, Proof) { n.Ticket = "x"; return n, proof("") }, fault.CodeTicket},
		} {
			n, p := row.do(right)
			if _, _, err := d.Confirm(t.Context(), row.actor, n, p); !fault.Is(err, row.want) {
				t.Errorf("%s: got %v, want %s", row.what, err, row.want)
			}
		}
		d.holds(d.alice, Holding{})
		if _, _, err := d.Confirm(t.Context(), d.alice, right, proof("")); err != nil {
			t.Errorf("the right one afterwards: got %v", err)
		}
	})
}

// A secret that nobody confirmed ends, and there is a limit.
func TestEnrolmentEnds(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		s := d.begin()
		d.clock.Advance(setupLife)
		if _, _, err := d.Confirm(ctx, d.alice, NewFactor{s.Ticket, d.shows(s.Secret), "Phone"}, proof("")); !fault.Is(err, fault.CodeTicket) {
			t.Errorf("late: got %v", err)
		}
		code := ""
		for i := range MaxFactors {
			_, secret, _ := d.enrol("Phone "+itoa(i), proof(code))
			d.clock.Advance(totpPeriod)
			code = d.shows(secret)
		}
		if _, err := d.Begin(ctx, d.alice); !fault.Is(err, fault.CodeFactorLimit) {
			t.Errorf("one more: got %v", err)
		}
	})
}

// Codes prove once each; 50 at once prove once.
func TestRedeem(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		_, secret, codes := d.enrol("Phone", proof(""))
		d.clock.Advance(totpPeriod)
		code := d.shows(secret)
		if _, err := d.Redeem(ctx, d.bob, code); !fault.Is(err, fault.CodeFactorCode) {
			t.Errorf("somebody else's code: got %v", err)
		}
		if got := d.atOnce(50, code); got != 1 {
			t.Errorf("one code 50 times at once: %d succeeded, want one", got)
		}
		d.clock.Advance(time.Hour)
		for _, typed := range []string{strings.ToUpper(codes[0]), strings.ReplaceAll(codes[1], "-", ""), " " + codes[2][:3] + " " + codes[2][3:]} {
			if method, err := d.Redeem(ctx, d.alice, typed); err != nil || method != identity.ByRecovery {
				t.Errorf("%q: got %q, %v", typed, method, err)
			}
		}
		if got := d.atOnce(20, codes[3]); got != 1 {
			t.Errorf("one recovery code 20 times at once: %d succeeded, want one", got)
		}
		d.clock.Advance(time.Hour)
		if _, err := d.Redeem(ctx, d.alice, codes[0]); !fault.Is(err, fault.CodeFactorCode) {
			t.Errorf("a recovery code again: got %v", err)
		}
		shown := d.shows(secret)
		if method, err := d.Redeem(ctx, d.alice, shown[:3]+" "+shown[3:]); err != nil || method != identity.ByOTP {
			t.Errorf("a code in two parts: got %q, %v", method, err)
		}
		if h, err := d.Holding(ctx, d.alice); err != nil || h.RecoveryCodes != recoveryCodes-4 || h.Factors[0].UsedAt != d.clock.Now() {
			t.Errorf("got %+v, %v", h, err)
		}
	})
}

// A code becomes the second proof of a session of one's own, once.
func TestVerify(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		_, secret, codes := d.enrol("Phone", proof(""))
		d.clock.Advance(totpPeriod)
		k := identity.Session{
			ID: identity.SessionIDOf(identity.NewUUID(d.clock.Now())), AccountID: d.alice.AccountID, Methods: []string{identity.ByPassword},
			CreatedAt: d.clock.Now(), EndsAt: d.clock.Now().Add(time.Hour), IdleEndsAt: d.clock.Now().Add(time.Hour),
		}
		d.update(func(tx *store.Tx) error { return tx.Sessions.Add(k, []byte("hash")) })
		if _, err := d.Verify(ctx, d.alice, k, "000000x"); !fault.Is(err, fault.CodeFactorCode) {
			t.Errorf("a wrong code: got %v", err)
		}
		for what, actor := range map[string]identity.Actor{"nobody": {}, "somebody else": d.bob} {
			if _, err := d.Verify(ctx, actor, k, d.shows(secret)); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: got %v, want Forbidden", what, err)
			}
		}
		got, err := d.Verify(ctx, d.alice, k, d.shows(secret))
		if err != nil || !got.Proven(identity.ByOTP) || !got.Proven(identity.BySeveral) || !got.VerifiedAt.Equal(d.clock.Now()) {
			t.Errorf("got %+v, %v", got, err)
		}
		if _, err := d.Verify(ctx, d.alice, k, d.shows(secret)); !fault.Is(err, fault.CodeFactorCode) {
			t.Errorf("the same code again: got %v", err)
		}
		if got, err := d.Verify(ctx, d.alice, k, codes[0]); err != nil || !got.Proven(identity.ByRecovery) {
			t.Errorf("a recovery code: got %+v, %v", got, err)
		}
	})
}

// atOnce redeems one code of alice's in parallel and counts the successes.
func (d drawer) atOnce(n int, code string) (right int) {
	verdicts := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { _, verdicts[i] = d.Redeem(d.t.Context(), d.alice, code) })
	}
	all.Wait()
	for _, err := range verdicts {
		if err == nil {
			right++
		} else if !fault.Is(err, fault.CodeFactorCode) && !fault.Is(err, fault.CodeFactorLocked) {
			d.t.Errorf("got %v", err)
		}
	}
	return right
}

// 1,000 guesses at once: five are looked at, the rest are told to wait, and so is
// the right one; afterwards it proves.
func TestGuessing(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		_, secret, _ := d.enrol("Phone", proof(""))
		d.clock.Advance(totpPeriod)
		right := d.shows(secret)
		verdicts := make([]error, 1000)
		var all sync.WaitGroup
		for i := range verdicts {
			all.Go(func() { _, verdicts[i] = d.Redeem(t.Context(), d.alice, fmt.Sprintf("x%05d", i)) })
		}
		all.Wait()
		looked := 0
		for _, err := range verdicts {
			switch {
			case fault.Is(err, fault.CodeFactorCode):
				looked++
			case !fault.Is(err, fault.CodeFactorLocked):
				t.Fatalf("got %v", err)
			}
		}
		if looked != 5 {
			t.Errorf("%d of 1,000 were looked at, want 5", looked)
		}
		if _, err := d.Redeem(t.Context(), d.alice, right); !fault.Is(err, fault.CodeFactorLocked) || fault.Of(err).Params["seconds"] != 300 {
			t.Errorf("the right one: got %v", err)
		}
		if _, err := d.Redeem(t.Context(), d.bob, right); !fault.Is(err, fault.CodeFactorCode) {
			t.Errorf("somebody else waits as well: %v", err)
		}
		d.clock.Advance(5 * time.Minute)
		if _, err := d.Redeem(t.Context(), d.alice, d.shows(secret)); err != nil {
			t.Errorf("afterwards: got %v", err)
		}
	})
}

// A change takes the password and, where there is a factor, a code of it.
func TestChangesAreProven(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		if _, err := d.RenewRecoveryCodes(ctx, d.alice, proof("")); !fault.Is(err, fault.CodeFactorMissing) {
			t.Errorf("recovery codes without a factor: got %v", err)
		}
		f, secret, codes := d.enrol("Phone", proof(""))
		d.clock.Advance(totpPeriod)
		s, err := d.Begin(ctx, d.alice)
		if err != nil {
			t.Fatal(err)
		}
		change := map[string]func(p Proof) error{
			"remove": func(p Proof) error { return d.Remove(ctx, d.alice, f.ID, p) },
			"renew":  func(p Proof) error { _, err := d.RenewRecoveryCodes(ctx, d.alice, p); return err },
			"confirm": func(p Proof) error {
				_, _, err := d.Confirm(ctx, d.alice, NewFactor{s.Ticket, d.shows(s.Secret), "Tablet"}, p)
				return err
			},
		}
		for name, do := range change {
			for what, row := range map[string]struct {
				p    Proof
				want fault.Code
			}{
				"no password":  {Proof{Code: d.shows(secret)}, fault.CodePasswordOld},
				"no code":      {proof(""), fault.CodeFactorProof},
				"a wrong code": {proof("000000x"), fault.CodeFactorCode},
			} {
				if err := do(row.p); !fault.Is(err, row.want) {
					t.Errorf("%s with %s: got %v, want %s", name, what, err, row.want)
				}
			}
			d.clock.Advance(time.Second)
			d.update(func(tx *store.Tx) error { return tx.Attempts.Clear(countKey(d.alice.AccountID)) })
		}
		fresh, err := d.RenewRecoveryCodes(ctx, d.alice, proof(codes[0]))
		if err != nil || len(fresh) != recoveryCodes {
			t.Fatalf("renewed: got %d, %v", len(fresh), err)
		}
		if _, err := d.Redeem(ctx, d.alice, codes[1]); !fault.Is(err, fault.CodeFactorCode) {
			t.Errorf("a code of before: got %v", err)
		}
		if err := d.Remove(ctx, d.bob, f.ID, proof("")); !fault.Is(err, fault.CodeFactorNotFound) {
			t.Errorf("somebody else's: got %v", err)
		}
		if err := d.Remove(ctx, d.alice, f.ID, proof(fresh[0])); err != nil {
			t.Fatal(err)
		}
		if h, err := d.Holding(ctx, d.alice); err != nil || len(h.Factors) != 0 || h.RecoveryCodes != 0 {
			t.Errorf("after the last one: got %+v, %v", h, err)
		}
		d.recorded(audit.FactorAdded, audit.RecoveryCodesMade, audit.RecoveryCodeUsed, audit.RecoveryCodesMade, audit.RecoveryCodeUsed, audit.FactorRemoved)
	})
}

// recorded checks which events there are, in any order of one instant.
func (d drawer) recorded(want ...audit.Type) {
	d.t.Helper()
	var got []audit.Type
	err := d.db.View(d.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{Limit: 100})
		for _, e := range all {
			got = append(got, audit.Type(e.Type))
		}
		return err
	})
	slices.Sort(got)
	slices.Sort(want)
	if err != nil || !slices.Equal(got, want) {
		d.t.Errorf("got events %v, %v, want %v", got, err, want)
	}
}

// Only people have something of their own.
func TestOwnIsAPersons(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		for _, actor := range []identity.Actor{
			{}, {Kind: identity.ActsAsConsole}, {Kind: identity.ActsAsJob}, {Kind: identity.ActsAsOrgToken, OrganizationID: "org_x", AccountID: d.alice.AccountID},
		} {
			for name, err := range map[string]error{
				"Holding": second(d.Holding(ctx, actor)), "Begin": second(d.Begin(ctx, actor)), "Again": second(d.Again(ctx, actor, "x")),
				"Redeem": second(d.Redeem(ctx, actor, "123456")), "Remove": d.Remove(ctx, actor, "fac_x", proof("")),
				"RenewRecoveryCodes": second(d.RenewRecoveryCodes(ctx, actor, proof(""))),
			} {
				if fault.KindOf(err) != fault.Forbidden {
					t.Errorf("%s as %q: got %v, want Forbidden", name, actor.Kind, err)
				}
			}
			if _, _, err := d.Confirm(ctx, actor, NewFactor{}, proof("")); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("Confirm as %q: got %v, want Forbidden", actor.Kind, err)
			}
		}
		// Nothing that proves is an open door.
		shut := NewOwn(d.db, OwnOptions{})
		if err := shut.Remove(ctx, d.alice, "fac_x", proof("")); fault.KindOf(err) != fault.Forbidden {
			t.Errorf("without a proof to ask: got %v", err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestProofsAreNotPrinted(t *testing.T) {
	for _, secret := range []any{
		Proof{First: FirstProof{Password: password}, Code: "123456"},
		FirstProof{Password: password},
		Setup{Secret: "123456", Ticket: "123456"},
		NewFactor{Code: "123456"},
	} {
		for _, text := range []string{fmt.Sprint(secret), fmt.Sprintf("%+v %#v", secret, secret)} {
			if strings.Contains(text, "123456") || strings.Contains(text, password) {
				t.Errorf("printed: %s", text)
			}
		}
	}
}

// Whatever is typed is brought to one spelling, which is that of itself.
func FuzzPlain(f *testing.F) {
	for _, typed := range []string{"", "123 456", "ABCDE-FGHIJ", "a\u00a0b", "－１２３", "\xff-", strings.Repeat("- ", 50)} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		got := plain(typed)
		if plain(got) != got || strings.ContainsAny(got, "- \u00a0") {
			t.Errorf("%q became %q", typed, got)
		}
	})
}
