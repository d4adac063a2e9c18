package provision

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/store"
)

// rounds looks again and again for whom there is something to tell, and tells
// them side by side: nobody twice at once, and no more than parallel.
type rounds[K comparable] struct {
	mu      sync.Mutex
	running map[K]bool
}

// turn is somebody to tell.
type turn[K comparable] struct {
	id   K
	tell func(context.Context)
	wait func() // called in place of tell when it is not their turn yet; nil is nothing
}

// run goes on until ctx ends and everybody who was begun is done.
func (r *rounds[K]) run(ctx context.Context, due func(context.Context) []turn[K]) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var work sync.WaitGroup
	defer work.Wait()
	for {
		for _, t := range due(ctx) {
			switch {
			case r.begin(t.id):
				work.Go(func() {
					defer r.end(t.id)
					t.tell(ctx)
				})
			case t.wait != nil:
				t.wait()
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// lookout is from where it is looked for somebody to tell.
type lookout struct {
	db  *store.DB
	log *slog.Logger
	who string // for the log
}

// stirred returns those whose time has come and for whom there is something to
// do. It only reads; what cannot be read is logged, and looked at again.
func stirred[T any](ctx context.Context, from lookout, due func(*store.Tx) ([]T, error), stirs func(*store.Tx, T) (bool, error)) (found []T) {
	err := from.db.View(ctx, func(tx *store.Tx) error {
		found = nil
		all, err := due(tx)
		for _, one := range all {
			stir, err := stirs(tx, one)
			if err != nil {
				return err
			}
			if stir {
				found = append(found, one)
			}
		}
		return err
	})
	if err != nil && ctx.Err() == nil {
		from.log.Error("whom to tell not read", "who", from.who, "err", err)
	}
	return found
}

// busy reports whether somebody is being told.
func (r *rounds[K]) busy(id K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.running[id]
}

func (r *rounds[K]) begin(id K) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.running[id] || len(r.running) >= parallel {
		return false
	}
	if r.running == nil {
		r.running = map[K]bool{}
	}
	r.running[id] = true
	return true
}

func (r *rounds[K]) end(id K) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.running, id)
}
