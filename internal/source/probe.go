package source

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/orgate/orgate/internal/trace"
)

// probe looks at a centre without a person, for a try.
type probe struct {
	centre
	dialer   Dialer
	callback string
	story    *trace.Story
}

// run writes its checks into the story and reports whether a browser may be
// sent on its way.
func (p *probe) run(ctx context.Context) bool {
	p.story.Hide(p.o.ClientSecret)
	// Browsers reach the authorisation address, this server need not.
	seen := p.connect(ctx, authorizeStage, p.o.AuthorizeURL, p.warn)
	good := p.connect(ctx, tokenStage, p.o.TokenURL, p.refuse)
	if p.o.UserInfoURL != "" {
		good = p.connect(ctx, userInfoStage, p.o.UserInfoURL, p.refuse) && good
	}
	return (!seen || p.authorizePage(ctx)) && good
}

// verdict writes a check that did not pass.
type verdict func(trace.Check, trace.Detail)

func (p *probe) warn(check trace.Check, d trace.Detail) { p.story.Warn(check, d) }

func (p *probe) refuse(check trace.Check, d trace.Detail) { p.story.Check(check, false, d) }

// connect opens a connection to an address, up to TLS, and closes it again.
func (p *probe) connect(ctx context.Context, st stage, address string, bad verdict) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	ctx, cancel := context.WithTimeout(ctx, p.tools.timeout)
	defer cancel()
	conn, err := p.dialer.DialContext(ctx, "tcp", strings.TrimPrefix(originOf(address), u.Scheme+"://"))
	if err != nil {
		check, got := st.explain(err)
		bad(check, trace.Detail{Expected: hostOf(u), Received: got})
		return false
	}
	p.story.Check(st.resolves, true, trace.Detail{Received: u.Hostname()})
	p.story.Check(st.reached, true, trace.Detail{Received: u.Host})
	return p.secure(ctx, conn, st, u, bad)
}

// secure takes the connection over and looks at its TLS.
func (p *probe) secure(ctx context.Context, conn net.Conn, st stage, u *url.URL, bad verdict) bool {
	if u.Scheme == "http" {
		p.story.Warn(st.tls, trace.Detail{Expected: "https", Received: "http, which protects neither the secret nor the person"})
		return conn.Close() == nil
	}
	secured := tls.Client(conn, &tls.Config{ServerName: u.Hostname(), RootCAs: p.dialer.Roots(), MinVersion: tls.VersionTLS12})
	err := secured.HandshakeContext(ctx)
	if err = errors.Join(err, conn.Close()); err != nil {
		check, got := st.explain(err)
		bad(check, trace.Detail{Expected: u.Hostname(), Received: got})
		return false
	}
	p.story.Check(st.tls, true, trace.Detail{Received: chainOf(secured.ConnectionState())})
	return true
}

// authorizePage asks for the authorisation page as a browser would, under a
// state of its own that leads nowhere, and reads from the answer whether the
// centre takes client ID, call-back address and scope. Most centres say so on
// a page to the person and never to us.
func (p *probe) authorizePage(ctx context.Context) bool {
	link, err := p.o.authorizationLink(Attempt{State: randomWord(), Nonce: randomWord(), Verifier: randomWord(), Callback: p.callback})
	if err != nil {
		return false
	}
	r, err := http.NewRequest(http.MethodGet, link, http.NoBody)
	if err != nil {
		return false
	}
	r.Header.Set("Accept", "text/html")
	a, err := p.call(ctx, p.tools.direct, r)
	if err != nil {
		check, got := authorizeStage.explain(err)
		p.story.Warn(check, trace.Detail{Expected: "a page", Received: got})
		return true
	}
	check, problem := pageProblem(a, p.callback)
	switch {
	case problem == "":
		p.story.Check(trace.AuthorizeStatus, true, trace.Detail{Received: a.statusText("")})
		return true
	case check == trace.AuthorizeStatus && a.status != http.StatusNotFound && a.status != http.StatusMethodNotAllowed:
		p.story.Warn(check, trace.Detail{Expected: "a page", Received: problem})
		return true
	}
	p.story.Check(check, false, trace.Detail{Expected: p.expectedOf(check), Received: problem})
	return false
}

func (p *probe) expectedOf(check trace.Check) string {
	switch check {
	case trace.AuthorizeRedirect:
		return p.callback
	case trace.AuthorizeScope:
		return p.o.scope()
	case trace.AuthorizeClient:
		return p.o.ClientID
	}
	return "a page"
}

// complaint recognises a refusal on a page that says 200, as WeChat's does, by
// its very words: a good page may name the same parameters in its scripts.
var complaint = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(redirect_uri|scope|appid)\s{0,3}(?:参数错误|parameter error)`)
})

// refusal recognises one on a page whose status says so already; the words of
// RFC 6749 go before the bare name of a parameter.
var refusal = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(invalid_redirect_uri|redirect_uri_mismatch|invalid_scope|invalid_client|unauthorized_client)\b`)
})

var parameterName = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)\b(redirect[_ ]uri|scope|client[_ ]id|appid)\b`)
})

// pageProblem reads why a centre does not show its sign-in page; "" when it
// does, or at least sends the browser on.
func pageProblem(a reply, callback string) (trace.Check, string) {
	if a.status >= 300 && a.status < 400 {
		return sentBack(a.location, callback)
	}
	page := string(a.body)
	word := complaint().FindStringSubmatch(page)
	if a.status >= 400 && word == nil {
		if word = refusal().FindStringSubmatch(page); word == nil && a.status != http.StatusNotFound && a.status < 500 {
			word = parameterName().FindStringSubmatch(page)
		}
	}
	switch {
	case word != nil:
		return checkOfWord(word[1]), a.statusText("about " + word[1])
	case a.status >= 400:
		return trace.AuthorizeStatus, a.statusText("")
	}
	return "", ""
}

// sentBack reads the error with which a browser would have come straight back;
// that nobody is signed in is none.
func sentBack(location, callback string) (trace.Check, string) {
	u, err := url.Parse(location)
	if err != nil || !strings.HasPrefix(location, callback) {
		return "", ""
	}
	problem := u.Query().Get("error")
	check, known := answerErrors[problem]
	switch {
	case problem == "" || check == trace.AuthorizeDenied:
		return "", ""
	case !known:
		check = trace.AuthorizeAnswer
	}
	return check, told(problem, u.Query().Get("error_description"))
}

func checkOfWord(word string) trace.Check {
	switch word = strings.ToLower(word); {
	case strings.Contains(word, "redirect"):
		return trace.AuthorizeRedirect
	case strings.Contains(word, "scope"):
		return trace.AuthorizeScope
	}
	return trace.AuthorizeClient
}
