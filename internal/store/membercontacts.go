package store

import (
	"github.com/orgate/orgate/internal/identity"
)

// putContacts stores by which digests some people are found.
func (t Members) putContacts(people ...identity.Person) error {
	var rows [][]any
	for _, p := range people {
		for _, contact := range [...]string{p.Account.Email, p.Account.Mobile} {
			for _, n := range memberLengths(contact) {
				if len(contact) >= n {
					rows = append(rows, []any{p.Member.OrganizationID, t.c.contactDigest(p.Member.OrganizationID, contact[:n]), p.Member.ID})
				}
			}
		}
	}
	_, err := t.c.insertMany(`member_contacts (organization_id, digest, member_id)`, `ON CONFLICT DO NOTHING`, rows)
	return err
}

// contactsDue are up to limit members who were stored by a version that gave
// mail addresses fewer digests.
func (t Members) contactsDue(limit int) ([]identity.MemberID, error) {
	return list(t.c, func(scan func(...any) error) (id identity.MemberID, err error) { return id, scan(&id) },
		`SELECT member_id FROM member_contacts_due ORDER BY member_id LIMIT $1`, limit)
}

// DigestContacts makes the digests of up to limit members who were stored by a
// version that made fewer, and returns how many it was. Until none is left,
// searches go by the digests that all have. Members keep their version: nobody
// sees what changes.
func (t Members) DigestContacts(limit int) (n int, err error) {
	due, err := t.contactsDue(limit)
	if err != nil || len(due) == 0 {
		return 0, err
	}
	args, in := among(nil, due)
	people, err := list(t.c, t.c.scanPerson, personSelect+`WHERE m.id IN `+in, args...)
	if err != nil {
		return 0, err
	}
	if err := t.putContacts(people...); err != nil {
		return 0, err
	}
	_, err = t.c.exec(`DELETE FROM member_contacts_due WHERE member_id IN `+in, args...)
	return len(due), err
}
