package bulk

import (
	"context"
	"io"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// File is a file to be read.
type File struct {
	Name string // to be shown
	Type string // media type
	// CopyTo writes the content.
	CopyTo func(ctx context.Context, w io.Writer) error
}

// Original returns the file that an import was asked for with. One that held
// passwords is nobody's to read (task_file_not_found).
func (t *Tasks) Original(ctx context.Context, actor identity.Actor, k identity.Task) (f File, err error) {
	if err := access.Allow(actor, nounOf(k).permission, k.OrganizationID); err != nil {
		return f, err
	}
	if k.Files.Original == 0 || k.Options.Passwords {
		return f, errNotDone
	}
	return File{Name: nameOf(k, ""), Type: mediaType(k.Options.Format), CopyTo: t.original(k).copyTo}, t.read(ctx, actor, k, store.TaskOriginal)
}

// Result returns what came of a task: the rows of an export, or the rows of
// an import that were refused, with the reason in a column behind them, in the
// format of the original.
func (t *Tasks) Result(ctx context.Context, actor identity.Actor, k identity.Task, language i18n.Language) (f File, err error) {
	if err := access.Allow(actor, nounOf(k).permission, k.OrganizationID); err != nil {
		return f, err
	}
	f = File{Name: nameOf(k, ""), Type: mediaType(k.Options.Format)}
	switch {
	case !k.Kind.Imports() && k.Files.Result > 0:
		f.CopyTo = stored{tasks: t, id: k.ID, file: store.TaskResult, parts: k.Files.Result}.copyTo
	case k.Kind.Imports() && k.Status.Ended() && k.Progress.Refused > 0:
		f.Name = nameOf(k, "-refused")
		f.CopyTo = func(ctx context.Context, w io.Writer) error { return t.writeRefused(ctx, k, language, w) }
	default:
		return f, errNotDone
	}
	return f, t.read(ctx, actor, k, store.TaskResult)
}

// read records that somebody read a file: it holds what is known of people.
func (t *Tasks) read(ctx context.Context, actor identity.Actor, k identity.Task, file store.TaskFile) error {
	return t.db.Update(ctx, func(tx *store.Tx) error {
		return audit.Record(tx, actor, audit.TaskFileRead, about(k, map[string]string{"file": string(file)}))
	})
}

// nameOf is what a file is called, with the ending of its format.
func nameOf(k identity.Task, suffix string) string {
	ending := "." + string(k.Options.Format)
	name := strings.TrimSuffix(k.FileName, ending)
	if name == "" {
		name = string(aboutOf(k))
	}
	return name + suffix + ending
}

// writeRefused writes the rows that were refused as they stand in the original,
// with what to mend in a column behind them. The column is passed over when the
// file is imported again.
func (t *Tasks) writeRefused(ctx context.Context, k identity.Task, language i18n.Language, w io.Writer) error {
	out, err := newTableWriter(w, k.Options.Format)
	if err != nil {
		return err
	}
	if err := out.row(append(guardAll(k.Options.Headings), heading(t.catalogue, language, keyError))); err != nil {
		return err
	}
	err = t.eachRefused(ctx, k.ID, 0, func(_ int, rows []refusedRow) (bool, error) {
		for _, row := range rows {
			cells := make([]string, len(k.Options.Headings)+1)
			copy(cells, row.Cells)
			cells[len(cells)-1] = guard(t.explain(language, row.Faults))
			if err := out.row(cells); err != nil {
				return false, err
			}
		}
		return false, nil
	})
	if err != nil {
		return err
	}
	return out.end()
}

// guardAll guards headings, which were unguarded when they were read. Cells of
// a refused row are as they were.
func guardAll(texts []string) []string {
	guardedTexts := make([]string, len(texts), len(texts)+1)
	for i, text := range texts {
		guardedTexts[i] = guard(text)
	}
	return guardedTexts
}

// explain tells all that is wrong with a row, column by column.
func (t *Tasks) explain(language i18n.Language, faults []refusedFor) string {
	lines := make([]string, len(faults))
	for i, f := range faults {
		lines[i] = t.catalogue.Fault(language, f.fault())
		if f.Column != "" {
			lines[i] = t.Heading(language, f.Column) + ": " + lines[i]
		}
	}
	return strings.Join(lines, "\n")
}

// Heading is what a column is called in a language.
func (t *Tasks) Heading(language i18n.Language, key string) string {
	return heading(t.catalogue, language, key)
}

// NewTemplate is what an empty file is asked for with.
type NewTemplate struct {
	About    About // "" for members
	Format   identity.FileFormat
	Language i18n.Language // of the headings
}

// Template returns an empty file with the headings of the columns that tell of
// somebody new, those of the attributes that the organisation defines among
// them, but no passwords. There is no example in it: it would be imported.
func (t *Tasks) Template(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewTemplate) (File, error) {
	what, err := n.About.of()
	if err != nil {
		return File{}, err
	}
	if err := access.Allow(actor, what.noun.permission, org); err != nil {
		return File{}, err
	}
	if n.Format != identity.FormatCSV && n.Format != identity.FormatXLSX {
		return File{}, fault.New(fault.Invalid, fault.CodeFieldChoice).At("format").
			With("choices", []string{string(identity.FormatCSV), string(identity.FormatXLSX)})
	}
	all, err := t.columns(ctx, org, what.noun)
	if err != nil {
		return File{}, err
	}
	var headings []string
	for _, c := range all {
		if c.key != keyPassword && c.key != keyError && c.key != "role" && c.key != "id" {
			headings = append(headings, guard(heading(t.catalogue, n.Language, c.key)))
		}
	}
	name := string(what.about) + "-template." + string(n.Format)
	return File{Name: name, Type: mediaType(n.Format), CopyTo: func(_ context.Context, w io.Writer) error {
		out, err := newTableWriter(w, n.Format)
		if err != nil {
			return err
		}
		if err := out.row(headings); err != nil {
			return err
		}
		return out.end()
	}}, nil
}
