package meeting

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// maxWord bounds a token that somebody sends in a body.
const maxWord = 1024

// validateReplies: clients know a token that does not count by this pair
// (Meeting API, 4.5).
var validateReplies = map[fault.Code]reply{
	fault.CodeTokenUnknown: {http.StatusUnauthorized, "USG.000000004"},
	fault.CodeTokenKicked:  {http.StatusUnauthorized, "USG.000000004"},
}

// refreshToken is 4.4. The header carries the access token or the refresh
// token.
func (m *meeting) refreshToken(c *call) (any, error) {
	word, err := c.accessToken()
	if err != nil {
		return nil, err
	}
	issued, err := m.o.Tokens.Refresh(c.r.Context(), word, c.origin)
	if err != nil {
		return nil, err
	}
	in, err := m.o.Directory.Describe(c.r.Context(), issued.Token)
	if err != nil {
		return nil, err
	}
	in.Issued = issued
	c.noteEntry(in)
	return m.made(c, in, issued.Token.ClientType), nil
}

// validateToken is 4.5. With needGenNewToken the holder gets another token and
// keeps the one that was checked.
func (m *meeting) validateToken(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	o.once("token", "needGenNewToken")
	word := o.text("token", 1, maxWord)
	another := o.flag("needGenNewToken")
	describe, _ := o.optionalFlag("needAccountInfo")
	if err := o.err(); err != nil {
		return nil, err
	}
	d := &tokenDTO{caller: c.origin.Address}
	if another {
		err = m.another(c, d, word)
	} else {
		err = m.checked(c, d, word)
	}
	if err != nil {
		return nil, err
	}
	d.client = d.token.ClientType
	c.note(identity.Actor{AccountID: d.token.AccountID, MemberID: d.token.MemberID, OrganizationID: d.token.OrganizationID})
	if describe {
		err = m.describe(c, d)
	}
	return d, err
}

// checked fills in the token that was sent. What is told is the time it still
// has.
func (m *meeting) checked(c *call, d *tokenDTO, word string) error {
	bearer, err := m.o.Tokens.Check(c.r.Context(), word)
	if err != nil {
		return err
	}
	d.token, d.access = bearer.Token, word
	d.seconds = seconds(m.o.Now(), bearer.Token.ExpiresAt)
	return nil
}

func (m *meeting) another(c *call, d *tokenDTO, word string) error {
	issued, err := m.o.Tokens.Another(c.r.Context(), word, c.origin)
	if err != nil {
		return err
	}
	d.token, d.access, d.refresh = issued.Token, issued.Access, issued.Refresh
	d.seconds = seconds(issued.Token.CreatedAt, issued.Token.ExpiresAt)
	return nil
}

// describe adds the person behind the token.
func (m *meeting) describe(c *call, d *tokenDTO) error {
	in, err := m.o.Directory.Describe(c.r.Context(), d.token)
	if err != nil {
		return err
	}
	d.first = in.MustChange
	d.user = &userInfo{in: in, realm: m.realm, base: m.base, appID: d.token.AppID, now: m.o.Now()}
	return nil
}

// deleteToken is 4.6: the token that is sent ends, with its refresh token.
func (m *meeting) deleteToken(c *call) (any, error) {
	return nil, m.o.Tokens.End(c.r.Context(), c.word, c.origin)
}
