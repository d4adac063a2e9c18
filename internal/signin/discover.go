package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

// askDomain shows the page on which a domain is typed. With domain and client
// in the address it leads to the centre at once.
func (s *Surface) askDomain(v *visit) (reply, error) {
	query := v.r.URL.Query()
	if query.Has("domain") && query.Has("client") {
		return s.straight(v)
	}
	answer, done, err := s.begin(v)
	if err != nil || done {
		return answer, err
	}
	return s.domainPage(v, pages.Domain{Domain: query.Get("domain"), Note: v.flow.Note}), nil
}

// domainPage fills in what every page for a domain has.
func (s *Surface) domainPage(v *visit, page pages.Domain) reply {
	page.Form = s.flowForm(v, "/sso")
	page.App, page.For = v.flow.Client != "", v.flow.Passage.shown()
	if !page.App {
		page.SignedIn = v.name()
		page.Password = v.address("/login", nil)
	}
	return show(page).at(v.address("/sso", nil))
}

// straight leads to the centre of the domain in the address. Where somebody is
// signed in the page asks first: a link from elsewhere must not put a browser
// into another account unseen.
func (s *Surface) straight(v *visit) (reply, error) {
	query := v.r.URL.Query()
	if _, err := s.resume(v, query.Get(pages.FlowField)); err != nil {
		return reply{}, err
	}
	asked, domain := toldBy(query), query.Get("domain")
	if asked.ReturnTo == "" {
		asked.ReturnTo, asked.Passage = v.flow.ReturnTo, v.flow.Passage
	}
	if v.signed != nil && asked.Client == "" {
		err := s.remember(v, asked)
		return s.domainPage(v, pages.Domain{Domain: domain}), err
	}
	if err := s.count(v); err != nil {
		return reply{}, err
	}
	address, err := s.start(v, asked, domain)
	if err == nil {
		return reply{to: address, code: http.StatusFound}, nil
	}
	if lost := s.remember(v, asked); lost != nil {
		return reply{}, lost
	}
	return s.unknownDomain(v, domain, err)
}

// leave begins enterprise SSO for the domain that was typed.
func (s *Surface) leave(v *visit) (reply, error) {
	ok, err := s.checkFlowForm(v)
	if err != nil {
		return reply{}, err
	}
	domain := v.posted("domain")
	if !ok {
		return s.domainPage(v, pages.Domain{Domain: domain, Note: pages.NoteAfresh}).with(http.StatusForbidden), nil
	}
	address, err := s.start(v, v.flow, domain)
	if err != nil {
		return s.unknownDomain(v, domain, err)
	}
	// Not a redirect: Chromium would measure the centre's address by the
	// form-action of the page whose form was posted.
	return show(pages.Leaving{Address: address}), nil
}

// unknownDomain shows the page again when nobody signs in by a domain. Whether
// it is unknown, malformed or switched off looks alike.
func (s *Surface) unknownDomain(v *visit, domain string, err error) (reply, error) {
	if !fault.Is(err, fault.CodeSSOUnknown) {
		return reply{}, err
	}
	page := pages.Domain{Domain: domain, Fault: fault.Of(err), Code: v.code}
	return s.domainPage(v, page).with(http.StatusNotFound), nil
}

// start begins a sign-in at the centre of a domain and returns where the
// browser goes. What goes wrong here is told by a story of its own; the story
// of a sign-in that goes on is told when the browser comes back.
func (s *Surface) start(v *visit, f flow, domain string) (address string, err error) {
	story := s.Traces.Begin(trace.SourceLogin, v.origin)
	defer func() {
		if err != nil {
			s.keep(v, story, err)
		}
	}()
	found, err := s.Sources.ByDomain(v.context(), domain)
	if !story.Check(trace.SourceKnown, err == nil, trace.Detail{Received: domain}) {
		return "", err
	}
	story.About(found.Organization.ID, "")
	purpose := source.ForWeb
	if f.Client != "" {
		purpose = f.Client
		if !pages.Opens(schemeOf(found.SSO.Schemes, purpose)) {
			return "", errScheme(purpose)
		}
	}
	return s.begun(v, found, source.AttemptOptions{Purpose: purpose, ReturnTo: s.comeBackTo(v, f), Domain: domain})
}
