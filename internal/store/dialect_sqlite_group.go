package store

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
)

// sqliteGroup is how many waiting updates share one commit at most.
const sqliteGroup = 128

// sqliteCareful is how many groups run with savepoints after one that needed
// them.
const sqliteCareful = 64

// States of a sqliteJob.
const (
	jobWaiting int32 = iota
	jobTaken         // the writer has it; it will be answered
	jobDropped       // its caller gave up first; it will not run
)

// sqliteJob is one Update on its way through the writer.
type sqliteJob struct {
	ctx    context.Context
	fn     func(*conn) error
	state  atomic.Int32
	done   chan struct{} // receives once, when the outcome is set
	err    error
	panic  any  // what fn panicked with
	exited bool // fn ended its goroutine (testing.T.FailNow does)
}

// sqliteWriter is the one goroutine that writes. It takes every update that
// waits, runs each in its own savepoint, rolls back those that fail, commits
// once and then answers them all: many updates share the flush to disk, and
// none is answered before it.
type sqliteWriter struct {
	link   *sqliteLink
	traits *traits
	queue  chan *sqliteJob
	quit   chan struct{}
	ended  chan struct{}
	once   sync.Once
	// careful is how many of the next groups run with savepoints.
	careful int
}

func startSQLiteWriter(link *sqliteLink, t *traits) *sqliteWriter {
	w := &sqliteWriter{
		link: link, traits: t, queue: make(chan *sqliteJob, sqliteGroup),
		quit: make(chan struct{}), ended: make(chan struct{}),
	}
	go w.loop(nil)
	return w
}

// submit hands fn to the writer and waits for the commit. A caller whose
// context ends before its turn is dropped; after that it waits for the end.
func (w *sqliteWriter) submit(ctx context.Context, fn func(*conn) error) error {
	if ctx.Err() != nil {
		return gone(ctx)
	}
	job := &sqliteJob{ctx: context.WithoutCancel(ctx), fn: fn, done: make(chan struct{}, 1)}
	select {
	case w.queue <- job:
	case <-ctx.Done():
		return gone(ctx)
	case <-w.quit:
		return w.closed()
	}
	select {
	case <-job.done:
	case <-w.ended:
		if job.state.CompareAndSwap(jobWaiting, jobDropped) {
			return w.closed()
		}
		<-job.done
	case <-ctx.Done():
		if job.state.CompareAndSwap(jobWaiting, jobDropped) {
			return gone(ctx)
		}
		<-job.done
	}
	switch {
	case job.panic != nil:
		panic(job.panic)
	case job.exited:
		runtime.Goexit()
	}
	return job.err
}

func (w *sqliteWriter) closed() error {
	return (&driverError{reason: outage, err: errOver}).asFault()
}

// loop serves until close. first holds jobs to run again one by one, left by a
// loop whose goroutine a job ended.
func (w *sqliteWriter) loop(first []*sqliteJob) {
	w.oneByOne(first)
	group := make([]*sqliteJob, 0, sqliteGroup)
	for {
		select {
		case job := <-w.queue:
			// Whoever is about to ask may do so first: with nobody else to run
			// this costs nothing, and a flush shared by more costs each less.
			runtime.Gosched()
			group = w.gather(append(group[:0], job))
			w.run(group)
			clear(group)
		case <-w.quit:
			if len(w.queue) > 0 {
				continue
			}
			close(w.ended)
			return
		}
	}
}

// gather takes what waits already; it never waits for more, so a lone update
// is not delayed.
func (w *sqliteWriter) gather(group []*sqliteJob) []*sqliteJob {
	for len(group) < sqliteGroup {
		select {
		case job := <-w.queue:
			group = append(group, job)
		default:
			return group
		}
	}
	return group
}

// run executes a group in one transaction and answers every job.
func (w *sqliteWriter) run(group []*sqliteJob) {
	taken := group[:0]
	for _, job := range group {
		if job.state.CompareAndSwap(jobWaiting, jobTaken) {
			taken = append(taken, job)
		}
	}
	if len(taken) == 1 {
		w.oneByOne(taken)
		return
	}
	if len(taken) > 0 && !w.together(taken) {
		w.oneByOne(taken)
		return
	}
	for _, job := range taken {
		job.done <- struct{}{}
	}
}

