package directory

import (
	"strings"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// nameMax is the longest name of a member, in characters.
const nameMax = 64

// refresh writes to a known member what the source says of the person, where
// it differs from what is stored (OrgID, D.1: a mapping holds at each
// sign-in). Role, status, department and password stay.
func refresh(tx *store.Tx, p SourceProof, in SignedIn, f *finding) (identity.Person, error) {
	said := saidByCentre
	if !p.Source.Rules.Enterprise() {
		said = mapped
	}
	change, err := said(tx, p, in.Person, in.Organization, f)
	if err != nil {
		return in.Person, err
	}
	person, changed, err := writeBack(tx, in.Person, change)
	if err != nil || len(changed) == 0 {
		return person, err
	}
	details := changed.Details()
	details["source"] = string(p.Source.ID)
	return person, audit.Record(tx, in.actor("", p.Origin), audit.MemberChanged, aboutMember(person, details))
}

// saidByCentre is what enterprise SSO writes: name and contacts, as far as the
// centre says them. What an account that does not belong to the organisation
// holds is its person's own.
func saidByCentre(tx *store.Tx, p SourceProof, person identity.Person, o identity.Organization, f *finding) (c MemberChange, err error) {
	if person.Account.Kind != identity.Managed || person.Account.OrganizationID != person.Member.OrganizationID {
		return c, nil
	}
	contacts, err := usable(tx, p.Profile, person, o, f)
	if err != nil {
		return c, err
	}
	for _, field := range []struct {
		said string
		into **string
	}{{nameOf(p.Profile, f), &c.Name}, {contacts.email, &c.Email}, {contacts.mobile, &c.Mobile}} {
		if field.said != "" {
			*field.into = &field.said
		}
	}
	return c, nil
}

// nameOf is the name that the source gave, "" when there is none that can be
// stored.
func nameOf(p identity.Profile, f *finding) string {
	name := strings.TrimSpace(p.Name)
	if name != "" && (!identity.CleanText(name) || len([]rune(name)) > nameMax) {
		f.warn(trace.NameForm, name)
		return ""
	}
	return name
}

// cutName makes a name of a subject, which may be longer than names are.
func cutName(subject string) string {
	runes := []rune(strings.TrimSpace(subject))
	return string(runes[:min(len(runes), nameMax)])
}

// usable returns the contacts of a profile that can be written to a person
// (the zero one for somebody who is to be created): those that can be read and
// that are nobody else's login name.
func usable(tx *store.Tx, p identity.Profile, person identity.Person, o identity.Organization, f *finding) (c contacts, err error) {
	calling, _ := CallingCode(DefaultCountry)
	if c.email, err = identity.Email(p.Email); err != nil {
		f.warn(trace.ContactForm, identity.MaskEmail(p.Email))
	}
	if c.mobile, err = identity.Mobile(p.Mobile, calling); err != nil {
		f.warn(trace.ContactForm, identity.MaskMobile(p.Mobile))
	}
	// The contacts of a guest are no names, but are not those of a name either:
	// applications would take the one person for the other.
	if !o.Rules.ContactsAsNames && !person.Guest() {
		return c, nil
	}
	email, mobile := identity.LoginName{Kind: identity.ByEmail, Text: c.email}, identity.LoginName{Kind: identity.ByMobile, Text: c.mobile}
	for _, contact := range []struct {
		said   *string
		stored string
		shown  string
		names  []identity.LoginName
	}{
		// An account name may be spelled as an address.
		{&c.email, person.Account.Email, identity.MaskEmail(c.email), []identity.LoginName{email, {Kind: identity.ByAccount, Text: c.email}}},
		{&c.mobile, person.Account.Mobile, identity.MaskMobile(c.mobile), []identity.LoginName{mobile}},
	} {
		if *contact.said == "" || *contact.said == contact.stored {
			continue
		}
		taken, err := isTaken(tx, person.Account.ID, contact.names...)
		if err != nil {
			return c, err
		}
		if taken {
			f.warn(trace.ContactFree, contact.shown)
			*contact.said = ""
		}
	}
	return c, nil
}

// isTaken reports whether one of the names leads to another account.
func isTaken(tx *store.Tx, id identity.AccountID, names ...identity.LoginName) (bool, error) {
	for _, name := range names {
		holder, err := tx.Lookup.Account(name)
		switch {
		case err == nil && holder.ID != id:
			return true, nil
		case err != nil && !fault.Is(err, fault.CodeAccountNotFound):
			return false, err
		}
	}
	return false, nil
}
