package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// recorder is a sender that does what the test says and notes what it was
// given.
type recorder struct {
	mu   sync.Mutex
	sent []Message
	at   []time.Time
	send func(ctx context.Context, m Message) error
}

func (r *recorder) Send(ctx context.Context, m Message) error {
	r.mu.Lock()
	r.sent = append(r.sent, m)
	r.at = append(r.at, time.Now())
	r.mu.Unlock()
	if r.send == nil {
		return nil
	}
	return r.send(ctx, m)
}

// codes returns the codes that were sent, in order.
func (r *recorder) codes() (codes []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, m := range r.sent {
		codes = append(codes, m.Params["code"])
	}
	return codes
}

// bubble runs a test in a bubble of fake time with a database in it.
func bubble(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, storetest.Open(t, storetest.With(func(o *store.Options) { o.Now = time.Now })))
	})
}

// start runs an outbox until the returned function is called.
func start(t *testing.T, db *store.DB, options Options) (o *Outbox, stop func()) {
	t.Helper()
	options.Now = time.Now
	if options.Node == "" {
		options.Node = "a"
	}
	if options.Log == nil {
		options.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	}
	o = New(db, options)
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	work.Go(func() {
		if err := o.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return o, func() { cancel(); work.Wait() }
}

func mailed(s Sender) map[identity.Channel]Sender {
	return map[identity.Channel]Sender{identity.ByMail: s}
}

// code is a mail with a code.
func code(target, text string) Message {
	return Message{
		Channel: identity.ByMail, Target: target, Language: "en-US", Template: TemplateCode,
		Params: map[string]string{"code": text, "minutes": "5"},
	}
}

func put(t *testing.T, db *store.DB, messages ...Message) {
	t.Helper()
	err := db.Update(t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("test")
		for _, m := range messages {
			if err := Put(tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatalf("Put: %v", err)
	}
}

func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func wantWaiting(t *testing.T, o *Outbox, waiting, dead int) {
	t.Helper()
	w, d, err := o.Waiting(t.Context())
	if err != nil || w != waiting || d != dead {
		t.Errorf("got %d waiting, %d given up, %v; want %d and %d", w, d, err, waiting, dead)
	}
}

// A message to nobody is taken out like any other and no sender sees it.
func TestAMessageToNobody(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		r := &recorder{}
		o, stop := start(t, db, Options{Senders: mailed(r)})
		defer stop()
		m := code("a@example.com", "111111")
		m.Channel = identity.ToNobody
		put(t, db, m, code("a@example.com", "222222"))
		pass(2 * pollEvery)
		if got := r.codes(); !slices.Equal(got, []string{"222222"}) {
			t.Errorf("sent %q, want the one that is to somebody", got)
		}
		wantWaiting(t, o, 0, 0)
	})
}

func TestAMessageLeavesAfterCommitAndOnce(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		r := &recorder{}
		o, stop := start(t, db, Options{Senders: mailed(r)})
		defer stop()
		pass(pollEvery / 2)
		undo := errors.New("undo")
		err := db.Update(t.Context(), func(tx *store.Tx) error { return errors.Join(Put(tx, code("a@example.com", "000000")), undo) })
		if !errors.Is(err, undo) {
			t.Fatal(err)
		}
		m := code("a@example.com", "111111")
		m.Until = time.Now().Add(5 * time.Minute).UTC()
		put(t, db, m)
		o.Wake()
		synctest.Wait() // no time passes: Wake is enough
		if got := r.codes(); !slices.Equal(got, []string{"111111"}) {
			t.Fatalf("sent %q, want the one that was committed", got)
		}
		got := r.sent[0]
		m.ID = got.ID
		if fmt.Sprint(got.ID, got.Channel, got.Target, got.Language, got.Template, got.Params, got.Until) !=
			fmt.Sprint(m.ID, m.Channel, m.Target, m.Language, m.Template, m.Params, m.Until) || got.ID == "" {
			t.Error("the message came out other than it went in")
		}
		pass(5 * time.Second)
		if got := r.codes(); len(got) != 1 {
			t.Errorf("sent %q, want it once", got)
		}
		wantWaiting(t, o, 0, 0)
	})
}

func TestAForgottenWakeCostsASecond(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		r := &recorder{}
		_, stop := start(t, db, Options{Senders: mailed(r)})
		defer stop()
		pass(pollEvery / 2)
		put(t, db, code("a@example.com", "1"))
		pass(pollEvery)
		if got := r.codes(); len(got) != 1 {
			t.Errorf("sent %q, want it within a second", got)
		}
	})
}

