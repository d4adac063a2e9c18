package server

import (
	"context"
	"fmt"
	"net/http"
	"net/url"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"

	"github.com/orgate/orgate/internal/egress"
)

// tracing sends a span for each request to a collector. The zero value sends
// nothing and costs nothing.
type tracing struct {
	provider *sdktrace.TracerProvider
}

// newTracing makes the tracing of an endpoint; nil is none. The collector is
// the operator's own setting, so its host is allowed to be inside, for this
// client alone.
func newTracing(ctx context.Context, endpoint *url.URL, version string) (tracing, error) {
	if endpoint == nil {
		return tracing{}, nil
	}
	guard, err := egress.New(egress.Options{Allow: []string{endpoint.Hostname()}})
	if err != nil {
		return tracing{}, err
	}
	address := endpoint
	if endpoint.Path == "" || endpoint.Path == "/" {
		address = endpoint.JoinPath("v1", "traces")
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(address.String()), otlptracehttp.WithHTTPClient(guard.Client()))
	if err != nil {
		return tracing{}, fmt.Errorf("ORGATE_OTLP_ENDPOINT: %w", err)
	}
	about := resource.NewSchemaless(attribute.String("service.name", "orgate"), attribute.String("service.version", version))
	return tracing{sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))}, nil
}

// around makes a span of each request. A caller's own trace is linked to and
// not joined: anybody may send the header.
func (t tracing) around(next http.Handler) http.Handler {
	if t.provider == nil {
		return next
	}
	return otelhttp.NewHandler(next, "orgate", otelhttp.WithTracerProvider(t.provider), otelhttp.WithPublicEndpointFn(public),
		otelhttp.WithPropagators(propagation.TraceContext{}), otelhttp.WithSpanNameFormatter(spanName))
}

func public(*http.Request) bool { return true }

// spanName names the operation, never the path that was asked for.
func spanName(operation string, r *http.Request) string {
	if r.Pattern == "" {
		return r.Method + " " + operation
	}
	return r.Method + " " + r.Pattern
}

// close sends what still waits.
func (t tracing) close(ctx context.Context) error {
	if t.provider == nil {
		return nil
	}
	return t.provider.Shutdown(ctx)
}
