package factor

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/factor/passkeytest"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// session starts one of somebody's.
func (d drawer) session(who identity.Actor) identity.Session {
	d.t.Helper()
	now := d.clock.Now()
	k := identity.Session{
		ID: identity.SessionIDOf(identity.NewUUID(now)), AccountID: who.AccountID, Methods: []string{identity.ByPassword},
		CreatedAt: now, EndsAt: now.Add(time.Hour), IdleEndsAt: now.Add(time.Hour),
	}
	d.update(func(tx *store.Tx) error { return tx.Sessions.Add(k, []byte("hash "+string(k.ID))) })
	return k
}

// proofIn is the right password in a session, with a code.
func proofIn(k identity.Session, code string) Proof {
	return Proof{First: FirstProof{Password: password, Session: k}, Code: code}
}

// adds makes a passkey in a session and adds it.
func (d drawer) adds(who identity.Actor, k identity.Session, key *passkeytest.Key, p Proof) (f identity.Factor, codes []string, err error) {
	d.t.Helper()
	asked, err := d.BeginPasskey(d.t.Context(), who, p)
	if err != nil {
		return f, nil, err
	}
	return d.AddPasskey(d.t.Context(), who, NewPasskey{Answer: d.created(key, asked), Session: k, Name: "Laptop"})
}

func (d drawer) created(key *passkeytest.Key, asked PasskeyAsked) PasskeyAnswer {
	d.t.Helper()
	response, err := key.Create(asked.Options)
	if err != nil {
		d.t.Fatal(err)
	}
	return PasskeyAnswer{Ticket: asked.Ticket, Response: response}
}

func (d drawer) signs(key *passkeytest.Key, asked PasskeyAsked) PasskeyAnswer {
	d.t.Helper()
	response, err := key.Get(asked.Options)
	if err != nil {
		d.t.Fatal(err)
	}
	return PasskeyAnswer{Ticket: asked.Ticket, Response: response}
}

func (d drawer) asks(who identity.Actor, k identity.Session, bound string) PasskeyAsked {
	d.t.Helper()
	asked, err := d.AskPasskey(d.t.Context(), who, k, bound)
	if err != nil {
		d.t.Fatal(err)
	}
	return asked
}

// laptop gives alice a passkey and returns it with her session.
func (d drawer) laptop() (*passkeytest.Key, identity.Session, identity.Factor, []string) {
	d.t.Helper()
	key, k := passkeytest.New(d.t, address), d.session(d.alice)
	f, codes, err := d.adds(d.alice, k, key, proofIn(k, ""))
	if err != nil {
		d.t.Fatal(err)
	}
	return key, k, f, codes
}

func TestPasskeyEnrolment(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		key, k, f, codes := d.laptop()
		if len(codes) != recoveryCodes || f.Kind != identity.FactorPasskey {
			t.Errorf("got %+v and %d recovery codes", f, len(codes))
		}
		d.holds(d.alice, Holding{Factors: []identity.Factor{f}, RecoveryCodes: recoveryCodes})
		if _, _, err := d.adds(d.alice, k, passkeytest.New(d.t, address), proofIn(k, "")); !fault.Is(err, fault.CodeFactorProof) {
			t.Errorf("a second without a proof by the first: got %v", err)
		}
		asked, err := d.BeginPasskey(ctx, d.alice, proofIn(k, codes[0]))
		if err != nil || !strings.Contains(string(asked.Options), `"excludeCredentials":[{`) || strings.Contains(string(asked.Options), "smoke") {
			t.Errorf("got %s, %v: want the passkey excluded that there is", asked.Options, err)
		}
		if again, err := d.PasskeyAgain(ctx, d.alice, k, asked.Ticket); err != nil || string(again.Options) != string(asked.Options) {
			t.Errorf("again: got %s, %v", again.Options, err)
		}
		if _, _, err := d.AddPasskey(ctx, d.alice, NewPasskey{Answer: d.created(key, asked), Session: k, Name: "Again"}); !fault.Is(err, fault.CodePasskeyKnown) {
			t.Errorf("the same authenticator again: got %v", err)
		}
		bobs := d.session(d.bob)
		if _, _, err := d.adds(d.bob, bobs, key, proofIn(bobs, "")); !fault.Is(err, fault.CodePasskeyKnown) {
			t.Errorf("the passkey of somebody else: got %v", err)
		}
		d.holds(d.bob, Holding{})
		if _, err := d.Rename(ctx, d.bob, f.ID, "Mine"); !fault.Is(err, fault.CodeFactorNotFound) {
			t.Errorf("somebody else renames it: got %v", err)
		}
		f.Name = "Work laptop"
		if got, err := d.Rename(ctx, d.alice, f.ID, f.Name); err != nil || got != f {
			t.Errorf("renamed: got %+v, %v", got, err)
		}
		d.holds(d.alice, Holding{Factors: []identity.Factor{f}, RecoveryCodes: recoveryCodes - 1})
	})
}

