package directory

import (
	"context"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// SourceProof is what an authentication source said about a person. That the
// source said it has been verified before (source.Finish).
type SourceProof struct {
	Source identity.Source
	// AutoCreate narrows whether unknown people become members; nil follows
	// the organisation, and true cannot widen what that forbids.
	AutoCreate *bool
	Profile    identity.Profile
	Entry      Entry // nil checks everything and gives nothing
	Origin     identity.Origin
	Story      *trace.Story

	// provenHere is the account that the person has proven to be theirs, ""
	// for none.
	provenHere identity.AccountID
}

// subjectMax is the longest subject that is linked, in characters (OpenID
// Connect Core, 2: sub).
const subjectMax = 255

var (
	errSourceOff = fault.New(fault.NotFound, fault.CodeSSOUnknown)
	errLinked    = fault.New(fault.Conflict, fault.CodeLinkExists).At("subject")
)

// SignInBySource lets somebody in whom an authentication source proved. The
// member is the one that is linked to the source's subject, whatever else the
// source says. At the first sign-in it is the one whom the source's rules find,
// and is linked then:
//
//   - for enterprise SSO the member of the source's organisation whose third
//     account is the profile's account, byte by byte, else one that is created
//     where the organisation lets people in this way;
//   - for any other source the member whose account name, mail address or mobile
//     number is what the source says under its binding attribute, else a guest,
//     as its strategy has it. By a contact that the source is not trusted to have
//     proven, or says itself that it has not, nobody is found who does not prove
//     the account here (source_prove, and ProveBySource).
//
// At each sign-in what the source says is written where its rules have it
// written. What cannot be stored is left out, and so is a contact that is
// somebody else's login name; the story tells so and the sign-in goes on. Nobody
// is made active who was not.
//
// Faults: NotFound sso_unknown when the source is off by now; Forbidden
// source_no_member, member_disabled, organization_inactive or
// auto_create_forbidden; Unauthenticated source_prove; Conflict member_limit, or
// link_exists when the member is linked to another subject of the source;
// Invalid for a subject that no account has.
func (d *Directory) SignInBySource(ctx context.Context, p SourceProof) (in SignedIn, err error) {
	return d.signInBySource(ctx, p, func(*store.Tx) error { return nil })
}

// signInBySource is SignInBySource with what is to be done first in its
// transaction.
func (d *Directory) signInBySource(ctx context.Context, p SourceProof, first func(*store.Tx) error) (in SignedIn, err error) {
	p.Story.About(p.Source.OrganizationID, p.Profile.Account)
	if err := checkSubject(p.Profile.Subject); err != nil {
		return in, err
	}
	var found finding
	for range signInRuns {
		again := false
		err = d.db.Act(ctx, store.ActSignIn, func(tx *store.Tx) error {
			found = finding{}
			if err := first(tx); err != nil {
				return err
			}
			in, err = d.proved(tx, p, &found)
			again = racedLink(err)
			return err
		})
		if err == nil || !again && fault.KindOf(err) != fault.Stale {
			break
		}
	}
	found.tell(p, err)
	tellEntry(p.Story, in, err)
	return in, err
}

// checkSubject refuses what would be no name of a person.
func checkSubject(subject string) error {
	if n := utf8.RuneCountInString(subject); n < 1 || n > subjectMax {
		return fault.New(fault.Invalid, fault.CodeFieldLength).At("account").With("min", 1).With("max", subjectMax)
	}
	if !identity.CleanText(subject) {
		return fault.New(fault.Invalid, fault.CodeMalformed).At("account")
	}
	return nil
}

// proved is the sign-in in the caller's transaction.
func (d *Directory) proved(tx *store.Tx, p SourceProof, f *finding) (in SignedIn, err error) {
	if err := stands(tx, p.Source); err != nil {
		return in, err
	}
	if in.Organization, err = tx.Organizations.Get(p.Source.OrganizationID); err != nil {
		return in, refused(err, fault.CodeOrganizationNotFound)
	}
	if err := d.identify(tx, p, &in, f); err != nil {
		return in, err
	}
	if f.way != wayCreated {
		if in.Person, err = refresh(tx, p, in, f); err != nil {
			return in, err
		}
	}
	if _, code := p.Entry.(EnterCode); code {
		tx.NoEvent("the client that redeems the code signs in")
	}
	return in, d.admit(tx, &in, p.Entry, admission{
		how: howSource, methods: []string{identity.ByCentre}, source: p.Source.ID, session: p.Profile.SessionID, origin: p.Origin,
	})
}

// stands refuses a source that was switched off or removed since it was asked.
func stands(tx *store.Tx, asked identity.Source) error {
	s, err := tx.Sources.Get(asked.OrganizationID, asked.ID)
	if fault.Is(err, fault.CodeSourceNotFound) || err == nil && !s.Enabled {
		return errSourceOff
	}
	return err
}

// racedLink tells the conflicts that two first sign-ins of one person at once
// run into: the second finds the member of the first when it is run again. A
// conflict with somebody else comes again.
func racedLink(err error) bool {
	return raced(err) || fault.Is(err, fault.CodeLinkExists) || fault.KindOf(err) == fault.Stale
}
