package orgid

import (
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// headerToken carries the access token; Authorization does as well.
const headerToken = "X-OrgID-Authorization" //nolint:gosec // a header's name

var errToken = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)

// userInfo tells who an access token stands for (ShowOauth2UserInfo).
func (s *Surface) userInfo(w http.ResponseWriter, r *http.Request) error {
	token, err := tokenOf(r)
	if err != nil {
		return err
	}
	i, err := s.host.Inspect(r.Context(), token)
	if err != nil {
		return of(i.Application, err)
	}
	a := i.Application
	s.host.Note(r, string(a.ID), string(a.OrganizationID))
	switch {
	case i.Refresh:
		return of(a, errToken)
	case i.Own():
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
	if text == "" {
		return "", errToken
	}
	return text, nil
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
