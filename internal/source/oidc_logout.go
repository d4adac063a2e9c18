package source

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/orgate/orgate/internal/trace"
)

// logoutClaims are those of a logout token (Back-Channel Logout 1.0, 2.4).
type logoutClaims struct {
	Issuer    string                     `json:"iss"`
	Subject   string                     `json:"sub"`
	SessionID string                     `json:"sid"`
	Audience  audience                   `json:"aud"`
	IssuedAt  json.Number                `json:"iat"`
	Expires   json.Number                `json:"exp"`
	ID        string                     `json:"jti"`
	Events    map[string]json.RawMessage `json:"events"`
	Nonce     *string                    `json:"nonce"`
}

const (
	// logoutEvent says that a token is a logout token.
	logoutEvent = "http://schemas.openid.net/event/backchannel-logout"
	// logoutLife is how old a logout token may be: they are sent at once, and
	// are remembered as long so that each counts once.
	logoutLife = 5 * time.Minute
)

// told reads the logout token that a provider posted (Back-Channel Logout 1.0,
// 2.5 and 2.6).
func (c connect) told(ctx context.Context, form url.Values, s *trace.Story) (notice, error) {
	of, err := c.centre(ctx, s)
	if err != nil {
		return notice{}, err
	}
	t := &turn{centre: of, story: s}
	raw := form.Get("logout_token")
	s.Hide(raw)
	header, said, err := parseLogout(raw)
	if err != nil || len(form["logout_token"]) != 1 {
		return notice{}, t.fail(trace.LogoutForm, trace.Detail{Expected: "a signed JSON Web Token as logout_token", Received: trace.Shape(raw)}, err)
	}
	if err := t.judgeLogout(header, said); err != nil {
		return notice{}, err
	}
	keys, err := t.keysNamed(ctx, of.provider.KeysURL, header.KeyID)
	if err != nil {
		return notice{}, err
	}
	if _, err := (&oidc.StaticKeySet{PublicKeys: keys}).VerifySignature(ctx, raw); err != nil {
		d := trace.Detail{Expected: "a signature by a key of the issuer", Received: "alg " + header.Algorithm + ", kid " + header.KeyID}
		return notice{}, t.fail(trace.LogoutSignature, d, err)
	}
	s.Check(trace.LogoutSignature, true, trace.Detail{Received: header.Algorithm})
	s.About("", said.Subject)
	return notice{ended: Ended{Subject: said.Subject, SessionID: said.SessionID}, word: said.ID, until: said.counts()}, nil
}

// parseLogout reads a logout token that is not verified yet. Nobody proved
// anything by sending it, so that a long one is not looked at.
func parseLogout(raw string) (joseHeader, logoutClaims, error) {
	if len(raw) > maxCode {
		return joseHeader{}, logoutClaims{}, errNoToken
	}
	return parseSigned[logoutClaims](raw)
}

// judgeLogout applies the rules of 2.6 but for the signature. The nonce is what
// keeps an ID token from being taken for a logout token.
func (t *turn) judgeLogout(header joseHeader, said logoutClaims) error {
	now := t.tools.now()
	_, event := said.Events[logoutEvent]
	switch {
	case !slices.Contains(algorithms, header.Algorithm):
		return t.fail(trace.LogoutSignature, trace.Detail{Expected: "RS256 or another public-key algorithm", Received: "alg " + header.Algorithm}, nil)
	case !event || said.Nonce != nil || said.ID == "" || said.Subject == "" && said.SessionID == "":
		return t.fail(trace.LogoutForm, trace.Detail{Expected: "events, jti, sub or sid, and no nonce", Received: "another token"}, nil)
	case said.Issuer != t.provider.Issuer:
		return t.fail(trace.LogoutMeant, trace.Detail{Expected: "iss " + t.provider.Issuer, Received: "iss " + said.Issuer}, nil)
	case !slices.Contains(said.Audience, t.o.ClientID):
		return t.fail(trace.LogoutMeant, trace.Detail{Expected: "aud " + t.o.ClientID, Received: "aud " + strings.Join(said.Audience, ", ")}, nil)
	case !said.current(now):
		return t.fail(trace.LogoutMeant, trace.Detail{Expected: "issued at about " + instant(now), Received: "iat " + moment(said.IssuedAt) + ", exp " + moment(said.Expires)}, nil)
	}
	t.story.Check(trace.LogoutMeant, true, trace.Detail{})
	return nil
}

// counts is until when the token must be remembered. It depends on what is
// signed alone: by the time at which it came, the same token that comes later
// would be remembered under another instant, and count again.
func (c logoutClaims) counts() time.Time {
	issued, _ := c.IssuedAt.Float64() // current has read it
	return time.Unix(int64(issued), 0).Add(logoutLife + 2*skew)
}

// current reports whether the token is fresh; exp is older than the last
// version of the standard and may be missing.
func (c logoutClaims) current(now time.Time) bool {
	at, leeway := float64(now.Unix()), skew.Seconds()
	issued, err := c.IssuedAt.Float64()
	if err != nil || issued > at+leeway || issued < at-logoutLife.Seconds()-leeway {
		return false
	}
	if c.Expires == "" {
		return true
	}
	expires, err := c.Expires.Float64()
	return err == nil && at < expires+leeway
}
