package oidc

import (
	"context"
	"errors"
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// maxAddress is the longest address that waits in the browser, in bytes.
// A longer request is kept here, and its own address is short.
const maxAddress = 1536

// authorize answers the authorization endpoint (RFC 6749, 3.1). Before the
// application and its address are proven, an error is a page; afterwards it goes
// back to the application (RFC 6749, 4.1.2.1).
func (p *Provider) authorize(w http.ResponseWriter, r *http.Request) error {
	a, err := p.readAsk(r)
	if err == nil {
		err = p.proveTarget(r.Context(), a)
	}
	if err != nil {
		return protocol.WithCode(err, p.keepStory(r, a.scene(), err))
	}
	p.note(r, a.application)
	code, err := p.grantCode(w, r, a)
	if errors.Is(err, protocol.ErrAnswered) {
		if a.story.Refuses() {
			p.keepStory(r, a.scene(), errEntry)
		}
		return nil // else the story goes on when the browser comes back
	}
	if fault.KindOf(err) == fault.TooMany {
		return err // a page, never a redirect that somebody else has to answer
	}
	story := p.keepStory(r, a.scene(), err)
	if fault.Is(err, fault.CodeTryForeign) {
		return protocol.WithCode(err, story) // who must not run a try is not led on by it
	}
	if err != nil {
		p.sendFault(w, r, a, err)
	} else {
		p.sendCode(w, a, code)
	}
	return nil
}

// scene is the request for its story.
func (a *ask) scene() scene {
	return scene{trace.Authorizing, a.application, a.parameters, a.story}
}

// errEntry is what a page of ours has told the person.
var errEntry = fault.New(fault.Forbidden, fault.CodeEntryRefused)

// readAsk reads the request once: from the address, from a posted form (OpenID
// Connect Core 1.0, 3.1.2.1), or from where it was kept. What could be read is
// returned with the error.
func (p *Provider) readAsk(r *http.Request) (*ask, error) {
	a := &ask{raw: r.URL.RawQuery, mode: modeQuery, maxAge: -1}
	var err error
	if r.Method == http.MethodPost {
		if !isForm(r) {
			return a, errContentType
		}
		if a.raw, err = readBody(r); err != nil {
			return a, err
		}
	}
	if a.parameters, err = parse(a.raw); err != nil {
		return a, err
	}
	if r.Method != http.MethodPost && a.get(keptField) != "" {
		var k protocol.Kept
		if a.parameters, k, err = p.recall(r.Context(), r.URL.Path, a.parameters); err != nil {
			return a, err
		}
		a.askedAt = k.At
	}
	return a, nil
}

// proveTarget finds the application and proves that the redirect URI is its
// own. The URI is demanded always, also where RFC 6749 would take the only one
// that is registered (OpenID Connect Core 1.0, 3.1.2.1; RFC 9700, 2.1).
func (p *Provider) proveTarget(ctx context.Context, a *ask) error {
	for _, name := range []string{"client_id", "redirect_uri"} {
		if a.twice == name {
			return a.once()
		}
		if a.get(name) == "" {
			return missing(name)
		}
	}
	var err error
	if a.application, err = p.find(ctx, a.get("client_id")); err != nil {
		return err
	}
	a.redirect = a.get("redirect_uri")
	if !a.application.Redirects(a.redirect) {
		return fault.New(fault.Invalid, fault.CodeOAuthRedirect).At("redirect_uri")
	}
	return nil
}

// grantCode looks at the request, lets the Gate decide, and returns the code of
// what was granted.
func (p *Provider) grantCode(w http.ResponseWriter, r *http.Request, a *ask) (string, error) {
	for _, rule := range rules {
		if err := rule(a); err != nil {
			return "", err
		}
	}
	if err := p.checkHint(r.Context(), a); err != nil {
		return "", err
	}
	if a.mustWait(r) {
		return "", p.wait(w, r, a)
	}
	session, err := p.pass(w, r, a)
	if err != nil {
		return "", err
	}
	return p.host.Codes.Authorize(r.Context(), identity.Authorization{
		Application: a.application, Session: session, Scopes: a.scopes, RedirectURI: a.redirect,
		Challenge: a.get("code_challenge"), Nonce: a.get("nonce"), Claims: a.wishes.kept(), Key: sidOf(session.ID),
	})
}

// checkHint reads the ID token that names who is meant (OpenID Connect Core
// 1.0, 3.1.2.1). It has to be one that this application was given, and must not
// contradict the claims parameter.
func (p *Provider) checkHint(ctx context.Context, a *ask) error {
	compact := a.get("id_token_hint")
	if compact == "" {
		return nil
	}
	h, err := p.readHint(ctx, compact)
	if err != nil {
		return err
	}
	if !h.isFor(a.application.ClientID) || a.subject != "" && a.subject != h.Subject {
		return errHint
	}
	a.subject = h.Subject
	return nil
}

// mustWait reports whether the request cannot stay in the browser's address:
// it came by POST, is long, or demands a proof from now on, and "now" must not
// move when the browser comes back.
func (a *ask) mustWait(r *http.Request) bool {
	return a.askedAt.IsZero() && (r.Method == http.MethodPost || a.prompt.login || a.isLong())
}

// isLong reports whether the address is too long to wait in. The Gate's own word
// for its conversation does not make it so on the way back.
func (a *ask) isLong() bool { return len(a.raw) > maxAddress && a.get(pages.FlowField) == "" }

// wait keeps the request and leads the browser to it.
func (p *Provider) wait(w http.ResponseWriter, r *http.Request, a *ask) error {
	if err := p.keep(w, r, a.application.ClientID, a.raw); err != nil {
		return err
	}
	return protocol.ErrAnswered
}

// pass lets the Gate decide. A request with max_age is first decided without a
// page: only where that fails for want of a fresh proof does it have to be kept.
func (p *Provider) pass(w http.ResponseWriter, r *http.Request, a *ask) (identity.Session, error) {
	d := a.demand(p.host.Now())
	a.story = trace.Begin(trace.Authorizing, p.host.Origin(r))
	a.scene().passed(a.story, trace.SessionThere)
	if a.maxAge < 0 || d.Silent || !a.askedAt.IsZero() {
		return p.host.Gate.Pass(w, r, d, a.story)
	}
	silent := d
	silent.Silent = true
	if d.Strength == identity.SecondWished {
		silent.Strength = identity.SecondDemanded // where it is not given, the person is asked below
	}
	session, err := p.host.Gate.Pass(w, r, silent, nil)
	switch {
	case err == nil, errors.Is(err, protocol.ErrAnswered):
		return session, err
	case replyOf(fault.Of(err)) == replyLogin:
		return identity.Session{}, p.wait(w, r, a)
	}
	return p.host.Gate.Pass(w, r, d, a.story)
}
