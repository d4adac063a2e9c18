package httpd

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOps(t *testing.T) {
	var failure error
	h := Ops(OpsOptions{
		Ready: func(ctx context.Context) error {
			if _, bounded := ctx.Deadline(); !bounded {
				t.Error("Ready is asked without a deadline")
			}
			return failure
		},
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "metrics") }),
	})
	tests := []struct {
		target  string
		failure error
		want    int
	}{
		{"/healthz", errors.New("database away"), 200},
		{"/readyz", nil, 200},
		{"/readyz", errors.New("database away"), 503},
		{"/metrics", nil, 200},
		{"/debug/pprof/", nil, 200},
		{"/debug/pprof/goroutine?debug=1", nil, 200},
		{"/debug/pprof/cmdline", nil, 200},
		{"/", nil, 404},
	}
	for _, test := range tests {
		failure = test.failure
		w := serve(h, httptest.NewRequest(http.MethodGet, test.target, nil))
		if w.Code != test.want || bytes.Contains(w.Body.Bytes(), []byte("database")) {
			t.Errorf("%s = %d %q, want %d without the reason", test.target, w.Code, w.Body, test.want)
		}
	}
	if w := serve(Ops(OpsOptions{}), httptest.NewRequest(http.MethodGet, "/metrics", nil)); w.Code != http.StatusNotFound {
		t.Errorf("/metrics without metrics = %d, want 404", w.Code)
	}
	if w := serve(Ops(OpsOptions{}), httptest.NewRequest(http.MethodGet, "/readyz", nil)); w.Code != http.StatusOK {
		t.Errorf("/readyz without Ready = %d, want 200", w.Code)
	}
}
