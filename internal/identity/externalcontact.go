package identity

import (
	"log/slog"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// ExternalContact is somebody outside whom the members of an organisation deal
// with: in the address book that all of them share, or in a member's own
// (Meeting API, 6). Nobody signs in by one.
type ExternalContact struct {
	ID             ExternalContactID
	OrganizationID OrganizationID
	// Owner is whose own contact it is, "" for one that is shared.
	Owner      MemberID
	Name       string // 1–64 characters
	Company    string
	Department string
	Title      string
	Details    ContactDetails
	Version    int64
	CreatedAt  time.Time
	UpdatedAt  time.Time
}

// ContactDetails are how somebody outside is reached, and what is noted of them.
// Sealed at rest.
type ContactDetails struct {
	Mobile       string // normalised, see Mobile
	Country      string // the name by which clients know the calling code
	OtherNumber  string // normalised as Mobile is
	OtherCountry string
	Email        string // normalised, see Email
	Address      string
	Remarks      string
	CustomNumber string // one that a meeting server knows
}

// String keeps contacts out of logs.
func (ContactDetails) String() string { return "[redacted]" }

// GoString keeps contacts out of %#v.
func (d ContactDetails) GoString() string { return d.String() }

// LogValue keeps contacts out of structured logs.
func (d ContactDetails) LogValue() slog.Value { return slog.StringValue(d.String()) }

// The most contacts that are shared in an organisation, and that one member
// keeps.
const (
	MaxSharedContacts = 10_000
	MaxOwnContacts    = 1000
)

// Begins reports whether a number or the mail address begins with a text, which
// is normalised.
func (x ExternalContact) Begins(text string) bool {
	for _, contact := range [...]string{x.Details.Mobile, x.Details.OtherNumber, x.Details.Email} {
		if strings.HasPrefix(contact, text) {
			return true
		}
	}
	return false
}

// Validate checks the lengths of a contact (Meeting API, 6): a name of 1–64
// characters, numbers of at most 32, remarks of 512, and 255 for the rest.
func (x ExternalContact) Validate() error {
	d := x.Details
	return fault.All(textFaults([]textBound{
		{"name", x.Name, 1, 64},
		{"company", x.Company, 0, 255},
		{"department", x.Department, 0, 255},
		{"title", x.Title, 0, 255},
		{"country", d.Country, 0, 255},
		{"other_country", d.OtherCountry, 0, 32},
		{"address", d.Address, 0, 255},
		{"remarks", d.Remarks, 0, 512},
		{"custom_number", d.CustomNumber, 0, 32},
	}))
}
