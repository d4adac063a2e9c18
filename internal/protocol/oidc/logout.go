package oidc

import (
	"context"
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// logout answers an application's wish to sign a person out (RP-Initiated
// Logout 1.0, 2).
func (p *Provider) logout(w http.ResponseWriter, r *http.Request) error {
	if r.Method == http.MethodPost {
		return p.keepLogout(w, r)
	}
	asked, err := p.readLogout(r)
	var d protocol.Departure
	if err == nil {
		d, err = p.departure(r.Context(), asked)
	}
	s := scene{kind: trace.Leaving, parameters: asked}
	if d.Application != nil {
		s.application = *d.Application
		p.note(r, s.application)
	}
	if err != nil {
		return protocol.WithCode(err, p.keepStory(r, s, err))
	}
	if d.To == "" && asked.get("post_logout_redirect_uri") != "" {
		p.keepUnproven(r, s)
	}
	p.host.Gate.Leave(w, r, d)
	return nil
}

// keepUnproven tells why a person will not be sent to where an application
// wished.
func (p *Provider) keepUnproven(r *http.Request, s scene) {
	story := trace.Begin(s.kind, p.host.Origin(r))
	story.AboutApplication(s.application)
	to := s.get("post_logout_redirect_uri")
	story.Check(trace.LogoutHint, to != s.application.ExitURL, trace.Detail{Received: trace.Shape(s.get("id_token_hint"))})
	story.Check(trace.ExitRegistered, to == s.application.ExitURL, trace.Detail{Expected: s.application.ExitURL, Received: to})
	story.End(trace.Refused)
	p.traces.Keep(story)
}

// readLogout reads the request from its address, or from where it was kept.
func (p *Provider) readLogout(r *http.Request) (parameters, error) {
	asked, err := parse(r.URL.RawQuery)
	if err == nil && asked.get(keptField) != "" {
		asked, _, err = p.recall(r.Context(), r.URL.Path, asked)
	}
	if err != nil {
		return asked, err
	}
	return asked, asked.once()
}

// keepLogout stores a posted request and leads the browser to it: the post of
// another site carries no cookie of ours, so that nobody would be signed in.
func (p *Provider) keepLogout(w http.ResponseWriter, r *http.Request) error {
	if !isForm(r) {
		return errContentType
	}
	raw, err := readBody(r)
	if err != nil {
		return err
	}
	asked, err := parse(raw)
	if err != nil {
		return err
	}
	return p.keep(w, r, asked.get("client_id"), raw)
}

// departure reads a wish. Only an ID token of ours proves who wishes it; where
// there is none, or not one of ours, the person is asked and goes nowhere
// afterwards.
func (p *Provider) departure(ctx context.Context, asked parameters) (protocol.Departure, error) {
	d := protocol.Departure{Languages: words(asked.get("ui_locales"))}
	clientID := asked.get("client_id")
	var proof hint
	if compact := asked.get("id_token_hint"); compact != "" {
		var err error
		proof, err = p.readHint(ctx, compact)
		switch {
		case fault.Is(err, fault.CodeOAuthHint):
		case err != nil:
			return d, err
		case clientID != "" && !proof.isFor(clientID): // RP-Initiated Logout 1.0, 2
			return d, errHint
		default:
			clientID = proof.client()
		}
	}
	a, err := p.find(ctx, clientID)
	if fault.KindOf(err) == fault.NotFound {
		return d, nil
	}
	if err != nil {
		return d, err
	}
	d.Application = &a
	if proof.Subject != "" {
		d.Session = proof.session()
		d.To = exitOf(a, asked)
	}
	return d, nil
}

// exitOf is where the person goes afterwards: the registered exit URL and
// nothing else, compared byte by byte (RP-Initiated Logout 1.0, 3), with the
// state.
func exitOf(a identity.Application, asked parameters) string {
	to := asked.get("post_logout_redirect_uri")
	if to == "" || to != a.ExitURL {
		return ""
	}
	if state := asked.get("state"); state != "" {
		to = protocol.WithQuery(to, url.Values{"state": {state}}.Encode())
	}
	return to
}
