package e2e_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
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
	n        *harness.Node
	provider *oidc.Provider // an independent reader of discovery and key set
}

// newParty starts an installation with the applications of the suite.
func newParty(t *testing.T, backchannel string) party {
	t.Helper()
	house := harness.New(t, harness.Options{})
	applications := strings.Replace(rpApplications, "BACKCHANNEL", backchannel, 1)
	if backchannel == "" {
		applications = strings.Replace(rpApplications, "        backchannel_logout_url: BACKCHANNEL\n", "", 1)
	}
	manifest := harness.Manifest(house.Mail.Port())
	house.Apply(t, strings.Replace(manifest, "    app_ids:\n      - {name: crm,", applications, 1))
	house.Secret(rpSecret)
	n := house.Start(t)
	provider, err := oidc.NewProvider(t.Context(), n.URL)
	if err != nil {
		t.Fatal(err)
	}
	return party{n, provider}
}

// browser is a person's, who is not signed in.
func (p party) browser(t *testing.T) *harness.Browser {
	t.Helper()
	return harness.NewBrowser(t, "https://rp.example/", "https://second.example/")
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

// answer reads what came back to the application, with the checks of every
// module: the same state, the issuer, a code nobody guesses, and nothing in the
// fragment.
func (p party) answer(t *testing.T, page harness.Page) url.Values {
	t.Helper()
	if page.Status != 0 || !strings.HasPrefix(page.URL.String(), rpBack+"?") {
		t.Fatalf("got %d at %s, want the application's address:\n%.600s", page.Status, page.URL, page.Text)
	}
	q := page.URL.Query()
	if q.Get("state") != rpState || q.Get("iss") != p.n.URL || page.URL.Fragment != "" {
		t.Errorf("answer: got %s", page.URL)
	}
	if code := q.Get("code"); q.Has("code") && len(code) < 22 || q.Has("code") == q.Has("error") {
		t.Errorf("answer: got %s", page.URL)
	}
	if strings.ContainsAny(q.Get("error_description"), "\r\n\t\"\\") {
		t.Errorf("error_description: got %q", q.Get("error_description"))
	}
	return q
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

// token posts a form to the token endpoint as an application.
func (p party) token(t *testing.T, clientID string, form url.Values) (harness.Answer, tokenAnswer) {
	t.Helper()
	a := p.n.Do(t, harness.Call{Path: "/oauth2/token", Header: credentials(clientID), Body: form.Encode()})
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
	a, said := p.token(t, rpClient, codeForm(answer.Get("code")))
	a.Want(t, http.StatusOK, "")
	if said.Type != "Bearer" || said.ExpiresIn <= 0 || said.Access == "" || a.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("token answer: got %+v", said)
	}
	return said
}

// identify verifies an ID token as go-oidc does: issuer, audience, times,
// signature by a key of the key set. It returns its claims.
func (p party) identify(t *testing.T, said tokenAnswer, nonce string) map[string]any {
	t.Helper()
	token, err := p.provider.Verifier(&oidc.Config{ClientID: rpClient}).Verify(t.Context(), said.IDToken)
	if err != nil {
		t.Fatalf("ID token: %v", err)
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
	for _, name := range []string{"name", "email", "phone_number", "preferred_username"} {
		if claims[name] != nil {
			t.Errorf("the ID token tells %s, which belongs in user info", name)
		}
	}
	return claims
}

// userInfo asks for user info with a header and checks that it is about the
// person of the ID token.
func (p party) userInfo(t *testing.T, said tokenAnswer, subject any) map[string]any {
	t.Helper()
	var claims map[string]any
	p.n.Do(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(said.Access)}).Want(t, http.StatusOK, "").Into(t, &claims)
	if claims["sub"] != subject {
		t.Errorf("sub: got %v, want %v", claims["sub"], subject)
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

// pause waits until the clock shows so many more whole seconds.
func pause(t *testing.T, seconds int) {
	t.Helper()
	until := time.Now().Add(time.Duration(seconds) * time.Second)
	harness.Until(t, time.Duration(seconds+5)*time.Second, "a later moment", func() bool { return time.Now().After(until) })
}