func TestFailuresAreTriedAgainLaterEachTime(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		r := &recorder{send: func(context.Context, Message) error { return errors.New("no route") }}
		o, stop := start(t, db, Options{Senders: mailed(r)})
		defer stop()
		put(t, db, code("a@example.com", "123456"))
		pass(2 * time.Minute)
		if len(r.at) != 5 {
			t.Fatalf("got %d attempts in two minutes, want 5", len(r.at))
		}
		for i, seconds := range []int{1, 4, 16, 64} {
			want := time.Duration(seconds) * time.Second
			if got := r.at[i+1].Sub(r.at[i]); got < want*3/4 || got > want*5/4+pollEvery {
				t.Errorf("pause %d: got %v, want %v, a quarter more or less", i+1, got, want)
			}
		}
		wantWaiting(t, o, 1, 0)
	})
}

func TestPausesGrowToAnHour(t *testing.T) {
	var all time.Duration
	for i, seconds := range []int{1, 4, 16, 64, 256, 1024, 3600, 3600, 3600, 3600, 3600} {
		want := time.Duration(seconds) * time.Second
		all += want
		for range 100 {
			if got := pauseAfter(i + 1); got < want*3/4 || got > want*5/4 {
				t.Fatalf("after %d failures: got %v, want %v, a quarter more or less", i+1, got, want)
			}
		}
	}
	if all < 5*time.Hour || all > 6*time.Hour {
		t.Errorf("a message is tried for %v, want five to six hours", all)
	}
}

func TestTheLastAttemptGivesUpAndTells(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		put(t, db, code("a@example.com", "123456"))
		err := db.Act(t.Context(), store.ActOutbox, func(tx *store.Tx) error {
			id, err := tx.Outbox.Last("a@example.com")
			for range maxAttempts - 1 {
				err = errors.Join(err, tx.Outbox.Failed(id, tx.Now(), "earlier"))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		r := &recorder{send: func(context.Context, Message) error { return errors.New("no route; code was 123456") }}
		var given []GivenUp
		o, stop := start(t, db, Options{Senders: mailed(r), GivenUp: func(_ context.Context, g GivenUp) { given = append(given, g) }})
		defer stop()
		pass(2 * time.Second)
		wantWaiting(t, o, 0, 1)
		if len(given) != 1 || given[0].Attempts != maxAttempts || given[0].Message.Target != "a@example.com" ||
			given[0].Reason.Error() != "no route; code was [redacted]" {
			t.Errorf("told of %d messages given up, want the one, without what it said", len(given))
		}
	})
}

func TestWhatNothingWillMendIsGivenUpAtOnce(t *testing.T) {
	tests := []struct {
		name  string
		until time.Duration
		send  func(context.Context, Message) error
		sends int
	}{
		{"refused for good", 0, func(context.Context, Message) error { return fmt.Errorf("no such box: %w", ErrPermanent) }, 1},
		{"too late", -time.Second, nil, 0},
		{"too late by the next attempt", 3 * time.Second, func(context.Context, Message) error { return errors.New("later") }, 2},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			bubble(t, func(t *testing.T, db *store.DB) {
				r := &recorder{send: tt.send}
				o, stop := start(t, db, Options{Senders: mailed(r)})
				defer stop()
				m := code("a@example.com", "1")
				if tt.until != 0 {
					m.Until = time.Now().Add(tt.until)
				}
				put(t, db, m)
				pass(4 * time.Second)
				if len(r.at) != tt.sends {
					t.Errorf("got %d attempts, want %d", len(r.at), tt.sends)
				}
				wantWaiting(t, o, 0, 1)
			})
		})
	}
}

func TestAPanicOrAMissingSenderIsAFailureLikeAnother(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		var calls atomic.Int32
		r := &recorder{send: func(context.Context, Message) error {
			if calls.Add(1) == 1 {
				panic("nil map")
			}
			return nil
		}}
		o, stop := start(t, db, Options{Senders: mailed(r)})
		defer stop()
		sms := code("+8613800000001", "2")
		sms.Channel = identity.BySMS
		put(t, db, code("a@example.com", "1"), sms)
		pass(5 * time.Second)
		if calls.Load() != 2 {
			t.Errorf("got %d attempts, want 2", calls.Load())
		}
		wantWaiting(t, o, 1, 0)
	})
}

func TestOrderPerTargetIsKept(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		failures := 3
		r := &recorder{}
		r.send = func(_ context.Context, m Message) error {
			if m.Params["code"] == "1" && failures > 0 {
				failures--
				return errors.New("later")
			}
			return nil
		}
		_, stop := start(t, db, Options{Senders: mailed(r)})
		defer stop()
		// In one transaction, so in one millisecond: ids alone would be in no order.
		var all []Message
		for i := range 20 {
			all = append(all, code("a@example.com", fmt.Sprint(i)))
		}
		put(t, db, append(all, code("b@example.com", "other"))...)
		pass(40 * time.Second)
		got := r.codes()
		if other := slices.Index(got, "other"); other < 0 || other > 3 {
			t.Errorf("the other target waited for the first: %q", got)
		}
		got = slices.DeleteFunc(got, func(c string) bool { return c == "other" })
		var want []string
		for _, m := range all {
			want = append(want, m.Params["code"])
		}
		// Without the repetitions of the one that failed.
		if got = slices.Compact(got); !slices.Equal(got, want) {
			t.Errorf("sent %q, want %q", got, want)
		}
	})
}

