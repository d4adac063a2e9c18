package policy

import (
	"net/netip"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/store/storetest"
)

func TestRates(t *testing.T) {
	clock := storetest.NewClock()
	r := NewRates(Rate{PerSecond: 1, Burst: 2}, clock.Now)
	one, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i, want := range []bool{true, true, false} {
		if room, got := r.HasRoom(one), r.Allow(one); got != want || room != want {
			t.Errorf("call %d: room %v, allowed %v, want %v", i, room, got, want)
		}
	}
	if !r.Allow(other) {
		t.Error("another address was refused")
	}
	clock.Advance(time.Second)
	if !r.Allow(one) || r.Allow(one) {
		t.Error("a second later there is room for more or less than one call")
	}
	var none *Rates
	if !none.Allow(one) || !none.HasRoom(one) {
		t.Error("no rates refuse something")
	}
}

// What counts as one client has one bucket, and nobody else has it.
func TestKey(t *testing.T) {
	keys := map[string]string{}
	for _, client := range []string{"192.0.2.1", "192.0.2.2", "::", "2001:db8:1:2::", "2001:db8:1:3::", "0:0:0:ffff::"} {
		keys[string(appendKey(nil, netip.MustParseAddr(client)))] = client
	}
	keys[string(appendKey(nil, netip.Addr{}))] = "none"
	if len(keys) != 7 {
		t.Errorf("7 clients have %d keys", len(keys))
	}
	if got := keys[string(appendKey(nil, netip.MustParseAddr("2001:db8:1:2:3::4%eth0")))]; got != "2001:db8:1:2::" {
		t.Errorf("an address of 2001:db8:1:2:: counts for %q", got)
	}
}

// A call of a client that is known already takes no memory.
func TestRatesTakeNoMemory(t *testing.T) {
	r := NewRates(Rate{}, storetest.NewClock().Now)
	for _, at := range []netip.Addr{{}, netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("2001:db8::1")} {
		r.Allow(at)
		if got := testing.AllocsPerRun(1000, func() { r.Allow(at); r.HasRoom(at) }); got > 0 {
			t.Errorf("a call of %v allocates %g times", at, got)
		}
	}
}

// Without numbers there is a bound all the same.
func TestDefaultRate(t *testing.T) {
	r, at := NewRates(Rate{}, storetest.NewClock().Now), netip.MustParseAddr("192.0.2.1")
	n := 0
	for r.Allow(at) {
		n++
	}
	if n != defaultBurst {
		t.Errorf("%d calls at once, want %d", n, defaultBurst)
	}
}

func TestNetwork(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.1": "192.0.2.1", "2001:db8:1:2:3::4": "2001:db8:1:2::", "2001:db8:1:2:ffff::": "2001:db8:1:2::",
	} {
		if got := network(netip.MustParseAddr(in)); got.String() != want {
			t.Errorf("network(%s) = %s, want %s", in, got, want)
		}
	}
	if network(netip.Addr{}).IsValid() {
		t.Error("no address has a network")
	}
}
