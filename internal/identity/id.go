package identity

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// The identifiers are distinct types, so that the compiler catches a swap.
// Each is a prefix and a time-ordered UUID (RFC 9562, version 7) written in 26
// characters whose byte order is the order of time.
type (
	// OrganizationID names an organisation, as in "org_06c…".
	OrganizationID string
	// AccountID names a person's account, "acc_…".
	AccountID string
	// DepartmentID names a department, "dep_…".
	DepartmentID string
	// MemberID names an account's place in an organisation, "mem_…".
	MemberID string
	// TokenID names an access token without its secret, "tok_…".
	TokenID string
	// EventID names an audit event, "evt_…".
	EventID string
	// TicketID names a one-time secret without the secret, "tic_…".
	TicketID string
	// MessageID names an outgoing message, "msg_…".
	MessageID string
	// TraceID names the story of one sign-in, "trc_…".
	TraceID string
	// APITokenID names a token of the management API, "key_…".
	APITokenID string
	// SourceID names a configured authentication source, "src_…".
	SourceID string
	// SessionID names a signed-in browser without its secret, "ses_…".
	SessionID string
	// ApplicationID names an application, "app_…".
	ApplicationID string
	// GroupID names a set of members, "grp_…".
	GroupID string
	// GrantID names what an application was granted, "gra_…".
	GrantID string
	// RequestID names a wish that somebody decides, "req_…".
	RequestID string
	// TryID names one try of an unsaved connection, "try_…".
	TryID string
	// SetupLinkID names a link by which somebody outside sets up a source,
	// "lnk_…".
	SetupLinkID string
	// TaskID names an import or an export, "tsk_…".
	TaskID string
	// ResourceID names what a provider granted, "res_…".
	ResourceID string
	// RecordID names a record of what was done to a resource, "rec_…".
	RecordID string
	// TerminalID names a hard terminal, "trm_…".
	TerminalID string
	// ActivationCodeID names an activation code without the code, "act_…".
	ActivationCodeID string
	// RoomID names a meeting room, "rom_…".
	RoomID string
	// InvitationID names an invitation without its secret, "inv_…".
	InvitationID string
	// HandoverID names the offer of an organisation without its secret, "hov_…".
	HandoverID string
	// ExternalContactID names somebody outside in an address book, "ctc_…".
	ExternalContactID string
	// SyncRecordID names a call to the receiver of an application, "syr_…".
	SyncRecordID string
	// WebhookID names an address that is told of events, "whk_…".
	WebhookID string
	// RegionID names a part of the network, "reg_…".
	RegionID string
	// PolicyID names an access policy of an application, "pol_…".
	PolicyID string
	// FactorID names what somebody proves themselves by, "fac_…".
	FactorID string
)

// idAlphabet is the extended hex alphabet of RFC 4648, section 7, in lower
// case: its characters sort as the bytes they stand for.
var idAlphabet = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// NewUUID returns a version 7 UUID for an instant: 48 bits of milliseconds,
// then random bits. It never fails: crypto/rand does not.
func NewUUID(now time.Time) [16]byte {
	var u [16]byte
	rand.Read(u[6:])
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(u[:6], ms[2:])
	u[6] = u[6]&0x0f | 0x70
	u[8] = u[8]&0x3f | 0x80
	return u
}

func newID(prefix string, now time.Time) string {
	u := NewUUID(now)
	return prefix + idAlphabet.EncodeToString(u[:])
}

// NewOrganizationID returns a fresh identifier.
func NewOrganizationID(now time.Time) OrganizationID { return OrganizationID(newID("org_", now)) }

// NewAccountID returns a fresh identifier.
func NewAccountID(now time.Time) AccountID { return AccountID(newID("acc_", now)) }

// NewDepartmentID returns a fresh identifier.
func NewDepartmentID(now time.Time) DepartmentID { return DepartmentID(newID("dep_", now)) }

// NewMemberID returns a fresh identifier.
func NewMemberID(now time.Time) MemberID { return MemberID(newID("mem_", now)) }

