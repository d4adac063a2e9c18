package oidc

import (
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// introspection is what a resource server is told of a token (RFC 7662, 2.2).
type introspection struct {
	Active    bool     `json:"active"`
	Scope     string   `json:"scope,omitempty"`
	ClientID  string   `json:"client_id,omitempty"`
	Type      string   `json:"token_type,omitempty"` // RFC 6749, 5.1; of access tokens
	ExpiresAt int64    `json:"exp,omitempty"`
	IssuedAt  int64    `json:"iat,omitempty"`
	Subject   string   `json:"sub,omitempty"`
	Audience  []string `json:"aud,omitempty"`
	Issuer    string   `json:"iss,omitempty"`
	ID        string   `json:"jti,omitempty"`
	AuthTime  int64    `json:"auth_time,omitempty"` // RFC 9470, 6.2
	ACR       string   `json:"acr,omitempty"`
}

// introspect tells a resource server whether a token counts (RFC 7662). Only
// the application that the token was issued to and those that it names may ask;
// to others, and of a token that does not count, there is nothing to tell (2.2
// and 4).
func (p *Provider) introspect(w http.ResponseWriter, r *http.Request) error {
	a, form, err := p.caller(r)
	if err != nil {
		return err
	}
	// 2.1 demands an authenticated caller: who proves itself by nothing is none.
	if a.OAuth.Public {
		return errProof
	}
	token := form.get("token")
	if token == "" {
		return missing("token")
	}
	t, err := p.host.Inspect(r.Context(), token)
	switch {
	case fault.KindOf(err) == fault.Unauthenticated:
		p.keepInspection(r, a, t, err)
		sendJSON(w, http.StatusOK, introspection{})
		return nil
	case err != nil:
		return err
	case !mayInspect(a, t.Application):
		sendJSON(w, http.StatusOK, introspection{})
		return nil
	}
	sendJSON(w, http.StatusOK, p.describeToken(t))
	return nil
}

// keepInspection keeps the story of a token that would count, were its person
// still let in: nobody expects that, and the answer does not tell. Of any other
// there is none, for programs ask about tokens that are over all day.
func (p *Provider) keepInspection(r *http.Request, caller identity.Application, t protocol.Token, err error) {
	if trace.ReasonOf(err) != nil && mayInspect(caller, t.Application) {
		p.keepStory(r, scene{kind: trace.Inspecting, application: t.Application}, err)
	}
}

// mayInspect reports whether an application may inspect tokens of another.
func mayInspect(caller, owner identity.Application) bool {
	return caller.ID == owner.ID || owner.OAuth != nil && slices.Contains(owner.OAuth.Introspectors, caller.ClientID)
}

func (p *Provider) describeToken(t protocol.Token) introspection {
	i := introspection{
		Active: true, Scope: strings.Join(t.Grant.Scopes, " "), ClientID: t.Application.ClientID, Issuer: p.issuer,
		ExpiresAt: t.EndsAt.Unix(), IssuedAt: t.IssuedAt.Unix(), Subject: t.Application.ClientID,
	}
	if !t.Refresh {
		i.Type = "Bearer"
	}
	if !t.Own() {
		i.Subject = p.host.Subjects.SubjectID(t.Grant.MemberID)
		i.AuthTime, i.ACR = t.Grant.ProvenAt.Unix(), protocol.Context(t.Grant)
	}
	if t.Claims != nil {
		i.Audience, i.ID = t.Claims.Audience, t.Claims.ID
	}
	return i
}
