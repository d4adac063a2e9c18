package identity

import (
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Attribute says of a custom attribute of an organisation's members what it is
// called and which values it takes (OrgID, A.11). Label, Hidden and Place may be
// edited; all else never changes.
type Attribute struct {
	OrganizationID OrganizationID
	Key            string // by which members, sources and applications name it
	Label          string // what people read
	Type           AttributeType
	Masked         bool     // shown as AttributeMask to who does not manage members
	Candidates     []string // of a choice, in the order in which they are offered
	Required       bool     // whoever is entered by hand has to have a value
	Hidden         bool     // left out where a member is shown to who does not manage members
	Place          int      // 1–10000, smaller comes first
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// AttributeType is what values of an attribute are like.
type AttributeType string

// The types. The values of several choices are joined by AttributeSeparator.
const (
	AttributeText    AttributeType = "text"
	AttributeChoice  AttributeType = "choice"
	AttributeChoices AttributeType = "choices"
	AttributeDate    AttributeType = "date"   // 2006-01-02
	AttributeNumber  AttributeType = "number" // decimal, with at most six places
)

// AttributeTypes are all types, in the order to show them.
func AttributeTypes() []AttributeType {
	return []AttributeType{AttributeText, AttributeChoice, AttributeChoices, AttributeDate, AttributeNumber}
}

const (
	// EmployeeNumber is the key of an attribute that every organisation has,
	// whether it defines it or not (OrgID, A.4).
	EmployeeNumber = "employee_number"
	// AttributeMask stands for a value that is not shown.
	AttributeMask = "••••"
	// AttributeSeparator stands between the values of several choices.
	AttributeSeparator = "|"
	// MaxAttributeValue is how many characters a value has at most.
	MaxAttributeValue = 1024
	maxCandidates     = 200
	maxCandidate      = 64
)

var (
	attributeKey    = pattern(`^[\p{L}\p{N}_][\p{L}\p{M}\p{N}_.-]{0,63}$`)
	attributeNumber = pattern(`^-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,6})?$`)
)

// Validate checks the definition's own rules.
func (a Attribute) Validate() error {
	var faults []*fault.Error
	if !attributeKey().MatchString(a.Key) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("key").With("want", "want.attribute_key"))
	}
	if n := len([]rune(a.Label)); n < 1 || n > 64 {
		faults = append(faults, lengthFault("label", 1, 64))
	} else if !CleanText(a.Label) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeMalformed).At("label"))
	}
	if !slices.Contains(AttributeTypes(), a.Type) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldChoice).At("type").With("choices", joined(AttributeTypes())))
	}
	if a.Masked && a.Type != AttributeText {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("masked"))
	}
	if a.Place < 1 || a.Place > 10_000 {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldRange).At("position").With("min", 1).With("max", 10_000))
	}
	if f := a.candidatesFault(); f != nil {
		faults = append(faults, f)
	}
	return fault.All(faults)
}

func joined[T ~string](words []T) string {
	texts := make([]string, len(words))
	for i, w := range words {
		texts[i] = string(w)
	}
	return strings.Join(texts, ", ")
}

// candidatesFault is what is wrong with the candidates, nil for nothing.
func (a Attribute) candidatesFault() *fault.Error {
	if a.Type != AttributeChoice && a.Type != AttributeChoices {
		if len(a.Candidates) > 0 {
			return fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("candidates")
		}
		return nil
	}
	if n := len(a.Candidates); n < 1 || n > maxCandidates {
		return fault.New(fault.Invalid, fault.CodeFieldRange).At("candidates").With("min", 1).With("max", maxCandidates)
	}
	for i, c := range a.Candidates {
		if n := len([]rune(c)); n < 1 || n > maxCandidate {
			return lengthFault("candidates", 1, maxCandidate)
		}
		if !CleanText(c) || c != strings.TrimSpace(c) || strings.Contains(c, AttributeSeparator) || slices.Contains(a.Candidates[:i], c) {
			return fault.New(fault.Invalid, fault.CodeFieldFormat).At("candidates").With("want", "want.candidates")
		}
	}
	return nil
}

