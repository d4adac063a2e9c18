package outbox

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"
	"unicode"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ErrPermanent marks an error of a Sender that no repetition will mend: the
// message is given up at once.
var ErrPermanent = errors.New("outbox: refused for good")

// Errors for which a message is given up or put back without being sent.
var (
	errTooLate   = fmt.Errorf("outbox: no longer of use when its turn came: %w", ErrPermanent)
	errNoChannel = errors.New("outbox: this channel has no sender")
)

const (
	leaseFor     = 30 * time.Second
	sendFor      = 25 * time.Second // within the lease, so that nobody else sends meanwhile
	pollEvery    = time.Second
	parallel     = 16
	maxAttempts  = 12
	firstPause   = time.Second
	longestPause = time.Hour
	pauseGrowth  = 4   // 1 s, 4 s, 16 s … 17 min, then hourly: about five and a half hours in all
	maxErrorText = 300 // of what the table keeps
)

// Sender delivers messages of one channel. Send returns nil when the next hop
// took the message over; an error that is ErrPermanent gives it up, any other
// is tried again later. Send must stop when ctx ends.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Configurable is what a Sender also implements when it can be unable to send
// because nobody has set it up.
type Configurable interface {
	Configured(ctx context.Context) bool
}

// GivenUp is a message that will not be sent.
type GivenUp struct {
	Message  Message
	Attempts int
	Reason   error // without the message's parameters
}

// Options say what an Outbox works with.
type Options struct {
	// Senders holds one sender for each channel that can be used.
	Senders map[identity.Channel]Sender
	// Catalogue has the built-in words.
	Catalogue *i18n.Catalogue
	// Node names this process in leases.
	Node string
	// Log hears of failures; nil discards.
	Log *slog.Logger
	// Now is the clock.
	Now func() time.Time
	// GivenUp, if set, is told of each message that will not be sent, so that
	// the fact can be recorded. It is called by the goroutine that sent.
	GivenUp func(ctx context.Context, g GivenUp)
}

// Outbox sends the messages of a database. It is safe for concurrent use.
type Outbox struct {
	db      *store.DB
	options Options
	woken   chan struct{} // holds one token when somebody has put a message
}

// New returns an outbox. Nothing is sent until Run runs.
func New(db *store.DB, options Options) *Outbox {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Outbox{db: db, options: options, woken: make(chan struct{}, 1)}
}

// Wake makes Run look for messages now; call it after the commit of what Put
// wrote. A forgotten call costs a second at most.
func (o *Outbox) Wake() {
	select {
	case o.woken <- struct{}{}:
	default:
	}
}

// Configured reports whether messages of a channel can be sent: it has a
// sender, and that sender is set up.
func (o *Outbox) Configured(ctx context.Context, channel identity.Channel) bool {
	sender, ok := o.options.Senders[channel]
	if !ok {
		return false
	}
	if c, ok := sender.(Configurable); ok {
		return c.Configured(ctx)
	}
	return true
}

// Waiting returns how many messages wait to be sent and how many were given
// up within the last days.
func (o *Outbox) Waiting(ctx context.Context) (waiting, dead int, err error) {
	err = o.db.View(ctx, func(tx *store.Tx) error {
		waiting, dead, err = tx.Outbox.Waiting()
		return err
	})
	return waiting, dead, err
}

// Run sends messages, at most 16 at once, until ctx ends. Then it takes no
// more, finishes what is in flight and returns nil.
func (o *Outbox) Run(ctx context.Context) error {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	var flights sync.WaitGroup
	defer flights.Wait()
	slots := make(chan struct{}, parallel)
	for {
		if free := parallel - len(slots); free > 0 {
			for _, m := range o.lease(ctx, free) {
				slots <- struct{}{}
				flights.Go(func() {
					o.deliver(context.WithoutCancel(ctx), m)
					<-slots
					o.Wake() // the next to the same target may go
				})
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-o.woken:
		case <-tick.C:
		}
	}
}

// lease takes due messages. A failure is logged and tried again with the next
// tick.
func (o *Outbox) lease(ctx context.Context, limit int) (leased []identity.Message) {
	if ctx.Err() != nil {
		return nil
	}
	err := o.db.Act(ctx, store.ActOutbox, func(tx *store.Tx) (err error) {
		leased, err = tx.Outbox.Lease(o.options.Node, tx.Now().Add(leaseFor), limit)
		return err
	})
	if err != nil {
		if ctx.Err() == nil {
			o.options.Log.Error("outbox not read", "err", err)
		}
		return nil
	}
	return leased
}

// deliver sends one message and notes what came of it.
func (o *Outbox) deliver(ctx context.Context, stored identity.Message) {
	message, err := Open(stored)
	if err == nil {
		err = o.send(ctx, message)
	}
	if err == nil {
		o.note(ctx, stored.ID, func(tx *store.Tx) error { return tx.Outbox.Sent(stored.ID) })
		return
	}
	reason := errors.New(errorText(err, message.Params))
	attempts := stored.Attempts + 1
	next := o.options.Now().Add(pauseAfter(attempts))
	// One that will be of no use then must not keep the next to its target waiting.
	giveUp := attempts >= maxAttempts || errors.Is(err, ErrPermanent) || !message.Until.IsZero() && next.After(message.Until)
	if giveUp {
		next = time.Time{}
	}
	o.note(ctx, stored.ID, func(tx *store.Tx) error { return tx.Outbox.Failed(stored.ID, next, reason.Error()) })
	o.options.Log.Warn("message not sent", "message", message, "attempts", attempts, "given_up", giveUp, "err", reason)
	if giveUp && o.options.GivenUp != nil {
		o.options.GivenUp(ctx, GivenUp{Message: message, Attempts: attempts, Reason: reason})
	}
}

// send hands a message to the sender of its channel.
func (o *Outbox) send(ctx context.Context, m Message) (err error) {
	if m.Channel == identity.ToNobody {
		return nil
	}
	if !m.Until.IsZero() && o.options.Now().After(m.Until) {
		return errTooLate
	}
	sender, ok := o.options.Senders[m.Channel]
	if !ok {
		return errNoChannel
	}
	ctx, cancel := context.WithTimeout(ctx, sendFor)
	defer cancel()
	if m, err = o.worded(ctx, m); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("outbox: the sender panicked: %v", r)
		}
	}()
	return sender.Send(ctx, m)
}

// note writes what came of a message. If it cannot be written the lease runs
// out and the message is sent again.
func (o *Outbox) note(ctx context.Context, id identity.MessageID, fn func(tx *store.Tx) error) {
	if err := o.db.Act(ctx, store.ActOutbox, fn); err != nil {
		o.options.Log.Error("outcome of a message not noted; it may be sent twice", "id", id, "err", err)
	}
}

// pauseAfter is how long to wait after so many failures: four times longer
// each time, up to an hour, a quarter more or less so that messages that
// failed together do not return together.
func pauseAfter(attempts int) time.Duration {
	pause := firstPause
	for range attempts - 1 {
		if pause *= pauseGrowth; pause >= longestPause {
			pause = longestPause
			break
		}
	}
	return pause*3/4 + rand.N(pause/2)
}

// errorText is an error as the operator may read it: one line, not too long,
// and without what the message said, which servers like to repeat.
func errorText(err error, params map[string]string) string {
	text := strings.ToValidUTF8(err.Error(), "?")
	for _, value := range params {
		if len(value) > 3 {
			text = strings.ReplaceAll(text, value, "[redacted]")
		}
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
	if runes := []rune(text); len(runes) > maxErrorText {
		text = string(runes[:maxErrorText-1]) + "…"
	}
	return text
}