// NewEventID returns a fresh identifier.
func NewEventID(now time.Time) EventID { return EventID(newID("evt_", now)) }

// NewMessageID returns a fresh identifier.
func NewMessageID(now time.Time) MessageID { return MessageID(newID("msg_", now)) }

// NewTraceID returns a fresh identifier.
func NewTraceID(now time.Time) TraceID { return TraceID(newID("trc_", now)) }

// NewTokenID returns a fresh identifier.
func NewTokenID(now time.Time) TokenID { return TokenID(newID("tok_", now)) }

// NewTicketID returns a fresh identifier.
func NewTicketID(now time.Time) TicketID { return TicketID(newID("tic_", now)) }

// NewAPITokenID returns a fresh identifier.
func NewAPITokenID(now time.Time) APITokenID { return APITokenID(newID("key_", now)) }

// NewSourceID returns a fresh identifier.
func NewSourceID(now time.Time) SourceID { return SourceID(newID("src_", now)) }

// NewApplicationID returns a fresh identifier.
func NewApplicationID(now time.Time) ApplicationID { return ApplicationID(newID("app_", now)) }

// NewGroupID returns a fresh identifier.
func NewGroupID(now time.Time) GroupID { return GroupID(newID("grp_", now)) }

// NewRequestID returns a fresh identifier.
func NewRequestID(now time.Time) RequestID { return RequestID(newID("req_", now)) }

// NewTryID returns a fresh identifier.
func NewTryID(now time.Time) TryID { return TryID(newID("try_", now)) }

// NewSetupLinkID returns a fresh identifier.
func NewSetupLinkID(now time.Time) SetupLinkID { return SetupLinkID(newID("lnk_", now)) }

// NewTaskID returns a fresh identifier.
func NewTaskID(now time.Time) TaskID { return TaskID(newID("tsk_", now)) }

// NewResourceID returns a fresh identifier.
func NewResourceID(now time.Time) ResourceID { return ResourceID(newID("res_", now)) }

// NewRecordID returns a fresh identifier.
func NewRecordID(now time.Time) RecordID { return RecordID(newID("rec_", now)) }

// NewTerminalID returns a fresh identifier.
func NewTerminalID(now time.Time) TerminalID { return TerminalID(newID("trm_", now)) }

// NewActivationCodeID returns a fresh identifier.
func NewActivationCodeID(now time.Time) ActivationCodeID { return ActivationCodeID(newID("act_", now)) }

// NewRoomID returns a fresh identifier.
func NewRoomID(now time.Time) RoomID { return RoomID(newID("rom_", now)) }

// NewExternalContactID returns a fresh identifier.
func NewExternalContactID(now time.Time) ExternalContactID {
	return ExternalContactID(newID("ctc_", now))
}

// NewRegionID returns a fresh identifier.
func NewRegionID(now time.Time) RegionID { return RegionID(newID("reg_", now)) }

// NewPolicyID returns a fresh identifier.
func NewPolicyID(now time.Time) PolicyID { return PolicyID(newID("pol_", now)) }

// NewFactorID returns a fresh identifier.
func NewFactorID(now time.Time) FactorID { return FactorID(newID("fac_", now)) }

// NewWebhookID returns a fresh identifier.
func NewWebhookID(now time.Time) WebhookID { return WebhookID(newID("whk_", now)) }

// NewSyncRecordID returns a fresh identifier.
func NewSyncRecordID(now time.Time) SyncRecordID { return SyncRecordID(newID("syr_", now)) }

// SessionIDOf makes the identifier of a session from its sixteen bytes.
func SessionIDOf(u [16]byte) SessionID { return SessionID("ses_" + idAlphabet.EncodeToString(u[:])) }

// GrantIDOf makes the identifier of a grant from its sixteen bytes.
func GrantIDOf(u [16]byte) GrantID { return GrantID("gra_" + idAlphabet.EncodeToString(u[:])) }

// InvitationIDOf makes the identifier of an invitation from its sixteen bytes.
func InvitationIDOf(u [16]byte) InvitationID {
	return InvitationID("inv_" + idAlphabet.EncodeToString(u[:]))
}

