package store

import (
	"encoding/json"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pinyin"
)

// Members is the table of people's places in organisations. Every method takes
// the organisation first; what belongs to another one is NotFound.
type Members struct{ c *conn }

const memberColumns = `m.id, m.organization_id, m.account_id, m.name, m.english_name, m.third_account, m.role, m.status,
	m.department_id, m.title, m.signature, m.description, m.sort_level, m.hide_mobile, m.number, m.attributes, m.activated_at,
	m.expires_at, m.picture, m.generation, m.version, m.created_at, m.updated_at`

// memberScan gathers one row of memberColumns.
type memberScan struct {
	m                  identity.Member
	third              *string
	attributes         string
	activated, expires int64
	created, updated   int64
}

func (s *memberScan) into() []any {
	m := &s.m
	return []any{
		&m.ID, &m.OrganizationID, &m.AccountID, &m.Name, &m.EnglishName, &s.third, &m.Role, &m.Status, &m.Department,
		&m.Title, &m.Signature, &m.Description, &m.SortLevel, &m.HideMobile, &m.Number, &s.attributes, &s.activated,
		&s.expires, &m.Picture, &m.Generation, &m.Version, &s.created, &s.updated,
	}
}

func (s *memberScan) member() (identity.Member, error) {
	s.m.ActivatedAt, s.m.ExpiresAt, s.m.CreatedAt, s.m.UpdatedAt = at(s.activated), at(s.expires), at(s.created), at(s.updated)
	if s.third != nil {
		s.m.ThirdAccount = *s.third
	}
	if s.attributes == "{}" {
		return s.m, nil
	}
	return s.m, json.Unmarshal([]byte(s.attributes), &s.m.Attributes)
}

func (c *conn) scanPerson(scan func(...any) error) (p identity.Person, err error) {
	var m memberScan
	var a accountScan
	if err = scan(append(m.into(), a.into()...)...); err != nil {
		return p, err
	}
	if p.Member, err = m.member(); err != nil {
		return p, err
	}
	p.Account, err = a.account(c)
	return p, err
}

const personSelect = `SELECT ` + memberColumns + `, ` + accountColumns + ` FROM members m JOIN accounts a ON a.id = m.account_id `

var errNoMember = fault.New(fault.NotFound, fault.CodeMemberNotFound)

// Get returns a member with the account behind it, or NotFound.
func (t Members) Get(org identity.OrganizationID, id identity.MemberID) (identity.Person, error) {
	return found(t.c, errNoMember, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.id = $2`, org, id)
}

// ByAccount returns an account's place in an organisation, or NotFound.
func (t Members) ByAccount(org identity.OrganizationID, id identity.AccountID) (identity.Person, error) {
	return found(t.c, errNoMember, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.account_id = $2`, org, id)
}

