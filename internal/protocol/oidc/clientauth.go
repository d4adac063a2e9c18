package oidc

import (
	"context"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// credentials are what an application sends of itself.
type credentials struct {
	clientID string
	secret   string
	method   identity.AuthMethod
}

// String keeps the secret out of logs.
func (credentials) String() string { return "[redacted]" }

// GoString keeps the secret out of %#v.
func (credentials) GoString() string { return "[redacted]" }

var (
	errProof      = fault.New(fault.Unauthenticated, fault.CodeOAuthClientProof)
	errProofTwice = fault.New(fault.Invalid, fault.CodeOAuthProofTwice)
)

// credentialsOf reads how an application proves itself: by the header, by the
// form, or by nothing (OpenID Connect Core 1.0, 9). Two ways at once are refused
// (RFC 6749, 2.3).
func credentialsOf(r *http.Request, form parameters) (credentials, error) {
	header := r.Header.Get("Authorization")
	if header == "" {
		c := credentials{form.get("client_id"), form.get("client_secret"), identity.AuthPost}
		if c.secret == "" {
			c.method = identity.AuthNone
		}
		if c.clientID == "" {
			return c, missing("client_id")
		}
		return c, nil
	}
	if form.get("client_secret") != "" {
		return credentials{}, errProofTwice
	}
	c, ok := basic(header)
	if !ok {
		return c, errProof
	}
	// A client_id beside the header proves nothing, but must not name another.
	if id := form.get("client_id"); id != "" && id != c.clientID {
		return c, errProof
	}
	return c, nil
}

// basic reads the header. Name and secret are encoded as a form does before
// they are joined (RFC 6749, 2.3.1).
func basic(header string) (c credentials, ok bool) {
	c.method = identity.AuthBasic
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Basic") {
		return c, false
	}
	joined, err := base64.StdEncoding.DecodeString(strings.TrimLeft(token, " "))
	if err != nil {
		return c, false
	}
	name, secret, found := strings.Cut(string(joined), ":")
	if !found {
		return c, false
	}
	var broken error
	if c.clientID, err = url.QueryUnescape(name); err != nil {
		broken = err
	}
	if c.secret, err = url.QueryUnescape(secret); err != nil {
		broken = err
	}
	return c, broken == nil && c.clientID != ""
}

// nobody is compared with where no application is known, so that an unknown
// client costs what a wrong secret costs.
var nobody = identity.Application{Secrets: []identity.ClientSecret{{Digest: make([]byte, 32)}}}

// prove finds the application that sent the credentials. Unknown, wrong and
// not allowed look alike; only who proved to be the application is told that it
// is disabled.
func (p *Provider) prove(ctx context.Context, c credentials) (identity.Application, error) {
	a, err := p.find(ctx, c.clientID)
	if fault.KindOf(err) == fault.NotFound {
		p.host.Applications.Prove(nobody, c.secret)
		return identity.Application{}, errProof
	}
	if err != nil {
		return identity.Application{}, err
	}
	good := c.method == identity.AuthNone && a.OAuth.Public
	if c.method != identity.AuthNone {
		good = p.host.Applications.Prove(a, c.secret)
	}
	if !good || !slices.Contains(a.OAuth.AuthMethods, c.method) {
		return identity.Application{}, errProof
	}
	if !a.Active() {
		return a, fault.New(fault.Forbidden, fault.CodeOAuthDisabled)
	}
	return a, nil
}

// caller reads the form of a request to the token endpoint or one like it, and
// proves which application sent it.
func (p *Provider) caller(r *http.Request) (identity.Application, parameters, error) {
	form, err := readForm(r)
	if err != nil {
		return identity.Application{}, form, err
	}
	if err := form.once(); err != nil {
		return identity.Application{}, form, err
	}
	sent, err := credentialsOf(r, form)
	if err != nil {
		return identity.Application{}, form, err
	}
	a, err := p.prove(r.Context(), sent)
	if a.ID != "" {
		p.note(r, a)
	}
	return a, form, err
}
