package entry

import (
	"context"
	"net/netip"
	"time"

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
	// Barred is a member whom an access policy keeps out at this time or from
	// this address.
	Barred
	// Unverified is a member who may enter once they have given a second proof.
	Unverified
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
	// Second demands a second proof, whatever the access policies say.
	Second bool
	Shown
}

// Shown is what of the one who wishes to enter access policies look at.
type Shown struct {
	Address  netip.Addr // by the listener's own judgement; one that is not known lies in no region
	Verified bool       // a second proof was given
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
	// Judgment is what the access policies said, where nothing else stood in the
	// way.
	Judgment identity.Judgment
	// Second tells that a second proof was demanded besides.
	Second bool
	// Until is when to ask again although nobody edits anything, because a policy
	// looks at the time; zero for never.
	Until time.Time
}

// Allowed reports whether the person may enter.
func (d Decision) Allowed() bool { return d.Verdict == Allowed }

// Decide answers for a person at a browser, with one statement where no policies
// guard the application, and writes what it looked at into the story, which may
// be nil.
func (e *Entry) Decide(ctx context.Context, a Asking, story *trace.Story) (d Decision, err error) {
	var now store.Admission
	err = e.db.Glance(ctx, func(tx *store.Tx) error {
		d, now, err = decide(tx, a)
		return err
	})
	if err == nil && d.Allowed() && now.Controlled {
		err = e.db.View(ctx, func(tx *store.Tx) error { return d.guard(tx, a.Application, now, a.Shown) })
	}
	if err != nil {
		return Decision{}, err
	}
	if d.Second = a.Second; d.Allowed() && a.Second && !a.Verified {
		d.Verdict = Unverified
	}
	d.tell(story)
	return d, nil
}

// decide answers but for the access policies.
func decide(tx *store.Tx, a Asking) (Decision, store.Admission, error) {
	now, err := tx.Applications.Place(a.Application, a.AccountID, a.MemberID)
	if err != nil || now.Member == "" {
		return Decision{Verdict: verdict(now.Admission)}, now.Admission, err
	}
	d := Decision{Verdict: verdict(now.Admission), Member: now.Member, Generation: now.Generation}
	if d.Allowed() {
		d.Agreed = now.Agreed
	}
	return d, now.Admission, nil
}

// DecideIn answers inside the caller's transaction for a member of the
// application's organisation, of whom was shown something when they entered. It
// asks the database, whatever the caller's copy of the application says of access
// and status; once, where no policies guard it.
func DecideIn(tx *store.Tx, a identity.Application, m identity.MemberID, shown Shown) (Decision, error) {
	now, err := tx.Applications.Admission(a.ID, a.OrganizationID, m)
	if err != nil {
		return Decision{}, err
	}
	d := Decision{Verdict: verdict(now), Member: m}
	if d.Verdict == NotMember {
		d.Member = ""
	}
	if d.Allowed() && now.Controlled {
		err = d.guard(tx, a, now, shown)
	}
	return d, err
}

// guard asks the access policies about somebody whom nothing else keeps out.
func (d *Decision) guard(tx *store.Tx, a identity.Application, now store.Admission, shown Shown) error {
	d.Verdict = Barred // until the policies have spoken
	rules, err := tx.AccessPolicies.Standing(identity.AccessControl{
		ApplicationID: a.ID, OrganizationID: a.OrganizationID, Enabled: now.Controlled, Default: now.Otherwise, Version: now.Rules,
	})
	if err != nil {
		return err
	}
	d.Judgment = rules.Judge(identity.Circumstances{At: tx.Now(), Address: shown.Address})
	switch {
	case d.Judgment.Passes(shown.Verified):
		d.Verdict = Allowed
	case d.Judgment.Decision == identity.PolicyVerify:
		d.Verdict = Unverified
	}
	if rules.Timed() {
		d.Until = tx.Now().Truncate(time.Minute).Add(time.Minute)
	}
	return nil
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
