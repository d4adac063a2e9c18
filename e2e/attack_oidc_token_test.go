package e2e_test

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/orgate/orgate/e2e/harness"
)

// decode sends a request and reads the JSON of a good answer.
func decode(t *testing.T, r *http.Request, into any) {
	t.Helper()
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s, %v", r.URL, resp.Status, err)
	}
}

// frontChannelTokens: an application gets codes, whatever it asks for
// (CVE-2026-7571).
func frontChannelTokens(t *testing.T, s relyingStage) {
	b := harness.ApplicationBrowser(t)
	s.n.Enter(t, b, s.wiki, harness.Alice)
	for _, kind := range []string{"token", "id_token", "id_token token", "code token", "code id_token", "none", ""} {
		page := b.Open(t, s.asking("response_type", kind))
		if at := page.URL.String(); strings.Contains(at, "access_token") || strings.Contains(at, "id_token=") || strings.Contains(at, "code=") {
			t.Errorf("response_type %q: the browser is at %s", kind, at)
		}
		if page.Status == 0 && page.URL.Query().Get("error")+page.URL.Fragment == "" {
			t.Errorf("response_type %q: no error in %s", kind, page.URL)
		}
	}
}

// renewalsAfterTheEnd: what was granted ends with the right to enter, at the
// very next use (CVE-2026-43983, CVE-2025-53942).
func renewalsAfterTheEnd(t *testing.T, _ relyingStage) {
	house := harness.NewWithApplications(t, harness.Options{})
	n := house.Start(t)
	whole := harness.Applications(harness.Manifest(house.Mail.Port()))
	s := relyingStage{house, n, n.Party(t, harness.Payroll)}
	for _, end := range []struct{ what, now, before, after string }{
		{"the person is disabled", "third_account: alice}", "third_account: alice, status: active}", "third_account: alice, status: disabled}"},
		{"the person may not enter", "access: {members: [alice@acme.example]}", "access: {members: [alice@acme.example]}", "access: {members: [bob@acme.example]}"},
		{"the application is disabled", "name: Payroll, protocol: oidc,", "name: Payroll, protocol: oidc, status: active,", "name: Payroll, protocol: oidc, status: disabled,"},
		{"the organisation is frozen", "    name: Acme Ltd\n", "    name: Acme Ltd\n    status: active\n", "    name: Acme Ltd\n    status: frozen\n"},
	} {
		t.Run(end.what, func(t *testing.T) {
			in := n.Enter(t, harness.ApplicationBrowser(t), s.wiki, harness.Alice)
			house.Apply(t, strings.Replace(whole, end.now, end.after, 1))
			s.ended(t, in.Token)
			house.Apply(t, strings.Replace(whole, end.now, end.before, 1))
			// Whoever may merely enter again goes on with what was granted.
			if end.what != "the person may not enter" {
				s.ended(t, in.Token)
			}
			// What another process changed is known here within a second.
			harness.Until(t, spread, "the application is known again", func() bool {
				var refusal *oauth2.RetrieveError
				_, err := redeem(t.Context(), s.wiki, in.Token.RefreshToken)
				return err == nil || errors.As(err, &refusal) && refusal.ErrorCode == "invalid_grant"
			})
			b := harness.ApplicationBrowser(t)
			harness.Until(t, spread, "a code for the application as it is now counts", func() bool {
				asked, code := n.Code(t, b, s.wiki, harness.Alice)
				_, err := s.wiki.Redeem(t.Context(), asked, code)
				return err == nil
			})
		})
	}
}

// ended requires that nothing is renewed and nothing is told.
func (s relyingStage) ended(t *testing.T, token *oauth2.Token) {
	t.Helper()
	harness.Until(t, spread, "the access token ends", func() bool {
		_, err := s.wiki.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(token))
		return err != nil
	})
	if _, err := redeem(t.Context(), s.wiki, token.RefreshToken); err == nil {
		t.Error("the refresh token counts")
	}
}

// changedApplicationTokens: a token is accepted as it was issued, in no other
// form (CVE-2026-27840).
func changedApplicationTokens(t *testing.T, s relyingStage) {
	in := s.n.Enter(t, harness.ApplicationBrowser(t), s.wiki, harness.Alice)
	for _, changed := range disfigured(in.Token.AccessToken) {
		if changed == "" {
			continue
		}
		if a := s.n.Do(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(changed)}); a.Status < 400 {
			t.Errorf("user info for %q: %d", changed, a.Status)
		}
		if s.inspect(t, s.wiki, changed) {
			t.Errorf("%q is active", changed)
		}
	}
	for _, changed := range disfigured(in.Token.RefreshToken) {
		if changed == "" {
			continue
		}
		_, err := redeem(t.Context(), s.wiki, changed)
		refusedGrant(t, changed, err)
	}
	// None of that was a use of the token itself, and each has its own use.
	for name, word := range map[string]string{"a refresh token": in.Token.RefreshToken, "an ID token": in.RawID} {
		if a := s.n.Do(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(word)}); a.Status != http.StatusUnauthorized {
			t.Errorf("%s as access token: %d", name, a.Status)
		}
	}
	renew(t, s.wiki, in.Token)
}