// What an authenticator says counts where, for whom and for what it was asked,
// and once.
func TestPasskeyEnrolmentRefused(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx, k, bobs := t.Context(), d.session(d.alice), d.session(d.bob)
		for what, lie := range map[string]func(*passkeytest.Key){
			"another origin":     func(k *passkeytest.Key) { k.Origin = "https://id.acme.example.evil.example" },
			"without TLS":        func(k *passkeytest.Key) { k.Origin = "http://id.acme.example" },
			"another host":       func(k *passkeytest.Key) { k.RelyID = "evil.example" },
			"another ceremony":   func(k *passkeytest.Key) { k.Type = "webauthn.get" },
			"nobody was present": func(k *passkeytest.Key) { k.Flags = 0 },
		} {
			key := passkeytest.New(d.t, address)
			lie(key)
			asked, err := d.BeginPasskey(ctx, d.alice, proofIn(k, ""))
			if err != nil {
				t.Fatal(err)
			}
			n := NewPasskey{Answer: d.created(key, asked), Session: k, Name: "Laptop"}
			if _, _, err := d.AddPasskey(ctx, d.alice, n); !fault.Is(err, fault.CodePasskeyWrong) {
				t.Errorf("%s: got %v", what, err)
			}
			if _, _, err := d.AddPasskey(ctx, d.alice, n); !fault.Is(err, fault.CodePasskeyLate) {
				t.Errorf("%s, again: got %v, want the challenge spent", what, err)
			}
		}
		key := passkeytest.New(d.t, address)
		asked, err := d.BeginPasskey(ctx, d.alice, proofIn(k, ""))
		if err != nil {
			t.Fatal(err)
		}
		answer := d.created(key, asked)
		for _, row := range []struct {
			what string
			who  identity.Actor
			n    NewPasskey
			want fault.Code
		}{
			{"no name", d.alice, NewPasskey{Answer: answer, Session: k}, fault.CodeFieldLength},
			{"nothing asked", d.alice, NewPasskey{Answer: PasskeyAnswer{Ticket: "x"}, Session: k, Name: "x"}, fault.CodePasskeyLate},
			{"somebody else", d.bob, NewPasskey{Answer: answer, Session: bobs, Name: "x"}, fault.CodePasskeyWrong},
		} {
			if _, _, err := d.AddPasskey(ctx, row.who, row.n); !fault.Is(err, row.want) {
				t.Errorf("%s: got %v, want %s", row.what, err, row.want)
			}
		}
		if _, err := d.BeginPasskey(ctx, d.alice, Proof{First: FirstProof{Password: "x", Session: k}}); !fault.Is(err, fault.CodePasswordOld) {
			t.Errorf("a wrong password: got %v", err)
		}
		if asked, err = d.BeginPasskey(ctx, d.alice, proofIn(k, "")); err != nil {
			t.Fatal(err)
		}
		d.clock.Advance(passkeyLife)
		if _, _, err := d.AddPasskey(ctx, d.alice, NewPasskey{Answer: d.created(key, asked), Session: k, Name: "x"}); !fault.Is(err, fault.CodePasskeyLate) {
			t.Errorf("late: got %v", err)
		}
		d.holds(d.alice, Holding{})
	})
}

