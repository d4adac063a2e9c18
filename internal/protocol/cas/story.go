package cas

import (
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// scene is what one request was about, for its story.
type scene struct {
	kind        trace.Kind
	application identity.Application // zero when it is not known
	parameters
	// story is what others have written already, nil for nothing.
	story *trace.Story
}

// checks is the order in which each kind of request is looked at. What comes
// before the check that failed has passed.
var checks = map[trace.Kind][]trace.Check{
	trace.Authorizing: {
		trace.RequestForm, trace.ServiceKnown, trace.SessionThere, trace.EntryMember, trace.MemberActive, trace.EntryAllowed,
		trace.ConsentGiven, trace.TicketIssued,
	},
	trace.Validating: {
		trace.RequestForm, trace.TicketKnown, trace.TicketUnspent, trace.TicketService, trace.TicketKind, trace.TicketRenewed,
		trace.SessionThere, trace.EntryAllowed, trace.ProxyAllowed, trace.ProxyCallback, trace.ProxyAnswer, trace.TicketAccepted,
	},
	trace.Proxying: {
		trace.RequestForm, trace.ServiceKnown, trace.ProxyTicketKnown, trace.ProxyAllowed, trace.EntryMember, trace.EntryAllowed,
		trace.ProxyTicketIssued,
	},
	trace.Leaving: {trace.RequestForm},
}

// checkOf names the check that a fault stands for; what has no row is a request
// in a form that cannot be read.
var checkOf = map[fault.Code]trace.Check{
	fault.CodeServiceUnknown: trace.ServiceKnown, fault.CodeServiceTicket: trace.TicketKnown, fault.CodeServiceTicketAim: trace.TicketService,
	fault.CodeServiceTicketWhat: trace.TicketKind, fault.CodeServiceTicketOld: trace.TicketRenewed, fault.CodeProxyForbidden: trace.ProxyAllowed,
	fault.CodeProxyCallback: trace.ProxyCallback, fault.CodeProxyTicket: trace.ProxyTicketKnown, fault.CodeProxyTarget: trace.EntryAllowed,
	fault.CodeLoginRequired: trace.SessionThere, fault.CodeInteractionRequired: trace.SessionThere, fault.CodeConsentRequired: trace.ConsentGiven,
	fault.CodeAccessDenied: trace.ConsentGiven, fault.CodeEntryRefused: trace.EntryAllowed,
}

func checkFor(f *fault.Error) trace.Check {
	if why := trace.ReasonOf(f); why != nil {
		return why.Check
	}
	if check, ok := checkOf[f.Code]; ok {
		return check
	}
	return trace.RequestForm
}

// passed writes the checks that come before one, in their order, but for those
// of which the story tells already.
func (s scene) passed(story *trace.Story, before trace.Check) {
	list := checks[s.kind]
	if !slices.Contains(list, before) && before != "" {
		return
	}
	for _, check := range list {
		if check == before {
			return
		}
		if !story.Tells(check) && s.asks(check) {
			story.Check(check, true, trace.Detail{})
		}
	}
}

// asks reports whether a check belongs to this very request.
func (s scene) asks(check trace.Check) bool {
	switch check {
	case trace.ProxyAllowed, trace.ProxyCallback, trace.ProxyAnswer:
		return s.kind != trace.Validating || s.parameters[fieldPGTURL] != ""
	case trace.TicketRenewed:
		return s.set(fieldRenew)
	}
	return true
}

// keepStory keeps what happened to a request, nil for all went well, and returns
// the code by which the story is found again.
func (s *Server) keepStory(r *http.Request, sc scene, err error) string {
	story := sc.story
	if story == nil {
		story = trace.Begin(sc.kind, s.host.Origin(r))
	}
	story.AboutApplication(sc.application)
	switch f := fault.Of(err); {
	case f == nil:
		sc.passed(story, "")
		story.End(trace.Succeeded)
	case f.Kind == fault.Internal, f.Kind == fault.Unavailable:
		sc.passed(story, checkFor(f))
		story.End(trace.Failed)
	default:
		if !story.Refuses() {
			failing := checkFor(f)
			sc.passed(story, failing)
			story.Check(failing, false, sc.detail(failing, f))
		}
		story.End(trace.Refused)
	}
	s.traces.Keep(story)
	return story.Code()
}

// detail is what a check wanted and what came. Tickets are described, never
// shown.
func (s scene) detail(check trace.Check, f *fault.Error) trace.Detail {
	if why := trace.ReasonOf(f); why != nil && why.Detail != (trace.Detail{}) {
		return why.Detail
	}
	switch check {
	case trace.ServiceKnown:
		return trace.Detail{Received: s.parameters[fieldService] + s.parameters[fieldTarget]}
	case trace.TicketService:
		return trace.Detail{Expected: strings.Join(s.application.HomeURLs, " "), Received: s.parameters[fieldService]}
	case trace.TicketKnown, trace.TicketUnspent, trace.TicketKind, trace.TicketRenewed:
		return trace.Detail{Received: trace.Shape(s.parameters[fieldTicket])}
	case trace.ProxyTicketKnown:
		return trace.Detail{Received: trace.Shape(s.parameters[fieldPGT])}
	case trace.ProxyCallback, trace.ProxyAnswer:
		return trace.Detail{Received: s.parameters[fieldPGTURL]}
	}
	return trace.Detail{Received: f.Field}
}
