package directory

import (
	"context"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// OutlookKind is what a sign-in through a source would do.
type OutlookKind string

// The kinds of outlooks.
const (
	WouldFind   OutlookKind = "find"   // a member who is linked already
	WouldLink   OutlookKind = "link"   // a member whom the rules find
	WouldProve  OutlookKind = "prove"  // the same, who has to prove the account first
	WouldCreate OutlookKind = "create" // a new member, or a guest
	WouldRefuse OutlookKind = "refuse" // nobody; Fault says why
)

// Outlook is what a sign-in with a profile would do.
type Outlook struct {
	Kind OutlookKind
	// Person is the member that would come in; zero when one would be created,
	// or when it is not a member that is refused.
	Person identity.Person
	Fault  *fault.Error // of WouldRefuse
}

// SourceOutlook tells what SignInBySource would do with a proof and changes
// nothing. The source need not be enabled or even saved: it is asked while one
// is tried.
func (d *Directory) SourceOutlook(ctx context.Context, p SourceProof) (o Outlook, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o = Outlook{}
		err := o.foresee(tx, p)
		if kind := fault.KindOf(err); err == nil || kind == fault.Internal || kind == fault.Unavailable {
			return err
		}
		o.Kind, o.Fault = WouldRefuse, fault.Of(err)
		return nil
	})
	return o, err
}

func (o *Outlook) foresee(tx *store.Tx, p SourceProof) error {
	if err := checkSubject(p.Profile.Subject); err != nil {
		return err
	}
	org, err := tx.Organizations.Get(p.Source.OrganizationID)
	if err != nil {
		return err
	}
	o.Kind = WouldFind
	link, err := tx.Links.Find(p.Source.ID, p.Profile.Subject)
	if err == nil {
		o.Person, err = tx.Members.Get(org.ID, link.MemberID)
	} else if fault.KindOf(err) == fault.NotFound {
		o.Kind = WouldLink
		var m matched
		if m, err = matching(tx, p, org, new(finding)); err == nil && !m.proven {
			o.Kind = WouldProve
		}
		o.Person = m.person
	}
	switch {
	case fault.Is(err, fault.CodeMemberNotFound):
		o.Kind = WouldCreate
		return foreseeCreation(tx, p, org)
	case err != nil:
		return err
	}
	if err := (SignedIn{Person: o.Person, Organization: org}).standing(tx.Now()); err != nil || o.Kind == WouldFind {
		return err
	}
	return unlinkedAt(tx, p.Source.ID, o.Person.Member)
}

// foreseeCreation tells why a member could not be created. Contacts do not
// hinder: what is taken is left out.
func foreseeCreation(tx *store.Tx, p SourceProof, o identity.Organization) error {
	if err := mayCreate(p, o); err != nil {
		return err
	}
	// As if the new one were there already.
	most, limited, err := memberLimit(tx, o)
	if err != nil || !limited {
		return err
	}
	members, _, err := tx.Organizations.Counts(o.ID)
	if err == nil && members >= most {
		err = fault.New(fault.Conflict, fault.CodeMemberLimit).With("max", most)
	}
	return err
}
