package e2e_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

// twoNodes are one installation with the token of an administrator.
type twoNodes struct {
	house *harness.Installation
	a, b  *harness.Node
	root  map[string]string
}

func newTwoNodes(t *testing.T, o harness.Options) twoNodes {
	t.Helper()
	house := harness.NewWithApplications(t, o)
	s := stage{house, house.Start(t)}
	return twoNodes{house, s.n, house.Start(t), bearer(s.apiToken(t, ""))}
}

// endsElsewhere: what an administrator ends at one node is renewed and told at
// none (CVE-2026-43983).
func endsElsewhere(t *testing.T, _ relyingStage) {
	s := newTwoNodes(t, harness.Options{})
	const acme = "/api/v1/organizations/acme"
	stage := stage{s.house, s.a}
	writers, alice := firstID(t, stage, s.root, acme+"/groups"), memberID(t, stage, harness.Alice)
	for _, end := range []struct {
		what   string
		client harness.Client
		call   harness.Call
	}{
		{"the person leaves the group", harness.Drafts, harness.Call{Method: http.MethodDelete, Path: acme + "/groups/" + writers + "/members/" + alice}},
		{"the application is removed", harness.Hasty, harness.Call{Method: http.MethodDelete, Path: acme + "/applications/hasty"}},
		{"the person is disabled", harness.Wiki, harness.Call{Method: http.MethodPost, Path: acme + "/members/" + alice + "/suspend"}},
	} {
		t.Run(end.what, func(t *testing.T) {
			p := s.b.Party(t, end.client, "openid", "offline_access")
			in := s.b.Enter(t, harness.ApplicationBrowser(t), p, harness.Alice)
			other := relyingStage{s.house, s.b, p}
			if !other.inspect(t, p, in.Token.AccessToken) {
				t.Fatal("the access token does not count")
			}
			end.call.Header = s.root
			if a := s.a.Do(t, end.call); a.Status >= 300 {
				t.Fatalf("got %d %s", a.Status, a.Body)
			}
			for _, n := range []*harness.Node{s.a, s.b} {
				s.refused(t, n, end.client, in.Token)
			}
		})
	}
}

// refused requires that a node renews nothing and tells of no token, also to
// the application itself as long as there is one.
func (s twoNodes) refused(t *testing.T, n *harness.Node, c harness.Client, token *oauth2.Token) {
	t.Helper()
	p := n.Party(t, c)
	harness.Until(t, spread, "the access token ends", func() bool {
		_, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(token))
		return err != nil
	})
	if _, err := redeem(t.Context(), p, token.RefreshToken); err == nil {
		t.Error("the refresh token counts")
	}
	for _, word := range []string{token.AccessToken, token.RefreshToken} {
		a := n.Do(t, formCall("/oauth2/introspect", c, url.Values{"token": {word}}))
		if a.Status == http.StatusOK && strings.TrimSpace(string(a.Body)) != `{"active":false}` {
			t.Errorf("introspection: got %s", a.Body)
		}
	}
}

// formCall is a call of an application that proves itself by the header.
func formCall(path string, c harness.Client, form url.Values) harness.Call {
	r := http.Request{Header: http.Header{}}
	r.SetBasicAuth(c.ID, c.Secret)
	return harness.Call{Path: path, Body: form.Encode(), Header: map[string]string{
		"Authorization": r.Header.Get("Authorization"), "Content-Type": "application/x-www-form-urlencoded",
	}}
}

// TestAttackRevocationWithoutDatabase: where a revocation cannot be stored,
// nobody is told that it was (CVE-2020-15223).
func TestAttackRevocationWithoutDatabase(t *testing.T) {
	onPostgres(t, func(t *testing.T, o harness.Options) {
		house := harness.NewWithApplications(t, o)
		n := house.Start(t)
		p := n.Party(t, harness.Wiki)
		in := n.Enter(t, harness.ApplicationBrowser(t), p, harness.Alice)
		for _, word := range []string{in.Token.AccessToken, in.Token.RefreshToken} {
			house.Execute(t, "ALTER TABLE grants RENAME TO grants_away")
			a := n.Do(t, formCall("/oauth2/revoke", harness.Wiki, url.Values{"token": {word}}))
			house.Execute(t, "ALTER TABLE grants_away RENAME TO grants")
			if a.Status != http.StatusServiceUnavailable {
				t.Errorf("got %d %s, want 503", a.Status, a.Body)
			}
			s := relyingStage{house, n, p}
			if !s.inspect(t, p, in.Token.AccessToken) {
				t.Error("the token ended although its end could not be stored")
			}
		}
		n.Do(t, formCall("/oauth2/revoke", harness.Wiki, url.Values{"token": {in.Token.RefreshToken}})).Want(t, http.StatusOK, "")
		relyingStage{house, n, p}.dead(t, "what was revoked", p, in.Token)
	})
}

