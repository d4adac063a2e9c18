package e2e_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

var basicPlan = []module{
	{"OIDCCServerTest", serverTest},
	{"OIDCCResponseTypeMissing", responseTypeMissing},
	{"OIDCCIdTokenSignature", idTokenSignature},
	{"OIDCCIdTokenUnsigned", idTokenUnsigned},
	{"OIDCCUserInfoGet", userInfoGet},
	{"OIDCCUserInfoPostHeader", userInfoPostHeader},
	{"OIDCCUserInfoPostBody", userInfoPostBody},
	{"OIDCCEnsureRequestWithoutNonceSucceedsForCodeFlow", withoutNonce},
	{"OIDCCScopeProfile", scopeTest("openid profile", "name", "preferred_username", "updated_at", "tenant", "tenant_name", "role")},
	{"OIDCCScopeEmail", scopeTest("openid email", "email", "email_verified")},
	{"OIDCCScopeAddress", scopeTest("openid address")}, // no address is known of anybody
	{"OIDCCScopePhone", scopeTest("openid phone", "phone_number", "phone_number_verified")},
	{"OIDCCScopeAll", scopeTest("openid profile email address phone",
		"name", "preferred_username", "updated_at", "email", "email_verified", "phone_number", "phone_number_verified")},
	{"OIDCCAlternateHappyFlow", alternateFlow},
	{"OIDCCDisplayPage", harmless("display", "page")},
	{"OIDCCDisplayPopup", harmless("display", "popup")},
	{"OIDCCPromptLogin", promptLogin},
	{"OIDCCPromptNoneNotLoggedIn", promptNoneNotLoggedIn},
	{"OIDCCPromptNoneLoggedIn", promptNoneLoggedIn},
	{"OIDCCMaxAge1", maxAge1},
	{"OIDCCMaxAge10000", maxAge10000},
	{"OIDCCEnsureRequestWithUnknownParameterSucceeds", harmless("extra", "foobar")},
	{"OIDCCIdTokenHint", idTokenHint},
	{"OIDCCLoginHint", loginHint},
	{"OIDCCUiLocales", harmless("ui_locales", "se")},
	{"OIDCCClaimsLocales", harmless("claims_locales", "se")},
	{"OIDCCEnsureRequestWithAcrValuesSucceeds", acrValues},
	{"OIDCCAuthCodeReuse", codeReuse},
	{"OIDCCEnsureRegisteredRedirectUri", unregisteredRedirect},
	{"OIDCCEnsurePostRequestSucceeds", postedRequest},
	{"OIDCCServerTestClientSecretPost", clientSecretPost},
	{"OIDCCRequestUriUnsignedSupportedCorrectlyOrRejectedAsUnsupported", requestURI},
	{"OIDCCUnsignedRequestObjectSupportedCorrectlyOrRejectedAsUnsupported", requestObject},
	{"OIDCCClaimsEssential", claimsEssential},
	{"OIDCCEnsureRequestObjectWithRedirectUri", requestObjectRedirect},
	{"OIDCCRefreshToken", refreshToken},
	{"OIDCCEnsureRequestWithValidPkceSucceeds", validPKCE},
}

func serverTest(t *testing.T, p party) {
	b, claims, said := p.login(t)
	p.userInfo(t, said, claims["sub"])
	session := false
	for _, c := range b.Cookies() {
		session = session || c.Name == "__Host-orgate"
		if !c.Secure || !c.HttpOnly || c.Path != "/" || c.Domain != "" || c.SameSite != http.SameSiteLaxMode {
			t.Errorf("cookie: got %s", c.Raw)
		}
	}
	if !session {
		t.Errorf("no session among the cookies %v", b.Cookies())
	}
	if claims["aud"] != rpClient || claims["auth_time"] == nil || claims["sid"] == nil {
		t.Errorf("ID token: got %v", claims)
	}
}

func responseTypeMissing(t *testing.T, p party) {
	failed(t, p.answer(t, p.open(t, p.browser(t), "response_type", "")), "invalid_request", "unsupported_response_type")
}

func idTokenSignature(t *testing.T, p party) {
	_, _, said := p.login(t)
	raw, err := base64.RawURLEncoding.DecodeString(strings.Split(said.IDToken, ".")[0])
	if err != nil {
		t.Fatal(err)
	}
	var header struct{ Alg, Kid string }
	if err := json.Unmarshal(raw, &header); err != nil || header.Alg != "RS256" || !slices.Contains(keySet(t, p), header.Kid) {
		t.Errorf("header: got %s, %v", raw, err)
	}
}

