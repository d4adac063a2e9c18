package directory

import (
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// carry writes to a known member what the request carries about the person,
// where it differs from what is stored (Meeting API, 4.2, rule 4). Nothing
// else about the member changes: role, status and password stay.
//
// A contact that a third party sets becomes a login name only where the
// organisation lets contacts be names, and never when it is somebody else's:
// that is a Conflict, and the login is refused. The contacts of a personal
// account are its owner's alone; they are also the way in to other
// organisations.
func carry(tx *store.Tx, in SignedIn, p AppIDProof) (identity.Person, error) {
	person := in.Person
	var c MemberChange
	for _, field := range []struct {
		carried string
		into    **string
	}{{p.Name, &c.Name}, {p.DepartmentCode, &c.DepartmentCode}, {p.Email, &c.Email}, {p.Mobile, &c.Mobile}} {
		if field.carried != "" {
			*field.into = &field.carried
		}
	}
	if person.Account.Kind != identity.Managed || person.Account.OrganizationID != person.Member.OrganizationID {
		c.Email, c.Mobile = nil, nil
	}
	person, changed, err := writeBack(tx, person, c)
	if err != nil || len(changed) == 0 {
		return person, err
	}
	actor := vouching(p, in.Organization.ID)
	return person, audit.Record(tx, actor, audit.MemberChanged, aboutMember(person, changed.Details()))
}

// vouching is the third-party server as the one who did something.
func vouching(p AppIDProof, org identity.OrganizationID) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsApplication, OrganizationID: org, AppID: p.AppID.ID, Name: p.AppID.Name, Origin: p.Origin}
}
