package store

import (
	"encoding/hex"
	"encoding/json"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Accounts is the table of people with their login names. Mobile and mail are
// sealed; a login name of these kinds is stored as its keyed digest.
type Accounts struct{ c *conn }

const accountColumns = `a.id, a.kind, a.organization_id, a.name, a.display_name, a.email, a.mobile, a.country, a.language,
	a.status, a.generation, a.version, a.created_at, a.updated_at`

// accountScan gathers one row of accountColumns and opens what is sealed.
type accountScan struct {
	a                identity.Account
	email, mobile    []byte
	created, updated int64
}

func (s *accountScan) into() []any {
	return []any{
		&s.a.ID, &s.a.Kind, &s.a.OrganizationID, &s.a.Name, &s.a.DisplayName, &s.email, &s.mobile, &s.a.Country,
		&s.a.Language, &s.a.Status, &s.a.Generation, &s.a.Version, &s.created, &s.updated,
	}
}

func (s *accountScan) account(c *conn) (identity.Account, error) {
	s.a.CreatedAt, s.a.UpdatedAt = at(s.created), at(s.updated)
	var err error
	if s.a.Email, err = c.openText(s.email, "accounts.email:"+string(s.a.ID)); err != nil {
		return s.a, err
	}
	s.a.Mobile, err = c.openText(s.mobile, "accounts.mobile:"+string(s.a.ID))
	return s.a, err
}

func (c *conn) scanAccount(scan func(...any) error) (identity.Account, error) {
	var s accountScan
	if err := scan(s.into()...); err != nil {
		return s.a, err
	}
	return s.account(c)
}

var errNoAccount = fault.New(fault.NotFound, fault.CodeAccountNotFound)

// Get returns an account, or NotFound.
func (t Accounts) Get(id identity.AccountID) (identity.Account, error) {
	return found(t.c, errNoAccount, t.c.scanAccount, `SELECT `+accountColumns+` FROM accounts a WHERE a.id = $1`, id)
}

// Insert adds an account with version 1 under its login names. A name that
// somebody else has is a Conflict with the code of its kind.
func (t Accounts) Insert(a identity.Account, names []identity.LoginName) error {
	email, mobile := t.c.sealContacts(a)
	if _, err := t.c.exec(`INSERT INTO accounts (id, kind, organization_id, name, display_name, email, mobile, country, language,
		status, generation, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1, $12, $13)`,
		a.ID, a.Kind, a.OrganizationID, a.Name, a.DisplayName, email, mobile, a.Country, a.Language, a.Status, a.Generation,
		ms(a.CreatedAt), ms(a.UpdatedAt)); err != nil {
		return err
	}
	return t.claimNames(a.ID, names)
}

// Put stores an edited account with its login names if it still has the
// version that was read, else Stale.
func (t Accounts) Put(a identity.Account, names []identity.LoginName) error {
	email, mobile := t.c.sealContacts(a)
	n, err := t.c.exec(`UPDATE accounts SET name = $3, display_name = $4, email = $5, mobile = $6, country = $7, language = $8,
		status = $9, generation = $10, version = version + 1, updated_at = $11 WHERE id = $1 AND version = $2`,
		a.ID, a.Version, a.Name, a.DisplayName, email, mobile, a.Country, a.Language, a.Status, a.Generation, ms(a.UpdatedAt))
	if err := t.c.changed(n, err, TopicAccount, string(a.ID)); err != nil {
		return err
	}
	return t.PutNames(a.ID, names)
}

// PutNames gives an account other login names and leaves the rest of it alone.
func (t Accounts) PutNames(id identity.AccountID, names []identity.LoginName) error {
	if _, err := t.c.exec(`DELETE FROM login_names WHERE account_id = $1`, id); err != nil {
		return err
	}
	return t.claimNames(id, names)
}

// EndTokens raises the account's generation: every token made before is dead.
func (t Accounts) EndTokens(id identity.AccountID) error {
	n, err := t.c.exec(`UPDATE accounts SET generation = generation + 1 WHERE id = $1`, id)
	return t.c.changed(n, err, TopicAccount, string(id))
}

// Delete removes an account with its login names, credential and memberships.
func (t Accounts) Delete(id identity.AccountID) error {
	if _, err := t.c.exec(`DELETE FROM token_holders WHERE account_id = $1`, id); err != nil {
		return err
	}
	n, err := t.c.exec(`DELETE FROM accounts WHERE id = $1`, id)
	if err == nil && n == 0 {
		return errNoAccount
	}
	return t.c.changed(n, err, TopicAccount, string(id))
}

// DeleteOwned removes the accounts that belong to an organisation, with all
// that hangs on them. It announces nothing: the change of the organisation,
// which goes with it, reaches the same caches.
func (t Accounts) DeleteOwned(org identity.OrganizationID) error {
	const owned = `(SELECT a.id FROM members m JOIN accounts a ON a.id = m.account_id
		WHERE m.organization_id = $1 AND a.organization_id = $1)`
	if _, err := t.c.exec(`DELETE FROM token_holders WHERE account_id IN `+owned, org); err != nil {
		return err
	}
	_, err := t.c.exec(`DELETE FROM accounts WHERE id IN `+owned, org)
	return err
}

var takenCodes = map[identity.LoginNameKind]fault.Code{
	identity.ByAccount: fault.CodeAccountTaken,
	identity.ByMobile:  fault.CodeMobileTaken,
	identity.ByEmail:   fault.CodeEmailTaken,
}

var takenFields = map[identity.LoginNameKind]string{
	identity.ByAccount: "account",
	identity.ByMobile:  "mobile",
	identity.ByEmail:   "email",
}

func (t Accounts) claimNames(id identity.AccountID, names []identity.LoginName) error {
	for _, name := range names {
		n, err := t.c.exec(`INSERT INTO login_names (name, account_id) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
			t.c.loginKey(name), id)
		if err != nil {
			return err
		}
		if n == 0 {
			return fault.New(fault.Conflict, takenCodes[name.Kind]).At(takenFields[name.Kind])
		}
	}
	return nil
}

// loginKey is the stored form of a login name: readable for account names, a
// keyed digest for what is sealed elsewhere.
func (c *conn) loginKey(name identity.LoginName) string {
	if name.Kind == identity.ByAccount {
		return "a:" + name.Text
	}
	return string(name.Kind[:1]) + ":" + hex.EncodeToString(c.box().Digest("login."+string(name.Kind), name.Text))
}

func (c *conn) sealContacts(a identity.Account) (email, mobile []byte) {
	return c.sealText(a.Email, "accounts.email:"+string(a.ID)), c.sealText(a.Mobile, "accounts.mobile:"+string(a.ID))
}

// sealText seals text under a context; "" stays NULL.
func (c *conn) sealText(text, context string) []byte {
	if text == "" {
		return nil
	}
	return c.box().Seal([]byte(text), context)
}

func (c *conn) openText(sealed []byte, context string) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	text, err := c.open(sealed, context)
	return string(text), err
}

// Credentials is the table of password hashes. Only directory reads it.
type Credentials struct{ c *conn }

// Get returns an account's credential; an account without one has the zero
// Credential with its AccountID.
func (t Credentials) Get(id identity.AccountID) (identity.Credential, error) {
	credential := identity.Credential{AccountID: id}
	var changed int64
	var history string
	err := t.c.row(`SELECT hash, chosen_by_other, changed_at, history, version FROM credentials WHERE account_id = $1`, id).
		scan(&credential.Hash, &credential.ChosenByOther, &changed, &history, &credential.Version)
	if fault.KindOf(err) == fault.NotFound {
		return credential, nil
	}
	if err != nil {
		return credential, err
	}
	credential.ChangedAt = at(changed)
	return credential, json.Unmarshal([]byte(history), &credential.History)
}

// Put stores a credential if it still has the version that was read, else
// Stale.
func (t Credentials) Put(credential identity.Credential) error {
	history, err := json.Marshal(credential.History)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO credentials (account_id, hash, chosen_by_other, changed_at, history, version)
		VALUES ($1, $2, $3, $4, $5, $6 + 1)
		ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, chosen_by_other = excluded.chosen_by_other,
		changed_at = excluded.changed_at, history = excluded.history, version = excluded.version
		WHERE credentials.version = $6`,
		credential.AccountID, credential.Hash, credential.ChosenByOther, ms(credential.ChangedAt), string(history), credential.Version)
	return stale(n, err)
}

// Providers is the table of the provider's administrators.
type Providers struct{ c *conn }

// Put makes an account an administrator of the provider.
func (t Providers) Put(id identity.AccountID, isDefault bool) error {
	if isDefault {
		if _, err := t.c.exec(`UPDATE provider_administrators SET is_default = $1`, false); err != nil {
			return err
		}
	}
	_, err := t.c.exec(`INSERT INTO provider_administrators (account_id, is_default, created_at) VALUES ($1, $2, $3)
		ON CONFLICT (account_id) DO UPDATE SET is_default = excluded.is_default`, id, isDefault, ms(t.c.tx.now))
	return err
}

// Delete takes the role away; the account stays.
func (t Providers) Delete(id identity.AccountID) error {
	n, err := t.c.exec(`DELETE FROM provider_administrators WHERE account_id = $1`, id)
	if err == nil && n == 0 {
		return fault.New(fault.NotFound, fault.CodeAdministratorNotFound)
	}
	return t.c.changed(n, err, TopicAccount, string(id))
}

// All returns the administrators' accounts, the default one first.
func (t Providers) All() ([]identity.Account, error) {
	return list(t.c, t.c.scanAccount, `SELECT `+accountColumns+` FROM provider_administrators p
		JOIN accounts a ON a.id = p.account_id ORDER BY p.is_default DESC, a.id`)
}

// Is reports whether an account administers the provider.
func (t Providers) Is(id identity.AccountID) (bool, error) {
	var n int
	err := t.c.row(`SELECT count(*) FROM provider_administrators WHERE account_id = $1`, id).scan(&n)
	return n > 0, err
}
