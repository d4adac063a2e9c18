package orgid

import (
	"errors"
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

// checkOf names the check that a fault stands for; what has no row is a request
// in a form that cannot be read.
var checkOf = map[fault.Code]trace.Check{
	fault.CodeOAuthClientProof: trace.ClientSecretGood, fault.CodeOAuthDisabled: trace.ClientActive,
	fault.CodeOAuthGrantType: trace.GrantAllowed, fault.CodeOAuthGrantOff: trace.GrantAllowed,
	fault.CodeOAuthRedirect: trace.CodeRedirect, fault.CodeGrantInvalid: trace.CodeKnown, fault.CodeEntryRefused: trace.EntryAllowed,
	fault.CodeOAuthTokenPlace: trace.AccessTokenSent, fault.CodeTokenUnknown: trace.AccessTokenKnown, fault.CodeTokenRevoked: trace.AccessTokenKnown,
	fault.CodeServiceTicket: trace.TicketKnown, fault.CodeServiceTicketAim: trace.TicketService, fault.CodeServiceTicketWhat: trace.TicketKind,
	fault.CodeTokenExpired: trace.AccessTokenFresh, fault.CodeOAuthTokenPersonal: trace.AccessTokenScope,
}

// wanted is what the caller of a refused request should have sent, for the few
// checks where a word helps.
var wanted = map[trace.Check]string{
	trace.AccessTokenSent: headerToken + ": Bearer …",
	trace.GrantAllowed:    "authorization_code refresh_token",
}

// keepStory keeps why a request was refused.
func (s *Surface) keepStory(r *http.Request, kind trace.Kind, err error) {
	if kind == "" {
		return
	}
	f := fault.Of(err)
	story := trace.Begin(kind, s.host.Origin(r))
	var whose about
	if errors.As(err, &whose) {
		story.AboutApplication(whose.application)
	}
	check, ok := checkOf[f.Code]
	if !ok {
		check = trace.RequestForm
	}
	if why := trace.ReasonOf(f); why != nil && kind == trace.Validating {
		check = why.Check
	}
	switch f.Kind {
	case fault.Internal, fault.Unavailable:
		story.End(trace.Failed)
	default:
		story.Check(check, false, trace.Detail{Expected: wanted[check], Received: f.Field})
		story.End(trace.Refused)
	}
	s.traces.Keep(story)
}

// refuse tells a caller what went wrong.
func (s *Surface) refuse(w http.ResponseWriter, r *http.Request, err error) {
	f := fault.Of(err)
	if f.Kind == fault.Internal {
		s.host.Log.ErrorContext(r.Context(), "orgid", "path", r.URL.Path, "error", err)
	}
	var whose about
	_ = errors.As(err, &whose) // a caller that is not known reads the published codes
	answer := replyOf(f)
	sendJSON(w, answer.status, refusalOf(answer, whose.application))
}
