package factor

import (
	"fmt"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// bob asks for codes beside alice.
var bob = identity.Account{ID: "acc_bob", Email: "bob@acme.example", Language: "en-US"}

// eachDesk runs a test on both databases.
func eachDesk(t *testing.T, test func(t *testing.T, d desk)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		test(t, deskOn(open(storetest.WithClock(clock)), clock, identity.ByMail))
	})
}

// guess is alice's right guess, but for what a row changes.
func guess(code string, change ...func(*Guess)) Guess {
	g := Guess{Purpose: purpose, Subject: SubjectOf(alice), Target: alice.Email, Code: code}
	for _, c := range change {
		c(&g)
	}
	return g
}

// judged checks the verdict of one of the two ways to guess.
func judged(t *testing.T, what string, err error, want fault.Code) {
	t.Helper()
	if want == "" && err != nil || want != "" && !fault.Is(err, want) {
		t.Errorf("%s: got %v, want %q", what, err, want)
	}
}

// A code is bound to its purpose, its account and its contact, and to try it
// is to be told what redeeming it would.
func TestGuessesAreBound(t *testing.T) {
	eachDesk(t, func(t *testing.T, d desk) {
		ctx := t.Context()
		code := d.send(t)
		for _, row := range []struct {
			what string
			g    Guess
			want fault.Code
		}{
			{"another purpose", guess(code, func(g *Guess) { g.Purpose = "change_contact" }), fault.CodeCodeExpired},
			{"another account", guess(code, func(g *Guess) { g.Subject = SubjectOf(bob) }), fault.CodeCodeExpired},
			{"nobody", guess(code, func(g *Guess) { g.Subject = "" }), fault.CodeCodeExpired},
			{"another contact", guess(code, func(g *Guess) { g.Target = bob.Email }), fault.CodeCodeWrong},
			{"the other contact of the account", guess(code, func(g *Guess) { g.Target = alice.Mobile }), fault.CodeCodeWrong},
			{"wrong digits", guess(not(code)), fault.CodeCodeWrong},
			{"any contact", guess(code, func(g *Guess) { g.Target = "" }), ""},
			{"right", guess(code), ""},
			{"right again", guess(code), ""},
		} {
			judged(t, "try: "+row.what, d.TryCode(ctx, row.g), row.want)
		}
		judged(t, "redeem for another contact", d.RedeemCode(ctx, guess(code, func(g *Guess) { g.Target = bob.Email })), fault.CodeCodeWrong)
		judged(t, "redeem", d.RedeemCode(ctx, guess(code)), "")
		judged(t, "redeem again", d.RedeemCode(ctx, guess(code)), fault.CodeCodeExpired)
		judged(t, "try what was redeemed", d.TryCode(ctx, guess(code)), fault.CodeCodeExpired)
	})
}

// Two people's codes stand side by side: what one does with theirs is nothing
// to the other.
func TestGuessesOfTwoAccounts(t *testing.T) {
	eachDesk(t, func(t *testing.T, d desk) {
		ctx := t.Context()
		of := d.send(t)
		if _, err := d.SendCode(ctx, CodeRequest{Account: bob, Purpose: purpose}); err != nil {
			t.Fatal(err)
		}
		bobs := Guess{Purpose: purpose, Subject: SubjectOf(bob), Target: bob.Email, Code: d.sent(t)[0].Params["code"]}
		for range 5 {
			judged(t, "wrong of bob", d.TryCode(ctx, Guess{Purpose: purpose, Subject: SubjectOf(bob), Code: not(bobs.Code)}), fault.CodeCodeWrong)
		}
		judged(t, "bob has guessed too often", d.RedeemCode(ctx, bobs), fault.CodeCodeAttempts)
		judged(t, "alice has not", d.RedeemCode(ctx, guess(of)), "")
	})
}

// A code lives for a minute, and no try makes it live longer.
func TestGuessesExpire(t *testing.T) {
	for _, row := range []struct {
		after time.Duration
		want  fault.Code
	}{
		{0, ""},
		{59 * time.Second, ""},
		{time.Minute - time.Millisecond, ""},
		{time.Minute, fault.CodeCodeExpired},
		{time.Hour, fault.CodeCodeExpired},
	} {
		t.Run(row.after.String(), func(t *testing.T) {
			eachDesk(t, func(t *testing.T, d desk) {
				code := d.send(t)
				judged(t, "tried at once", d.TryCode(t.Context(), guess(code)), "")
				d.clock.Advance(row.after)
				judged(t, "try", d.TryCode(t.Context(), guess(code)), row.want)
				judged(t, "redeem", d.RedeemCode(t.Context(), guess(code)), row.want)
			})
		})
	}
}

// Five wrong guesses are looked at, by whichever way they come and whatever is
// wrong with them. Right ones in between neither count nor pay back.
func TestGuessesAreCountedTogether(t *testing.T) {
	eachDesk(t, func(t *testing.T, d desk) {
		ctx, code := t.Context(), d.send(t)
		elsewhere := guess(code, func(g *Guess) { g.Target = bob.Email })
		for i, wrong := range []error{
			d.TryCode(ctx, guess(not(code))), d.RedeemCode(ctx, guess(not(code))),
			d.TryCode(ctx, elsewhere), d.RedeemCode(ctx, elsewhere),
		} {
			judged(t, fmt.Sprintf("wrong guess %d", i+1), wrong, fault.CodeCodeWrong)
			judged(t, fmt.Sprintf("right after %d", i+1), d.TryCode(ctx, guess(code)), "")
		}
		judged(t, "wrong guess 5", d.TryCode(ctx, guess("")), fault.CodeCodeWrong)
		judged(t, "try the right one", d.TryCode(ctx, guess(code)), fault.CodeCodeAttempts)
		judged(t, "redeem the right one", d.RedeemCode(ctx, guess(code)), fault.CodeCodeAttempts)

		// Nor is another sent at once; after its time there is a fresh count.
		_, err := d.SendCode(ctx, CodeRequest{Account: alice, Purpose: purpose})
		judged(t, "send another", err, fault.CodeCodeLocked)
		d.clock.Advance(3 * time.Minute)
		judged(t, "the old one", d.TryCode(ctx, guess(code)), fault.CodeCodeExpired)
		fresh := d.send(t)
		judged(t, "wrong of the new", d.TryCode(ctx, guess(not(fresh))), fault.CodeCodeWrong)
		judged(t, "the new one", d.RedeemCode(ctx, guess(fresh)), "")
	})
}

// However many try and redeem at once, the right code is taken once, and every
// try is told how it stands at that moment.
func TestParallelTriesAndRedeeming(t *testing.T) {
	eachDesk(t, func(t *testing.T, d desk) {
		code := d.send(t)
		redeemed := make([]bool, 40)
		got := inParallel(len(redeemed), func(i int) error {
			if i%2 == 0 {
				return d.TryCode(t.Context(), guess(code))
			}
			err := d.RedeemCode(t.Context(), guess(code))
			redeemed[i] = err == nil
			return err
		})
		taken := 0
		for _, r := range redeemed {
			if r {
				taken++
			}
		}
		if taken != 1 || got[""]+got[fault.CodeCodeExpired] != len(redeemed) {
			t.Errorf("got %v, %d of them redeemed; want one, and none but right and expired", got, taken)
		}
	})
}

// What somebody typed stays out of logs.
func TestGuessIsRedacted(t *testing.T) {
	g := guess("424242")
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		if got := fmt.Sprintf(format, g); got != "[redacted]" {
			t.Errorf("%s: got %q", format, got)
		}
	}
}
