package audit

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Query narrows a page of events; surfaces name it from here.
type Query = store.EventQuery

// Search narrows it further; Book and Outcome set its types.
type Search = store.EventSearch

// Book is one of the two logs that an organisation reads (OrgID, B.11).
type Book string

// The books: who came in and went, and everything else.
const (
	SignIns    Book = "sign_ins"
	Operations Book = "operations"
)

// Outcome tells whether a sign-in went well.
type Outcome string

// The outcomes.
const (
	Succeeded Outcome = "succeeded"
	Refused   Outcome = "refused"
)

// signIns are the types of the log of sign-ins, refusals those of them that
// tell of somebody who did not come in.
func signIns() []string {
	return []string{
		string(SignedIn), string(SignInRefused), string(SignedOut), string(SessionStarted), string(SessionEnded),
		string(SessionRenewed), string(AccountLocked),
	}
}

func refusals() []string { return []string{string(SignInRefused), string(AccountLocked)} }

// Narrow leaves of a search the events of a book and of an outcome; "" leaves
// all. An outcome is one of sign-ins, whatever the book.
func Narrow(q Search, book Book, outcome Outcome) Search {
	switch {
	case outcome == Refused:
		q.Types = refusals()
	case outcome == Succeeded:
		q.Types, q.Except = signIns(), refusals()
	case book == SignIns:
		q.Types = signIns()
	}
	if book == Operations {
		q.Except = slices.Concat(q.Except, signIns())
	}
	return q
}

// Search returns events, newest first, and before which one the search goes on,
// "" at the end; a page may be short and yet not the last. Whether the caller may
// see them is the surface's question to access beforehand.
func (l *Log) Search(ctx context.Context, q Search) (events []identity.Event, next identity.EventID, err error) {
	err = l.db.View(ctx, func(tx *store.Tx) error {
		events, next, err = tx.Events.Search(q)
		return err
	})
	return events, next, err
}
