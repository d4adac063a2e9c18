package store

import (
	"errors"
	"fmt"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pinyin"
)

// ExternalContacts is the table of people outside, as the members of an
// organisation know them. How they are reached is sealed, and found by digests
// of its beginning. Every method takes the organisation; what belongs to
// another one is NotFound.
type ExternalContacts struct{ c *conn }

const externalSelect = `SELECT e.id, e.organization_id, e.owner_id, e.name, e.company, e.department, e.title, e.details,
	e.version, e.created_at, e.updated_at FROM external_contacts e`

func (c *conn) scanExternal(scan func(...any) error) (x identity.ExternalContact, err error) {
	var owner *string
	var details []byte
	var created, updated int64
	if err = scan(&x.ID, &x.OrganizationID, &owner, &x.Name, &x.Company, &x.Department, &x.Title, &details,
		&x.Version, &created, &updated); err != nil {
		return x, err
	}
	x.Owner, x.CreatedAt, x.UpdatedAt = identity.MemberID(orEmpty(owner)), at(created), at(updated)
	return x, c.openInto(details, externalDetails(x), &x.Details)
}

// externalDetails ties the details to their row.
func externalDetails(x identity.ExternalContact) string {
	return "external_contacts.details:" + string(x.ID)
}

var errNoExternal = fault.New(fault.NotFound, fault.CodeContactNotFound)

// Get returns a contact, or NotFound.
func (t ExternalContacts) Get(org identity.OrganizationID, id identity.ExternalContactID) (identity.ExternalContact, error) {
	return found(t.c, errNoExternal, t.c.scanExternal, externalSelect+` WHERE e.organization_id = $1 AND e.id = $2`, org, id)
}

// ExternalQuery narrows a list of contacts: Shared ones are the
// organisation's, and those of Owner a member's own. Without either there is
// nothing to list.
type ExternalQuery struct {
	Text   string // part of name, its sound or company, or the beginning of number or mail
	Shared bool
	Owner  identity.MemberID
	NameOrder
	Slice
}

func (t ExternalContacts) narrow(org identity.OrganizationID, q ExternalQuery) (*narrow, error) {
	n := within(`e.organization_id`, org)
	either := []string{}
	if q.Shared {
		either = append(either, `e.owner_id IS NULL`)
	}
	if q.Owner != "" {
		either = append(either, `e.owner_id = `+n.arg(q.Owner))
	}
	if len(either) == 0 {
		either = append(either, `1 = 0`)
	}
	n.also(`(` + strings.Join(either, ` OR `) + `)`)
	text := identity.Fold(q.Text)
	if text == "" {
		return n, nil
	}
	return n, t.looking(n, org, text)
}

// looking adds the conditions of a folded text.
func (t ExternalContacts) looking(n *narrow, org identity.OrganizationID, text string) error {
	pattern := n.arg(containing(text))
	either := []string{`e.name_key LIKE ` + pattern + ` ESCAPE '\'`, `lower(e.company) LIKE ` + pattern + ` ESCAPE '\'`}
	if typed := soundOf(text); typed != "" {
		sound := n.arg(containing(typed))
		for _, column := range soundColumns {
			either = append(either, `e.`+column+` LIKE `+sound+` ESCAPE '\'`)
		}
	}
	ids, err := t.beginning(org, text)
	if err != nil {
		return err
	}
	if len(ids) > 0 {
		places := make([]string, len(ids))
		for i, id := range ids {
			places[i] = n.arg(id)
		}
		either = append(either, `e.id IN (`+strings.Join(places, `, `)+`)`)
	}
	n.also(`(` + strings.Join(either, ` OR `) + `)`)
	return nil
}

// beginning returns the contacts whose number or mail begins with a text, among
// the first contactCandidates that share its digests.
func (t ExternalContacts) beginning(org identity.OrganizationID, text string) (ids []identity.ExternalContactID, err error) {
	digests := t.c.searchDigests(org, text)
	if len(digests) == 0 {
		return nil, nil
	}
	args, in := among([]any{org}, digests)
	args = append(args, contactCandidates)
	limit := fmt.Sprintf("$%d", len(args))
	candidates, err := list(t.c, t.c.scanExternal, externalSelect+` WHERE e.organization_id = $1 AND e.id IN
		(SELECT contact_id FROM external_contact_digests WHERE organization_id = $1 AND digest IN `+in+`)
		ORDER BY e.id LIMIT `+limit, args...)
	forms := append(mobileForms(text), text)
	for _, x := range candidates {
		for _, form := range forms {
			if x.Begins(form) {
				ids = append(ids, x.ID)
				break
			}
		}
	}
	return ids, err
}

// Page returns contacts in the order of their making, or of their names.
func (t ExternalContacts) Page(org identity.OrganizationID, q ExternalQuery) ([]identity.ExternalContact, error) {
	n, err := t.narrow(org, q)
	if err != nil {
		return nil, err
	}
	query, args := n.pageNamed(externalSelect, `e`, q.NameOrder, q.Slice)
	return list(t.c, t.c.scanExternal, query, args...)
}

// Count returns how many contacts a query finds in all.
func (t ExternalContacts) Count(org identity.OrganizationID, q ExternalQuery) (int, error) {
	n, err := t.narrow(org, q)
	if err != nil {
		return 0, err
	}
	return t.c.counted(n, `external_contacts e`)
}

