package oidc

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// maxToken bounds a token in a request, in bytes.
const maxToken = 8 << 10

var errHint = fault.New(fault.Invalid, fault.CodeOAuthHint).At("id_token_hint")

// audience is the claim aud: one text, or several in a list (RFC 7519, 4.1.3).
// Anything else does not decode.
type audience []string

// UnmarshalJSON reads either form.
func (a *audience) UnmarshalJSON(b []byte) error {
	var one string
	if len(b) > 0 && b[0] == '"' {
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(a))
}

// hint is what an ID token of ours says, that somebody shows us again.
type hint struct {
	Issuer   string   `json:"iss"`
	Subject  string   `json:"sub"`
	Audience audience `json:"aud"`
	Party    string   `json:"azp"`
	Session  string   `json:"sid"`
}

// readHint proves an ID token of ours. One whose time has run out is as good
// as any: it tells who was meant, and opens nothing (OpenID Connect Core 1.0,
// 3.1.2.1; RP-Initiated Logout 1.0, 2).
func (p *Provider) readHint(ctx context.Context, compact string) (hint, error) {
	var h hint
	if len(compact) > maxToken {
		return h, errHint
	}
	payload, typ, err := p.host.Keys.Verify(ctx, compact)
	if fault.KindOf(err) == fault.Unauthenticated {
		return h, errHint.Because(err)
	}
	if err != nil {
		return h, err
	}
	// Access tokens and logout tokens have a typ of their own, so that none
	// passes for another (RFC 8725, 3.11).
	if typ != typIDToken {
		return h, errHint
	}
	if err := json.Unmarshal(payload, &h); err != nil {
		return h, errHint.Because(err)
	}
	if h.Issuer != p.issuer || h.Subject == "" || len(h.Audience) == 0 {
		return h, errHint
	}
	return h, nil
}

// isFor reports whether the token was issued to an application.
func (h hint) isFor(clientID string) bool {
	return slices.Contains(h.Audience, clientID) || h.Party == clientID && clientID != ""
}

// client is the application the token was issued to.
func (h hint) client() string {
	if h.Party != "" {
		return h.Party
	}
	return h.Audience[0]
}

// session is the session the token was issued in, "" when it names none.
func (h hint) session() identity.SessionID { return sessionOf(h.Session) }
