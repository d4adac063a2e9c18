package server

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/orgate/orgate/internal/httpd"
	"github.com/orgate/orgate/internal/store"
)

// metrics are what /metrics shows.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	duration *prometheus.HistogramVec
}

func newMetrics(h *House, version string) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "orgate_http_requests_total",
			Help: "Answered requests by route, method and status.",
		}, []string{"route", "method", "status"}),
		duration: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name:    "orgate_http_request_duration_seconds",
			Help:    "Time to answer a request by route.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10},
		}, []string{"route"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "orgate_build_info", Help: "Always 1; the label tells the version.",
		ConstLabels: prometheus.Labels{"version": version},
	})
	build.Set(1)
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "orgate_outbox_waiting",
		Help: "Messages that wait to be sent.",
	}, func() float64 { n, _ := h.outboxCounts(); return n })
	dead := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "orgate_outbox_dead",
		Help: "Messages that were given up.",
	}, func() float64 { _, n := h.outboxCounts(); return n })
	dropped := prometheus.NewCounterFunc(prometheus.CounterOpts{
		Name: "orgate_traces_dropped_total",
		Help: "Stories of sign-ins that were not kept because too many came at once.",
	},
		func() float64 { return float64(h.Traces.Dropped()) })
	m.registry.MustRegister(m.requests, m.duration, build, waiting, dead, dropped,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

func (m *metrics) observe(o httpd.Observation) {
	route := o.Route
	if route == "" {
		route = "none"
	}
	m.requests.WithLabelValues(route, o.Method, strconv.Itoa(o.Status)).Inc()
	m.duration.WithLabelValues(route).Observe(o.Duration.Seconds())
}

// outboxCounts reads how many messages wait and how many were given up; a
// database that does not answer in a second shows none.
func (h *House) outboxCounts() (waiting, dead float64) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	// A scrape that cannot be answered is seen at /readyz.
	_ = h.DB.View(ctx, func(tx *store.Tx) error {
		w, d, err := tx.Outbox.Waiting()
		waiting, dead = float64(w), float64(d)
		return err
	})
	return waiting, dead
}
