package source

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/trace"
)

// provider is what an OpenID provider publishes of itself (Discovery, 3), with
// the addresses that are configured in place of the published ones.
type provider struct {
	Issuer       string
	AuthorizeURL string
	TokenURL     string
	UserInfoURL  string // "" for none
	KeysURL      string
	ExitURL      string // end_session_endpoint, "" for none
	// NamesIssuer tells that each of its answers names the issuer (RFC 9207, 3).
	NamesIssuer bool
}

// providers remembers what issuers published. It is safe for concurrent use.
type providers struct {
	mu    sync.Mutex
	known map[string]knownProvider
}

type knownProvider struct {
	provider
	until time.Time
}

var discoveryStage = stage{
	resolves: trace.DiscoveryResolves, open: trace.DiscoveryOpen, reached: trace.DiscoveryReached, inTime: trace.DiscoveryReached,
	tls: trace.DiscoveryTLS, redirect: trace.DiscoveryAnswer, size: trace.DiscoveryAnswer,
	status: trace.DiscoveryAnswer, format: trace.DiscoveryAnswer,
}

// discoveryPath follows the issuer (Discovery, 4).
const discoveryPath = "/.well-known/openid-configuration"

// find returns what the settings and the issuer say of the provider. What is
// published is believed for fifteen minutes, and not asked for where every
// address is configured.
func (c connect) find(ctx context.Context, s *trace.Story) (provider, error) {
	p := provider{
		Issuer: c.v["issuer"], AuthorizeURL: c.v["authorize_url"], TokenURL: c.v["token_url"], UserInfoURL: c.v["userinfo_url"],
		KeysURL: c.v["jwks_url"],
	}
	if p.AuthorizeURL != "" && p.TokenURL != "" && p.KeysURL != "" {
		return p, nil
	}
	now := c.tools.now()
	published, known := c.tools.providers.find(p.Issuer, now)
	if !known {
		var err error
		if published, err = c.discover(ctx, s); err != nil {
			return p, err
		}
		c.tools.providers.keep(knownProvider{published, now.Add(issuerLife)}, now)
	}
	return p.over(published), nil
}

// over fills in what is published for what is not configured.
func (p provider) over(published provider) provider {
	for _, f := range []struct{ own, theirs *string }{
		{&p.AuthorizeURL, &published.AuthorizeURL},
		{&p.TokenURL, &published.TokenURL},
		{&p.UserInfoURL, &published.UserInfoURL},
		{&p.KeysURL, &published.KeysURL},
	} {
		if *f.own == "" {
			*f.own = *f.theirs
		}
	}
	p.ExitURL, p.NamesIssuer = published.ExitURL, published.NamesIssuer
	return p
}

// discover asks the issuer for its configuration. It must name exactly this
// issuer (Discovery, 4.3): else one provider could speak for another.
func (c connect) discover(ctx context.Context, s *trace.Story) (p provider, err error) {
	t := &turn{centre: centre{tools: c.tools}, story: s}
	issuer := c.v["issuer"]
	r, err := http.NewRequest(http.MethodGet, strings.TrimSuffix(issuer, "/")+discoveryPath, http.NoBody)
	if err != nil {
		return p, t.fail(trace.DiscoveryAnswer, trace.Detail{}, err)
	}
	a, err := t.ask(ctx, discoveryStage, c.tools.client, r)
	if err != nil {
		return p, err
	}
	object, got := decodeObject(a.body, a.contentType)
	if err := t.judge(discoveryStage, a, object, got); err != nil {
		return p, err
	}
	p, wrong := readConfiguration(object, issuer)
	if p.Issuer != issuer {
		return p, t.fail(trace.DiscoveryIssuer, trace.Detail{Expected: issuer, Received: p.Issuer}, nil)
	}
	s.Check(trace.DiscoveryIssuer, true, trace.Detail{Received: issuer})
	if wrong != "" {
		return p, t.fail(trace.DiscoveryFields, trace.Detail{Expected: wrong + " with an address like the issuer's", Received: kindOf(object[wrong])}, nil)
	}
	s.Check(trace.DiscoveryFields, true, trace.Detail{})
	return p, nil
}

// readConfiguration reads what an issuer publishes. Its addresses are those of the web,
// and secure where the issuer's is; wrong names the first that is not, "" for
// none.
func readConfiguration(object map[string]any, issuer string) (p provider, wrong string) {
	p.Issuer, _ = object["issuer"].(string)
	p.NamesIssuer = object["authorization_response_iss_parameter_supported"] == true
	for _, f := range []struct {
		name string
		into *string
		need bool
	}{
		{"authorization_endpoint", &p.AuthorizeURL, true},
		{"token_endpoint", &p.TokenURL, true},
		{"jwks_uri", &p.KeysURL, true},
		{"userinfo_endpoint", &p.UserInfoURL, false},
		{"end_session_endpoint", &p.ExitURL, false},
	} {
		text, _ := object[f.name].(string)
		if isWebAddress(text) && (strings.HasPrefix(text, "https:") || strings.HasPrefix(issuer, "http:")) {
			*f.into = text
		} else if wrong == "" && (f.need || text != "") {
			wrong = f.name
		}
	}
	return p, wrong
}

func (k *providers) find(issuer string, now time.Time) (provider, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	p, ok := k.known[issuer]
	return p.provider, ok && now.Before(p.until)
}

func (k *providers) keep(p knownProvider, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	makeRoom(k.known, func(old knownProvider) bool { return !now.Before(old.until) })
	k.known[p.Issuer] = p
}

// makeRoom forgets what is over, and more where that is not enough.
func makeRoom[T any](known map[string]T, over func(T) bool) {
	if len(known) < maxIssuers {
		return
	}
	for name, old := range known {
		if over(old) || len(known) >= maxIssuers {
			delete(known, name)
		}
	}
}
