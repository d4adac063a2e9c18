package store

import "time"

// SigningKeys is the table of the keys that sign tokens. Of each family there
// is one key that will sign next and one that signs; unique keys of the
// database say so, whatever several nodes do at once.
type SigningKeys struct{ c *conn }

// SigningKeyRow is a key with its material.
type SigningKeyRow struct {
	ID        string // the thumbprint of the public part (RFC 7638)
	Family    string
	Material  []byte // the private key in PKCS #8; sealed at rest
	CreatedAt time.Time
	ActiveAt  time.Time // zero while it will sign next
	RetiredAt time.Time // zero until another has taken its place
}

// String keeps material out of logs.
func (r SigningKeyRow) String() string { return "signing key " + r.ID }

// GoString keeps material out of %#v.
func (r SigningKeyRow) GoString() string { return r.String() }

func signingContext(id string) string { return "signing_keys.material:" + id }

// All returns every key, oldest first.
func (t SigningKeys) All() ([]SigningKeyRow, error) {
	rows, err := list(t.c, func(scan func(...any) error) (r SigningKeyRow, err error) {
		var created, active, retired int64
		err = scan(&r.ID, &r.Family, &r.Material, &created, &active, &retired)
		r.CreatedAt, r.ActiveAt, r.RetiredAt = at(created), at(active), at(retired)
		return r, err
	}, `SELECT id, family, material, created_at, active_at, retired_at FROM signing_keys ORDER BY created_at, id`)
	if err != nil {
		return nil, err
	}
	// Opened after the rows are read: a data key that is not known yet is
	// looked up by a statement of its own.
	for i := range rows {
		if rows[i].Material, err = t.c.open(rows[i].Material, signingContext(rows[i].ID)); err != nil {
			return nil, err
		}
	}
	return rows, nil
}

// Insert adds a key that will sign next or, with an ActiveAt, signs at once.
// Where the family has one already nothing is added: read All to see whose
// counts.
func (t SigningKeys) Insert(r SigningKeyRow) error {
	n, err := t.c.exec(`INSERT INTO signing_keys (id, family, material, created_at, active_at, retired_at)
		VALUES ($1, $2, $3, $4, $5, 0) ON CONFLICT DO NOTHING`,
		r.ID, r.Family, t.c.box().Seal(r.Material, signingContext(r.ID)), ms(r.CreatedAt), ms(r.ActiveAt))
	if err != nil || n == 0 {
		return err
	}
	return t.c.tx.Changed(TopicSigningKey, r.ID)
}

// Succeed retires what signs in a family and lets its next key sign from now
// on. A family without a next key is left without one that signs.
func (t SigningKeys) Succeed(family string) error {
	now := ms(t.c.tx.now)
	if _, err := t.c.exec(`UPDATE signing_keys SET retired_at = $2 WHERE family = $1 AND active_at > 0 AND retired_at = 0`, family, now); err != nil {
		return err
	}
	if _, err := t.c.exec(`UPDATE signing_keys SET active_at = $2 WHERE family = $1 AND active_at = 0 AND retired_at = 0`, family, now); err != nil {
		return err
	}
	return t.c.tx.Changed(TopicSigningKey, family)
}

// Forget deletes keys that were retired before an instant and returns how many
// there were.
func (t SigningKeys) Forget(before time.Time) (int64, error) {
	n, err := t.c.exec(`DELETE FROM signing_keys WHERE retired_at > 0 AND retired_at < $1`, ms(before))
	if err != nil || n == 0 {
		return n, err
	}
	return n, t.c.tx.Changed(TopicSigningKey, "")
}