func TestAtMostSixteenLeaveAtOnce(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		var now, most atomic.Int32
		r := &recorder{send: func(context.Context, Message) error {
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			<-time.After(3 * time.Second)
			now.Add(-1)
			return nil
		}}
		o, stop := start(t, db, Options{Senders: mailed(r)})
		defer stop()
		for i := range 40 {
			put(t, db, code(fmt.Sprintf("p%d@example.com", i), "1"))
		}
		o.Wake()
		pass(20 * time.Second)
		if most.Load() != parallel || len(r.codes()) != 40 {
			t.Errorf("got %d at once, %d in all; want %d and 40", most.Load(), len(r.codes()), parallel)
		}
		wantWaiting(t, o, 0, 0)
	})
}

func TestStoppingFinishesWhatIsInFlight(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		finished := false
		r := &recorder{send: func(ctx context.Context, _ Message) error {
			select {
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(10 * time.Second):
				finished = true
				return nil
			}
		}}
		o, stop := start(t, db, Options{Senders: mailed(r)})
		put(t, db, code("a@example.com", "1"), code("a@example.com", "2"))
		pass(2 * time.Second)
		stop()
		if !finished {
			t.Error("the send was broken off")
		}
		wantWaiting(t, o, 1, 0)
		if got := r.codes(); len(got) != 1 {
			t.Errorf("sent %q; want no new message after the stop", got)
		}
	})
}

func TestASendEndsBeforeItsLease(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		r := &recorder{send: func(ctx context.Context, _ Message) error { <-ctx.Done(); return ctx.Err() }}
		_, stop := start(t, db, Options{Senders: mailed(r), Node: "a"})
		defer stop()
		_, stop = start(t, db, Options{Senders: mailed(r), Node: "b"})
		defer stop()
		put(t, db, code("a@example.com", "1"))
		pass(sendFor + time.Second/2)
		if got := r.codes(); len(got) != 1 {
			t.Errorf("sent %d times at once, want 1: the lease must outlast the send", len(got))
		}
	})
}

func TestTheMessagesOfADeadNodeAreSentByAnother(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		put(t, db, code("a@example.com", "1"))
		err := db.Act(t.Context(), store.ActOutbox, func(tx *store.Tx) error {
			_, err := tx.Outbox.Lease("dead", tx.Now().Add(leaseFor), 10)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		r := &recorder{}
		_, stop := start(t, db, Options{Senders: mailed(r), Node: "b"})
		defer stop()
		pass(leaseFor - time.Second)
		if got := r.codes(); len(got) != 0 {
			t.Errorf("within the lease: sent %q, want nothing", got)
		}
		pass(3 * time.Second)
		if got := r.codes(); len(got) != 1 {
			t.Errorf("after the lease: sent %q, want it", got)
		}
	})
}

// Two nodes, many messages: each leaves once.
func TestTwoNodesShareTheWork(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		const count = 60
		r := &recorder{}
		all := make(chan struct{}, 2*count)
		r.send = func(context.Context, Message) error { all <- struct{}{}; return nil }
		ctx, cancel := context.WithCancel(t.Context())
		db := open()
		for i := range count {
			put(t, db, code(fmt.Sprintf("p%d@example.com", i), fmt.Sprint(i)))
		}
		var nodes sync.WaitGroup
		for _, name := range []string{"a", "b"} {
			o := New(open(), Options{Senders: mailed(r), Node: name, Now: storetest.NewClock().Now})
			nodes.Go(func() { _ = o.Run(ctx) })
		}
		for range count {
			<-all
		}
		cancel()
		nodes.Wait()
		got := r.codes()
		slices.Sort(got)
		if len(got) != count || len(slices.Compact(got)) != count {
			t.Errorf("sent %d messages, want each of %d once", len(got), count)
		}
	})
}

func TestConfigured(t *testing.T) {
	db := storetest.Open(t)
	o := New(db, Options{Senders: map[identity.Channel]Sender{
		identity.ByMail: &recorder{}, identity.BySMS: NewSMS(db, SMSOptions{}),
	}})
	for channel, want := range map[identity.Channel]bool{identity.ByMail: true, identity.BySMS: false, "pigeon": false} {
		if got := o.Configured(t.Context(), channel); got != want {
			t.Errorf("%s: got %v, want %v", channel, got, want)
		}
	}
}

func TestErrorTextIsOneShortLineWithoutSecrets(t *testing.T) {
	tests := []struct{ in, want string }{
		{"550 no such box", "550 no such box"},
		{"said hunter22\r\n550", "said [redacted]  550"},
		{"NUL \x00 and \xff", "NUL   and ?"},
		{strings.Repeat("字", 301), strings.Repeat("字", 299) + "…"},
	}
	for _, tt := range tests {
		if got := errorText(errors.New(tt.in), map[string]string{"password": "hunter22", "minutes": "5"}); got != tt.want {
			t.Errorf("errorText(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
