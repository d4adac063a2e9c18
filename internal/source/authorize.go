package source

import (
	"crypto/sha256"
	"encoding/base64"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/trace"
)

// parameter is one of a query whose order counts.
type parameter struct{ name, value string }

// authorizationLink is where the browser goes. Query and fragment of the
// configured address stay, but for parameters that are set here: none may come
// twice (RFC 6749, 3.1). The WeChat dialect names its parameters in the order
// of its manual and ends in #wechat_redirect.
func (o OAuth2) authorizationLink(a Attempt) (string, error) {
	u, err := url.Parse(o.AuthorizeURL)
	if err != nil {
		return "", err
	}
	u.RawQuery = extended(u.RawQuery, o.authorizationParameters(a))
	if o.dialect() == DialectWeChat && u.Fragment == "" {
		u.Fragment = "wechat_redirect"
	}
	return u.String(), nil
}

func (o OAuth2) authorizationParameters(a Attempt) []parameter {
	if o.dialect() == DialectWeChat {
		return []parameter{
			{"appid", o.ClientID},
			{"redirect_uri", a.Callback},
			{"response_type", "code"},
			{"scope", o.scope()},
			{"state", a.State},
		}
	}
	list := []parameter{
		{"response_type", "code"},
		{"client_id", o.ClientID},
		{"redirect_uri", a.Callback},
	}
	if scope := o.scope(); scope != "" {
		list = append(list, parameter{"scope", scope})
	}
	list = append(list, parameter{"state", a.State})
	if o.sendsNonce() && a.Nonce != "" {
		list = append(list, parameter{"nonce", a.Nonce})
	}
	if o.sendsPKCE() && a.Verifier != "" {
		list = append(list, parameter{"code_challenge", challenge(a.Verifier)}, parameter{"code_challenge_method", "S256"})
	}
	return list
}

// challenge is the S256 of RFC 7636, 4.2.
func challenge(verifier string) string {
	sum := sha256.Sum256([]byte(verifier))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// extended appends parameters to a raw query, whose other parameters stay as
// they are written.
func extended(query string, list []parameter) string {
	ours := map[string]bool{}
	for _, p := range list {
		ours[p.name] = true
	}
	var parts []string
	for part := range strings.SplitSeq(query, "&") {
		name, _, _ := strings.Cut(part, "=")
		if plain, err := url.QueryUnescape(name); part != "" && (err != nil || !ours[plain]) {
			parts = append(parts, part)
		}
	}
	for _, p := range list {
		parts = append(parts, p.name+"="+escape(p.value))
	}
	return strings.Join(parts, "&")
}

// escape writes a blank as %20, which every server reads; not all read a plus.
func escape(value string) string { return strings.ReplaceAll(url.QueryEscape(value), "+", "%20") }

// answerErrors says which check explains an error of the authorisation answer
// (RFC 6749, 4.1.2.1; OpenID Connect Core, 3.1.2.6; GitHub's own).
var answerErrors = map[string]trace.Check{
	"access_denied":         trace.AuthorizeDenied,
	"login_required":        trace.AuthorizeDenied,
	"interaction_required":  trace.AuthorizeDenied,
	"consent_required":      trace.AuthorizeDenied,
	"unauthorized_client":   trace.AuthorizeClient,
	"invalid_client":        trace.AuthorizeClient,
	"invalid_scope":         trace.AuthorizeScope,
	"redirect_uri_mismatch": trace.AuthorizeRedirect,
	"invalid_redirect_uri":  trace.AuthorizeRedirect,
}

// readAnswer takes the code out of the query with which the browser came back.
func (t *turn) readAnswer(query url.Values) (code string, err error) {
	code = query.Get("code")
	t.story.Hide(code)
	if problem := query.Get("error"); problem != "" {
		check, known := answerErrors[problem]
		if !known {
			check = trace.AuthorizeAnswer
		}
		return "", t.fail(check, trace.Detail{Expected: "code", Received: told(problem, query.Get("error_description"))}, nil)
	}
	// A second code would let whoever wrote the first choose which one counts.
	if len(query["code"]) != 1 || code == "" || len(code) > maxCode {
		return "", t.fail(trace.AuthorizeAnswer, trace.Detail{Expected: "one code", Received: parameterNames(query)}, nil)
	}
	t.story.Check(trace.AuthorizeAnswer, true, trace.Detail{})
	demanded := t.provider != nil && t.provider.NamesIssuer
	if t.issuer = query.Get("iss"); (t.issuer != "" || demanded) && !t.trusts(t.issuer) {
		return "", t.fail(trace.AuthorizeIssuer, trace.Detail{Expected: t.origins(), Received: t.issuer}, nil)
	}
	return code, nil
}

// maxCode bounds what is sent on; the longest codes in use are signed tokens.
const maxCode = 8 << 10

// trusts reports whether an issuer is the provider's or, where none is known
// beforehand, stands at the origin of the authorisation or
// the token address. A centre names its issuer in the answer (RFC 9207) and in
// ID tokens; no issuer is configured, but the addresses are, and an origin
// belongs to one operator.
func (c centre) trusts(issuer string) bool {
	if c.provider != nil {
		return issuer == c.provider.Issuer
	}
	origin := originOf(issuer)
	return origin != "" && (origin == originOf(c.o.AuthorizeURL) || origin == originOf(c.o.TokenURL))
}

func (c centre) origins() string {
	if c.provider != nil {
		return c.provider.Issuer
	}
	return originOf(c.o.AuthorizeURL) + " or " + originOf(c.o.TokenURL)
}

// originOf is scheme, host and port (RFC 6454, 4), "" for no web address.
func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" || u.User != nil {
		return ""
	}
	port := u.Port()
	switch {
	case u.Scheme != "http" && u.Scheme != "https":
		return ""
	case port == "" && u.Scheme == "https":
		port = "443"
	case port == "":
		port = "80"
	}
	return u.Scheme + "://" + strings.ToLower(u.Hostname()) + ":" + port
}
