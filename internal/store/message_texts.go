package store

import (
	"database/sql"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// MessageTexts is the table of messages in the words of organisations and of
// the installation, whose organisation is "".
type MessageTexts struct{ c *conn }

const messageTextColumns = `organization_id, kind, language, subject, body, sms, version, updated_at`

func scanMessageText(scan func(...any) error) (m identity.MessageText, err error) {
	var org sql.NullString
	var updated int64
	err = scan(&org, &m.Kind, &m.Language, &m.Subject, &m.Body, &m.SMS, &m.Version, &updated)
	m.OrganizationID, m.UpdatedAt = identity.OrganizationID(org.String), at(updated)
	return m, err
}

var errNoMessageText = fault.New(fault.NotFound, fault.CodeMessageTextNotFound)

func messageTextID(k identity.MessageTextKey) string {
	return string(k.OrganizationID) + "/" + k.Kind + "/" + k.Language
}

// Get returns a text, or NotFound.
func (t MessageTexts) Get(k identity.MessageTextKey) (identity.MessageText, error) {
	return found(t.c, errNoMessageText, scanMessageText, `SELECT `+messageTextColumns+` FROM message_texts WHERE id = $1`, messageTextID(k))
}

// InForce returns the text of an organisation and that of the installation, in
// this order, as far as there are such: what the first leaves open the second
// may say.
func (t MessageTexts) InForce(k identity.MessageTextKey) ([]identity.MessageText, error) {
	own := k
	k.OrganizationID = ""
	return list(t.c, scanMessageText, `SELECT `+messageTextColumns+` FROM message_texts WHERE id IN ($1, $2) ORDER BY id DESC`,
		messageTextID(own), messageTextID(k))
}

// All returns the texts of an organisation, or of the installation, in the
// order of their kinds and languages. There are a few of each at most.
func (t MessageTexts) All(org identity.OrganizationID) ([]identity.MessageText, error) {
	// 0 is the character after /.
	return list(t.c, scanMessageText, `SELECT `+messageTextColumns+` FROM message_texts WHERE id >= $1 AND id < $2 ORDER BY id`,
		string(org)+"/", string(org)+"0")
}

// Put stores a text if it still has the version that was read, 0 for one that is
// new, else Stale.
func (t MessageTexts) Put(m identity.MessageText) error {
	org := sql.NullString{String: string(m.OrganizationID), Valid: m.OrganizationID != ""}
	n, err := t.c.exec(`INSERT INTO message_texts (id, organization_id, kind, language, subject, body, sms, version, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8 + 1, $9)
		ON CONFLICT (id) DO UPDATE SET subject = excluded.subject, body = excluded.body, sms = excluded.sms, version = excluded.version,
		updated_at = excluded.updated_at WHERE message_texts.version = $8`,
		messageTextID(m.MessageTextKey), org, m.Kind, m.Language, m.Subject, m.Body, m.SMS, m.Version, ms(t.c.tx.now))
	return stale(n, err)
}

// Remove forgets a text, or is NotFound.
func (t MessageTexts) Remove(k identity.MessageTextKey) error {
	n, err := t.c.exec(`DELETE FROM message_texts WHERE id = $1`, messageTextID(k))
	if err == nil && n == 0 {
		return errNoMessageText
	}
	return err
}
