package source

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/coreos/go-oidc/v3/oidc/oidctest"
)

const (
	goodClient = "orgate"
	goodSecret = "s3cret-of-the-centre-0123456789"
	goodToken  = "ACCESS-TOKEN-0123456789abcdef"
)

// fakeCentre is an authentication centre that obeys RFC 6749, RFC 7636 and
// OpenID Connect, with the addresses of a WeChat-like one beside, written from
// those documents. A test breaks one thing of it.
type fakeCentre struct {
	t       *testing.T
	server  *httptest.Server
	roots   *x509.CertPool
	now     func() time.Time
	key     *ecdsa.PrivateKey
	scopes  []string // granted ones; nil grants every
	domain  string   // authorised for call-backs; "" authorises every
	person  map[string]any
	beside  map[string]any                                    // of the token answer, beside the token
	claims  func(map[string]any)                              // changes the ID token's claims
	signed  func(claims string) string                        // signs them otherwise
	replace map[string]http.HandlerFunc                       // by path
	wrap    func(w http.ResponseWriter, r *http.Request) bool // answers first, if it wants

	mu     sync.Mutex
	grants map[string]*grantedCode
	calls  []*http.Request // what was asked, with parsed forms
}

type grantedCode struct {
	challenge, nonce, redirect string
	used                       bool
}

func newCentre(t *testing.T, secure *tls.Config) *fakeCentre {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	c := &fakeCentre{
		t: t, key: key, grants: map[string]*grantedCode{}, replace: map[string]http.HandlerFunc{},
		person: map[string]any{
			"sub": "zhang", "openid": "oid-zhang", "nickname": "Zhang San", "email": "zhang@acme.example", "mobile": "+8613800000001",
			"headimgurl": "https://pictures.example/1.png", "data": map[string]any{"account": "deep", "list": []any{"first", 42}}, "number": 12345678901234567,
		},
		beside: map[string]any{"openid": "oid-zhang", "token_type": "Bearer", "expires_in": 7200, "refresh_token": "REFRESH-TOKEN-0123456789"},
	}
	c.server = httptest.NewUnstartedServer(http.HandlerFunc(c.serve))
	c.server.Config.ErrorLog = log.New(io.Discard, "", 0) // some of it is meant to fail
	if secure == nil {
		c.server.Start()
	} else {
		c.server.TLS = secure
		c.server.StartTLS()
	}
	t.Cleanup(c.server.Close)
	return c
}

func (c *fakeCentre) serve(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm()
	c.mu.Lock()
	c.calls = append(c.calls, r)
	c.mu.Unlock()
	if c.wrap != nil && c.wrap(w, r) {
		return
	}
	if handler := c.replace[r.URL.Path]; handler != nil {
		handler(w, r)
		return
	}
	switch r.URL.Path {
	case "/authorize":
		c.authorize(w, r)
	case "/connect/qrconnect":
		c.connect(w, r)
	case "/token":
		c.token(w, r)
	case "/sns/oauth2/access_token":
		c.wechatToken(w, r)
	case "/userinfo":
		if r.Header.Get("Authorization") != "Bearer "+goodToken {
			w.Header().Set("WWW-Authenticate", `Bearer error="invalid_token"`)
			answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_token"})
			return
		}
		answer(w, http.StatusOK, c.person)
	case "/sns/userinfo":
		if r.Form.Get("access_token") != goodToken || r.Form.Get("openid") != "oid-zhang" {
			answer(w, http.StatusOK, map[string]any{"errcode": 40001, "errmsg": "invalid credential"})
			return
		}
		answer(w, http.StatusOK, c.person)
	case "/.well-known/openid-configuration", "/keys":
		c.publish(w, r)
	default:
		http.NotFound(w, r)
	}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

// authorize signs in whoever comes at once.
func (c *fakeCentre) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("client_id") != goodClient:
		http.Error(w, "invalid_client: unknown client_id", http.StatusBadRequest)
		return
	case err != nil, c.domain != "" && back.Host != c.domain:
		http.Error(w, "redirect_uri is not registered", http.StatusBadRequest)
		return
	}
	c.sendBack(w, r, back)
}

// connect refuses on a page that says 200, as WeChat does.
func (c *fakeCentre) connect(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	back, err := url.Parse(q.Get("redirect_uri"))
	switch {
	case q.Get("appid") != goodClient:
		fmt.Fprint(w, "<html><p>AppID 参数错误</p></html>")
	case err != nil, c.domain != "" && back.Host != c.domain:
		fmt.Fprint(w, "<html><p>redirect_uri 参数错误</p></html>")
	case q.Get("scope") != "snsapi_login":
		fmt.Fprint(w, "<html><p>Scope 参数错误或没有 Scope 权限</p></html>")
	default:
		c.sendBack(w, r, back)
	}
}

func (c *fakeCentre) sendBack(w http.ResponseWriter, r *http.Request, back *url.URL) {
	q, out := r.URL.Query(), url.Values{"state": {r.URL.Query().Get("state")}}
	if c.scopes != nil && !contains(c.scopes, q.Get("scope")) {
		out.Set("error", "invalid_scope")
	} else {
		code := rand.Text()
		c.mu.Lock()
		c.grants[code] = &grantedCode{challenge: q.Get("code_challenge"), nonce: q.Get("nonce"), redirect: q.Get("redirect_uri")}
		c.mu.Unlock()
		out.Set("code", code)
	}
	back.RawQuery = out.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}