// A signature becomes the second proof of the session and for the way it was
// asked for (orgid: amr); it counts once.
func TestVerifyByPasskey(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		key, k, _, _ := d.laptop()
		in := Challenge{Session: k, Bound: "wiki"}
		asked := d.asks(d.alice, k, "wiki")
		answer := d.signs(key, asked)
		got, err := d.VerifyPasskey(ctx, d.alice, in, answer)
		if err != nil || !got.Proven(identity.ByPasskey) || !got.Proven(identity.BySeveral) || !got.VerifiedAt.Equal(d.clock.Now()) {
			t.Errorf("got %+v, %v", got, err)
		}
		if h, err := d.Holding(ctx, d.alice); err != nil || !h.Factors[0].UsedAt.Equal(d.clock.Now()) || !h.Has(identity.FactorPasskey) || h.Has(identity.FactorTOTP) {
			t.Errorf("got %+v, %v, want it used now", h, err)
		}
		if _, err := d.VerifyPasskey(ctx, d.alice, in, answer); !fault.Is(err, fault.CodePasskeyLate) {
			t.Errorf("the same signature again: got %v", err)
		}
		other := d.session(d.alice)
		for what, c := range map[string]Challenge{
			"another session": {Session: other, Bound: "wiki"}, "another application": {Session: k, Bound: "crm"}, "a change": {Session: k},
		} {
			if _, err := d.VerifyPasskey(ctx, d.alice, c, d.signs(key, d.asks(d.alice, k, "wiki"))); !fault.Is(err, fault.CodePasskeyWrong) {
				t.Errorf("in %s: got %v", what, err)
			}
		}
		for what, actor := range map[string]identity.Actor{"nobody": {}, "somebody else": d.bob} {
			if _, err := d.VerifyPasskey(ctx, actor, in, d.signs(key, d.asks(d.alice, k, "wiki"))); fault.KindOf(err) != fault.Forbidden {
				t.Errorf("%s: got %v, want Forbidden", what, err)
			}
		}
	})
}

// A passkey proves its own removal, and nothing after it.
func TestPasskeyRemoved(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		ctx := t.Context()
		key, k, f, _ := d.laptop()
		in := Challenge{Session: k, Bound: "wiki"}
		asked := d.asks(d.alice, k, "wiki")
		answer := d.signs(key, asked)
		if err := d.Remove(ctx, d.alice, f.ID, Proof{First: FirstProof{Password: password, Session: k}, Passkey: d.signs(key, d.asks(d.alice, k, ""))}); err != nil {
			t.Fatalf("removed by a proof of its own: got %v", err)
		}
		if _, err := d.VerifyPasskey(ctx, d.alice, in, answer); !fault.Is(err, fault.CodePasskeyWrong) {
			t.Errorf("one that was removed: got %v", err)
		}
		if _, err := d.AskPasskey(ctx, d.alice, k, "wiki"); !fault.Is(err, fault.CodePasskeyMissing) {
			t.Errorf("asked for without one: got %v", err)
		}
		d.holds(d.alice, Holding{})
	})
}

