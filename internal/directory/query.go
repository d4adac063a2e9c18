package directory

import "github.com/orgate/orgate/internal/store"

// MemberQuery narrows a page of members; surfaces name it from here.
type MemberQuery = store.MemberQuery

// GroupQuery narrows a page of groups; surfaces name it from here.
type GroupQuery = store.GroupQuery

// MemberMark is where a page of members goes on.
type MemberMark = store.MemberMark

// OrganizationQuery narrows a page of organisations; surfaces name it from here.
type OrganizationQuery = store.OrganizationQuery

// NameOrder asks for a list in the order of names.
type NameOrder = store.NameOrder

// Slice is the part of a list that is wanted.
type Slice = store.Slice
