package cas

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

const (
	// noticeLimit bounds one call of an application.
	noticeLimit = 10 * time.Second
	// maxAnswer is how much of an answer is read, so that the connection can be
	// used again.
	maxAnswer = 4 << 10
	formType  = "application/x-www-form-urlencoded"
)

// logoutRequest tells an application that the session is over under which it
// knows somebody by a ticket (CAS Protocol 3.0.3, 2.3.3 and Appendix C).
type logoutRequest struct {
	XMLName      xml.Name `xml:"samlp:LogoutRequest"`
	Protocol     string   `xml:"xmlns:samlp,attr"`
	Assertion    string   `xml:"xmlns:saml,attr"`
	ID           string   `xml:"ID,attr"`
	Version      string   `xml:"Version,attr"`
	IssueInstant string   `xml:"IssueInstant,attr"`
	NameID       string   `xml:"saml:NameID"`
	SessionIndex string   `xml:"samlp:SessionIndex"`
}

// EndSession posts the notice to the service that was entered, or to where the
// application wishes it (2.3.3). Every answer but a fault of the application's
// server or a refusal counts: clients of the standard answer with a page, with
// nothing, or lead on.
func (s *Server) EndSession(ctx context.Context, a identity.Application, p identity.Participation) (string, error) {
	if a.CAS == nil || !a.CAS.SingleLogout || p.Ticket == "" {
		return "", fmt.Errorf("%w: the application is told nothing", protocol.ErrHopeless)
	}
	body, err := s.notice(p.Ticket)
	if err != nil {
		return "", err
	}
	ctx, cancel := context.WithTimeout(ctx, noticeLimit)
	defer cancel()
	form := url.Values{"logoutRequest": {body}}.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, cmp.Or(a.CAS.LogoutURL, p.Service), strings.NewReader(form))
	if err != nil {
		return "", errors.Join(protocol.ErrHopeless, err)
	}
	req.Header.Set("Content-Type", formType)
	resp, err := s.direct.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)) // only the status counts
	return told(resp.StatusCode)
}

// told says what a status means.
func told(status int) (string, error) {
	answer := fmt.Sprintf("%d %s", status, http.StatusText(status))
	switch {
	case status >= http.StatusOK && status < http.StatusBadRequest:
		return answer, nil
	case status == http.StatusRequestTimeout, status == http.StatusTooManyRequests, status >= http.StatusInternalServerError:
		return answer, fmt.Errorf("the application answered %s", answer)
	}
	return answer, fmt.Errorf("%w: the application answered %s", protocol.ErrHopeless, answer)
}

func (s *Server) notice(ticket string) (string, error) {
	text, err := xml.Marshal(logoutRequest{
		Protocol: "urn:oasis:names:tc:SAML:2.0:protocol", Assertion: "urn:oasis:names:tc:SAML:2.0:assertion",
		ID: "LR-" + rand.Text(), Version: "2.0", IssueInstant: s.host.Now().UTC().Format(time.RFC3339),
		NameID: "@NOT_USED@", SessionIndex: ticket,
	})
	return string(text), err
}
