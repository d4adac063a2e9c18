package relying

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"
)

// gate is a provider of a few lines: everybody who comes is Alice.
type gate struct {
	t      *testing.T
	url    string
	key    *rsa.PrivateKey
	now    time.Time
	mu     sync.Mutex
	asked  url.Values     // the latest authorization request
	claims map[string]any // instead of those of a good ID token
	rounds int            // how often the refresh token was redeemed
	gone   bool           // nothing is renewed any more
	about  string         // subject of user info
}

func newGate(t *testing.T) *gate {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	g := &gate{t: t, key: key, now: time.Unix(1_800_000_000, 0), claims: map[string]any{}, about: "s1"}
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	g.url = server.URL
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		g.say(w, map[string]any{
			"issuer": g.url, "authorization_endpoint": g.url + "/authorize", "token_endpoint": g.url + "/token", "jwks_uri": g.url + "/keys",
			"userinfo_endpoint": g.url + "/me", "end_session_endpoint": g.url + "/end", "id_token_signing_alg_values_supported": []string{"RS256"},
		})
	})
	mux.HandleFunc("GET /authorize", g.authorize)
	mux.HandleFunc("POST /token", g.token)
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		g.say(w, map[string]any{"keys": []any{map[string]any{
			"kty": "RSA", "use": "sig", "alg": "RS256", "kid": "1",
			"n": encode(key.N.Bytes()), "e": encode(big.NewInt(int64(key.E)).Bytes()),
		}}})
	})
	mux.HandleFunc("GET /me", func(w http.ResponseWriter, _ *http.Request) {
		g.say(w, map[string]any{"sub": g.about, "name": "Alice", "email_verified": true, "updated_at": g.now.Unix()})
	})
	mux.HandleFunc("GET /end", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.FormValue("post_logout_redirect_uri"), http.StatusSeeOther)
	})
	return g
}

func encode(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func (g *gate) say(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		g.t.Error(err)
	}
}

func (g *gate) authorize(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	g.asked = r.URL.Query()
	g.mu.Unlock()
	back := r.FormValue("redirect_uri") + "?" + url.Values{"state": {r.FormValue("state")}, "code": {"c"}, "iss": {g.url}}.Encode()
	if r.FormValue("prompt") == "none" {
		back = r.FormValue("redirect_uri") + "?" + url.Values{"state": {r.FormValue("state")}, "error": {"login_required"}}.Encode()
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

func (g *gate) token(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	digest := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	refresh := r.FormValue("grant_type") == "refresh_token"
	if g.gone || !refresh && encode(digest[:]) != g.asked.Get("code_challenge") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	answer := map[string]any{"access_token": "secret-access", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "secret-refresh", "scope": "openid"}
	if refresh {
		g.rounds++
	} else {
		answer["id_token"] = g.sign(map[string]any{"sub": "s1", "sid": "session-1", "nonce": g.asked.Get("nonce")})
	}
	g.say(w, answer)
}

// sign makes a token with good claims but for those given here or set in the
// gate; nil leaves one out.
func (g *gate) sign(given map[string]any) string {
	claims := map[string]any{"iss": g.url, "aud": "wiki", "iat": g.now.Unix(), "exp": g.now.Add(time.Hour).Unix()}
	for _, more := range []map[string]any{given, g.claims} {
		for name, value := range more {
			claims[name] = value
			if value == nil {
				delete(claims, name)
			}
		}
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		g.t.Error(err)
	}
	text := encode([]byte(`{"alg":"RS256","kid":"1"}`)) + "." + encode(payload)
	digest := sha256.Sum256([]byte(text))
	signature, err := rsa.SignPKCS1v15(rand.Reader, g.key, crypto.SHA256, digest[:])
	if err != nil {
		g.t.Error(err)
	}
	return text + "." + encode(signature)
}
