package bulk

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
)

// column is one thing that a file tells of a person.
type column struct {
	key string
	// put takes a cell that is not empty over into a row. A fault needs no field:
	// the column is added.
	put func(r *directory.ImportRow, cell string) error
	// get is what an export writes; nil for a column that exports lack.
	get func(p exported) string
	// empty empties what is stored; nil where there is always something.
	empty func(r *directory.ImportRow)
}

// exported is a person with what is known of them besides.
type exported struct {
	identity.Person
	department identity.Department
	path       []string // names from below the root down
	groups     []string
}

// Prefix and key of attributes that have a column each.
const (
	attributePrefix = "attr:"
	employeeNumber  = "employee_number"
	keyPassword     = "password"
	keyError        = "error"
)

// columns are all but attr:…, in the order in which an export writes them.
func columns() []column {
	all := []column{
		{key: "account", put: func(r *directory.ImportRow, cell string) error {
			r.Account = strings.TrimSpace(cell)
			return nil
		}, get: func(p exported) string { return p.Account.Name }},
		required("name", func(c *directory.MemberChange) **string { return &c.Name }, func(p exported) string { return p.Member.Name }),
		text("english_name", func(c *directory.MemberChange) **string { return &c.EnglishName }, func(p exported) string { return p.Member.EnglishName }),
		text("mobile", func(c *directory.MemberChange) **string { return &c.Mobile }, func(p exported) string { return p.Account.Mobile }),
		word("country", func(c *directory.MemberChange) **string { return &c.Country }, func(p exported) string { return p.Account.Country }),
		text("email", func(c *directory.MemberChange) **string { return &c.Email }, func(p exported) string { return p.Account.Email }),
		{key: "department", put: func(r *directory.ImportRow, cell string) error {
			r.Department = splitList(cell, '/')
			return nil
		}, get: func(p exported) string { return "/" + joinList(p.path, "/") }},
		word("department_code", func(c *directory.MemberChange) **string { return &c.DepartmentCode }, func(p exported) string { return p.department.Code }),
		text("title", func(c *directory.MemberChange) **string { return &c.Title }, func(p exported) string { return p.Member.Title }),
		text("third_account", func(c *directory.MemberChange) **string { return &c.ThirdAccount }, func(p exported) string { return p.Member.ThirdAccount }),
		{key: "role", put: putRole, get: func(p exported) string { return string(p.Member.Role) }},
		{key: "status", put: putStatus, get: func(p exported) string { return string(p.Member.Status) }},
		{key: "sort_level", put: putSortLevel, get: func(p exported) string { return strconv.Itoa(p.Member.SortLevel) }},
		text("description", func(c *directory.MemberChange) **string { return &c.Description }, func(p exported) string { return p.Member.Description }),
		text("signature", func(c *directory.MemberChange) **string { return &c.Signature }, func(p exported) string { return p.Member.Signature }),
		{
			key: "groups", put: func(r *directory.ImportRow, cell string) error { r.Groups = splitList(cell, ';'); return nil },
			get: func(p exported) string { return joinList(p.groups, ";") }, empty: func(r *directory.ImportRow) { r.Groups = []string{} },
		},
		custom(employeeNumber, employeeNumber),
		{key: keyPassword, put: func(r *directory.ImportRow, cell string) error { r.Password = cell; return nil }},
		{key: keyError, put: func(*directory.ImportRow, string) error { return nil }},
	}
	return all
}

// field finds the place of a text in an edit.
type field func(c *directory.MemberChange) **string

// required is a column with a text that there always is.
func required(key string, in field, get func(p exported) string) column {
	return column{key: key, get: get, put: func(r *directory.ImportRow, cell string) error {
		*in(&r.Change) = &cell
		return nil
	}}
}

// word is a required column around whose text blanks do not count.
func word(key string, in field, get func(p exported) string) column {
	c := required(key, in, get)
	put := c.put
	c.put = func(r *directory.ImportRow, cell string) error { return put(r, strings.TrimSpace(cell)) }
	return c
}

// text is a column with a text that may be empty.
func text(key string, in field, get func(p exported) string) column {
	c := required(key, in, get)
	c.empty = func(r *directory.ImportRow) { *in(&r.Change) = new(string) }
	return c
}

// custom is the column of one attribute of the organisation's own.
func custom(key, name string) column {
	set := func(r *directory.ImportRow, value *string) {
		if r.Change.Attributes == nil {
			r.Change.Attributes = map[string]*string{}
		}
		r.Change.Attributes[name] = value
	}
	return column{
		key: key, put: func(r *directory.ImportRow, cell string) error { set(r, &cell); return nil },
		get: func(p exported) string { return p.Member.Attributes[name] }, empty: func(r *directory.ImportRow) { set(r, nil) },
	}
}

// atColumns names the columns of attributes that faults are about.
func atColumns(faults []*fault.Error) []*fault.Error {
	for i, f := range faults {
		key, custom := strings.CutPrefix(f.Field, "attributes.")
		switch {
		case custom && key == employeeNumber:
			faults[i] = f.At(employeeNumber)
		case custom:
			faults[i] = f.At(attributePrefix + key)
		}
	}
	return faults
}

