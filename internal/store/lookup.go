package store

import (
	"github.com/orgate/orgate/internal/identity"
)

// Lookup holds the few reads by which an organisation is found in the first
// place. Every other method of store takes the organisation.
type Lookup struct{ c *conn }

// Account returns the account that a login name belongs to, or NotFound.
func (t Lookup) Account(name identity.LoginName) (identity.Account, error) {
	return found(t.c, errNoAccount, t.c.scanAccount, `SELECT `+accountColumns+` FROM login_names l
		JOIN accounts a ON a.id = l.account_id WHERE l.name = $1`, t.c.loginKey(name))
}

// Memberships returns an account's places in organisations, oldest first.
func (t Lookup) Memberships(id identity.AccountID) ([]identity.Person, error) {
	return list(t.c, t.c.scanPerson, personSelect+`WHERE m.account_id = $1 ORDER BY m.id`, id)
}

// OrganizationByCode returns the organisation with a code, or NotFound.
func (t Lookup) OrganizationByCode(code string) (identity.Organization, error) {
	return found(t.c, errNoOrganization, scanOrganization,
		`SELECT `+organizationColumns+` FROM organizations WHERE code_key = $1`, identity.Fold(code))
}

// AppID returns an App ID whoever owns it, or NotFound.
func (t Lookup) AppID(id string) (identity.AppID, error) {
	return found(t.c, errNoAppID, t.c.scanAppID, `SELECT `+appIDColumns+` FROM app_ids WHERE id = $1`, id)
}

// Bearer returns a token whatever its state, with how everybody it depends on
// stands, or NotFound.
func (t Lookup) Bearer(id identity.TokenID) (Bearer, error) {
	return found(t.c, errNoToken, scanBearer, bearerSelect+bearerFrom, id)
}

// BearerWithSeed is Bearer with the seed of the token's secrets opened.
func (t Lookup) BearerWithSeed(id identity.TokenID) (b Bearer, err error) {
	var sealed []byte
	b, err = found(t.c, errNoToken, func(scan func(...any) error) (Bearer, error) { return scanBearerAnd(scan, &sealed) },
		bearerSelect+`, t.seed`+bearerFrom, id)
	if err == nil {
		b.Row.Seed, err = t.c.open(sealed, "access_tokens.seed:"+string(id))
	}
	return b, err
}

// APIToken returns a management token whatever its state, or NotFound.
func (t Lookup) APIToken(id identity.APITokenID) (APITokenRow, error) {
	return found(t.c, errNoToken, scanAPIToken, `SELECT `+apiTokenColumns+` FROM api_tokens WHERE id = $1`, id)
}