// ByThirdAccount returns the member with an id in the third party's system,
// compared byte by byte, or NotFound.
func (t Members) ByThirdAccount(org identity.OrganizationID, third string) (identity.Person, error) {
	return found(t.c, errNoMember, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.third_account = $2`, org, third)
}

// Owner returns the organisation's owner, or NotFound when it has none yet.
func (t Members) Owner(org identity.OrganizationID) (identity.Person, error) {
	return found(t.c, errNoMember, t.c.scanPerson,
		personSelect+`WHERE m.organization_id = $1 AND m.role = 'owner' AND m.role <> 'member'`, org)
}

// Administrators returns owner and administrators, oldest first. Who
// administers departments is not among them.
func (t Members) Administrators(org identity.OrganizationID) ([]identity.Person, error) {
	return list(t.c, t.c.scanPerson, personSelect+`WHERE m.organization_id = $1 AND m.role <> 'member'
		AND m.role <> 'department_administrator' ORDER BY m.id`, org)
}

// Insert adds a member with version 1. A third account that another member of
// the organisation has, or a second place of the same account, is a Conflict.
func (t Members) Insert(p identity.Person) error {
	m := p.Member
	attributes, err := attributesText(m.Attributes)
	if err != nil {
		return err
	}
	if err := t.freeThirdAccount(m); err != nil {
		return err
	}
	sound, initials := pinyin.Of(m.Name)
	n, err := t.c.exec(`INSERT INTO members (id, organization_id, account_id, account_key, name, name_key, english_name, third_account,
		role, status, department_id, title, signature, description, sort_level, hide_mobile, number, attributes, generation,
		version, created_at, updated_at, activated_at, expires_at, name_sound, name_initials)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1, $20, $21, $22, $23, $24, $25)
		ON CONFLICT DO NOTHING`,
		m.ID, m.OrganizationID, m.AccountID, identity.FoldAccount(p.Account.Name), m.Name, identity.Fold(m.Name), m.EnglishName,
		nullable(m.ThirdAccount), m.Role, m.Status, m.Department, m.Title, m.Signature, m.Description, m.SortLevel, m.HideMobile,
		m.Number, attributes, m.Generation, ms(m.CreatedAt), ms(m.UpdatedAt), ms(m.ActivatedAt), ms(m.ExpiresAt), sound, initials)
	if err != nil {
		return err
	}
	if n == 0 {
		// Where another transaction was faster its row is seen only now.
		if err := t.freeThirdAccount(m); err != nil {
			return err
		}
		return fault.New(fault.Conflict, fault.CodeMemberExists).At("account")
	}
	if err := t.c.count(m.OrganizationID, 1, 0); err != nil {
		return err
	}
	return t.putContacts(p)
}

// Put stores an edited member if it still has the version that was read, else
// Stale. The account in p serves the search by account name and contacts.
func (t Members) Put(p identity.Person) error {
	m := p.Member
	attributes, err := attributesText(m.Attributes)
	if err != nil {
		return err
	}
	if err := t.freeThirdAccount(m); err != nil {
		return err
	}
	sound, initials := pinyin.Of(m.Name)
	n, err := t.c.exec(`UPDATE members SET account_key = $4, name = $5, name_key = $6, english_name = $7, third_account = $8,
		role = $9, status = $10, department_id = $11, title = $12, signature = $13, description = $14, sort_level = $15,
		hide_mobile = $16, attributes = $17, generation = $18, activated_at = $19, expires_at = $20,
		version = version + 1, updated_at = $21, name_sound = $22, name_initials = $23
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		m.OrganizationID, m.ID, m.Version, identity.FoldAccount(p.Account.Name), m.Name, identity.Fold(m.Name), m.EnglishName,
		nullable(m.ThirdAccount), m.Role, m.Status, m.Department, m.Title, m.Signature, m.Description, m.SortLevel, m.HideMobile,
		attributes, m.Generation, ms(m.ActivatedAt), ms(m.ExpiresAt), ms(m.UpdatedAt), sound, initials)
	if err := t.c.changed(n, err, TopicMember, string(m.ID)); err != nil {
		return err
	}
	if _, err := t.c.exec(`DELETE FROM member_contacts WHERE member_id = $1`, m.ID); err != nil {
		return err
	}
	return t.putContacts(p)
}

// Activate notes that a member came in for the first time, at the instant of
// the transaction, and reports whether it was so: not when they came in before.
func (t Members) Activate(org identity.OrganizationID, id identity.MemberID) (bool, error) {
	n, err := t.c.exec(`UPDATE members SET activated_at = $3, version = version + 1, updated_at = $3
		WHERE organization_id = $1 AND id = $2 AND activated_at = 0`, org, id, ms(t.c.tx.now))
	if err != nil || n == 0 {
		return false, err
	}
	return true, t.c.tx.Changed(TopicMember, string(id))
}

func (t Members) freeThirdAccount(m identity.Member) error {
	if m.ThirdAccount == "" {
		return nil
	}
	var n int
	err := t.c.row(`SELECT count(*) FROM members WHERE organization_id = $1 AND third_account = $2 AND id <> $3`,
		m.OrganizationID, m.ThirdAccount, m.ID).scan(&n)
	if err == nil && n > 0 {
		err = fault.New(fault.Conflict, fault.CodeThirdAccountTaken).At("third_account")
	}
	return err
}

// Delete removes a member; the account is the caller's concern.
func (t Members) Delete(org identity.OrganizationID, id identity.MemberID) error {
	n, err := t.c.exec(`DELETE FROM members WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoMember
	}
	if err := t.c.changed(n, err, TopicMember, string(id)); err != nil {
		return err
	}
	if err := forgetTarget(t.c, AccessMember, id); err != nil {
		return err
	}
	return t.c.count(org, -1, 0)
}

func attributesText(attributes map[string]string) (string, error) {
	if len(attributes) == 0 {
		return "{}", nil
	}
	text, err := json.Marshal(attributes)
	return string(text), err
}
