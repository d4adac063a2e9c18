package factor

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const purpose = "recover"

var alice = identity.Account{ID: "acc_alice", Email: "alice.li@acme.example", Mobile: "+8613800012345", Language: "zh-CN"}

// desk is a database with the codes on it.
type desk struct {
	*Codes
	db    *store.DB
	clock *storetest.Clock
}

func openDesk(t *testing.T, channels ...identity.Channel) desk {
	t.Helper()
	clock := storetest.NewClock()
	return deskOn(storetest.Open(t, storetest.WithClock(clock)), clock, channels...)
}

func deskOn(db *store.DB, clock *storetest.Clock, channels ...identity.Channel) desk {
	configured := func(_ context.Context, channel identity.Channel) bool {
		return strings.Contains(fmt.Sprint(channels), string(channel))
	}
	return desk{NewCodes(db, CodeOptions{Configured: configured}), db, clock}
}

// posted is one message that is waiting to leave.
type posted struct {
	identity.Message
	Template, Language string
	Params             map[string]string
	Until              int64
}

// sent takes the messages that wait, oldest first, as the sender would.
func (d desk) sent(t *testing.T) (all []posted) {
	t.Helper()
	err := d.db.Act(t.Context(), store.ActOutbox, func(tx *store.Tx) error {
		messages, err := tx.Outbox.Lease("test", tx.Now().Add(time.Second), 100)
		for _, m := range messages {
			p := posted{Message: m}
			if err := json.Unmarshal(m.Payload, &p); err != nil {
				return err
			}
			all = append(all, p)
			if err := tx.Outbox.Sent(m.ID); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// send sends a code to alice and returns its digits.
func (d desk) send(t *testing.T) string {
	t.Helper()
	if _, err := d.SendCode(t.Context(), CodeRequest{Account: alice, Purpose: purpose}); err != nil {
		t.Fatal(err)
	}
	messages := d.sent(t)
	if len(messages) != 1 {
		t.Fatalf("got %d messages, want one", len(messages))
	}
	return messages[0].Params["code"]
}

// not is another code than the right one.
func not(code string) string {
	if code == "000000" {
		return "000001"
	}
	return "000000"
}

func TestSendCodeChoosesTheWay(t *testing.T) {
	both := []identity.Channel{identity.ByMail, identity.BySMS}
	mailOnly, smsOnly := alice, alice
	mailOnly.Mobile, smsOnly.Email = "", ""
	for _, row := range []struct {
		name     string
		account  identity.Account
		channels []identity.Channel
		method   identity.Channel
		want     identity.Channel
		fault    fault.Code
	}{
		{"short message preferred", alice, both, "", identity.BySMS, ""},
		{"mail wanted", alice, both, identity.ByMail, identity.ByMail, ""},
		{"short message wanted", alice, both, identity.BySMS, identity.BySMS, ""},
		{"no gateway", alice, both[:1], "", identity.ByMail, ""},
		{"no gateway, wanted", alice, both[:1], identity.BySMS, "", fault.CodeSMSUnsupported},
		{"no mobile number", mailOnly, both, "", identity.ByMail, ""},
		{"no mobile number, wanted", mailOnly, both, identity.BySMS, "", fault.CodeCodeNoContact},
		{"no address", smsOnly, both, "", identity.BySMS, ""},
		{"no address, wanted", smsOnly, both, identity.ByMail, "", fault.CodeCodeNoContact},
		{"no address and no gateway", smsOnly, both[:1], "", "", fault.CodeCodeNoContact},
		{"nothing", identity.Account{ID: "acc_x"}, both, "", "", fault.CodeCodeNoContact},
		{"no mail server, wanted", alice, both[1:], identity.ByMail, "", fault.CodeCodeSend},
		{"nothing configured", alice, nil, "", "", fault.CodeCodeSend},
		{"unknown way", alice, both, "pigeon", "", fault.CodeFieldChoice},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := openDesk(t, row.channels...)
			request := CodeRequest{Account: row.account, Purpose: purpose, Method: row.method}
			if row.fault == "" {
				d.checkSent(t, request, row.want)
				return
			}
			_, err := d.SendCode(t.Context(), request)
			if messages := d.sent(t); !fault.Is(err, row.fault) || len(messages) != 0 {
				t.Errorf("got %v and %d messages, want %s and none", err, len(messages), row.fault)
			}
		})
	}
}

// checkSent sends a code and looks at the answer and at what is in the post.
func (d desk) checkSent(t *testing.T, request CodeRequest, by identity.Channel) {
	t.Helper()
	got, err := d.SendCode(t.Context(), request)
	messages := d.sent(t)
	if err != nil || len(messages) != 1 {
		t.Fatalf("got %v and %d messages, want one", err, len(messages))
	}
	want, target := CodeSent{Expires: time.Minute, MaskedMobile: "+8613****12345"}, request.Account.Mobile
	if by == identity.ByMail {
		want, target = CodeSent{Expires: time.Minute, MaskedEmail: "ali****e.li@acme.example"}, request.Account.Email
	}
	m := messages[0]
	if got != want || m.Channel != by || m.Target != target {
		t.Errorf("got %+v by %s to %s, want %+v by %s to %s", got, m.Channel, m.Target, want, by, target)
	}
	if m.Template != outbox.TemplateCode || m.Language != "zh-CN" || m.Params["minutes"] != "1" || m.Until != d.clock.Now().Add(time.Minute).UnixMilli() {
		t.Errorf("message: got %+v", m)
	}
	if !regexp.MustCompile(`^[0-9]{6}$`).MatchString(m.Params["code"]) {
		t.Errorf("code: got %q, want six digits", m.Params["code"])
	}
}

func TestCheckCode(t *testing.T) {
	d := openDesk(t, identity.ByMail)
	ctx := t.Context()
	check := func(name, purpose, subject, code string, want fault.Code) {
		t.Helper()
		err := d.CheckCode(ctx, purpose, subject, code)
		if want == "" && err != nil || want != "" && !fault.Is(err, want) {
			t.Errorf("%s: got %v, want %q", name, err, want)
		}
	}
	check("before any", purpose, SubjectOf(alice), "123456", fault.CodeCodeExpired)
	code := d.send(t)
	check("another purpose", "other", SubjectOf(alice), code, fault.CodeCodeExpired)
	check("another subject", purpose, "acc_bob", code, fault.CodeCodeExpired)
	for _, wrong := range []string{"", not(code), code + "0", " " + code} {
		check(fmt.Sprintf("wrong %q", wrong), purpose, SubjectOf(alice), wrong, fault.CodeCodeWrong)
	}
	check("right", purpose, SubjectOf(alice), code, "")
	check("used", purpose, SubjectOf(alice), code, fault.CodeCodeExpired)

	d.clock.Advance(3 * time.Minute)
	code = d.send(t)
	d.clock.Advance(time.Minute - time.Millisecond)
	check("wrong at the last moment", purpose, SubjectOf(alice), not(code), fault.CodeCodeWrong)
	d.clock.Advance(time.Millisecond)
	check("too late", purpose, SubjectOf(alice), code, fault.CodeCodeExpired)
}

// A new code takes the place of the one before.
func TestNewCodeReplaces(t *testing.T) {
	d := openDesk(t, identity.ByMail)
	d.options.Life, d.options.Resend = time.Hour, time.Second
	first := d.send(t)
	second := first
	for second == first { // once in a million runs it takes another
		d.clock.Advance(time.Second)
		second = d.send(t)
	}
	if err := d.CheckCode(t.Context(), purpose, SubjectOf(alice), first); !fault.Is(err, fault.CodeCodeWrong) {
		t.Errorf("the first: got %v, want wrong", err)
	}
	if err := d.CheckCode(t.Context(), purpose, SubjectOf(alice), second); err != nil {
		t.Errorf("the second: got %v", err)
	}
}

// sender sends to somebody; the two ways must not be told apart.
type sender struct {
	name, subject string
	send          func(context.Context, *Codes) error
}

func senders() []sender {
	return []sender{
		{"known", SubjectOf(alice), func(ctx context.Context, c *Codes) error {
			_, err := c.SendCode(ctx, CodeRequest{Account: alice, Purpose: purpose})
			return err
		}},
		{"unknown", "name:nobody@acme.example", func(ctx context.Context, c *Codes) error {
			_, err := c.SendNothing(ctx, CodeRequest{Account: identity.Account{Name: "nobody@acme.example"}, Purpose: purpose})
			return err
		}},
	}
}

// Known and unknown people meet the same waiting times, limits and faults.
func TestBounds(t *testing.T) {
	for _, s := range senders() {
		t.Run(s.name, func(t *testing.T) {
			d := openDesk(t, identity.ByMail)
			ctx := t.Context()
			send := func(when string, want fault.Code, seconds any) {
				t.Helper()
				err := s.send(ctx, d.Codes)
				if want == "" {
					if err != nil {
						t.Errorf("%s: got %v, want sent", when, err)
					}
				} else if f := fault.Of(err); err == nil || f.Code != want || f.Params["seconds"] != seconds {
					t.Errorf("%s: got %v, want %s with %v seconds", when, err, want, seconds)
				}
			}
			send("first", "", nil)
			send("at once again", fault.CodeCodeTooSoon, 180)
			for i := range 4 {
				if err := d.CheckCode(ctx, purpose, s.subject, "wrong"); !fault.Is(err, fault.CodeCodeWrong) {
					t.Errorf("guess %d: got %v, want wrong", i+1, err)
				}
			}
			d.clock.Advance(30*time.Second + time.Millisecond)
			send("too soon", fault.CodeCodeTooSoon, 150)
			if err := d.CheckCode(ctx, purpose, s.subject, "wrong"); !fault.Is(err, fault.CodeCodeWrong) {
				t.Errorf("guess 5: got %v, want wrong", err)
			}
			if err := d.CheckCode(ctx, purpose, s.subject, "wrong"); !fault.Is(err, fault.CodeCodeAttempts) {
				t.Errorf("guess 6: got %v, want attempts", err)
			}
			send("locked", fault.CodeCodeLocked, 60)
			d.clock.Advance(time.Minute)
			send("unlocked, too soon", fault.CodeCodeTooSoon, 90)
			if err := d.CheckCode(ctx, purpose, s.subject, "wrong"); !fault.Is(err, fault.CodeCodeExpired) {
				t.Errorf("after its end: got %v, want expired", err)
			}
			d.clock.Advance(90 * time.Second)
			for i := range 9 {
				send(fmt.Sprint("number ", i+2), "", nil)
				d.clock.Advance(3 * time.Minute)
			}
			send("number 11", fault.CodeCodeDaily, nil)
			d.clock.Advance(day)
			send("the next day", "", nil)
		})
	}
}

// The right code among the wrong ones is taken only within the bound, however
// many guess at once; and it is taken once.
func TestParallelGuesses(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		d := deskOn(open(storetest.WithClock(clock)), clock, identity.ByMail)
		code := d.send(t)
		got := inParallel(100, func(int) error { return d.CheckCode(t.Context(), purpose, SubjectOf(alice), not(code)) })
		if got[fault.CodeCodeWrong] != 5 || got[fault.CodeCodeAttempts] != 95 {
			t.Errorf("100 wrong guesses: got %v, want 5 looked at", got)
		}
		if err := d.CheckCode(t.Context(), purpose, SubjectOf(alice), code); !fault.Is(err, fault.CodeCodeAttempts) {
			t.Errorf("the right one after them: got %v, want %s", err, fault.CodeCodeAttempts)
		}
		clock.Advance(5 * time.Minute)
		code = d.send(t)
		got = inParallel(100, func(int) error { return d.CheckCode(t.Context(), purpose, SubjectOf(alice), code) })
		if got[""] != 1 || got[fault.CodeCodeExpired] != 99 {
			t.Errorf("100 right ones: got %v, want one taken", got)
		}
	})
}