// attributeField is where a fault about a value is told.
func attributeField(key string) string { return "attributes." + key }

// Check refuses a value that the attribute does not take: Invalid at
// attributes.KEY. An empty one is a text only; whoever clears another removes
// it.
func (a Attribute) Check(value string) error {
	at := attributeField(a.Key)
	format := func(want string) error {
		return fault.New(fault.Invalid, fault.CodeFieldFormat).At(at).With("want", want)
	}
	switch a.Type {
	case AttributeChoice, AttributeChoices:
		chosen := []string{value}
		if a.Type == AttributeChoices {
			chosen = strings.Split(value, AttributeSeparator)
		}
		for i, one := range chosen {
			if !slices.Contains(a.Candidates, one) || slices.Contains(chosen[:i], one) {
				return fault.New(fault.Invalid, fault.CodeFieldChoice).At(at).With("choices", strings.Join(a.Candidates, ", "))
			}
		}
	case AttributeDate:
		if _, err := time.Parse(time.DateOnly, value); err != nil {
			return format("want.date")
		}
	case AttributeNumber:
		if !attributeNumber().MatchString(value) {
			return format("want.decimal")
		}
	}
	if n := len([]rune(value)); n > MaxAttributeValue {
		return fault.New(fault.Invalid, fault.CodeFieldLength).At(at).With("min", 0).With("max", MaxAttributeValue)
	}
	if !CleanText(value) {
		return fault.New(fault.Invalid, fault.CodeMalformed).At(at)
	}
	return nil
}

// Attributes are the definitions of an organisation. Where there are none,
// members may have any attribute.
type Attributes []Attribute

// Find returns the definition of a key.
func (all Attributes) Find(key string) (Attribute, bool) {
	for _, a := range all {
		if a.Key == key {
			return a, true
		}
	}
	return Attribute{}, false
}

// Fits refuses a value of a key: of one that is not defined where others are
// (field_unknown), and of one whose definition does not take it.
func (all Attributes) Fits(key, value string) error {
	a, defined := all.Find(key)
	switch {
	case len(all) == 0, !defined && key == EmployeeNumber:
		return nil
	case !defined:
		at := attributeField(key)
		return fault.New(fault.Invalid, fault.CodeFieldUnknown).At(at).With("field", at)
	}
	return a.Check(value)
}

// Edited refuses the values that an edit writes and that do not fit. What was
// stored before and stays is let be, however it came there.
func (all Attributes) Edited(before, after map[string]string) error {
	var faults []*fault.Error
	for _, key := range sortedKeys(after) {
		if was, there := before[key]; there && was == after[key] {
			continue
		}
		if err := all.Fits(key, after[key]); err != nil {
			faults = append(faults, fault.Of(err))
		}
	}
	return fault.All(faults)
}

// Complete refuses values among which a required one is missing
// (field_missing).
func (all Attributes) Complete(values map[string]string) error {
	var faults []*fault.Error
	for _, a := range all {
		if a.Required && strings.TrimSpace(values[a.Key]) == "" {
			at := attributeField(a.Key)
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldMissing).At(at).With("field", at))
		}
	}
	return fault.All(faults)
}

// Shown are the values as they are shown to who does not manage members: some
// masked, some left out. The values given are left as they are.
func (all Attributes) Shown(values map[string]string) map[string]string {
	shown := make(map[string]string, len(values))
	for key, value := range values {
		a, _ := all.Find(key)
		switch {
		case a.Hidden:
		case a.Masked && value != "":
			shown[key] = AttributeMask
		default:
			shown[key] = value
		}
	}
	return shown
}

func sortedKeys(values map[string]string) []string {
	keys := make([]string, 0, len(values))
	for key := range values {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}
