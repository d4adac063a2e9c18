package protocol

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// The codes of refused validations (CAS Protocol 3.0.3, 2.5.3 and 2.7.3).
const (
	casRequest     = "INVALID_REQUEST"
	casSpec        = "INVALID_TICKET_SPEC"
	casProxy       = "UNAUTHORIZED_SERVICE_PROXY"
	casCallback    = "INVALID_PROXY_CALLBACK"
	casTicket      = "INVALID_TICKET"
	casService     = "INVALID_SERVICE"
	casForbidden   = "UNAUTHORIZED_SERVICE"
	casUnexpected  = "INTERNAL_ERROR"
	casNamespace   = "http://www.yale.edu/tp/cas"
	casContentXML  = "application/xml; charset=UTF-8"
	casContentJSON = "application/json; charset=UTF-8"
)

// casCodes are those that do not follow from the kind.
var casCodes = map[fault.Code]string{
	fault.CodeServiceTicket:     casTicket,
	fault.CodeServiceTicketOld:  casTicket, // 2.5.3: renew was set, and the ticket comes from no fresh sign-in
	fault.CodeServiceTicketWhat: casSpec,
	fault.CodeServiceTicketAim:  casService,
	fault.CodeProxyForbidden:    casProxy,
	fault.CodeProxyCallback:     casCallback,
	fault.CodeProxyTicket:       casTicket,
	fault.CodeProxyTarget:       casForbidden,
	fault.CodeServiceUnknown:    casForbidden,
}

// casCodesByKind has one for every kind, compared in a test.
var casCodesByKind = map[fault.Kind]string{
	fault.Internal:        casUnexpected,
	fault.Invalid:         casRequest,
	fault.Unauthenticated: casTicket,
	fault.Forbidden:       casForbidden,
	fault.NotFound:        casTicket,
	fault.Conflict:        casTicket,
	fault.Stale:           casTicket,
	fault.Expired:         casTicket,
	fault.TooMany:         casUnexpected,
	fault.Unavailable:     casUnexpected,
}

// ServiceCode is the code under which a refusal is told to a program that speaks
// CAS.
func ServiceCode(f *fault.Error) string {
	if code, ok := casCodes[f.Code]; ok {
		return code
	}
	return casCodesByKind[f.Kind]
}

// ServiceFormat is how a program reads the answer.
type ServiceFormat string

// The formats (CAS Protocol 3.0.3, 2.5.1), as the parameter says them.
const (
	ServiceXML  ServiceFormat = "XML"
	ServiceJSON ServiceFormat = "JSON"
)

// ServiceFormatOf reads the parameter format; "" leaves the given one. Any other
// word is Invalid (cas_format).
func ServiceFormatOf(word string, otherwise ServiceFormat) (ServiceFormat, error) {
	switch f := ServiceFormat(strings.ToUpper(word)); f {
	case "":
		return otherwise, nil
	case ServiceXML, ServiceJSON:
		return f, nil
	}
	return otherwise, fault.New(fault.Invalid, fault.CodeServiceFormat).At("format")
}

// What an answer is about.
const (
	Authentication = "authentication"
	Proxying       = "proxy"
)

// ServiceAnswer is an answer to a validation, or to a wish for a proxy ticket.
type ServiceAnswer struct {
	// Entered is who it is; nil for the others.
	Entered *Entered
	// Bare leaves the attributes out, as CAS 2.0 does (CAS Protocol 3.0.3, 2.5).
	Bare bool
	// Proxy is a proxy ticket, "" for none.
	Proxy string
	// Code and Description say why it was refused.
	Code        string
	Description string
	// Of is Proxying where a proxy ticket was wished for, else Authentication.
	Of string
}

