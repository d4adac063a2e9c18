package addressbook

import (
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// recognition finds the contact that a row of a file is about, among those that
// share a name, an address or a number with a row.
type recognition struct {
	contacts map[identity.ExternalContactID]identity.ExternalContact
	stored   map[identity.ExternalContactID]bool // there before the batch
	by       map[string][]identity.ExternalContactID
}

func newRecognition(earlier map[identity.ExternalContactID]identity.ExternalContact) recognition {
	r := recognition{
		contacts: map[identity.ExternalContactID]identity.ExternalContact{}, stored: map[identity.ExternalContactID]bool{},
		by: map[string][]identity.ExternalContactID{},
	}
	for _, x := range earlier {
		r.learn(x)
	}
	return r
}

// The first letter of a key keeps addresses, numbers and names apart.
func byMail(mail string) string            { return "e" + mail }
func byMobile(number string) string        { return "m" + number }
func byName(folded, company string) string { return "n" + folded + "\x00" + identity.Fold(company) }

// learn takes a contact up, in place of what was known of it.
func (r recognition) learn(x identity.ExternalContact) {
	if before, known := r.contacts[x.ID]; known {
		for _, key := range keysOf(before) {
			r.by[key] = slices.DeleteFunc(r.by[key], func(id identity.ExternalContactID) bool { return id == x.ID })
		}
	}
	r.contacts[x.ID] = x
	for _, key := range keysOf(x) {
		r.by[key] = append(r.by[key], x.ID)
	}
}

func keysOf(x identity.ExternalContact) []string {
	keys := []string{byName(identity.Fold(x.Name), x.Company)}
	if x.Details.Email != "" {
		keys = append(keys, byMail(x.Details.Email))
	}
	if x.Details.Mobile != "" {
		keys = append(keys, byMobile(x.Details.Mobile))
	}
	return keys
}

// of finds whom a row is about. An identifier that is nobody's is NotFound
// (contact_not_found); where several contacts fit, the row does not tell which
// is meant (import_unclear).
func (r recognition) of(row ImportRow) (x identity.ExternalContact, found bool, err error) {
	if row.ID != "" {
		if x, found = r.contacts[row.ID]; !found {
			err = fault.New(fault.NotFound, fault.CodeContactNotFound).At("id")
		}
		return x, found, err
	}
	key := row.Key()
	fitting := r.by[key]
	if len(fitting) > 1 {
		return x, false, fault.New(fault.Conflict, fault.CodeImportUnclear).At("id").With("count", len(fitting))
	}
	if len(fitting) == 0 {
		return x, false, nil
	}
	return r.contacts[fitting[0]], true, nil
}

// Key names the contact that a row is about, "" where nothing of it does: two
// rows of a file with one key are about the same contact.
func (r ImportRow) Key() string {
	if r.ID != "" {
		return "i" + string(r.ID)
	}
	mail, mobile, name := r.names()
	switch {
	case mail != "":
		return byMail(mail)
	case mobile != "":
		return byMobile(mobile)
	case name != "" && r.Change.Company != nil:
		return byName(name, *r.Change.Company)
	case name != "":
		return byName(name, "")
	}
	return ""
}
