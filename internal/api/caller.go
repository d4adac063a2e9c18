package api

import (
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

const (
	headerAccessToken = "X-Access-Token"
	bearerScheme      = "bearer"
	apiTokenPrefix    = "oga_"
)

// authenticate finds out who calls, and tells the access log.
func (c *call) authenticate() error {
	actor, err := c.s.actor(c)
	if err != nil {
		return err
	}
	actor.Origin = c.origin
	c.actor = actor
	c.s.o.Note(c.r, nameOf(actor), string(actor.OrganizationID))
	return nil
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
