package bulk

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// About is what the rows of a file are.
type About string

// What files are about: the members of an organisation, or the contacts outside
// that all of them share.
const (
	Members  About = "members"
	Contacts About = "contacts"
)

// noun is what differs between files about one thing and about another.
type noun struct {
	// permission is what whoever reads or writes such files needs.
	permission access.Permission
	// columns are all that a file may have, in the order in which an export
	// writes them; own are the attributes that the organisation defines.
	columns func(own []identity.Attribute) []column
	// named is the column that a heading makes by its form.
	named func(heading string) (column, bool)
	// suffices refuses a file whose columns do not tell whom a row is about.
	suffices func(seen map[string]bool) error
	// keys name what a row is about, so that no two rows are about the same;
	// keyColumn is where a row is refused that repeats another.
	keys      func(row line) []string
	keyColumn string
	// take hands rows over to those whose rules they are held against.
	take func(ctx context.Context, w *walk, rows []line, b batch) error
	// page reads what an export writes, behind a key.
	page func(r *run, tx *store.Tx, after string) ([]exported, error)
}

// batch is how rows are taken over.
type batch struct {
	mode    directory.ImportMode
	earlier *earlier // in a dry run of several
	details map[string]string
	also    func(tx *store.Tx, outcomes []directory.ImportOutcome) error
}

// kinds are what tasks do with files about one thing.
type kinds struct {
	about            About
	imports, exports identity.TaskKind
	noun             noun
}

func allKinds() []kinds {
	return []kinds{
		{Members, identity.TaskImportMembers, identity.TaskExportMembers, people()},
		{Contacts, identity.TaskImportContacts, identity.TaskExportContacts, outside()},
	}
}

// of returns what tasks do with files about a thing.
func (a About) of() (kinds, error) {
	var choices []string
	for _, k := range allKinds() {
		if k.about == a || a == "" {
			return k, nil
		}
		choices = append(choices, string(k.about))
	}
	return kinds{}, fault.New(fault.Invalid, fault.CodeFieldChoice).At("about").With("choices", choices)
}

// Imports are the kinds of tasks that take over files about a thing, "" for all.
func (a About) Imports() (all []identity.TaskKind) {
	for _, k := range allKinds() {
		if a == "" || a == k.about {
			all = append(all, k.imports)
		}
	}
	return all
}

// Exports are the kinds of tasks that write files about a thing, "" for all.
func (a About) Exports() (all []identity.TaskKind) {
	for _, k := range allKinds() {
		if a == "" || a == k.about {
			all = append(all, k.exports)
		}
	}
	return all
}

// kindsOf finds what a task is about.
func kindsOf(kind identity.TaskKind) (kinds, bool) {
	for _, k := range allKinds() {
		if kind == k.imports || kind == k.exports {
			return k, true
		}
	}
	return kinds{}, false
}

// nounOf is what a stored task is about.
func nounOf(k identity.Task) noun {
	found, ok := kindsOf(k.Kind)
	if !ok {
		return people()
	}
	return found.noun
}

// allowed narrows kinds to those whose files an actor may read and write;
// without one they are Forbidden.
func allowed(actor identity.Actor, org identity.OrganizationID, wanted []identity.TaskKind) (may []identity.TaskKind, err error) {
	err = fault.New(fault.Forbidden, fault.CodeForbidden)
	for _, kind := range wanted {
		k, ok := kindsOf(kind)
		if ok && access.Allow(actor, k.noun.permission, org) == nil {
			may, err = append(may, kind), nil
		}
	}
	return may, err
}

// aboutOf is what the rows of a task's files are.
func aboutOf(k identity.Task) About {
	found, _ := kindsOf(k.Kind)
	return found.about
}
