package policy

import (
	"net/netip"
	"time"

	"github.com/maypok86/otter/v2"
	"golang.org/x/time/rate"
)

// Rate bounds how often one client address may do what anyone may do. The zero
// value is the default: 50 a second, 200 at once.
type Rate struct {
	PerSecond float64
	Burst     int
}

const (
	defaultPerSecond = 50
	defaultBurst     = 200
	// maxAddresses bounds the memory; an address that falls out starts anew.
	maxAddresses = 1 << 16
	// networkBits of an IPv6 address are one customer's.
	networkBits = 64
	// addressBytes are those of the longest address.
	addressBytes = 16
)

// Rates keeps a bucket for each client address; the addresses of one IPv6
// network share theirs. A nil one limits nothing. It is safe for concurrent
// use, and each node counts for itself.
type Rates struct {
	rate Rate
	now  func() time.Time
	// By text, like every cache of the product: a further type of key would put
	// the library's whole code into the binary once more.
	buckets *otter.Cache[string, *rate.Limiter]
}

// NewRates returns full buckets.
func NewRates(r Rate, now func() time.Time) *Rates {
	if r.PerSecond <= 0 {
		r.PerSecond = defaultPerSecond
	}
	if r.Burst <= 0 {
		r.Burst = defaultBurst
	}
	return &Rates{rate: r, now: now, buckets: otter.Must(&otter.Options[string, *rate.Limiter]{MaximumSize: maxAddresses})}
}

// Allow counts one call of an address and reports whether there was room for
// it.
func (r *Rates) Allow(address netip.Addr) bool {
	return r == nil || r.bucket(address).AllowN(r.now(), 1)
}

// HasRoom reports whether there is room for a call, and counts nothing.
func (r *Rates) HasRoom(address netip.Addr) bool {
	if r == nil {
		return true
	}
	var space [addressBytes]byte
	b, found := r.buckets.GetIfPresent(string(appendKey(space[:0], address)))
	return !found || b.TokensAt(r.now()) >= 1
}

func (r *Rates) bucket(address netip.Addr) *rate.Limiter {
	var space [addressBytes]byte
	key := appendKey(space[:0], address)
	// A text that is made within the call takes no memory.
	if b, found := r.buckets.GetIfPresent(string(key)); found {
		return b
	}
	b, _ := r.buckets.SetIfAbsent(string(key), rate.NewLimiter(rate.Limit(r.rate.PerSecond), r.rate.Burst))
	return b
}

// appendKey appends the bytes of what counts as one client.
func appendKey(b []byte, address netip.Addr) []byte {
	b, _ = network(address).AppendBinary(b) // never fails
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
