package harness

import (
	"context"
	"crypto/rand"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// Party is an application in Go that relies on a node: written with go-oidc and
// x/oauth2, by people who do not know us.
type Party struct {
	Client
	Provider *oidc.Provider
	Config   oauth2.Config
	Ends     string // where people are signed out
}

// Party makes an application of the node's discovery document. Without scopes
// it asks for openid, profile, email and offline_access.
func (n *Node) Party(t testing.TB, c Client, scopes ...string) *Party {
	t.Helper()
	provider, err := oidc.NewProvider(t.Context(), n.URL)
	if err != nil {
		t.Fatal(err)
	}
	p := &Party{Client: c, Provider: provider}
	var more struct {
		Ends string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		t.Fatal(err)
	}
	if len(scopes) == 0 {
		scopes = []string{oidc.ScopeOpenID, "profile", "email", oidc.ScopeOfflineAccess}
	}
	p.Ends = more.Ends
	p.Config = oauth2.Config{ClientID: c.ID, ClientSecret: c.Secret, Endpoint: provider.Endpoint(), RedirectURL: c.Home(), Scopes: scopes}
	if c.Secret == "" {
		p.Config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	}
	n.house.Secret(c.Secret)
	return p
}

// Asked is one authorization request and what its answer has to fit.
type Asked struct{ URL, State, Nonce, Verifier string }

// Ask begins a sign-in with state, nonce and PKCE.
func (p *Party) Ask(more ...oauth2.AuthCodeOption) Asked {
	a := Asked{State: rand.Text(), Nonce: rand.Text(), Verifier: oauth2.GenerateVerifier()}
	more = append([]oauth2.AuthCodeOption{oauth2.S256ChallengeOption(a.Verifier), oidc.Nonce(a.Nonce)}, more...)
	a.URL = p.Config.AuthCodeURL(a.State, more...)
	return a
}

// Param is a further parameter of an authorization request.
func Param(name, value string) oauth2.AuthCodeOption { return oauth2.SetAuthURLParam(name, value) }

// Answer is what the provider says in the address to which it leads the
// browser. It fails the test when that is not the application's, or the state
// or the issuer is another.
func (n *Node) Answer(t testing.TB, p *Party, a Asked, page Page) url.Values {
	t.Helper()
	if page.Status != 0 || !strings.HasPrefix(page.URL.String(), p.Home()+"?") {
		t.Fatalf("the browser is at %s (%d), want %s:\n%.3000s", page.URL, page.Status, p.Home(), page.Text)
	}
	q := page.URL.Query()
	if q.Get("state") != a.State || q.Get("iss") != n.URL {
		t.Fatalf("the answer %v has another state or issuer", q)
	}
	return q
}

// SignedInto is what a sign-in gave to an application.
type SignedInto struct {
	Token  *oauth2.Token
	ID     *oidc.IDToken
	RawID  string
	Claims map[string]any // of the ID token
}

// Redeem exchanges the code of an answer and verifies the ID token.
func (p *Party) Redeem(ctx context.Context, a Asked, code string) (in SignedInto, err error) {
	if in.Token, err = p.Config.Exchange(ctx, code, oauth2.VerifierOption(a.Verifier)); err != nil {
		return in, err
	}
	in.RawID, _ = in.Token.Extra("id_token").(string)
	if in.ID, err = p.Provider.Verifier(&oidc.Config{ClientID: p.ID}).Verify(ctx, in.RawID); err != nil {
		return in, err
	}
	return in, in.ID.Claims(&in.Claims)
}

// Code walks a browser to an application's code. Where the sign-in page comes
// up, account and password are typed.
func (n *Node) Code(t testing.TB, b *Browser, p *Party, account string, more ...oauth2.AuthCodeOption) (Asked, string) {
	t.Helper()
	a := p.Ask(more...)
	page := b.Open(t, a.URL)
	if page.Status != 0 {
		page = b.SignIn(t, page, account)
	}
	code := n.Answer(t, p, a, page).Get("code")
	if code == "" {
		t.Fatalf("no code in %s", page.URL)
	}
	n.house.Secret(code)
	return a, code
}

// Enter signs somebody in to an application, which gets its tokens.
func (n *Node) Enter(t testing.TB, b *Browser, p *Party, account string, more ...oauth2.AuthCodeOption) SignedInto {
	t.Helper()
	a, code := n.Code(t, b, p, account, more...)
	in, err := p.Redeem(t.Context(), a, code)
	if err != nil {
		t.Fatal(err)
	}
	if in.ID.Nonce != a.Nonce {
		t.Fatalf("the ID token has the nonce %q, want %q", in.ID.Nonce, a.Nonce)
	}
	n.house.Secret(in.Token.AccessToken, in.Token.RefreshToken, in.RawID)
	return in
}

// ApplicationBrowser is a browser that stops before every application.
func ApplicationBrowser(t testing.TB) *Browser {
	t.Helper()
	return NewBrowser(t, nowhere)
}
