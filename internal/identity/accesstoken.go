package identity

import (
	"net/netip"
	"time"
)

// ClientType is the kind of client an access token was made for. The number is
// the Meeting API's; unknown positive numbers are clients of their own.
type ClientType int

// The known client types (Meeting API, 4.1).
const (
	ClientWeb    ClientType = 0
	ClientPC     ClientType = 5
	ClientMobile ClientType = 6
	ClientAPI    ClientType = 72
)

// Cap is how many live tokens of this client type one account may hold
// (Meeting API, 3.1): 64 for the API, 1 for each other.
func (c ClientType) Cap() int {
	if c == ClientAPI {
		return 64
	}
	return 1
}

// RefreshLife is how long a refresh token lasts at least, from when it was made
// (Meeting API, 4.4). Each refresh may put its end off.
const RefreshLife = 30 * 24 * time.Hour

// AccessToken is an opaque token of a REST caller, without its secret.
type AccessToken struct {
	ID             TokenID
	AccountID      AccountID
	OrganizationID OrganizationID // "" for a provider's administrator
	MemberID       MemberID       // "" for a provider's administrator
	ClientType     ClientType
	AppID          string // the App ID it was made through, "" for a password
	Address        netip.Addr
	CreatedAt      time.Time
	ExpiresAt      time.Time
	RefreshedAt    time.Time // when the refresh token was made
	RefreshEndsAt  time.Time
	Generation     Generations
	EndedAt        time.Time // zero while it lives
	EndedBy        TokenEnd
}

// Generations are the generation numbers of those a token depends on, as they
// were when it was made. Raising one of them ends all earlier tokens at once.
type Generations struct {
	Account, Member, Organization, AppID int64
}

// TokenEnd tells why a token ended before its time.
type TokenEnd string

// The ends of a token.
const (
	EndedByHolder TokenEnd = "deleted" // signed out
	EndedByLogin  TokenEnd = "kicked"  // the oldest fell when the cap was reached
)

// Live reports whether the token's own time has not run out.
func (t AccessToken) Live(now time.Time) bool {
	return t.EndedAt.IsZero() && now.Before(t.ExpiresAt)
}

// Refreshable reports whether the token may still be refreshed by its refresh
// token.
func (t AccessToken) Refreshable(now time.Time) bool {
	return t.EndedAt.IsZero() && now.Before(t.RefreshEndsAt)
}
