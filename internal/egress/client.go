package egress

import (
	"crypto/tls"
	"errors"
	"io"
	"net/http"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

const (
	clientTimeout = 10 * time.Second
	// idlePerHost connections wait for the next call, so that an enterprise
	// whose people come in the morning pays for few handshakes.
	idlePerHost  = 16
	maxRedirects = 3
	maxHeader    = 64 << 10
	// MaxAnswer is the largest answer in bytes, after decompression, that the
	// client reads.
	MaxAnswer = 1 << 20
)

// Client returns an HTTP client that connects through the guard, within ten
// seconds for everything. It follows at most three redirects, none from https
// to http and none that would carry a body to another host; it takes no proxy
// from the environment; an answer of more than MaxAnswer bytes fails while it
// is read with egress_too_large. Its errors are for Explain. Each call makes a
// client with connections of its own: make one and keep it.
func (g *Guard) Client() *http.Client {
	transport := &http.Transport{
		Proxy:                  nil, // a proxy would dial in place of the guard
		DialContext:            g.DialContext,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: g.roots},
		TLSHandshakeTimeout:    dialTimeout,
		ResponseHeaderTimeout:  clientTimeout,
		MaxResponseHeaderBytes: maxHeader,
		MaxIdleConnsPerHost:    idlePerHost,
		MaxIdleConns:           64,
		IdleConnTimeout:        time.Minute,
		ForceAttemptHTTP2:      true,
	}
	return &http.Client{Timeout: clientTimeout, Transport: &limited{transport}, CheckRedirect: checkRedirect}
}

// checkRedirect judges the next request of a chain; its address is judged when
// it is dialled.
func checkRedirect(next *http.Request, via []*http.Request) error {
	last := via[len(via)-1]
	refused := blamed(fault.Invalid, fault.CodeEgressRedirect, next.URL.Hostname())
	switch {
	case len(via) > maxRedirects:
		return refused.Because(errors.New("too many redirects"))
	case last.URL.Scheme == "https" && next.URL.Scheme != "https":
		return refused.Because(errors.New("from https to " + next.URL.Scheme))
	case next.Method != http.MethodGet && next.Method != http.MethodHead && next.URL.Host != last.URL.Host:
		// 307 and 308 repeat the body, and with it a client's secret.
		return refused.Because(errors.New("a body would go to another host"))
	}
	// net/http names the page before, whose query may hold a code or a token.
	next.Header.Del("Referer")
	return nil
}

// limited is a transport that takes plain web addresses and bounds answers.
type limited struct{ next http.RoundTripper }

// RoundTrip refuses addresses with a user name, whose host is not the one a
// reader sees, and schemes other than http and https.
func (l *limited) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.User != nil || r.URL.Scheme != "http" && r.URL.Scheme != "https" {
		return nil, closeBody(r, blamed(fault.Invalid, fault.CodeEgressAddress, r.URL.Hostname()))
	}
	res, err := l.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	tooLarge := blamed(fault.Unavailable, fault.CodeEgressTooLarge, r.URL.Hostname()).With("max", MaxAnswer)
	if res.ContentLength > MaxAnswer && r.Method != http.MethodHead {
		return nil, errors.Join(tooLarge, res.Body.Close())
	}
	res.Body = &body{ReadCloser: res.Body, left: MaxAnswer, tooLarge: tooLarge}
	return res, nil
}

// closeBody keeps the promise of http.RoundTripper to close the body of every
// request, one that is refused too.
func closeBody(r *http.Request, refused error) error {
	if r.Body == nil {
		return refused
	}
	return errors.Join(refused, r.Body.Close())
}

// body fails once more than left bytes were read: a cut answer must not pass
// for a whole one.
type body struct {
	io.ReadCloser
	left     int64
	tooLarge error
}

// Read reads at most one byte more than is allowed.
func (b *body) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, b.tooLarge
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.ReadCloser.Read(p)
	b.left -= int64(n)
	if b.left < 0 {
		return n - 1, b.tooLarge
	}
	return n, err
}
