package httpd

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/pprof"
	"time"
)

// readyTimeout bounds the question whether the product is ready, in favour of
// the probe that asks.
const readyTimeout = 5 * time.Second

// OpsOptions are what the operators' listener shows.
type OpsOptions struct {
	// Ready returns nil when requests can be answered; nil means always.
	Ready func(ctx context.Context) error
	// Metrics answers /metrics; nil leaves that address out.
	Metrics http.Handler
	// Log is told why the product is not ready; the probe is not.
	Log *slog.Logger
}

// Ops returns the handler of the operators' listener: /healthz (the process
// answers), /readyz (it can do its work), /metrics and /debug/pprof.
func Ops(o OpsOptions) http.Handler {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK) })
	mux.HandleFunc("GET /readyz", o.ready)
	if o.Metrics != nil {
		mux.Handle("GET /metrics", o.Metrics)
	}
	// By name, not by http.DefaultServeMux: any package may have put more there.
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("POST /debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}

func (o OpsOptions) ready(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readyTimeout)
	defer cancel()
	if o.Ready != nil {
		if err := o.Ready(ctx); err != nil {
			o.Log.WarnContext(ctx, "not ready", KeyRequestID, RequestID(r), "error", err)
			plain(w, http.StatusServiceUnavailable)
			return
		}
	}
	plain(w, http.StatusOK)
}
