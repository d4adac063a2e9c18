package bulk

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// people is files about the members of an organisation.
func people() noun {
	return noun{
		permission: access.ManageMembers, columns: memberColumns, named: attributeColumn, suffices: namesMembers,
		keys: memberKeys, keyColumn: "account", take: takeMembers, page: pageOfMembers,
	}
}

// Prefix and key of attributes that have a column each.
const (
	attributePrefix = "attr:"
	employeeNumber  = "employee_number"
	keyPassword     = "password"
)

// memberColumns are the same for all organisations, and one for each attribute that
// this one defines.
func memberColumns(own []identity.Attribute) []column {
	in := func(of func(c *directory.MemberChange) **string) field {
		return func(l *line) **string { return of(&l.person.Change) }
	}
	all := []column{
		{key: "account", put: func(l *line, cell string) error {
			l.person.Account = strings.TrimSpace(cell)
			return nil
		}, get: func(e exported) string { return e.Account.Name }},
		required("name", in(func(c *directory.MemberChange) **string { return &c.Name }), func(e exported) string { return e.Member.Name }),
		text("english_name", in(func(c *directory.MemberChange) **string { return &c.EnglishName }), func(e exported) string { return e.Member.EnglishName }),
		text("mobile", in(func(c *directory.MemberChange) **string { return &c.Mobile }), func(e exported) string { return e.Account.Mobile }),
		word("country", in(func(c *directory.MemberChange) **string { return &c.Country }), func(e exported) string { return e.Account.Country }),
		text("email", in(func(c *directory.MemberChange) **string { return &c.Email }), func(e exported) string { return e.Account.Email }),
		{key: "department", put: func(l *line, cell string) error {
			l.person.Department = splitList(cell, '/')
			return nil
		}, get: func(e exported) string { return "/" + joinList(e.path, "/") }},
		word("department_code", in(func(c *directory.MemberChange) **string { return &c.DepartmentCode }), func(e exported) string { return e.department.Code }),
		text("title", in(func(c *directory.MemberChange) **string { return &c.Title }), func(e exported) string { return e.Member.Title }),
		text("third_account", in(func(c *directory.MemberChange) **string { return &c.ThirdAccount }), func(e exported) string { return e.Member.ThirdAccount }),
		{key: "role", put: putRole, get: func(e exported) string { return string(e.Member.Role) }},
		{key: "status", put: putStatus, get: func(e exported) string { return string(e.Member.Status) }},
		{key: "sort_level", put: putSortLevel, get: func(e exported) string { return strconv.Itoa(e.Member.SortLevel) }},
		text("description", in(func(c *directory.MemberChange) **string { return &c.Description }), func(e exported) string { return e.Member.Description }),
		text("signature", in(func(c *directory.MemberChange) **string { return &c.Signature }), func(e exported) string { return e.Member.Signature }),
		{
			key: "groups", put: func(l *line, cell string) error { l.person.Groups = splitList(cell, ';'); return nil },
			get: func(e exported) string { return joinList(e.groups, ";") }, empty: func(l *line) { l.person.Groups = []string{} },
		},
		custom(employeeNumber, employeeNumber),
		{key: keyPassword, put: func(l *line, cell string) error { l.person.Password = cell; return nil }},
		errorColumn(),
	}
	for _, a := range own {
		if a.Key != employeeNumber {
			c := custom(attributePrefix+a.Key, a.Key)
			c.label = a.Label
			all = append(all, c)
		}
	}
	return all
}

// custom is the column of one attribute of the organisation's own.
func custom(key, name string) column {
	set := func(l *line, value *string) {
		if l.person.Change.Attributes == nil {
			l.person.Change.Attributes = map[string]*string{}
		}
		l.person.Change.Attributes[name] = value
	}
	return column{
		key: key, put: func(l *line, cell string) error { set(l, &cell); return nil },
		get: func(e exported) string { return e.Member.Attributes[name] }, empty: func(l *line) { set(l, nil) },
	}
}

