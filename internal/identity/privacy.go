package identity

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
)

// The bounds of a privacy statement, in characters.
const (
	MaxPrivacyTitle = 100
	MaxPrivacyBody  = 20_000
)

// PrivacyText is a privacy statement in one language: plain text, in which lines
// that begin with "# " are headings and lines that begin with "- " are points.
type PrivacyText struct{ Title, Body string }

// PrivacyTexts are a statement in the languages in which it is written.
type PrivacyTexts map[string]PrivacyText

// PrivacyLanguages are the languages in which a statement can be written; where
// one is missing, the first that is there is shown.
func PrivacyLanguages() []string { return []string{"zh-CN", "en-US"} }

// Validate refuses a statement in no language or in one that nobody can choose,
// and texts that are empty, too long or not clean.
func (t PrivacyTexts) Validate() error {
	if len(t) == 0 {
		return fault.New(fault.Invalid, fault.CodeFieldMissing).At("texts").With("field", "texts")
	}
	for language, text := range t {
		if !slices.Contains(PrivacyLanguages(), language) {
			return fault.New(fault.Invalid, fault.CodeFieldChoice).At("texts").With("choices", strings.Join(PrivacyLanguages(), ", "))
		}
		for _, part := range []struct {
			field, text string
			max         int
		}{{"title", text.Title, MaxPrivacyTitle}, {"body", text.Body, MaxPrivacyBody}} {
			n := utf8.RuneCountInString(part.text)
			switch {
			case strings.TrimSpace(part.text) == "" || n > part.max:
				return fault.New(fault.Invalid, fault.CodeFieldLength).At(part.field).With("min", 1).With("max", part.max)
			case !CleanText(part.text) || part.field == "title" && strings.ContainsAny(part.text, "\r\n\t"):
				return fault.New(fault.Invalid, fault.CodeMalformed).At(part.field)
			}
		}
	}
	return nil
}

// In is the text for a reader's language, and the language in which it is.
func (t PrivacyTexts) In(language string) (PrivacyText, string) {
	for _, l := range append([]string{language}, PrivacyLanguages()...) {
		if text, ok := t[l]; ok {
			return text, l
		}
	}
	return PrivacyText{}, ""
}

// PrivacyStatement is what people are told of what becomes of their data: of an
// organisation, or of the installation for those that have none.
type PrivacyStatement struct {
	OrganizationID OrganizationID // "" for the installation's
	Draft          PrivacyTexts   // nil for none
	Current        int64          // the version that is asked for, 0 for none
	Last           int64          // the newest that was ever published
	Version        int64          // of the row, for edits
	UpdatedAt      time.Time
}

// PrivacyVersion is a statement as it was published. It never changes.
type PrivacyVersion struct {
	OrganizationID OrganizationID
	Number         int64 // counts from 1
	Texts          PrivacyTexts
	PublishedBy    string // their name
	PublishedAt    time.Time
}

// PrivacyAcceptance says that somebody accepted a version.
type PrivacyAcceptance struct {
	AccountID      AccountID
	Statement      OrganizationID // whose statement it was, "" for the installation's
	Number         int64
	OrganizationID OrganizationID // in which they acted
	MemberID       MemberID
	Name           string
	At             time.Time
}
