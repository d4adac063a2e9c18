package bulk

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"io"
	"strconv"

	"github.com/orgate/orgate/internal/addressbook"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// maxPasswords is how many passwords a file may hold: each takes as long to
	// hash as two hundred people take to come in.
	maxPasswords = 1_000
	// maxAtomic is how many rows one transaction may take over.
	maxAtomic = 5_000
)

// importRows takes a file over: once through it to see that it is a table
// within the bounds, then row by row.
func (r *run) importRows(ctx context.Context) error {
	seen, err := r.survey(ctx)
	if err != nil {
		return err
	}
	if r.task.Progress.Total != seen.rows {
		if err := r.put(ctx, func(_ *store.Tx, k *identity.Task) error { k.Progress.Total = seen.rows; return nil }); err != nil {
			return err
		}
	}
	w := &walk{run: r, repeats: seen.repeats}
	if err := w.open(ctx); err != nil {
		return err
	}
	for more := true; more; {
		if more, err = w.batch(ctx); err != nil {
			return err
		}
	}
	if r.task.Options.AllOrNothing && r.task.Progress.Refused > 0 && !r.task.Options.DryRun {
		return fault.New(fault.Invalid, fault.CodeImportRefused).With("count", r.task.Progress.Refused)
	}
	return r.done(ctx)
}

// survey is what the first way through a file found.
type survey struct {
	rows    int
	repeats map[int]int // rows about what an earlier row is about, and which
}

// survey reads the whole file without storing anything.
func (r *run) survey(ctx context.Context) (s survey, err error) {
	rows, l, err := r.table(ctx)
	if err != nil {
		return s, err
	}
	s.repeats = map[int]int{}
	known := repeats{seed: maphash.MakeSeed(), first: map[uint64]int32{}}
	passwords := 0
	for {
		number, cells, err := rows.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return s, err
		}
		if s.rows++; s.rows > maxRows {
			return s, errRows
		}
		row, _ := l.read(cells)
		if row.person.Password != "" {
			passwords++
		}
		if first := known.see(r.noun.keys(row), number); first > 0 {
			s.repeats[number] = first
		}
	}
	switch {
	case s.rows == 0:
		return s, errEmpty
	case passwords > maxPasswords:
		return s, fault.New(fault.Invalid, fault.CodeImportPasswords).With("max", maxPasswords)
	case r.task.Options.AllOrNothing && s.rows > maxAtomic:
		return s, fault.New(fault.Invalid, fault.CodeImportAtomic).With("max", maxAtomic)
	}
	return s, nil
}

// table opens the file and reads its headings.
func (r *run) table(ctx context.Context) (table, layout, error) {
	rows, err := openTable(ctx, r.t.original(r.task), r.task.Options)
	if err != nil {
		return nil, layout{}, err
	}
	l, err := r.t.headings(ctx, r.task, rows)
	return rows, l, err
}

// repeats finds rows about the same, by digests: a file may have two hundred
// thousand.
type repeats struct {
	seed  maphash.Seed
	first map[uint64]int32
}

// see returns the earlier row with one of the keys, 0 when there is none.
func (p repeats) see(keys []string, number int) (first int) {
	for _, key := range keys {
		digest := maphash.String(p.seed, key)
		if earlier, seen := p.first[digest]; seen {
			first = int(earlier)
		} else {
			p.first[digest] = int32(number)
		}
	}
	return first
}

// walk is the second way through a file, on which its rows are taken over.
type walk struct {
	*run
	repeats map[int]int
	rows    table
	layout  layout
	earlier earlier
}

// earlier is what the batches of a dry run before would have made.
type earlier struct {
	people   directory.ImportEarlier
	contacts addressbook.ImportEarlier
}

// open goes to the first row that was not done yet.
func (w *walk) open(ctx context.Context) (err error) {
	if w.rows, w.layout, err = w.table(ctx); err != nil {
		return err
	}
	for range w.task.Progress.Done {
		if _, _, err := w.rows.next(); err != nil {
			return err
		}
	}
	return nil
}

// rowRead is a row of a batch.
type rowRead struct {
	number   int
	cells    []string // as they stand in the file, without passwords
	refusals []*fault.Error
}

