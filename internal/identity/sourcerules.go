package identity

import (
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// SourceRules tell which member somebody is whom a source proves, and what of
// that the source says is written to the member (OrgID, D.1). The zero rules
// are those of enterprise SSO: the person's account at the source is the third
// account of a member (Meeting API, 4.8).
type SourceRules struct {
	// Ours is the attribute of members that is compared, the association
	// attribute; "" is the third account.
	Ours MatchAttribute
	// Theirs names what the source says that it is compared with, the binding
	// attribute.
	Theirs   string
	Strategy BindingStrategy // "" is BindOrCreate
	// Trusted are the contacts that the source is trusted to have proven. By
	// another one nobody is matched who does not prove the account here.
	Trusted []MatchAttribute
	// Mappings are written at the first and at each later sign-in.
	Mappings []Mapping
}

// MatchAttribute is an attribute by which members are found.
type MatchAttribute string

// The attributes by which members are found.
const (
	MatchThirdAccount MatchAttribute = "third_account"
	MatchAccount      MatchAttribute = "account" // the account name, compared folded
	MatchEmail        MatchAttribute = "email"
	MatchMobile       MatchAttribute = "mobile"
)

// BindingStrategy says what becomes of a person whom a source proves for the
// first time.
type BindingStrategy string

// The strategies.
const (
	BindOrCreate BindingStrategy = "bind_or_create" // the member found, or else a new guest
	BindOnly     BindingStrategy = "bind"           // the member found, or else a refusal
	CreateOnly   BindingStrategy = "create"         // a new guest always
)

// Mapping says what of a person is filled with what the source says, or with a
// fixed value. Exactly one of Theirs and Fixed is set.
type Mapping struct {
	Ours   string // one of MappedAttributes, or attributes.KEY for a custom attribute
	Theirs string // the name under which the source says it
	Fixed  string
}

// MappedAttributes are the attributes of a member that a mapping may fill,
// besides custom ones.
var MappedAttributes = []string{"name", "english_name", "email", "mobile", "title", "description"}

// CustomAttribute begins a mapping's name of a custom attribute.
const CustomAttribute = "attributes."

// The largest rules.
const (
	maxMappings   = 50
	maxTheirs     = 255
	maxFixed      = 255
	maxCustomName = 64
)

// Enterprise reports whether these are the rules of enterprise SSO, whose
// people are members of the organisation by their third account. Whom any
// other source brings along is a guest.
func (r SourceRules) Enterprise() bool {
	return r.Ours == "" && r.Theirs == "" && r.Strategy == "" && len(r.Trusted) == 0 && len(r.Mappings) == 0
}

// Matches returns the attribute that is compared.
func (r SourceRules) Matches() MatchAttribute {
	if r.Ours == "" {
		return MatchThirdAccount
	}
	return r.Ours
}

// Binding returns the strategy.
func (r SourceRules) Binding() BindingStrategy {
	if r.Strategy == "" {
		return BindOrCreate
	}
	return r.Strategy
}

// Trusts reports whether the source is trusted to have proven an attribute. An
// account name and a third account are the source's to say: who set it up
// decided so.
func (r SourceRules) Trusts(a MatchAttribute) bool {
	return a == MatchAccount || a == MatchThirdAccount || slices.Contains(r.Trusted, a)
}

// Reads returns the names under which the rules look at what the source says,
// sorted, each once.
func (r SourceRules) Reads() []string {
	var names []string
	if r.Theirs != "" {
		names = append(names, r.Theirs)
	}
	for _, m := range r.Mappings {
		if m.Theirs != "" {
			names = append(names, m.Theirs)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Validate checks rules that an administrator wrote: a known association
// attribute and strategy, a binding attribute unless each person is made anew,
// and at most 50 mappings, each attribute once. All faults are told at once, at
// the fields of the block match and the list mappings.
func (r SourceRules) Validate() error {
	var faults []*fault.Error
	choice := fault.New(fault.Invalid, fault.CodeFieldChoice)
	if !slices.Contains([]MatchAttribute{MatchAccount, MatchEmail, MatchMobile}, r.Ours) && (r.Ours != "" || r.Binding() != CreateOnly) {
		faults = append(faults, choice.At("match.ours").With("choices", "account, email, mobile"))
	}
	if !slices.Contains([]BindingStrategy{"", BindOrCreate, BindOnly, CreateOnly}, r.Strategy) {
		faults = append(faults, choice.At("match.strategy").With("choices", "bind_or_create, bind, create"))
	}
	switch {
	case r.Theirs == "" && r.Binding() != CreateOnly:
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldMissing).At("match.theirs").With("field", "match.theirs"))
	case len(r.Theirs) > maxTheirs || !CleanText(r.Theirs):
		faults = append(faults, lengthFault("match.theirs", 1, maxTheirs))
	}
	for i, t := range r.Trusted {
		if t != MatchEmail && t != MatchMobile || slices.Contains(r.Trusted[:i], t) {
			faults = append(faults, choice.At("match.trusted").With("choices", "email, mobile"))
			break
		}
	}
	return fault.All(append(faults, r.mappingFaults()...))
}

func (r SourceRules) mappingFaults() (faults []*fault.Error) {
	if len(r.Mappings) > maxMappings {
		return []*fault.Error{fault.New(fault.Invalid, fault.CodeFieldRange).At("mappings").With("min", 0).With("max", maxMappings)}
	}
	seen := map[string]bool{}
	for i, m := range r.Mappings {
		at := "mappings." + strconv.Itoa(i) + "."
		if !mappable(m.Ours) || seen[m.Ours] {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldChoice).At(at+"ours").
				With("choices", strings.Join(MappedAttributes, ", ")+", "+CustomAttribute+"…"))
		}
		seen[m.Ours] = true
		switch {
		case (m.Theirs == "") == (m.Fixed == ""):
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldMissing).At(at+"theirs").With("field", "theirs"))
		case len(m.Theirs) > maxTheirs || !CleanText(m.Theirs):
			faults = append(faults, lengthFault(at+"theirs", 1, maxTheirs))
		case len([]rune(m.Fixed)) > maxFixed || !CleanText(m.Fixed):
			faults = append(faults, lengthFault(at+"fixed", 1, maxFixed))
		}
	}
	return faults
}

// Custom reports whether the mapping fills a custom attribute.
func (m Mapping) Custom() bool { return strings.HasPrefix(m.Ours, CustomAttribute) }

// mappable reports whether a mapping may fill an attribute.
func mappable(ours string) bool {
	custom, ok := strings.CutPrefix(ours, CustomAttribute)
	if ok {
		return custom != "" && len(custom) <= maxCustomName && CleanText(custom)
	}
	return slices.Contains(MappedAttributes, ours)
}
