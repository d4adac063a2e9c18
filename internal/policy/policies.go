package policy

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/store"
)

// Policies holds the use cases around regions. It is safe for concurrent use.
type Policies struct{ db *store.DB }

// New returns the policies of a database.
func New(db *store.DB) *Policies { return &Policies{db} }

// The bounds of a page.
const (
	pageDefault = 100
	pageMax     = 1000
)

func pageSize(limit int) int {
	if limit <= 0 {
		return pageDefault
	}
	return min(limit, pageMax)
}

// checkVersion compares the version an editor read with the stored one; 0
// agrees with any.
func checkVersion(read, stored int64) error {
	if read != 0 && read != stored {
		return fault.New(fault.Stale, fault.CodeStale)
	}
	return nil
}

// edited gathers the names of the fields that an edit changes.
type edited []string

// set copies a wanted value over an old one and notes the field when the two
// differ.
func set[T comparable](e *edited, field string, old, wanted *T) {
	if wanted != nil && *wanted != *old {
		*old = *wanted
		*e = append(*e, field)
	}
}

// details writes the names for an event.
func (e edited) details() map[string]string {
	return map[string]string{"fields": strings.Join(e, ",")}
}
