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

// exportPage is how many people one transaction reads.
const exportPage = 500

// NewExport is what an export is asked for with: a format, and whom it is
// about, as a list of members is narrowed.
type NewExport struct {
	Format   identity.FileFormat
	Language i18n.Language // of the headings
	Members  directory.MemberQuery
}

// Export has members written to a file, which the task tells of when it is
// done.
func (t *Tasks) Export(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewExport) (k identity.Task, err error) {
	if err := access.Allow(actor, access.ManageMembers, org); err != nil {
		return k, err
	}
	q := n.Members
	k = identity.Task{
		OrganizationID: org, Kind: identity.TaskExportMembers, Status: identity.TaskWaiting, FileName: "members." + string(n.Format),
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

// exportMembers writes the file. It reads everybody twice: first to learn which
// attributes there are, which have a column each.
func (r *run) exportMembers(ctx context.Context) error {
	attributes, err := r.attributes(ctx)
	if err != nil {
		return err
	}
	out := &partWriter{tasks: r.t, ctx: ctx, id: r.task.ID, file: store.TaskResult}
	w, err := newTableWriter(out, r.task.Options.Format)
	if err != nil {
		return err
	}
	var shown []column
	var headings []string
	for _, c := range append(columns(), attributes...) {
		if c.get != nil {
			shown = append(shown, c)
			headings = append(headings, guard(heading(r.t.catalogue, i18n.Language(r.task.Options.Language), c.key)))
		}
	}
	if err := w.row(headings); err != nil {
		return err
	}
	cells := make([]string, len(shown))
	err = r.everybody(ctx, func(people []exported) error {
		for _, p := range people {
			for i, c := range shown {
				cells[i] = guard(oneLineEnd(c.get(p)))
			}
			if err := w.row(cells); err != nil {
				return err
			}
		}
		return r.put(ctx, func(_ *store.Tx, k *identity.Task) error { k.Progress.Done += len(people); return nil })
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

// attributes are the columns of all attributes that people have, and how many
// people there are.
func (r *run) attributes(ctx context.Context) (found []column, err error) {
	keys, total := map[string]bool{}, 0
	err = r.everybody(ctx, func(people []exported) error {
		total += len(people)
		for _, p := range people {
			for key := range p.Member.Attributes {
				keys[key] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	delete(keys, employeeNumber)
	if len(columns())+len(keys) > maxColumns {
		return nil, errColumns
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		found = append(found, custom(attributePrefix+key, key))
	}
	return found, r.put(ctx, func(_ *store.Tx, k *identity.Task) error { k.Progress.Total = total; return nil })
}

// everybody calls do for each page of the people whom the export is about. At
// each page the actor is looked up again.
func (r *run) everybody(ctx context.Context, do func(people []exported) error) error {
	o := r.task.Options
	q := store.MemberQuery{
		Text: o.Text, Department: o.Department, Role: o.Role, Status: o.State, Kind: o.Members, Limit: exportPage,
	}
	departments := map[identity.DepartmentID]exported{}
	for {
		var people []exported
		err := r.t.db.View(ctx, func(tx *store.Tx) (err error) {
			people, err = r.page(tx, q, departments)
			return err
		})
		if err != nil {
			return err
		}
		if len(people) > 0 {
			if err := do(people); err != nil {
				return err
			}
		}
		if len(people) < exportPage {
			return nil
		}
		q.After = people[len(people)-1].Member.ID
	}
}

func (r *run) page(tx *store.Tx, q store.MemberQuery, departments map[identity.DepartmentID]exported) ([]exported, error) {
	org := r.task.OrganizationID
	if _, err := directory.StillMay(tx, r.task.Actor, access.ManageMembers, org); err != nil {
		return nil, err
	}
	people, err := tx.Members.Page(org, q)
	if err != nil {
		return nil, err
	}
	ids := make([]identity.MemberID, len(people))
	for i, p := range people {
		ids[i] = p.Member.ID
	}
	groups, err := tx.Groups.OfMembers(org, ids)
	if err != nil {
		return nil, err
	}
	all := make([]exported, len(people))
	for i, p := range people {
		place, known := departments[p.Member.Department]
		if !known {
			if place, err = trail(tx, org, p.Member.Department); err != nil {
				return nil, err
			}
			departments[p.Member.Department] = place
		}
		place.Person = p
		for _, g := range groups[p.Member.ID] {
			place.groups = append(place.groups, g.Name)
		}
		all[i] = place
	}
	return all, nil
}

// trail is a department with the names on the way to it.
func trail(tx *store.Tx, org identity.OrganizationID, id identity.DepartmentID) (place exported, err error) {
	if place.department, err = tx.Departments.Get(org, id); err != nil {
		return place, err
	}
	codes := strings.Split(strings.TrimSuffix(place.department.Path, "/"), "/")
	for _, code := range codes[1:] {
		step, err := tx.Departments.ByCode(org, code)
		if err != nil {
			return place, err
		}
		place.path = append(place.path, step.Name)
	}
	return place, nil
}

// errNotDone tells that a file is not there yet.
var errNotDone = fault.New(fault.NotFound, fault.CodeTaskFileNotFound)
