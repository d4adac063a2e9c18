package source

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/egress"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

// console is the operator, who may everything.
var console = identity.Actor{Kind: identity.ActsAsConsole, Name: "console"}

// house is sources with one organisation, as a test needs it.
type house struct {
	*Sources
	t     *testing.T
	db    *store.DB
	clock *storetest.Clock
	org   identity.Organization
	count *atomic.Int64 // statements that ran
}

type houseOptions struct {
	open    func(...storetest.Option) *store.DB // nil is SQLite
	cas     []string
	timeout time.Duration // 0 is generous
	closed  bool          // loopback may not be reached
}

// resolver finds the hosts of the tests without any network.
type resolver struct{}

func (resolver) LookupNetIP(_ context.Context, _, host string) ([]netip.Addr, error) {
	switch {
	case host == "localhost" || strings.HasSuffix(host, ".test"):
		return []netip.Addr{netip.MustParseAddr("127.0.0.1")}, nil
	case strings.HasPrefix(host, "inside."):
		return []netip.Addr{netip.MustParseAddr("10.0.0.7")}, nil
	}
	return nil, &net.DNSError{Err: "no such host", Name: host, IsNotFound: true}
}

func newHouse(t *testing.T, o houseOptions) *house {
	t.Helper()
	if o.open == nil {
		o.open = func(options ...storetest.Option) *store.DB { return storetest.Open(t, options...) }
	}
	if o.timeout == 0 {
		o.timeout = 20 * time.Second
	}
	h := &house{t: t, clock: storetest.NewClock(), count: new(atomic.Int64)}
	h.db = o.open(storetest.WithClock(h.clock), storetest.With(func(so *store.Options) {
		so.Observe = func(query string) {
			// The change feed asks by itself now and then.
			if !strings.Contains(query, "FROM changes") {
				h.count.Add(1)
			}
		}
	}))
	guard, err := egress.New(egress.Options{AllowLoopback: !o.closed, CAFiles: o.cas, Resolver: resolver{}})
	if err != nil {
		t.Fatal(err)
	}
	client := guard.Client()
	t.Cleanup(client.CloseIdleConnections)
	base := &url.URL{Scheme: "https", Host: "gate.example"}
	h.Sources = New(h.db, Options{
		Now: h.clock.Now, Client: client, Dialer: guard, BaseURL: base, Timeout: o.timeout,
		Traces: trace.NewKeeper(h.db, trace.Options{Now: h.clock.Now}),
	})
	h.org = h.furnish("acme")
	return h
}

// furnish makes an organisation.
func (h *house) furnish(code string) identity.Organization {
	h.t.Helper()
	org := identity.Organization{
		ID: identity.NewOrganizationID(h.clock.Now()), Code: code, Name: "Organisation " + code, Domain: code + ".own",
		Status: identity.OrganizationActive, AutoCreate: true, Rules: identity.DefaultSignInRules(), Version: 1,
		CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	h.update(func(tx *store.Tx) error { return tx.Organizations.Insert(org) })
	return org
}

func (h *house) update(change func(*store.Tx) error) {
	h.t.Helper()
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test prepares its ground")
		return change(tx)
	})
	if err != nil {
		h.t.Fatal(err)
	}
}

// ptr returns a pointer to a value.
func ptr[T any](v T) *T { return &v }

// change puts every field of an SSO into a change.
func change(s SSO) SSOChange {
	return SSOChange{
		Enabled: &s.Enabled, Domain: &s.Domain, AuthorizeURL: &s.AuthorizeURL, TokenURL: &s.TokenURL, UserInfoURL: &s.UserInfoURL,
		ClientID: &s.ClientID, ClientSecret: &s.ClientSecret, Scope: &s.Scope, Dialect: ptr(s.filled().Dialect), AccountField: &s.AccountField,
		Name: &s.Fields.Name, Email: &s.Fields.Email, Mobile: &s.Fields.Mobile, AccessToken: &s.Fields.AccessToken, Picture: &s.Fields.Picture,
		TokenStyle: ptr(s.filled().TokenStyle), WithoutPKCE: &s.WithoutPKCE, AutoCreate: s.AutoCreate,
		PC: &s.Schemes.PC, Android: &s.Schemes.Android, IOS: &s.Schemes.IOS,
	}
}