// However many ask at once, one message leaves.
func TestParallelSending(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		d := deskOn(open(storetest.WithClock(clock)), clock, identity.ByMail)
		for _, s := range senders() {
			got := inParallel(40, func(int) error { return s.send(t.Context(), d.Codes) })
			if got[""] != 1 || got[fault.CodeCodeTooSoon] != 39 {
				t.Errorf("%s: got %v, want one sent", s.name, got)
			}
		}
		to := map[bool]int{}
		for _, m := range d.sent(t) {
			to[m.Channel != identity.ToNobody]++
		}
		if to[true] != 1 || to[false] != 1 {
			t.Errorf("got %d messages to somebody and %d to nobody, want one of each", to[true], to[false])
		}
	})
}

// Sending and guessing at once neither loses a count nor hangs.
func TestSendingWhileGuessing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		d := deskOn(open(storetest.WithClock(clock)), clock, identity.ByMail)
		code := d.send(t)
		clock.Advance(10 * time.Second)
		got := inParallel(60, func(i int) error {
			if i%2 == 0 {
				_, err := d.SendCode(t.Context(), CodeRequest{Account: alice, Purpose: purpose})
				return err
			}
			return d.CheckCode(t.Context(), purpose, SubjectOf(alice), not(code))
		})
		if got[fault.CodeCodeWrong] != 5 || got[fault.CodeCodeAttempts] != 25 || got[fault.CodeCodeTooSoon]+got[fault.CodeCodeLocked] != 30 {
			t.Errorf("got %v, want 5 guesses looked at and nothing sent", got)
		}
	})
}