// foreignOrganizations: an application serves the people of its own
// organisation, and learns nothing of others by claims or tokens
// (CVE-2026-33132).
func foreignOrganizations(t *testing.T, s relyingStage) {
	b := harness.ApplicationBrowser(t)
	if page := b.SignIn(t, b.Open(t, s.wiki.Ask().URL), harness.Olga); page.Status == 0 && page.URL.Query().Has("code") {
		t.Errorf("a person of another organisation entered: %s", page.URL)
	}
	// Drafts may ask for no data, neither by scopes nor by claims.
	p := s.n.Party(t, harness.Drafts, "openid", "offline_access", "profile", "email")
	claims := `{"userinfo":{"email":{"essential":true},"name":null,"tenant":{"value":"other"}},"id_token":{"phone_number":null,"email":null}}`
	in := s.n.Enter(t, harness.ApplicationBrowser(t), p, harness.Alice, harness.Param("claims", claims))
	told, err := p.Provider.UserInfo(t.Context(), oauth2.StaticTokenSource(in.Token))
	if err != nil {
		t.Fatal(err)
	}
	var info map[string]any
	if err := told.Claims(&info); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"email", "name", "tenant", "phone_number", "preferred_username"} {
		if info[name] != nil || in.Claims[name] != nil {
			t.Errorf("%s: user info tells %v, the ID token %v", name, info[name], in.Claims[name])
		}
	}
	if granted, _ := in.Token.Extra("scope").(string); strings.Contains(granted, "profile") || strings.Contains(granted, "email") {
		t.Errorf("granted %q", granted)
	}
	// Another application neither inspects nor ends it.
	a := s.n.Do(t, formCall("/oauth2/introspect", harness.Wiki, url.Values{"token": {in.Token.AccessToken}})).Want(t, http.StatusOK, "")
	if strings.TrimSpace(string(a.Body)) != `{"active":false}` {
		t.Errorf("another application inspects: got %s", a.Body)
	}
	if a := s.n.Do(t, formCall("/oauth2/revoke", harness.Wiki, url.Values{"token": {in.Token.RefreshToken}})); a.Status != http.StatusBadRequest {
		t.Errorf("another application revokes: got %d %s", a.Status, a.Body)
	}
	renew(t, p, in.Token)
}

// applicationInBody: the application is that of the path, the organisation that
// of the path and the proof (CVE-2026-4636).
func applicationInBody(t *testing.T, s stage) {
	const path = "/api/v1/organizations/acme/applications/"
	root, before := bearer(s.apiToken(t, "acme")), s.house.Run(t, "export").Want(t, 0).Out
	for _, body := range []map[string]any{
		{"client_id": "payroll", "name": "Mine"},
		{"organization": "other", "name": "Mine"},
		{"org": "other", "organization_id": "other"},
		{"id": "app_1"},
		{"secrets": []any{}},
		{"version": 1, "protocol": "oauth2"},
	} {
		s.n.Do(t, harness.Call{Method: http.MethodPatch, Path: path + "wiki", Header: root, Body: body})
	}
	s.n.Do(t, harness.Call{Path: path, Header: root, Body: map[string]any{
		"organization": "other", "name": "Strange", "protocol": "oidc", "client_id": "strange", "home_urls": []string{"https://app.example/cb"},
	}})
	after := s.house.Run(t, "export").Want(t, 0).Out
	_, others, _ := strings.Cut(after, "code: other")
	if strings.Contains(others, "trange") || strings.Contains(others, "Mine") {
		t.Errorf("something was made in the organisation that the body names:\n%s", others)
	}
	if strings.Count(before, "client_id: payroll") != strings.Count(after, "client_id: payroll") || strings.Contains(after, "name: Mine") {
		t.Errorf("the application that the body names was changed:\n%s", after)
	}
}

