package meeting

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// caller is the role that an operation asks for (Meeting API, 2).
type caller uint8

// The roles, as the operation tables of the API name them.
const (
	anyone        caller = iota // ANON
	signedIn                    // USER/SP: any access token
	person                      // USER: a member of an enterprise
	administrator               // ADMIN: its default or an ordinary administrator
	owner                       // OWNER: its default administrator
	provider                    // SP: an administrator of the service provider
)

// admits reports whether an actor has the role. What the actor may do to whom
// is decided by the use case, not here.
func (k caller) admits(a identity.Actor) bool {
	member := a.Kind == identity.ActsAsMember
	switch k {
	case anyone:
		return true
	case signedIn:
		return member || a.Kind == identity.ActsAsProvider
	case person:
		return member
	case administrator:
		return member && (a.Role == identity.RoleOwner || a.Role == identity.RoleAdministrator)
	case owner:
		return member && a.Role == identity.RoleOwner
	case provider:
		return a.Kind == identity.ActsAsProvider
	}
	return false
}

var errNoToken = fault.New(fault.Unauthenticated, fault.CodeTokenMissing)

// authenticate finds out who calls, where the operation asks for somebody, and
// whether that is the right role. An Authorization header is not looked at:
// clients send one that means nothing (Meeting API, 1.2).
func (c *call) authenticate() error {
	if c.operation.who == anyone {
		c.actor = identity.Anonymous(c.origin)
		return nil
	}
	word, err := c.accessToken()
	if err != nil {
		return err
	}
	bearer, err := c.m.o.Tokens.Check(c.r.Context(), word)
	if err != nil {
		return err
	}
	c.word, c.bearer, c.actor = word, &bearer, bearer.Actor
	c.actor.Origin = c.origin
	c.note(c.actor)
	if !c.operation.who.admits(c.actor) {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil
}

// accessToken returns the word in X-Access-Token. Two of them are none: a
// proxy and we might each believe another.
func (c *call) accessToken() (string, error) {
	words := c.r.Header["X-Access-Token"]
	if len(words) != 1 || words[0] == "" {
		return "", errNoToken
	}
	return words[0], nil
}

// note tells the access log who acts.
func (c *call) note(a identity.Actor) {
	who := string(a.MemberID)
	if who == "" {
		who = string(a.AccountID)
	}
	c.m.o.Note(c.r, who, string(a.OrganizationID))
}
