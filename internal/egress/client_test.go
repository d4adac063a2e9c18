package egress

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/tls"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

// local makes a client that may reach this machine and believes the files.
func local(t *testing.T, caFiles ...string) *http.Client {
	t.Helper()
	g, err := New(Options{AllowLoopback: true, CAFiles: caFiles})
	if err != nil {
		t.Fatal(err)
	}
	client := g.Client()
	t.Cleanup(client.Transport.(*limited).next.(*http.Transport).CloseIdleConnections)
	return client
}

// fetch reads url whole and reports the code of the fault, "" for none.
func fetch(client *http.Client, url string) ([]byte, fault.Code) {
	res, err := client.Get(url)
	if err != nil {
		return nil, fault.Of(Explain(err)).Code
	}
	defer res.Body.Close()
	content, err := io.ReadAll(res.Body)
	if err != nil {
		return content, fault.Of(Explain(err)).Code
	}
	return content, ""
}

func TestClientRefusesAddresses(t *testing.T) {
	g, err := New(Options{Resolver: &answers{lists: [][]netip.Addr{addrs("127.0.0.1")}}})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		url  string
		want fault.Code
	}{
		{"http://127.0.0.1/", fault.CodeEgressBlocked},
		{"http://localhost/", fault.CodeEgressBlocked},
		{"http://[::ffff:169.254.169.254]/latest/meta-data/", fault.CodeEgressBlocked},
		{"http://metadata.google.internal/", fault.CodeEgressBlocked},
		{"http://2130706433/", fault.CodeEgressAddress},
		{"http://0x7f.1/", fault.CodeEgressAddress},
		{"http://[fe80::1%25eth0]/", fault.CodeEgressAddress},
		{"http://good.example@127.0.0.1/", fault.CodeEgressAddress},
		{"http://good.example:x@evil.example/", fault.CodeEgressAddress},
		{"http://good.example#@evil.example/", fault.CodeEgressBlocked}, // the host is good.example
		{"gopher://8.8.8.8/", fault.CodeEgressAddress},
		{"file:///etc/passwd", fault.CodeEgressAddress},
	}
	for _, test := range tests {
		if _, got := fetch(g.Client(), test.url); got != test.want {
			t.Errorf("%s = %q, want %q", test.url, got, test.want)
		}
	}
}

func TestNoProxyFromTheEnvironment(t *testing.T) {
	proxy := httptest.NewServer(http.NotFoundHandler())
	defer proxy.Close()
	t.Setenv("HTTP_PROXY", proxy.URL)
	g, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, got := fetch(g.Client(), "http://10.0.0.1/"); got != fault.CodeEgressBlocked {
		t.Errorf("code = %q, want %q: a proxy would have answered", got, fault.CodeEgressBlocked)
	}
}

func TestAnswersAreBounded(t *testing.T) {
	tests := []struct {
		name   string
		bytes  int
		length bool // announced by Content-Length
		packed bool
		want   fault.Code
	}{
		{"at the limit", MaxAnswer, true, false, ""},
		{"at the limit, not announced", MaxAnswer, false, false, ""},
		{"above", MaxAnswer + 1, true, false, fault.CodeEgressTooLarge},
		{"above, not announced", MaxAnswer + 1, false, false, fault.CodeEgressTooLarge},
		{"small on the wire only", 50 * MaxAnswer, false, true, fault.CodeEgressTooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			content := make([]byte, test.bytes)
			if test.packed {
				var b bytes.Buffer
				z := gzip.NewWriter(&b)
				_, _ = z.Write(content)
				_ = z.Close()
				content = b.Bytes()
			}
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if test.length {
					w.Header().Set("Content-Length", fmt.Sprint(len(content)))
				}
				if test.packed {
					w.Header().Set("Content-Encoding", "gzip")
				}
				_, _ = w.Write(content)
			}))
			defer server.Close()
			got, code := fetch(local(t), server.URL)
			if code != test.want || len(got) > MaxAnswer {
				t.Errorf("read %d bytes with code %q, want %q", len(got), code, test.want)
			}
			if test.want == "" && len(got) != test.bytes {
				t.Errorf("read %d bytes, want %d", len(got), test.bytes)
			}
		})
	}
}

