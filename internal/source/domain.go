package source

import (
	"strings"

	"golang.org/x/net/idna"

	"github.com/orgate/orgate/internal/fault"
)

const (
	maxDomain = 253 // RFC 1035, 2.3.4, as written with points
	maxLabel  = 63
)

// NormalDomain returns a domain as it is stored and compared: without blanks
// around it, in lower case, internationalised names in their ASCII form
// (RFC 5891). It is a label for people to type, so one word alone is enough
// and nothing is asked of DNS. Anything else is Invalid (field_format).
func NormalDomain(text string) (string, error) {
	refused := fault.New(fault.Invalid, fault.CodeFieldFormat).At("domain").With("want", "want.sso_domain")
	text = strings.TrimSpace(text)
	// Much longer than any domain: not worth the work of mapping it.
	if text == "" || len(text) > 4*maxDomain {
		return "", refused
	}
	domain, err := idna.Lookup.ToASCII(text)
	if err != nil {
		return "", refused.Because(err)
	}
	domain = strings.ToLower(domain)
	if len(domain) > maxDomain {
		return "", refused
	}
	for label := range strings.SplitSeq(domain, ".") {
		if !isLabel(label) {
			return "", refused
		}
	}
	// Letters that Unicode has not assigned pass one way and not back.
	if again, err := idna.Lookup.ToASCII(domain); err != nil || again != domain {
		return "", refused
	}
	return domain, nil
}

// isLabel accepts letters, digits and hyphens, none at an end (RFC 1123, 2.1).
func isLabel(label string) bool {
	if label == "" || len(label) > maxLabel || label[0] == '-' || label[len(label)-1] == '-' {
		return false
	}
	for i := range len(label) {
		c := label[i]
		if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' {
			return false
		}
	}
	return true
}