func contains(list []string, word string) bool {
	for _, w := range list {
		if w == word {
			return true
		}
	}
	return false
}

// redeem spends a code; false when it is unknown or was used.
func (c *fakeCentre) redeem(code string) (*grantedCode, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.grants[code]
	if !ok || g.used {
		return nil, false
	}
	g.used = true
	return g, true
}

func (c *fakeCentre) token(w http.ResponseWriter, r *http.Request) {
	id, secret, basic := r.BasicAuth()
	if !basic {
		id, secret = r.PostForm.Get("client_id"), r.PostForm.Get("client_secret")
	}
	g, good := c.redeem(r.PostForm.Get("code"))
	sum := sha256.Sum256([]byte(r.PostForm.Get("code_verifier")))
	switch {
	case r.Method != http.MethodPost:
		w.WriteHeader(http.StatusMethodNotAllowed)
	case id != goodClient || secret != goodSecret:
		answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client", "error_description": "client authentication failed"})
	case !good, g.redirect != r.PostForm.Get("redirect_uri"),
		g.challenge != "" && g.challenge != base64.RawURLEncoding.EncodeToString(sum[:]):
		answer(w, http.StatusBadRequest, map[string]any{"error": "invalid_grant"})
	default:
		body := map[string]any{"access_token": goodToken, "id_token": c.idToken(g.nonce)}
		for name, value := range c.beside {
			body[name] = value
		}
		answer(w, http.StatusOK, body)
	}
}

func (c *fakeCentre) wechatToken(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	refuse := func(code int, message string) {
		answer(w, http.StatusOK, map[string]any{"errcode": code, "errmsg": message})
	}
	switch _, good := c.redeem(q.Get("code")); {
	case q.Get("appid") != goodClient:
		refuse(40013, "invalid appid")
	case q.Get("secret") != goodSecret:
		refuse(40125, "invalid appsecret")
	case q.Get("grant_type") != "authorization_code":
		refuse(40002, "invalid grant_type")
	case !good:
		refuse(40163, "code been used")
	default:
		body := map[string]any{"access_token": goodToken, "scope": "snsapi_login"}
		for name, value := range c.beside {
			body[name] = value
		}
		answer(w, http.StatusOK, body)
	}
}

func (c *fakeCentre) idToken(nonce string) string {
	now := c.now()
	said := map[string]any{
		"iss": c.server.URL, "aud": goodClient, "sub": "zhang", "nonce": nonce, "iat": now.Unix(), "exp": now.Add(time.Hour).Unix(),
		"preferred_username": "zhang.san",
	}
	if c.claims != nil {
		c.claims(said)
	}
	text, err := json.Marshal(said)
	if err != nil {
		c.t.Error(err)
	}
	if c.signed != nil {
		return c.signed(string(text))
	}
	return oidctest.SignIDToken(c.key, "key-1", oidc.ES256, string(text))
}

func (c *fakeCentre) publish(w http.ResponseWriter, r *http.Request) {
	s := &oidctest.Server{PublicKeys: []oidctest.PublicKey{{PublicKey: c.key.Public(), KeyID: "key-1", Algorithm: oidc.ES256}}, Algorithms: []string{oidc.ES256}}
	s.SetIssuer(c.server.URL)
	s.ServeHTTP(w, r)
}

// asked returns the requests of a path.
func (c *fakeCentre) asked(path string) []*http.Request {
	c.mu.Lock()
	defer c.mu.Unlock()
	var list []*http.Request
	for _, r := range c.calls {
		if r.URL.Path == path {
			list = append(list, r)
		}
	}
	return list
}

// standard is settings that work with the centre as it stands.
func (c *fakeCentre) standard() SSO {
	return SSO{Enabled: true, Domain: "acme.example", OAuth2: OAuth2{
		AuthorizeURL: c.server.URL + "/authorize", TokenURL: c.server.URL + "/token", UserInfoURL: c.server.URL + "/userinfo",
		ClientID: goodClient, ClientSecret: goodSecret, AccountField: "sub",
		Fields: Fields{Name: "nickname", Email: "email", Mobile: "mobile", AccessToken: "access_token", Picture: "headimgurl"},
	}}
}

// wechat is the same for its WeChat-like addresses.
func (c *fakeCentre) wechat() SSO {
	s := c.standard()
	s.AuthorizeURL, s.TokenURL = c.server.URL+"/connect/qrconnect", c.server.URL+"/sns/oauth2/access_token"
	s.UserInfoURL, s.AccountField, s.Scope = c.server.URL+"/sns/userinfo", "openid", "snsapi_login"
	return s
}

// openID is standard with the scope openid.
func (c *fakeCentre) openID() SSO {
	s := c.standard()
	s.Scope = "openid profile"
	return s
}

// jsonOf writes a value as JSON.
func jsonOf(t *testing.T, value any) string {
	t.Helper()
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// text answers with a text of a media type.
func text(status int, media, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", media)
		w.WriteHeader(status)
		_, _ = io.Copy(w, strings.NewReader(body))
	}
}