func putRole(r *directory.ImportRow, cell string) error {
	r.Role = identity.Role(identity.Fold(cell))
	return choice(string(r.Role), string(identity.RoleOwner), string(identity.RoleAdministrator),
		string(identity.RoleDepartmentAdministrator), string(identity.RoleMember))
}

func putStatus(r *directory.ImportRow, cell string) error {
	r.Status = identity.MemberStatus(identity.Fold(cell))
	return choice(string(r.Status), string(identity.MemberActive), string(identity.MemberDisabled))
}

func choice(value string, choices ...string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeFieldChoice).With("choices", choices)
}

func putSortLevel(r *directory.ImportRow, cell string) error {
	n, err := strconv.Atoi(strings.TrimSpace(cell))
	if err != nil || n < 1 || n > 10_000 {
		return fault.New(fault.Invalid, fault.CodeFieldRange).With("min", 1).With("max", 10_000)
	}
	r.Change.SortLevel = &n
	return nil
}

// headingKey begins the key of a column's heading in the catalogue.
const headingKey = "column."

// heading is what a column is called in a language: attributes are called as
// they are.
func heading(c *i18n.Catalogue, language i18n.Language, key string) string {
	if c.Has(i18n.EnUS, headingKey+key) {
		return c.Text(language, headingKey+key, nil)
	}
	return key
}

// layout is what the columns of a file mean.
type layout struct {
	columns  []column // by their place; one without a key is passed over
	headings []string // as they are written
	password bool     // there is a column of passwords
}

// readLayout reads the headings: keys, or what columns are called in any of the
// languages; letter case and blanks around them do not matter.
func readLayout(c *i18n.Catalogue, headings []string) (l layout, err error) {
	known := map[string]column{}
	for _, col := range columns() {
		known[col.key] = col
		for _, language := range i18n.Languages() {
			known[identity.Fold(heading(c, language, col.key))] = col
		}
	}
	seen := map[string]bool{}
	for _, typed := range headings {
		typed = unguard(typed)
		l.headings = append(l.headings, typed)
		folded := identity.Fold(typed)
		col, found := known[folded]
		name, isAttribute := attributeOf(strings.TrimSpace(typed))
		switch {
		case folded == "":
			l.columns = append(l.columns, column{})
			continue
		case isAttribute && name != "":
			col = custom(attributePrefix+name, name)
		case !found:
			return l, fault.New(fault.Invalid, fault.CodeImportHeading).With("heading", shorten(typed)).With("known", knownHeadings())
		}
		if seen[col.key] {
			return l, fault.New(fault.Invalid, fault.CodeImportHeadings).With("heading", shorten(typed))
		}
		seen[col.key] = true
		l.password = l.password || col.key == keyPassword
		l.columns = append(l.columns, col)
	}
	if !seen["account"] && !seen["third_account"] {
		return l, fault.New(fault.Invalid, fault.CodeImportNobody).At("account")
	}
	return l, nil
}

// attributeOf is the key of the attribute whose column has a heading.
func attributeOf(heading string) (key string, is bool) {
	if key, is = strings.CutPrefix(heading, attributePrefix); is {
		return key, true
	}
	return strings.CutPrefix(heading, "attribute:") // as applications and sources name it
}

func knownHeadings() (keys []string) {
	for _, c := range columns() {
		if c.key != keyError {
			keys = append(keys, c.key)
		}
	}
	return keys
}

// shorten makes what somebody typed fit a sentence.
func shorten(text string) string {
	runes := []rune(strings.ToValidUTF8(strings.ReplaceAll(text, "\x00", "?"), "?"))
	if len(runes) > 64 {
		return string(runes[:63]) + "…"
	}
	return string(runes)
}

// read takes the cells of a row over. What is wrong is told cell by cell; an
// empty cell leaves alone what is stored.
func (l layout) read(cells []string) (r directory.ImportRow, refusals []*fault.Error) {
	size := 0
	for i, raw := range cells {
		size += len(raw)
		if strings.TrimSpace(raw) == "" {
			continue
		}
		if i >= len(l.columns) || l.columns[i].key == "" {
			refusals = append(refusals, fault.New(fault.Invalid, fault.CodeImportHeading).At(columnName(i+1)).
				With("heading", "").With("known", knownHeadings()))
			continue
		}
		if err := l.columns[i].read(&r, raw); err != nil {
			refusals = append(refusals, fault.Of(err).At(l.columns[i].key))
		}
	}
	if size > maxRowBytes {
		refusals = append(refusals, fault.New(fault.Invalid, fault.CodeImportCell).With("max", maxRowBytes))
	}
	return r, refusals
}

func (c column) read(r *directory.ImportRow, raw string) error {
	switch {
	case len(raw) > maxCell:
		return fault.New(fault.Invalid, fault.CodeImportCell).With("max", maxCell)
	case !identity.CleanText(raw):
		return fault.New(fault.Invalid, fault.CodeMalformed)
	case strings.TrimSpace(raw) == clearMark && c.empty == nil:
		return fault.New(fault.Invalid, fault.CodeImportClear)
	case strings.TrimSpace(raw) == clearMark:
		c.empty(r)
		return nil
	}
	// A row is used again for the next one: what is kept of it is copied.
	return c.put(r, strings.Clone(unguard(raw)))
}
