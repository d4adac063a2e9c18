package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// ApplicationSyncs is the table of how applications are told of their
// organisation. The key that signs and the secret that is told are sealed.
type ApplicationSyncs struct{ c *conn }

const syncColumns = `s.application_id, s.organization_id, s.enabled, s.callback_url, s.signature_key, s.public_key, s.digest, s.wire,
	s.verify_answers, s.release_personal, s.client_secret, s.version, s.created_at, s.updated_at`

func (c *conn) scanSync(scan func(...any) error) (s identity.Sync, err error) {
	var key, secret []byte
	var created, updated int64
	if err = scan(&s.ApplicationID, &s.OrganizationID, &s.Enabled, &s.CallbackURL, &key, &s.PublicKey, &s.Digest, &s.Wire,
		&s.VerifyAnswers, &s.ReleasePersonal, &secret, &s.Version, &created, &updated); err != nil {
		return s, err
	}
	s.CreatedAt, s.UpdatedAt = at(created), at(updated)
	if s.SignatureKey, err = c.openText(key, "application_syncs.signature_key:"+string(s.ApplicationID)); err == nil {
		s.ClientSecret, err = c.openText(secret, "application_syncs.client_secret:"+string(s.ApplicationID))
	}
	return s, err
}

var errNoSync = fault.New(fault.NotFound, fault.CodeSyncNotFound)

// Get returns how an application is told, or NotFound when nobody has said.
func (t ApplicationSyncs) Get(org identity.OrganizationID, id identity.ApplicationID) (identity.Sync, error) {
	return found(t.c, errNoSync, t.c.scanSync, `SELECT `+syncColumns+` FROM application_syncs s
		WHERE s.organization_id = $1 AND s.application_id = $2`, org, id)
}

// Put stores settings if they still have the version that was read, 0 for the
// first ones, else Stale.
func (t ApplicationSyncs) Put(s identity.Sync) error {
	n, err := t.c.exec(`INSERT INTO application_syncs (application_id, organization_id, enabled, callback_url, signature_key, public_key,
		digest, wire, verify_answers, release_personal, client_secret, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 + 1, $13, $14)
		ON CONFLICT (application_id) DO UPDATE SET enabled = excluded.enabled, callback_url = excluded.callback_url,
			signature_key = excluded.signature_key, public_key = excluded.public_key, digest = excluded.digest, wire = excluded.wire,
			verify_answers = excluded.verify_answers, release_personal = excluded.release_personal,
			client_secret = excluded.client_secret, version = excluded.version, updated_at = excluded.updated_at
		WHERE application_syncs.version = $12 AND application_syncs.organization_id = $2`,
		s.ApplicationID, s.OrganizationID, s.Enabled, s.CallbackURL,
		t.c.sealText(s.SignatureKey, "application_syncs.signature_key:"+string(s.ApplicationID)), s.PublicKey, s.Digest, s.Wire,
		s.VerifyAnswers, s.ReleasePersonal, t.c.sealText(s.ClientSecret, "application_syncs.client_secret:"+string(s.ApplicationID)),
		s.Version, ms(s.CreatedAt), ms(s.UpdatedAt))
	return stale(n, err)
}

// Follow has the receiver of an application told another secret of it, where it
// is told one.
func (t ApplicationSyncs) Follow(org identity.OrganizationID, id identity.ApplicationID, secret string, now time.Time) error {
	return t.c.later(`UPDATE application_syncs SET client_secret = $3, version = version + 1, updated_at = $4
		WHERE organization_id = $1 AND application_id = $2 AND client_secret IS NOT NULL`,
		org, id, t.c.sealText(secret, "application_syncs.client_secret:"+string(id)), ms(now))
}

// Remove forgets how an application is told, or is NotFound.
func (t ApplicationSyncs) Remove(org identity.OrganizationID, id identity.ApplicationID) error {
	n, err := t.c.exec(`DELETE FROM application_syncs WHERE organization_id = $1 AND application_id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoSync
	}
	return err
}
