package audit

import "github.com/orgate/orgate/internal/store"

// Query narrows a page of events; surfaces name it from here.
type Query = store.EventQuery
