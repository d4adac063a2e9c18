package cas

import (
	"context"
	"crypto/rand"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// callbackLimit bounds the call of an application's callback, for which the
// application waits.
const callbackLimit = 5 * time.Second

var (
	errBarred   = fault.New(fault.Forbidden, fault.CodeProxyForbidden)
	errCallback = fault.New(fault.Invalid, fault.CodeProxyCallback).At(fieldPGTURL)
)

// entrust sends the application that a person has just entered a proxy-granting
// ticket, and returns by what it finds it (2.5.4). The callback has to be https,
// with a certificate that counts, and one of the application's own services. An
// application that answers anything but 200 gets none, and learns who it is all
// the same.
func (s *Server) entrust(r *http.Request, e identity.ServiceEntry, callback string) (iou string, err error) {
	switch {
	case !e.Application.CAS.Proxy:
		return "", errBarred
	case !strings.HasPrefix(callback, "https://"), !e.Application.Serves(callback):
		return "", errCallback.Because(&trace.Reason{
			Check: trace.ProxyCallback, Detail: trace.Detail{Expected: "https, and a service of the application", Received: callback}, Err: errCallback,
		})
	}
	ctx, cancel := context.WithTimeout(r.Context(), callbackLimit)
	defer cancel()
	word, err := s.host.Proxies.Entrust(ctx, e, callback)
	if err != nil {
		return "", err
	}
	iou = "PGTIOU-" + rand.Text() + rand.Text()
	status, err := s.call(ctx, protocol.WithQuery(callback, url.Values{"pgtId": {word}, "pgtIou": {iou}}.Encode()))
	if err == nil && status == http.StatusOK {
		return iou, nil
	}
	// What nobody received must not count.
	if err := s.host.Proxies.Distrust(context.WithoutCancel(r.Context()), word); err != nil {
		return "", err
	}
	if err != nil {
		return "", errCallback.Because(&trace.Reason{Check: trace.ProxyAnswer, Detail: trace.Detail{Expected: "200 OK", Received: "no answer"}, Err: err})
	}
	return "", nil
}

// call asks an address and returns its status. The cause of a failure names the
// address without its query, in which a ticket stands.
func (s *Server) call(ctx context.Context, address string) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, err
	}
	resp, err := s.direct.Do(req)
	if err != nil {
		return 0, withoutQuery(err)
	}
	defer func() { _ = resp.Body.Close() }()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxAnswer)) // only the status counts
	return resp.StatusCode, nil
}

// withoutQuery keeps the ticket in an address out of an error.
func withoutQuery(err error) error {
	if failed, ok := err.(*url.Error); ok { //nolint:errorlint // what http.Client promises
		bare, _, _ := strings.Cut(failed.URL, "?")
		return &url.Error{Op: failed.Op, URL: bare, Err: failed.Err}
	}
	return err
}

// proxy gives an application that acts for a person a ticket for another
// application's service (2.7).
func (s *Server) proxy(w http.ResponseWriter, r *http.Request) error {
	asked, err := parse(r.URL.RawQuery)
	sc := scene{kind: trace.Proxying, parameters: asked}
	if err != nil {
		return s.refused(r, sc, err)
	}
	ticket, by, err := s.delegate(r, asked)
	sc.application = by
	if by.ID != "" {
		s.note(r, by)
	}
	if err != nil {
		return s.refused(r, sc, err)
	}
	format, err := protocol.ServiceFormatOf(asked[fieldFormat], protocol.ServiceXML)
	if err != nil {
		return s.refused(r, sc, err)
	}
	protocol.ServiceAnswer{Of: protocol.Proxying, Proxy: ticket}.Send(w, format)
	return nil
}

func (s *Server) delegate(r *http.Request, asked parameters) (ticket string, by identity.Application, err error) {
	for _, name := range []string{fieldPGT, fieldTarget} {
		if asked[name] == "" {
			return "", by, missing(name)
		}
	}
	target, err := s.host.Applications.Serving(r.Context(), asked[fieldTarget])
	if err != nil {
		return "", by, err
	}
	return s.host.Proxies.Delegate(r.Context(), asked[fieldPGT], identity.ServiceEntry{Application: target, Service: asked[fieldTarget]})
}

// refuseProxy tells an application why it gets no proxy ticket (2.7.3).
func (s *Server) refuseProxy(w http.ResponseWriter, r *http.Request, err error) {
	s.refuseAs(w, r, protocol.Proxying, err)
}
