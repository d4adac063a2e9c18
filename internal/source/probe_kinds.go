package source

import (
	"context"
	"crypto/tls"
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// prober is a source whose addresses can be looked at without a person.
type prober interface {
	// probe writes its checks into the story of the probe and reports whether a
	// browser may be sent on its way.
	probe(ctx context.Context, p *probe) bool
}

func (c centre) probe(ctx context.Context, p *probe) bool {
	p.centre = c
	return p.run(ctx)
}

// probe asks the provider for its configuration and keys before its addresses
// are looked at.
func (c connect) probe(ctx context.Context, p *probe) bool {
	p.story.Hide(c.v["client_secret"])
	discovers := c.v["authorize_url"] == "" || c.v["token_url"] == "" || c.v["jwks_url"] == ""
	if discovers && !p.connect(ctx, discoveryStage, c.v["issuer"], p.refuse) {
		return false
	}
	of, err := c.centre(ctx, p.story)
	if err != nil {
		return false
	}
	t := &turn{centre: of, story: p.story}
	keys, err := t.keysNamed(ctx, of.provider.KeysURL, "")
	if err != nil {
		return false
	}
	p.story.Check(trace.KeysAnswer, true, trace.Detail{Received: itoa(len(keys)) + " keys"})
	return of.probe(ctx, p)
}

// loginStage is asked by a try alone; browsers have to reach the address, this
// server need not.
var loginStage = stage{
	resolves: trace.LoginReached, open: trace.LoginReached, reached: trace.LoginReached, inTime: trace.LoginReached, tls: trace.LoginReached,
	redirect: trace.LoginPage, size: trace.LoginPage, status: trace.LoginPage, format: trace.LoginPage,
}

// madeUp is a ticket that no server has issued: a good server says so in the
// form of its version, which shows that it is one.
const madeUp = "ST-orgate-tries-a-ticket-that-nobody-issued"

func (g gatekeeper) probe(ctx context.Context, p *probe) bool {
	seen := p.connect(ctx, loginStage, g.v["login_url"], p.warn)
	if !p.connect(ctx, validateStage, g.v["validate_url"], p.refuse) {
		return false
	}
	if seen {
		g.loginPage(ctx, p)
	}
	quiet := trace.Begin(trace.SourceLogin, identity.Origin{})
	t := &turn{centre: p.centre, attempt: Attempt{Callback: p.callback, State: randomWord()}, story: quiet}
	said, err := g.validate(ctx, t, madeUp)
	expected := "a refusal of a ticket that nobody issued"
	switch {
	case err == nil:
		p.refuse(trace.ValidateAnswer, trace.Detail{Expected: expected, Received: "a person"})
		return false
	case said.failed && casFailure(said.code) == trace.UpstreamTaken:
		p.story.Check(trace.ValidateAnswer, true, trace.Detail{Expected: expected, Received: said.code})
		return true
	}
	for _, step := range quiet.Steps() {
		if step.State == trace.Failing {
			p.refuse(step.Check, step.Detail)
		}
	}
	return false
}

// loginPage asks for the sign-in page as a browser would. A server that does
// not know the service says so on it.
func (g gatekeeper) loginPage(ctx context.Context, p *probe) {
	step, err := g.Begin(ctx, Attempt{Callback: p.callback, State: randomWord()})
	if err != nil {
		return
	}
	r, err := http.NewRequest(http.MethodGet, step.URL, http.NoBody)
	if err != nil {
		return
	}
	r.Header.Set("Accept", "text/html")
	a, err := p.call(ctx, p.tools.direct, r)
	switch {
	case err != nil:
		check, got := loginStage.explain(err)
		p.warn(check, trace.Detail{Expected: "a page", Received: got})
	case a.status >= http.StatusBadRequest:
		p.warn(trace.LoginPage, trace.Detail{Expected: "a page", Received: a.statusText("")})
	default:
		p.story.Check(trace.LoginPage, true, trace.Detail{Received: a.statusText("")})
	}
}

// chainOf tells the certificates that a host showed, from its own up to the
// authority, and when the first of them ends.
func chainOf(state tls.ConnectionState) string {
	if len(state.VerifiedChains) == 0 {
		return ""
	}
	chain := state.VerifiedChains[0]
	names := make([]string, len(chain))
	for i, c := range chain {
		if names[i] = c.Subject.CommonName; names[i] == "" {
			names[i] = strings.Join(namesOf(c), ", ")
		}
	}
	return strings.Join(names, " ← ") + ", until " + day(chain[0].NotAfter)
}
