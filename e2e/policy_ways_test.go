package e2e_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/orgate/orgate/e2e/harness"
)

// verdict is what came of asking to enter.
type verdict string

const (
	enters  verdict = "enters"
	refused verdict = "is refused"
	// unproven is somebody who is asked for a second proof, or of whom it is
	// said that they would have to be asked.
	unproven verdict = "has to give a second proof"
)

// wayIn is one way to enter an application. Where nobody is there to be asked
// for a second proof its want is simply a refusal.
type wayIn struct {
	name    string
	attends bool // a person is there, or it is said that one is needed
	ask     func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict
}

// waysIn are all of them (OrgID, F.1).
var waysIn = []wayIn{
	{"authorization", true, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		return h.seen(t, p.b.Open(t, h.wiki[n].Ask().URL), "code")
	}},
	{"silent authorization", true, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		return h.seen(t, p.b.Open(t, h.wiki[n].Ask(harness.Param("prompt", "none")).URL), "code")
	}},
	{"start of an OpenID Connect application", true, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		return h.seen(t, p.b.Open(t, n.URL+"/apps/wiki/login"), "code")
	}},
	{"CAS", true, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		return h.seen(t, p.b.Open(t, service(n, "login")), "ticket")
	}},
	{"CAS gateway", false, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		return h.seen(t, p.b.Open(t, service(n, "login", "gateway", "true")), "ticket")
	}},
	{"start of a CAS application", true, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		return h.seen(t, p.b.Open(t, n.URL+"/apps/board/login"), "ticket")
	}},
	{"code", false, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		_, err := h.wiki[n].Config.Exchange(p.context(t), p.code, oauth2.VerifierOption(p.asked.Verifier))
		return answered(t, err)
	}},
	{"service ticket", false, func(t *testing.T, _ *gated, n *harness.Node, p *pass) verdict {
		text := p.call(t, http.MethodGet, service(n, "serviceValidate", "ticket", p.ticket), nil)
		return either(strings.Contains(text, "<cas:authenticationSuccess>"))
	}},
	{"refresh", false, func(t *testing.T, h *gated, n *harness.Node, p *pass) verdict {
		token, err := h.wiki[n].Config.TokenSource(p.context(t), &oauth2.Token{RefreshToken: p.in.Token.RefreshToken}).Token()
		if err == nil {
			p.in.Token = token
		}
		return answered(t, err)
	}},
	{"introspection", false, func(t *testing.T, _ *gated, n *harness.Node, p *pass) verdict {
		var said struct{ Active bool }
		text := p.call(t, http.MethodPost, n.URL+"/oauth2/introspect", url.Values{
			"token": {p.in.Token.AccessToken}, "client_id": {harness.Wiki.ID}, "client_secret": {harness.Wiki.Secret},
		})
		if err := json.Unmarshal([]byte(text), &said); err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		return either(said.Active)
	}},
	{"user info", false, func(t *testing.T, _ *gated, n *harness.Node, p *pass) verdict {
		text := p.call(t, http.MethodPost, n.URL+"/oauth2/userinfo", url.Values{"access_token": {p.in.Token.AccessToken}})
		return either(strings.Contains(text, `"sub"`))
	}},
}

// service is an address of CAS about the board.
func service(n *harness.Node, path string, more ...string) string {
	q := url.Values{"service": {boardHome}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return n.URL + "/cas/" + path + "?" + q.Encode()
}

// pass is somebody who was let in, with everything that they and their
// applications hold.
type pass struct {
	b      *harness.Browser
	in     harness.SignedInto
	asked  harness.Asked
	code   string // not redeemed
	ticket string // not validated
}

// enter signs bob in to both applications at a node, in a browser in which he
// may be signed in already.
func (h *gated) enter(t *testing.T, n *harness.Node, b *harness.Browser) *pass {
	t.Helper()
	p := &pass{b: b}
	p.in = n.Enter(t, b, h.wiki[n], harness.Bob)
	p.asked, p.code = n.Code(t, b, h.wiki[n], harness.Bob)
	page := b.Open(t, service(n, "login"))
	if p.ticket = page.URL.Query().Get("ticket"); p.ticket == "" {
		t.Fatalf("no ticket at %s (%d):\n%.2000s", page.URL, page.Status, page.Text)
	}
	n.Secret(p.ticket)
	return p
}

// seen tells what a browser shows: the application with what it needs, or
// without, or a page of ours.
func (h *gated) seen(t *testing.T, page harness.Page, needs string) verdict {
	t.Helper()
	switch q := page.URL.Query(); {
	case page.Status == 0 && q.Get(needs) != "":
		return enters
	case page.Status == 0 && q.Get("error") == "interaction_required":
		return unproven
	case page.Status == 0 && (q.Get("error") == "access_denied" || needs == "ticket"):
		return refused
	case page.Status == http.StatusOK && strings.Contains(page.Text, "<h1>You cannot enter "):
		return refused
	case page.Status == http.StatusOK && strings.Contains(page.URL.Path, "verification"):
		return unproven
	}
	t.Fatalf("the browser is at %s (%d):\n%.2000s", page.URL, page.Status, page.Text)
	return ""
}

// answered tells what a token endpoint's answer means.
func answered(t *testing.T, err error) verdict {
	t.Helper()
	if said := (*oauth2.RetrieveError)(nil); err != nil && (!errors.As(err, &said) || said.ErrorCode != "invalid_grant") {
		t.Fatalf("got %v, want tokens or invalid_grant", err)
	}
	return either(err == nil)
}

func either(entered bool) verdict {
	if entered {
		return enters
	}
	return refused
}

// context makes the client library send what the browser sends.
func (p *pass) context(t *testing.T) context.Context {
	t.Helper()
	return context.WithValue(t.Context(), oauth2.HTTPClient, &http.Client{Transport: p})
}

// RoundTrip adds to a call of an application what the browser says.
func (p *pass) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for name, value := range p.b.Says {
		r.Header.Set(name, value)
	}
	return http.DefaultTransport.RoundTrip(r)
}

// call makes a call of an application and returns the text of the answer.
func (p *pass) call(t *testing.T, method, address string, form url.Values) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, address, strings.NewReader(form.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, err := p.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
