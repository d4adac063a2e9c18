package source

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"syscall"
	"time"

	"github.com/orgate/orgate/internal/egress"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

// stage is one address of the centre and the checks that belong to it.
type stage struct {
	resolves, open, reached, inTime, tls, redirect, size trace.Check

	status, format trace.Check
}

var tokenStage = stage{
	resolves: trace.TokenResolves, open: trace.TokenOpen, reached: trace.TokenReached, inTime: trace.TokenInTime,
	tls: trace.TokenTLS, redirect: trace.TokenRedirect, size: trace.TokenSize,
	status: trace.TokenStatus, format: trace.TokenFormat,
}

var userInfoStage = stage{
	resolves: trace.UserInfoResolves, open: trace.UserInfoOpen, reached: trace.UserInfoReached, inTime: trace.UserInfoInTime,
	tls: trace.UserInfoTLS, redirect: trace.UserInfoRedirect, size: trace.UserInfoSize,
	status: trace.UserInfoStatus, format: trace.UserInfoFormat,
}

// authorizeStage is asked by a try alone, which is content with an address
// that this server cannot reach but browsers can.
var authorizeStage = stage{
	resolves: trace.AuthorizeResolves, open: trace.AuthorizeReached, reached: trace.AuthorizeReached, inTime: trace.AuthorizeReached,
	tls: trace.AuthorizeTLS, redirect: trace.AuthorizeStatus, size: trace.AuthorizeStatus,
	status: trace.AuthorizeStatus, format: trace.AuthorizeStatus,
}

// reply is an answer of the centre, read whole.
type reply struct {
	status      int
	contentType string
	location    string // of a redirect that was not followed
	body        []byte
}

// call sends a request within the time of one call and reads the answer.
func (c centre) call(ctx context.Context, client *http.Client, r *http.Request) (reply, error) {
	ctx, cancel := context.WithTimeout(ctx, c.tools.timeout)
	defer cancel()
	if r.Header.Get("Accept") == "" {
		r.Header.Set("Accept", "application/json")
	}
	r.Header.Set("User-Agent", "Orgate")
	res, err := client.Do(r.WithContext(ctx))
	if err != nil {
		return reply{}, err
	}
	body, err := io.ReadAll(res.Body)
	return reply{
		status: res.StatusCode, contentType: res.Header.Get("Content-Type"), location: res.Header.Get("Location"), body: body,
	}, errors.Join(err, res.Body.Close())
}

// explain says which check of a stage an error of the network fails, and what
// may be told of it. The error itself may hold a secret, in the address of a
// call of the WeChat dialect, and addresses of the inside; it stays the cause.
func (st stage) explain(err error) (trace.Check, string) {
	f := fault.Of(egress.Explain(err))
	host, _ := f.Params["host"].(string)
	switch f.Code {
	case fault.CodeEgressUnresolved:
		return st.resolves, host
	case fault.CodeEgressAddress, fault.CodeEgressBlocked:
		return st.open, host
	case fault.CodeEgressTimeout:
		return st.inTime, "no answer"
	case fault.CodeEgressTLS:
		return st.tls, certificateProblem(err)
	case fault.CodeEgressRedirect:
		return st.redirect, "a redirect to " + host
	case fault.CodeEgressTooLarge:
		return st.size, "more than 1 MiB"
	}
	return st.reached, connectionProblem(err)
}

// connectionProblem names the errors of a connection that are told apart.
func connectionProblem(err error) string {
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection was closed before the answer was complete"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "no route to the host"
	}
	return "no connection, or no HTTP on it"
}

// certificateProblem describes what is wrong with a certificate in the words
// of the certificate, which is public.
func certificateProblem(err error) string {
	var (
		name     x509.HostnameError
		validity x509.CertificateInvalidError
		unknown  x509.UnknownAuthorityError
		refused  *tls.CertificateVerificationError
		record   tls.RecordHeaderError
	)
	switch {
	case errors.As(err, &name):
		return "a certificate for " + strings.Join(namesOf(name.Certificate), ", ")
	case errors.As(err, &validity) && validity.Reason == x509.Expired:
		return "a certificate valid from " + day(validity.Cert.NotBefore) + " to " + day(validity.Cert.NotAfter)
	case errors.As(err, &unknown) && errors.As(err, &refused) && len(refused.UnverifiedCertificates) > 0:
		leaf := refused.UnverifiedCertificates[0]
		return "a certificate issued by " + leaf.Issuer.String() + ", which is not trusted here"
	case errors.As(err, &record), errors.Is(err, http.ErrSchemeMismatch):
		return "no TLS on this port"
	}
	return "no common version or cipher of TLS, or a broken certificate"
}

// namesOf lists the first names of a certificate.
func namesOf(c *x509.Certificate) []string {
	list := append([]string(nil), c.DNSNames...)
	for _, ip := range c.IPAddresses {
		list = append(list, ip.String())
	}
	if len(list) == 0 {
		return []string{c.Subject.CommonName}
	}
	return list[:min(len(list), 5)]
}

func day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// fail writes the check that failed and returns the fault of the sign-in.
func (t *turn) fail(check trace.Check, d trace.Detail, cause error) error {
	t.story.Check(check, false, d)
	return refused(check).Because(cause)
}

// ask makes one call of a stage. An answer of whatever status is returned; an
// error is a failed check.
func (t *turn) ask(ctx context.Context, st stage, client *http.Client, r *http.Request) (reply, error) {
	a, err := t.call(ctx, client, r)
	if err != nil {
		check, got := st.explain(err)
		return a, t.fail(check, trace.Detail{Expected: hostOf(r.URL), Received: got}, err)
	}
	if a.status >= 300 && a.status < 400 {
		target, _ := r.URL.Parse(a.location)
		return a, t.fail(st.redirect, trace.Detail{Expected: "an answer", Received: "a redirect to " + hostOf(target)}, nil)
	}
	t.story.Check(st.reached, true, trace.Detail{Received: hostOf(r.URL)})
	return a, nil
}

// hostOf is scheme and host alone: path and query may hold what is secret.
func hostOf(u *url.URL) string {
	if u == nil {
		return "nowhere"
	}
	return u.Scheme + "://" + u.Host
}

// statusText is what a status line says, with what stood below it.
func (a reply) statusText(got string) string {
	text := strings.TrimSpace(http.StatusText(a.status))
	if text == "" {
		text = "unknown"
	}
	line := itoa(a.status) + " " + text
	if got != "" {
		line += ", " + got
	}
	return line
}
