package manifest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
)

// maxProblems is how many problems are reported; a file that is not a manifest
// at all would otherwise bring thousands.
const maxProblems = 100

// Position is where something stands in a manifest.
type Position struct {
	File         string
	Line, Column int    // counted from 1; 0 when the file as a whole is meant
	Path         string // of the key, such as organizations[0].members[2].email
}

// String writes file:line:column: path, leaving out what there is not.
func (p Position) String() string {
	text := p.File
	if p.Line > 0 {
		text += fmt.Sprintf(":%d:%d", p.Line, p.Column)
	}
	if p.Path != "" {
		text += ": " + p.Path
	}
	return text
}

// Problem is one thing that is wrong with a manifest.
type Problem struct {
	At   Position
	Text string // a sentence for whoever wrote the manifest, without secrets
}

// String writes the problem as one line.
func (p Problem) String() string { return p.At.String() + ": " + p.Text }

// Errors are all the problems of a manifest. To fault.Of they are one Invalid
// fault (manifest_invalid) with a further one for each problem.
type Errors []Problem

// Error writes one line for each problem.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// As lets errors.As find the fault that surfaces answer with.
func (e Errors) As(target any) bool {
	f, ok := target.(**fault.Error)
	if !ok {
		return false
	}
	others := make([]*fault.Error, len(e))
	for i, p := range e {
		others[i] = fault.New(fault.Invalid, fault.CodeManifestLine).At(p.At.String()).With("text", p.Text)
	}
	*f = fault.New(fault.Invalid, fault.CodeManifest).With("count", len(e)).Among(others...)
	return true
}

// problems gathers what is wrong.
type problems struct {
	list      Errors
	catalogue *i18n.Catalogue // loaded when the first sentence is needed
}

// add notes a problem; those beyond maxProblems are not kept.
func (p *problems) add(at Position, format string, args ...any) {
	if len(p.list) >= maxProblems {
		return
	}
	p.list = append(p.list, Problem{at, fmt.Sprintf(format, args...)})
}

// has reports whether there is a problem at a key of a file.
func (p *problems) has(at Position) bool {
	return slices.ContainsFunc(p.list, func(x Problem) bool { return x.At.File == at.File && x.At.Path == at.Path })
}

// sentence tells a fault in English, the language of the manifest's keys.
func (p *problems) sentence(f *fault.Error) string {
	if p.catalogue == nil {
		loaded, err := i18n.Load()
		if err != nil {
			return string(f.Code)
		}
		p.catalogue = loaded
	}
	return strings.TrimSuffix(p.catalogue.Fault(i18n.EnUS, f), ".")
}

// err returns the problems in the order of the files' lines, or nil.
func (p *problems) err() error {
	if len(p.list) == 0 {
		return nil
	}
	slices.SortStableFunc(p.list, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.At.File, b.At.File), cmp.Compare(a.At.Line, b.At.Line), cmp.Compare(a.At.Column, b.At.Column))
	})
	return p.list
}
