package identity

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// Visibility is how a department is placed in the directory: whom its members
// see there, and whether everybody sees them. Administrators see everybody.
type Visibility struct {
	// Open departments are seen by all members of the organisation, however
	// far those see otherwise. It counts for the department itself, not for
	// those below it.
	Open bool
	// Sees is how far the department's own members see; "" is SeesAll. It is
	// not passed on to the departments below it.
	Sees Sight
	// Designated are the codes of the departments that SeesDesignated is
	// about, in the order of their codes; empty for every other sight.
	Designated []string
}

// Sight is how far the members of a department see.
type Sight string

// The sights. Members always see the department that they are placed in.
const (
	SeesAll        Sight = "all"
	SeesOwn        Sight = "own"
	SeesBelow      Sight = "own_and_below"
	SeesDesignated Sight = "designated" // and what is below the designated ones
)

// Sights lists every Sight, for messages and checks.
func Sights() []string {
	return []string{string(SeesAll), string(SeesOwn), string(SeesBelow), string(SeesDesignated)}
}

// maxDesignated bounds the designated departments of one (Meeting API, 5.5).
const maxDesignated = 150

// validate checks the visibility's own rules; "" as sight is SeesAll.
func (v Visibility) validate() (faults []*fault.Error) {
	switch v.Sees {
	case "", SeesAll, SeesOwn, SeesBelow:
		if len(v.Designated) > 0 {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("designated"))
		}
	case SeesDesignated:
		if len(v.Designated) > maxDesignated {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("designated").With("min", 0).With("max", maxDesignated))
		}
	default:
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldChoice).At("sees").With("choices", Sights()))
	}
	return faults
}

// Scope is the departments that somebody may see. The zero value is the open
// ones alone.
type Scope struct {
	Everything bool
	Own        string   // the path of one department, without what is below it
	Branches   []string // paths of departments whose whole branches are seen
}

// Includes reports whether a department lies within the scope.
func (s Scope) Includes(d Department) bool {
	if s.Everything || d.Visibility.Open || s.Own != "" && d.Path == s.Own {
		return true
	}
	for _, branch := range s.Branches {
		if strings.HasPrefix(d.Path, branch) {
			return true
		}
	}
	return false
}

// Scope is what the members of this department see. The paths of the designated
// departments are given, since a path changes where a code does not.
func (d Department) Scope(designated []string) Scope {
	switch d.Visibility.Sees {
	case SeesOwn:
		return Scope{Own: d.Path}
	case SeesBelow:
		return Scope{Branches: []string{d.Path}}
	case SeesDesignated:
		return Scope{Own: d.Path, Branches: designated}
	}
	return Scope{Everything: true}
}
