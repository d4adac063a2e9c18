package provision

import (
	"crypto/tls"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: "085d1f96cd9ddd6f3c50d70a0b2eb239"}

// house is acme with its application wiki, which nobody may enter yet, and a
// receiver that says what it is told to.
type house struct {
	*Syncs
	t        *testing.T
	db       *store.DB
	clock    *storetest.Clock
	people   *directory.Directory
	apps     *application.Applications
	acme     identity.Organization
	wiki     identity.Application
	secret   string
	receiver *receiver
}

// receiver keeps the calls that came and answers each as it is told.
type receiver struct {
	mu     sync.Mutex
	calls  []call
	answer func(c call) (status int, body string)
	url    string
}

type call struct {
	path   string
	header http.Header
	body   string
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	body, _ := io.ReadAll(request.Body)
	c := call{request.URL.Path, request.Header, string(body)}
	r.mu.Lock()
	r.calls = append(r.calls, c)
	answer := r.answer
	r.mu.Unlock()
	status, text := http.StatusOK, `{"resultCode":"000000","resultMsg":"Success"}`
	if answer != nil {
		status, text = answer(c)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text)
}

// says makes every answer the same; "" is success again.
func (r *receiver) says(status int, body string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.answer = func(call) (int, string) { return status, body }
	if body == "" {
		r.answer = nil
	}
}

// took returns the calls since it was last asked.
func (r *receiver) took() []call {
	r.mu.Lock()
	defer r.mu.Unlock()
	calls := r.calls
	r.calls = nil
	return calls
}

func newHouse(t *testing.T, open func(...storetest.Option) *store.DB) *house {
	t.Helper()
	clock := storetest.NewClock()
	db := open(storetest.WithClock(clock))
	h := &house{
		t: t, db: db, clock: clock, receiver: &receiver{},
		people: directory.New(db, directory.Options{
			Now: clock.Now, Hasher: directory.NewHasher(directory.HasherOptions{MemoryKiB: 64, Passes: 1}),
		}),
		apps: application.New(db, application.Options{Now: clock.Now}),
	}
	t.Cleanup(func() { h.people.Close(); h.apps.Close() })
	server := httptest.NewTLSServer(h.receiver)
	t.Cleanup(server.Close)
	// The name in the certificate of httptest, wherever it points.
	client := server.Client()
	transport := client.Transport.(*http.Transport)
	transport.DialTLSContext, transport.ForceAttemptHTTP2 = nil, false
	transport.TLSClientConfig = &tls.Config{RootCAs: transport.TLSClientConfig.RootCAs, ServerName: "example.com"}
	h.receiver.url = "https://localhost" + server.URL[len("https://127.0.0.1"):]
	h.Syncs = New(db, Options{Now: clock.Now, Client: client, Node: "test", Issuer: "https://id.example", Proves: h.apps.Prove})
	h.furnish()
	return h
}

func (h *house) furnish() {
	h.t.Helper()
	var err error
	if h.acme, err = h.people.AddOrganization(h.t.Context(), console(), directory.NewOrganization{Code: "acme", Name: "Acme"}); err != nil {
		h.t.Fatal(err)
	}
	h.wiki, h.secret = h.application("wiki")
}

func (h *house) application(clientID string) (identity.Application, string) {
	h.t.Helper()
	app, secret, err := h.apps.AddApplication(h.t.Context(), console(), h.acme.ID, application.NewApplication{
		ClientID: clientID, Protocol: identity.ProtocolOIDC,
		Settings: application.ApplicationChange{Name: &clientID, HomeURLs: &[]string{"https://" + clientID + ".example/cb"}},
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return app, secret
}

func eachHouse(t *testing.T, test func(t *testing.T, h *house)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) { test(t, newHouse(t, open)) })
}

func sqliteHouse(t *testing.T) *house {
	t.Helper()
	return newHouse(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
}

func console() identity.Actor { return identity.Actor{Kind: identity.ActsAsConsole, Origin: origin} }

// somebody acts in acme with a role.
func (h *house) somebody(role identity.Role) identity.Actor {
	return identity.Actor{Kind: identity.ActsAsMember, OrganizationID: h.acme.ID, MemberID: "mem_x", Role: role, Origin: origin}
}

// whole are settings that can be switched on.
func (h *house) whole() SyncChange {
	return SyncChange{
		Enabled: new(true), CallbackURL: &h.receiver.url, SignatureKey: new(signatureKey), PublicKey: new(publicPEM()), ClientSecret: &h.secret,
	}
}

// events are the types of what was told, newest first.
func (h *house) events(most int) (types []string) {
	h.t.Helper()
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		all, err := tx.Events.Page(store.EventQuery{Organization: h.acme.ID, Limit: most})
		for _, e := range all {
			types = append(types, e.Type)
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return types
}

// wants checks the code of a fault; "" means none.
func wants(t *testing.T, what string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", what, err, code)
	}
}
