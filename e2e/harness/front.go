package harness

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
)

// StartBehindTLS starts a node behind a reverse proxy that ends TLS and is
// trusted, as most installations run. The node's URL is then that of the proxy,
// and https; its certificate is known to the node's Client and to browsers that
// Trust the node.
func (i *Installation) StartBehindTLS(t testing.TB, settings ...string) *Node {
	t.Helper()
	var behind atomic.Pointer[url.URL]
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(behind.Load())
		r.SetXForwarded()
	}}
	front := httptest.NewTLSServer(proxy)
	t.Cleanup(front.Close)
	n := i.Start(t, append([]string{"ORGATE_BASE_URL=" + front.URL, "ORGATE_TRUSTED_PROXIES=127.0.0.0/8"}, settings...)...)
	to, err := url.Parse(n.URL)
	if err != nil {
		t.Fatal(err)
	}
	behind.Store(to)
	n.URL = front.URL
	n.client.Transport = front.Client().Transport
	return n
}

// Client is a client of no special kind that trusts the node's certificate.
func (n *Node) Client() *http.Client { return &http.Client{Transport: n.client.Transport} }

// Trust lets the browser know the certificate of a node. It returns the
// browser.
func (b *Browser) Trust(n *Node) *Browser {
	b.client.Transport = n.client.Transport
	return b
}
