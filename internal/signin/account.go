package signin

import (
	"net/url"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// home shows who is signed in.
func (s *Surface) home(v *visit) (reply, error) {
	if nonce := v.query(nonceField); nonce != "" {
		return s.askJump(v, nonce), nil
	}
	if s.App == nil {
		return s.account(v)
	}
	return s.centre(v)
}

// centrePath is below which the pages of the user centre stand, but for the
// first.
const centrePath = "/my/"

// centre is the user centre, which is drawn by script; without a build of it
// there is nothing below centrePath.
func (s *Surface) centre(v *visit) (reply, error) {
	switch {
	case s.App == nil:
		return missing(v)
	case v.signed == nil && v.r.URL.Path != "/":
		return goTo("/login?return_to=" + url.QueryEscape(v.r.URL.RequestURI())), nil
	case v.signed == nil || v.mustChange:
		return s.dispatch(v), nil
	}
	return reply{drawn: true}, nil
}

// account is who is signed in, and where what is theirs is found.
func (s *Surface) account(v *visit) (reply, error) {
	if v.signed == nil || v.mustChange {
		return s.dispatch(v), nil
	}
	k := v.signed.Session
	page := pages.Account{
		Form: v.sessionForm("/logout"), Name: v.name(), Account: v.signed.Account.Name, Organization: v.signed.Organization.Name,
		How: howOf(k), Since: k.CreatedAt, Devices: "/account/sessions", Requests: requestsPath, Applications: applicationsPath, Links: linksPath,
		Factors: factorsPath,
	}
	if v.administers() {
		page.Console = consolePath
	}
	if v.personal() {
		page.Organizations, page.Remove = organizationsPath, removePath
	}
	if v.hasQuota() {
		page.Quotas = quotasPath
	}
	if k.Proven(identity.ByPassword) {
		page.Password = "/password/change"
	}
	_, told, err := s.Statements.InForce(v.context(), k.OrganizationID)
	if err != nil {
		return reply{}, err
	}
	if told {
		page.Privacy = privacyPath
	}
	return show(page), nil
}

// howOf names the way in which a session was proven.
func howOf(k identity.Session) pages.Key {
	switch {
	case k.Proven(identity.ByCentre):
		return pages.ByCentre
	case k.Proven(identity.ByAppID):
		return pages.ByApp
	}
	return pages.ByPassword
}

// first leads whoever is not signed in, or has to choose a password, to that,
// and back to this path afterwards.
func (s *Surface) first(v *visit) (answer reply, needed bool, err error) {
	if v.signed != nil && !v.mustChange {
		return reply{}, false, nil
	}
	if v.signed == nil {
		if err := s.remember(v, flow{ReturnTo: (&url.URL{Path: v.r.URL.Path}).String()}); err != nil {
			return reply{}, true, err
		}
	}
	return s.dispatch(v), true, nil
}
