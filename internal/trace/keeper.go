package trace

import (
	"context"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	queueLength = 1024
	batchSize   = 100
	batchEvery  = 200 * time.Millisecond
)

// Options say what a Keeper works with.
type Options struct {
	// Now is the clock.
	Now func() time.Time
	// Log hears of stories that were lost; nil discards.
	Log *slog.Logger
	// Catalogue has the sentences that Render writes.
	Catalogue *i18n.Catalogue
}

// Keeper stores stories and finds them again. It is safe for concurrent use.
type Keeper struct {
	db      *store.DB
	options Options
	queue   chan *Story
	full    chan struct{} // holds one token when a whole batch waits
	writing sync.Mutex    // held from taking stories out of the queue until they are stored
	dropped atomic.Uint64
}

// NewKeeper returns a keeper of a database. It stores nothing until Run runs
// or Flush is called.
func NewKeeper(db *store.DB, options Options) *Keeper {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Keeper{db: db, options: options, queue: make(chan *Story, queueLength), full: make(chan struct{}, 1)}
}

// Begin starts a story whose steps carry times.
func (k *Keeper) Begin(kind Kind, origin identity.Origin) *Story {
	s := Begin(kind, origin)
	s.now = k.options.Now
	s.began = s.now()
	return s
}

// Keep takes a story over to be stored soon, and never waits: when the queue
// of 1,024 is full the story is lost and counted. The story must not be
// written to afterwards. A nil Story is ignored.
func (k *Keeper) Keep(s *Story) {
	if s == nil {
		return
	}
	if s.began.IsZero() {
		s.began = k.options.Now()
	}
	select {
	case k.queue <- s:
	default:
		k.dropped.Add(1)
		return
	}
	if len(k.queue) >= batchSize {
		select {
		case k.full <- struct{}{}:
		default:
		}
	}
}

// Dropped is how many stories were lost since the start, because too many came
// or because they could not be stored.
func (k *Keeper) Dropped() uint64 { return k.dropped.Load() }

// Run stores stories, up to 100 in one transaction and none later than 200 ms,
// until ctx ends; then it stores what still waits and returns nil.
func (k *Keeper) Run(ctx context.Context) error {
	ticker := time.NewTicker(batchEvery)
	defer ticker.Stop()
	var told uint64
	for running := true; running; {
		select {
		case <-ctx.Done():
			running = false
		case <-k.full:
		case <-ticker.C:
		}
		// A batch that was taken is stored even while the process stops.
		err := k.Flush(context.WithoutCancel(ctx))
		if lost := k.Dropped(); lost != told {
			k.options.Log.Warn("stories of sign-ins lost", "count", lost-told, "err", err)
			told = lost
		}
	}
	return nil
}

// Flush stores everything that was kept before the call. When it returns nil
// those stories can be found. Stories that cannot be stored are lost and
// counted.
func (k *Keeper) Flush(ctx context.Context) error {
	k.writing.Lock()
	defer k.writing.Unlock()
	var failed error
	// What is kept during the call is left to the next one: under a flood the
	// queue would never be empty.
	for left := len(k.queue); left > 0; {
		batch := k.take(min(left, batchSize))
		left -= len(batch)
		if err := k.store(ctx, batch); err != nil {
			k.dropped.Add(uint64(len(batch)))
			failed = err
		}
	}
	return failed
}

// take removes n stories from the queue, which has them: only the holder of
// writing removes any.
func (k *Keeper) take(n int) []*Story {
	batch := make([]*Story, n)
	for i := range batch {
		batch[i] = <-k.queue
	}
	return batch
}

func (k *Keeper) store(ctx context.Context, batch []*Story) error {
	rows := make([]store.TraceRow, len(batch))
	for i, s := range batch {
		row, err := s.row()
		if err != nil {
			return err
		}
		rows[i] = row
	}
	return k.db.Act(ctx, store.ActTrace, func(tx *store.Tx) error {
		for _, row := range rows {
			if err := tx.Traces.Insert(row); err != nil {
				return err
			}
		}
		return nil
	})
}