// HandoverIDOf makes the identifier of a hand-over from its sixteen bytes.
func HandoverIDOf(u [16]byte) HandoverID { return HandoverID("hov_" + idAlphabet.EncodeToString(u[:])) }

// TokenIDOf makes the identifier of a token from its sixteen bytes.
func TokenIDOf(u [16]byte) TokenID { return TokenID("tok_" + idAlphabet.EncodeToString(u[:])) }

// AppendID appends an identifier made of its prefix, "mem_", and its sixteen
// bytes; for those who make several in one piece of memory.
func AppendID(b []byte, prefix string, u [16]byte) []byte {
	return idAlphabet.AppendEncode(append(b, prefix...), u[:])
}

// TicketIDOf makes the identifier of a ticket from its sixteen bytes.
func TicketIDOf(u [16]byte) TicketID { return TicketID("tic_" + idAlphabet.EncodeToString(u[:])) }

// APITokenIDOf makes the identifier of a management token from its bytes.
func APITokenIDOf(u [16]byte) APITokenID { return APITokenID("key_" + idAlphabet.EncodeToString(u[:])) }

// UUID returns the sixteen bytes inside an identifier of ours; ok is false
// when the text was not made by this package.
func UUID[T ~string](id T) (u [16]byte, ok bool) {
	_, text, found := strings.Cut(string(id), "_")
	if !found || len(text) != 26 {
		return u, false
	}
	n, err := idAlphabet.Decode(u[:], []byte(text))
	return u, err == nil && n == 16 && idAlphabet.EncodeToString(u[:]) == text
}

// oldest returns the least identifier that can be made at an instant or later:
// what was made before it sorts below. The millisecond counts.
func oldest(prefix string, at time.Time) string {
	var u [16]byte
	binary.BigEndian.PutUint64(u[:8], uint64(at.UnixMilli())<<16)
	return prefix + idAlphabet.EncodeToString(u[:])
}

// OldestTokenID is the bound below which every token lies that was made before
// an instant; no token has it itself.
func OldestTokenID(at time.Time) TokenID { return TokenID(oldest("tok_", at)) }

// OldestMessageID is the same bound for messages.
func OldestMessageID(at time.Time) MessageID { return MessageID(oldest("msg_", at)) }

// OldestTraceID is the same bound for stories.
func OldestTraceID(at time.Time) TraceID { return TraceID(oldest("trc_", at)) }

// OldestEventID is the same bound for events.
func OldestEventID(at time.Time) EventID { return EventID(oldest("evt_", at)) }

// OldestSyncRecordID is the same bound for records of calls to receivers.
func OldestSyncRecordID(at time.Time) SyncRecordID { return SyncRecordID(oldest("syr_", at)) }

// Hex returns the bytes of an identifier as 32 lower-case hex digits, the form
// in which some wires show ids, or "" when the identifier is not ours.
func Hex[T ~string](id T) string {
	u, ok := UUID(id)
	if !ok {
		return ""
	}
	return hex.EncodeToString(u[:])
}

// MemberIDOfHex is the inverse of Hex for members; ok is false for other text.
func MemberIDOfHex(text string) (MemberID, bool) {
	id, ok := idOfHex("mem_", text)
	return MemberID(id), ok
}

// TerminalIDOfHex is the inverse of Hex for terminals.
func TerminalIDOfHex(text string) (TerminalID, bool) {
	id, ok := idOfHex("trm_", text)
	return TerminalID(id), ok
}

// ActivationCodeIDOfHex is the inverse of Hex for activation codes.
func ActivationCodeIDOfHex(text string) (ActivationCodeID, bool) {
	id, ok := idOfHex("act_", text)
	return ActivationCodeID(id), ok
}

func idOfHex(prefix, text string) (string, bool) {
	b, err := hex.DecodeString(text)
	if err != nil || len(b) != 16 {
		return "", false
	}
	return prefix + idAlphabet.EncodeToString(b), true
}