// Rows 82, 86 and 89 of the attacks: a passkey proves nobody but its holder, to
// nobody but this address, and no counter comes twice.
func TestPasskeyLies(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		key, k, _, _ := d.laptop()
		bobs := d.session(d.bob)
		if _, _, err := d.adds(d.bob, bobs, passkeytest.New(d.t, address), proofIn(bobs, "")); err != nil {
			t.Fatal(err)
		}
		if _, err := d.VerifyPasskey(t.Context(), d.bob, Challenge{Session: bobs}, d.signs(key, d.asks(d.bob, bobs, ""))); !fault.Is(err, fault.CodePasskeyWrong) {
			t.Errorf("alice's passkey in bob's session: got %v", err)
		}
		for _, row := range []struct {
			what string
			lie  func(*passkeytest.Key)
			want fault.Code
		}{
			{"the handle of somebody else", func(k *passkeytest.Key) { k.Handle = []byte(d.bob.AccountID) }, fault.CodePasskeyWrong},
			{"another origin", func(k *passkeytest.Key) { k.Origin = "https://evil.example" }, fault.CodePasskeyWrong},
			{"another host", func(k *passkeytest.Key) { k.RelyID = "evil.example" }, fault.CodePasskeyWrong},
			{"another ceremony", func(k *passkeytest.Key) { k.Type = "webauthn.create" }, fault.CodePasskeyWrong},
			{"nobody present", func(k *passkeytest.Key) { k.Flags = 0 }, fault.CodePasskeyWrong},
			{"of another key", func(k *passkeytest.Key) { id := k.ID; *k = *passkeytest.New(d.t, address); k.ID = id }, fault.CodePasskeyWrong},
			{"portable all at once", func(k *passkeytest.Key) { k.Flags |= passkeytest.Portable }, fault.CodePasskeyWrong},
			{"a counter that stands", func(k *passkeytest.Key) { k.Counts = false }, fault.CodePasskeyCopied},
			{"a counter that goes back", func(k *passkeytest.Key) { k.Counter -= 5 }, fault.CodePasskeyCopied},
			{"no lie", func(*passkeytest.Key) {}, ""},
		} {
			key.Counter += 10
			if _, err := d.VerifyPasskey(t.Context(), d.alice, Challenge{Session: k}, d.signs(key, d.asks(d.alice, k, ""))); err != nil {
				t.Fatalf("before %s: got %v", row.what, err)
			}
			liar := *key
			row.lie(&liar)
			_, err := d.VerifyPasskey(t.Context(), d.alice, Challenge{Session: k}, d.signs(&liar, d.asks(d.alice, k, "")))
			if row.want == "" && err != nil || row.want != "" && !fault.Is(err, row.want) {
				t.Errorf("%s: got %v, want %q", row.what, err, row.want)
			}
		}
		if got := d.count(audit.PasskeyCopied); got != 2 {
			t.Errorf("%d copies were recorded, want 2", got)
		}
	})
}

// count counts the events of a type.
func (d drawer) count(want audit.Type) (n int) {
	d.t.Helper()
	d.update(func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{All: true, Type: string(want), Limit: 100})
		n = len(all)
		return err
	})
	return n
}

// Of 20 that bring one signature at once one succeeds; wrong codes before it keep
// no passkey out, and one that does not count signs as often as it likes.
func TestPasskeysAtOnce(t *testing.T) {
	eachDrawer(t, func(t *testing.T, d drawer) {
		key, k, _, _ := d.laptop()
		for range 6 {
			if _, err := d.Redeem(t.Context(), d.alice, "000000x"); err == nil {
				t.Fatal("a wrong code is taken")
			}
		}
		answer := d.signs(key, d.asks(d.alice, k, ""))
		verdicts := make([]error, 20)
		var all sync.WaitGroup
		for i := range verdicts {
			all.Go(func() { _, verdicts[i] = d.VerifyPasskey(t.Context(), d.alice, Challenge{Session: k}, answer) })
		}
		all.Wait()
		right := 0
		for _, err := range verdicts {
			if err == nil {
				right++
			} else if !fault.Is(err, fault.CodePasskeyLate) {
				t.Errorf("got %v", err)
			}
		}
		if right != 1 {
			t.Errorf("one signature 20 times at once: %d succeeded, want one", right)
		}
		still := passkeytest.New(d.t, address)
		still.Counts, still.Flags = false, passkeytest.Present|passkeytest.Portable
		p := Proof{First: FirstProof{Password: password, Session: k}, Passkey: d.signs(key, d.asks(d.alice, k, ""))}
		if _, codes, err := d.adds(d.alice, k, still, p); err != nil || codes != nil {
			t.Fatalf("a second passkey, proven by the first: got %d codes, %v", len(codes), err)
		}
		for range 3 {
			if _, err := d.VerifyPasskey(t.Context(), d.alice, Challenge{Session: k}, d.signs(still, d.asks(d.alice, k, ""))); err != nil {
				t.Errorf("one that does not count: got %v", err)
			}
		}
		wrong := Proof{First: p.First, Passkey: PasskeyAnswer{Ticket: d.asks(d.alice, k, "").Ticket, Response: []byte("{}")}}
		if _, err := d.RenewRecoveryCodes(t.Context(), d.alice, wrong); !fault.Is(err, fault.CodePasskeyWrong) {
			t.Errorf("a change with a wrong signature: got %v", err)
		}
	})
}

