package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/store"
)

const (
	leaseFor   = 30 * time.Second
	renewEvery = 10 * time.Second
	lookEvery  = time.Second
	firstRetry = 10 * time.Second // doubled with each failure, up to the job's interval
	maxText    = 300              // of a failure, in the table
)

// errLost ends the context of a job whose lease another node has taken.
var errLost = errors.New("job: the lease was lost")

// Job is one periodic work.
type Job interface {
	// Name is unique among the jobs and never changes.
	Name() string
	// Interval is how long after one run the next is due. It is prolonged at
	// random by up to a tenth.
	Interval() time.Duration
	// Run does the work and stops soon after ctx ends. It must bear being
	// broken off and begun again, here or elsewhere.
	Run(ctx context.Context) error
}

// Func makes a Job of a function.
func Func(name string, interval time.Duration, run func(ctx context.Context) error) Job {
	return function{name, interval, run}
}

type function struct {
	name     string
	interval time.Duration
	run      func(ctx context.Context) error
}

func (f function) Name() string                  { return f.name }
func (f function) Interval() time.Duration       { return f.interval }
func (f function) Run(ctx context.Context) error { return f.run(ctx) }

// Options say what a Runner works with.
type Options struct {
	// Node names this process in leases; it must differ from every other's.
	Node string
	// Now is the clock.
	Now func() time.Time
	// Log hears of failures; nil discards.
	Log *slog.Logger
	// Jobs is all there is to do.
	Jobs []Job
}

// Runner runs jobs.
type Runner struct {
	db      *store.DB
	options Options

	mu       sync.Mutex
	running  map[string]bool
	failures map[string]int // in a row, on this node
}

// New returns a runner. Nothing runs until Run does.
func New(db *store.DB, options Options) *Runner {
	if options.Log == nil {
		options.Log = slog.New(slog.DiscardHandler)
	}
	return &Runner{db: db, options: options, running: map[string]bool{}, failures: map[string]int{}}
}

// Run runs each job when it is due, until ctx ends. Then it ends the contexts
// of the jobs that run, waits for them and returns nil.
func (r *Runner) Run(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	var work sync.WaitGroup
	defer work.Wait()
	for {
		for _, job := range r.due(ctx) {
			if r.take(ctx, job) {
				work.Go(func() { r.work(ctx, job) })
			}
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// due returns the jobs that nobody works on and whose time has come. It only
// reads; take decides.
func (r *Runner) due(ctx context.Context) (due []Job) {
	var rows []store.Job
	var now time.Time
	err := r.db.View(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now()
		rows, err = tx.Jobs.All()
		return err
	})
	if err != nil {
		r.complain(ctx, "jobs not read", err)
		return nil
	}
	states := make(map[string]store.Job, len(rows))
	for _, row := range rows {
		states[row.Name] = row
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, job := range r.options.Jobs {
		state := states[job.Name()]
		if !r.running[job.Name()] && state.LeasedUntil.Before(now) && !state.NextAt.After(now) {
			due = append(due, job)
		}
	}
	return due
}

// take leases a job for this node.
func (r *Runner) take(ctx context.Context, job Job) (ok bool) {
	err := r.db.Act(ctx, store.ActJob, func(tx *store.Tx) (err error) {
		ok, err = tx.Jobs.Take(job.Name(), r.options.Node, tx.Now().Add(leaseFor))
		return err
	})
	if err != nil {
		r.complain(ctx, "job not taken", err, "job", job.Name())
		return false
	}
	if ok {
		r.mark(job, true)
	}
	return ok
}

// work runs a job under its lease and gives the lease back.
func (r *Runner) work(ctx context.Context, job Job) {
	defer r.mark(job, false)
	leased, cancel := context.WithCancelCause(ctx)
	var renewal sync.WaitGroup
	renewal.Go(func() { r.renew(leased, job, cancel) })
	err := contained(leased, job)
	lost := errors.Is(context.Cause(leased), errLost)
	cancel(nil)
	renewal.Wait()
	if lost {
		r.options.Log.Warn("job broken off: another node has taken it", "job", job.Name())
		return
	}
	if err != nil && ctx.Err() != nil {
		// Broken off by the end of this process, which is no failure: the next
		// node may begin at once.
		r.finish(ctx, job, 0, "")
		return
	}
	pause, why := r.pause(job, err), ""
	if err != nil {
		why = brief(err)
		r.complain(ctx, "job failed", err, "job", job.Name(), "retry_in", pause)
	}
	r.finish(ctx, job, pause, why)
}

// renew prolongs the lease until ctx ends, and ends it when the lease is lost.
func (r *Runner) renew(ctx context.Context, job Job, cancel context.CancelCauseFunc) {
	tick := time.NewTicker(renewEvery)
	defer tick.Stop()
	for misses := 0; ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		ok := false
		err := r.db.Act(ctx, store.ActJob, func(tx *store.Tx) (err error) {
			ok, err = tx.Jobs.Renew(job.Name(), r.options.Node, tx.Now().Add(leaseFor))
			return err
		})
		switch {
		case err == nil && ok:
			misses = 0
			continue
		case err != nil:
			r.complain(ctx, "lease of a job not renewed", err, "job", job.Name())
			// Two misses still leave ten seconds of the lease to stop in.
			if misses++; misses < 2 {
				continue
			}
		}
		cancel(errLost)
		return
	}
}

// contained runs a job and turns a panic into an error.
func contained(ctx context.Context, job Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("job: panic: %v\n%s", p, debug.Stack())
		}
	}()
	return job.Run(ctx)
}

// pause is how long the job rests. After a failure it is tried again sooner
// than its interval, but later each time.
func (r *Runner) pause(job Job, err error) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	pause := job.Interval()
	if err == nil {
		delete(r.failures, job.Name())
	} else {
		n := r.failures[job.Name()]
		r.failures[job.Name()] = n + 1
		pause = min(pause, firstRetry<<min(n, 16))
	}
	return pause + rand.N(pause/10+1)
}

// finish gives the lease back, also while the process stops.
func (r *Runner) finish(ctx context.Context, job Job, pause time.Duration, why string) {
	ctx = context.WithoutCancel(ctx)
	err := r.db.Act(ctx, store.ActJob, func(tx *store.Tx) error {
		return tx.Jobs.Finish(job.Name(), r.options.Node, tx.Now().Add(pause), why)
	})
	if err != nil {
		r.complain(ctx, "lease of a job not given back; it runs out by itself", err, "job", job.Name())
	}
}

// complain logs what no caller hears, unless the process is stopping.
func (r *Runner) complain(ctx context.Context, what string, err error, args ...any) {
	if ctx.Err() == nil {
		r.options.Log.Error(what, append(args, "err", err)...)
	}
}

func (r *Runner) mark(job Job, running bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running[job.Name()] = running
}

// brief is a failure as the table keeps it: its first line, not too long.
func brief(err error) string {
	text, _, _ := strings.Cut(strings.ReplaceAll(strings.ToValidUTF8(err.Error(), "?"), "\x00", "?"), "\n")
	if runes := []rune(text); len(runes) > maxText {
		text = string(runes[:maxText-1]) + "…"
	}
	return text
}
