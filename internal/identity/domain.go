package identity

import (
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Domain is a mail domain of which an organisation says, and proves by a record
// that only its holder can publish, that it is theirs.
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
	// FrozenAt is when it was noted and told that the trial had ended without a
	// proof. What holds is State.
	FrozenAt time.Time
}

// DomainTrial is for how long accounts may be made under a domain that was not
// proven (OrgID, A.2).
const DomainTrial = 180 * 24 * time.Hour

// DomainState is how far an organisation may use a domain.
type DomainState string

// The states of a domain.
const (
	DomainProven DomainState = "proven"
	DomainOnTry  DomainState = "trial"
	DomainFrozen DomainState = "frozen" // nobody is given an account under it
)

// State is how far the domain may be used at an instant. A proof ends a trial,
// and a frozen state, for good.
func (d Domain) State(now time.Time) DomainState {
	switch {
	case d.Proven():
		return DomainProven
	case now.Before(d.TrialEnds()):
		return DomainOnTry
	}
	return DomainFrozen
}

// TrialEnds is when the domain freezes unless it is proven.
func (d Domain) TrialEnds() time.Time { return d.CreatedAt.Add(DomainTrial) }

// Usable refuses a domain under which nobody is given an account at an instant:
// Conflict (domain_frozen).
func (d Domain) Usable(now time.Time) error {
	if d.State(now) == DomainFrozen {
		return fault.New(fault.Conflict, fault.CodeDomainFrozen).With("domain", d.Name)
	}
	return nil
}

// Proven reports whether the record was seen.
func (d Domain) Proven() bool { return !d.ProvenAt.IsZero() }

// domainRecord begins the TXT record that proves a domain.
const domainRecord = "orgate-verification="

// Record is the text of the TXT record that proves the domain.
func (d Domain) Record() string { return domainRecord + d.Token }

// Exchange is the mail server of the MX record that proves the domain too. Its
// name never resolves (RFC 6761, 6.4): no mail goes there, and with a high
// preference no server asks for it.
func (d Domain) Exchange() string { return "orgate-" + strings.ToLower(d.Token) + ".invalid" }

// ProvenBy reports whether one of the records that were found at the domain is
// its own: one text, byte by byte, or one mail server, letter case and a point
// at the end aside.
func (d Domain) ProvenBy(texts, exchanges []string) bool {
	for _, host := range exchanges {
		if strings.EqualFold(strings.TrimSuffix(host, "."), d.Exchange()) {
			return true
		}
	}
	return slices.Contains(texts, d.Record())
}

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

// LocalPart returns an account name without its domain.
func LocalPart(account string) string {
	if at := strings.LastIndexByte(account, '@'); at >= 0 {
		return account[:at]
	}
	return account
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
