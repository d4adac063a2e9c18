package store

import (
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Tasks is the table of imports and exports with their files. A file is kept in
// parts, each sealed: files hold what is sealed of people elsewhere.
type Tasks struct{ c *conn }

const taskColumns = `id, organization_id, number, kind, status, actor, file_name, options, total, done, created, changed, unchanged,
	refused, reason, restarts, original_parts, original_size, result_parts, created_at, started_at, ended_at, ends_at`

// taskReason is why a task failed, as it is stored.
type taskReason struct {
	Code   string
	Params map[string]any `json:",omitempty"`
}

func scanTask(scan func(...any) error) (k identity.Task, err error) {
	var actor, options, reason string
	var created, started, ended, ends int64
	p := &k.Progress
	err = scan(&k.ID, &k.OrganizationID, &k.Number, &k.Kind, &k.Status, &actor, &k.FileName, &options, &p.Total, &p.Done, &p.Created,
		&p.Changed, &p.Unchanged, &p.Refused, &reason, &k.Restarts, &k.Files.Original, &k.Files.Size, &k.Files.Result,
		&created, &started, &ended, &ends)
	if err != nil {
		return k, err
	}
	k.CreatedAt, k.StartedAt, k.EndedAt, k.EndsAt = at(created), at(started), at(ended), at(ends)
	var why taskReason
	for _, part := range []struct {
		text string
		into any
	}{{actor, &k.Actor}, {options, &k.Options}, {reason, &why}} {
		if err := json.Unmarshal([]byte(part.text), part.into); err != nil {
			return k, internal(fmt.Errorf("store: task %s: %w", k.ID, err))
		}
	}
	k.Reason, k.Params = why.Code, why.Params
	return k, nil
}

var (
	errNoTask = fault.New(fault.NotFound, fault.CodeTaskNotFound)
	errNoFile = fault.New(fault.NotFound, fault.CodeTaskFileNotFound)
)

// Add adds a task and returns its number, the next of its organisation.
func (t Tasks) Add(k identity.Task) (number int64, err error) {
	actor, err := json.Marshal(k.Actor)
	if err != nil {
		return 0, internal(err)
	}
	options, err := json.Marshal(k.Options)
	if err != nil {
		return 0, internal(err)
	}
	err = t.c.row(`INSERT INTO tasks (id, organization_id, number, kind, status, actor, file_name, options, total, done, created,
		changed, unchanged, refused, reason, restarts, original_parts, original_size, result_parts, created_at, started_at, ended_at, ends_at)
		VALUES ($1, $2, (SELECT coalesce(max(number), 0) + 1 FROM tasks WHERE organization_id = $2), $3, $4, $5, $6, $7,
		0, 0, 0, 0, 0, 0, '{}', 0, 0, 0, 0, $8, 0, 0, $9) RETURNING number`,
		k.ID, k.OrganizationID, k.Kind, k.Status, string(actor), k.FileName, string(options), ms(k.CreatedAt), ms(k.EndsAt)).scan(&number)
	return number, err
}

// Get returns a task of an organisation, or NotFound.
func (t Tasks) Get(org identity.OrganizationID, id identity.TaskID) (identity.Task, error) {
	return found(t.c, errNoTask, scanTask, `SELECT `+taskColumns+` FROM tasks WHERE organization_id = $1 AND id = $2`, org, id)
}

// TaskQuery narrows a page of tasks.
type TaskQuery struct {
	Kinds  []identity.TaskKind // one at least
	Status identity.TaskStatus // "" for any
	// From and To bound when a task was made; To itself is not in it. Zero is
	// no bound.
	From, To time.Time
	Before   identity.TaskID // older than this one, "" for the newest
	Limit    int
}

// Page returns tasks of some kinds whose file has arrived, newest first.
func (t Tasks) Page(org identity.OrganizationID, q TaskQuery) ([]identity.Task, error) {
	until := ms(q.To)
	if q.To.IsZero() {
		until = math.MaxInt64
	}
	if len(q.Kinds) == 0 {
		return nil, nil
	}
	args, kinds := among([]any{org, q.Status, ms(q.From), until, q.Before, q.Limit}, q.Kinds)
	return list(t.c, scanTask, `SELECT `+taskColumns+` FROM tasks WHERE organization_id = $1 AND kind IN `+kinds+` AND status <> 'receiving'
		AND ($2 = '' OR status = $2) AND created_at >= $3 AND created_at < $4 AND ($5 = '' OR id < $5)
		ORDER BY id DESC LIMIT $6`, args...)
}

// Open returns up to limit tasks of all organisations that wait or run, oldest
// first.
func (t Tasks) Open(limit int) ([]identity.Task, error) {
	return list(t.c, scanTask, `SELECT `+taskColumns+` FROM tasks WHERE status IN ('waiting', 'running') ORDER BY id LIMIT $1`, limit)
}

// Unfinished returns how many tasks of an organisation have not ended; those
// whose file is arriving count.
func (t Tasks) Unfinished(org identity.OrganizationID) (n int, err error) {
	err = t.c.row(`SELECT count(*) FROM tasks WHERE organization_id = $1 AND status IN ('receiving', 'waiting', 'running')`, org).scan(&n)
	return n, err
}

// Put stores where a task stands: status, options, progress, reason, restarts,
// files and times. was is the status and was.Progress.Done the row with which it
// was read; a task that stands elsewhere by now is Stale, so that of two who
// work on one only one goes on.
func (t Tasks) Put(was, k identity.Task) error {
	options, err := json.Marshal(k.Options)
	if err != nil {
		return internal(err)
	}
	reason, err := json.Marshal(taskReason{k.Reason, k.Params})
	if err != nil {
		return internal(err)
	}
	p := k.Progress
	n, err := t.c.exec(`UPDATE tasks SET status = $5, options = $6, total = $7, done = $8, created = $9, changed = $10, unchanged = $11,
		refused = $12, reason = $13, restarts = $14, original_parts = $15, original_size = $16, result_parts = $17, started_at = $18,
		ended_at = $19, ends_at = $20 WHERE organization_id = $1 AND id = $2 AND status = $3 AND done = $4`,
		k.OrganizationID, k.ID, was.Status, was.Progress.Done, k.Status, string(options), p.Total, p.Done, p.Created, p.Changed,
		p.Unchanged, p.Refused, string(reason), k.Restarts, k.Files.Original, k.Files.Size, k.Files.Result, ms(k.StartedAt),
		ms(k.EndedAt), ms(k.EndsAt))
	return stale(n, err)
}

// Remove deletes a task with its files; one that is gone already is none.
func (t Tasks) Remove(org identity.OrganizationID, id identity.TaskID) error {
	_, err := t.c.exec(`DELETE FROM tasks WHERE organization_id = $1 AND id = $2`, org, id)
	return err
}

// TaskFile names one of the files of a task.
type TaskFile string

// The files of a task.
const (
	TaskOriginal TaskFile = "original"
	TaskResult   TaskFile = "result"
	TaskRefused  TaskFile = "refused" // what was refused of an import, row by row
)

func partContext(id identity.TaskID, file TaskFile, number int) string {
	return fmt.Sprintf("task_parts.content:%s:%s:%d", id, file, number)
}

// PutPart stores a part of a file in place of one before. Parts are counted
// from 0.
func (t Tasks) PutPart(id identity.TaskID, file TaskFile, number int, content []byte) error {
	_, err := t.c.exec(`INSERT INTO task_parts (task_id, file, number, content) VALUES ($1, $2, $3, $4)
		ON CONFLICT (task_id, file, number) DO UPDATE SET content = excluded.content`,
		id, file, number, t.c.box().Seal(content, partContext(id, file, number)))
	return err
}

// Part returns a part of a file, or NotFound.
func (t Tasks) Part(id identity.TaskID, file TaskFile, number int) ([]byte, error) {
	return found(t.c, errNoFile, func(scan func(...any) error) ([]byte, error) {
		var sealed []byte
		if err := scan(&sealed); err != nil {
			return nil, err
		}
		return t.c.open(sealed, partContext(id, file, number))
	}, `SELECT content FROM task_parts WHERE task_id = $1 AND file = $2 AND number = $3`, id, file, number)
}

// NextPart returns the number of the first part of a file from one on, or
// NotFound: where nothing was refused in a stretch there is no part.
func (t Tasks) NextPart(id identity.TaskID, file TaskFile, from int) (int, error) {
	return found(t.c, errNoFile, func(scan func(...any) error) (n int, err error) { return n, scan(&n) },
		`SELECT number FROM task_parts WHERE task_id = $1 AND file = $2 AND number >= $3 ORDER BY number LIMIT 1`, id, file, from)
}

// DropParts deletes the parts of a file.
func (t Tasks) DropParts(id identity.TaskID, file TaskFile) error {
	_, err := t.c.exec(`DELETE FROM task_parts WHERE task_id = $1 AND file = $2`, id, file)
	return err
}

// SweepParts deletes up to limit parts of tasks that were to be forgotten
// before an instant. It goes before Sweep, so that no transaction deletes the
// files of many tasks at once.
func (t Tasks) SweepParts(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM task_parts WHERE (task_id, file, number) IN (SELECT p.task_id, p.file, p.number
		FROM tasks k JOIN task_parts p ON p.task_id = k.id WHERE k.ends_at < $1 LIMIT $2)`, ms(before), limit)
}

// Sweep deletes up to limit tasks that were to be forgotten before an instant
// and have no files any more.
func (t Tasks) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM tasks WHERE id IN (SELECT k.id FROM tasks k WHERE k.ends_at < $1
		AND NOT EXISTS (SELECT 1 FROM task_parts p WHERE p.task_id = k.id) LIMIT $2)`, ms(before), limit)
}
