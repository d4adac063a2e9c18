package relying

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// party is the provider as one application sees it.
type party struct {
	provider *oidc.Provider
	config   oauth2.Config
	// ends is where people are signed out, "" when the provider does not say.
	ends string
}

// context carries the client by which the libraries reach the provider.
func (a *application) context(ctx context.Context) context.Context {
	if a.site.options.Client != nil {
		ctx = oidc.ClientContext(ctx, a.site.options.Client)
	}
	return ctx
}

// party asks the provider for its addresses, once it has answered never again.
func (a *application) party(ctx context.Context) (*party, error) {
	a.mu.Lock()
	known := a.known
	a.mu.Unlock()
	if known != nil {
		return known, nil
	}
	// The key set is read later too, when this request is long over.
	provider, err := oidc.NewProvider(a.context(context.WithoutCancel(ctx)), a.site.options.Issuer)
	if err != nil {
		return nil, fmt.Errorf("ask the provider for its addresses: %w", err)
	}
	var more struct {
		Ends string `json:"end_session_endpoint"`
	}
	if err := provider.Claims(&more); err != nil {
		return nil, err
	}
	found := &party{provider: provider, ends: more.Ends, config: oauth2.Config{
		ClientID: a.ClientID, ClientSecret: a.Secret, Endpoint: provider.Endpoint(),
		RedirectURL: Callback(a.site.options.Address, a.Path), Scopes: a.Scopes,
	}}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known = found
	return found, nil
}

// received is what an application was given about a person.
type received struct {
	token    *oauth2.Token
	idToken  string // as it came, for the way out
	session  string // the provider's name for its session, "" without OpenID Connect
	subject  string
	proven   map[string]any // claims of the ID token
	userInfo map[string]any
}

// receive turns a token answer into what is known about the person. Of an ID
// token, signature, issuer, audience, end and nonce are checked.
func (a *application) receive(ctx context.Context, p *party, token *oauth2.Token, nonce string) (received, error) {
	got := received{token: token}
	if !a.Plain {
		raw, _ := token.Extra("id_token").(string)
		proof, err := p.provider.VerifierContext(a.context(ctx), &oidc.Config{ClientID: a.ClientID, Now: a.site.options.Now}).Verify(ctx, raw)
		if err != nil {
			return got, fmt.Errorf("the ID token does not count: %w", err)
		}
		if proof.Nonce != nonce {
			return got, errors.New("the ID token was made for another sign-in")
		}
		if err := proof.Claims(&got.proven); err != nil {
			return got, err
		}
		got.idToken, got.subject = raw, proof.Subject
		got.session, _ = got.proven["sid"].(string)
	}
	return got, a.ask(ctx, p, &got)
}

// answerLimit bounds what user info may say.
const answerLimit = 1 << 20

// ask reads user info with the access token. With OpenID Connect it has to be
// about the person of the ID token (OpenID Connect Core 1.0, 5.3.2).
func (a *application) ask(ctx context.Context, p *party, got *received) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.provider.UserInfoEndpoint(), nil)
	if err != nil {
		return err
	}
	answer, err := oauth2.NewClient(a.context(ctx), oauth2.StaticTokenSource(got.token)).Do(request)
	if err != nil {
		return fmt.Errorf("ask for user info: %w", err)
	}
	defer func() { _ = answer.Body.Close() }()
	if answer.StatusCode != http.StatusOK {
		return fmt.Errorf("user info answered %s", answer.Status)
	}
	got.userInfo = nil
	if err := json.NewDecoder(io.LimitReader(answer.Body, answerLimit)).Decode(&got.userInfo); err != nil {
		return fmt.Errorf("read user info: %w", err)
	}
	subject, _ := got.userInfo["sub"].(string)
	if got.subject != "" && subject != got.subject {
		return errors.New("user info is about somebody else than the ID token")
	}
	got.subject = subject
	return nil
}
