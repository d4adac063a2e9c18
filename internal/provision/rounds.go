package provision

import (
	"context"
	"sync"
	"time"
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
