package bulk

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// exportPage is how many rows one transaction reads.
const exportPage = 500

// NewExport is what an export is asked for with: a format, and whom it is
// about, as a list of members or contacts is narrowed.
type NewExport struct {
	About    About // "" for members
	Format   identity.FileFormat
	Language i18n.Language         // of the headings
	Members  directory.MemberQuery // of contacts, its Text alone counts
}

// Export has members or contacts written to a file, which the task tells of when it is
// done.
func (t *Tasks) Export(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewExport) (k identity.Task, err error) {
	what, err := n.About.of()
	if err != nil {
		return k, err
	}
	if err := access.Allow(actor, what.noun.permission, org); err != nil {
		return k, err
	}
	q := n.Members
	k = identity.Task{
		OrganizationID: org, Kind: what.exports, Status: identity.TaskWaiting, FileName: string(what.about) + "." + string(n.Format),
		Options: identity.TaskOptions{
			Format: n.Format, Language: string(n.Language), Text: q.Text, Department: q.Department, Role: q.Role, State: q.Status, Members: q.Kind,
		},
	}
	err = t.db.Update(ctx, func(tx *store.Tx) error {
		k, err = add(tx, actor, k)
		return err
	})
	if err == nil {
		t.nudge()
	}
	return k, err
}

// exported is a person with what is known of them besides, or a contact.
type exported struct {
	key string // the next page begins behind it
	identity.Person
	department identity.Department
	path       []string // names from below the root down
	groups     []string
	contact    identity.ExternalContact
}

// exportRows writes the file. It reads everything twice: first to learn which
// attributes people have that are not defined, which have a column each as the
// defined ones do.
func (r *run) exportRows(ctx context.Context) error {
	shown, err := r.shown(ctx)
	if err != nil {
		return err
	}
	out := &partWriter{tasks: r.t, ctx: ctx, id: r.task.ID, file: store.TaskResult}
	w, err := newTableWriter(out, r.task.Options.Format)
	if err != nil {
		return err
	}
	headings := make([]string, len(shown))
	for i, c := range shown {
		headings[i] = guard(heading(r.t.catalogue, i18n.Language(r.task.Options.Language), c.key))
	}
	if err := w.row(headings); err != nil {
		return err
	}
	cells := make([]string, len(shown))
	err = r.each(ctx, func(page []exported) error {
		for _, e := range page {
			for i, c := range shown {
				cells[i] = guard(oneLineEnd(c.get(e)))
			}
			if err := w.row(cells); err != nil {
				return err
			}
		}
		return r.put(ctx, func(_ *store.Tx, k *identity.Task) error { k.Progress.Done += len(page); return nil })
	})
	if err != nil {
		return err
	}
	if err := w.end(); err != nil {
		return err
	}
	if err := out.flush(); err != nil {
		return err
	}
	return r.end(ctx, func(k *identity.Task) { k.Status, k.Files.Result = identity.TaskDone, out.parts })
}

// shown are the columns of an export, and how many rows there will be.
func (r *run) shown(ctx context.Context) (shown []column, err error) {
	all, err := r.t.columns(ctx, r.task.OrganizationID, r.noun)
	if err != nil {
		return nil, err
	}
	defined := map[string]bool{employeeNumber: true}
	for _, c := range all {
		if key, own := strings.CutPrefix(c.key, attributePrefix); own {
			defined[key] = true
		}
		if c.get != nil {
			shown = append(shown, c)
		}
	}
	loose, total := map[string]bool{}, 0
	err = r.each(ctx, func(page []exported) error {
		total += len(page)
		for _, e := range page {
			for key := range e.Member.Attributes {
				loose[key] = loose[key] || !defined[key]
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, key := range slices.Sorted(maps.Keys(loose)) {
		if loose[key] {
			shown = append(shown, custom(attributePrefix+key, key))
		}
	}
	if len(shown) > maxColumns {
		return nil, errColumns
	}
	return shown, r.put(ctx, func(_ *store.Tx, k *identity.Task) error { k.Progress.Total = total; return nil })
}

// each calls do for each page of what the export is about. At each page the
// actor is looked up again.
func (r *run) each(ctx context.Context, do func(page []exported) error) error {
	after := ""
	for {
		var page []exported
		err := r.t.db.View(ctx, func(tx *store.Tx) (err error) {
			if _, err := directory.StillMay(tx, r.task.Actor, r.noun.permission, r.task.OrganizationID); err != nil {
				return err
			}
			page, err = r.noun.page(r, tx, after)
			return err
		})
		if err != nil {
			return err
		}
		if len(page) > 0 {
			if err := do(page); err != nil {
				return err
			}
		}
		if len(page) < exportPage {
			return nil
		}
		after = page[len(page)-1].key
	}
}

// errNotDone tells that a file is not there yet.
var errNotDone = fault.New(fault.NotFound, fault.CodeTaskFileNotFound)