// together runs jobs in one transaction; false means that the transaction is
// lost and none of them has happened. Most jobs succeed, and a savepoint costs
// a copy of every page that the job touches; so it is tried without them, until
// a job leaves something to undo. Then the group is run again with savepoints,
// as are the next groups: whoever can make jobs fail cannot make each run twice.
func (w *sqliteWriter) together(jobs []*sqliteJob) bool {
	if w.careful > 0 {
		w.careful--
		return w.transaction(jobs, w.savepoint)
	}
	done := w.transaction(jobs, w.bare)
	if done || w.careful == 0 {
		return done
	}
	return w.transaction(jobs, w.savepoint)
}

func (w *sqliteWriter) transaction(jobs []*sqliteJob, run func(context.Context, *sqliteJob, []*sqliteJob) bool) bool {
	ctx := context.Background()
	if w.link.do(ctx, "BEGIN IMMEDIATE") != nil {
		return false
	}
	for _, job := range jobs {
		if !run(ctx, job, jobs) {
			_ = w.link.do(ctx, "ROLLBACK")
			return false
		}
	}
	if w.link.do(ctx, "COMMIT") != nil {
		_ = w.link.do(ctx, "ROLLBACK")
		return false
	}
	return true
}

func (w *sqliteWriter) savepoint(ctx context.Context, job *sqliteJob, group []*sqliteJob) bool {
	if w.link.do(ctx, "SAVEPOINT job") != nil {
		return false
	}
	if keep, _ := w.call(job, group); keep {
		return w.link.do(ctx, "RELEASE job") == nil
	}
	return w.link.do(ctx, "ROLLBACK TO job") == nil && w.link.do(ctx, "RELEASE job") == nil
}

// bare runs a job without a savepoint; false means that it failed and left
// something to undo.
func (w *sqliteWriter) bare(_ context.Context, job *sqliteJob, group []*sqliteJob) bool {
	keep, clean := w.call(job, group)
	if !keep && !clean {
		w.careful = sqliteCareful
		return false
	}
	return true
}

// oneByOne runs each job in a transaction of its own and answers it.
func (w *sqliteWriter) oneByOne(jobs []*sqliteJob) {
	for i, job := range jobs {
		w.alone(job, jobs[i+1:])
		job.done <- struct{}{}
	}
}

func (w *sqliteWriter) alone(job *sqliteJob, rest []*sqliteJob) {
	ctx := context.Background()
	if err := w.link.do(ctx, "BEGIN IMMEDIATE"); err != nil {
		job.err = w.traits.explain(err)
		return
	}
	if keep, _ := w.call(job, rest); !keep {
		_ = w.link.do(ctx, "ROLLBACK")
		return
	}
	if err := w.link.do(ctx, "COMMIT"); err != nil {
		job.err = w.traits.explain(err)
		_ = w.link.do(ctx, "ROLLBACK")
	}
}

// call runs the job's function and reports whether its writes are to stay, and
// whether there are certainly none. A panic becomes the job's outcome. If the
// function ends this goroutine, the job is answered, the transaction rolled
// back, and another goroutine runs the others of its group one by one.
func (w *sqliteWriter) call(job *sqliteJob, group []*sqliteJob) (keep, clean bool) {
	job.err, job.panic = nil, nil
	c := &conn{ctx: job.ctx, run: w.link, traits: w.traits}
	returned := false
	defer func() {
		c.over = true
		if returned {
			return
		}
		if cause := recover(); cause != nil {
			job.panic = fmt.Sprintf("%v\n\nwithin Update:\n%s", cause, debug.Stack())
			return
		}
		job.exited = true
		_ = w.link.do(context.Background(), "ROLLBACK")
		job.done <- struct{}{}
		go w.loop(slices.DeleteFunc(slices.Clone(group), func(j *sqliteJob) bool { return j == job }))
	}()
	job.err = job.fn(c)
	returned = true
	if job.err == nil {
		job.err = c.outcome()
	}
	// A failed statement may have cost the whole transaction (sqlite.org/lang_transaction.html, 3).
	return job.err == nil, !c.dirty && c.failed == nil
}

// close lets what waits finish, then ends the goroutine and the connection.
func (w *sqliteWriter) close() error {
	w.once.Do(func() { close(w.quit) })
	<-w.ended
	return w.link.close()
}
