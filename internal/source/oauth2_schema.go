package source

import "github.com/orgate/orgate/internal/fault"

// The ways to authenticate at a token address (OpenID Connect Core, 9;
// RFC 6749, 2.3.1; RFC 7523, 2.2).
const (
	authBasic      = "client_secret_basic"
	authPost       = "client_secret_post"
	authSecretJWT  = "client_secret_jwt"
	authPrivateJWT = "private_key_jwt"
	authNone       = "none"
)

// The grant types that OrgID names. One of them leads a person to a centre and
// back; the others are known in order to be refused with the reason.
const (
	grantCode     = "authorization_code"
	grantImplicit = "implicit"
	grantPassword = "password"
	grantClient   = "client_credentials"
)

// authMethod resolves the words by which OrgID calls the ways to authenticate.
func authMethod(word string) string {
	switch word {
	case "header", "basic":
		return authBasic
	case "post":
		return authPost
	}
	return word
}

// oauth2Schema is the settings of a source of the kind oauth2 (OrgID, D.3).
func oauth2Schema() []Field {
	list := []Field{
		{Key: "authorize_url", Type: FieldAddress, Required: true},
		{Key: "token_url", Type: FieldAddress, Required: true, Carries: true},
		{Key: "userinfo_url", Type: FieldAddress, Carries: true},
		{Key: "scope", Type: FieldList},
	}
	return append(append(list, clientSchema()...),
		Field{Key: "dialect", Type: FieldChoice, Choices: []string{string(DialectAuto), string(DialectOAuth2), string(DialectWeChat)}, Default: string(DialectAuto)},
		Field{Key: "subject_field", Type: FieldPath},
		Field{Key: "exit_url", Type: FieldAddress, form: exitForm()},
	)
}

// clientSchema is what every centre that speaks OAuth 2.0 has given us.
func clientSchema() []Field {
	return []Field{
		{Key: "client_id", Type: FieldText, Required: true},
		{Key: "client_secret", Type: FieldSecret},
		{Key: "auth_method", Type: FieldChoice, Choices: []string{authBasic, authPost, authSecretJWT, authPrivateJWT, authNone}, Default: authBasic},
		{Key: "private_key", Type: FieldKey},
		{Key: "key_id", Type: FieldText},
		{Key: "grant_type", Type: FieldChoice, Choices: []string{grantCode, grantImplicit, grantPassword, grantClient}, Default: grantCode},
		{Key: "pkce", Type: FieldSwitch, Default: "true"},
	}
}

// checkClient refuses the grant types by which nobody can sign in here, and
// tells which secret the way to authenticate needs.
func checkClient(v Values) (always, lacking []*fault.Error) {
	switch grant := v["grant_type"]; grant {
	case grantImplicit, grantPassword:
		// RFC 9700, 2.1.2 and 2.4: tokens in addresses, passwords in our hands.
		always = append(always, fault.New(fault.Invalid, fault.CodeGrantUnsafe).At(settingsPrefix+"grant_type").With("grant", grant))
	case grantClient:
		always = append(always, fault.New(fault.Invalid, fault.CodeGrantNobody).At(settingsPrefix+"grant_type").With("grant", grant))
	}
	switch v["auth_method"] {
	case authPrivateJWT:
		if v["private_key"] == "" {
			lacking = append(lacking, missing("private_key"))
		}
	case authNone:
		if !v.pkce() {
			// Whoever has no secret proves nothing but the challenge.
			always = append(always, fault.New(fault.Invalid, fault.CodeFieldChoice).At(settingsPrefix+"pkce").With("choices", "true"))
		}
	default:
		if v["client_secret"] == "" {
			lacking = append(lacking, missing("client_secret"))
		}
	}
	return always, lacking
}
