package trace

// The checks that are made besides where a login with an App ID is looked at
// afterwards, as somebody has it at hand.
const (
	// RequestTarget: the login goes by POST to the address for logins.
	RequestTarget Check = "request_target"
	// BodyMedia: the body is said to be JSON, or nothing is said of it.
	BodyMedia Check = "body_media"
	// AppIDAsked: the login names the App ID that is looked at.
	AppIDAsked Check = "app_id_asked"
	// KeyKnown: the signature was made with a key of the App ID that counts.
	KeyKnown Check = "key_known"
	// TextForm: the text that was signed is the one that is built here.
	TextForm Check = "text_form"
	// NearOwnText: the signature is right for the text that its maker says to
	// have signed.
	NearOwnText Check = "near_own_text"
)

// signatureChecks is every check of this file.
var signatureChecks = [...]Check{RequestTarget, BodyMedia, AppIDAsked, KeyKnown, TextForm, NearOwnText}
