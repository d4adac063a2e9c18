package e2e_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
	"github.com/orgate/orgate/internal/config"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/manifest"
	"github.com/orgate/orgate/internal/server"
	"github.com/orgate/orgate/internal/store/storetest"
)

// partyManifest is an organisation with one person and one application.
const partyManifest = `version: 1
organizations:
  - code: acme
    name: Acme Ltd
    members:
      - {account: olivia@acme.example, name: Olivia, role: owner, password: Silver-orchard-14}
    applications:
      - {name: Conformance, protocol: oidc, client_id: ` + rpClient + `, client_secret: ` + rpSecret + `,
         home_urls: ["` + rpBack + `"], access: {everyone: true}}
`

// partyStage is a whole server whose clock a test moves.
type partyStage struct {
	server *server.Server
	clock  *storetest.Clock
}

func newPartyStage(t *testing.T, dsn string) partyStage {
	t.Helper()
	cfg := config.Default()
	cfg.Listen, cfg.OpsListen = "127.0.0.1:0", ""
	cfg.SealingKeys = config.Keys{storetest.SealingKey()}
	var err error
	if cfg.Database, err = config.ParseDatabase(dsn); err != nil {
		t.Fatal(err)
	}
	s := partyStage{clock: storetest.NewClock()}
	if s.server, err = server.New(t.Context(), cfg, server.Options{Now: s.clock.Now}); err != nil {
		t.Fatal(err)
	}
	h := s.server.House
	house := manifest.House{Directory: h.Directory, Applications: h.Applications, Settings: h.Settings, Sources: h.Sources, Policies: h.Policies, Reports: h.Reports, Syncs: h.Syncs, Statements: h.Statements}
	document, err := manifest.Load([]manifest.File{{Name: "acme.yaml", Data: []byte(partyManifest)}}, manifest.Surroundings{})
	if err == nil {
		_, err = manifest.Apply(t.Context(), identity.Actor{Kind: identity.ActsAsConsole, Name: "test"}, house, document, manifest.Options{})
	}
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	stopped := make(chan error, 1)
	go func() { stopped <- s.server.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-stopped; err != nil {
			t.Errorf("the server ended with %v", err)
		}
	})
	return s
}

// code signs Olivia in at a browser and returns the application's code.
func (s partyStage) code(t *testing.T) string {
	t.Helper()
	b := harness.NewBrowser(t, rpBack)
	page := b.Open(t, s.server.BaseURL().String()+"/oauth2/authorize?"+request().Encode())
	for i, f := range page.Forms {
		if f.Values.Has("password") {
			page = b.Fill(t, page, i, "", map[string]string{"account": "olivia@acme.example", "password": "Silver-orchard-14"})
			break
		}
	}
	if page.Status != 0 || page.URL.Query().Get("code") == "" {
		t.Fatalf("got %d at %s, want a code", page.Status, page.URL)
	}
	return page.URL.Query().Get("code")
}

// partyAnswer is an answer to the application.
type partyAnswer struct {
	status int
	Access string `json:"access_token"`
	Error  string `json:"error"`
}

// send sends a form to the token endpoint, or none to user info with a token.
func (s partyStage) send(t *testing.T, path, token string, form url.Values) (a partyAnswer) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.server.BaseURL().String()+path, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range credentials(rpClient) {
		r.Header.Set(name, value)
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	a.status = resp.StatusCode
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(body, &a); err != nil {
		t.Fatalf("%s: %d %s", path, resp.StatusCode, body)
	}
	return a
}

// redeem redeems a code.
func (s partyStage) redeem(t *testing.T, code string) partyAnswer {
	t.Helper()
	return s.send(t, "/oauth2/token", "", codeForm(code))
}

// TestOIDCConformanceInTime are the modules of the plan oidcc-basic for which
// the clock has to be moved: the whole server runs by it.
func TestOIDCConformanceInTime(t *testing.T) {
	storetest.EachDSN(t, func(t *testing.T, dsn string) {
		s := newPartyStage(t, dsn)
		t.Run("OIDCCAuthCodeReuseAfter30Seconds", func(t *testing.T) {
			code := s.code(t)
			first := s.redeem(t, code)
			if first.status != http.StatusOK || s.send(t, "/oauth2/userinfo", first.Access, nil).status != http.StatusOK {
				t.Fatalf("first use: got %+v", first)
			}
			s.clock.Advance(30 * time.Second)
			if again := s.redeem(t, code); again.status != http.StatusBadRequest || again.Error != "invalid_grant" {
				t.Errorf("second use: got %+v", again)
			}
			if got := s.send(t, "/oauth2/userinfo", first.Access, nil); got.status != http.StatusUnauthorized {
				t.Errorf("the first access token: got %d, want 401", got.status)
			}
		})
		t.Run("a code is redeemed too late", func(t *testing.T) {
			code := s.code(t)
			s.clock.Advance(61 * time.Second)
			if late := s.redeem(t, code); late.status != http.StatusBadRequest || late.Error != "invalid_grant" {
				t.Errorf("got %+v", late)
			}
		})
	})
}
