package resource

import (
	"context"
	"crypto/rand"
	"fmt"
	"math/big"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Resources holds the use cases. It is safe for concurrent use.
type Resources struct {
	db         *store.DB
	configured func(ctx context.Context, channel identity.Channel) bool
}

// Options are what Resources work with.
type Options struct {
	// Configured tells whether messages can leave by a channel; nil means that
	// they can.
	Configured func(ctx context.Context, channel identity.Channel) bool
}

// New returns the resources of a database.
func New(db *store.DB, o Options) *Resources {
	if o.Configured == nil {
		o.Configured = func(context.Context, identity.Channel) bool { return true }
	}
	return &Resources{db: db, configured: o.Configured}
}

// Listed is a part of a list. Count and Offset are told where the query asked
// for the whole to be counted: how many there are, and from where on the part
// is, which is the last page for an offset beyond the end (Meeting API, 1.5).
type Listed[T any] struct {
	Items         []T
	Count, Offset int
	At            time.Time // the instant at which they were like this
}

// Seen is something as it was at an instant, which decides its status.
type Seen[T any] struct {
	Item T
	At   time.Time
}

// How lists are asked for, by the names that callers use who know no tables.
type (
	// Slice is the part of a list that is wanted.
	Slice = store.Slice
	// NameOrder asks for a list in the order of names.
	NameOrder = store.NameOrder
	// Query narrows a list of resources.
	Query = store.ResourceQuery
	// RecordQuery narrows a list of records.
	RecordQuery = store.RecordQuery
	// ActivationQuery narrows a list of activation codes.
	ActivationQuery = store.ActivationQuery
	// RoomQuery narrows a list of rooms.
	RoomQuery = store.RoomQuery
)

// The sorts of rooms that a RoomQuery tells apart.
const (
	OnlyRooms    = store.OnlyRooms
	OnlyPersonal = store.OnlyPersonal
)

// MaxBatch is how many things one call changes at most.
const MaxBatch = 500

// checkBatch bounds what one call changes.
func checkBatch(field string, n int) error {
	if n > MaxBatch {
		return fault.New(fault.Invalid, fault.CodeListLength).At(field).With("max", MaxBatch)
	}
	return nil
}

// slice reads a part of a list: count first where that is asked for, since it
// decides which part there is.
func slice[T any](tx *store.Tx, s *store.Slice, count func() (int, error), page func() ([]T, error)) (l Listed[T], err error) {
	l.At, s.Limit = tx.Now(), store.PageSize(s.Limit)
	if s.Counted {
		if l.Count, err = count(); err != nil {
			return l, err
		}
		if s.Offset >= l.Count {
			s.Offset = max(l.Count-1, 0) / s.Limit * s.Limit
		}
		l.Offset = s.Offset
	}
	l.Items, err = page()
	return l, err
}

// sorted returns keys once each in one order for all callers: two of them that
// meet wait for each other, never in a ring.
func sorted[T ~string](keys []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(keys)))
}

// draw returns a random number below n.
func draw(n int64) int64 {
	random, _ := rand.Int(rand.Reader, big.NewInt(n)) // never fails
	return random.Int64()
}

// codeAlphabet is that of drawn codes: digits and letters that are not mistaken
// for one another, typed at a remote control.
const codeAlphabet = "23456789abcdefghjkmnpqrstuvwxyz"

// codeLength makes 59 bits: codes are unique without asking.
const codeLength = 12

func drawCode() string {
	code := make([]byte, codeLength)
	for i := range code {
		code[i] = codeAlphabet[draw(int64(len(codeAlphabet)))]
	}
	return string(code)
}

// drawPassword returns the six digits of a new room's host.
func drawPassword() string { return fmt.Sprintf("%06d", draw(1_000_000)) }

// drawNumber returns a meeting id: ten digits that no telephone number of a
// country begins like.
func drawNumber() string { return fmt.Sprintf("9%09d", draw(1_000_000_000)) }

// numberEpoch is where the time part of SIP numbers begins, 2020 in
// milliseconds: twelve digits last until 2051.
const numberEpoch = 1_577_836_800_000

// drawSIP returns the SIP number of a terminal: +991 as those of members, and
// sixteen digits, so that one is hardly ever drawn twice.
func drawSIP(now time.Time) string {
	return fmt.Sprintf("+991%012d%04d", (now.UnixMilli()-numberEpoch)%1_000_000_000_000, draw(10_000))
}
