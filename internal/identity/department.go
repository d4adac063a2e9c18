package identity

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// RootDepartmentCode is the code of every organisation's root department.
const RootDepartmentCode = "1"

// Department is a node of an organisation's tree.
type Department struct {
	ID             DepartmentID
	OrganizationID OrganizationID
	Code           string // unique in the organisation, never changes
	Name           string
	ParentID       DepartmentID // "" for the root
	// Path is the codes from the root to this department, each followed by a
	// slash: "1/rd/". A subtree is everything whose path begins with it.
	Path      string
	Level     int // the root is 1
	SortLevel int // 1–10000, smaller sorts first
	Note      string
	// Visibility is who of the organisation's members see whom.
	Visibility Visibility
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// Root reports whether this is the organisation's root department.
func (d Department) Root() bool { return d.ParentID == "" }

// Below returns the department as a child of parent, with path and level.
func (d Department) Below(parent Department) Department {
	d.ParentID = parent.ID
	d.Path = parent.Path + d.Code + "/"
	d.Level = parent.Level + 1
	return d
}

// Contains reports whether other is this department or below it.
func (d Department) Contains(other Department) bool {
	return d.OrganizationID == other.OrganizationID && strings.HasPrefix(other.Path, d.Path)
}

var departmentCode = pattern(`^[A-Za-z0-9._@-]{1,64}$`)

// Validate checks the department's own rules: a code of 1–64 characters, a
// name of 1–128, a note of at most 96.
func (d Department) Validate() error {
	var faults []*fault.Error
	if !departmentCode().MatchString(d.Code) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("code").With("want", "want.department_code"))
	}
	if n := len([]rune(d.Name)); n < 1 || n > 128 {
		faults = append(faults, lengthFault("name", 1, 128))
	} else if !CleanText(d.Name) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At("name"))
	}
	if n := len([]rune(d.Note)); n > 96 {
		faults = append(faults, lengthFault("note", 0, 96))
	}
	if d.SortLevel < 1 || d.SortLevel > 10_000 {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("sort_level").With("min", 1).With("max", 10_000))
	}
	return fault.All(append(faults, d.Visibility.validate()...))
}
