package identity

import (
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

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

// The longest name and label (RFC 1035, 2.3.4).
const (
	maxDomainName  = 253
	maxDomainLabel = 63
)

// DomainName returns a domain as it is stored and compared: in lower case,
// without a point at its end, of at least two labels (RFC 1123, 2.1). An
// internationalised one is written in its ASCII form. Anything else is Invalid
// (field_format) at domain.
func DomainName(text string) (string, error) {
	name := strings.TrimSuffix(strings.ToLower(strings.TrimSpace(text)), ".")
	labels := strings.Split(name, ".")
	ok := len(name) <= maxDomainName && len(labels) > 1
	for _, label := range labels {
		ok = ok && isDomainLabel(label)
	}
	// An address is no domain: 192.0.2.1.
	if last := labels[len(labels)-1]; !ok || strings.Trim(last, "0123456789") == "" {
		return "", fault.New(fault.Invalid, fault.CodeFieldFormat).At("domain").With("want", "want.domain_name")
	}
	return name, nil
}

func isDomainLabel(label string) bool {
	return label != "" && len(label) <= maxDomainLabel && label[0] != '-' && label[len(label)-1] != '-' &&
		strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-") == ""
}

// DomainOf returns the domain of a mail address or of an account name that is
// written as one, "" for none.
func DomainOf(name string) string {
	_, after, _ := strings.Cut(name, "@")
	domain, err := DomainName(after)
	if err != nil {
		return ""
	}
	return domain
}
