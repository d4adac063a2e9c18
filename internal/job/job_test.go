package job

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// bubble runs a test in a bubble of fake time with a database in it.
func bubble(t *testing.T, test func(t *testing.T, db *store.DB)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		test(t, storetest.Open(t, storetest.With(func(o *store.Options) { o.Now = time.Now })))
	})
}

// start runs jobs on a node until the returned function is called.
func start(t *testing.T, db *store.DB, node string, jobs ...Job) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var work sync.WaitGroup
	r := New(db, Options{Node: node, Now: time.Now, Jobs: jobs, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	work.Go(func() {
		if err := r.Run(ctx); err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	return func() { cancel(); work.Wait() }
}

// pass lets time pass.
func pass(d time.Duration) {
	<-time.After(d)
	synctest.Wait()
}

func state(t *testing.T, db *store.DB, name string) (found store.Job) {
	t.Helper()
	err := db.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Jobs.All()
		for _, j := range all {
			if j.Name == name {
				found = j
			}
		}
		return err
	})
	if err != nil {
		t.Fatalf("read the jobs: %v", err)
	}
	return found
}

// steal gives the lease of a job to another node.
func steal(t *testing.T, db *store.DB, name, thief string) {
	t.Helper()
	owner := state(t, db, name).LeasedBy
	err := db.Act(t.Context(), store.ActJob, func(tx *store.Tx) error {
		if err := tx.Jobs.Finish(name, owner, tx.Now(), ""); err != nil {
			return err
		}
		_, err := tx.Jobs.Take(name, thief, tx.Now().Add(time.Hour))
		return err
	})
	if err != nil {
		t.Fatalf("steal: %v", err)
	}
}

func TestAJobRunsAtItsInterval(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		var runs atomic.Int32
		stop := start(t, db, "a", Func("count", time.Minute, func(context.Context) error { runs.Add(1); return nil }))
		defer stop()
		pass(time.Second)
		if got := runs.Load(); got != 1 {
			t.Fatalf("after a second: got %d runs, want 1", got)
		}
		pass(50 * time.Second)
		if got := runs.Load(); got != 1 {
			t.Errorf("before the interval: got %d runs, want 1", got)
		}
		// The interval is prolonged by a tenth at most.
		pass(20 * time.Second)
		if got := runs.Load(); got != 2 {
			t.Errorf("after the interval: got %d runs, want 2", got)
		}
		j := state(t, db, "count")
		if j.LeasedBy != "" || j.LastError != "" || j.FinishedAt.IsZero() || !j.NextAt.After(j.FinishedAt.Add(59*time.Second)) {
			t.Errorf("got %+v, want it given back, without error, due in a minute", j)
		}
	})
}

func TestOnlyOneNodeRunsAJob(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		var now, most, runs atomic.Int32
		work := func(ctx context.Context) error {
			runs.Add(1)
			if n := now.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer now.Add(-1)
			<-time.After(90 * time.Second) // three leases long: it must be renewed
			return nil
		}
		for _, node := range []string{"a", "b", "c"} {
			defer start(t, db, node, Func("long", 2*time.Minute, work))()
		}
		pass(100 * time.Second)
		if runs.Load() != 1 || most.Load() != 1 {
			t.Errorf("got %d runs, %d at once; want 1", runs.Load(), most.Load())
		}
		pass(130 * time.Second)
		if runs.Load() != 2 || most.Load() != 1 {
			t.Errorf("later: got %d runs, %d at once; want 2, never together", runs.Load(), most.Load())
		}
	})
}

// Two processes on one database reach for a job at the same moment, many times.
func TestOnlyOneOfTwoRunnersTakesAJob(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		work := Func("once", time.Hour, nil)
		runners := []*Runner{
			New(open(storetest.WithClock(clock)), Options{Node: "a", Now: clock.Now}),
			New(open(storetest.WithClock(clock)), Options{Node: "b", Now: clock.Now}),
		}
		for round := range 10 {
			var taken atomic.Int32
			var all sync.WaitGroup
			for i := range 8 {
				all.Go(func() {
					if runners[i%2].take(t.Context(), work) {
						taken.Add(1)
					}
				})
			}
			all.Wait()
			if got := taken.Load(); got != 1 {
				t.Errorf("round %d: %d took the job, want 1", round, got)
			}
			clock.Advance(2 * leaseFor)
		}
	})
}