// Send answers in a format. Refusals are answered with 200, too: the programs
// read the body alone.
func (a ServiceAnswer) Send(w http.ResponseWriter, format ServiceFormat) {
	body, kind := a.XML(), casContentXML
	if format == ServiceJSON {
		body, kind = a.JSON(), casContentJSON
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(http.StatusOK)
	_, _ = w.Write(body) // whoever went away needs no answer
}

// element writes elements. A text that XML cannot hold is replaced (XML 1.0, 2.2).
type element struct{ strings.Builder }

func (e *element) text(indent, name, text string) {
	e.WriteString(indent + "<cas:" + name + ">")
	e.escape(text)
	e.WriteString("</cas:" + name + ">\n")
}

func (e *element) escape(text string) {
	_ = xml.EscapeText(e, []byte(text)) // a Builder never fails
}

// XML is the answer as XML (CAS Protocol 3.0.3, Appendix A).
func (a ServiceAnswer) XML() []byte {
	var e element
	e.WriteString(`<cas:serviceResponse xmlns:cas="` + casNamespace + `">` + "\n")
	switch {
	case a.Code != "":
		e.WriteString("  <cas:" + a.Of + `Failure code="` + a.Code + `">`)
		e.escape(a.Description)
		e.WriteString("</cas:" + a.Of + "Failure>\n")
	case a.Proxy != "":
		e.WriteString("  <cas:proxySuccess>\n")
		e.text("    ", "proxyTicket", a.Proxy)
		e.WriteString("  </cas:proxySuccess>\n")
	default:
		e.WriteString("  <cas:authenticationSuccess>\n")
		e.entered(a)
		e.WriteString("  </cas:authenticationSuccess>\n")
	}
	e.WriteString("</cas:serviceResponse>\n")
	return []byte(e.String())
}

// entered writes who it is.
func (e *element) entered(a ServiceAnswer) {
	const indent = "    "
	e.text(indent, "user", a.Entered.Subject.LoginName)
	if !a.Bare {
		e.WriteString(indent + "<cas:attributes>\n")
		for _, one := range a.Entered.Attributes() {
			for _, text := range texts(one.Value) {
				e.text(indent+"  ", one.Name, text)
			}
		}
		e.WriteString(indent + "</cas:attributes>\n")
	}
	if a.Entered.Granting != "" {
		e.text(indent, "proxyGrantingTicket", a.Entered.Granting)
	}
	if len(a.Entered.Chain) > 0 {
		e.WriteString(indent + "<cas:proxies>\n")
		for _, proxy := range a.Entered.Chain {
			e.text(indent+"  ", "proxy", proxy)
		}
		e.WriteString(indent + "</cas:proxies>\n")
	}
}

// texts are the values of an attribute: one element for each.
func texts(value any) []string {
	if list, ok := value.([]string); ok {
		return list
	}
	return []string{fmt.Sprint(value)}
}

// successJSON and failureJSON are the branches of an answer as JSON. What is
// absent is null, as OrgID documents it.
type (
	successJSON struct {
		User       string         `json:"user"`
		Granting   *string        `json:"proxyGrantingTicket"`
		Proxies    []string       `json:"proxies"`
		Attributes map[string]any `json:"attributes"`
	}
	failureJSON struct {
		Code        string `json:"code"`
		Description string `json:"description"`
	}
	proxyJSON struct {
		Ticket string `json:"proxyTicket"`
	}
)

// JSON is the answer as JSON (CAS Protocol 3.0.3, 2.5.2; OrgID, serviceValidate).
func (a ServiceAnswer) JSON() []byte {
	var success, failure any
	switch {
	case a.Code != "":
		failure = failureJSON{a.Code, a.Description}
	case a.Proxy != "":
		success = proxyJSON{a.Proxy}
	default:
		one := successJSON{User: a.Entered.Subject.LoginName, Proxies: a.Entered.Chain, Attributes: map[string]any{}}
		if a.Entered.Granting != "" {
			one.Granting = &a.Entered.Granting
		}
		if !a.Bare {
			for _, attribute := range a.Entered.Attributes() {
				one.Attributes[attribute.Name] = attribute.Value
			}
		}
		success = one
	}
	body, err := json.Marshal(map[string]any{"serviceResponse": map[string]any{a.Of + "Success": success, a.Of + "Failure": failure}})
	if err != nil { // only texts, lists of texts and truths are in it
		return []byte("{}")
	}
	return body
}

// Refused is the answer to a refused validation. The description is the
// caller's: a sentence for developers.
func Refused(of string, f *fault.Error, description string) ServiceAnswer {
	return ServiceAnswer{Of: of, Code: ServiceCode(f), Description: description}
}
