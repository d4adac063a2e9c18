package store

import "github.com/orgate/orgate/internal/identity"

// SourceIcon returns the icon of a source, whoever owns it, or NotFound.
func (t Lookup) SourceIcon(id identity.SourceID) (Icon, error) {
	return found(t.c, errNoIcon, scanIcon, `SELECT digest, media_type, content FROM source_icons WHERE source_id = $1`, id)
}

// PutIcon stores the icon of a source in place of one before. The source's own
// IconDigest is stored by Put.
func (t Sources) PutIcon(id identity.SourceID, i Icon) error {
	_, err := t.c.exec(`INSERT INTO source_icons (source_id, digest, media_type, content) VALUES ($1, $2, $3, $4)
		ON CONFLICT (source_id) DO UPDATE SET digest = excluded.digest, media_type = excluded.media_type,
		content = excluded.content`, id, i.Digest, i.Type, i.Content)
	return err
}

// RemoveIcon removes the icon of a source; without one nothing happens.
func (t Sources) RemoveIcon(id identity.SourceID) error {
	_, err := t.c.exec(`DELETE FROM source_icons WHERE source_id = $1`, id)
	return err
}
