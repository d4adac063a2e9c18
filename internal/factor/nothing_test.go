package factor

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// nothing asks for a code for a name that nobody has.
func nothing(name string, method identity.Channel) CodeRequest {
	return CodeRequest{Account: identity.Account{Name: name}, Purpose: purpose, Method: method}
}

func TestSendNothing(t *testing.T) {
	const (
		aMobile = `^\+861[3-9]\*{4}[0-9]{5}$`
		aMail   = `^[a-z]\*{4}@(163|126|qq|outlook|gmail)\.com$`
	)
	for _, row := range []struct {
		name   string
		typed  string
		method identity.Channel
		mobile string
		email  string
	}{
		{"a number", "+8613800012399", identity.BySMS, `^\+8613\*{4}12399$`, ""},
		{"a number, no wish", "+8613800012399", "", `^\+8613\*{4}12399$`, ""},
		{"a number, by mail", "+8613800012399", identity.ByMail, "", aMail},
		{"an address", "somebody.new@mail.example", identity.ByMail, "", `^som\*{4}\.new@mail\.example$`},
		{"an address, by short message", "somebody.new@mail.example", identity.BySMS, aMobile, ""},
		{"an account with a domain", "zoe@acme.example", identity.ByMail, "", `^z\*{4}@acme\.example$`},
		{"an account with a word for a domain", "zoe@acme", identity.ByMail, "", `^z\*{4}@(163|126|qq|outlook|gmail)\.com$`},
		{"an account without", "zoe", identity.ByMail, "", `^z\*{4}@(163|126|qq|outlook|gmail)\.com$`},
		{"an account, by short message", "zoe", identity.BySMS, aMobile, ""},
		{"what no account is called", "张三 \x00", identity.ByMail, "", aMail},
		{"an end", "@", identity.ByMail, "", aMail},
		{"nothing", "", identity.BySMS, aMobile, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			d := openDesk(t, identity.ByMail, identity.BySMS)
			got, err := d.SendNothing(t.Context(), nothing(row.typed, row.method))
			if err != nil || got.Expires != time.Minute {
				t.Fatalf("got %+v, %v", got, err)
			}
			matches(t, "mobile", got.MaskedMobile, row.mobile)
			matches(t, "mail", got.MaskedEmail, row.email)
			if messages := d.sent(t); len(messages) != 1 || messages[0].Channel != identity.ToNobody {
				t.Errorf("got %d messages, want one to nobody", len(messages))
			}
			d.clock.Advance(3 * time.Minute)
			if again, err := d.SendNothing(t.Context(), nothing(row.typed, row.method)); err != nil || again != got {
				t.Errorf("again: got %+v, %v, want %+v", again, err, got)
			}
		})
	}
}

// watched is what a database was asked for.
type watched struct {
	mu         sync.Mutex
	statements []string
}

// observe notes a statement. The database reads its keys again by itself when it
// has made them, and asks what has changed; either may be at any time, and
// neither is noted, nor is the frame of a transaction.
func (w *watched) observe(query string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	frame := strings.HasPrefix(query, "BEGIN") || query == "COMMIT" || query == "ROLLBACK"
	itself := slices.ContainsFunc([]string{"FROM data_keys", "FROM changes", "FROM sqlite_master"}, func(part string) bool {
		return strings.Contains(query, part)
	})
	if !frame && !itself {
		w.statements = append(w.statements, query)
	}
}

// during returns what was asked for while something was done.
func (w *watched) during(do func()) []string {
	w.mu.Lock()
	first := len(w.statements)
	w.mu.Unlock()
	do()
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.statements[first:])
}

// Whoever measures how long an answer takes finds the same statements behind
// it, for somebody and for nobody.
func TestSendNothingDoesWhatSendCodeDoes(t *testing.T) {
	asked := func(send func(d desk) error) []string {
		clock, w := storetest.NewClock(), &watched{}
		d := deskOn(storetest.Open(t, storetest.WithClock(clock), storetest.With(func(o *store.Options) { o.Observe = w.observe })), clock, identity.ByMail)
		return w.during(func() {
			if err := send(d); err != nil {
				t.Error(err)
			}
		})
	}
	somebody := asked(func(d desk) error {
		_, err := d.SendCode(t.Context(), CodeRequest{Account: alice, Purpose: purpose, Method: identity.ByMail})
		return err
	})
	nobody := asked(func(d desk) error {
		_, err := d.SendNothing(t.Context(), nothing("zoe@acme.example", identity.ByMail))
		return err
	})
	if len(somebody) < 3 || !slices.Equal(somebody, nobody) {
		t.Errorf("for nobody:\n%s\nfor somebody:\n%s", strings.Join(nobody, "\n"), strings.Join(somebody, "\n"))
	}
}

func matches(t *testing.T, what, got, want string) {
	t.Helper()
	if want == "" && got != "" || want != "" && !regexp.MustCompile(want).MatchString(got) {
		t.Errorf("%s: got %q, want %q", what, got, want)
	}
}

