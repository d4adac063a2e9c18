package bulk

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Bounds of tasks.
const (
	// Keep is how long a task is kept with its files.
	Keep          = 30 * 24 * time.Hour
	keepReceiving = time.Hour // a file that does not arrive wholly
	maxUnfinished = 20        // of one organisation
	pageMax       = 201       // a page of 200 and one row that tells of more
	maxFileName   = 128       // characters
)

// Options are what Tasks work with.
type Options struct {
	Catalogue *i18n.Catalogue // headings of columns
	Log       *slog.Logger    // hears of failures of ours; nil discards
}

// Tasks are the imports and exports of a database. They are safe for concurrent
// use.
type Tasks struct {
	db        *store.DB
	directory *directory.Directory
	book      *addressbook.Book
	catalogue *i18n.Catalogue
	log       *slog.Logger
	wake      chan struct{} // tells the job on this node that there is work
}

// New returns the tasks of a database.
func New(db *store.DB, d *directory.Directory, b *addressbook.Book, o Options) *Tasks {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Tasks{db: db, directory: d, book: b, catalogue: o.Catalogue, log: o.Log, wake: make(chan struct{}, 1)}
}

// Query narrows a page of tasks.
type Query = store.TaskQuery

// List returns a page of tasks of those kinds of q that the actor may have,
// newest first; q.Limit is at most 201.
func (t *Tasks) List(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q Query) (tasks []identity.Task, err error) {
	if q.Kinds, err = allowed(actor, org, q.Kinds); err != nil {
		return nil, err
	}
	if q.Limit <= 0 || q.Limit > pageMax {
		q.Limit = pageMax
	}
	err = t.db.View(ctx, func(tx *store.Tx) error {
		tasks, err = tx.Tasks.Page(org, q)
		return err
	})
	return tasks, err
}

// Task returns a task of an organisation. One of another kind than is asked
// for, or whose file is still arriving, is not found.
func (t *Tasks) Task(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.TaskID, kinds ...identity.TaskKind) (k identity.Task, err error) {
	if kinds, err = allowed(actor, org, kinds); err != nil {
		return k, err
	}
	err = t.db.View(ctx, func(tx *store.Tx) error {
		k, err = tx.Tasks.Get(org, id)
		return err
	})
	if err == nil && (!slices.Contains(kinds, k.Kind) || k.Status == identity.TaskReceiving) {
		return identity.Task{}, fault.New(fault.NotFound, fault.CodeTaskNotFound)
	}
	return k, err
}

// Cancel ends a task that waits or runs; what an import has taken over stays.
// One that has ended is a Conflict (task_ended).
func (t *Tasks) Cancel(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.TaskID, kinds ...identity.TaskKind) (k identity.Task, err error) {
	if k, err = t.Task(ctx, actor, org, id, kinds...); err != nil {
		return k, err
	}
	err = t.db.Update(ctx, func(tx *store.Tx) error {
		if k, err = tx.Tasks.Get(org, id); err != nil {
			return err
		}
		if k.Status.Ended() {
			return fault.New(fault.Conflict, fault.CodeTaskEnded)
		}
		was := k
		k.Status = identity.TaskCancelled
		k, err = end(tx, actor, was, k)
		return err
	})
	return k, err
}

// end stores the end of a task: state and progress are those of k.
func end(tx *store.Tx, actor identity.Actor, was, k identity.Task) (identity.Task, error) {
	k.EndedAt, k.EndsAt = tx.Now(), tx.Now().Add(Keep)
	if k.Options.Passwords {
		// What people's first passwords were is kept no longer than needed.
		k.Files.Original = 0
		if err := tx.Tasks.DropParts(k.ID, store.TaskOriginal); err != nil {
			return k, err
		}
	}
	if !k.Kind.Imports() && k.Status != identity.TaskDone {
		k.Files.Result = 0
		if err := tx.Tasks.DropParts(k.ID, store.TaskResult); err != nil {
			return k, err
		}
	}
	if err := tx.Tasks.Put(was, k); err != nil {
		return k, err
	}
	p := k.Progress
	return k, audit.Record(tx, actor, audit.TaskEnded, about(k, map[string]string{
		"status": string(k.Status), "done": strconv.Itoa(p.Done), "created": strconv.Itoa(p.Created), "changed": strconv.Itoa(p.Changed),
		"refused": strconv.Itoa(p.Refused), "reason": k.Reason,
	}))
}

// about is what an event tells of a task.
func about(k identity.Task, details map[string]string) audit.About {
	all := map[string]string{"number": strconv.FormatInt(k.Number, 10), "kind": string(k.Kind)}
	for key, value := range details {
		if value != "" {
			all[key] = value
		}
	}
	return audit.About{Organization: k.OrganizationID, Target: string(k.ID), Details: all}
}

// add adds a task and records it, unless its file has yet to arrive.
func add(tx *store.Tx, actor identity.Actor, k identity.Task) (identity.Task, error) {
	unfinished, err := tx.Tasks.Unfinished(k.OrganizationID)
	if err != nil {
		return k, err
	}
	if unfinished >= maxUnfinished {
		return k, fault.New(fault.TooMany, fault.CodeTaskLimit).With("max", maxUnfinished)
	}
	if _, err := tx.Organizations.Get(k.OrganizationID); err != nil {
		return k, err
	}
	k.ID, k.Actor, k.CreatedAt = identity.NewTaskID(tx.Now()), actor, tx.Now()
	k.EndsAt = tx.Now().Add(Keep)
	if k.Status == identity.TaskReceiving {
		k.EndsAt = tx.Now().Add(keepReceiving)
		tx.NoEvent("recorded when the file has arrived")
	}
	if k.Number, err = tx.Tasks.Add(k); err != nil || k.Status == identity.TaskReceiving {
		return k, err
	}
	return k, audit.Record(tx, actor, audit.TaskAdded, about(k, nil))
}

// nudge tells the job that there is work, if it runs on this node.
func (t *Tasks) nudge() {
	select {
	case t.wake <- struct{}{}:
	default:
	}
}

// displayName makes of a file name what can be shown: its last part without
// what does not belong into one. It is never used as a path.
func displayName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f || strings.ContainsRune(`"<>|:*?`, r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	if runes := []rune(name); len(runes) > maxFileName {
		name = string(runes[len(runes)-maxFileName:])
	}
	return strings.TrimSpace(name)
}
