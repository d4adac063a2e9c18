package e2e_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestOIDCConformanceBasic is the plan oidcc-basic-certification-test-plan, but
// for the modules that ask a person again (TestOIDCConformancePrompts).
func TestOIDCConformanceBasic(t *testing.T) {
	p := newParty(t, "")
	for _, module := range []struct {
		name string
		test func(*testing.T, party)
	}{
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
		{"OIDCCScopeAddress", scopeTest("openid address")},
		{"OIDCCScopePhone", scopeTest("openid phone", "phone_number", "phone_number_verified")},
		{"OIDCCScopeAll", scopeTest("openid profile email address phone", "name", "email", "phone_number")},
		{"OIDCCAlternateHappyFlow", scopeTest("email openid", "email")},
		{"OIDCCEnsureRequestWithUnknownParameterSucceeds", harmless("extra", "foobar")},
		{"OIDCCDisplayPage", harmless("display", "page")},
		{"OIDCCDisplayPopup", harmless("display", "popup")},
		{"OIDCCUiLocales", harmless("ui_locales", "se")},
		{"OIDCCClaimsLocales", harmless("claims_locales", "se")},
		{"OIDCCEnsureRequestWithAcrValuesSucceeds", acrValues},
		{"OIDCCLoginHint", loginHint},
		{"OIDCCAuthCodeReuse", codeReuse(0)},
		{"OIDCCAuthCodeReuseAfter30Seconds", codeReuse(2)}, // the pause is shorter, the way the same
		{"OIDCCEnsureRegisteredRedirectUri", unregisteredRedirect},
		{"OIDCCEnsurePostRequestSucceeds", postedRequest},
		{"OIDCCServerTestClientSecretPost", clientSecretPost},
		{"OIDCCRequestUriUnsignedSupportedCorrectlyOrRejectedAsUnsupported", requestRefused("request_uri", "https://rp.example/request.jwt", "request_uri_not_supported")},
		{"OIDCCUnsignedRequestObjectSupportedCorrectlyOrRejectedAsUnsupported", requestRefused("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported")},
		{"OIDCCEnsureRequestObjectWithRedirectUri", requestRefused("request", "eyJhbGciOiJub25lIn0.eyJyZWRpcmVjdF91cmkiOiJodHRwczovL2V2aWwifQ.", "request_not_supported")},
		{"OIDCCClaimsEssential", claimsEssential},
		{"OIDCCRefreshToken", refreshToken},
		{"OIDCCEnsureRequestWithValidPkceSucceeds", validPKCE},
	} {
		t.Run(module.name, func(t *testing.T) { module.test(t, p) })
	}
}

func serverTest(t *testing.T, p party) {
	_, claims, said := p.login(t)
	p.userInfo(t, said, claims["sub"])
	if claims["aud"] != rpClient || claims["auth_time"] == nil || claims["sid"] == nil {
		t.Errorf("ID token: got %v", claims)
	}
}

func responseTypeMissing(t *testing.T, p party) {
	failed(t, p.answer(t, p.open(t, p.browser(t), "response_type", "")), "invalid_request", "unsupported_response_type")
}

func idTokenSignature(t *testing.T, p party) {
	_, _, said := p.login(t)
	header, err := base64.RawURLEncoding.DecodeString(strings.Split(said.IDToken, ".")[0])
	if err != nil || !strings.Contains(string(header), `"RS256"`) || !strings.Contains(string(header), `"kid"`) {
		t.Errorf("header: got %s, %v", header, err)
	}
}

// idTokenUnsigned: none is not offered, and no application can choose it.
func idTokenUnsigned(t *testing.T, p party) {
	a := p.n.Do(t, harness.Call{Path: "/.well-known/openid-configuration"})
	if strings.Contains(string(a.Body), `"none"`+"\n  ],\n  \"token_endpoint") || strings.Contains(string(a.Body), `"HS256"`) {
		t.Errorf("got %s", a.Body)
	}
}

func userInfoGet(t *testing.T, p party) {
	_, claims, said := p.login(t)
	p.userInfo(t, said, claims["sub"])
	a := p.n.Do(t, harness.Call{Path: "/oidc/userinfo", Header: map[string]string{"Authorization": "bEaReR " + said.Access}})
	a.Want(t, http.StatusOK, "")
}

func userInfoPostHeader(t *testing.T, p party) {
	_, _, said := p.login(t)
	p.n.Do(t, harness.Call{Method: http.MethodPost, Path: "/oauth2/userinfo", Header: bearer(said.Access)}).Want(t, http.StatusOK, "")
}

func userInfoPostBody(t *testing.T, p party) {
	_, _, said := p.login(t)
	p.n.Do(t, harness.Call{
		Path: "/oauth2/userinfo", Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		Body: url.Values{"access_token": {said.Access}}.Encode(),
	}).Want(t, http.StatusOK, "")
}

func withoutNonce(t *testing.T, p party) {
	if _, claims, _ := p.login(t, "nonce", ""); claims["nonce"] != nil {
		t.Errorf("got %v", claims)
	}
}

// scopeTest asks for scopes and wants their claims of user info, in their types
// (OpenID Connect Core 1.0, 5.1).
func scopeTest(scope string, names ...string) func(*testing.T, party) {
	return func(t *testing.T, p party) {
		_, claims, said := p.login(t, "scope", scope)
		told := p.userInfo(t, said, claims["sub"])
		for _, name := range names {
			switch value := told[name].(type) {
			case bool:
				if !strings.HasSuffix(name, "_verified") {
					t.Errorf("%s: got %v", name, value)
				}
			case float64:
				if name != "updated_at" {
					t.Errorf("%s: got %v", name, value)
				}
			case string:
				if value == "" || strings.HasSuffix(name, "_verified") {
					t.Errorf("%s: got %q", name, value)
				}
			default:
				t.Errorf("%s: got %v", name, value)
			}
		}
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
func codeReuse(seconds int) func(*testing.T, party) {
	return func(t *testing.T, p party) {
		answer := p.enter(t, p.browser(t))
		first := p.redeem(t, answer)
		if seconds > 0 {
			pause(t, seconds)
		}
		a, again := p.token(t, rpClient, codeForm(answer.Get("code")))
		if a.Status != http.StatusBadRequest || again.Error != "invalid_grant" {
			t.Errorf("second use: got %d %s", a.Status, a.Body)
		}
		if a := p.n.Do(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(first.Access)}); a.Status != http.StatusUnauthorized {
			t.Errorf("the first access token: got %d, want 401", a.Status)
		}
	}
}

func unregisteredRedirect(t *testing.T, p party) {
	page := p.open(t, p.browser(t), "redirect_uri", rpBack+"/other")
	if page.Status != http.StatusBadRequest || !strings.Contains(page.Text, "<html") {
		t.Errorf("got %d at %s, want a page", page.Status, page.URL)
	}
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
	a := p.n.Do(t, harness.Call{
		Path: "/oauth2/token", Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, Body: form.Encode(),
	}).Want(t, http.StatusOK, "")
	var said tokenAnswer
	a.Into(t, &said)
	p.identify(t, said, rpNonce)
}

func requestRefused(name, value, want string) func(*testing.T, party) {
	return func(t *testing.T, p party) { failed(t, p.answer(t, p.open(t, p.browser(t), name, value)), want) }
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