// A wish that nobody could be granted is refused as for everybody.
func TestSendNothingRefuses(t *testing.T) {
	d := openDesk(t, identity.ByMail)
	for method, want := range map[identity.Channel]fault.Code{identity.BySMS: fault.CodeSMSUnsupported, "pigeon": fault.CodeFieldChoice} {
		if _, err := d.SendNothing(t.Context(), nothing("zoe", method)); !fault.Is(err, want) {
			t.Errorf("%s: got %v, want %s", method, err, want)
		}
	}
	none := openDesk(t)
	if _, err := none.SendNothing(t.Context(), nothing("zoe", "")); !fault.Is(err, fault.CodeCodeSend) {
		t.Errorf("nothing configured: got %v, want %s", err, fault.CodeCodeSend)
	}
}

// Only the channels that are set up are pretended; where both are, either may
// be, as with people who have both kinds of contact or only one.
func TestSendNothingChoosesAChannel(t *testing.T) {
	ways := func(channels ...identity.Channel) (mobile, email int) {
		d := openDesk(t, channels...)
		for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o", "p", "q", "r", "s", "t"} {
			sent, err := d.SendNothing(t.Context(), nothing(name+"@acme.example", ""))
			if err != nil {
				t.Fatal(err)
			}
			if sent.MaskedMobile != "" {
				mobile++
			}
			if sent.MaskedEmail != "" {
				email++
			}
		}
		return mobile, email
	}
	if mobile, email := ways(identity.ByMail); mobile != 0 || email != 20 {
		t.Errorf("mail alone: got %d numbers and %d addresses", mobile, email)
	}
	if mobile, email := ways(identity.BySMS); mobile != 20 || email != 0 {
		t.Errorf("short messages alone: got %d numbers and %d addresses", mobile, email)
	}
	// Either kind alone has one chance in 2¹⁹ in a new installation.
	if mobile, email := ways(identity.ByMail, identity.BySMS); mobile == 0 || email == 0 || mobile+email != 20 {
		t.Errorf("both: got %d numbers and %d addresses", mobile, email)
	}
}

// What is made up in one installation says nothing about another.
func TestSendNothingDependsOnTheInstallation(t *testing.T) {
	clock := storetest.NewClock()
	seen := map[CodeSent]bool{}
	for range 6 {
		d := deskOn(storetest.Open(t, storetest.WithClock(clock)), clock, identity.BySMS)
		sent, err := d.SendNothing(t.Context(), nothing("zoe", identity.BySMS))
		if err != nil {
			t.Fatal(err)
		}
		seen[sent] = true
	}
	if len(seen) < 2 {
		t.Errorf("6 installations made up the same %v", seen)
	}
}

// An account that no code can reach is counted as itself, under each of its
// names and whichever way the code was to go.
func TestSendNothingToAnAccount(t *testing.T) {
	d := openDesk(t, identity.ByMail, identity.BySMS)
	ctx := t.Context()
	mailOnly := alice
	mailOnly.Mobile = ""
	sent, err := d.SendNothing(ctx, CodeRequest{Account: mailOnly, Purpose: purpose, Method: identity.BySMS})
	if err != nil || sent.MaskedMobile == "" {
		t.Fatalf("got %+v, %v, want a number", sent, err)
	}
	if _, err := d.SendCode(ctx, CodeRequest{Account: mailOnly, Purpose: purpose}); !fault.Is(err, fault.CodeCodeTooSoon) {
		t.Errorf("by mail at once after it: got %v, want %s", err, fault.CodeCodeTooSoon)
	}
	if err := d.CheckCode(ctx, purpose, SubjectOf(mailOnly), "000000"); !fault.Is(err, fault.CodeCodeWrong) {
		t.Errorf("a guess: got %v, want %s", err, fault.CodeCodeWrong)
	}
	// A name that reads like the id of an account is not the account.
	if _, err := d.SendNothing(ctx, nothing(string(mailOnly.ID), "")); err != nil {
		t.Errorf("a name like an id: got %v", err)
	}
}

// Known and unknown people cost about the same.
func BenchmarkSend(b *testing.B) {
	for name, send := range map[string]func(*Codes, int) error{
		"known": func(c *Codes, i int) error {
			a := alice
			a.ID = identity.AccountID(time.Duration(i).String())
			_, err := c.SendCode(b.Context(), CodeRequest{Account: a, Purpose: purpose, Method: identity.ByMail})
			return err
		},
		"unknown": func(c *Codes, i int) error {
			_, err := c.SendNothing(b.Context(), nothing(time.Duration(i).String()+"@acme.example", identity.ByMail))
			return err
		},
	} {
		b.Run(name, func(b *testing.B) {
			clock := storetest.NewClock()
			codes := NewCodes(storetest.Open(b, storetest.WithClock(clock)), CodeOptions{})
			for i := 0; b.Loop(); i++ {
				if err := send(codes, i); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
