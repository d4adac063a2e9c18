package server

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// A collector hears of a request by the operation's name; the query, in which
// codes may stand, does not reach it.
func TestTracingSendsSpans(t *testing.T) {
	heard := make(chan string, 8)
	collector := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("read the export: %v", err)
		}
		heard <- r.URL.Path + " " + string(body)
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	defer collector.Close()
	endpoint, err := url.Parse(collector.URL)
	if err != nil {
		t.Fatal(err)
	}
	tracing, err := newTracing(t.Context(), endpoint, "test")
	if err != nil {
		t.Fatal(err)
	}
	handler := tracing.around(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Pattern = "/v1/usg/acs/token"
		w.WriteHeader(http.StatusOK)
	}))
	handler.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPut, "/v1/usg/acs/token?code=s3cret-code", nil))
	if err := tracing.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	export := <-heard
	if !strings.HasPrefix(export, "/v1/traces ") || !strings.Contains(export, "PUT ") {
		t.Errorf("got export %q, want a span at /v1/traces", export)
	}
	if strings.Contains(export, "s3cret-code") {
		t.Error("the query reached the collector")
	}
}

func TestNoTracingCostsNothing(t *testing.T) {
	none, err := newTracing(t.Context(), nil, "test")
	if err != nil {
		t.Fatal(err)
	}
	called := false
	next := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true })
	none.around(next).ServeHTTP(nil, nil)
	if !called {
		t.Error("the request did not pass as it was")
	}
	if err := none.close(t.Context()); err != nil {
		t.Error(err)
	}
}
