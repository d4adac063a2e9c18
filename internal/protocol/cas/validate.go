package cas

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// validation is what distinguishes the addresses at which tickets are accepted.
type validation struct {
	proxied bool // takes proxy tickets, too (2.6)
	bare    bool // tells no attributes (CAS 2.0)
}

// validations are those that answer with XML or JSON.
var validations = map[string]validation{
	pathServiceValidate:  {bare: true},
	pathProxyValidate:    {bare: true, proxied: true},
	pathServiceValidate3: {},
	pathProxyValidate3:   {proxied: true},
}

// serve has a service ticket accepted and tells who it stands for (2.5 to 2.9).
// Nobody proves to be the application: whoever knows the ticket and the service
// has them from the browser that was sent there.
func (v validation) serve(s *Server, w http.ResponseWriter, r *http.Request) error {
	asked, err := parse(r.URL.RawQuery)
	if err != nil {
		return s.refused(r, scene{kind: trace.Validating, parameters: asked}, err)
	}
	format, badFormat := protocol.ServiceFormatOf(asked[fieldFormat], protocol.ServiceXML)
	e, err := s.accept(r, asked, v.proxied)
	if err == nil {
		err = badFormat // the ticket is spent by now, as by any attempt
	}
	if err == nil && asked[fieldPGTURL] != "" {
		e.Granting, err = s.entrust(r, e.ServiceEntry, asked[fieldPGTURL])
	}
	if err != nil {
		return s.refused(r, scene{kind: trace.Validating, application: e.Application, parameters: asked}, err)
	}
	s.keepStory(r, scene{kind: trace.Validating, application: e.Application, parameters: asked}, nil)
	protocol.ServiceAnswer{Of: protocol.Authentication, Entered: &e, Bare: v.bare}.Send(w, format)
	return nil
}

// accept has the ticket of a request accepted.
func (s *Server) accept(r *http.Request, asked parameters, proxied bool) (protocol.Entered, error) {
	e, err := s.host.Validate(r.Context(), protocol.Validation{
		Service: asked[fieldService], Ticket: asked[fieldTicket], Fresh: asked.set(fieldRenew), Proxied: proxied,
	})
	if e.Application.ID != "" {
		s.note(r, e.Application)
	}
	return e, err
}

// validatePlain is CAS 1.0: yes with the account, or no (2.4).
func (s *Server) validatePlain(w http.ResponseWriter, r *http.Request) error {
	asked, err := parse(r.URL.RawQuery)
	var e protocol.Entered
	if err == nil {
		e, err = s.accept(r, asked, false)
	}
	if err != nil {
		return s.refused(r, scene{kind: trace.Validating, application: e.Application, parameters: asked}, err)
	}
	s.keepStory(r, scene{kind: trace.Validating, application: e.Application, parameters: asked}, nil)
	plain(w, "yes\n"+e.Subject.LoginName+"\n")
	return nil
}

// plain answers CAS 1.0.
func plain(w http.ResponseWriter, text string) {
	h := w.Header()
	h.Set("Content-Type", "text/plain; charset=UTF-8")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write([]byte(text)) // whoever went away needs no answer
}

// refused keeps the story of a refusal.
func (s *Server) refused(r *http.Request, of scene, err error) error {
	s.keepStory(r, of, err)
	return err
}

// refusePlain is CAS 1.0's refusal (2.4.2).
func (s *Server) refusePlain(w http.ResponseWriter, r *http.Request, err error) {
	s.tell(r, fault.Of(err))
	plain(w, "no\n")
}

// refuse tells a program why a ticket was not accepted.
func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.refuseAs(w, r, protocol.Authentication, err)
}

// refuseAs tells a program why, in the format that it asked for where that could
// be read.
func (s *Server) refuseAs(w http.ResponseWriter, r *http.Request, of string, err error) {
	f := fault.Of(err)
	s.tell(r, f)
	format, _ := protocol.ServiceFormatOf(r.URL.Query().Get(fieldFormat), protocol.ServiceXML)
	protocol.Refused(of, f, s.sentence(f)).Send(w, format)
}