// attributeColumn is the column of an attribute, defined or not.
func attributeColumn(heading string) (column, bool) {
	name, is := strings.CutPrefix(heading, attributePrefix)
	if !is {
		name, is = strings.CutPrefix(heading, "attribute:") // as applications and sources name it
	}
	return custom(attributePrefix+name, name), is && name != ""
}

func namesMembers(seen map[string]bool) error {
	if seen["account"] || seen["third_account"] {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeImportNobody).At("account")
}

func memberKeys(row line) (keys []string) {
	if account := row.person.Account; account != "" {
		keys = append(keys, "a:"+identity.FoldAccount(account))
	}
	if third := row.person.Change.ThirdAccount; third != nil && *third != "" {
		keys = append(keys, "t:"+*third)
	}
	return keys
}

func takeMembers(ctx context.Context, w *walk, rows []line, b batch) error {
	taken := &directory.ImportBatch{
		Rows: make([]directory.ImportRow, len(rows)), Mode: b.mode, MakeDepartments: w.task.Options.MakeDepartments, Details: b.details, Also: b.also,
	}
	if b.earlier != nil {
		taken.Earlier = &b.earlier.people
	}
	for i, row := range rows {
		taken.Rows[i] = row.person
	}
	return w.t.directory.ImportMembers(ctx, w.task.Actor, w.task.OrganizationID, taken)
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

func putRole(l *line, cell string) error {
	l.person.Role = identity.Role(identity.Fold(cell))
	return choice(string(l.person.Role), string(identity.RoleOwner), string(identity.RoleAdministrator),
		string(identity.RoleDepartmentAdministrator), string(identity.RoleMember))
}

func putStatus(l *line, cell string) error {
	l.person.Status = identity.MemberStatus(identity.Fold(cell))
	return choice(string(l.person.Status), string(identity.MemberActive), string(identity.MemberDisabled))
}

func choice(value string, choices ...string) error {
	if slices.Contains(choices, value) {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeFieldChoice).With("choices", choices)
}

func putSortLevel(l *line, cell string) error {
	n, err := strconv.Atoi(strings.TrimSpace(cell))
	if err != nil || n < 1 || n > 10_000 {
		return fault.New(fault.Invalid, fault.CodeFieldRange).With("min", 1).With("max", 10_000)
	}
	l.person.Change.SortLevel = &n
	return nil
}

func pageOfMembers(r *run, tx *store.Tx, after string) ([]exported, error) {
	org, o := r.task.OrganizationID, r.task.Options
	q := store.MemberQuery{
		Text: o.Text, Department: o.Department, Role: o.Role, Status: o.State, Kind: o.Members, Limit: exportPage, After: store.MemberMark(after),
	}
	found, err := tx.Members.Page(org, q)
	if err != nil {
		return nil, err
	}
	ids := make([]identity.MemberID, len(found))
	for i, p := range found {
		ids[i] = p.Member.ID
	}
	groups, err := tx.Groups.OfMembers(org, ids)
	if err != nil {
		return nil, err
	}
	all := make([]exported, len(found))
	for i, p := range found {
		if all[i], err = r.placed(tx, p.Member.Department); err != nil {
			return nil, err
		}
		all[i].key, all[i].Person = string(q.MarkOf(p)), p
		for _, g := range groups[p.Member.ID] {
			all[i].groups = append(all[i].groups, g.Name)
		}
	}
	return all, nil
}

// placed is a department with the names on the way to it.
func (r *run) placed(tx *store.Tx, id identity.DepartmentID) (place exported, err error) {
	if place, known := r.departments[id]; known {
		return place, nil
	}
	org := r.task.OrganizationID
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
	if r.departments == nil {
		r.departments = map[identity.DepartmentID]exported{}
	}
	r.departments[id] = place
	return place, nil
}
