package entry

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// Entry decides who may enter, and keeps what people agreed to release.
type Entry struct{ db *store.DB }

// New returns the decisions of a database.
func New(db *store.DB) *Entry { return &Entry{db} }

var errForbidden = fault.New(fault.Forbidden, fault.CodeForbidden)

// Verdict is what is decided. The zero value lets nobody in.
type Verdict uint8

// The verdicts.
const (
	// ApplicationDisabled lets nobody in, whoever it is: the application is
	// switched off or gone, or its organisation is frozen.
	ApplicationDisabled Verdict = iota
	// NotMember is somebody who has no place in the application's organisation.
	NotMember
	// MemberDisabled is a member whom the organisation has suspended, or whose
	// membership has come to its end.
	MemberDisabled
	// NotAuthorized is a member who is not among those who may enter.
	NotAuthorized
	// Allowed may enter.
	Allowed
)

// Asking is the question.
type Asking struct {
	Application identity.Application
	AccountID   identity.AccountID
	// MemberID is the place in the application's organisation as which the
	// person acts, where it is known; "" has it looked for by the account.
	MemberID identity.MemberID
}

// Decision is the answer.
type Decision struct {
	Verdict Verdict
	// Member is the person's place in the application's organisation, "" for
	// none.
	Member identity.MemberID
	// Generation is how account, member and organisation stand, where there
	// is a member. DecideIn leaves it zero.
	Generation identity.Generations
	// Agreed is what the member has agreed to release to the application;
	// Decide fills it in where the person may enter.
	Agreed []string
}

// Allowed reports whether the person may enter.
func (d Decision) Allowed() bool { return d.Verdict == Allowed }

// Decide answers for a person at a browser, with one statement, and writes what
// it looked at into the story, which may be nil.
func (e *Entry) Decide(ctx context.Context, a Asking, story *trace.Story) (d Decision, err error) {
	err = e.db.Glance(ctx, func(tx *store.Tx) error {
		d, err = decide(tx, a)
		return err
	})
	if err == nil {
		d.tell(story)
	}
	return d, err
}

func decide(tx *store.Tx, a Asking) (Decision, error) {
	now, err := tx.Applications.Place(a.Application, a.AccountID, a.MemberID)
	if err != nil || now.Member == "" {
		return Decision{Verdict: verdict(now.Admission)}, err
	}
	d := Decision{Verdict: verdict(now.Admission), Member: now.Member, Generation: now.Generation}
	if d.Allowed() {
		d.Agreed = now.Agreed
	}
	return d, nil
}

// DecideIn answers inside the caller's transaction for a member of the
// application's organisation. It asks the database once, whatever the caller's
// copy of the application says of access and status.
func DecideIn(tx *store.Tx, a identity.Application, m identity.MemberID) (Decision, error) {
	now, err := tx.Applications.Admission(a.ID, a.OrganizationID, m)
	if err != nil {
		return Decision{}, err
	}
	d := Decision{Verdict: verdict(now), Member: m}
	if d.Verdict == NotMember {
		d.Member = ""
	}
	return d, nil
}

// verdict is what follows from how somebody stands.
func verdict(now store.Admission) Verdict {
	switch {
	case !now.Active:
		return ApplicationDisabled
	case now.Status == "":
		return NotMember
	case now.Status != identity.MemberActive:
		return MemberDisabled
	case !now.Admitted:
		return NotAuthorized
	}
	return Allowed
}
