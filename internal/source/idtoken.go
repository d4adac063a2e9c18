package source

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"

	"github.com/orgate/orgate/internal/trace"
)

// skew is how far the clocks of centre and server may be apart.
const skew = time.Minute

// algorithms are what an ID token may be signed with: public keys only. HS256
// would make the client's secret a signing key, and none is no signature.
var algorithms = []string{
	oidc.RS256, oidc.RS384, oidc.RS512, oidc.ES256, oidc.ES384, oidc.ES512, oidc.PS256, oidc.PS384, oidc.PS512, oidc.EdDSA,
}

// claims are what is judged of an ID token (OpenID Connect Core, 2).
type claims struct {
	Issuer    string      `json:"iss"`
	Subject   string      `json:"sub"`
	Audience  audience    `json:"aud"`
	Party     string      `json:"azp"`
	Expires   json.Number `json:"exp"`
	IssuedAt  json.Number `json:"iat"`
	NotBefore json.Number `json:"nbf"`
	Nonce     string      `json:"nonce"`
}

// audience is one text or a list of them (RFC 7519, 4.1.3).
type audience []string

// UnmarshalJSON reads either form and refuses any other.
func (a *audience) UnmarshalJSON(raw []byte) error {
	var one string
	if json.Unmarshal(raw, &one) == nil {
		*a = audience{one}
		return nil
	}
	var many []string
	err := json.Unmarshal(raw, &many)
	*a = many
	return err
}

// readIDToken verifies the ID token that came with the access token, when the
// scope asks for one. Its issuer must stand at the origin of a configured
// address; keys come from that issuer's discovery document, through egress.
// The claims are looked at one by one first, so that the story can say which
// of them is wrong; then go-oidc verifies the whole, and its word counts.
func (t *turn) readIDToken(ctx context.Context) error {
	if !t.o.openID() {
		return nil
	}
	raw, ok := t.token["id_token"].(string)
	if !ok || raw == "" {
		d := trace.Detail{Expected: "id_token", Received: strings.Join(fieldNames(t.token), ", ")}
		if t.provider != nil {
			return t.fail(trace.IDTokenMissing, d, nil)
		}
		t.story.Warn(trace.IDTokenMissing, d)
		return t.issuerNamed("")
	}
	t.story.Hide(raw)
	header, said, err := parseSigned[claims](raw)
	if err != nil {
		return t.fail(trace.IDTokenForm, trace.Detail{Expected: "a signed JSON Web Token", Received: trace.Shape(raw)}, err)
	}
	if err := t.judgeClaims(header, said); err != nil {
		return err
	}
	verifier, err := t.verifier(ctx, header, said.Issuer)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, t.tools.timeout)
	defer cancel()
	verified, err := verifier.Verify(ctx, raw)
	if err != nil {
		return t.fail(trace.IDTokenSignature, trace.Detail{Expected: "a signature by a key of the issuer", Received: "alg " + header.Algorithm + ", kid " + header.KeyID}, err)
	}
	t.story.Check(trace.IDTokenSignature, true, trace.Detail{Received: header.Algorithm})
	return t.keepClaims(verified, raw)
}

// keepClaims takes the verified claims over.
func (t *turn) keepClaims(verified *oidc.IDToken, raw string) error {
	if verified.AccessTokenHash != "" {
		if err := verified.VerifyAccessToken(t.accessToken); err != nil {
			return t.fail(trace.IDTokenAccess, trace.Detail{Expected: "at_hash of the access token", Received: "another"}, err)
		}
		t.story.Check(trace.IDTokenAccess, true, trace.Detail{})
	}
	// The middle part, which Verify has just held against its signature.
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(raw, ".")[1])
	if err != nil {
		return t.fail(trace.IDTokenForm, trace.Detail{}, err)
	}
	object, got := decodeObject(payload, "")
	if object == nil {
		return t.fail(trace.IDTokenForm, trace.Detail{Expected: "claims", Received: got}, nil)
	}
	t.idToken = object
	return nil
}

// joseHeader is what is told of a signature.
type joseHeader struct {
	Algorithm string `json:"alg"`
	KeyID     string `json:"kid"`
}