func TestAFailureIsRecordedAndTriedAgainLaterEachTime(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		var began []time.Time
		broken := errors.New("disk full\nsecond line")
		stop := start(t, db, "a", Func("fail", time.Hour, func(context.Context) error {
			began = append(began, time.Now())
			if len(began) == 5 {
				return nil
			}
			return broken
		}))
		pass(5 * time.Second)
		if got := state(t, db, "fail").LastError; got != "disk full" {
			t.Errorf("LastError = %q, want the first line of the failure", got)
		}
		pass(3 * time.Minute)
		stop()
		if len(began) != 5 {
			t.Fatalf("got %d runs, want 5", len(began))
		}
		for i, want := range []time.Duration{10 * time.Second, 20 * time.Second, 40 * time.Second, 80 * time.Second} {
			if got := began[i+1].Sub(began[i]); got < want || got > want*11/10+2*time.Second {
				t.Errorf("pause %d: got %v, want %v and at most a tenth more", i+1, got, want)
			}
		}
		if j := state(t, db, "fail"); j.LastError != "" || j.NextAt.Before(j.FinishedAt.Add(time.Hour)) {
			t.Errorf("after success: got %+v, want no error and due in an hour", j)
		}
	})
}

func TestARetryIsNeverLaterThanTheInterval(t *testing.T) {
	r := New(nil, Options{})
	short := Func("short", 15*time.Second, nil)
	for i := range 100 {
		if got := r.pause(short, errors.New("no")); got < 10*time.Second || got > 17*time.Second {
			t.Fatalf("failure %d: got a pause of %v, want 10 s to 16.5 s", i, got)
		}
	}
}

func TestAPanicIsAFailureOfTheJobAlone(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		var others atomic.Int32
		stop := start(t, db, "a",
			Func("panics", time.Minute, func(context.Context) error { panic("nil map") }),
			Func("works", time.Minute, func(context.Context) error { others.Add(1); return nil }))
		pass(3 * time.Second)
		stop()
		if got := state(t, db, "panics"); got.LastError != "job: panic: nil map" || got.LeasedBy != "" {
			t.Errorf("got %+v, want the panic recorded and the lease given back", got)
		}
		if others.Load() != 1 {
			t.Errorf("the other job ran %d times, want 1", others.Load())
		}
	})
}

func TestStoppingBreaksAJobOffAndFreesIt(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		stop := start(t, db, "a", Func("long", time.Hour, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }))
		pass(2 * time.Second)
		if got := state(t, db, "long").LeasedBy; got != "a" {
			t.Fatalf("leased by %q, want a", got)
		}
		stop()
		if j := state(t, db, "long"); j.LeasedBy != "" || j.LastError != "" || j.NextAt.After(time.Now()) {
			t.Errorf("got %+v, want it free, due and without a failure", j)
		}
	})
}

func TestADeadNodeLosesItsJob(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		err := db.Act(t.Context(), store.ActJob, func(tx *store.Tx) error {
			_, err := tx.Jobs.Take("work", "dead", tx.Now().Add(leaseFor))
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		var runs atomic.Int32
		defer start(t, db, "b", Func("work", time.Hour, func(context.Context) error { runs.Add(1); return nil }))()
		pass(leaseFor - 2*time.Second)
		if got := runs.Load(); got != 0 {
			t.Errorf("within the lease: got %d runs, want 0", got)
		}
		pass(4 * time.Second)
		if got := runs.Load(); got != 1 {
			t.Errorf("after the lease: got %d runs, want 1", got)
		}
	})
}

func TestALostLeaseBreaksTheJobOff(t *testing.T) {
	bubble(t, func(t *testing.T, db *store.DB) {
		ended := make(chan error, 1)
		stop := start(t, db, "a", Func("long", time.Hour, func(ctx context.Context) error {
			<-ctx.Done()
			ended <- context.Cause(ctx)
			return ctx.Err()
		}))
		defer stop()
		pass(2 * time.Second)
		steal(t, db, "long", "thief")
		pass(renewEvery + time.Second)
		select {
		case err := <-ended:
			if !errors.Is(err, errLost) {
				t.Errorf("ended by %v, want %v", err, errLost)
			}
		default:
			t.Error("the job goes on without its lease")
		}
		if got := state(t, db, "long").LeasedBy; got != "thief" {
			t.Errorf("leased by %q; the loser must not give back what is another's", got)
		}
	})
}

func TestBriefKeepsOneShortLine(t *testing.T) {
	tests := []struct{ in, want string }{
		{"disk full", "disk full"},
		{"first\nsecond", "first"},
		{"NUL \x00 and \xff", "NUL ? and ?"},
		{strings.Repeat("字", 301), strings.Repeat("字", 299) + "…"},
	}
	for _, tt := range tests {
		if got := brief(errors.New(tt.in)); got != tt.want {
			t.Errorf("brief(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}
