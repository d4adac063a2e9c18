package httpd

import (
	"bytes"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestAccessLog(t *testing.T) {
	var out bytes.Buffer
	var seen Observation
	mux := http.NewServeMux()
	mux.HandleFunc("GET /members/{id}", func(w http.ResponseWriter, r *http.Request) {
		Note(r, "mem_1", "org_1")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "none")
	})
	h := chainOf(t, Options{
		Log:     slog.New(slog.NewTextHandler(&out, nil)),
		Observe: func(o Observation) { seen = o },
	}, mux.ServeHTTP)
	r := httptest.NewRequest(http.MethodGet, "/members/alice?token=hunter2", nil)
	r.Header.Set("X-Request-Id", "r1")
	r.RemoteAddr = "192.0.2.1:4711"
	serve(h, r)
	const want = `level=INFO msg=request request_id=r1 method=GET route="GET /members/{id}" status=404 duration=1ms bytes=4 client=192.0.2.1 actor=mem_1 organization=org_1`
	if !strings.Contains(out.String(), want) {
		t.Errorf("log = %s, want %s", out.String(), want)
	}
	if strings.Contains(out.String(), "hunter2") || strings.Contains(out.String(), "alice") {
		t.Errorf("log holds the path or the query: %s", out.String())
	}
	if want := (Observation{Route: "GET /members/{id}", Method: "GET", Status: 404, Duration: time.Millisecond, Bytes: 4}); seen != want {
		t.Errorf("Observe was given %+v, want %+v", seen, want)
	}
}

func TestAccessLogLevels(t *testing.T) {
	tests := []struct {
		name   string
		level  slog.Level
		status int
		want   string
	}{
		{"quiet", slog.LevelDebug, 200, ""},
		{"quiet but failing", slog.LevelDebug, 503, "level=WARN"},
		{"default", slog.LevelInfo, 200, "level=INFO"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			h := chainOf(t, Options{AccessLevel: test.level, Log: slog.New(slog.NewTextHandler(&out, nil))},
				func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(test.status) })
			serve(h, httptest.NewRequest("BREW", "/", nil))
			if test.want == "" && out.Len() > 0 || !strings.Contains(out.String(), test.want) {
				t.Errorf("log = %q, want %q", out.String(), test.want)
			}
			if out.Len() > 0 && (!strings.Contains(out.String(), "method=OTHER") || strings.Contains(out.String(), "actor")) {
				t.Errorf("log = %q, want an unknown method named OTHER and nobody's name", out.String())
			}
		})
	}
}

func TestPanicBarrier(t *testing.T) {
	var out bytes.Buffer
	h := chainOf(t, Options{Log: slog.New(slog.NewTextHandler(&out, nil))}, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Set-Cookie", "a=b")
		w.Header().Set("Content-Length", "999")
		panic("hunter2")
	})
	w := serve(h, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusInternalServerError || strings.Contains(w.Body.String(), "hunter2") {
		t.Errorf("answer = %d %q, want 500 without the panic's value", w.Code, w.Body)
	}
	if w.Header().Get("Set-Cookie") != "" || w.Header().Get("Content-Length") != "" || w.Header().Get("X-Frame-Options") == "" {
		t.Errorf("header = %v, want the handler's gone and the security headers there", w.Header())
	}
	if !strings.Contains(out.String(), "hunter2") || !strings.Contains(out.String(), "chain_test.go") || !strings.Contains(out.String(), "status=500") {
		t.Errorf("log = %s, want the value, the stack and the line of the request", out.String())
	}
}

func TestPanicThatMustReachTheServer(t *testing.T) {
	tests := []struct {
		name   string
		begin  bool
		value  any
		logged bool
	}{
		{"abort", false, http.ErrAbortHandler, false},
		{"abort halfway", true, http.ErrAbortHandler, false},
		{"defect halfway", true, "defect", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var out bytes.Buffer
			h := chainOf(t, Options{Log: slog.New(slog.NewTextHandler(&out, nil))}, func(w http.ResponseWriter, _ *http.Request) {
				if test.begin {
					_, _ = io.WriteString(w, "half")
				}
				panic(test.value)
			})
			defer func() {
				if got, _ := recover().(error); !errors.Is(got, http.ErrAbortHandler) {
					t.Errorf("panic = %v, want ErrAbortHandler", got)
				}
				if got := strings.Contains(out.String(), "panic while"); got != test.logged {
					t.Errorf("panic logged = %v, want %v", got, test.logged)
				}
			}()
			serve(h, httptest.NewRequest(http.MethodGet, "/", nil))
		})
	}
}