// idTokenUnsigned: none is not offered, and no application can choose it.
func idTokenUnsigned(t *testing.T, p party) {
	for name, value := range p.discovery(t) {
		if strings.Contains(name, "_alg") && slices.ContainsFunc(texts(value), func(alg string) bool { return alg == "none" || strings.HasPrefix(alg, "HS") }) {
			t.Errorf("%s: got %v", name, value)
		}
	}
	chosen := strings.Replace(p.manifest, "client_id: conformance", "client_id: conformance\n        id_token_alg: none", 1)
	if r := p.house.Run(t, "plan", "-f", p.house.Write(t, "unsigned.yaml", chosen)); r.Status != 1 || !strings.Contains(r.Err, "id_token_alg") {
		t.Errorf("an application with unsigned ID tokens: got %d %s", r.Status, r.Err)
	}
}

func userInfoGet(t *testing.T, p party) {
	_, claims, said := p.login(t)
	p.userInfo(t, said, claims["sub"])
	p.told(t, harness.Call{Path: "/oidc/userinfo", Header: map[string]string{"Authorization": "bEaReR " + said.Access}}, claims["sub"])
}

func userInfoPostHeader(t *testing.T, p party) {
	_, claims, said := p.login(t)
	p.told(t, harness.Call{Method: http.MethodPost, Path: "/oauth2/userinfo", Header: bearer(said.Access)}, claims["sub"])
}

func userInfoPostBody(t *testing.T, p party) {
	_, claims, said := p.login(t)
	p.told(t, harness.Call{
		Path: "/oauth2/userinfo", Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		Body: url.Values{"access_token": {said.Access}}.Encode(),
	}, claims["sub"])
}

func withoutNonce(t *testing.T, p party) {
	if _, claims, _ := p.login(t, "nonce", ""); claims["nonce"] != nil {
		t.Errorf("got %v", claims)
	}
}

// scopeTest asks for scopes and wants their claims of user info; told checks
// their types.
func scopeTest(scope string, names ...string) func(*testing.T, party) {
	return func(t *testing.T, p party) {
		_, claims, said := p.login(t, "scope", scope)
		told := p.userInfo(t, said, claims["sub"])
		for _, name := range names {
			if told[name] == nil || told[name] == "" {
				t.Errorf("%s: got %v", name, told[name])
			}
		}
		for _, name := range []string{"name", "email", "phone_number", "address"} {
			if told[name] != nil && !slices.Contains(names, name) {
				t.Errorf("scope %s tells %s", scope, name)
			}
		}
	}
}

// alternateFlow has scopes and parameters in another order.
func alternateFlow(t *testing.T, p party) {
	var query []string
	for name, values := range request("scope", "email openid") {
		query = append(query, name+"="+url.QueryEscape(values[0]))
	}
	slices.Sort(query)
	slices.Reverse(query)
	b := p.browser(t)
	page := b.Open(t, p.n.URL+"/oauth2/authorize?"+strings.Join(query, "&"))
	said := p.redeem(t, p.answer(t, b.SignIn(t, page, harness.Alice)))
	if told := p.userInfo(t, said, p.identify(t, said, rpNonce)["sub"]); told["email"] == nil {
		t.Errorf("got %v, want email", told)
	}
}

// harmless adds a parameter that must cause no error.
func harmless(name, value string) func(*testing.T, party) {
	return func(t *testing.T, p party) { p.login(t, name, value) }
}

func acrValues(t *testing.T, p party) {
	if _, claims, _ := p.login(t, "acr_values", "1 2"); claims["acr"] == nil {
		t.Errorf("got %v, want an acr", claims)
	}
}

func loginHint(t *testing.T, p party) {
	b := p.browser(t)
	page := p.open(t, b, "login_hint", harness.Alice)
	if !slices.ContainsFunc(page.Forms, func(f harness.Form) bool { return f.Values.Get("account") == harness.Alice }) {
		t.Errorf("the sign-in page does not name %s", harness.Alice)
	}
	p.redeem(t, p.answer(t, b.SignIn(t, page, harness.Alice)))
}

// codeReuse redeems a code twice: the second use fails, and what the first gave
// ends.
func codeReuse(t *testing.T, p party) {
	answer := p.enter(t, p.browser(t))
	first := p.redeem(t, answer)
	a, again := p.token(t, rpClient, codeForm(answer.Get("code")))
	if a.Status != http.StatusBadRequest || again.Error != "invalid_grant" {
		t.Errorf("second use: got %d %s", a.Status, a.Body)
	}
	if a := p.n.Do(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(first.Access)}); a.Status != http.StatusUnauthorized {
		t.Errorf("the first access token: got %d, want 401", a.Status)
	}
}