// inParallel counts the codes of the faults that n calls at once return.
func inParallel(n int, call func(i int) error) map[fault.Code]int {
	var wait sync.WaitGroup
	results := make([]error, n)
	for i := range n {
		wait.Go(func() { results[i] = call(i) })
	}
	wait.Wait()
	got := map[fault.Code]int{}
	for _, err := range results {
		if err == nil {
			got[""]++
		} else {
			got[fault.Of(err).Code]++
		}
	}
	return got
}

func TestNewCode(t *testing.T) {
	first := map[byte]int{}
	for range 2000 {
		code := newCode()
		if len(code) != 6 || strings.Trim(code, "0123456789") != "" {
			t.Fatalf("got %q, want six digits", code)
		}
		first[code[0]]++
	}
	// A digit that never leads in 2,000 draws would be one chance in 10⁹¹.
	if len(first) != 10 {
		t.Errorf("got %d leading digits, want 10", len(first))
	}
}

// Neither what was typed nor the code stands in the database in clear.
func TestNothingIsStoredInClear(t *testing.T) {
	d := openDesk(t, identity.ByMail)
	err := d.db.View(t.Context(), func(tx *store.Tx) error {
		key := keyOf(tx, purpose, "My-Secret-Password")
		if strings.Contains(strings.ToLower(key), "secret") {
			t.Errorf("key: got %s", key)
		}
		if key != keyOf(tx, purpose, " my-secret-password ") || key == keyOf(tx, "other", "my-secret-password") {
			t.Errorf("a key depends on the purpose and the folded subject alone")
		}
		a := Guess{Purpose: purpose, Subject: "a", Code: "123456"}
		b, elsewhere := a, a
		b.Subject, elsewhere.Bound = "b", "there"
		if hash := string(digest(tx, a)); strings.Contains(hash, "123456") || hash == string(digest(tx, b)) || hash == string(digest(tx, elsewhere)) {
			t.Errorf("hash: got %x", hash)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
