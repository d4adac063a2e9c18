package directory

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Where an organisation has switched enterprise SSO on, its members come to
// user centre, management centre and clients through its centre alone. A
// password still works for programs (client type 72) and, as rescue, for the
// owner. The rule is read from the database at each sign-in, so that switching
// on and off holds from the next request on. Tokens and sessions that were
// given before stay till their own end: whoever had them had proved themselves
// by the rule of their time, and an administrator who switched a wrong centre
// on must be able to switch it off again.

// ssoDomain returns the domain by which members of an organisation sign in
// through its centre; on is false where they do not.
func ssoDomain(tx *store.Tx, org identity.OrganizationID) (domain string, on bool, err error) {
	s, err := tx.Sources.SSO(org)
	if fault.Is(err, fault.CodeSourceNotFound) {
		return "", false, nil
	}
	return s.Domain, err == nil && s.Enabled, err
}

// centreFor returns the domain by which somebody signs in through the centre of
// the organisation they come to; on is false for whom a password is the way.
func centreFor(tx *store.Tx, in SignedIn) (domain string, on bool, err error) {
	if in.alone() || in.Person.Member.Role == identity.RoleOwner {
		return "", false, nil
	}
	return ssoDomain(tx, in.Organization.ID)
}

// mayUsePassword refuses with Forbidden (sso_only) somebody whose password was
// right where the centre has to be asked.
func mayUsePassword(tx *store.Tx, in SignedIn, e Entry) error {
	if e != nil && e.besideSSO() {
		return nil
	}
	domain, on, err := centreFor(tx, in)
	if err == nil && on {
		err = ssoOnly(domain)
	}
	return err
}

func ssoOnly(domain string) error {
	return fault.New(fault.Forbidden, fault.CodeSSOOnly).With("domain", domain)
}

// centreOf returns the domain under which the person behind an account signs
// in through the centre of the organisation that owns it; on is false where a
// password is the way. It does the same work for an account that is nobody's.
func centreOf(tx *store.Tx, a identity.Account) (domain string, on bool, err error) {
	if domain, on, err = ssoDomain(tx, a.OrganizationID); err != nil {
		return "", false, err
	}
	person, err := tx.Members.ByAccount(a.OrganizationID, a.ID)
	if fault.Is(err, fault.CodeMemberNotFound) {
		return "", false, nil
	}
	return domain, on && person.Member.Role != identity.RoleOwner, err
}

// hasPassword refuses with Conflict to change the password of somebody who signs
// in through the centre (sso_password), and of a guest, who never has one
// (member_guest).
func hasPassword(tx *store.Tx, a identity.Account) error {
	if a.Kind == identity.Outside {
		return errGuest
	}
	domain, on, err := centreOf(tx, a)
	if err == nil && on {
		err = fault.New(fault.Conflict, fault.CodeSSOPassword).With("domain", domain)
	}
	return err
}
