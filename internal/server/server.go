package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/httpd"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/job"
	"github.com/orgate/orgate/internal/meeting"
	"github.com/orgate/orgate/internal/store"
)

// Options say how a server runs.
type Options struct {
	Version string
	Log     *slog.Logger
	Out     io.Writer        // where the set-up address is printed; nil for nowhere
	Now     func() time.Time // nil means the machine's clock
	Demo    bool             // see HouseOptions
	// Unlimited takes away the rate limits of anonymous calls: for benches and
	// tests on loopback.
	Unlimited bool
}

// Server is the whole product: a house with listeners and work in the
// background.
type Server struct {
	House   *House
	cfg     config.Config
	options Options
	public  *httpd.Server
	ops     *httpd.Server // nil when it is off
	jobs    *job.Runner
	tracing tracing
	// explainer tells why App-ID logins were refused, after the answer.
	explainer *meeting.Surface
	base      *url.URL
}

// New opens the database, migrates it, builds every part and binds the
// listeners. Nothing is answered before Run.
func New(ctx context.Context, cfg config.Config, o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	// The listener comes first: with port 0 it decides the base URL, which
	// stands in messages.
	listener, err := net.Listen("tcp", cfg.Listen)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", cfg.Listen, err)
	}
	cfg = cfg.Bound(listener.Addr().String())
	h, err := OpenHouse(ctx, cfg, HouseOptions{Log: o.Log, Now: o.Now, Demo: o.Demo, Migrate: true})
	if err != nil {
		return nil, errors.Join(err, listener.Close())
	}
	s := &Server{House: h, cfg: cfg, options: o, base: cfg.BaseURL}
	if err := s.serveOn(listener); err != nil {
		return nil, errors.Join(err, listener.Close(), s.Close())
	}
	s.jobs = job.New(h.DB, job.Options{Node: h.node, Now: h.now, Log: o.Log, Jobs: []job.Job{
		job.Sweep(h.DB, o.Log), job.Func("signing keys", time.Hour, h.Signing.Tend),
		job.Func("dissolutions", time.Minute, h.Directory.FinishDissolutions), job.Func("domain trials", time.Hour, h.Directory.FreezeDomains), h.Tasks.Job(),
		job.Func("sounds of names", time.Hour, h.Directory.HearNames), job.Func("digests of contacts", time.Hour, h.Directory.DigestContacts),
		h.Reports.Job(),
	}})
	if err := s.firstAdministrator(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// serveOn builds the surfaces and puts them behind the listeners.
func (s *Server) serveOn(listener net.Listener) error {
	metrics := newMetrics(s.House, s.options.Version)
	handler, err := s.surfaces()
	if err != nil {
		return err
	}
	if s.tracing, err = newTracing(context.Background(), s.cfg.OTLPEndpoint, s.options.Version); err != nil {
		return err
	}
	s.public, err = httpd.New(httpd.Options{
		Listener: listener, Addr: s.cfg.Listen, TLSCert: s.cfg.TLSCert, TLSKey: s.cfg.TLSKey,
		BaseURL: s.base, TrustedProxies: s.cfg.TrustedProxies, Language: i18n.EnUS, Log: s.options.Log, Now: s.options.Now,
		Handler: s.tracing.around(handler), Observe: metrics.observe,
	})
	if err != nil {
		return err
	}
	if s.cfg.OpsListen == "" {
		return nil
	}
	s.ops, err = httpd.New(httpd.Options{
		Addr: s.cfg.OpsListen, Log: s.options.Log, Now: s.options.Now, AccessLevel: slog.LevelDebug,
		Handler: httpd.Ops(httpd.OpsOptions{Ready: s.ready, Metrics: metrics.handler(), Log: s.options.Log}),
	})
	if err != nil {
		return err
	}
	_, err = s.ops.Listen()
	return err
}

// ready reports whether requests can be answered: the database does.
func (s *Server) ready(ctx context.Context) error {
	return s.House.DB.View(ctx, func(tx *store.Tx) error {
		_, err := tx.Jobs.All()
		return err
	})
}

// Now is the server's clock.
func (s *Server) Now() time.Time { return s.options.Now() }

// BaseURL is the public address.
func (s *Server) BaseURL() *url.URL { return s.base }

// OpsAddr is the address of the operators' listener, "" when it is off.
func (s *Server) OpsAddr() string {
	if s.ops == nil {
		return ""
	}
	addr, err := s.ops.Listen()
	if err != nil {
		return ""
	}
	return addr.String()
}

// Close releases what New opened, for a server that is never run.
func (s *Server) Close() error { return s.House.Close() }

// Run answers requests until ctx ends. Then the listeners stop first and
// finish what is in flight, after them the work in the background, at last the
// database. It returns the first failure.
func (s *Server) Run(ctx context.Context) error {
	s.options.Log.Info("orgate serves", "version", s.options.Version, "address", s.base.String(), "listen", s.cfg.Listen,
		"database", s.cfg.Database.String())
	listening, stopListening := context.WithCancel(ctx)
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	failed := make(chan error, 8)
	var listeners, workers sync.WaitGroup
	start := func(group *sync.WaitGroup, ctx context.Context, run func(context.Context) error) {
		group.Go(func() {
			if err := run(ctx); err != nil && !errors.Is(err, context.Canceled) {
				failed <- err
				stopListening()
			}
		})
	}
	start(&workers, working, s.House.Outbox.Run)
	start(&workers, working, s.House.Traces.Run)
	start(&workers, working, s.House.Syncs.Run)
	start(&workers, working, s.House.Hooks.Run)
	start(&workers, working, s.jobs.Run)
	start(&workers, working, s.explainer.Run)
	start(&listeners, listening, s.public.Serve)
	if s.ops != nil {
		start(&listeners, listening, s.ops.Serve)
	}
	listeners.Wait()
	stopListening()
	stopWorking()
	workers.Wait()
	err := s.finish(context.WithoutCancel(ctx))
	close(failed)
	for problem := range failed {
		err = errors.Join(err, problem)
	}
	s.options.Log.Info("orgate has stopped")
	return err
}

// finishFor bounds how long the end may take to send and store what is left.
const finishFor = 5 * time.Second

// finish stores the stories that were explained last, sends the last spans and
// closes the database.
func (s *Server) finish(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, finishFor)
	defer cancel()
	if err := s.tracing.close(ctx); err != nil {
		// The collector is not ours: its silence is no failure of the server.
		s.options.Log.Warn("spans were not sent", "error", err)
	}
	return errors.Join(s.House.Traces.Flush(ctx), s.House.Close())
}

// firstAdministrator makes "admin" from the settings or prints the set-up
// address, as long as no administrator of the provider was ever made.
func (s *Server) firstAdministrator(ctx context.Context) error {
	if !s.cfg.AdminPassword.IsZero() {
		_, err := s.House.Directory.FirstAdministratorByPassword(ctx, "admin", s.cfg.AdminPassword.Reveal())
		return s.House.Say(err)
	}
	secret, open, err := s.House.Directory.OpenSetup(ctx)
	if err != nil || !open || s.options.Out == nil {
		return err
	}
	_, err = fmt.Fprintf(s.options.Out, "\nNobody administers this installation yet. Open this address once, within 24 hours:\n\n  %s\n\n",
		s.base.JoinPath("setup").String()+"?"+url.Values{"code": {secret}}.Encode())
	return err
}
