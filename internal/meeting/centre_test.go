package meeting

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// centre is an enterprise's authentication centre: a code is the account it
// stands for, with "?redirect_uri" behind it where the centre compares that.
type centre struct {
	*httptest.Server
	mu      sync.Mutex
	asked   url.Values // the last token call
	refuses bool
	account func(code string) map[string]any // what is said of a person
}

func newCentre(t testing.TB) *centre {
	t.Helper()
	c := &centre{account: func(code string) map[string]any {
		return map[string]any{"openid": code, "nickname": "Person " + code, "email": code + "@mail.example"}
	}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		_ = r.ParseForm()
		c.asked = r.PostForm
		if c.refuses || r.PostForm.Get("client_secret") != "s3cret-of-the-centre" {
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprint(w, `{"error":"invalid_client"}`)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "at-" + r.PostForm.Get("code"), "token_type": "Bearer"})
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, r *http.Request) {
		c.mu.Lock()
		defer c.mu.Unlock()
		var code string
		_, _ = fmt.Sscanf(r.Header.Get("Authorization"), "Bearer at-%s", &code)
		_ = json.NewEncoder(w).Encode(c.account(code))
	})
	c.Server = httptest.NewServer(mux)
	t.Cleanup(c.Close)
	return c
}

// last is the last token call.
func (c *centre) last() url.Values {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

// config is the configuration of acme against the centre, as it is sent.
func (c *centre) config() map[string]any {
	return map[string]any{
		"enableSSO": true, "domain": "sso.acme.example", "authorizeUrl": c.URL + "/authorize", "getTokenUrl": c.URL + "/token",
		"clientId": "orgate", "clientSecret": "s3cret-of-the-centre", "scope": nil, "accFieldName": "openid",
		"getUserInfoUrl": c.URL + "/me", "oauth2ServerType": 0, "pcSchemaUrl": "acme-pc://login", "androidSchemaUrl": nil,
		"iosSchemaUrl": nil, "thirdName": "nickname", "thirdEmail": "email", "thirdMobile": nil,
		"thirdAccessToken": "access_token", "thirdHeadImgUrl": nil,
	}
}

const (
	configPath    = "/v1/usg/acs/authorizeconfig"
	proxyPath     = "/v1/usg/acs/auth/proxy"
	authorizePath = "/v1/usg/acs/auth/authorizeurl"
)

func text(v any) string {
	b, _ := json.Marshal(v)
	return string(b)
}

// gated is a house whose enterprise signs in through a centre.
func (h *house) gated() *centre {
	h.t.Helper()
	c := newCentre(h.t)
	h.configure(c.config())
	return c
}

// configure sets the configuration as anna, the default administrator.
func (h *house) configure(config map[string]any) {
	h.t.Helper()
	anna := h.login("anna@acme.example").AccessToken
	if w := h.request("POST", configPath, text(config), "X-Access-Token: "+anna); w.Code != 200 || w.Body.Len() > 0 {
		h.t.Fatalf("configure: %d %s", w.Code, w.Body)
	}
}

// proxy signs in with a credential; changes override members of the body, nil
// leaves one out.
func (h *house) proxy(credential string, changes map[string]any) *httptest.ResponseRecorder {
	body := map[string]any{
		"authServerType": "oauth2", "authType": "AuthCode", "clientType": 72, "credential": credential, "domain": "sso.acme.example",
	}
	for name, value := range changes {
		body[name] = value
		if value == nil {
			delete(body, name)
		}
	}
	return h.request("POST", proxyPath, text(body))
}

// sourceID is the source of acme.
func (h *house) sourceID() identity.SourceID { return identity.SSOSourceID(h.acme.ID) }

// found is the source of acme as a sign-in finds it.
func (h *house) found() source.Found {
	h.t.Helper()
	found, err := h.o.Sources.ByID(h.t.Context(), h.sourceID())
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}
