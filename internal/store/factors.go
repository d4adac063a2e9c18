package store

import (
	"encoding/hex"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Factors is the table of what people prove themselves by beside the password,
// with the recovery codes for whoever has lost it. Secrets are sealed, codes
// digested. Both go with the account.
type Factors struct{ c *conn }

// FactorRow is a factor with what proves it.
type FactorRow struct {
	Factor identity.Factor
	Secret []byte // of an app; a passkey has none, and a row in Passkeys
	Step   int64  // the last one whose code was used (RFC 6238, 5.2); 0 before
}

const factorColumns = `id, account_id, kind, name, secret, step, created_at, used_at`

var errNoFactor = fault.New(fault.NotFound, fault.CodeFactorNotFound)

func (t Factors) scan(scan func(...any) error) (r FactorRow, err error) {
	f := &r.Factor
	var secret []byte
	var created, used int64
	if err = scan(&f.ID, &f.AccountID, &f.Kind, &f.Name, &secret, &r.Step, &created, &used); err != nil {
		return r, err
	}
	f.CreatedAt, f.UsedAt = at(created), at(used)
	r.Secret, err = t.c.open(secret, factorContext(f.ID))
	return r, err
}

func factorContext(id identity.FactorID) string { return "factors.secret:" + string(id) }

// Of returns the factors of an account, oldest first.
func (t Factors) Of(account identity.AccountID) ([]FactorRow, error) {
	return list(t.c, t.scan, `SELECT `+factorColumns+` FROM factors WHERE account_id = $1 ORDER BY id`, account)
}

// Insert adds a factor.
func (t Factors) Insert(r FactorRow) error {
	f := r.Factor
	_, err := t.c.exec(`INSERT INTO factors (id, account_id, kind, name, secret, step, created_at, used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		f.ID, f.AccountID, f.Kind, f.Name, t.c.box().Seal(r.Secret, factorContext(f.ID)), r.Step, ms(f.CreatedAt), ms(f.UsedAt))
	return err
}

// Use marks the code of a step as used. Of several that use one code, one gets
// used: a step never comes again, nor one before it.
func (t Factors) Use(account identity.AccountID, id identity.FactorID, step int64) (used bool, err error) {
	n, err := t.c.exec(`UPDATE factors SET step = $3, used_at = $4 WHERE account_id = $1 AND id = $2 AND step < $3`, account, id, step, ms(t.c.tx.now))
	return n == 1, err
}

// Rename gives a factor of an account another name, or is NotFound.
func (t Factors) Rename(account identity.AccountID, id identity.FactorID, name string) error {
	n, err := t.c.exec(`UPDATE factors SET name = $3 WHERE account_id = $1 AND id = $2`, account, id, name)
	if err == nil && n == 0 {
		return errNoFactor
	}
	return err
}

// Remove forgets a factor of an account, or is NotFound.
func (t Factors) Remove(account identity.AccountID, id identity.FactorID) error {
	n, err := t.c.exec(`DELETE FROM factors WHERE account_id = $1 AND id = $2`, account, id)
	if err == nil && n == 0 {
		return errNoFactor
	}
	return err
}

// Clear forgets everything of an account and returns how many factors there were.
func (t Factors) Clear(account identity.AccountID) (int64, error) {
	n, err := t.c.exec(`DELETE FROM factors WHERE account_id = $1`, account)
	if err != nil {
		return n, err
	}
	_, err = t.c.exec(`DELETE FROM recovery_codes WHERE account_id = $1`, account)
	return n, err
}

// SetRecoveryCodes puts codes in place of all former ones.
func (t Factors) SetRecoveryCodes(account identity.AccountID, codes []string) error {
	if _, err := t.c.exec(`DELETE FROM recovery_codes WHERE account_id = $1`, account); err != nil {
		return err
	}
	for _, code := range codes {
		if _, err := t.c.exec(`INSERT INTO recovery_codes (account_id, digest) VALUES ($1, $2)`, account, t.recovery(account, code)); err != nil {
			return err
		}
	}
	return nil
}

// RecoveryCodes is how many codes of an account are left.
func (t Factors) RecoveryCodes(account identity.AccountID) (left int, err error) {
	err = t.c.row(`SELECT count(*) FROM recovery_codes WHERE account_id = $1`, account).scan(&left)
	return left, err
}

// UseRecoveryCode spends a code. Of several that use one code, one gets used.
func (t Factors) UseRecoveryCode(account identity.AccountID, code string) (used bool, err error) {
	n, err := t.c.exec(`DELETE FROM recovery_codes WHERE account_id = $1 AND digest = $2`, account, t.recovery(account, code))
	return n == 1, err
}

// recovery is what a code is found by: a keyed digest, so that nobody guesses
// codes in a stolen database.
func (t Factors) recovery(account identity.AccountID, code string) string {
	return hex.EncodeToString(t.c.box().Digest("recovery:"+string(account), code))
}
