package signin

import (
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/pages"
)

// leavePath is the page on which a person leaves an organisation, by its code.
func leavePath(code string) string { return organizationsPath + code + "/leave" }

// placeToLeave is the organisation that the address names, among those of the
// person.
func (s *Surface) placeToLeave(v *visit) (directory.OwnPlace, error) {
	own, err := s.Directory.OwnPlaces(v.context(), v.actor())
	if err != nil {
		return directory.OwnPlace{}, err
	}
	for _, p := range own.Places {
		if p.Organization.Code == v.r.PathValue("organization") {
			return p, nil
		}
	}
	return directory.OwnPlace{}, fault.New(fault.NotFound, fault.CodeOrganizationNotFound)
}

// askToLeave tells a person what leaving an organisation takes from them.
func (s *Surface) askToLeave(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	return s.leavePage(v, nil)
}

func (s *Surface) leavePage(v *visit, f *fault.Error) (reply, error) {
	p, err := s.placeToLeave(v)
	if err != nil {
		return reply{}, err
	}
	path := leavePath(p.Organization.Code)
	page := pages.LeaveOrganization{
		Form: v.sessionForm(path), Organization: p.Organization.Name, Role: pages.RoleKey(string(p.Member.Role)), Fault: f, Back: organizationsPath,
		Here: p.Member.ID == v.signed.Member.ID,
	}
	agreed, err := s.Entry.Consents(v.context(), v.actor())
	for _, row := range agreed {
		if row.OrganizationID == p.Organization.ID {
			page.Applications = append(page.Applications, row.Name)
		}
	}
	return show(page).at(path), err
}

// leaveOrganization ends a person's place in an organisation. Whoever acts there
// goes on in none, unless they were proven by a source of the organisation,
// which counts nowhere else: they are signed out.
func (s *Surface) leaveOrganization(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	p, err := s.placeToLeave(v)
	if err != nil {
		return reply{}, err
	}
	err = s.endPlace(v, p)
	if f := fault.Of(err); err != nil && (f.Kind == fault.Conflict || f.Kind == fault.Forbidden) {
		answer, failed := s.leavePage(v, f)
		return answer.with(statusOf(f)), failed
	}
	if err != nil {
		return reply{}, err
	}
	return organizationsAfter("left"), nil
}

// endPlace ends a place and, where the person acts there, goes on elsewhere in
// the same step: a refusal leaves them where they are.
func (s *Surface) endPlace(v *visit, p directory.OwnPlace) error {
	if p.Member.ID == v.signed.Member.ID {
		in, err := s.Directory.LeaveAndGoOn(v.context(), v.actor(), directory.Switch{
			Session: v.signed.Session, Entry: v.browserEntry(), Origin: v.origin,
		})
		if err == nil {
			s.enter(v, in)
		}
		if !fault.Is(err, fault.CodeOrganizationSwitch) {
			return err
		}
	}
	err := s.Directory.LeaveOrganization(v.context(), v.actor(), p.Organization.ID)
	if err == nil && v.signed.Session.OrganizationID == p.Organization.ID {
		s.leaveSession(v) // it went with the place
	}
	return err
}
