package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// requestsPath and applicationsPath are the pages of what a person asked for,
// and of what they agreed to.
const (
	requestsPath     = "/account/requests"
	applicationsPath = "/account/applications"
)

// requests lists what the person asked for.
func (s *Surface) requests(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	return s.requestsPage(v, nil)
}

func (s *Surface) requestsPage(v *visit, f *fault.Error) (reply, error) {
	all, err := s.Approval.Mine(v.context(), v.actor())
	if err != nil {
		return reply{}, err
	}
	page := pages.Requests{Form: v.sessionForm(requestsPath), Back: "/", Fault: f}
	switch v.query("done") {
	case "withdrawn":
		page.Notice = "requests.withdrawn"
	case "asked":
		page.Notice = "requests.asked"
	}
	newest := map[identity.ApplicationID]bool{}
	for _, row := range all {
		one := wishOf(row)
		one.Again = one.Again && !newest[row.Request.ApplicationID]
		newest[row.Request.ApplicationID] = true
		page.Requests = append(page.Requests, one)
	}
	return show(page).at(requestsPath), nil
}

// wishOf is a request as its applicant sees it.
func wishOf(row approval.Listed) pages.Request {
	r := row.Request
	one := pages.Request{
		ID: string(r.ID), Kind: string(r.Kind), State: string(r.State), Application: row.Application, Organization: row.Organization,
		Answer: r.Answer, DecidedBy: r.DecidedBy, Since: r.CreatedAt, At: r.DecidedAt, Waits: row.Waits,
	}
	if r.Kind == identity.RequestEntry {
		one.Again = r.State == identity.RequestRejected || r.State == identity.RequestWithdrawn
		if r.State == identity.RequestApproved {
			one.Open = launchPath(row.ClientID)
		}
	}
	return one
}

// answerRequests withdraws a request, or asks again.
func (s *Surface) answerRequests(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	id, done := identity.RequestID(v.posted("request")), "withdrawn"
	var err error
	if v.posted("do") == "again" {
		done = "asked"
		_, err = s.Approval.Again(v.context(), v.actor(), id)
	} else {
		err = s.Approval.Withdraw(v.context(), v.actor(), id)
	}
	switch fault.KindOf(err) {
	case fault.Conflict, fault.Forbidden:
		if err != nil {
			answer, failed := s.requestsPage(v, fault.Of(err))
			return answer.with(http.StatusConflict), failed
		}
	}
	if err != nil {
		return reply{}, err
	}
	return goTo(requestsPath + "?done=" + done), nil
}

// consents lists the applications to which the person agreed to release data.
func (s *Surface) consents(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	all, err := s.Entry.Consents(v.context(), v.actor())
	if err != nil {
		return reply{}, err
	}
	page := pages.Applications{Form: v.sessionForm(applicationsPath), Back: "/", Withdrawn: v.r.URL.Query().Has("withdrawn")}
	for _, row := range all {
		one := pages.ConsentGiven{
			ID: string(row.Consent.ApplicationID), For: pages.Application{Name: row.Name}, Organization: row.Organization,
			Scopes: row.Consent.Scopes, Since: row.Consent.CreatedAt,
		}
		if row.IconDigest != "" {
			one.For.Icon = iconPath(row.ClientID, row.IconDigest)
		}
		page.Consents = append(page.Consents, one)
	}
	return show(page).at(applicationsPath), nil
}

// withdrawConsent takes a consent back.
func (s *Surface) withdrawConsent(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	err := s.Entry.Withdraw(v.context(), v.actor(), identity.ApplicationID(v.posted("application")))
	if err != nil && !fault.Is(err, fault.CodeConsentNotFound) {
		return reply{}, err
	}
	return goTo(applicationsPath + "?withdrawn=yes"), nil
}
