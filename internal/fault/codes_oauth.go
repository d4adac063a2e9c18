package fault

// The codes of OAuth 2.0 and OpenID Connect. Their English sentences are the
// error_description of the wire, too.
const (
	CodeOAuthClient        Code = "oauth_client_unknown"        // no application of this client_id signs in this way
	CodeOAuthClientProof   Code = "oauth_client_unproven"       // unknown client, wrong secret and wrong method alike
	CodeOAuthProofTwice    Code = "oauth_client_proven_twice"   // by two methods in one request
	CodeOAuthDisabled      Code = "oauth_application_disabled"  // told to who proved to be the application
	CodeOAuthRedirect      Code = "oauth_redirect_unregistered" // the redirect URI is none of the application's
	CodeOAuthTwice         Code = "oauth_parameter_twice"       // param field
	CodeOAuthContentType   Code = "oauth_content_type"          // no form
	CodeOAuthResponseType  Code = "oauth_response_type_unknown"
	CodeOAuthResponseOff   Code = "oauth_response_type_off" // known, but not served
	CodeOAuthResponseMode  Code = "oauth_response_mode"
	CodeOAuthRequestObject Code = "oauth_request_object"
	CodeOAuthRequestURI    Code = "oauth_request_uri"
	CodeOAuthPKCE          Code = "oauth_pkce_missing"
	CodeOAuthPKCEMethod    Code = "oauth_pkce_method"
	CodeOAuthPrompt        Code = "oauth_prompt_none" // together with others
	CodeOAuthHint          Code = "oauth_hint_foreign"
	CodeOAuthScope         Code = "oauth_scope"
	CodeOAuthACR           Code = "oauth_acr_unmet"
	CodeOAuthGrantType     Code = "oauth_grant_type_unknown"
	CodeOAuthGrantOff      Code = "oauth_grant_type_off"
	CodeOAuthTokenPersonal Code = "oauth_token_not_personal" // an application's own token where a person's is wanted
	CodeOAuthTokenScope    Code = "oauth_token_scope"        // param scope
	CodeOAuthTokenTwice    Code = "oauth_token_twice"        // in one request
	CodeOAuthTokenPlace    Code = "oauth_token_place"        // where no token is read
	CodeOAuthTokenKind     Code = "oauth_token_kind"         // cannot be revoked
	CodeOAuthTokenForeign  Code = "oauth_token_foreign"      // of another application
)