// unprovenApplications: whoever does not prove to be an application, or shows no
// token, is told nothing (CVE-2025-4210).
func unprovenApplications(t *testing.T, s stage) {
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for _, path := range []string{"/oauth2/token", "/oauth2/introspect", "/oauth2/revoke", "/orgid/openapi/v1/oauth2/token", "/v1/oauth2/token"} {
		for what, body := range map[string]string{
			"nothing": "", "a name": "client_id=wiki&grant_type=client_credentials&token=x", "a wrong secret": "client_id=wiki&client_secret=x&grant_type=client_credentials&token=x",
			"another's secret": "client_id=wiki&client_secret=" + harness.Payroll.Secret + "&grant_type=client_credentials&token=x",
		} {
			if a := s.n.Do(t, harness.Call{Path: path, Header: form, Body: body}); a.Status != http.StatusBadRequest && a.Status != http.StatusUnauthorized {
				t.Errorf("%s with %s: got %d %s", path, what, a.Status, a.Body)
			}
		}
	}
	for _, path := range []string{"/oauth2/userinfo", "/oidc/userinfo", "/orgid/openapi/v1/oauth2/userinfo", "/v1/oauth2/userinfo"} {
		for what, header := range map[string]map[string]string{
			"nothing": nil, "an empty token": bearer(""), "nonsense": bearer("none"), "a management token": bearer(s.apiToken(t, "acme")),
			"a token of the REST login": bearer(enter(t, s.n, "alice").AccessToken),
		} {
			if a := s.n.Do(t, harness.Call{Path: path, Header: header}); a.Status != http.StatusUnauthorized {
				t.Errorf("%s with %s: got %d %s", path, what, a.Status, a.Body)
			}
		}
	}
}

// everybodysRoutes are what every member may ask of the management API besides
// /api/v1/me, and ownRoutes what they may ask of their own organisation.
var (
	everybodysRoutes = []string{"GET /api/v1/source-kinds", "GET /api/v1/terminal-models", "GET /api/v1/version", "GET /api/v1/organizations"}
	ownRoutes        = []string{
		"GET /api/v1/organizations/{org}", "GET /api/v1/organizations/{org}/departments", "GET /api/v1/organizations/{org}/departments/{dept}",
		"GET /api/v1/organizations/{org}/contacts", "GET /api/v1/organizations/{org}/contacts/{contact}",
		"GET /api/v1/organizations/{org}/attributes", "GET /api/v1/organizations/{org}/attributes/{attribute}",
		"GET /api/v1/organizations/{org}/groups", // those that they own
	}
)

// stranger signs in a member of another organisation than acme whom nobody has
// locked out, since there was none before.
func (s stage) stranger(t *testing.T) (token harness.Token) {
	t.Helper()
	account, password := "stranger-"+signature.Nonce()[:8]+"@other.example", "Quarry-lantern-"+signature.Nonce()[:6]
	s.house.Secret(password)
	s.n.Do(t, harness.Call{
		Path: "/api/v1/organizations/other/members", Header: bearer(s.apiToken(t, "other")),
		Body: map[string]any{"account": account, "name": "Stranger", "password": password, "must_change_password": false},
	}).Want(t, http.StatusCreated, "")
	s.n.Do(t, harness.PasswordCall(account, password, 72)).Want(t, http.StatusOK, "").Into(t, &token)
	s.house.Secret(token.AccessToken, token.RefreshToken)
	return token
}

// ordinaryMembers: a role without rights reaches nothing, the addresses that
// only try something out among them (CVE-2024-3656).
func ordinaryMembers(t *testing.T, s stage) {
	values := ofAcmeValues(t, s)
	values["member"] = memberID(t, s, harness.Owner) // what is their own they may see and end
	stranger := s.stranger(t)
	before := s.house.Run(t, "export").Want(t, 0).Out
	for account, token := range map[string]map[string]string{
		harness.Alice: bearer(enter(t, s.n, "alice").AccessToken), "a stranger": bearer(stranger.AccessToken),
	} {
		for _, o := range operations(t, s.n) {
			if strings.HasPrefix(o.path, "/api/v1/me") {
				continue
			}
			call := harness.Call{Method: o.method, Path: fill(o.path, values), Header: token}
			if o.method != http.MethodGet && o.method != http.MethodDelete {
				call.Body = map[string]any{"name": "Mine", "code": "mine", "role": "owner"}
			}
			a := s.n.Do(t, call)
			route := o.method + " " + o.path
			may := slices.Contains(everybodysRoutes, route) || account == harness.Alice && slices.Contains(ownRoutes, route)
			if a.Status < 400 && !may || a.Status >= 500 {
				t.Errorf("%s: %s %s: got %d %.200s", account, o.method, o.path, a.Status, a.Body)
			}
		}
	}
	if after := s.house.Run(t, "export").Want(t, 0).Out; after != before {
		t.Errorf("something was changed:\n%s", after)
	}
}
