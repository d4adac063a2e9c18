package orgid

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// headerToken carries the access token; Authorization does as well.
const headerToken = "X-OrgID-Authorization" //nolint:gosec // a header's name

// maxToken bounds an access token, in bytes.
const maxToken = 8 << 10

var errToken = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)

// userInfo tells who an access token stands for (ShowOauth2UserInfo).
func (s *Surface) userInfo(w http.ResponseWriter, r *http.Request) error {
	token, err := tokenOf(r)
	if err != nil {
		return err
	}
	i, err := s.inspect(r.Context(), token)
	if err != nil {
		return of(i.Application, err)
	}
	a := i.Application
	s.host.Note(r, string(a.ID), string(a.OrganizationID))
	switch {
	case i.Refresh:
		return of(a, errToken)
	case i.Grant.MemberID == "":
		return of(a, fault.New(fault.Unauthenticated, fault.CodeOAuthTokenPersonal))
	}
	p, err := s.host.Subjects.Subject(r.Context(), i.Grant.MemberID, a)
	if fault.KindOf(err) == fault.NotFound {
		err = errToken.Because(err)
	}
	if err != nil {
		return of(a, err)
	}
	sendJSON(w, http.StatusOK, describe(p, i.Grant.Scopes))
	return nil
}

// tokenOf reads the access token from one of its two headers, with the word
// Bearer or, as some integrations send it, without. A token in the body or the
// address is refused with a word about the header.
func tokenOf(r *http.Request) (string, error) {
	if r.ContentLength != 0 || r.URL.Query().Has("access_token") {
		return "", fault.New(fault.Invalid, fault.CodeOAuthTokenPlace)
	}
	if r.Method != http.MethodGet {
		return "", fault.New(fault.Invalid, fault.CodeMethod)
	}
	text := r.Header.Get(headerToken)
	if text == "" {
		text = r.Header.Get("Authorization")
	}
	if scheme, rest, cut := strings.Cut(text, " "); cut && strings.EqualFold(scheme, "Bearer") {
		text = rest
	}
	text = strings.TrimSpace(text)
	if text == "" || len(text) > maxToken {
		return "", errToken
	}
	return text, nil
}

// accessClaims is what is read of a JWT access token (RFC 9068, 2.2).
type accessClaims struct {
	Issuer    string `json:"iss"`
	Subject   string `json:"sub"`
	ClientID  string `json:"client_id"`
	Scope     string `json:"scope"`
	ExpiresAt int64  `json:"exp"`
	ID        string `json:"jti"`
}

// inspect finds out what an access token stands for, in either form.
func (s *Surface) inspect(ctx context.Context, token string) (identity.Inspection, error) {
	if strings.Count(token, ".") != 2 {
		return s.host.Grants.Inspect(ctx, token)
	}
	payload, typ, err := s.host.Keys.Verify(ctx, token)
	if err != nil {
		return identity.Inspection{}, err
	}
	var c accessClaims
	if err := json.Unmarshal(payload, &c); err != nil || typ != "at+jwt" || c.Issuer != s.issuer {
		return identity.Inspection{}, errToken
	}
	if !s.host.Now().Before(time.Unix(c.ExpiresAt, 0)) {
		return identity.Inspection{}, fault.New(fault.Unauthenticated, "token_expired")
	}
	// RFC 9068, 2.2: where nobody signed in, the application is the subject.
	if c.Subject == c.ClientID {
		return identity.Inspection{}, fault.New(fault.Unauthenticated, fault.CodeOAuthTokenPersonal)
	}
	id, _, _ := strings.Cut(c.ID, ".")
	i, err := s.host.Grants.Stands(ctx, identity.GrantID(id))
	i.Grant.Scopes, i.Refresh = strings.Fields(c.Scope), false
	return i, err
}

// The scopes that open a field.
const (
	scopeProfile = "profile"
	scopeEmail   = "email"
	scopePhone   = "phone"
)

// describe is a person in the words of this API. The fields that the API
// promises are always there, and empty where the scope does not open them.
func describe(p identity.Subject, scopes []string) map[string]any {
	profile, phone := slices.Contains(scopes, scopeProfile), slices.Contains(scopes, scopePhone)
	out := map[string]any{}
	for name, value := range p.Extra {
		out[name] = value
	}
	out["user_id"], out["user_name"], out["tenant"] = p.ID, p.LoginName, p.OrganizationCode
	out["name"], out["mobile"] = "", ""
	if profile {
		out["name"], out["role"] = p.Name, "user"
		if p.Administers {
			out["role"] = "admin"
		}
		some(out, "tenant_name", p.OrganizationName)
		some(out, "employee_code", p.EmployeeNumber)
	}
	if phone {
		out["mobile"] = dialled(p.Mobile)
	}
	if slices.Contains(scopes, scopeEmail) {
		some(out, "email", p.Email)
	}
	return out
}

// some sets a field that is left out when it is empty.
func some(out map[string]any, name, value string) {
	if value != "" {
		out[name] = value
	}
}

// dialled writes a number as this API does: 00 in place of the plus.
func dialled(mobile string) string {
	if number, ok := strings.CutPrefix(mobile, "+"); ok {
		return "00" + number
	}
	return mobile
}
