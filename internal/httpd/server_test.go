package httpd

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// start runs a server with handler on a free port. stop ends it and returns
// what Serve returned.
func start(t *testing.T, o Options, handler http.HandlerFunc) (addr string, stop func() error) {
	t.Helper()
	o.Addr, o.Handler = "127.0.0.1:0", handler
	if o.Now == nil {
		o.Now = time.Now
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	bound, err := s.Listen()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx) }()
	return bound.String(), func() error {
		cancel()
		return <-done
	}
}

func TestServeFinishesWhatIsInFlight(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	addr, stop := start(t, Options{}, func(w http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-release
		if r.Context().Err() != nil {
			t.Error("the context of a request in flight ended with the server's")
		}
		_, _ = io.WriteString(w, "finished")
	})
	answer := make(chan string, 1)
	go func() {
		res, err := http.Get("http://" + addr)
		if err != nil {
			answer <- err.Error()
			return
		}
		defer res.Body.Close()
		body, _ := io.ReadAll(res.Body)
		answer <- string(body)
	}()
	<-arrived
	stopped := make(chan error, 1)
	go func() { stopped <- stop() }()
	for dials := true; dials; { // until the listener is closed
		conn, err := net.Dial("tcp", addr)
		if dials = err == nil; dials {
			_ = conn.Close()
		}
	}
	close(release)
	if got := <-answer; got != "finished" {
		t.Errorf("answer = %q, want it finished", got)
	}
	if err := <-stopped; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
}

func TestServeCutsOffWhatOutlastsTheGrace(t *testing.T) {
	arrived := make(chan struct{})
	addr, stop := start(t, Options{Grace: time.Millisecond}, func(_ http.ResponseWriter, r *http.Request) {
		close(arrived)
		<-r.Context().Done()
	})
	failed := make(chan error, 1)
	go func() {
		res, err := http.Get("http://" + addr)
		if err == nil {
			_ = res.Body.Close()
		}
		failed <- err
	}()
	<-arrived
	if err := stop(); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Serve = %v, want the deadline", err)
	}
	if err := <-failed; err == nil {
		t.Error("the request was answered, want it cut off")
	}
}

func TestListenFails(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s, err := New(Options{Addr: taken.Addr().String(), Handler: http.NotFoundHandler(), Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Serve(t.Context()); err == nil || !strings.Contains(err.Error(), taken.Addr().String()) {
		t.Errorf("Serve on a taken address = %v, want an error that names it", err)
	}
}

func TestNewRefuses(t *testing.T) {
	for name, o := range map[string]Options{
		"no handler":  {Now: time.Now},
		"no clock":    {Handler: http.NotFoundHandler()},
		"no key pair": {Now: time.Now, Handler: http.NotFoundHandler(), TLSCert: "/does/not/exist", TLSKey: "/does/not/exist"},
	} {
		if _, err := New(o); err == nil {
			t.Errorf("New with %s = nil, want an error", name)
		}
	}
}

// TestRawRequests sends what no client library would.
func TestRawRequests(t *testing.T) {
	addr, stop := start(t, Options{BodyLimit: 10}, func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			w.WriteHeader(http.StatusRequestEntityTooLarge)
			return
		}
		_, _ = io.WriteString(w, "host="+r.Host)
	})
	defer stop() //nolint:errcheck // its own tests watch the end
	tests := []struct{ name, request, want string }{
		{"plain", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "200 OK"},
		{"broken escape", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request"},
		{"escaped NUL", "GET /%00 HTTP/1.1\r\nHost: a\r\n\r\n", "400 Bad Request"},
		{"no host", "GET / HTTP/1.1\r\n\r\n", "400 Bad Request"},
		{"two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", "400 Bad Request"},
		{"large header", "GET / HTTP/1.1\r\nHost: a\r\nX: " + strings.Repeat("x", 40<<10) + "\r\n\r\n", "431 Request Header"},
		{"large body", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n12345678901", "413 Request Entity"},
		{"two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n1", "400 Bad Request"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			go func() { _, _ = io.WriteString(conn, test.request) }()
			line, err := bufio.NewReader(conn).ReadString('\n')
			if err != nil || !strings.Contains(line, test.want) {
				t.Errorf("answer = %q, %v, want %s", line, err, test.want)
			}
		})
	}
}
