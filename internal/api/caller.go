package api

import (
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

const (
	headerAccessToken = "X-Access-Token"
	bearerScheme      = "bearer"
	apiTokenPrefix    = "oga_"
)

// authenticate finds out who calls before anything else of the request is
// looked at, so that a stranger learns nothing from the checks of its input.
func authenticate(ctx huma.Context, next func(huma.Context)) {
	c := callOf(ctx.Context())
	r, w := humago.Unwrap(ctx)
	actor, err := c.s.actor(c)
	if err != nil {
		c.write(w, err)
		return
	}
	actor.Origin = c.origin
	c.actor = actor
	c.s.o.Note(r, nameOf(actor), string(actor.OrganizationID))
	next(ctx)
}

// actor proves the one token of a request: a management token or an access
// token of the Meeting API. Without a token the session of a browser counts;
// beside one it is not looked at.
func (s *surface) actor(c *call) (identity.Actor, error) {
	ctx, h := c.r.Context(), c.r.Header
	if len(h.Values("Authorization"))+len(h.Values(headerAccessToken)) == 0 {
		if word, ok := s.o.Cookies.Read(c.r); ok {
			return s.browser(c, word)
		}
	}
	word, err := wordOf(h)
	if err != nil {
		return identity.Actor{}, err
	}
	if strings.HasPrefix(word, apiTokenPrefix) {
		return s.o.Tokens.CheckAPIToken(ctx, word)
	}
	bearer, err := s.o.Tokens.Check(ctx, word)
	return bearer.Actor, err
}

// wordOf returns the token of a request. Two of them are none: a proxy and we
// might each believe another.
func wordOf(h http.Header) (string, error) {
	missing := fault.New(fault.Unauthenticated, fault.CodeTokenMissing)
	authorization, access := h.Values("Authorization"), h.Values(headerAccessToken)
	if len(authorization)+len(access) != 1 {
		return "", missing
	}
	if len(access) == 1 {
		// A management token is for the Authorization header alone.
		if access[0] == "" || strings.HasPrefix(access[0], apiTokenPrefix) {
			return "", missing
		}
		return access[0], nil
	}
	scheme, word, found := strings.Cut(authorization[0], " ")
	if !found || !strings.EqualFold(scheme, bearerScheme) || word == "" {
		return "", missing
	}
	return word, nil
}

// nameOf is how the access log calls an actor.
func nameOf(a identity.Actor) string {
	switch {
	case a.APIToken != "":
		return string(a.APIToken)
	case a.MemberID != "":
		return string(a.MemberID)
	}
	return string(a.AccountID)
}