// batch takes the next rows over; more is false behind the last.
func (w *walk) batch(ctx context.Context) (more bool, err error) {
	limit := importBatchRows
	if w.task.Options.AllOrNothing {
		limit = maxAtomic
	}
	var read []rowRead
	var rows []line
	var places []int // of rows in read
	for more = true; len(read) < limit; {
		number, cells, err := w.rows.next()
		if errors.Is(err, io.EOF) {
			more = false
			break
		}
		if err != nil {
			return false, err
		}
		row, one := w.read(number, cells)
		if len(one.refusals) == 0 {
			rows, places = append(rows, row), append(places, len(read))
		}
		read = append(read, one)
	}
	if len(read) == 0 {
		return more, nil
	}
	return more, w.store(ctx, rows, func(outcomes []directory.ImportOutcome) []rowRead {
		told := append([]rowRead(nil), read...)
		for i, o := range outcomes {
			if o.Refusal != nil {
				told[places[i]].refusals = atColumns(append([]*fault.Error{o.Refusal}, o.Refusal.Others...))
			}
		}
		return told
	})
}

func (w *walk) read(number int, cells []string) (line, rowRead) {
	row, refusals := w.layout.read(cells)
	if first, repeated := w.repeats[number]; repeated {
		refusals = append(refusals, fault.New(fault.Invalid, fault.CodeImportRepeated).At(w.noun.keyColumn).With("row", first))
	}
	return row, rowRead{number: number, cells: w.kept(cells), refusals: refusals}
}

// kept copies what of a row may be shown again.
func (w *walk) kept(cells []string) []string {
	kept, size := make([]string, len(cells)), 0
	for i, cell := range cells {
		if size += len(cell); size > maxRowBytes {
			break
		}
		if i < len(w.layout.columns) && w.layout.columns[i].key != keyPassword && w.layout.columns[i].key != keyError {
			kept[i] = cell
		}
	}
	return kept
}

// store hands rows over and stores the progress with them. told
// joins what became of them with what the other rows were refused for.
func (w *walk) store(ctx context.Context, rows []line, told func([]directory.ImportOutcome) []rowRead) error {
	o := w.task.Options
	b := batch{details: map[string]string{"task": strconv.FormatInt(w.task.Number, 10), "after": strconv.Itoa(w.task.Progress.Done)}}
	if o.AllOrNothing {
		b.mode = directory.ImportAllOrNone
	}
	if o.DryRun || o.AllOrNothing && len(told(nil)) != len(rows) {
		b.mode, b.earlier = directory.ImportDry, &w.earlier
	}
	var next identity.Task
	b.also = func(tx *store.Tx, outcomes []directory.ImportOutcome) (err error) {
		next, err = w.progress(tx, outcomes, told(outcomes))
		return err
	}
	for stale := 0; ; stale++ {
		err := w.noun.take(ctx, w, rows, b)
		if err == nil {
			w.task = next
			return nil
		}
		if !fault.Is(err, fault.CodeStale) || stale >= maxStaleInARow {
			return fmt.Errorf("bulk: rows after %d: %w", w.task.Progress.Done, err)
		}
		if err := w.stillOurs(ctx); err != nil {
			return err
		}
	}
}

// stillOurs reports errElsewhere when the task was cancelled or another node
// goes on with it.
func (w *walk) stillOurs(ctx context.Context) error {
	return w.t.db.View(ctx, func(tx *store.Tx) error {
		k, err := tx.Tasks.Get(w.task.OrganizationID, w.task.ID)
		if fault.Is(err, fault.CodeTaskNotFound) || err == nil && (k.Status != w.task.Status || k.Progress.Done != w.task.Progress.Done) {
			return errElsewhere
		}
		return err
	})
}

// progress stores how far the task is, and the rows that were refused.
func (w *walk) progress(tx *store.Tx, outcomes []directory.ImportOutcome, rows []rowRead) (identity.Task, error) {
	k := w.task
	k.Progress.Done += len(rows)
	for _, o := range outcomes {
		switch o.Result {
		case directory.ImportCreated:
			k.Progress.Created++
		case directory.ImportChanged:
			k.Progress.Changed++
		case directory.ImportUnchanged:
			k.Progress.Unchanged++
		}
	}
	refused := refusedRows(rows)
	k.Progress.Refused += len(refused)
	if k.Options.AllOrNothing && !k.Options.DryRun && len(refused) > 0 {
		k.Progress.Created, k.Progress.Changed, k.Progress.Unchanged = 0, 0, 0
	}
	if len(refused) > 0 {
		content, err := marshalRefused(refused)
		if err != nil {
			return k, err
		}
		if err := tx.Tasks.PutPart(k.ID, store.TaskRefused, w.task.Progress.Done, content); err != nil {
			return k, err
		}
	}
	return k, tx.Tasks.Put(w.task, k)
}
