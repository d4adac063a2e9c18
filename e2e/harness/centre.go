package harness

import (
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
)

// CentreSecret is the client secret that a Centre expects.
const CentreSecret = "s3cret-of-the-enterprises-centre"

// Centre is an enterprise's own authentication centre, an OAuth 2.0 server of a
// few lines: nobody is asked for a password there, the test says who came.
type Centre struct {
	URL string

	mu     sync.Mutex
	codes  map[string]visit // by code
	tokens map[string]map[string]any
	next   map[string]any
}

// visit is one person who was proven, and where the code was sent.
type visit struct {
	person   map[string]any
	callback string // "" where the centre does not compare it
}

// NewCentre starts a centre; it ends with the test.
func NewCentre(t testing.TB) *Centre {
	t.Helper()
	c := &Centre{codes: map[string]visit{}, tokens: map[string]map[string]any{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /authorize", c.authorize)
	mux.HandleFunc("POST /token", c.token)
	mux.HandleFunc("GET /userinfo", c.userinfo)
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	c.URL = server.URL
	return c
}

// Code is a code that a client fetched for a person itself: what user info
// says of the person. The centre does not compare where it was sent.
func (c *Centre) Code(person map[string]any) string { return c.code(visit{person: person}) }

func (c *Centre) code(v visit) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	code := rand.Text()
	c.codes[code] = v
	return code
}

// Next says who signs in at the next visit of a browser.
func (c *Centre) Next(person map[string]any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next = person
}

// Config is the configuration of enterprise SSO against the centre (Meeting
// API, 4.8) under a domain.
func (c *Centre) Config(domain string) map[string]any {
	return map[string]any{
		"enableSSO": true, "domain": domain, "authorizeUrl": c.URL + "/authorize", "getTokenUrl": c.URL + "/token",
		"clientId": "orgate", "clientSecret": CentreSecret, "accFieldName": "id", "getUserInfoUrl": c.URL + "/userinfo",
		"thirdName": "name", "thirdEmail": "mail", "thirdMobile": "phone", "thirdAccessToken": "access_token",
		"pcSchemaUrl": "acme-pc://login", "androidSchemaUrl": "acme-android://login", "iosSchemaUrl": "acme-ios://login",
	}
}

func (c *Centre) authorize(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	c.mu.Lock()
	person := c.next
	c.mu.Unlock()
	back := url.Values{"code": {c.code(visit{person, q.Get("redirect_uri")})}, "state": {q.Get("state")}}
	http.Redirect(w, r, q.Get("redirect_uri")+"?"+back.Encode(), http.StatusFound)
}

func (c *Centre) token(w http.ResponseWriter, r *http.Request) {
	_ = r.ParseForm() // an unreadable form has no code
	c.mu.Lock()
	defer c.mu.Unlock()
	v, known := c.codes[r.PostForm.Get("code")]
	delete(c.codes, r.PostForm.Get("code"))
	if !known || v.callback != "" && v.callback != r.PostForm.Get("redirect_uri") || r.PostForm.Get("client_secret") != CentreSecret {
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	token := rand.Text()
	c.tokens[token] = v.person
	_ = json.NewEncoder(w).Encode(map[string]any{"access_token": token, "token_type": "Bearer", "expires_in": 60})
}

func (c *Centre) userinfo(w http.ResponseWriter, r *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	person := c.tokens[strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")]
	_ = json.NewEncoder(w).Encode(person)
}

// ConfigureSSO sets an enterprise's SSO as its default administrator.
func (n *Node) ConfigureSSO(t testing.TB, owner string, config map[string]any) {
	t.Helper()
	n.house.Secret(CentreSecret)
	token := n.SignIn(t, owner).AccessToken
	n.Do(t, Call{Path: "/v1/usg/acs/authorizeconfig", Header: map[string]string{"X-Access-Token": token}, Body: config}).Want(t, http.StatusOK, "")
}

// ProxyCall is a login with a code, of the centre or of our own (Meeting API,
// 4.3).
func ProxyCall(domain, code string, clientType int) Call {
	return Call{Path: "/v1/usg/acs/auth/proxy", Body: map[string]any{
		"authServerType": "oauth2", "authType": "AuthCode", "clientType": clientType, "credential": code, "domain": domain,
	}}
}

// Person is what a Centre says of somebody.
func Person(id string) map[string]any { return map[string]any{"id": id, "name": "Person " + id} }