// foreignScopes: nothing is granted that the application may not ask for, and a
// renewal widens nothing (CVE-2026-33132).
func foreignScopes(t *testing.T, s relyingStage) {
	p := s.n.Party(t, harness.Wiki, "openid", "offline_access", "urn:other:organization:other", "admin")
	in := s.n.Enter(t, harness.ApplicationBrowser(t), p, harness.Alice)
	granted, _ := in.Token.Extra("scope").(string)
	if strings.Contains(granted, "urn:other") || strings.Contains(granted, "admin") {
		t.Errorf("granted %q", granted)
	}
	if info, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(in.Token)); err != nil || info.Email != "" || info.Profile != "" {
		t.Errorf("without the scopes it is told %+v, %v", info, err)
	}
}

// forgedAccessTokens: a JWT access token is taken when one of our keys signed
// it for that use, whatever its header says (CVE-2024-51744, ASVS 9.1.3).
func forgedAccessTokens(t *testing.T, s relyingStage) {
	desk := s.n.Party(t, harness.Desk, "profile")
	asked, code := s.n.Code(t, harness.ApplicationBrowser(t), desk, harness.Alice)
	token, err := desk.Config.Exchange(t.Context(), code, oauth2.VerifierOption(asked.Verifier))
	if err != nil {
		t.Fatal(err)
	}
	s.n.Secret(token.AccessToken, token.RefreshToken)
	parts := strings.Split(token.AccessToken, ".")
	if len(parts) != 3 {
		t.Fatalf("%q is no JWT", token.AccessToken)
	}
	ask := func(word string) int {
		return s.n.Do(t, harness.Call{Path: "/oauth2/userinfo", Header: bearer(word)}).Status
	}
	if got := ask(token.AccessToken); got != http.StatusOK {
		t.Fatalf("as it was issued: %d", got)
	}
	for _, header := range []string{
		`{"alg":"none"}`, `{"alg":"HS256"}`, `{"alg":"ES256","typ":"at+jwt","kid":"../../dev/null"}`, `{"alg":"ES256","typ":"at+jwt","kid":"' OR 1=1 --"}`,
		`{"alg":"ES256","typ":"at+jwt","jku":"https://evil.example/keys"}`, `{"alg":"RS256","typ":"at+jwt"}`, `{"alg":"ES256","typ":"JWT"}`,
		`{"alg":"ES256","typ":"at+jwt","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}}`, `{}`, `null`,
	} {
		forged := base64.RawURLEncoding.EncodeToString([]byte(header)) + "." + parts[1] + "."
		for _, signature := range []string{parts[2], "", "AA"} {
			if got := ask(forged + signature); got != http.StatusUnauthorized {
				t.Errorf("%s %.4q: %d", header, signature, got)
			}
		}
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	older := strings.Replace(string(payload), `"client_id":"helpdesk"`, `"client_id":"wiki"`, 1)
	if got := ask(parts[0] + "." + base64.RawURLEncoding.EncodeToString([]byte(older)) + "." + parts[2]); got != http.StatusUnauthorized {
		t.Errorf("another application in the payload: %d", got)
	}
}

// idTokensElsewhere: a proof for an application is none for us
// (CVE-2023-22482).
func idTokensElsewhere(t *testing.T, s relyingStage) {
	in := s.n.Enter(t, harness.ApplicationBrowser(t), s.n.Party(t, harness.Wiki), harness.Owner)
	for _, word := range []string{in.RawID, in.Token.AccessToken} {
		for _, path := range []string{"/api/v1/me", "/api/v1/organizations/acme/members"} {
			if a := s.n.Do(t, harness.Call{Path: path, Header: bearer(word)}); a.Status != http.StatusUnauthorized {
				t.Errorf("%s: %d, want 401", path, a.Status)
			}
		}
		s.n.Use(t, word).Want(t, http.StatusUnauthorized, "")
	}
}

// replacedClientSecrets: of a secret and the one before it both count for a
// while, and no third one.
func replacedClientSecrets(t *testing.T, _ relyingStage) {
	house := harness.NewWithApplications(t, harness.Options{})
	n := house.Start(t)
	whole := harness.Applications(harness.Manifest(house.Mail.Port()))
	const second, third = "the-second-secret-0123456789-abcdefghijkl", "the-third-secret-0123456789-abcdefghijklm"
	counts := func(secret string) bool {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, n.URL+"/oauth2/token", strings.NewReader("grant_type=client_credentials"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.SetBasicAuth(harness.Wiki.ID, secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	}
	n.Secret(second, third)
	for _, step := range []struct {
		secret string
		want   [3]bool
	}{{harness.Wiki.Secret, [3]bool{true, false, false}}, {second, [3]bool{true, true, false}}, {third, [3]bool{false, true, true}}} {
		house.Apply(t, strings.Replace(whole, harness.Wiki.Secret, step.secret, 1))
		harness.Until(t, spread, "the new secret counts", func() bool { return counts(step.secret) })
		for i, secret := range []string{harness.Wiki.Secret, second, third} {
			if got := counts(secret); got != step.want[i] {
				t.Errorf("with %s in force, secret %d counts: %t, want %t", step.secret, i+1, got, step.want[i])
			}
		}
	}
}
