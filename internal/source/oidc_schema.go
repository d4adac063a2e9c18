package source

import (
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// oidcSchema is the settings of a source of the kind oidc (OrgID, D.6). Of the
// addresses, those that are not set are read from what the issuer publishes.
func oidcSchema() []Field {
	list := []Field{
		{Key: "issuer", Type: FieldAddress, Required: true, Carries: true, form: &form{isIssuer, "want.issuer"}},
		{Key: "authorize_url", Type: FieldAddress},
		{Key: "token_url", Type: FieldAddress, Carries: true},
		{Key: "userinfo_url", Type: FieldAddress, Carries: true},
		{Key: "jwks_url", Type: FieldAddress},
		{Key: "scope", Type: FieldList, Default: "openid,profile,email"},
	}
	return append(append(list, clientSchema()...), Field{Key: "exit_url", Type: FieldAddress, form: exitForm()})
}

func checkOIDC(v Values) (always, lacking []*fault.Error) {
	always, lacking = checkClient(v)
	if !slices.Contains(v.words("scope"), "openid") {
		// Without it no ID token comes (Core, 3.1.2.1).
		always = append(always, fault.New(fault.Invalid, fault.CodeFieldFormat).At(settingsPrefix+"scope").With("want", "want.openid_scope"))
	}
	return always, lacking
}

// isIssuer accepts an address without query and fragment (OpenID Connect
// Discovery, 3).
func isIssuer(text string) bool { return isWebAddress(text) && !strings.ContainsAny(text, "?#") }