// errNoToken: not three parts, as a signed token has (RFC 7515, 7.1).
var errNoToken = errors.New("not three parts")

// parseSigned reads header and claims of a signed token that is not verified
// yet (RFC 7515, 7.1).
func parseSigned[T any](raw string) (header joseHeader, said T, err error) {
	parts := strings.Split(raw, ".")
	if len(parts) != 3 {
		return header, said, errNoToken
	}
	for i, target := range []any{&header, &said} {
		text, err := base64.RawURLEncoding.DecodeString(parts[i])
		if err != nil {
			return header, said, err
		}
		if err := json.Unmarshal(text, target); err != nil {
			return header, said, err
		}
	}
	return header, said, nil
}

// judgeClaims applies OpenID Connect Core, 3.1.3.7, but for the signature.
func (t *turn) judgeClaims(header joseHeader, said claims) error {
	s, now := t.story, t.tools.now()
	switch {
	case !slices.Contains(algorithms, header.Algorithm):
		return t.fail(trace.IDTokenSignature, trace.Detail{Expected: "RS256 or another public-key algorithm", Received: "alg " + header.Algorithm}, nil)
	case !t.trusts(said.Issuer):
		return t.fail(trace.IDTokenIssuer, trace.Detail{Expected: t.origins(), Received: said.Issuer}, nil)
	case said.Subject == "":
		return t.fail(trace.IDTokenForm, trace.Detail{Expected: "sub", Received: "none"}, nil)
	case !slices.Contains(said.Audience, t.o.ClientID), said.Party != "" && said.Party != t.o.ClientID:
		got := strings.Join(said.Audience, ", ")
		if said.Party != "" {
			got += ", azp " + said.Party
		}
		return t.fail(trace.IDTokenAudience, trace.Detail{Expected: t.o.ClientID, Received: got}, nil)
	case !said.current(now):
		return t.fail(trace.IDTokenTime, trace.Detail{Expected: "valid at " + instant(now), Received: said.period()}, nil)
	case t.attempt.Nonce != "" && t.o.sendsNonce() && said.Nonce != t.attempt.Nonce:
		got := "another nonce"
		if said.Nonce == "" {
			got = "none"
		}
		return t.fail(trace.IDTokenNonce, trace.Detail{Expected: "the nonce of this sign-in", Received: got}, nil)
	}
	for _, check := range []trace.Check{trace.IDTokenIssuer, trace.IDTokenAudience, trace.IDTokenTime, trace.IDTokenNonce} {
		s.Check(check, true, trace.Detail{})
	}
	return t.issuerNamed(said.Issuer)
}

// issuerNamed compares the issuer that the answer named (RFC 9207) with the ID
// token's, where there is one.
func (t *turn) issuerNamed(issuer string) error {
	if t.issuer != "" && issuer != "" && t.issuer != issuer {
		return t.fail(trace.AuthorizeIssuer, trace.Detail{Expected: issuer, Received: t.issuer}, nil)
	}
	return nil
}

// current reports whether the claims hold now; exp and iat are mandatory.
func (c claims) current(now time.Time) bool {
	expires, err := c.Expires.Float64()
	issued, err2 := c.IssuedAt.Float64()
	if err != nil || err2 != nil {
		return false
	}
	before := issued
	if c.NotBefore != "" {
		if before, err = c.NotBefore.Float64(); err != nil {
			return false
		}
	}
	at, leeway := float64(now.Unix()), skew.Seconds()
	return at < expires+leeway && max(issued, before) <= at+leeway
}

// period tells the times of a token for whoever compares clocks.
func (c claims) period() string {
	return fmt.Sprintf("iat %s, nbf %s, exp %s", moment(c.IssuedAt), moment(c.NotBefore), moment(c.Expires))
}

func moment(n json.Number) string {
	if n == "" {
		return "missing"
	}
	seconds, err := n.Float64()
	if err != nil || seconds < 0 || seconds > maxSeconds {
		return n.String()
	}
	return instant(time.Unix(int64(seconds), 0))
}

// maxSeconds is the end of the year 9999.
const maxSeconds = 253402300799

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339) }