func TestRedirects(t *testing.T) {
	var referer string
	mux := http.NewServeMux()
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		referer = r.Referer()
		_, _ = io.WriteString(w, r.Method)
	}))
	defer other.Close()
	server := httptest.NewServer(mux)
	defer server.Close()
	mux.HandleFunc("/{left}", func(w http.ResponseWriter, r *http.Request) {
		switch left := r.PathValue("left"); left {
		case "0":
			_, _ = io.WriteString(w, "there")
		default:
			http.Redirect(w, r, "/"+string(left[0]-1), http.StatusFound)
		}
	})
	mux.HandleFunc("/inside", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://10.0.0.1/", http.StatusFound)
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "file:///etc/passwd", http.StatusFound)
	})
	mux.HandleFunc("/other", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, other.URL, http.StatusTemporaryRedirect)
	})
	for path, want := range map[string]fault.Code{
		"/3": "", "/4": fault.CodeEgressRedirect, "/inside": fault.CodeEgressBlocked, "/file": fault.CodeEgressAddress,
		"/other?code=hunter2": "",
	} {
		if _, got := fetch(local(t), server.URL+path); got != want {
			t.Errorf("%s = %q, want %q", path, got, want)
		}
	}
	if referer != "" {
		t.Errorf("Referer = %q, want none", referer)
	}
	res, err := local(t).Post(server.URL+"/other", "text/plain", strings.NewReader("client_secret=hunter2"))
	if err == nil {
		_ = res.Body.Close()
	}
	if !fault.Is(Explain(err), fault.CodeEgressRedirect) {
		t.Errorf("a body sent on to another host = %v, want %q", err, fault.CodeEgressRedirect)
	}
}

// secure starts a TLS server and writes its authority to a file.
func secure(t *testing.T, handler http.HandlerFunc, version uint16) (url, ca string) {
	t.Helper()
	server := httptest.NewUnstartedServer(handler)
	server.TLS = &tls.Config{MaxVersion: version, MinVersion: tls.VersionTLS10}
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it is meant to fail
	server.StartTLS()
	t.Cleanup(server.Close)
	ca = filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	if err := os.WriteFile(ca, block, 0o600); err != nil {
		t.Fatal(err)
	}
	return server.URL, ca
}

func TestTLS(t *testing.T) {
	plain := httptest.NewServer(http.NotFoundHandler())
	defer plain.Close()
	answer := func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/down" {
			http.Redirect(w, r, plain.URL, http.StatusFound)
		}
	}
	url, ca := secure(t, answer, tls.VersionTLS13)
	old, oldCA := secure(t, answer, tls.VersionTLS11)
	tests := []struct {
		name, url string
		cas       []string
		want      fault.Code
	}{
		{"own authority", url, []string{ca}, ""},
		{"unknown authority", url, nil, fault.CodeEgressTLS},
		{"another name", strings.Replace(url, "127.0.0.1", "localhost", 1), []string{ca}, fault.CodeEgressTLS},
		{"TLS 1.1", old, []string{oldCA}, fault.CodeEgressTLS},
		{"no TLS", strings.Replace(plain.URL, "http:", "https:", 1), nil, fault.CodeEgressTLS},
		{"down to http", url + "/down", []string{ca}, fault.CodeEgressRedirect},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if _, got := fetch(local(t, test.cas...), test.url); got != test.want {
				t.Errorf("code = %q, want %q", got, test.want)
			}
		})
	}
}

func TestExplain(t *testing.T) {
	if err := Explain(nil); err != nil {
		t.Errorf("Explain(nil) = %v, want nil", err)
	}
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	_ = closed.Close()
	if _, got := fetch(local(t), "http://"+closed.Addr().String()); got != fault.CodeEgressUnreachable {
		t.Errorf("nobody listens = %q, want %q", got, fault.CodeEgressUnreachable)
	}
	tests := []struct {
		err  error
		want fault.Code
	}{
		{context.DeadlineExceeded, fault.CodeEgressTimeout},
		{&net.DNSError{IsTimeout: true}, fault.CodeEgressTimeout},
		{&net.DNSError{IsNotFound: true}, fault.CodeEgressUnresolved},
		{errors.New("connection reset"), fault.CodeEgressUnreachable},
		{fmt.Errorf("wrapped: %w", fault.New(fault.Invalid, fault.CodeEgressBlocked)), fault.CodeEgressBlocked},
	}
	for _, test := range tests {
		if got := fault.Of(Explain(test.err)).Code; got != test.want {
			t.Errorf("Explain(%v) = %q, want %q", test.err, got, test.want)
		}
	}
}

// TestRefusedRequestsCloseTheirBody keeps the promise of http.RoundTripper.
func TestRefusedRequestsCloseTheirBody(t *testing.T) {
	b := &closing{Reader: strings.NewReader("x")}
	r, err := http.NewRequest(http.MethodPost, "http://a@b.example/", b)
	if err != nil {
		t.Fatal(err)
	}
	res, err := (&limited{}).RoundTrip(r)
	if err == nil {
		_ = res.Body.Close()
	}
	if !fault.Is(err, fault.CodeEgressAddress) || !b.closed {
		t.Errorf("RoundTrip = %v, body closed %v; want %q and closed", err, b.closed, fault.CodeEgressAddress)
	}
}

type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error {
	c.closed = true
	return nil
}
