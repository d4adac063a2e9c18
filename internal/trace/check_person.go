package trace

// The checks of the person whom an authentication source proved, made when it
// is decided which member that is. MemberCreated, MemberActive, AutoCreate,
// MemberLimit and ContactFree belong to it too.
const (
	// SourceOffered: the source is enabled, and the application or its organisation lets people sign in by it.
	SourceOffered Check = "source_offered"
	// SourceStands: the source is still enabled when its answer is acted upon.
	SourceStands Check = "source_stands"
	// LinkFound: a member is linked to this account of the source.
	LinkFound Check = "link_found"
	// MemberMatched: a member has this account as third account and was linked.
	MemberMatched Check = "member_matched"
	// BindingValue: the source says what members are compared with.
	BindingValue Check = "binding_value"
	// AttributeMatched: exactly one member has what the source says, and was linked to it.
	AttributeMatched Check = "attribute_matched"
	// AccountProven: the source is trusted to have proven the contact, or the person proved the account here.
	AccountProven Check = "account_proven"
	// LinkFree: the matched member is not linked to another account there.
	LinkFree Check = "link_free"
	// AccountForm: the account at the source has the form of a third account.
	AccountForm Check = "account_form"
	// NameForm: the name that the source gave can be stored.
	NameForm Check = "name_form"
	// ContactForm: mobile number and mail address can be read.
	ContactForm Check = "contact_form"
	// MappingForm: what the source said can be stored where it is mapped to.
	MappingForm Check = "mapping_form"
	// ContactTrusted: the source may change the contacts of this account.
	ContactTrusted Check = "contact_trusted"
)

// The checks of what a person is given, and of what an earlier step gave them.
const (
	// PasswordAllowed: the organisation lets this person use a password here.
	PasswordAllowed Check = "password_allowed"
	// SessionStarted: a session of the browser was started.
	SessionStarted Check = "session_started"
	// SessionsEnded: the sessions that a source told to be over were ended.
	SessionsEnded Check = "sessions_ended"
	// ClientCodeIssued: a one-time code was made for a client.
	ClientCodeIssued Check = "client_code_issued"
	// ClientCode: the one-time code is ours, fresh, and for this domain and client.
	ClientCode Check = "client_code"
	// PortalNonce: the nonce of the jump is ours and fresh.
	PortalNonce Check = "portal_nonce"
)

// personChecks is every check of this file.
var personChecks = [...]Check{
	SourceOffered, SourceStands, LinkFound, MemberMatched, BindingValue, AttributeMatched, AccountProven, LinkFree, AccountForm, NameForm,
	ContactForm, MappingForm, ContactTrusted,
	PasswordAllowed, SessionStarted, SessionsEnded, ClientCodeIssued, ClientCode, PortalNonce,
}
