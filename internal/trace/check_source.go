package trace

// The checks of a sign-in through an enterprise's own centre (OAuth 2.0), in the order in which
// they are made.
const (
	// SourceKnown: the enterprise that was named signs in through a centre of its own.
	SourceKnown Check = "source_known"
	// SourceState: the answer belongs to a sign-in that this browser began, and is its first.
	SourceState Check = "source_state"
	// AuthorizeResolves: the host of the authorisation address is found in DNS.
	AuthorizeResolves Check = "authorize_resolves"
	// AuthorizeReached: the authorisation address answers this server.
	AuthorizeReached Check = "authorize_reached"
	// AuthorizeTLS: the certificate behind the authorisation address is valid.
	AuthorizeTLS Check = "authorize_tls"
	// AuthorizeStatus: the authorisation address shows a page.
	AuthorizeStatus Check = "authorize_status"
	// AuthorizeClient: the centre knows the client ID.
	AuthorizeClient Check = "authorize_client"
	// AuthorizeRedirect: the centre allows the call-back address.
	AuthorizeRedirect Check = "authorize_redirect_uri"
	// AuthorizeScope: the centre grants the scope that is asked for.
	AuthorizeScope Check = "authorize_scope"
	// AuthorizeDenied: the person agreed at the centre and was let through.
	AuthorizeDenied Check = "authorize_denied"
	// AuthorizeAnswer: the centre sent the browser back with one code.
	AuthorizeAnswer Check = "authorize_answer"
	// AuthorizeIssuer: the answer names no other centre than the configured one.
	AuthorizeIssuer Check = "authorize_issuer"
	// TokenResolves: the host of the token address is found in DNS.
	TokenResolves Check = "token_resolves"
	// TokenOpen: the token address does not lead inside.
	TokenOpen Check = "token_open"
	// TokenReached: the host of the token address takes the connection.
	TokenReached Check = "token_reached"
	// TokenInTime: the token address answers within ten seconds.
	TokenInTime Check = "token_in_time"
	// TokenTLS: the certificate behind the token address is valid.
	TokenTLS Check = "token_tls"
	// TokenRedirect: the token address answers itself instead of sending elsewhere.
	TokenRedirect Check = "token_redirect"
	// TokenStatus: the token address answers with a good HTTP status.
	TokenStatus Check = "token_status"
	// TokenSize: the answer of the token address is at most 1 MiB.
	TokenSize Check = "token_size"
	// TokenFormat: the answer of the token address is a JSON object in UTF-8.
	TokenFormat Check = "token_format"
	// TokenClient: the centre accepts client ID and secret at the token address.
	TokenClient Check = "token_client"
	// TokenClientID: the centre knows the client ID at the token address.
	TokenClientID Check = "token_client_id"
	// TokenCode: the centre takes the code, which is fresh and was not used before.
	TokenCode Check = "token_code"
	// TokenRefused: the token address answers without an error of its own.
	TokenRefused Check = "token_refused"
	// TokenField: the token answer has an access token where the settings say.
	TokenField Check = "token_field"
	// IDTokenMissing: an ID token came when one was asked for.
	IDTokenMissing Check = "id_token_missing"
	// IDTokenForm: the ID token is a signed JSON web token.
	IDTokenForm Check = "id_token_form"
	// IDTokenIssuer: the ID token's issuer is the configured centre.
	IDTokenIssuer Check = "id_token_issuer"
	// IDTokenAudience: the ID token is meant for this client ID.
	IDTokenAudience Check = "id_token_audience"
	// IDTokenTime: the ID token is valid now.
	IDTokenTime Check = "id_token_time"
	// IDTokenNonce: the ID token carries the nonce of this sign-in.
	IDTokenNonce Check = "id_token_nonce"
	// IDTokenKeys: the issuer publishes its configuration and keys.
	IDTokenKeys Check = "id_token_keys"
	// IDTokenSignature: the ID token is signed by a key of its issuer, with a public-key algorithm.
	IDTokenSignature Check = "id_token_signature"
	// IDTokenAccess: the ID token belongs to the access token beside it.
	IDTokenAccess Check = "id_token_access"
	// UserInfoResolves: the host of the UserInfo address is found in DNS.
	UserInfoResolves Check = "userinfo_resolves"
	// UserInfoOpen: the UserInfo address does not lead inside.
	UserInfoOpen Check = "userinfo_open"
	// UserInfoReached: the host of the UserInfo address takes the connection.
	UserInfoReached Check = "userinfo_reached"
	// UserInfoInTime: the UserInfo address answers within ten seconds.
	UserInfoInTime Check = "userinfo_in_time"
	// UserInfoTLS: the certificate behind the UserInfo address is valid.
	UserInfoTLS Check = "userinfo_tls"
	// UserInfoRedirect: the UserInfo address answers itself instead of sending elsewhere.
	UserInfoRedirect Check = "userinfo_redirect"
	// UserInfoStatus: the UserInfo address answers with a good HTTP status.
	UserInfoStatus Check = "userinfo_status"
	// UserInfoSize: the answer of the UserInfo address is at most 1 MiB.
	UserInfoSize Check = "userinfo_size"
	// UserInfoFormat: the answer of the UserInfo address is a JSON object in UTF-8.
	UserInfoFormat Check = "userinfo_format"
	// UserInfoOpenID: the token answer has the openid that a call of the WeChat kind needs.
	UserInfoOpenID Check = "userinfo_openid"
	// UserInfoToken: the UserInfo address takes the access token.
	UserInfoToken Check = "userinfo_token"
	// UserInfoRefused: the UserInfo address answers without an error of its own.
	UserInfoRefused Check = "userinfo_refused"
	// UserInfoSubject: UserInfo and ID token speak of the same person.
	UserInfoSubject Check = "userinfo_subject"
	// AccountField: the centre's answers have the configured account field.
	AccountField Check = "account_field"
	// AccountType: the account is a text or a whole number.
	AccountType Check = "account_type"
	// AccountLength: the account has 1 to 255 characters and none that cannot be seen.
	AccountLength Check = "account_length"
	// NameField: the configured name field is there and usable; a sign-in works without.
	NameField Check = "name_field"
	// EmailField: the configured mail address field is there and usable; a sign-in works without.
	EmailField Check = "email_field"
	// MobileField: the configured mobile number field is there and usable; a sign-in works without.
	MobileField Check = "mobile_field"
	// PictureField: the configured picture field is there and usable; a sign-in works without.
	PictureField Check = "picture_field"
	// SubjectStable: what names the person at the source is no mail address, which somebody else
	// may have some day.
	SubjectStable Check = "subject_stable"
	// AttributeCame: the source says what the rules of binding and mapping look at.
	AttributeCame Check = "attribute_came"
	// DiscoveryResolves: the host of an OpenID provider's issuer is found in DNS.
	DiscoveryResolves Check = "discovery_resolves"
	// DiscoveryOpen: the issuer's address does not lead inside.
	DiscoveryOpen Check = "discovery_open"
	// DiscoveryReached: the issuer takes the connection and answers in time.
	DiscoveryReached Check = "discovery_reached"
	// DiscoveryTLS: the issuer's certificate is valid.
	DiscoveryTLS Check = "discovery_tls"
	// DiscoveryAnswer: the issuer publishes its configuration as JSON.
	DiscoveryAnswer Check = "discovery_answer"
	// DiscoveryIssuer: the configuration names the issuer that is set.
	DiscoveryIssuer Check = "discovery_issuer"
	// DiscoveryFields: the configuration has the addresses that are needed.
	DiscoveryFields Check = "discovery_fields"
	// KeysOpen: the address of the provider's keys does not lead inside.
	KeysOpen Check = "keys_open"
	// KeysReached: the address of the keys answers.
	KeysReached Check = "keys_reached"
	// KeysAnswer: the address of the keys answers with a JWK Set.
	KeysAnswer Check = "keys_answer"
	// LogoutForm: the message about the end of a session is a logout token.
	LogoutForm Check = "logout_form"
	// LogoutMeant: the logout token is of this issuer, for this client, and fresh.
	LogoutMeant Check = "logout_meant"
	// LogoutSignature: the logout token is signed by a key of the issuer.
	LogoutSignature Check = "logout_signature"
	// LogoutFresh: the message about the end of a session did not come before.
	LogoutFresh Check = "logout_fresh"
	// UpstreamTicket: a CAS server sent the browser back with one ticket.
	UpstreamTicket Check = "upstream_ticket"
	// UpstreamTaken: the server takes the ticket, which is fresh and was not used before.
	UpstreamTaken Check = "upstream_taken"
	// UpstreamService: the server knows the call-back address as a service.
	UpstreamService Check = "upstream_service"
	// UpstreamRefused: the server answers without an error of its own.
	UpstreamRefused Check = "upstream_refused"
	// ValidateResolves: the host of the validation address is found in DNS.
	ValidateResolves Check = "validate_resolves"
	// ValidateOpen: the validation address does not lead inside.
	ValidateOpen Check = "validate_open"
	// ValidateReached: the validation address takes the connection and answers in time.
	ValidateReached Check = "validate_reached"
	// ValidateTLS: the certificate behind the validation address is valid.
	ValidateTLS Check = "validate_tls"
	// ValidateAnswer: the validation address answers as the CAS version that is set.
	ValidateAnswer Check = "validate_answer"
	// LoginReached: the login address of a CAS server answers this server.
	LoginReached Check = "login_reached"
	// LoginPage: the login address shows a page for the call-back address.
	LoginPage Check = "login_page"
	// LogoutRequest: the message about the end of a session is a logout request with a ticket.
	LogoutRequest Check = "logout_request"
)

