package policy

import "github.com/orgate/orgate/internal/store"

// Policies holds the use cases around access policies and regions. It is safe for concurrent use.
type Policies struct{ db *store.DB }

// New returns the policies of a database.
func New(db *store.DB) *Policies { return &Policies{db} }
