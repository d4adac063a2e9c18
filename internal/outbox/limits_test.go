package outbox

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// booth is a database on which messages are counted.
type booth struct {
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
}

func newBooth(t *testing.T, open func(...storetest.Option) *store.DB, l Limits) booth {
	t.Helper()
	clock := storetest.NewClock()
	b := booth{t, open(storetest.WithClock(clock)), clock}
	if err := b.set(l); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b booth) set(l Limits) error {
	return b.db.Update(b.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return SetLimits(tx, l)
	})
}

// send counts a message and returns the seconds to wait, 0 when it may leave.
func (b booth) send(channel identity.Channel, subject string, org identity.OrganizationID) int {
	b.t.Helper()
	err := b.db.Act(b.t.Context(), store.ActAttempt, func(tx *store.Tx) error { return Bound(tx, channel, subject, org) })
	if err == nil {
		return 0
	}
	f := fault.Of(err)
	if f.Kind != fault.TooMany || f.Code != fault.CodeMessageLimit {
		b.t.Fatal(err)
	}
	return f.Params["seconds"].(int)
}

func TestMessagesAreBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		b := newBooth(t, open, Limits{TargetShort: 2, TargetDay: 3, OrganizationHour: noLimit, SMSHour: 4})
		mail := func(to string) int { return b.send(identity.ByMail, to, "") }
		for i, want := range []int{0, 0, 600, 600} {
			if got := mail("a@example.com"); got != want {
				t.Errorf("message %d: got %d s, want %d", i+1, got, want)
			}
		}
		if got := mail("b@example.com"); got != 0 {
			t.Errorf("somebody else: got %d s", got)
		}
		b.clock.Advance(9*time.Minute + 59*time.Second)
		if got := mail("a@example.com"); got != 1 {
			t.Errorf("before the time is over: got %d s, want 1", got)
		}
		b.clock.Advance(time.Second)
		if got := mail("a@example.com"); got != 0 {
			t.Errorf("when it is over: got %d s", got)
		}
		// The third within a day was the last.
		b.clock.Advance(10 * time.Minute)
		if got, want := mail("a@example.com"), 24*60*60-20*60; got != want {
			t.Errorf("the fourth of a day: got %d s, want %d", got, want)
		}
		b.clock.Advance(24 * time.Hour)
		if got := mail("a@example.com"); got != 0 {
			t.Errorf("the day after: got %d s", got)
		}
	})
}

// The bill of short messages is bounded over all numbers, the reach of an
// organisation over all contacts.
func TestChannelsAndOrganizationsAreBounded(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		b := newBooth(t, open, Limits{SMSHour: 2, SMSDay: 3, OrganizationHour: 1})
		for i, want := range []int{0, 0, 3600} {
			if got := b.send(identity.BySMS, "+8613800000"+string(rune('0'+i)), ""); got != want {
				t.Errorf("short message %d: got %d s, want %d", i+1, got, want)
			}
		}
		for i, want := range []int{0, 3600} {
			if got := b.send(identity.ByMail, string(rune('a'+i))+"@example.com", "org_a"); got != want {
				t.Errorf("mail %d of an organisation: got %d s, want %d", i+1, got, want)
			}
		}
		if got := b.send(identity.ByMail, "c@example.com", "org_b"); got != 0 {
			t.Errorf("another organisation: got %d s", got)
		}
		b.clock.Advance(time.Hour)
		for i, want := range []int{0, 23 * 60 * 60} {
			if got := b.send(identity.BySMS, "+8613800001"+string(rune('0'+i)), ""); got != want {
				t.Errorf("short message %d of the next hour: got %d s, want %d", i+1, got, want)
			}
		}
	})
}

func TestLimitsAreSet(t *testing.T) {
	b := newBooth(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) }, Limits{SMSDay: 7, TargetDay: noLimit})
	err := b.db.View(t.Context(), func(tx *store.Tx) error {
		l, err := ReadLimits(tx)
		if want := (Limits{SMSDay: 7, TargetDay: noLimit, Version: 1}); l != want {
			t.Errorf("got %+v, want %+v", l, want)
		}
		want := DefaultLimits()
		want.SMSDay, want.TargetDay, want.Version = 7, noLimit, 1
		if got := l.Effective(); got != want {
			t.Errorf("in force: got %+v, want %+v", got, want)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := b.set(Limits{}); fault.KindOf(err) != fault.Stale {
		t.Errorf("without reading: got %v", err)
	}
	for _, l := range []Limits{{SMSHour: -2, Version: 1}, {TargetShort: maxLimit + 1, Version: 1}} {
		if err := b.set(l); !fault.Is(err, fault.CodeFieldRange) {
			t.Errorf("%+v: got %v", l, err)
		}
	}
}
