package trace

// The checks of a request to enter an application (OAuth 2.0 and OpenID
// Connect), in the order in which they are made. MemberActive belongs to it
// too.
const (
	// ClientKnown: an application with this client_id exists.
	ClientKnown Check = "client_known"
	// ClientActive: the application is enabled, and so is its organisation.
	ClientActive Check = "client_active"
	// RequestForm: the request holds each parameter once and in its form.
	RequestForm Check = "request_form"
	// RedirectRegistered: the redirect URI is one of the application's home URLs, byte by byte.
	RedirectRegistered Check = "redirect_registered"
	// ResponseTypeKnown: the response type is code, and the application may use it.
	ResponseTypeKnown Check = "response_type"
	// ResponseModeKnown: the response mode is one that is offered.
	ResponseModeKnown Check = "response_mode"
	// GrantAllowed: the application may use the grant type.
	GrantAllowed Check = "grant_allowed"
	// ScopeAllowed: the application may ask for every scope that it asks for.
	ScopeAllowed Check = "scope_allowed"
	// PKCEChallenge: where PKCE is demanded or used, the challenge is a good one of the method S256.
	PKCEChallenge Check = "pkce_challenge"
	// PromptForm: prompt, max_age and claims can be understood and do not contradict each other.
	PromptForm Check = "prompt_form"
	// SessionThere: the browser is signed in.
	SessionThere Check = "session_there"
	// ProofAge: the person was proven as lately as the application asks.
	ProofAge Check = "proof_age"
	// SubjectMatches: whoever is signed in is the one that the application asks for.
	SubjectMatches Check = "subject_matches"
	// EntryMember: the person is a member of the application's organisation.
	EntryMember Check = "entry_member"
	// EntryAllowed: the member is among those who may enter the application.
	EntryAllowed Check = "entry_allowed"
	// PolicyAllows: the access policies of the application let the person in, at this time and from this address.
	PolicyAllows Check = "policy_allows"
	// PolicyReported: what a policy that only reports would have said.
	PolicyReported Check = "policy_reported"
	// SecondProof: the person has given the second proof that a policy asks for.
	SecondProof Check = "second_proof"
	// EntryAsked: how the person's own request to be let in stands.
	EntryAsked Check = "entry_asked"
	// ConsentGiven: the person agrees to release what the scopes ask for, where consent is asked.
	ConsentGiven Check = "consent_given"
	// CodeIssued: an authorization code was made.
	CodeIssued Check = "code_issued"
)

// The checks of what an application sends to be given tokens. GrantAllowed and
// ScopeAllowed belong to it too.
const (
	// ClientAuthMethod: the application proves itself in one way, which its settings allow.
	ClientAuthMethod Check = "client_auth_method"
	// ClientSecretGood: the secret is a live one of the application.
	ClientSecretGood Check = "client_secret"
	// CodeKnown: the code is one that this server made.
	CodeKnown Check = "code_known"
	// CodeFresh: the code has not expired.
	CodeFresh Check = "code_fresh"
	// CodeUnspent: the code was not redeemed before.
	CodeUnspent Check = "code_unspent"
	// CodeOwner: the code was made for the application that redeems it.
	CodeOwner Check = "code_owner"
	// CodeRedirect: the redirect URI at the redemption is the one of the request.
	CodeRedirect Check = "code_redirect"
	// CodeVerifier: the PKCE verifier is the one whose challenge was sent.
	CodeVerifier Check = "code_verifier"
	// RefreshKnown: the refresh token is one that this server gave the application.
	RefreshKnown Check = "refresh_known"
	// RefreshUnused: the refresh token was not used before.
	RefreshUnused Check = "refresh_unused"
	// RefreshStands: what the refresh token stands for was not ended.
	RefreshStands Check = "refresh_stands"
	// RefreshFresh: the refresh token has not expired.
	RefreshFresh Check = "refresh_fresh"
	// TokensIssued: tokens were made.
	TokensIssued Check = "tokens_issued"
)

// The checks of what is asked with an access token.
const (
	// AccessTokenSent: one access token came, in one place.
	AccessTokenSent Check = "access_token_sent"
	// AccessTokenKnown: the access token was made by this server and still counts.
	AccessTokenKnown Check = "access_token_known"
	// AccessTokenFresh: the access token has not expired.
	AccessTokenFresh Check = "access_token_fresh"
	// AccessTokenScope: the access token has the scope that the request needs.
	AccessTokenScope Check = "access_token_scope"
	// ClaimsReleased: which claims the application was told.
	ClaimsReleased Check = "claims_released"
)

// The checks of a sign-out at an application's wish, and of telling applications
// of it.
const (
	// ExitRegistered: the address after the sign-out is the application's exit URL.
	ExitRegistered Check = "exit_registered"
	// LogoutHint: id_token_hint is an ID token of ours for the application.
	LogoutHint Check = "logout_hint"
	// LogoutSession: the session that the application means is the one of the browser.
	LogoutSession Check = "logout_session"
	// BackchannelAnswer: the application answers the notice of a sign-out with success.
	BackchannelAnswer Check = "backchannel_answer"
)

// applicationChecks is every check of this file.
var applicationChecks = [...]Check{
	ClientKnown, ClientActive, RequestForm, RedirectRegistered, ResponseTypeKnown, ResponseModeKnown,
	GrantAllowed, ScopeAllowed, PKCEChallenge, PromptForm, SessionThere, ProofAge, SubjectMatches,
	EntryMember, EntryAllowed, PolicyAllows, PolicyReported, SecondProof, EntryAsked, ConsentGiven, CodeIssued, ClientAuthMethod, ClientSecretGood, CodeKnown, CodeFresh,
	CodeUnspent, CodeOwner, CodeRedirect, CodeVerifier, RefreshKnown, RefreshUnused, RefreshStands,
	RefreshFresh, TokensIssued, AccessTokenSent, AccessTokenKnown, AccessTokenFresh, AccessTokenScope,
	ClaimsReleased, ExitRegistered, LogoutHint, LogoutSession, BackchannelAnswer,
}