// RecognizedBy is what a file names contacts by: identifiers, normalised mail
// addresses and numbers, and folded names.
type RecognizedBy struct {
	IDs     []identity.ExternalContactID
	Reached []string
	Names   []string
}

// Recognized returns the shared contacts that have one of the identifiers or
// names, or an address or a number that shares its beginning with one of those
// asked for. A contact may be there more than once.
func (t ExternalContacts) Recognized(org identity.OrganizationID, by RecognizedBy) (all []identity.ExternalContact, err error) {
	digests := make([]string, 0, len(by.Reached))
	for _, contact := range by.Reached {
		if digest := t.c.leadingDigest(org, contact); digest != "" {
			digests = append(digests, digest)
		}
	}
	err = errors.Join(
		sets(by.IDs, func(some []identity.ExternalContactID) error { return recognized(t, org, &all, `e.id`, some) }),
		sets(digests, func(some []string) error {
			return recognized(t, org, &all, `e.id IN (SELECT contact_id FROM external_contact_digests WHERE organization_id = $1 AND digest`, some)
		}),
		sets(by.Names, func(some []string) error { return recognized(t, org, &all, `e.name_key`, some) }),
	)
	return all, err
}

// recognized adds the shared contacts of which something is among values.
func recognized[T any](t ExternalContacts, org identity.OrganizationID, all *[]identity.ExternalContact, what string, values []T) error {
	args, in := among([]any{org}, values)
	closing := strings.Repeat(`)`, strings.Count(what, `(`))
	found, err := list(t.c, t.c.scanExternal, externalSelect+` WHERE e.organization_id = $1 AND e.owner_id IS NULL AND `+
		what+` IN `+in+closing, args...)
	*all = append(*all, found...)
	return err
}

// Insert adds a contact with version 1.
func (t ExternalContacts) Insert(x identity.ExternalContact) error {
	return t.InsertAll([]identity.ExternalContact{x})
}

// InsertAll adds contacts with version 1, many rows to a statement.
func (t ExternalContacts) InsertAll(contacts []identity.ExternalContact) error {
	rows := make([][]any, 0, len(contacts))
	for _, x := range contacts {
		details, err := t.c.sealedJSON(x.Details, externalDetails(x))
		if err != nil {
			return err
		}
		sound, initials := pinyin.Of(x.Name)
		rows = append(rows, []any{
			x.ID, x.OrganizationID, nullable(string(x.Owner)), x.Name, identity.Fold(x.Name), sound, initials, x.Company, x.Department, x.Title,
			details, 1, ms(x.CreatedAt), ms(x.UpdatedAt),
		})
	}
	if _, err := t.c.insertMany(`external_contacts (id, organization_id, owner_id, name, name_key, name_sound, name_initials,
		company, department, title, details, version, created_at, updated_at)`, ``, rows); err != nil {
		return err
	}
	return t.putDigests(contacts...)
}

// Put stores an edited contact if it still has the version that was read, else
// Stale. Whose it is never changes.
func (t ExternalContacts) Put(x identity.ExternalContact) error {
	details, err := t.c.sealedJSON(x.Details, externalDetails(x))
	if err != nil {
		return err
	}
	sound, initials := pinyin.Of(x.Name)
	n, err := t.c.exec(`UPDATE external_contacts SET name = $4, name_key = $5, name_sound = $6, name_initials = $7, company = $8,
		department = $9, title = $10, details = $11, version = version + 1, updated_at = $12
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		x.OrganizationID, x.ID, x.Version, x.Name, identity.Fold(x.Name), sound, initials, x.Company, x.Department, x.Title, details, ms(x.UpdatedAt))
	if err := stale(n, err); err != nil {
		return err
	}
	if _, err := t.c.exec(`DELETE FROM external_contact_digests WHERE contact_id = $1`, x.ID); err != nil {
		return err
	}
	return t.putDigests(x)
}

func (t ExternalContacts) putDigests(contacts ...identity.ExternalContact) error {
	var rows [][]any
	for _, x := range contacts {
		for _, contact := range [...]string{x.Details.Email, x.Details.Mobile, x.Details.OtherNumber} {
			for _, n := range contactLengths {
				if len(contact) < n {
					break
				}
				rows = append(rows, []any{x.OrganizationID, t.c.contactDigest(x.OrganizationID, contact[:n]), x.ID})
			}
		}
	}
	_, err := t.c.insertMany(`external_contact_digests (organization_id, digest, contact_id)`, `ON CONFLICT DO NOTHING`, rows)
	return err
}

// searchDigests are the digests under which contacts that begin with text are
// found: a mail address as typed, a number with or without its plus.
func (c *conn) searchDigests(org identity.OrganizationID, text string) []string {
	digests := []string{}
	for _, form := range append(mobileForms(text), text) {
		if d := c.leadingDigest(org, form); d != "" {
			digests = append(digests, d)
		}
	}
	return digests
}

// leadingDigest is the digest of the longest leading part of text that every
// contact has, or "" when text is too short to search contacts by. The
// organisation is part of it, so that equal contacts in two organisations do not
// look equal.
func (c *conn) leadingDigest(org identity.OrganizationID, text string) string {
	if part := longestPart(contactLengths[:], text); part != "" {
		return c.contactDigest(org, part)
	}
	return ""
}

// Delete removes a contact.
func (t ExternalContacts) Delete(org identity.OrganizationID, id identity.ExternalContactID) error {
	n, err := t.c.exec(`DELETE FROM external_contacts WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoExternal
	}
	return err
}
