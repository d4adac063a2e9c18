package meeting

import (
	"net/netip"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// Rate bounds how often one client address may call what anyone may call. The
// zero value is the default: 50 a second, 200 at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

// limiting is what of an operation counts against the rate of an address.
type limiting uint8

const (
	unlimited limiting = iota
	everyCall          // guessing is what the call is good for
	// refusals: a server that calls for all its people is never slowed down as
	// long as it is right.
	refusals
)

const (
	defaultPerSecond = 50
	defaultBurst     = 200
	// maxAddresses bounds the memory; an address that falls out starts anew.
	maxAddresses = 1 << 16
	// networkBits of an IPv6 address are one customer's.
	networkBits = 64
)

// limits keeps a bucket for each client address. A nil one limits nothing.
type limits struct {
	rate    Rate
	now     func() time.Time
	buckets *otter.Cache[netip.Addr, *rate.Limiter]
}

func newLimits(r Rate, now func() time.Time) *limits {
	if r.PerSecond <= 0 {
		r.PerSecond = defaultPerSecond
	}
	if r.Burst <= 0 {
		r.Burst = defaultBurst
	}
	return &limits{rate: r, now: now, buckets: otter.Must(&otter.Options[netip.Addr, *rate.Limiter]{MaximumSize: maxAddresses})}
}

// admit reports whether a call may be answered, and counts it where every call
// counts.
func (l *limits) admit(what limiting, address netip.Addr) bool {
	if l == nil || what == unlimited {
		return true
	}
	if what == everyCall {
		return l.bucket(address).AllowN(l.now(), 1)
	}
	b, found := l.buckets.GetIfPresent(network(address))
	return !found || b.TokensAt(l.now()) >= 1
}

// refused counts a refusal where those count.
func (l *limits) refused(what limiting, address netip.Addr) {
	if l != nil && what == refusals {
		l.bucket(address).AllowN(l.now(), 1)
	}
}

func (l *limits) bucket(address netip.Addr) *rate.Limiter {
	key := network(address)
	if b, found := l.buckets.GetIfPresent(key); found {
		return b
	}
	b, _ := l.buckets.SetIfAbsent(key, rate.NewLimiter(rate.Limit(l.rate.PerSecond), l.rate.Burst))
	return b
}

// network is what counts as one client.
func network(address netip.Addr) netip.Addr {
	if !address.Is6() {
		return address
	}
	p, err := address.Prefix(networkBits)
	if err != nil {
		return address
	}
	return p.Addr()
}
