package cas

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// maxAddress is the longest address that waits in the browser, in bytes. A longer
// request is kept here, and its own address is short.
const maxAddress = 1536

// ask is one wish to enter a service, on its way.
type ask struct {
	parameters
	raw string // as it came
	// word is under what it was kept, "" for one that was not; askedAt is when it
	// came first then.
	word    string
	askedAt time.Time

	application identity.Application
	story       *trace.Story // nil until the Gate is asked
}

func (a *ask) service() string { return a.parameters[fieldService] }

// renews reports whether a fresh proof is demanded. Where a gateway is asked for,
// too, it gives way (2.1.1).
func (a *ask) renews() bool { return a.set(fieldRenew) }

// gateway reports whether no page may be shown.
func (a *ask) gateway() bool { return a.set(fieldGateway) && !a.renews() }

// login answers a person's wish to enter a service (CAS Protocol 3.0.3, 2.1). Until
// the service is proven to be an application's, an error is a page.
func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	a, err := s.readAsk(r)
	if err == nil && a.service() == "" {
		// 2.1.1: whoever names no service signs in, or is shown that they are.
		protocol.Lead(w, "/", http.StatusFound)
		return nil
	}
	if err == nil {
		err = s.proveService(r.Context(), a)
	}
	if err != nil {
		return protocol.WithCode(err, s.keepStory(r, a.scene(), err))
	}
	s.note(r, a.application)
	ticket, err := s.admit(w, r, a)
	switch {
	case errors.Is(err, protocol.ErrAnswered):
		if a.story.Refuses() {
			s.keepStory(r, a.scene(), errEntry)
		}
		return nil // else the story goes on when the browser comes back
	case fault.KindOf(err) == fault.TooMany:
		return err
	}
	story := s.keepStory(r, a.scene(), err)
	switch {
	case err == nil:
		return s.send(w, r, a, ticket)
	case a.gateway() && unasked(err):
		protocol.Lead(w, a.service(), http.StatusFound) // 2.1.1: without a ticket
		return nil
	}
	return protocol.WithCode(err, story)
}

// unasked reports whether a page would have been needed.
func unasked(err error) bool {
	switch fault.Of(err).Code {
	case fault.CodeLoginRequired, fault.CodeInteractionRequired, fault.CodeConsentRequired, fault.CodeEntryRefused:
		return true
	}
	return false
}

// errEntry is what a page of ours has told the person.
var errEntry = fault.New(fault.Forbidden, fault.CodeEntryRefused)

// scene is the request for its story.
func (a *ask) scene() scene {
	return scene{trace.Authorizing, a.application, a.parameters, a.story}
}

// readAsk reads the request once: from the address, or from where it was kept.
// What could be read is returned with the error.
func (s *Server) readAsk(r *http.Request) (*ask, error) {
	a := &ask{raw: r.URL.RawQuery}
	var err error
	if a.parameters, err = parse(a.raw); err != nil {
		return a, err
	}
	word := a.parameters[protocol.KeptField]
	if word == "" {
		return a, nil
	}
	k, err := s.host.Recall(r.Context(), r.URL.Path, word)
	switch {
	case fault.Is(err, fault.CodeSpent):
		// A ticket was given for it: whoever comes back asks anew.
		a.raw = k.Query
	case err != nil:
		return a, err
	default:
		a.raw, a.word, a.askedAt = k.Query, word, k.At
	}
	a.parameters, err = parse(a.raw)
	return a, err
}

// proveService finds the application whose service it is, and reads how the
// answer is to be sent.
func (s *Server) proveService(ctx context.Context, a *ask) error {
	var err error
	if a.application, err = s.host.Applications.Serving(ctx, a.service()); err != nil {
		return err
	}
	switch a.parameters[fieldMethod] {
	case "", http.MethodGet, http.MethodPost:
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeServiceMethod).At(fieldMethod)
}

// admit lets the Gate decide, and returns the service ticket of whoever may
// enter.
//
// A ticket says whether the person was proven for it, so that a request has to be
// known again when the person comes back from the sign-in: it is kept. Where
// somebody is signed in already nothing is.
func (s *Server) admit(w http.ResponseWriter, r *http.Request, a *ask) (string, error) {
	if a.word == "" && (a.renews() || a.isLong()) {
		return "", s.wait(w, r, a)
	}
	session, err := s.pass(w, r, a)
	if err != nil {
		return "", err
	}
	fresh := a.word != "" && !session.ProvenAt.Before(a.askedAt.Truncate(time.Millisecond))
	if fresh {
		// The proof counts for one ticket.
		_, err := s.host.Tickets.Redeem(r.Context(), identity.TicketAsked, a.word)
		switch {
		case fault.Is(err, fault.CodeSpent), fault.Is(err, fault.CodeTicket):
			if fresh = false; a.renews() {
				return "", s.wait(w, r, a)
			}
		case err != nil:
			return "", err
		}
	}
	return s.host.Entries.Enter(r.Context(), identity.ServiceEntry{
		Application: a.application, Service: a.service(), Session: session, Fresh: fresh,
	})
}

// isLong reports whether the address is too long to wait in. The Gate's own word
// for its conversation does not make it so on the way back.
func (a *ask) isLong() bool { return len(a.raw) > maxAddress && a.parameters[pages.FlowField] == "" }

// pass lets the Gate decide. A request that was not kept is first decided without
// a page: only where nobody is signed in does it have to be kept.
func (s *Server) pass(w http.ResponseWriter, r *http.Request, a *ask) (identity.Session, error) {
	d := a.demand()
	a.story = trace.Begin(trace.Authorizing, s.host.Origin(r))
	a.scene().passed(a.story, trace.SessionThere)
	if d.Silent || a.word != "" {
		return s.host.Gate.Pass(w, r, d, a.story)
	}
	silent := d
	silent.Silent = true
	session, err := s.host.Gate.Pass(w, r, silent, nil)
	switch {
	case err == nil, errors.Is(err, protocol.ErrAnswered):
		return session, err
	case fault.Is(err, fault.CodeLoginRequired):
		return identity.Session{}, s.wait(w, r, a)
	}
	return s.host.Gate.Pass(w, r, d, a.story)
}

// released are the scopes that name, for the page that asks for consent, what an
// application learns.
var released = []string{"profile", "phone"}

// demand is what the Gate is asked for.
func (a *ask) demand() identity.Demand {
	d := identity.Demand{
		Application: a.application, Silent: a.gateway(), Select: a.set(fieldWarn) && !a.gateway(), Scopes: released, EndsAt: a.service(),
	}
	if a.renews() {
		d.NotBefore = a.askedAt
	}
	return d
}

// wait keeps the request and leads the browser to it.
func (s *Server) wait(w http.ResponseWriter, r *http.Request, a *ask) error {
	word, err := s.host.Keep(w, r, a.raw)
	if err != nil {
		return err
	}
	protocol.Lead(w, pathLogin+"?"+url.Values{protocol.KeptField: {word}}.Encode(), http.StatusSeeOther)
	return protocol.ErrAnswered
}
