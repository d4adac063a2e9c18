package httpd

import (
	"bufio"
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
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

// writePair makes a self-signed pair for 127.0.0.1 with a serial number.
func writePair(t *testing.T, dir string, serial int64) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), Subject: pkix.Name{CommonName: "orgate"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	for path, content := range map[string][]byte{cert: certPEM, key: pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw})} {
		if err := os.WriteFile(path, content, 0o600); err != nil {
			t.Fatal(err)
		}
		// Two pairs written within one tick of the file system's clock differ all the same.
		stamp := time.Unix(1_700_000_000+serial, 0)
		if err := os.Chtimes(path, stamp, stamp); err != nil {
			t.Fatal(err)
		}
	}
	pool = x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	return cert, key, pool
}

func TestServeOverTLS(t *testing.T) {
	cert, key, pool := writePair(t, t.TempDir(), 1)
	addr, stop := start(t, Options{TLSCert: cert, TLSKey: key}, func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		_, _ = io.WriteString(w, r.Proto)
	})
	defer stop() //nolint:errcheck // its own tests watch the end
	for proto, http2 := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: http2}
		res, err := (&http.Client{Transport: transport}).Get("https://" + addr)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(res.Body)
		_ = res.Body.Close()
		if string(body) != proto {
			t.Errorf("protocol = %s, want %s", body, proto)
		}
		transport.CloseIdleConnections()
	}
	old := &tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS11, MinVersion: tls.VersionTLS10}
	if conn, err := tls.Dial("tcp", addr, old); err == nil {
		_ = conn.Close()
		t.Error("TLS 1.1 was accepted")
	}
}

func TestRenewedCertificateIsTakenUp(t *testing.T) {
	dir := t.TempDir()
	cert, key, _ := writePair(t, dir, 1)
	now := time.Unix(1_800_000_000, 0)
	c, err := newCertificate(cert, key, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	serial := func() int64 {
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	writePair(t, dir, 2)
	if got := serial(); got != 1 {
		t.Errorf("serial = %d at once, want 1: the files are looked at once a minute", got)
	}
	now = now.Add(recheck)
	if got := serial(); got != 2 {
		t.Errorf("serial = %d after a minute, want 2", got)
	}
	if err := os.WriteFile(cert, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(recheck)
	if got := serial(); got != 2 {
		t.Errorf("serial = %d with a broken file, want 2 kept", got)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	now = now.Add(recheck)
	if got := serial(); got != 2 {
		t.Errorf("serial = %d with a file gone, want 2 kept", got)
	}
}

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
