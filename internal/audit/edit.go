package audit

import "strings"

// Edit gathers the names of the fields that an edit changes, in their order.
// Values are left out: an event outlives the contact data it would hold.
type Edit []string

// Set copies a wanted value over an old one and notes the field when the two
// differ; nil wants nothing.
func Set[T comparable](e *Edit, field string, old, wanted *T) {
	if wanted != nil && *wanted != *old {
		*old = *wanted
		*e = append(*e, field)
	}
}

// Details writes the names for an event.
func (e Edit) Details() map[string]string {
	return map[string]string{"fields": strings.Join(e, ",")}
}
