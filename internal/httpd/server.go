package httpd

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/i18n"
)

// The limits of a connection. WriteTimeout leaves room for a profile of thirty
// seconds on the operators' listener.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 120 * time.Second
	maxHeaderBytes    = 32 << 10
	maxStreams        = 100
	defaultGrace      = 30 * time.Second
	// DefaultBodyLimit is the largest request body in bytes where no route
	// says otherwise; see LimitBody.
	DefaultBodyLimit = 1 << 20
)

// Options are what a Server needs. Handler and Now are mandatory; the zero
// value of every other field is sound.
type Options struct {
	// Listener is one that is open already; nil opens Addr.
	Listener net.Listener
	Addr     string // host:port
	TLSCert  string // path of a PEM file; with TLSKey the server speaks HTTPS
	TLSKey   string
	// BaseURL is the public address; nil leaves the Host header as it came.
	BaseURL        *url.URL
	TrustedProxies []netip.Prefix // whose forwarding headers are believed
	Language       i18n.Language  // fallback of Locale, default English
	BodyLimit      int64          // bytes, default DefaultBodyLimit
	Grace          time.Duration  // for requests in flight at the end, default 30 s
	AccessLevel    slog.Level     // of the line per request; failures are Warn
	Log            *slog.Logger   // default: none
	Now            func() time.Time
	Handler        http.Handler
	// Observe is told of each request once it is answered; nil for nobody.
	Observe func(Observation)
}

// Observation is one answered request, in terms that make few metric series:
// the route is a pattern and an unknown method is OTHER.
type Observation struct {
	Route    string // "" when no route matched
	Method   string
	Status   int
	Duration time.Duration
	Bytes    int64 // of the answer's body
}

// Server is one listener with the chain of this package before its handler.
type Server struct {
	http     *http.Server
	listener net.Listener
	addr     string
	grace    time.Duration
	log      *slog.Logger
}

// New makes a server. It fails when an option is missing or the TLS files
// cannot be read.
func New(o Options) (*Server, error) {
	if o.Handler == nil || o.Now == nil {
		return nil, errors.New("httpd: Handler and Now are mandatory")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	s := &Server{listener: o.Listener, addr: o.Addr, grace: cmp.Or(o.Grace, defaultGrace), log: o.Log}
	var protocols http.Protocols
	protocols.SetHTTP1(true)
	protocols.SetHTTP2(true) // over TLS only
	s.http = &http.Server{
		Handler:           newChain(o),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		Protocols:         &protocols,
		HTTP2:             &http.HTTP2Config{MaxConcurrentStreams: maxStreams},
		ErrorLog:          slog.NewLogLogger(o.Log.Handler(), slog.LevelWarn),
	}
	if o.TLSCert == "" && o.TLSKey == "" {
		return s, nil
	}
	certificate, err := newCertificate(o.TLSCert, o.TLSKey, o.Now)
	if err != nil {
		return nil, err
	}
	certificate.log = o.Log
	s.http.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: certificate.get}
	return s, nil
}

// Handler returns the whole chain, for tests without a listener.
func (s *Server) Handler() http.Handler { return s.http.Handler }

// Listen opens the listener and returns its address; Serve does so itself when
// nobody has. With port 0 the system chooses a free one.
func (s *Server) Listen() (net.Addr, error) {
	if s.listener == nil {
		listener, err := net.Listen("tcp", s.addr)
		if err != nil {
			return nil, fmt.Errorf("listen on %s: %w", s.addr, err)
		}
		s.listener = listener
	}
	return s.listener.Addr(), nil
}

// Serve answers requests until ctx ends. Then it accepts no more, lets what is
// in flight finish within the grace period and returns nil; what lasts longer
// is cut off and is the error. A failure of the listener is returned at once.
func (s *Server) Serve(ctx context.Context) error {
	if _, err := s.Listen(); err != nil {
		return err
	}
	failed := make(chan error, 1)
	go func() { failed <- s.serve() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.grace)
	defer cancel()
	err := s.http.Shutdown(grace)
	if err != nil {
		err = fmt.Errorf("requests still in flight after %s: %w", s.grace, errors.Join(err, s.http.Close()))
	}
	if stopped := <-failed; !errors.Is(stopped, http.ErrServerClosed) {
		err = errors.Join(err, stopped)
	}
	return err
}

func (s *Server) serve() error {
	if s.http.TLSConfig != nil {
		return s.http.ServeTLS(s.listener, "", "")
	}
	return s.http.Serve(s.listener)
}
