package identity

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Group is a set of members of an organisation.
type Group struct {
	ID             GroupID
	OrganizationID OrganizationID
	Kind           GroupKind
	Name           string // unique in the organisation, compared folded
	Description    string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// GroupKind tells what may be done to a group.
type GroupKind string

// The kinds of groups (OrgID, A.6). A security group belongs to a federation:
// nobody makes, edits, fills or removes one by hand.
const (
	OrdinaryGroup GroupKind = "ordinary"
	SecurityGroup GroupKind = "security"
)

// Editable refuses a change of a group that nobody changes by hand: Conflict
// (group_protected).
func (g Group) Editable() error {
	if g.Kind == SecurityGroup {
		return fault.New(fault.Conflict, fault.CodeGroupProtected)
	}
	return nil
}

// Validate checks the group's own rules: a name of 1–64 characters, a
// description of at most 255.
func (g Group) Validate() error {
	var faults []*fault.Error
	for _, f := range []struct {
		name, text string
		low, high  int
	}{{"name", g.Name, 1, 64}, {"description", g.Description, 0, 255}} {
		if n := len([]rune(f.text)); n < f.low || n > f.high {
			faults = append(faults, lengthFault(f.name, f.low, f.high))
		} else if !CleanText(f.text) {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At(f.name))
		}
	}
	return fault.All(faults)
}
