package source

import (
	"context"
	"encoding/xml"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/trace"
)

// samlProtocol is the namespace of the request by which CAS servers tell of the
// end of a session (CAS Protocol 3.0, 2.3.3; SAML 2.0 Core, 3.7.1).
const samlProtocol = "urn:oasis:names:tc:SAML:2.0:protocol"

// told reads a logout request. It is not signed: what proves it is the ticket
// in it, which nobody knows but the server, the browser and this one. It ends
// the very session that the ticket began, so that it may come twice.
func (g gatekeeper) told(_ context.Context, form url.Values, s *trace.Story) (notice, error) {
	t := &turn{centre: centre{tools: g.tools}, story: s}
	ticket, got := readCASLogout(form.Get("logoutRequest"))
	s.Hide(ticket)
	if got != "" {
		return notice{}, t.fail(trace.LogoutRequest, trace.Detail{Expected: "a logout request with a ticket", Received: got}, nil)
	}
	s.Check(trace.LogoutRequest, true, trace.Detail{})
	return notice{ended: Ended{SessionID: ticket}}, nil
}

// readCASLogout reads the ticket out of a logout request; got says what came
// instead.
func readCASLogout(text string) (ticket, got string) {
	if strings.TrimSpace(text) == "" {
		return "", "no logoutRequest"
	}
	if len(text) > maxCode {
		return "", "more than 8 KiB"
	}
	root, err := readXML([]byte(strings.TrimSpace(text)))
	if err != nil {
		return "", "XML that is not taken: " + err.Error()
	}
	name := func(local string) xml.Name { return xml.Name{Space: samlProtocol, Local: local} }
	if root.name != name("LogoutRequest") {
		return "", "XML that is no logout request"
	}
	for _, child := range root.children {
		if child.name != name("SessionIndex") {
			continue
		}
		if ticket != "" {
			return "", "more than one ticket"
		}
		ticket = strings.TrimSpace(child.text)
	}
	if !isTicket(ticket) {
		return "", "a logout request without a ticket"
	}
	return ticket, ""
}
