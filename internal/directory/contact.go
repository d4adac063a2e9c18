package directory

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// contacts are mail, mobile and country as typed.
type contacts struct{ email, mobile, country string }

// setContacts normalises contacts into an account. A number without + or 00 is
// given the calling code of the country.
func setContacts(a *identity.Account, c contacts) (err error) {
	if c.country == "" {
		c.country = DefaultCountry
	}
	if a.Email, err = identity.Email(c.email); err != nil {
		return err
	}
	code, _ := CallingCode(c.country)
	a.Mobile, err = identity.Mobile(c.mobile, code)
	a.Country = c.country
	return err
}

// checkReachable refuses an account of the organisation's own without a number
// and an address, where the organisation requires one. Those of personal
// accounts are their owners' alone.
func checkReachable(o identity.Organization, a identity.Account) error {
	if !o.Rules.ContactRequired || a.Email != "" || a.Mobile != "" || a.OrganizationID != o.ID {
		return nil
	}
	missing := fault.New(fault.Invalid, fault.CodeContactMissing)
	return fault.All([]*fault.Error{missing.At("mobile"), missing.At("email")})
}

// checkReachable is that of somebody new. Who stands at the door with a good proof
// is let in without.
func (n NewMember) checkReachable(o identity.Organization, a identity.Account) error {
	if n.automatic || n.guest {
		return nil
	}
	return checkReachable(o, a)
}

// checkNames refuses a login name that reads as another account's name of
// another kind: an account name may be spelled as a mail address, and what
// people type must mean one account. Names of one kind are unique by their key.
func checkNames(tx *store.Tx, id identity.AccountID, names []identity.LoginName) error {
	for _, name := range names {
		other := identity.LoginName{Kind: identity.ByAccount, Text: name.Text}
		taken := fault.New(fault.Conflict, fault.CodeEmailTaken).At("email")
		if name.Kind == identity.ByAccount {
			other.Kind = identity.ByEmail
			taken = fault.New(fault.Conflict, fault.CodeAccountTaken).At("account")
		}
		if name.Kind == identity.ByMobile || !strings.Contains(name.Text, "@") {
			continue
		}
		holder, err := tx.Lookup.Account(other)
		switch {
		case err == nil && holder.ID != id:
			return taken
		case err != nil && !fault.Is(err, fault.CodeAccountNotFound):
			return err
		}
	}
	return nil
}
