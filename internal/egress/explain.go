package egress

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
)

// blamed makes a fault that names the host as it was configured.
func blamed(kind fault.Kind, code fault.Code, addr string) *fault.Error {
	return fault.New(kind, code).With("host", hostOf(addr))
}

// hostOf cuts the port off for the reader of a message.
func hostOf(addr string) string {
	if host, _, err := net.SplitHostPort(addr); err == nil {
		return host
	}
	return addr
}

// Explain turns an error of a dial or of the client into a fault that tells
// the person who configured the address what to mend: egress_address,
// egress_blocked, egress_unresolved, egress_unreachable, egress_timeout,
// egress_tls, egress_redirect or egress_too_large. The error is its cause.
// Explain(nil) is nil.
func Explain(err error) error {
	if err == nil {
		return nil
	}
	host := ""
	var sent *url.Error
	if errors.As(err, &sent) {
		if u, parseErr := url.Parse(sent.URL); parseErr == nil {
			host = u.Hostname()
		}
	}
	return explain(err, host)
}

func explain(err error, host string) error {
	var known *fault.Error
	if errors.As(err, &known) {
		return known
	}
	kind, code := fault.Unavailable, fault.CodeEgressUnreachable
	var dns *net.DNSError
	switch {
	case isTimeout(err):
		code = fault.CodeEgressTimeout
	case errors.As(err, &dns):
		code = fault.CodeEgressUnresolved
	case isTLS(err):
		code = fault.CodeEgressTLS
	}
	return blamed(kind, code, host).Because(err)
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.As(err, &timeout) && timeout.Timeout()
}

// isTLS recognises what goes wrong between two ends that speak TLS, and one
// end that speaks something else.
func isTLS(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		authority    x509.UnknownAuthorityError
		hostname     x509.HostnameError
		invalid      x509.CertificateInvalidError
		record       tls.RecordHeaderError
	)
	for _, target := range []any{&verification, &authority, &hostname, &invalid, &record} {
		if errors.As(err, target) {
			return true
		}
	}
	// An alert of the other end has no type of its own, only this operation.
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "remote error" {
		return true
	}
	return errors.Is(err, http.ErrSchemeMismatch)
}