// sourceChecks is every check above; the test of checks compares the two.
var sourceChecks = [...]Check{
	SourceKnown, SourceState, AuthorizeResolves, AuthorizeReached, AuthorizeTLS, AuthorizeStatus,
	AuthorizeClient, AuthorizeRedirect, AuthorizeScope, AuthorizeDenied, AuthorizeAnswer, AuthorizeIssuer,
	TokenResolves, TokenOpen, TokenReached, TokenInTime, TokenTLS, TokenRedirect, TokenStatus, TokenSize,
	TokenFormat, TokenClient, TokenClientID, TokenCode, TokenRefused, TokenField, IDTokenMissing, IDTokenForm,
	IDTokenIssuer, IDTokenAudience, IDTokenTime, IDTokenNonce, IDTokenKeys, IDTokenSignature, IDTokenAccess,
	UserInfoResolves, UserInfoOpen, UserInfoReached, UserInfoInTime, UserInfoTLS, UserInfoRedirect,
	UserInfoStatus, UserInfoSize, UserInfoFormat, UserInfoOpenID, UserInfoToken, UserInfoRefused,
	UserInfoSubject, AccountField, AccountType, AccountLength, NameField, EmailField, MobileField, PictureField,
	SubjectStable, AttributeCame, DiscoveryResolves, DiscoveryOpen, DiscoveryReached, DiscoveryTLS, DiscoveryAnswer,
	DiscoveryIssuer, DiscoveryFields, KeysOpen, KeysReached, KeysAnswer, LogoutForm, LogoutMeant, LogoutSignature, LogoutFresh,
	UpstreamTicket, UpstreamTaken, UpstreamService, UpstreamRefused, ValidateResolves, ValidateOpen, ValidateReached,
	ValidateTLS, ValidateAnswer, LoginReached, LoginPage, LogoutRequest,
}
