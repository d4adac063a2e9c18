package oidc

import (
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

var (
	errNoToken = fault.New(fault.Unauthenticated, fault.CodeTokenMissing)
	errToken   = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)
)

// bearer reads the access token of a request: from the header, whose scheme
// counts in any case (RFC 9110, 11.1), or from a posted form (RFC 6750, 2.1 and
// 2.2). In an address it would be logged and is refused (RFC 9700, 4.3.2).
func bearer(r *http.Request) (string, error) {
	if r.URL.Query().Has("access_token") {
		return "", fault.New(fault.Invalid, fault.CodeOAuthTokenPlace)
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	token = strings.TrimSpace(token)
	if !strings.EqualFold(scheme, "Bearer") {
		token = ""
	}
	if r.Method == http.MethodPost && isForm(r) {
		form, err := readForm(r)
		if err != nil {
			return "", err
		}
		if form.twice == "access_token" || form.get("access_token") != "" && token != "" {
			return "", fault.New(fault.Invalid, fault.CodeOAuthTokenTwice)
		}
		if token == "" {
			token = form.get("access_token")
		}
	}
	if token == "" {
		return "", errNoToken
	}
	return token, nil
}
