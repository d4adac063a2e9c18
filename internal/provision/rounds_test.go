package provision

import (
	"context"
	"testing"
)

// Nobody is told twice at once, and no more than parallel are; whoever has to
// wait is told so.
func TestRounds(t *testing.T) {
	ctx, end := context.WithCancel(t.Context())
	defer end()
	var r rounds[int]
	told, waits := make(chan int), make(chan int, 4*parallel)
	leave := make(chan struct{})
	finished := make(chan error)
	go func() {
		finished <- r.run(ctx, func(context.Context) (turns []turn[int]) {
			for id := range parallel + 1 {
				for range 2 {
					turns = append(turns, turn[int]{id: id, tell: func(context.Context) { told <- id; <-leave }, wait: func() {
						select {
						case waits <- id:
						default:
						}
					}})
				}
			}
			return turns
		})
	}()
	seen := map[int]bool{}
	for range parallel {
		id := <-told
		if seen[id] || !r.busy(id) {
			t.Errorf("%d is told once more, or is not busy", id)
		}
		seen[id] = true
	}
	waited := map[int]bool{}
	for range parallel + 2 {
		waited[<-waits] = true
	}
	if len(seen) != parallel || seen[parallel] || !waited[parallel] || len(waited) != parallel+1 {
		t.Errorf("told %v, waited %v", seen, waited)
	}
	end()
	close(leave)
	if err := <-finished; err != nil || r.busy(0) {
		t.Errorf("at the end: %v, busy %v", err, r.busy(0))
	}
}
