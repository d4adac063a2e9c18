package signin

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

const (
	// organizationsPath is the page of a person's organisations.
	organizationsPath = "/organizations/"
	// removePath is the page on which a person removes their own account.
	removePath = "/account/remove"
	// doneField tells the page of organisations what the step before did.
	doneField = "done"
)

// doneNotes are what the step before may have done.
var doneNotes = map[string]pages.Key{
	"left": pages.NoteOrganizationLeft, "founded": pages.NoteOrganizationFounded, "joined": pages.NoteOrganizationJoined,
	"taken": pages.NoteOrganizationTaken,
}

// organizationsAfter is the page of organisations after a step.
func organizationsAfter(done string) reply {
	return goTo(organizationsPath + "?" + url.Values{doneField: {done}}.Encode())
}

// organizations shows a person where they belong.
func (s *Surface) organizations(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	return s.organizationsPage(v, pages.Organizations{Notice: doneNotes[v.query(doneField)]})
}

func (s *Surface) organizationsPage(v *visit, page pages.Organizations) (reply, error) {
	own, err := s.Directory.OwnPlaces(v.context(), v.actor())
	if err != nil {
		return reply{}, err
	}
	page.Form, page.Name, page.Account = v.sessionForm(organizationsPath), v.name(), "/account"
	page.Within = v.signed.Member.ID != ""
	page.Owned, page.Most, page.Founds = own.Owned, own.Most, own.Founds && own.Owned < own.Most
	if own.Founds && !page.Founds {
		page.Quotas = quotasPath
	}
	for _, p := range own.Places {
		place := pages.Place{
			ID: string(p.Organization.ID), Name: p.Organization.Name, Code: p.Organization.Code, Role: pages.RoleKey(string(p.Member.Role)),
			Here: p.Member.ID == v.signed.Member.ID, Last: p.Last,
		}
		if p.Member.Role != identity.RoleOwner {
			place.Leave = leavePath(p.Organization.Code)
		}
		if p.Barred != nil {
			place.Barred = fault.Of(p.Barred)
		}
		page.Places = append(page.Places, place)
	}
	return show(page).at(organizationsPath), nil
}

// actOnOrganization goes to an organisation or to none, or makes one.
func (s *Surface) actOnOrganization(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	answer, err := s.organizationStep(v)
	if err == nil || fault.Is(err, fault.CodeSSOOnly) {
		return answer, err // the refusal leads to the centre
	}
	switch f := fault.Of(err); f.Kind {
	case fault.Invalid, fault.Conflict, fault.Forbidden, fault.NotFound:
		page, err := s.organizationsPage(v, pages.Organizations{Fault: f, Typed: v.posted("name")})
		return page.with(statusOf(f)), err
	}
	return reply{}, err
}

func (s *Surface) organizationStep(v *visit) (reply, error) {
	switch v.posted("do") {
	case "switch":
		if org := identity.OrganizationID(v.posted("organization")); org != "" {
			return s.switchTo(v, org)
		}
		return reply{}, fault.New(fault.NotFound, fault.CodeOrganizationNotFound)
	case "none":
		return s.switchTo(v, "")
	case "found":
		_, err := s.Directory.FoundOrganization(v.context(), v.actor(), directory.OwnOrganization{Name: v.posted("name")})
		return organizationsAfter("founded"), err
	}
	return reply{}, fault.New(fault.Invalid, fault.CodeFieldMissing).With("field", "do")
}

// switchTo goes on in another organisation, "" in none.
func (s *Surface) switchTo(v *visit, org identity.OrganizationID) (reply, error) {
	in, err := s.Directory.SwitchOrganization(v.context(), directory.Switch{
		Session: v.signed.Session, Organization: org, Entry: v.browserEntry(), Origin: v.origin,
	})
	if err != nil {
		return reply{}, err
	}
	s.enter(v, in)
	return s.dispatch(v), nil
}

// askRemoval asks a person whether to remove their account.
func (s *Surface) askRemoval(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	return s.removalPage(v, nil)
}

func (s *Surface) removalPage(v *visit, f *fault.Error) (reply, error) {
	if !v.personal() {
		return reply{}, fault.New(fault.Forbidden, fault.CodePersonOnly)
	}
	own, err := s.Directory.OwnPlaces(v.context(), v.actor())
	if err != nil {
		return reply{}, err
	}
	page := pages.RemoveAccount{
		Form: v.sessionForm(removePath), Account: v.signed.Account.Name, Back: "/account", Fault: f,
		Ask: v.signed.Session.SourceID == "" || f != nil && f.Code == fault.CodePasswordOld,
	}
	var owned []string
	for _, p := range own.Places {
		if p.Member.Role == identity.RoleOwner {
			owned = append(owned, p.Organization.Name)
		}
		page.Leaves = append(page.Leaves, p.Organization.Name)
	}
	if len(owned) > 0 {
		// Told before anybody types a password for nothing.
		page.Owns, page.Fault = organizationsPath, fault.New(fault.Conflict, fault.CodeAccountOwns).With("organizations", strings.Join(owned, ", "))
	}
	return show(page).at(removePath), nil
}

// removeAccount removes the account of who is signed in.
func (s *Surface) removeAccount(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	err := s.Directory.RemoveOwnAccount(v.context(), v.actor(), directory.SelfProof{Password: v.posted("password"), Session: v.signed.Session})
	switch fault.KindOf(err) {
	case fault.Invalid, fault.Conflict, fault.TooMany:
		if err != nil {
			answer, failed := s.removalPage(v, fault.Of(err))
			return answer.with(statusOf(fault.Of(err))), failed
		}
	}
	if err != nil {
		return reply{}, err
	}
	s.leaveSession(v)
	return show(pages.Notice{
		Title: "remove_account.done_title", Text: "remove_account.done", Action: pages.Action{Label: pages.ActionSignIn, Address: "/login"},
	}).with(http.StatusOK).at(pages.Once), nil
}
