package signin

import (
	"net/http"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// privacyPath is where the privacy statement is read and accepted.
const privacyPath = "/privacy"

// free are the routes that somebody reaches who has not accepted the statement:
// the statement itself, the way out, a password that has to be changed, and the
// ways back from where somebody proves themselves once more.
func free(pattern string) bool {
	switch pattern {
	case privacyPath, signOutPath, "/password/change", callbackPath + "{source_id}", sourcePath + "{source_id}/callback":
		return true
	}
	return false
}

// toStatement leads whoever has to accept the statement to it, and later to
// where they wanted.
func (s *Surface) toStatement(v *visit) (reply, error) {
	if _, err := s.resume(v, v.query(pages.FlowField)); err != nil {
		return reply{}, err
	}
	if v.flowID == "" && v.r.Method == http.MethodGet {
		back, _ := ownPath(v.r.URL.RequestURI())
		if err := s.remember(v, flow{ReturnTo: back}); err != nil {
			return reply{}, err
		}
	}
	return goTo(withFlow(privacyPath, v.flowID)), nil
}

// statementDue tells that the statement has to be accepted before anything else
// but another password.
func (v *visit) statementDue() bool { return v.signed != nil && !v.mustChange && v.signed.StatementDue }

// gateStatement asks for the statement on the way to an application.
func (s *Surface) gateStatement(g *gate) error {
	if !g.statementDue() {
		return nil
	}
	return s.detour(g, errInteraction, privacyPath, nil)
}

// askPrivacy shows the statement that is in force.
func (s *Surface) askPrivacy(v *visit) (reply, error) {
	if _, err := s.resume(v, v.query(pages.FlowField)); err != nil {
		return reply{}, err
	}
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	return s.privacyPage(v)
}

func (s *Surface) privacyPage(v *visit) (reply, error) {
	in, ok, err := s.Statements.InForce(v.context(), v.signed.Session.OrganizationID)
	if err != nil || !ok {
		return s.dispatch(v), err
	}
	text, language := in.Texts.In(s.language(v))
	page := pages.Privacy{
		Form: v.sessionForm(privacyPath), Title: text.Title, Body: text.Body, Language: language, Version: strconv.FormatInt(in.Number, 10),
		Statement: string(in.OrganizationID), Published: in.PublishedAt, Due: v.signed.StatementDue, Back: "/",
	}
	if in.OrganizationID != "" {
		page.Organization = v.signed.Organization.Name
	}
	if !page.Due && !v.signed.Provider {
		if page.Accepted, err = s.acceptedAt(v, in); err != nil {
			return reply{}, err
		}
	}
	return show(page).at(withFlow(privacyPath, v.flowID)), nil
}

// answerPrivacy accepts the statement and goes on, or signs out.
func (s *Surface) answerPrivacy(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	if _, err := s.resume(v, v.posted(pages.FlowField)); err != nil {
		return reply{}, err
	}
	if v.posted("answer") != "accept" {
		return s.signOff(v, "")
	}
	number, _ := strconv.ParseInt(v.posted("version"), 10, 64) // what is no number is no version
	read := identity.PrivacyVersion{OrganizationID: identity.OrganizationID(v.posted("statement")), Number: number}
	switch err := s.Statements.Accept(v.context(), v.signed.Holder(v.origin), read); {
	case fault.Is(err, fault.CodeStale):
		return s.privacyPage(v) // another one is in force since: it is read first
	case err != nil:
		return reply{}, err
	}
	v.signed.StatementDue = false
	return s.dispatch(v), nil
}

// acceptedAt is when the person accepted a version, zero for never.
func (s *Surface) acceptedAt(v *visit, in identity.PrivacyVersion) (at time.Time, err error) {
	own, err := s.Statements.Own(v.context(), v.signed.Holder(v.origin))
	for _, a := range own {
		if a.Statement == in.OrganizationID && a.Number == in.Number {
			at = a.At
		}
	}
	return at, err
}
