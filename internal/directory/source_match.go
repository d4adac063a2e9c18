package directory

import (
	"strings"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// matched is the member whom the rules of a source lead to.
type matched struct {
	person identity.Person
	// proven tells that the source may say so. Else somebody has to prove here
	// that the account is theirs, for anybody can claim an address.
	proven bool
}

var (
	errNobody   = fault.New(fault.NotFound, fault.CodeMemberNotFound)
	errNoMember = fault.New(fault.Forbidden, fault.CodeSourceNoMember)
	errProve    = fault.New(fault.Unauthenticated, fault.CodeSourceProve)
)

// matching returns the member of the source's organisation whom its rules find,
// or NotFound (member_not_found). Guests are never found: what is known of one
// is what another source said.
func matching(tx *store.Tx, p SourceProof, o identity.Organization, f *finding) (m matched, err error) {
	rules := p.Source.Rules
	if rules.Enterprise() {
		m.person, err = matchingThirdAccount(tx, p)
		m.proven = true
		return m, err
	}
	if rules.Binding() == identity.CreateOnly {
		return m, errNobody
	}
	attribute := rules.Matches()
	value := strings.TrimSpace(p.Profile.Said[rules.Theirs])
	f.compared = string(attribute) + " = " + shown(attribute, value)
	if value == "" {
		f.compared = ""
		f.warn(trace.BindingValue, "nothing under "+rules.Theirs)
		return m, errNobody
	}
	if m.person, err = holding(tx, o, attribute, value); err != nil {
		return m, err
	}
	if m.person.Guest() {
		return matched{}, errNobody
	}
	m.proven = p.vouches(attribute) || p.provenHere != "" && p.provenHere == m.person.Account.ID
	return m, nil
}

// vouches reports whether the source is trusted to have proven an attribute,
// and did not itself say that it has not.
func (p SourceProof) vouches(a identity.MatchAttribute) bool {
	switch a {
	case identity.MatchEmail:
		return p.Source.Rules.Trusts(a) && !p.Profile.EmailDoubted
	case identity.MatchMobile:
		return p.Source.Rules.Trusts(a) && !p.Profile.MobileDoubted
	}
	return p.Source.Rules.Trusts(a)
}

// shown hides the middle of contacts, which stories keep for people who need
// not know them.
func shown(a identity.MatchAttribute, value string) string {
	switch a {
	case identity.MatchEmail:
		return identity.MaskEmail(value)
	case identity.MatchMobile:
		return identity.MaskMobile(value)
	}
	return value
}

// holding returns the one member who has an attribute. Where several have a
// contact nobody can tell who is meant: Forbidden (source_no_member).
func holding(tx *store.Tx, o identity.Organization, a identity.MatchAttribute, value string) (identity.Person, error) {
	name := identity.LoginName{Kind: identity.ByAccount, Text: identity.FoldAccount(value)}
	var err error
	switch a {
	case identity.MatchAccount:
		// What could be no account name is none in another spelling either.
		err = identity.ValidAccount(value)
	case identity.MatchEmail:
		name.Kind = identity.ByEmail
		name.Text, err = identity.Email(value)
	case identity.MatchMobile:
		calling, _ := CallingCode(DefaultCountry)
		name.Kind = identity.ByMobile
		name.Text, err = identity.Mobile(value, calling)
	default:
		err = errNobody
	}
	switch {
	case err != nil:
		return identity.Person{}, errNobody
	case name.Kind == identity.ByAccount || o.Rules.ContactsAsNames:
		return named(tx, o, name)
	}
	people, err := tx.Members.ByContact(o.ID, name.Text)
	switch {
	case err != nil:
		return identity.Person{}, err
	case len(people) == 0:
		return identity.Person{}, errNobody
	case len(people) > 1:
		return identity.Person{}, errNoMember
	}
	return people[0], nil
}

// named returns the member of an organisation whose account has a login name.
func named(tx *store.Tx, o identity.Organization, name identity.LoginName) (identity.Person, error) {
	account, err := tx.Lookup.Account(name)
	if fault.Is(err, fault.CodeAccountNotFound) {
		return identity.Person{}, errNobody
	}
	if err != nil {
		return identity.Person{}, err
	}
	return tx.Members.ByAccount(o.ID, account.ID)
}

// matchingThirdAccount returns the member whose third account is the profile's
// account.
func matchingThirdAccount(tx *store.Tx, p SourceProof) (identity.Person, error) {
	third := thirdAccount(p.Profile)
	if third == "" {
		return identity.Person{}, errNobody
	}
	return tx.Members.ByThirdAccount(p.Source.OrganizationID, third)
}

// thirdAccount is the account at the source as a third account, "" when it has
// not the form of one (Meeting API, 1.6): such a person is known by the link
// alone.
func thirdAccount(p identity.Profile) string {
	if p.Account == "" || utf8.RuneCountInString(p.Account) > 64 || strings.Contains(p.Account, ":") || !identity.CleanText(p.Account) {
		return ""
	}
	return p.Account
}

// unlinkedAt refuses a member who is somebody else at the source already.
func unlinkedAt(tx *store.Tx, source identity.SourceID, m identity.Member) error {
	links, err := tx.Links.OfMember(m.OrganizationID, m.ID)
	for _, l := range links {
		if l.SourceID == source {
			return errLinked
		}
	}
	return err
}
