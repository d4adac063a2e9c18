package application

import (
	"context"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Subject returns a member of an application's organisation as the application
// may see them: all that is known, from which scopes choose, and what its claim
// rules release in Extra. NotFound when the member is gone. It is one statement,
// or none while what was read before still holds: a change counts at the next
// call on this node and within a second on others. Its lists are shared and to be
// read only.
func (a *Applications) Subject(ctx context.Context, member identity.MemberID, app identity.Application) (identity.Subject, error) {
	p, err := a.portrait(ctx, app.OrganizationID, member)
	if err != nil {
		return identity.Subject{}, err
	}
	s := a.subjectOf(p)
	s.Extra = released(app.Claims, s, p)
	return s, nil
}

// portrait reads a member of an organisation with the names of all they belong
// to, or NotFound.
func (a *Applications) portrait(ctx context.Context, org identity.OrganizationID, member identity.MemberID) (p store.Portrait, err error) {
	if p, ok := a.people.known.Get(string(member)); ok && p.Member.OrganizationID == org {
		return p, nil
	}
	since := a.people.fresh.Now()
	err = a.db.Glance(ctx, func(tx *store.Tx) error {
		p, err = tx.Members.Portrait(org, member)
		return err
	})
	if err == nil {
		a.people.put(since, p)
	}
	return p, err
}

// SubjectID is the identifier of a member in Subject, without reading it: the
// same at every application, and nothing that anybody types.
func (*Applications) SubjectID(member identity.MemberID) string { return identity.Hex(member) }

// employeeNumber is the custom attribute that holds the number which an
// enterprise gives its people.
const employeeNumber = "employee_number"

func (a *Applications) subjectOf(p store.Portrait) identity.Subject {
	updated := p.Member.UpdatedAt
	if p.Account.UpdatedAt.After(updated) {
		updated = p.Account.UpdatedAt
	}
	picture := ""
	if a.options.Pictures != "" && p.Member.Picture != "" {
		picture = a.options.Pictures + p.Member.Picture
	}
	return identity.Subject{
		ID: identity.Hex(p.Member.ID), MemberID: p.Member.ID,
		OrganizationID: p.Member.OrganizationID, OrganizationCode: p.OrganizationCode, OrganizationName: p.OrganizationName,
		Name: p.Member.Name, EnglishName: p.Member.EnglishName, LoginName: p.Account.Name,
		// Nothing records that a contact was proven to be the person's own, so
		// none is said to be verified.
		Email: p.Account.Email, Mobile: p.Account.Mobile, Language: p.Account.Language,
		EmployeeNumber: p.Member.Attributes[employeeNumber], Title: p.Member.Title, ThirdAccount: p.Member.ThirdAccount,
		Administers: p.Member.Administers(), Department: p.Department, Groups: p.Groups, Picture: picture,
		UpdatedAt: updated,
	}
}
