package signin

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

// sourcePath is where sign-ins at authentication sources begin, come back to and
// are told to be over; the source follows.
const sourcePath = "/login/source/"

// errNotOffered is said of a source by which nobody signs in here, whatever the
// reason.
var errNotOffered = fault.New(fault.NotFound, fault.CodeSourceNotOffered)

// errPasswordMissing is said of an account without a password that no source is
// known for, be there such an account or not.
var errPasswordMissing = fault.New(fault.Invalid, fault.CodeFieldMissing).At("password").With("field", "password")

// leaveForSource begins a sign-in at a source, as the button of the page does.
// Whoever is signed in already, and has nothing to prove anew, goes on as they
// are: a link from elsewhere changes nobody's account.
func (s *Surface) leaveForSource(v *visit) (reply, error) {
	if _, err := s.resume(v, v.query(pages.FlowField)); err != nil {
		return reply{}, err
	}
	if v.proven() {
		return s.dispatch(v), nil
	}
	if v.r.Method == http.MethodHead {
		return reply{}, errNotOffered // looking begins nothing
	}
	if err := s.count(v); err != nil {
		return reply{}, err
	}
	address, err := s.startAt(v, identity.SourceID(v.r.PathValue("source_id")))
	return reply{to: address, code: http.StatusFound}, err
}

// startAt begins a sign-in at a source and returns where the browser goes. What
// goes wrong here is told by a story of its own.
func (s *Surface) startAt(v *visit, id identity.SourceID) (address string, err error) {
	story := s.Traces.Begin(trace.SourceLogin, v.origin)
	defer func() {
		if err != nil {
			s.keep(v, story, err)
		}
	}()
	found, err := s.beginnable(v, id)
	if !story.Check(trace.SourceOffered, err == nil, trace.Detail{Received: string(id)}) {
		return "", err
	}
	story.About(found.Organization.ID, "")
	return s.begun(v, found, source.AttemptOptions{Purpose: source.ForWeb, ReturnTo: s.comeBackTo(v, v.flow)})
}

// beginnable returns a source by which the person may sign in for what they are
// on the way to.
func (s *Surface) beginnable(v *visit, id identity.SourceID) (source.Found, error) {
	found, err := s.Sources.ByID(v.context(), id)
	if fault.Is(err, fault.CodeSSOUnknown) {
		return found, errNotOffered
	}
	if err != nil {
		return found, err
	}
	var app identity.ApplicationID
	if p := v.flow.Passage; p != nil {
		if p.Owner != found.Organization.ID {
			return found, errNotOffered // it would count for nothing there
		}
		app = p.Application
	}
	may, err := s.Sources.MayBegin(v.context(), found, app)
	if err == nil && !may {
		err = errNotOffered
	}
	return found, err
}

// comeBackTo is where a conversation goes on after a source.
func (s *Surface) comeBackTo(v *visit, f flow) string {
	if f.Passage != nil {
		return withFlow("/login", v.flowID) // which leads on, or asks again
	}
	return f.ReturnTo
}

// begun binds an attempt to the browser and returns where it goes.
func (s *Surface) begun(v *visit, found source.Found, o source.AttemptOptions) (string, error) {
	s.bind(v)
	o.Flow = digest(v.browser)
	_, attempt, err := s.Sources.NewAttempt(v.context(), found, o)
	if err != nil {
		return "", err
	}
	step, err := s.Sources.Begin(v.context(), found, attempt)
	return step.URL, err
}

// leadHome begins a sign-in at the source to which people of the typed account's
// domain are led. Where there is none the page asks for the password; it does so
// alike, and for the same work, for every name.
func (s *Surface) leadHome(v *visit, account string) (reply, error) {
	home, err := s.homeOf(v, account)
	if err != nil {
		return reply{}, err
	}
	if home.ID == "" {
		return s.passwordPage(v, pages.Login{Account: account, Fault: errPasswordMissing}).with(http.StatusUnprocessableEntity), nil
	}
	address, err := s.startAt(v, home.ID)
	if err != nil {
		return reply{}, err
	}
	// Not a redirect: Chromium would measure the source's address by the
	// form-action of the page whose form was posted.
	return show(pages.Leaving{Address: address}), nil
}

// homeOf is the source to which people of a typed account's domain are led, zero
// where there is none that would count on this way.
func (s *Surface) homeOf(v *visit, account string) (source.Offered, error) {
	home, err := s.Sources.Home(v.context(), identity.DomainOf(account))
	if fault.Is(err, fault.CodeSSOUnknown) {
		return source.Offered{}, nil
	}
	if p := v.flow.Passage; p != nil && p.Owner != home.OrganizationID {
		return source.Offered{}, err
	}
	return home, err
}

// ways are the buttons of the sources by which the person may sign in on this
// way, and of the one that was found for a typed account. That they cannot be
// read keeps nobody from the password.
func (s *Surface) ways(v *visit, found source.Offered) []pages.Way {
	var offers []source.Offered
	if p := v.flow.Passage; p != nil {
		var err error
		if offers, err = s.Sources.Offers(v.context(), p.Owner, p.Application); err != nil {
			s.Log.ErrorContext(v.context(), "read the sources of an application", "error", err)
		}
	}
	if found.ID != "" && !slices.ContainsFunc(offers, func(o source.Offered) bool { return o.ID == found.ID }) {
		offers = append([]source.Offered{found}, offers...)
	}
	ways := make([]pages.Way, len(offers))
	for i, o := range offers {
		ways[i] = pages.Way{Name: o.Name, Icon: sourceIcon(o.ID, o.IconDigest), Address: v.address(sourceAddress(o.ID), nil)}
	}
	return ways
}

// sourceAddress is where a sign-in at a source begins.
func sourceAddress(id identity.SourceID) string { return sourcePath + url.PathEscape(string(id)) }

// sourceIcon is the address of a source's picture, "" without one. Each content
// has its own.
func sourceIcon(id identity.SourceID, name string) string {
	if name == "" {
		return ""
	}
	return sourceAddress(id) + "/icon?v=" + url.QueryEscape(name[:min(len(name), 16)])
}

// serveSourceIcon answers with the picture of a source. It is public: the page
// that asks to sign in shows it.
func (s *Surface) serveSourceIcon(w http.ResponseWriter, r *http.Request) {
	content, name, err := s.Sources.Icon(r.Context(), identity.SourceID(r.PathValue("source_id")))
	writeIcon(w, r, Icon{Digest: name, Content: content}, err)
}
