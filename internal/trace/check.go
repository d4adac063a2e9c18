package trace

import "slices"

// Check is the name of one thing that is looked at during a sign-in. Each has
// a sentence in every catalogue of i18n under "check.<name>" and the way to
// mend it under "remedy.<name>". A name is stored and is never reused.
type Check string

// The checks of a login with an App ID (Meeting API, 4.2), in the order in
// which they are made.
const (
	// HeaderScheme: the Authorization header begins with HMAC-SHA256.
	HeaderScheme Check = "header_scheme"
	// HeaderAccess: its access part, if there is one, is the App ID in Base64.
	HeaderAccess Check = "header_access"
	// HeaderSignature: its signature part is 64 hexadecimal digits.
	HeaderSignature Check = "header_signature"
	// TokenType: X-Token-Type is LongTicket or absent.
	TokenType Check = "token_type"
	// BodyJSON: the body is JSON with the right types.
	BodyJSON Check = "body_json"
	// AppIDKnown: the App ID exists.
	AppIDKnown Check = "app_id_known"
	// AppIDActive: the App ID is enabled.
	AppIDActive Check = "app_id_active"
	// OrganizationKnown: the enterprise exists, is active and may be reached
	// with this App ID.
	OrganizationKnown Check = "organization_known"
	// CorpIDMissing: an App ID of a service provider names the enterprise.
	CorpIDMissing Check = "corp_id_missing"
	// CorpIDUnwanted: an App ID of an enterprise names none.
	CorpIDUnwanted Check = "corp_id_unwanted"
	// UserIDForm: userId has 1 to 64 characters and no colon.
	UserIDForm Check = "user_id_form"
	// ClientType: clientType is a number that is known or allowed.
	ClientType Check = "client_type"
	// ExpireForm: expireTime is a whole number, not negative.
	ExpireForm Check = "expire_form"
	// ExpireMilliseconds: expireTime looks like seconds, not milliseconds.
	ExpireMilliseconds Check = "expire_milliseconds"
	// ExpirePassed: expireTime lies ahead of the server's clock.
	ExpirePassed Check = "expire_passed"
	// ExpireEverlasting: an expireTime of 0 is allowed for this App ID.
	ExpireEverlasting Check = "expire_everlasting"
	// ExpireTooFar: expireTime is not further ahead than allowed.
	ExpireTooFar Check = "expire_too_far"
	// NonceLength: the nonce has 32 to 64 characters.
	NonceLength Check = "nonce_length"
	// NonceFresh: the nonce was not used before.
	NonceFresh Check = "nonce_fresh"
	// Signature: the signature is the one a live key of the App ID makes.
	Signature Check = "signature"
)

// The near misses of a signature: what the caller probably did, found by
// trying. Each is written only when it explains the signature that came.
const (
	// NearPartsMissing: an empty part was left out with its colon.
	NearPartsMissing Check = "near_parts_missing"
	// NearMilliseconds: expireTime was signed in milliseconds.
	NearMilliseconds Check = "near_milliseconds"
	// NearUpperHex: the digits were written in upper case. They are accepted.
	NearUpperHex Check = "near_upper_hex"
	// NearOtherAppKey: the key belongs to another App ID of the same owner.
	NearOtherAppKey Check = "near_other_app_key"
	// NearPreviousKey: the key is the one before the last reset.
	NearPreviousKey Check = "near_previous_key"
	// NearTrailingNewline: the string or the key ended with a line feed.
	NearTrailingNewline Check = "near_trailing_newline"
	// NearWrongMode: four parts were signed where five belong, or the reverse.
	NearWrongMode Check = "near_wrong_mode"
	// NearUserName: userName was signed in place of userId.
	NearUserName Check = "near_user_name"
	// NearURLEncoded: the parts were URL-encoded before signing.
	NearURLEncoded Check = "near_url_encoded"
	// NearSeparator: another separator than the colon was signed.
	NearSeparator Check = "near_separator"
	// NearKeyBase64: the key was decoded from Base64 or hexadecimal first.
	NearKeyBase64 Check = "near_key_base64"
)

// The checks of the person behind a good signature.
const (
	// MemberFound: a member with this third account exists.
	MemberFound Check = "member_found"
	// MemberCreated: the member was created at this login.
	MemberCreated Check = "member_created"
	// MemberActive: the member is not suspended.
	MemberActive Check = "member_active"
	// AutoCreate: the enterprise lets unknown people be created.
	AutoCreate Check = "auto_create"
	// MemberLimit: the enterprise has room for one more member.
	MemberLimit Check = "member_limit"
	// ContactFree: mobile number and mail address belong to nobody else.
	ContactFree Check = "contact_free"
	// DepartmentKnown: the department exists in the enterprise.
	DepartmentKnown Check = "department_known"
	// TokenIssued: an access token was made; older ones may have fallen.
	TokenIssued Check = "token_issued"
)

// The checks of a login with a password (Meeting API, 4.1). MemberActive and
// ClientType belong to it too.
const (
	// AccountKnown: an account with this name exists.
	AccountKnown Check = "account_known"
	// Password: the password is the account's.
	Password Check = "password"
	// Locked: the account is not locked after too many failures.
	Locked Check = "locked"
	// Captcha: the slide puzzle was solved where one was asked for.
	Captcha Check = "captcha"
)

// checks is every check of this file.
var checks = [...]Check{
	HeaderScheme, HeaderAccess, HeaderSignature, TokenType, BodyJSON, AppIDKnown, AppIDActive, OrganizationKnown,
	CorpIDMissing, CorpIDUnwanted, UserIDForm, ClientType, ExpireForm, ExpireMilliseconds, ExpirePassed,
	ExpireEverlasting, ExpireTooFar, NonceLength, NonceFresh, Signature,
	NearPartsMissing, NearMilliseconds, NearUpperHex, NearOtherAppKey, NearPreviousKey, NearTrailingNewline,
	NearWrongMode, NearUserName, NearURLEncoded, NearSeparator, NearKeyBase64,
	MemberFound, MemberCreated, MemberActive, AutoCreate, MemberLimit, ContactFree, DepartmentKnown, TokenIssued,
	AccountKnown, Password, Locked, Captcha,
}

// Checks returns every check; a test compares it with the constants of the
// files check*.go.
func Checks() []Check {
	return slices.Concat(checks[:], signatureChecks[:], sourceChecks[:], personChecks[:], applicationChecks[:], casChecks[:])
}

// SentenceKey is where the catalogues say what the check looks at.
func (c Check) SentenceKey() string { return "check." + string(c) }

// RemedyKey is where the catalogues say how to mend a failure of the check.
func (c Check) RemedyKey() string { return "remedy." + string(c) }
