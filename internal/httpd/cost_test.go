package httpd

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"runtime/debug"
	"slices"
	"testing"
	"time"
)

// nowhere is a ResponseWriter that costs nothing, so that what is measured is
// the chain.
type nowhere struct{ header http.Header }

func (w nowhere) Header() http.Header         { return w.header }
func (w nowhere) Write(p []byte) (int, error) { return len(p), nil }
func (w nowhere) WriteHeader(int)             {}

// reader is a log handler that takes every record and writes none: encoders
// keep buffers in pools, whose allocations vary under the race detector.
type reader struct{}

func (reader) Enabled(context.Context, slog.Level) bool  { return true }
func (reader) Handle(context.Context, slog.Record) error { return nil }
func (h reader) WithAttrs([]slog.Attr) slog.Handler      { return h }
func (h reader) WithGroup(string) slog.Handler           { return h }

// maxAllocs is what the chain may allocate for one request: the exchange, the
// copy of the request that carries it, the id, and for the log the address and
// the attributes beyond the record's own.
const maxAllocs = 5

func measured(tb testing.TB, log *slog.Logger) func() {
	tb.Helper()
	s, err := New(Options{
		BaseURL: &url.URL{Scheme: "https", Host: "id.example"}, Log: log, Now: ticking(),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8")},
		Observe:        func(Observation) {},
		Handler:        http.HandlerFunc(ok),
	})
	if err != nil {
		tb.Fatal(err)
	}
	w := nowhere{http.Header{}}
	r, err := http.NewRequest(http.MethodGet, "/v1/usg/members/1", nil)
	if err != nil {
		tb.Fatal(err)
	}
	r.RemoteAddr = "10.0.0.1:4711"
	r.Header.Set("X-Forwarded-For", "203.0.113.5, 10.0.0.2")
	h := s.Handler()
	return func() {
		clear(w.header)
		h.ServeHTTP(w, r)
	}
}

func TestAllocations(t *testing.T) {
	one := measured(t, slog.New(reader{}))
	limit := maxAllocs
	if underRace() {
		limit += 2 // what the compiler then no longer keeps on the stack
	}
	if got := testing.AllocsPerRun(200, one); got > float64(limit) {
		t.Errorf("the chain allocates %.0f times for a request, want at most %d", got, limit)
	}
}

// underRace reports whether the race detector is built in.
func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// BenchmarkChain is the cost of the whole chain; the budget is 3 µs.
func BenchmarkChain(b *testing.B) {
	for name, log := range map[string]*slog.Logger{
		"text": slog.New(slog.NewTextHandler(io.Discard, nil)),
		"json": slog.New(slog.NewJSONHandler(io.Discard, nil)),
		"none": slog.New(slog.DiscardHandler),
	} {
		b.Run(name, func(b *testing.B) {
			one := measured(b, log)
			b.ReportAllocs()
			for b.Loop() {
				one()
			}
		})
	}
}

// budget is generous here, for a machine that is busy with other tests; a
// change that makes the chain ten times slower is caught all the same.
const budget = 100 * time.Microsecond

func TestCostOfTheChain(t *testing.T) {
	result := testing.Benchmark(func(b *testing.B) {
		one := measured(b, slog.New(slog.NewJSONHandler(io.Discard, nil)))
		for b.Loop() {
			one()
		}
	})
	if got := time.Duration(result.NsPerOp()); got > budget {
		t.Errorf("the chain takes %s for a request, want less than %s", got, budget)
	}
}
