package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Pictures is the table of members' pictures.
type Pictures struct{ c *conn }

// Picture is what a member looks like.
type Picture struct {
	Icon
	Word string // in the address of this version, drawn
}

var errNoPicture = fault.New(fault.NotFound, fault.CodePictureNotFound)

func scanPicture(scan func(...any) error) (p Picture, err error) {
	return p, scan(&p.Word, &p.Digest, &p.Type, &p.Content)
}

// Get returns the picture of a member of an organisation, or NotFound.
func (t Pictures) Get(org identity.OrganizationID, id identity.MemberID) (Picture, error) {
	return found(t.c, errNoPicture, scanPicture, `SELECT p.word, p.digest, p.media_type, p.content FROM member_pictures p
		JOIN members m ON m.id = p.member_id WHERE m.organization_id = $1 AND m.id = $2`, org, id)
}

// Picture returns the picture with a word in its address, whoever's it is, or
// NotFound.
func (t Lookup) Picture(word string) (Picture, error) {
	return found(t.c, errNoPicture, scanPicture, `SELECT word, digest, media_type, content FROM member_pictures WHERE word = $1`, word)
}

// Put stores the picture of a member in place of one before.
func (t Pictures) Put(m identity.Member, p Picture) error {
	if _, err := t.c.exec(`INSERT INTO member_pictures (member_id, word, digest, media_type, content) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (member_id) DO UPDATE SET word = excluded.word, digest = excluded.digest, media_type = excluded.media_type,
		content = excluded.content`, m.ID, p.Word, p.Digest, p.Type, p.Content); err != nil {
		return err
	}
	return t.name(m, p.Word)
}

// Delete removes the picture of a member; without one nothing happens.
func (t Pictures) Delete(m identity.Member) error {
	if _, err := t.c.exec(`DELETE FROM member_pictures WHERE member_id = $1`, m.ID); err != nil {
		return err
	}
	return t.name(m, "")
}

// name stores with a member which picture is theirs.
func (t Pictures) name(m identity.Member, word string) error {
	n, err := t.c.exec(`UPDATE members SET picture = $3, version = version + 1, updated_at = $4
		WHERE organization_id = $1 AND id = $2`, m.OrganizationID, m.ID, word, ms(t.c.tx.now))
	if err == nil && n == 0 {
		return errNoMember
	}
	return t.c.changed(n, err, TopicMember, string(m.ID))
}
