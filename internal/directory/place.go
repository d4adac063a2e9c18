package directory

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// alone reports whether somebody comes to no organisation: an administrator of
// the provider, or a person with an account of their own. Of whom an
// organisation owns that is never so, whatever is missing.
func (in SignedIn) alone() bool {
	a := in.Person.Account
	if in.Person.Member.ID != "" || in.Organization.ID != "" || a.OrganizationID != "" {
		return false
	}
	return in.Provider || a.OutsideOrganizations() == identity.ActsAsPerson
}

// alonePlace is where somebody is let in who acts in no organisation. An account
// that an organisation owns is let in to none: a failed sign-in.
func alonePlace(tx *store.Tx, id identity.AccountID) (in SignedIn, err error) {
	a, err := tx.Accounts.Get(id)
	if err != nil {
		return in, refused(err, fault.CodeAccountNotFound)
	}
	switch a.OutsideOrganizations() {
	case identity.ActsAsProvider:
		return providerPlace(tx, id)
	case identity.ActsAsPerson:
		in.Person.Account = a
		return in, nil
	}
	return in, errSignIn
}

// ownPlace is where a person with an account of their own comes in: to their
// organisation where they stand in one alone. A browser asks them where they
// stand in several, and lets them in where they stand in none, with nothing but
// what is theirs. Whatever cannot ask takes the first in which they stand; if
// they stand in none, the first at all tells why.
func ownPlace(tx *store.Tx, a identity.Account, e Entry) (SignedIn, error) {
	places, err := placesOf(tx, a.ID)
	if err != nil {
		return SignedIn{}, err
	}
	var standing []SignedIn
	for _, in := range places {
		if in.standing(tx.Now()) == nil {
			standing = append(standing, in)
		}
	}
	asks := e != nil && e.letsChoose() && a.OutsideOrganizations() == identity.ActsAsPerson
	switch {
	case len(standing) == 1, len(standing) > 1 && !asks:
		return standing[0], nil
	case asks:
		return SignedIn{Person: identity.Person{Account: a}}, nil
	case len(places) > 0:
		return places[0], nil
	}
	return SignedIn{}, errSignIn
}

// placesOf are all places of an account, oldest first.
func placesOf(tx *store.Tx, id identity.AccountID) ([]SignedIn, error) {
	people, err := tx.Lookup.Memberships(id)
	if err != nil {
		return nil, err
	}
	places := make([]SignedIn, 0, len(people))
	for _, p := range people {
		o, err := tx.Organizations.Get(p.Member.OrganizationID)
		if err != nil {
			return nil, err
		}
		places = append(places, SignedIn{Person: p, Organization: o})
	}
	return places, nil
}
