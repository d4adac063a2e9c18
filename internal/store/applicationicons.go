package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Icon is the picture of an application.
type Icon struct {
	Digest  string // names the content
	Type    string // media type
	Content []byte
}

var errNoIcon = fault.New(fault.NotFound, fault.CodeIconNotFound)

func scanIcon(scan func(...any) error) (i Icon, err error) {
	return i, scan(&i.Digest, &i.Type, &i.Content)
}

// Icon returns the icon of an application by its client id, or NotFound.
func (t Lookup) Icon(clientID string) (Icon, error) {
	return found(t.c, errNoIcon, scanIcon, `SELECT i.digest, i.media_type, i.content FROM applications a
		JOIN application_icons i ON i.application_id = a.id WHERE a.client_id = $1`, clientID)
}

// PutIcon stores the icon of an application in place of one before. The
// application's own IconDigest is stored by Put.
func (t Applications) PutIcon(id identity.ApplicationID, i Icon) error {
	_, err := t.c.exec(`INSERT INTO application_icons (application_id, digest, media_type, content) VALUES ($1, $2, $3, $4)
		ON CONFLICT (application_id) DO UPDATE SET digest = excluded.digest, media_type = excluded.media_type,
		content = excluded.content`, id, i.Digest, i.Type, i.Content)
	return err
}

// RemoveIcon removes the icon of an application; without one nothing happens.
func (t Applications) RemoveIcon(id identity.ApplicationID) error {
	_, err := t.c.exec(`DELETE FROM application_icons WHERE application_id = $1`, id)
	return err
}
