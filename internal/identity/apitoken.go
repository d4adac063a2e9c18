package identity

import "time"

// APIToken is a token of the management API, without its secret. With an
// organisation it administers that one, without it the installation.
type APIToken struct {
	ID             APITokenID
	Name           string
	OrganizationID OrganizationID
	CreatedAt      time.Time
	ExpiresAt      time.Time // zero means no end
	RevokedAt      time.Time
}

// Live reports whether the token counts at an instant.
func (t APIToken) Live(now time.Time) bool {
	return t.RevokedAt.IsZero() && (t.ExpiresAt.IsZero() || now.Before(t.ExpiresAt))
}
