package e2e_test

import (
	"encoding/base64"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/orgate/orgate/e2e/harness"
)

const (
	rpClient = "conformance"
	rpOther  = "second"
	rpSecret = "c0nf0rmance-secret-0123456789abcdef"
	rpBack   = "https://rp.example/cb"
	rpExit   = "https://rp.example/bye"
	// rpNonce and rpState are those of every request that has some.
	rpNonce = "nonce-of-the-suite"
	rpState = "st&te=of the suite"
)

// rpApplications are two applications of acme by the same secret. The first
// wishes to be told of the end of a session, at an address that is filled in.
const rpApplications = `    applications:
      - name: Conformance
        protocol: oidc
        client_id: conformance
        client_secret: c0nf0rmance-secret-0123456789abcdef
        home_urls: ["https://rp.example/cb"]
        exit_url: https://rp.example/bye
        backchannel_logout_url: BACKCHANNEL
        access: {everyone: true}
      - name: Second
        protocol: oidc
        client_id: second
        client_secret: c0nf0rmance-secret-0123456789abcdef
        home_urls: ["https://second.example/cb"]
        access: {everyone: true}
    app_ids:
      - {name: crm,`

// party is the relying party of the conformance suite, for one application of
// an installation, as the suite's modules act.
type party struct {
	house    *harness.Installation
	manifest string // that is applied
	n        *harness.Node
	provider *oidc.Provider // an independent reader of discovery and key set
	ends     *listener      // the application's back-channel address
}

// newParty starts an installation behind TLS with the applications of the
// suite.
func newParty(t *testing.T, o harness.Options) party {
	t.Helper()
	o.Empty = true
	p := party{house: harness.New(t, o), ends: newListener(t)}
	applications := strings.Replace(rpApplications, "BACKCHANNEL", p.ends.url, 1)
	p.manifest = strings.Replace(harness.Manifest(p.house.Mail.Port()), "    app_ids:\n      - {name: crm,", applications, 1)
	p.house.Apply(t, p.manifest)
	p.house.Secret(rpSecret)
	p.n = p.house.StartBehindTLS(t)
	var err error
	if p.provider, err = oidc.NewProvider(oidc.ClientContext(t.Context(), p.n.Client()), p.n.URL); err != nil {
		t.Fatal(err)
	}
	return p
}

// browser is a person's, who is not signed in.
func (p party) browser(t *testing.T) *harness.Browser {
	t.Helper()
	return harness.NewBrowser(t, "https://rp.example/", "https://second.example/").Trust(p.n)
}

// request is a plain authorization request; changes are names and values in
// turn, "" takes a name out.
func request(changes ...string) url.Values {
	q := url.Values{
		"response_type": {"code"}, "client_id": {rpClient}, "redirect_uri": {rpBack}, "scope": {"openid"}, "state": {rpState}, "nonce": {rpNonce},
	}
	for i := 0; i+1 < len(changes); i += 2 {
		if q.Set(changes[i], changes[i+1]); changes[i+1] == "" {
			q.Del(changes[i])
		}
	}
	return q
}

// open begins a flow.
func (p party) open(t *testing.T, b *harness.Browser, changes ...string) harness.Page {
	t.Helper()
	return b.Open(t, p.n.URL+"/oauth2/authorize?"+request(changes...).Encode())
}

// enter is open for somebody who signs in on the way.
func (p party) enter(t *testing.T, b *harness.Browser, changes ...string) url.Values {
	t.Helper()
	return p.answer(t, b.SignIn(t, p.open(t, b, changes...), harness.Alice))
}

// leastEntropy is what a code has to have, in bits.
const leastEntropy = 96

// entropy is how much a text tells by the frequency of its letters, in bits.
func entropy(text string) (bits float64) {
	count := map[rune]float64{}
	for _, r := range text {
		count[r]++
	}
	for _, n := range count {
		bits -= n * math.Log2(n/float64(len(text)))
	}
	return bits
}

// answer reads what came back to the application, with the checks of every
// module: the same state, the issuer, a code nobody guesses or a clean error,
// no other field, and nothing in the fragment.
func (p party) answer(t *testing.T, page harness.Page) url.Values {
	t.Helper()
	if page.Status != 0 || !strings.HasPrefix(page.URL.String(), rpBack+"?") {
		t.Fatalf("got %d at %s, want the application's address:\n%.600s", page.Status, page.URL, page.Text)
	}
	q := page.URL.Query()
	if q.Get("state") != rpState || q.Get("iss") != p.n.URL || page.URL.Fragment != "" || q.Has("code") == q.Has("error") {
		t.Errorf("answer: got %s", page.URL)
	}
	if code := q.Get("code"); q.Has("code") && (len(code) < 22 || entropy(code) < leastEntropy) {
		t.Errorf("code: got %q with %.0f bits", code, entropy(code))
	}
	p.n.Secret(q.Get("code"))
	said := map[string]any{}
	for name := range q {
		said[name] = q.Get(name)
	}
	cleanError(t, said, "state", "iss", "code")
	return q
}

// errorText are the letters of an error and its description (RFC 6749, 4.1.2.1
// and 5.2).
var errorText = regexp.MustCompile(`^[\x20\x21\x23-\x5B\x5D-\x7E]*$`)

// cleanError checks the fields of an error, which may have others beside it.
func cleanError(t *testing.T, said map[string]any, others ...string) {
	t.Helper()
	for name, value := range said {
		text, ok := value.(string)
		switch {
		case slices.Contains(others, name):
		case name == "error_uri":
			if _, err := url.Parse(text); err != nil || !ok {
				t.Errorf("error_uri: got %v", value)
			}
		case name != "error" && name != "error_description", !errorText.MatchString(text), !ok:
			t.Errorf("error: got %s=%q", name, value)
		}
	}
}