// save stores an SSO or ends the test.
func (h *house) save(s SSO) {
	h.t.Helper()
	if err := h.SetSSO(h.t.Context(), console, h.org.ID, 0, change(s)); err != nil {
		h.t.Fatalf("SetSSO: %v", err)
	}
}

// found is the source of the house's organisation.
func (h *house) found() Found {
	h.t.Helper()
	f, err := h.ByID(h.t.Context(), identity.SSOSourceID(h.org.ID))
	if err != nil {
		h.t.Fatalf("ByID: %v", err)
	}
	return f
}

// browse follows an authorisation link as a browser does, up to the way back
// to the gate, and returns the query of the call-back.
func (h *house) browse(link string, roots *x509.CertPool) (url.Values, error) {
	h.t.Helper()
	dialer := &net.Dialer{}
	transport := &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			_, port, _ := net.SplitHostPort(addr)
			return dialer.DialContext(ctx, network, "127.0.0.1:"+port)
		},
	}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Get(link)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	back, err := res.Location()
	if err != nil {
		return nil, fmt.Errorf("the centre kept the browser: %s", res.Status)
	}
	if !strings.HasPrefix(back.String(), h.Callback(h.org.ID)+"?") && !strings.HasPrefix(back.String(), "https://gate.example/login/source/") {
		return nil, fmt.Errorf("sent to %s", back)
	}
	return back.Query(), nil
}

// signIn goes the whole way of a sign-in at a centre.
func (h *house) signIn(c *fakeCentre) (identity.Profile, *trace.Story, error) {
	h.t.Helper()
	return h.signInAt(h.found(), c)
}

// signInAt is signIn at any source.
func (h *house) signInAt(found Found, c *fakeCentre) (identity.Profile, *trace.Story, error) {
	h.t.Helper()
	ctx, story := h.t.Context(), trace.Begin(trace.SourceLogin, identity.Origin{})
	_, a, err := h.NewAttempt(ctx, found, AttemptOptions{Purpose: ForWeb})
	if err != nil {
		h.t.Fatalf("NewAttempt: %v", err)
	}
	step, err := h.Begin(ctx, found, a)
	if err != nil {
		h.t.Fatalf("Begin: %v", err)
	}
	query, err := h.browse(step.URL, c.roots)
	if err != nil {
		h.t.Fatalf("browse: %v", err)
	}
	if a, err = h.TakeAttempt(ctx, query.Get("state")); err != nil {
		h.t.Fatalf("TakeAttempt: %v", err)
	}
	profile, err := h.Finish(ctx, found, a, Answer{Query: query}, story)
	return profile, story, err
}

// firstBad is the step at which a story went wrong.
func firstBad(story *trace.Story) (trace.Check, trace.Detail) {
	for _, s := range story.Steps() {
		if s.State == trace.Failing {
			return s.Check, s.Detail
		}
	}
	return "", trace.Detail{}
}

// authority is a certificate authority of the tests.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	file string // PEM
	pool *x509.CertPool
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Test Authority"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-48 * time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(raw)
	if err != nil {
		t.Fatal(err)
	}
	a := &authority{cert: cert, key: key, file: filepath.Join(t.TempDir(), "ca.pem"), pool: x509.NewCertPool()}
	a.pool.AddCert(cert)
	if err := os.WriteFile(a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return a
}

// issue makes a certificate for a name that ends at an instant.
func (a *authority) issue(t *testing.T, name string, ends time.Time) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: name}, DNSNames: []string{name},
		NotBefore: time.Now().Add(-24 * time.Hour), NotAfter: ends, KeyUsage: x509.KeyUsageDigitalSignature,
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.cert, key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{raw}, PrivateKey: key}
}
