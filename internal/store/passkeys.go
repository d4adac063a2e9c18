package store

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Passkeys is the table of what authenticators told of the passkeys among the
// factors (WebAuthn, 4: credential record). Nothing in it is secret: who has the
// public key can check a signature and make none. A row goes with its factor.
type Passkeys struct{ c *conn }

// PasskeyRow is a passkey as its authenticator knows it.
type PasskeyRow struct {
	FactorID   identity.FactorID
	AccountID  identity.AccountID
	Credential []byte // names it, in the whole installation
	PublicKey  []byte // as COSE writes it (RFC 9052, 7)
	// Counter is the authenticator's at the last use; 0 for one that does not
	// count (WebAuthn, 6.1.1).
	Counter    uint32
	Portable   bool     // may be copied to other devices of the person
	Transports []string // by which a browser reaches the authenticator
}

const passkeyColumns = `factor_id, account_id, credential, public_key, counter, portable, transports`

func (t Passkeys) scan(scan func(...any) error) (r PasskeyRow, err error) {
	var counter int64
	var transports string
	err = scan(&r.FactorID, &r.AccountID, &r.Credential, &r.PublicKey, &counter, &r.Portable, &transports)
	r.Counter, r.Transports = uint32(counter), strings.Fields(transports) //nolint:gosec // Insert and Use write nothing larger
	return r, err
}

// Of returns the passkeys of an account, oldest first.
func (t Passkeys) Of(account identity.AccountID) ([]PasskeyRow, error) {
	return list(t.c, t.scan, `SELECT `+passkeyColumns+` FROM passkeys WHERE account_id = $1 ORDER BY factor_id`, account)
}

// Insert adds a passkey to the factor that it is. One that is somebody's already
// is a Conflict (factor_passkey_known).
func (t Passkeys) Insert(r PasskeyRow) error {
	_, err := t.c.exec(`INSERT INTO passkeys (`+passkeyColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		r.FactorID, r.AccountID, r.Credential, r.PublicKey, int64(r.Counter), r.Portable, strings.Join(r.Transports, " "))
	if isUnique(err, "passkeys_credential") {
		return fault.New(fault.Conflict, fault.CodePasskeyKnown).Because(err)
	}
	return err
}

// Use keeps the counter of a signature that was right. Of several that use one
// counter, one gets used; a passkey that does not count is used whenever it signs.
func (t Passkeys) Use(account identity.AccountID, id identity.FactorID, counter uint32) (used bool, err error) {
	n, err := t.c.exec(`UPDATE passkeys SET counter = $3 WHERE account_id = $1 AND factor_id = $2 AND (counter < $3 OR counter = 0 AND $3 = 0)`,
		account, id, int64(counter))
	if err != nil || n == 0 {
		return false, err
	}
	_, err = t.c.exec(`UPDATE factors SET used_at = $3 WHERE account_id = $1 AND id = $2`, account, id, ms(t.c.tx.now))
	return true, err
}