// refusedHere requires an error page of ours: the browser is not sent anywhere.
func (p party) refusedHere(t *testing.T, page harness.Page) {
	t.Helper()
	if page.Status != http.StatusBadRequest || page.URL.Host != p.n.Host() || !strings.Contains(page.Text, "<html") {
		t.Errorf("got %d at %s, want an error page", page.Status, page.URL)
	}
}

// failed fails the test unless the answer is one of these errors.
func failed(t *testing.T, answer url.Values, errors ...string) {
	t.Helper()
	for _, want := range errors {
		if answer.Get("error") == want {
			return
		}
	}
	t.Errorf("got %v, want one of %v", answer, errors)
}

// tokenAnswer is what the token endpoint says.
type tokenAnswer struct {
	Access    string `json:"access_token"`
	Refresh   string `json:"refresh_token"`
	IDToken   string `json:"id_token"`
	Type      string `json:"token_type"`
	Scope     string `json:"scope"`
	ExpiresIn int    `json:"expires_in"`
	Error     string `json:"error"`
}

// credentials is the header of client_secret_basic.
func credentials(clientID string) map[string]string {
	return map[string]string{
		"Content-Type":  "application/x-www-form-urlencoded",
		"Authorization": "Basic " + base64.StdEncoding.EncodeToString([]byte(clientID+":"+rpSecret)),
	}
}

// token posts a form to the token endpoint as an application. What is refused
// has to be a clean error.
func (p party) token(t *testing.T, clientID string, form url.Values) (harness.Answer, tokenAnswer) {
	t.Helper()
	a := p.n.Do(t, harness.Call{Path: "/oauth2/token", Header: credentials(clientID), Body: form.Encode()})
	if a.Header.Get("Content-Type") != "application/json" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("token answer: got %v", a.Header)
	}
	if a.Status != http.StatusOK {
		var all map[string]any
		a.Into(t, &all)
		cleanError(t, all)
	}
	var said tokenAnswer
	a.Into(t, &said)
	p.n.Secret(said.Access, said.Refresh, said.IDToken)
	return a, said
}

// code is the form that redeems a code.
func codeForm(code string) url.Values {
	return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {rpBack}}
}

// redeem redeems the code of an answer with the checks of every module.
func (p party) redeem(t *testing.T, answer url.Values) tokenAnswer {
	t.Helper()
	a, _ := p.token(t, rpClient, codeForm(answer.Get("code")))
	return p.given(t, a)
}

// given reads a token answer that has to be good.
func (p party) given(t *testing.T, a harness.Answer) (said tokenAnswer) {
	t.Helper()
	a.Want(t, http.StatusOK, "").Into(t, &said)
	p.n.Secret(said.Access, said.Refresh, said.IDToken)
	if said.Type != "Bearer" || said.ExpiresIn <= 0 || said.Access == "" {
		t.Errorf("token answer: got %+v", said)
	}
	return said
}

// idTokenClaims are those of an ID token of which nobody asked for more.
var idTokenClaims = []string{"iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"}

// identify verifies an ID token as go-oidc does: issuer, audience, times,
// signature by a key of the key set. It returns its claims.
func (p party) identify(t *testing.T, said tokenAnswer, nonce string) map[string]any {
	t.Helper()
	token, err := p.provider.Verifier(&oidc.Config{ClientID: rpClient}).Verify(t.Context(), said.IDToken)
	if err != nil {
		t.Fatalf("ID token: %v", err)
	}
	if age := time.Since(token.IssuedAt); age < -time.Minute || age > time.Minute {
		t.Errorf("iat: got %s", token.IssuedAt)
	}
	if token.Nonce != nonce {
		t.Errorf("nonce: got %q, want %q", token.Nonce, nonce)
	}
	if err := token.VerifyAccessToken(said.Access); err != nil {
		t.Errorf("at_hash: %v", err)
	}
	var claims map[string]any
	if err := token.Claims(&claims); err != nil {
		t.Fatal(err)
	}
	for name := range claims {
		if !slices.Contains(idTokenClaims, name) {
			t.Errorf("the ID token tells %s, which nobody asked for", name)
		}
	}
	return claims
}

// userInfo asks for user info with a header.
func (p party) userInfo(t *testing.T, said tokenAnswer, subject any) map[string]any {
	t.Helper()
	return p.told(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(said.Access)}, subject)
}

// told reads user info: it has to be about the person of the ID token, and its
// claims of the right types (OpenID Connect Core 1.0, 5.1).
func (p party) told(t *testing.T, c harness.Call, subject any) (claims map[string]any) {
	t.Helper()
	a := p.n.Do(t, c).Want(t, http.StatusOK, "")
	a.Into(t, &claims)
	if got := a.Header.Get("Content-Type"); claims["sub"] != subject || subject == nil || got != "application/json" {
		t.Errorf("user info: got %s about %v, want %v", got, claims["sub"], subject)
	}
	for name, value := range claims {
		var ok bool
		switch {
		case strings.HasSuffix(name, "_verified"):
			_, ok = value.(bool)
		case name == "updated_at":
			_, ok = value.(float64)
		case name == "address":
			_, ok = value.(map[string]any)
		default:
			_, ok = value.(string)
		}
		if !ok {
			t.Errorf("%s: got %v", name, value)
		}
	}
	return claims
}

// login is a whole flow of somebody who is not signed in. It returns the
// browser, the ID token's claims and the tokens.
func (p party) login(t *testing.T, changes ...string) (*harness.Browser, map[string]any, tokenAnswer) {
	t.Helper()
	b := p.browser(t)
	said := p.redeem(t, p.enter(t, b, changes...))
	return b, p.identify(t, said, request(changes...).Get("nonce")), said
}
