package signin

import (
	"errors"
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

// callbackPath is where centres send browsers back to; the source follows.
const callbackPath = "/sso/callback/"

// errAttempt is what is said of an answer that belongs to no sign-in of this
// browser, whatever the reason.
var errAttempt = fault.New(fault.Expired, fault.CodeAttemptEnded)

// back takes the browser in that comes back from a centre. What is in the
// address, the centre's code or its words, stays out of the page.
func (s *Surface) back(v *visit) (reply, error) {
	answer, err := s.finish(v)
	if err != nil {
		answer = s.refusal(v, err).at(pages.Once)
	}
	return answer, nil
}

func (s *Surface) finish(v *visit) (reply, error) {
	if v.r.Method == http.MethodHead {
		return reply{}, errAttempt // nobody signs in by HEAD, and the state stays as it is
	}
	story := s.Traces.Begin(trace.SourceLogin, v.origin)
	attempt, err := s.attempt(v, story)
	if err == nil && attempt.Purpose == source.ForTry {
		return s.backFromTry(v, attempt)
	}
	var answer reply
	if err == nil {
		if answer, err = s.proved(v, attempt, story); err != nil {
			s.recollect(v, attempt)
		}
	}
	s.keep(v, story, err)
	if u := (unproven{}); errors.As(err, &u) {
		return s.keepClaim(v, u.claim)
	}
	return answer, err
}

// recollect finds the conversation in which a sign-in that failed was begun, so
// that the page can lead back to the application's request. One that is over,
// or cannot be read, leads nowhere.
func (s *Surface) recollect(v *visit, a source.Attempt) {
	u, err := url.Parse(a.ReturnTo)
	if err != nil {
		return
	}
	if _, err := s.resume(v, u.Query().Get(pages.FlowField)); err != nil {
		s.Log.ErrorContext(v.context(), "read the conversation of a sign-in that failed", "error", err)
	}
}

// attempt redeems the state of the answer: once, at the source for which it was
// made, by the browser in which the sign-in began.
func (s *Surface) attempt(v *visit, story *trace.Story) (source.Attempt, error) {
	a, err := s.Sources.TakeAttempt(v.context(), v.query("state"))
	if err != nil && !fault.Is(err, fault.CodeAttemptEnded) {
		return a, err
	}
	detail := trace.Detail{Expected: "a sign-in that this browser began", Received: "none, or one that is over"}
	if err == nil {
		story.About(a.OrganizationID, "")
		switch {
		case string(a.SourceID) != v.r.PathValue("source_id"):
			detail.Received, err = "the answer to a sign-in at another source", errAttempt
		case !v.began(a):
			detail.Received, err = "a sign-in that another browser began", errAttempt
		default:
			detail.Received = detail.Expected
		}
	}
	story.Check(trace.SourceState, err == nil, detail)
	return a, err
}

// began reports whether the sign-in began in this browser. One that a client
// asked for by itself, and a try that a program began, are bound to no browser,
// and end in no session of one.
func (v *visit) began(a source.Attempt) bool {
	if a.Flow == "" {
		return a.Purpose != source.ForWeb
	}
	return v.isOf(a.Flow)
}

// proved asks the centre who it is and lets them in.
func (s *Surface) proved(v *visit, a source.Attempt, story *trace.Story) (reply, error) {
	found, err := s.Sources.ByID(v.context(), a.SourceID)
	if !story.Check(trace.SourceKnown, err == nil, trace.Detail{Received: a.Domain}) {
		return reply{}, err
	}
	profile, err := s.Sources.Finish(v.context(), found, a, source.Answer{Query: v.r.URL.Query()}, story)
	if err != nil {
		return reply{}, err
	}
	proof := directory.SourceProof{
		Source: found.Source, AutoCreate: found.SSO.AutoCreate, Profile: profile, Entry: v.browserEntry(), Origin: v.origin, Story: story,
	}
	if a.Purpose != source.ForWeb {
		return s.openApp(v, a, found, proof)
	}
	in, err := s.Directory.SignInBySource(v.context(), proof)
	if err != nil {
		return reply{}, claimed(err, a, proof)
	}
	s.enter(v, in)
	v.flow, v.flowID = flow{ReturnTo: a.ReturnTo}, ""
	return s.dispatch(v), nil
}

// openApp leads the person back into the app, with a one-time code for it.
func (s *Surface) openApp(v *visit, a source.Attempt, found source.Found, proof directory.SourceProof) (reply, error) {
	purpose := a.Purpose
	if purpose == source.ForClient {
		purpose = appOn(v.r.UserAgent())
	}
	scheme := schemeOf(found.SSO.Schemes, purpose)
	if !pages.Opens(scheme) {
		return reply{}, errScheme(purpose)
	}
	proof.Entry = directory.EnterCode{Domain: found.Source.Domain, Client: directory.Client(purpose)}
	in, err := s.Directory.SignInBySource(v.context(), proof)
	if err != nil {
		return reply{}, err
	}
	return show(pages.OpenApp{
		Name: in.Person.Member.Name, Address: withCode(scheme, in.ClientCode, found.Source.Domain),
	}).at(pages.Once), nil
}

// appOn guesses which app runs beside a browser, for a client that asked for
// the centre's address and did not say which it is.
func appOn(agent string) source.Purpose {
	switch _, platform := readAgent(agent); platform {
	case "iPhone", "iPad":
		return source.ForIOS
	case "Android", "HarmonyOS":
		return source.ForAndroid
	}
	return source.ForPC
}

// errScheme is said when no address opens an app again.
func errScheme(purpose source.Purpose) error {
	return fault.New(fault.Conflict, fault.CodeSSOScheme).With("client", string(purpose))
}

// schemeOf is the address with which an app is opened, "" if none is set up.
func schemeOf(schemes source.Schemes, purpose source.Purpose) string {
	switch purpose {
	case source.ForPC:
		return schemes.PC
	case source.ForAndroid:
		return schemes.Android
	case source.ForIOS:
		return schemes.IOS
	}
	return ""
}

// withCode adds the one-time code and its domain to an app's address, whose own
// query and fragment stay as they are.
func withCode(scheme, code, domain string) string {
	u, err := url.Parse(scheme)
	if err != nil {
		return ""
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += url.Values{"code": {code}, "domain": {domain}}.Encode()
	u.ForceQuery = false
	return u.String()
}
