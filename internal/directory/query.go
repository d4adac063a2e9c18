package directory

import "github.com/orgate/orgate/internal/store"

// MemberQuery narrows a page of members; surfaces name it from here.
type MemberQuery = store.MemberQuery

// GroupQuery narrows a page of groups; surfaces name it from here.
type GroupQuery = store.GroupQuery

// MemberMark is where a page of members goes on.
type MemberMark = store.MemberMark