// Browsers know passkeys at names that TLS or the machine itself vouches for.
func TestRelyingParty(t *testing.T) {
	for address, want := range map[string]string{
		"https://id.acme.example": "id.acme.example", "https://ID.acme.example:8443/": "id.acme.example",
		"http://localhost:8080": "localhost", "http://acme.localhost": "acme.localhost",
		"http://id.acme.example": "", "https://192.0.2.7": "", "https://[::1]:8443": "", "http://127.0.0.1:8080": "", "": "", "::": "",
	} {
		party := relyingParty(address, "Orgate")
		if party == nil && want != "" || party != nil && party.Config.RPID != want {
			t.Errorf("%q: got %+v, want %q", address, party, want)
		}
	}
	eachDrawer(t, func(t *testing.T, d drawer) {
		d.Own = NewOwn(d.db, OwnOptions{Address: "http://192.0.2.7"})
		k := d.session(d.alice)
		_, err := d.BeginPasskey(t.Context(), d.alice, proofIn(k, ""))
		_, also := d.AskPasskey(t.Context(), d.alice, k, "")
		_, _, third := d.AddPasskey(t.Context(), d.alice, NewPasskey{})
		_, fourth := d.VerifyPasskey(t.Context(), d.alice, Challenge{Session: k}, PasskeyAnswer{})
		for _, err := range []error{err, also, third, fourth} {
			if !fault.Is(err, fault.CodePasskeyOff) || d.Passkeys() {
				t.Errorf("got %v, want that there are none here", err)
			}
		}
	})
}

// FuzzPasskeyAnswers reads what a browser brings: it is taken or a fault, and
// never a defect.
func FuzzPasskeyAnswers(f *testing.F) {
	party, key := relyingParty(address, "Orgate"), passkeytest.New(f, address)
	h := holder{account: identity.Account{ID: "acc_1", Name: "alice"}}
	wish, err := invite(party, h)
	if err != nil {
		f.Fatal(err)
	}
	response, err := key.Create(wish.Options)
	if err != nil {
		f.Fatal(err)
	}
	row, err := made(party, h, wish, response)
	if err != nil {
		f.Fatal(err)
	}
	h.keys = []store.PasskeyRow{row}
	challenge, err := challengeOf(party, h)
	if err != nil {
		f.Fatal(err)
	}
	assertion, err := key.Get(challenge.Options)
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range []string{string(response), string(assertion), "{}", "[]", "", `{"id":"AA","rawId":"AA","type":"public-key","response":{}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		if got, err := made(party, h, wish, answer); err != nil && !fault.Is(err, fault.CodePasskeyWrong) || err == nil && len(got.PublicKey) == 0 {
			t.Errorf("made: got %+v, %v", got, err)
		}
		if got, _, err := signed(party, h, challenge, answer); err != nil && !fault.Is(err, fault.CodePasskeyWrong) || err == nil && string(got.Credential) != string(key.ID) {
			t.Errorf("signed: got %+v, %v", got, err)
		}
	})
}

// What is asked, answered and proven is no text in a log.
func TestPasskeysAreNotPrinted(t *testing.T) {
	for _, one := range []any{
		PasskeyAsked{Ticket: "ogk_secret", Options: json.RawMessage(`"secret"`)}, PasskeyAnswer{Ticket: "ogk_secret"}, NewPasskey{Name: "secret"},
	} {
		for _, format := range []string{"%v", "%+v", "%s"} {
			if got := fmt.Sprintf(format, one); got != "[redacted]" {
				t.Errorf("%T prints %s", one, got)
			}
		}
	}
}
