package meeting

import (
	"net/netip"
	"time"

	"github.com/orgate/orgate/internal/policy"
)

// Rate bounds how often one client address may call what anyone may call. The
// zero value is the default of policy.
type Rate = policy.Rate

// limiting is what of an operation counts against the rate of an address.
type limiting uint8

const (
	unlimited limiting = iota
	everyCall          // guessing is what the call is good for
	// refusals: a server that calls for all its people is never slowed down as
	// long as it is right.
	refusals
)

// limits keeps the rates of client addresses. A nil one limits nothing.
type limits struct{ rates *policy.Rates }

func newLimits(r Rate, now func() time.Time) *limits { return &limits{policy.NewRates(r, now)} }

// admit reports whether a call may be answered, and counts it where every call
// counts.
func (l *limits) admit(what limiting, address netip.Addr) bool {
	switch {
	case l == nil || what == unlimited:
		return true
	case what == everyCall:
		return l.rates.Allow(address)
	}
	return l.rates.HasRoom(address)
}

// refused counts a refusal where those count.
func (l *limits) refused(what limiting, address netip.Addr) {
	if l != nil && what == refusals {
		l.rates.Allow(address)
	}
}
