package directory

import (
	"maps"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// mapping is one sign-in's writing of what a source said to a person, by the
// rules of the source (OrgID, D.1).
type mapping struct {
	proof  SourceProof
	person identity.Person
	before map[string]string // what the source said at the sign-in before
	change MemberChange
	found  *finding
	known  identity.Attributes // definitions, when a rule fills an attribute
}

// mapped returns what a source's mappings change about a person, who is the
// zero member of an outside account while a guest is about to be made. What the
// source says, and what is fixed, wins over what is stored. What it said at the
// sign-in before and says no more is cleared, where what it had said is what is
// stored still: the organisation's own edit stays. What cannot be stored is left
// out with a warning.
func mapped(tx *store.Tx, p SourceProof, person identity.Person, o identity.Organization, f *finding) (MemberChange, error) {
	m := mapping{proof: p, person: person, before: f.before, found: f}
	if slices.ContainsFunc(p.Source.Rules.Mappings, identity.Mapping.Custom) {
		var err error
		if m.known, err = tx.Attributes.List(o.ID); err != nil {
			return m.change, err
		}
	}
	for _, rule := range p.Source.Rules.Mappings {
		text := rule.Fixed
		if rule.Theirs != "" {
			text = strings.TrimSpace(p.Profile.Said[rule.Theirs])
		}
		if text == "" {
			m.takeBack(rule)
		} else if normal, ok := m.normal(rule.Ours, text); ok {
			m.put(rule.Ours, normal)
		}
	}
	m.boundAttributes()
	return m.change, m.freeContacts(tx, o)
}

// takeBack clears what the source says no more.
func (m *mapping) takeBack(rule identity.Mapping) {
	last := strings.TrimSpace(m.before[rule.Theirs])
	if rule.Theirs == "" || last == "" || rule.Ours == "name" { // nobody is without a name
		return
	}
	if normal, ok := m.normal(rule.Ours, last); ok && normal == m.stored(rule.Ours) {
		m.put(rule.Ours, "")
	}
}

// textBounds are the longest texts of the attributes that need no other rule.
var textBounds = map[string]int{"name": nameMax, "english_name": 64, "title": 32, "description": 128}

// normal writes a text as the attribute is stored; ok is false for one that
// cannot be, which is told.
func (m *mapping) normal(ours, text string) (normal string, ok bool) {
	var err error
	check, told := trace.MappingForm, ours
	switch ours {
	case "email":
		check, told = trace.ContactForm, identity.MaskEmail(text)
		normal, err = identity.Email(text)
	case "mobile":
		check, told = trace.ContactForm, identity.MaskMobile(text)
		calling, _ := CallingCode(DefaultCountry)
		normal, err = identity.Mobile(text, calling)
	case "name":
		check = trace.NameForm
		fallthrough
	default:
		most, known := textBounds[ours]
		if !known {
			most = maxAttributeValue
		}
		normal, err = text, checkTexts([]textRule{{ours, text, most}})
		if key, custom := strings.CutPrefix(ours, identity.CustomAttribute); custom && err == nil {
			err = m.known.Fits(key, text)
		}
	}
	if err != nil {
		m.found.warn(check, told)
	}
	return normal, err == nil
}

// stored is what a person has of an attribute.
func (m *mapping) stored(ours string) string {
	switch ours {
	case "name":
		return m.person.Member.Name
	case "english_name":
		return m.person.Member.EnglishName
	case "email":
		return m.person.Account.Email
	case "mobile":
		return m.person.Account.Mobile
	case "title":
		return m.person.Member.Title
	case "description":
		return m.person.Member.Description
	}
	return m.person.Member.Attributes[strings.TrimPrefix(ours, identity.CustomAttribute)]
}

func (m *mapping) put(ours, text string) {
	c := &m.change
	into := map[string]**string{
		"name": &c.Name, "english_name": &c.EnglishName, "email": &c.Email, "mobile": &c.Mobile, "title": &c.Title, "description": &c.Description,
	}[ours]
	switch key, custom := strings.CutPrefix(ours, identity.CustomAttribute); {
	case custom:
		if c.Attributes == nil {
			c.Attributes = map[string]*string{}
		}
		c.Attributes[key] = &text
		if text == "" {
			c.Attributes[key] = nil
		}
	case into != nil:
		*into = &text
	}
}

// boundAttributes leaves custom attributes out where there would be too many.
func (m *mapping) boundAttributes() {
	edited := identity.Member{Attributes: maps.Clone(m.person.Member.Attributes)}
	setAttributes(&edited, m.change.Attributes, new(audit.Edit))
	if checkAttributes(edited.Attributes) != nil {
		m.found.warn(trace.MappingForm, identity.CustomAttribute+"…")
		m.change.Attributes = nil
	}
}

// freeContacts leaves contacts out that the source may not say, or that are
// somebody else's login name. A guest is known by a source alone, which may say
// what it likes. The contacts of an account that the organisation owns open it,
// by a mail after a forgotten password too: a source that is not trusted to have
// proven one does not change it. Those of a personal account are the person's.
func (m *mapping) freeContacts(tx *store.Tx, o identity.Organization) error {
	own := m.person.Account.OrganizationID == o.ID
	for _, contact := range []struct {
		attribute identity.MatchAttribute
		text      **string
	}{{identity.MatchEmail, &m.change.Email}, {identity.MatchMobile, &m.change.Mobile}} {
		if *contact.text == nil || m.person.Guest() || own && m.proof.vouches(contact.attribute) {
			continue
		}
		m.found.warn(trace.ContactTrusted, shown(contact.attribute, **contact.text))
		*contact.text = nil
	}
	said := identity.Profile{Email: deref(m.change.Email), Mobile: deref(m.change.Mobile)}
	c, err := usable(tx, said, m.person, o, m.found)
	m.change.Email, m.change.Mobile = possible(m.change.Email, c.email), possible(m.change.Mobile, c.mobile)
	return err
}

// possible is the edit of a contact as far as it can be made; clearing one
// always can.
func possible(wanted *string, usable string) *string {
	if wanted == nil || *wanted == "" || *wanted == usable {
		return wanted
	}
	return nil
}

// newGuest is somebody whom the source alone knows, as its mappings describe
// them.
func newGuest(tx *store.Tx, p SourceProof, o identity.Organization, f *finding) (NewMember, error) {
	c, err := mapped(tx, p, identity.Person{Account: identity.Account{Kind: identity.Outside, OrganizationID: o.ID}}, o, f)
	n := NewMember{
		automatic: true, guest: true, Name: strings.TrimSpace(deref(c.Name)), EnglishName: deref(c.EnglishName), Email: deref(c.Email),
		Mobile: deref(c.Mobile), Title: deref(c.Title), Description: deref(c.Description), Attributes: map[string]string{},
	}
	for key, value := range c.Attributes {
		if value != nil {
			n.Attributes[key] = *value
		}
	}
	return n, err
}
