package orgid

import (
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// validate tells who a service ticket stands for (ServiceValidate). It demands no
// credential, as documented. What cannot be a question is an error of this API; a
// ticket that is not accepted is told in the words of CAS, with 200.
func (s *Surface) validate(w http.ResponseWriter, r *http.Request) error {
	sent, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return errMalformed.Because(err)
	}
	asked, err := fieldsOnce(sent)
	if err != nil {
		return err
	}
	format, badFormat := protocol.ServiceFormatOf(asked["format"], protocol.ServiceJSON)
	e, err := s.host.Validate(r.Context(), protocol.Validation{Service: asked["service"], Ticket: asked["ticket"]})
	s.host.Note(r, string(e.Application.ID), string(e.Application.OrganizationID))
	switch {
	case fault.Is(err, fault.CodeFieldLength):
		return err
	case err == nil && badFormat != nil:
		return of(e.Application, badFormat)
	case err != nil:
		err = of(e.Application, err)
		f := fault.Of(err)
		if f.Kind == fault.Internal {
			s.host.Log.ErrorContext(r.Context(), "orgid", "path", r.URL.Path, "error", err)
		}
		s.keepStory(r, trace.Validating, err)
		protocol.Refused(protocol.Authentication, f, s.catalogue.Fault(i18n.EnUS, f)).Send(w, format)
		return nil
	}
	protocol.ServiceAnswer{Of: protocol.Authentication, Entered: &e}.Send(w, format)
	return nil
}
