package bulk

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/job"
	"github.com/orgate/orgate/internal/store"
)

const (
	lookEvery       = time.Second
	openTasks       = 100 // looked at in one go
	runningAtOnce   = 4   // tasks on the node that has the job
	runningOfOne    = 2   // of them of one organisation
	maxRestarts     = 5   // after failures of ours, or of the process
	maxStaleInARow  = 5   // of a batch that others edit at the same moment
	importBatchRows = 200
)

// Job is the work on tasks. It runs until its context ends: one node at a time
// works on all of them.
func (t *Tasks) Job() job.Job { return job.Func("tasks", lookEvery, t.work) }

// work runs tasks as they come, oldest first, a few at once.
func (t *Tasks) work(ctx context.Context) error {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	running := &crew{of: map[identity.TaskID]identity.OrganizationID{}}
	defer running.work.Wait()
	for {
		var open []identity.Task
		err := t.db.Glance(ctx, func(tx *store.Tx) (err error) {
			open, err = tx.Tasks.Open(openTasks)
			return err
		})
		if err != nil {
			return err
		}
		for _, k := range open {
			if running.take(k) {
				running.work.Go(func() {
					defer t.nudge()
					defer running.leave(k)
					t.perform(ctx, k)
				})
			}
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-tick.C:
		case <-t.wake:
		}
	}
}

// crew is the tasks that run on this node.
type crew struct {
	work sync.WaitGroup
	mu   sync.Mutex
	of   map[identity.TaskID]identity.OrganizationID
}

// take begins a task, if there is room for one more of its organisation.
func (c *crew) take(k identity.Task) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if _, runs := c.of[k.ID]; runs || len(c.of) >= runningAtOnce {
		return false
	}
	same := 0
	for _, org := range c.of {
		if org == k.OrganizationID {
			same++
		}
	}
	if same >= runningOfOne {
		return false
	}
	c.of[k.ID] = k.OrganizationID
	return true
}

func (c *crew) leave(k identity.Task) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.of, k.ID)
}

// run is one task on its way through this process.
type run struct {
	t    *Tasks
	noun noun
	task identity.Task // as it is stored
	// departments are those whose place was looked up.
	departments map[identity.DepartmentID]exported
}

func (t *Tasks) run(k identity.Task) *run { return &run{t: t, noun: nounOf(k), task: k} }

// perform runs a task to its end, or until ctx ends.
func (t *Tasks) perform(ctx context.Context, k identity.Task) {
	r := t.run(k)
	err := r.begin(ctx)
	if err == nil {
		if k.Kind.Imports() {
			err = r.importRows(ctx)
		} else {
			err = r.exportRows(ctx)
		}
	}
	if err != nil && ctx.Err() == nil {
		if err := r.failed(ctx, err); err != nil && ctx.Err() == nil {
			t.log.Error("task not ended", "task", k.ID, "err", err)
		}
	}
}

// begin marks a task as running. One that was broken off goes on; what stores
// nothing but its own files begins anew.
func (r *run) begin(ctx context.Context) error {
	again := r.task.Status == identity.TaskRunning
	if again && r.task.Restarts >= maxRestarts {
		return fault.New(fault.Unavailable, fault.CodeImportStopped)
	}
	return r.put(ctx, func(tx *store.Tx, k *identity.Task) error {
		k.Status = identity.TaskRunning
		if !again {
			k.StartedAt = tx.Now()
			return nil
		}
		k.Restarts++
		if k.Kind.Imports() && !k.Options.DryRun {
			return nil
		}
		k.Progress, k.Files.Result = identity.TaskProgress{}, 0
		return errors.Join(tx.Tasks.DropParts(k.ID, store.TaskRefused), tx.Tasks.DropParts(k.ID, store.TaskResult))
	})
}

// put changes the stored task. One that another works on, or that was
// cancelled, is errElsewhere.
func (r *run) put(ctx context.Context, change func(tx *store.Tx, k *identity.Task) error) error {
	var k identity.Task
	err := r.t.db.Act(ctx, store.ActTask, func(tx *store.Tx) error {
		k = r.task
		if err := change(tx, &k); err != nil {
			return err
		}
		return tx.Tasks.Put(r.task, k)
	})
	if fault.Is(err, fault.CodeStale) {
		return errElsewhere
	}
	if err == nil {
		r.task = k
	}
	return err
}

// errElsewhere tells that a task is not this process's any more.
var errElsewhere = errors.New("bulk: the task was cancelled, or another node works on it")

// done ends a task that did all its work.
func (r *run) done(ctx context.Context) error {
	return r.end(ctx, func(k *identity.Task) { k.Status = identity.TaskDone })
}

func (r *run) end(ctx context.Context, change func(k *identity.Task)) error {
	err := r.t.db.Update(ctx, func(tx *store.Tx) error {
		k := r.task
		change(&k)
		_, err := end(tx, k.Actor, r.task, k)
		return err
	})
	if fault.Is(err, fault.CodeStale) {
		return errElsewhere
	}
	return err
}

// failed ends a task for a reason that its file or its actor has; for another
// it is tried again, not for ever.
func (r *run) failed(ctx context.Context, err error) error {
	if errors.Is(err, errElsewhere) {
		return nil
	}
	why := fault.Of(err)
	switch why.Kind {
	case fault.Internal, fault.Unavailable, fault.Stale:
		r.t.log.Error("task failed", "task", r.task.ID, "restarts", r.task.Restarts, "err", err)
		if r.task.Restarts < maxRestarts {
			return nil
		}
		why = fault.New(fault.Unavailable, fault.CodeImportStopped)
	}
	return r.end(ctx, func(k *identity.Task) {
		k.Status, k.Reason, k.Params = identity.TaskFailed, string(why.Code), why.Params
	})
}
