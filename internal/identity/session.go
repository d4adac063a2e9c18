package identity

import (
	"slices"
	"time"
)

// Methods of proof, as RFC 8176 names them in amr; ByCentre is ours for what
// an outside source proved, where it does not say how.
const (
	ByPassword = "pwd"
	ByCentre   = "fed"
	ByAppID    = "hmac"
	// The second proofs: a code by short message, and one by mail, for which RFC
	// 8176 has no word of its own. Whoever gave one has besides proven themselves
	// in several ways.
	BySMSCode  = "sms"
	ByMailCode = "otp"
	BySeveral  = "mfa"
)

// Session is a signed-in browser, without its secret.
type Session struct {
	ID             SessionID
	AccountID      AccountID
	MemberID       MemberID       // who the person acts as; "" for who acts in no organisation
	OrganizationID OrganizationID // where; "" likewise
	Methods        []string       // how the person was proven (RFC 8176)
	SourceID       SourceID       // the source that proved them, "" for our own
	SourceSession  string         // Profile.SessionID of that proof, "" for none
	// VerifiedAt is when a second proof was given beside the first, zero for none.
	// It counts for as long as the session does.
	VerifiedAt time.Time
	ProvenAt   time.Time // when the proof was given: OpenID Connect's auth_time
	CreatedAt  time.Time
	SeenAt     time.Time // stored at most once a minute
	IdleEndsAt time.Time // moves with use
	EndsAt     time.Time // never moves
	Origin     Origin    // of its beginning
	UserAgent  string    // of its beginning, cut to 256 characters
	// MustChange says that the password was chosen by somebody else: the person
	// may choose another and nothing else.
	MustChange bool
	Generation Generations
	EndedAt    time.Time // zero while it lives
	EndedBy    SessionEnd
}

// Live reports whether the session's own time has not run out.
func (s Session) Live(now time.Time) bool {
	return s.EndedAt.IsZero() && now.Before(s.IdleEndsAt) && now.Before(s.EndsAt)
}

// Proven reports whether the person was proven by a method.
func (s Session) Proven(method string) bool { return slices.Contains(s.Methods, method) }

// Verify adds a second proof that was given at an instant.
func (s *Session) Verify(method string, at time.Time) {
	s.VerifiedAt = at
	s.Methods = slices.Clone(s.Methods)
	for _, m := range []string{method, BySeveral} {
		if !s.Proven(m) {
			s.Methods = append(s.Methods, m)
		}
	}
}

// Verified reports whether a second proof was given.
func (s Session) Verified() bool { return !s.VerifiedAt.IsZero() }

// SessionEnd tells why a session ended before its time.
type SessionEnd string

// The ends of a session. What follows from a change of the person or the
// organisation also follows from their generations, at once, on other nodes
// as soon as they hear of it.
const (
	EndedBySignOut       SessionEnd = "sign_out"      // at this browser
	EndedByPerson        SessionEnd = "person"        // by its owner, from another browser
	EndedByAdministrator SessionEnd = "administrator" // by somebody else
	EndedByRenewal       SessionEnd = "renewed"       // a new one took its place in the same browser
	EndedByPassword      SessionEnd = "password"      // the account's password was changed
	EndedBySuspension    SessionEnd = "suspended"     // the member was suspended
	EndedByRemoval       SessionEnd = "removed"       // the member was removed
	EndedByFreezing      SessionEnd = "frozen"        // the organisation was frozen
	EndedBySource        SessionEnd = "source"        // the source that proved the person told that it is over there
	EndedByUnlinking     SessionEnd = "unlinked"      // the link with the source that proved the person was removed
)
