package meeting

import (
	"net/http"
	"net/netip"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store/storetest"
)

func TestLimits(t *testing.T) {
	clock := storetest.NewClock()
	l := newLimits(Rate{PerSecond: 1, Burst: 2}, clock.Now)
	one, other := netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("192.0.2.2")
	for i, want := range []bool{true, true, false} {
		if got := l.admit(everyCall, one); got != want {
			t.Errorf("call %d: admitted %v, want %v", i, got, want)
		}
	}
	if !l.admit(everyCall, other) || !l.admit(unlimited, one) {
		t.Error("another address, or a call without a limit, was refused")
	}
	clock.Advance(time.Second)
	if !l.admit(everyCall, one) || l.admit(everyCall, one) {
		t.Error("a second later there is room for more or less than one call")
	}
}

// A server that is right is never slowed down; one that is wrong is.
func TestLimitsCountRefusals(t *testing.T) {
	clock := storetest.NewClock()
	l := newLimits(Rate{PerSecond: 1, Burst: 2}, clock.Now)
	at := netip.MustParseAddr("192.0.2.1")
	for range 10 {
		if !l.admit(refusals, at) {
			t.Fatal("a call was refused before anything went wrong")
		}
	}
	l.refused(refusals, at)
	l.refused(refusals, at)
	if l.admit(refusals, at) {
		t.Error("admitted after as many refusals as the bound has")
	}
	clock.Advance(time.Second)
	if !l.admit(refusals, at) {
		t.Error("not admitted a second later")
	}
	l.refused(everyCall, at)
	if !l.admit(refusals, at) {
		t.Error("a call counted twice")
	}
}

func TestRateLimitAnswers(t *testing.T) {
	h := newHouse(t)
	h.o.SkipRateLimit, h.o.Rate = false, Rate{PerSecond: 1, Burst: 3}
	address := netip.MustParseAddr("198.51.100.1")
	h.o.Origin = func(*http.Request) identity.Origin { return identity.Origin{Address: address, RequestID: requestID} }
	h.build()
	const body = `{"token":"x","needGenNewToken":false}`
	for range 3 {
		refused(t, h.request("POST", validatePath, body), 401, "USG.000000004")
	}
	w := h.request("POST", validatePath, body)
	refused(t, w, 429, "USG.000000001")
	if w.Header().Get("Retry-After") != "1" {
		t.Errorf("Retry-After = %q, want 1", w.Header().Get("Retry-After"))
	}
	refused(t, h.request("POST", "/v1/usg/acs/auth/account", "{}"), 429, "USG.000000001")
	address = netip.MustParseAddr("198.51.100.2")
	refused(t, h.request("POST", validatePath, body), 401, "USG.000000004")
}