func unregisteredRedirect(t *testing.T, p party) {
	p.refusedHere(t, p.open(t, p.browser(t), "redirect_uri", rpBack+"/other"))
}

func postedRequest(t *testing.T, p party) {
	b := p.browser(t)
	own, err := url.Parse("https://rp.example/start")
	if err != nil {
		t.Fatal(err)
	}
	form := harness.Form{Method: http.MethodPost, Action: p.n.URL + "/oauth2/authorize", Values: request()}
	page := b.Fill(t, harness.Page{URL: own, Forms: []harness.Form{form}}, 0, "", nil)
	said := p.redeem(t, p.answer(t, b.SignIn(t, page, harness.Alice)))
	p.identify(t, said, rpNonce)
}

func clientSecretPost(t *testing.T, p party) {
	form := codeForm(p.enter(t, p.browser(t)).Get("code"))
	form.Set("client_id", rpClient)
	form.Set("client_secret", rpSecret)
	header := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	said := p.given(t, p.n.Do(t, harness.Call{Path: "/oauth2/token", Header: header, Body: form.Encode()}))
	p.userInfo(t, said, p.identify(t, said, rpNonce)["sub"])
}

func requestURI(t *testing.T, p party) {
	failed(t, p.answer(t, p.open(t, p.browser(t), "request_uri", "https://rp.example/request.jwt")), "request_uri_not_supported")
}

// unsignedObject is a request object without a signature (OpenID Connect Core
// 1.0, 6.1).
func unsignedObject(t *testing.T, changes ...string) string {
	t.Helper()
	claims := map[string]string{}
	for name, values := range request(changes...) {
		claims[name] = values[0]
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none"}`)) + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

func requestObject(t *testing.T, p party) {
	failed(t, p.answer(t, p.open(t, p.browser(t), "request", unsignedObject(t))), "request_not_supported")
}

// requestObjectRedirect: what an object says of the redirect URI changes
// nothing about where the browser may go.
func requestObjectRedirect(t *testing.T, p party) {
	p.refusedHere(t, p.open(t, p.browser(t), "redirect_uri", "https://rp.example/other", "request", unsignedObject(t)))
	object := unsignedObject(t, "redirect_uri", "https://rp.example/other")
	failed(t, p.answer(t, p.open(t, p.browser(t), "request", object)), "request_not_supported")
}

func claimsEssential(t *testing.T, p party) {
	_, claims, said := p.login(t, "claims", `{"userinfo":{"name":{"essential":true}}}`)
	if told := p.userInfo(t, said, claims["sub"]); told["name"] != "Alice" || told["email"] != nil {
		t.Errorf("got %v", told)
	}
}

func refreshToken(t *testing.T, p party) {
	_, claims, first := p.login(t, "scope", "openid offline_access", "prompt", "")
	if first.Refresh == "" {
		t.Fatal("there is no refresh token")
	}
	form := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {first.Refresh}}
	a, second := p.token(t, rpClient, form)
	a.Want(t, http.StatusOK, "")
	if second.Access == first.Access || second.Access == "" || second.Refresh == first.Refresh {
		t.Errorf("got %+v after %+v", second, first)
	}
	renewed := p.identify(t, second, "")
	for _, name := range []string{"iss", "sub", "aud", "auth_time"} {
		if renewed[name] != claims[name] {
			t.Errorf("%s: got %v, want %v", name, renewed[name], claims[name])
		}
	}
	p.userInfo(t, second, claims["sub"])
	form.Set("refresh_token", second.Refresh)
	if a, other := p.token(t, rpOther, form); a.Status != http.StatusBadRequest || other.Error != "invalid_grant" {
		t.Errorf("another application: got %d %s", a.Status, a.Body)
	}
}

func validPKCE(t *testing.T, p party) {
	verifier := strings.Repeat("verifier-", 6)
	sum := sha256.Sum256([]byte(verifier))
	ask := []string{"code_challenge", base64.RawURLEncoding.EncodeToString(sum[:]), "code_challenge_method", "S256"}
	form := codeForm(p.enter(t, p.browser(t), ask...).Get("code"))
	form.Set("code_verifier", verifier)
	a, _ := p.token(t, rpClient, form)
	a.Want(t, http.StatusOK, "")
	for name, wrong := range map[string]string{"another verifier": strings.Repeat("x", 43), "none": ""} {
		form := codeForm(p.enter(t, p.browser(t), ask...).Get("code"))
		form.Set("code_verifier", wrong)
		if a, said := p.token(t, rpClient, form); a.Status != http.StatusBadRequest || said.Error != "invalid_grant" {
			t.Errorf("%s: got %d %s", name, a.Status, a.Body)
		}
	}
}
