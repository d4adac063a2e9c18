package store

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Consents is the table of what people have agreed to release.
type Consents struct{ c *conn }

const consentColumns = `application_id, member_id, scopes, created_at, updated_at`

func scanConsent(scan func(...any) error) (c identity.Consent, err error) {
	var scopes string
	var created, updated int64
	err = scan(&c.ApplicationID, &c.MemberID, &scopes, &created, &updated)
	c.Scopes, c.CreatedAt, c.UpdatedAt = strings.Fields(scopes), at(created), at(updated)
	return c, err
}

var errNoConsent = fault.New(fault.NotFound, fault.CodeConsentNotFound)

// Get returns what a member has agreed to release to an application, or
// NotFound.
func (t Consents) Get(m identity.MemberID, a identity.ApplicationID) (identity.Consent, error) {
	return found(t.c, errNoConsent, scanConsent,
		`SELECT `+consentColumns+` FROM consents WHERE member_id = $1 AND application_id = $2`, m, a)
}

// ConsentRow is a consent with what people call the application.
type ConsentRow struct {
	Consent        identity.Consent
	OrganizationID identity.OrganizationID // of the application
	Organization   string                  // its name
	ClientID       string
	Name           string
	IconDigest     string
}

func scanConsentRow(scan func(...any) error) (r ConsentRow, err error) {
	var scopes string
	var created, updated int64
	c := &r.Consent
	err = scan(&c.ApplicationID, &c.MemberID, &scopes, &created, &updated, &r.OrganizationID, &r.Organization, &r.ClientID, &r.Name, &r.IconDigest)
	c.Scopes, c.CreatedAt, c.UpdatedAt = strings.Fields(scopes), at(created), at(updated)
	return r, err
}

const consentSelect = `SELECT c.application_id, c.member_id, c.scopes, c.created_at, c.updated_at, a.organization_id, o.name, a.client_id,
	a.name, a.icon_digest FROM consents c JOIN members m ON m.id = c.member_id JOIN applications a ON a.id = c.application_id
	JOIN organizations o ON o.id = a.organization_id `

// OfAccount returns all consents of a person, wherever they are a member,
// oldest first.
func (t Consents) OfAccount(account identity.AccountID) ([]ConsentRow, error) {
	return list(t.c, scanConsentRow, consentSelect+`WHERE m.account_id = $1 AND a.tried_by = '' ORDER BY c.created_at, c.application_id`, account)
}

// ByAccount returns a person's consent to an application, or NotFound.
func (t Consents) ByAccount(account identity.AccountID, a identity.ApplicationID) (ConsentRow, error) {
	return found(t.c, errNoConsent, scanConsentRow, consentSelect+`WHERE m.account_id = $1 AND c.application_id = $2`, account, a)
}

// Put remembers a consent in place of the one before, whose beginning is kept.
func (t Consents) Put(c identity.Consent) error {
	_, err := t.c.exec(`INSERT INTO consents (member_id, application_id, scopes, created_at, updated_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (member_id, application_id) DO UPDATE SET scopes = excluded.scopes, updated_at = excluded.updated_at`,
		c.MemberID, c.ApplicationID, strings.Join(c.Scopes, " "), ms(c.CreatedAt), ms(c.UpdatedAt))
	return err
}

// Remove forgets a consent, or is NotFound.
func (t Consents) Remove(m identity.MemberID, a identity.ApplicationID) error {
	n, err := t.c.exec(`DELETE FROM consents WHERE member_id = $1 AND application_id = $2`, m, a)
	if err == nil && n == 0 {
		return errNoConsent
	}
	return err
}
