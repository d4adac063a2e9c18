package identity

import "time"

// Domain is a mail domain of which an organisation proved, by a record that
// only its holder can publish, that it is theirs.
type Domain struct {
	OrganizationID OrganizationID
	Name           string // in lower case and ASCII, unique among proven ones
	// SourceID is where people of the domain are led to sign in, "" for the
	// organisation's default.
	SourceID SourceID
	// Token is what the record holds; see DomainRecord.
	Token     string
	ProvenAt  time.Time // zero until the record was seen
	CreatedAt time.Time
}

// Proven reports whether the record was seen.
func (d Domain) Proven() bool { return !d.ProvenAt.IsZero() }

// domainRecord begins the TXT record that proves a domain.
const domainRecord = "orgate-verification="

// Record is the text of the TXT record that proves the domain.
func (d Domain) Record() string { return domainRecord + d.Token }
