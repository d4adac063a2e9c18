package store

import (
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Invitations is the table of those asked to become members. Their contacts are
// sealed; of one contact at most one invitation of an organisation is open.
type Invitations struct{ c *conn }

// InvitationRow is an invitation with what proves it.
type InvitationRow struct {
	Invitation identity.Invitation
	Hash       []byte // SHA-256 of the secret
}

// String keeps hashes and contacts out of logs.
func (r InvitationRow) String() string { return r.Invitation.String() }

// GoString keeps both out of %#v.
func (r InvitationRow) GoString() string { return r.String() }

// invitationDetails is what of an invitation only its acceptance reads.
type invitationDetails struct {
	Title       string             `json:"title,omitempty"`
	Description string             `json:"description,omitempty"`
	SortLevel   int                `json:"sort_level,omitempty"`
	Administers []string           `json:"administers,omitempty"`
	Attributes  map[string]string  `json:"attributes,omitempty"`
	Groups      []identity.GroupID `json:"groups,omitempty"`
}

const invitationColumns = `id, organization_id, coalesce(department_id, ''), hash, channel, contact, name, role, details, language, state, invited_by,
	member_id, version, created_at, sent_at, ends_at, decided_at`

func (c *conn) scanInvitation(scan func(...any) error) (row InvitationRow, err error) {
	i := &row.Invitation
	var contact []byte
	var details string
	var created, sent, ends, decided int64
	if err = scan(&i.ID, &i.OrganizationID, &i.Department, &row.Hash, &i.Channel, &contact, &i.Name, &i.Role, &details, &i.Language,
		&i.State, &i.InvitedBy, &i.MemberID, &i.Version, &created, &sent, &ends, &decided); err != nil {
		return row, err
	}
	var d invitationDetails
	if err = json.Unmarshal([]byte(details), &d); err != nil {
		return row, err
	}
	i.Title, i.Description, i.SortLevel, i.Administers, i.Attributes, i.Groups = d.Title, d.Description, d.SortLevel, d.Administers, d.Attributes, d.Groups
	i.CreatedAt, i.SentAt, i.EndsAt, i.DecidedAt = at(created), at(sent), at(ends), at(decided)
	i.Contact, err = c.openText(contact, contactOfInvitation(i.ID))
	return row, err
}

// contactOfInvitation ties a sealed contact to its row.
func contactOfInvitation(id identity.InvitationID) string { return "invitations.contact:" + string(id) }

// openKey is what is unique while an invitation is open: a keyed digest, for the
// contact itself is sealed.
func (c *conn) openKey(i identity.Invitation) string {
	if i.State != identity.InvitationOpen {
		return ""
	}
	return string(i.OrganizationID) + ":" + hex.EncodeToString(c.box().Digest("invitations.contact", i.Contact))
}

var errNoInvitation = fault.New(fault.NotFound, fault.CodeInvitationNotFound)

// Get returns an invitation of an organisation, or NotFound.
func (t Invitations) Get(org identity.OrganizationID, id identity.InvitationID) (InvitationRow, error) {
	return found(t.c, errNoInvitation, t.c.scanInvitation,
		`SELECT `+invitationColumns+` FROM invitations WHERE organization_id = $1 AND id = $2`, org, id)
}

// Invitation returns an invitation, whoever made it, or NotFound.
func (t Lookup) Invitation(id identity.InvitationID) (InvitationRow, error) {
	return found(t.c, errNoInvitation, t.c.scanInvitation, `SELECT `+invitationColumns+` FROM invitations WHERE id = $1`, id)
}

// Open returns the open invitation of an organisation for a contact, expired or
// not, or NotFound.
func (t Invitations) Open(org identity.OrganizationID, contact string) (InvitationRow, error) {
	key := t.c.openKey(identity.Invitation{OrganizationID: org, Contact: contact, State: identity.InvitationOpen})
	return found(t.c, errNoInvitation, t.c.scanInvitation, `SELECT `+invitationColumns+` FROM invitations WHERE open_key = $1`, key)
}

// InvitationQuery narrows a page of invitations.
type InvitationQuery struct {
	State  identity.InvitationState // "" for any
	Before identity.InvitationID    // made before this one, "" for the newest
	Limit  int
}

// Page returns invitations of an organisation, newest first.
func (t Invitations) Page(org identity.OrganizationID, q InvitationQuery) ([]InvitationRow, error) {
	return list(t.c, t.c.scanInvitation, `SELECT `+invitationColumns+` FROM invitations WHERE organization_id = $1
		AND ($2 = '' OR $2 = CASE WHEN state = 'open' AND ends_at <= $3 THEN 'expired' ELSE state END)
		AND ($4 = '' OR id < $4) ORDER BY id DESC LIMIT $5`, org, q.State, ms(t.c.tx.now), q.Before, q.Limit)
}

// Live counts the invitations of an organisation that can be accepted.
func (t Invitations) Live(org identity.OrganizationID) (n int, err error) {
	err = t.c.row(`SELECT count(*) FROM invitations WHERE organization_id = $1 AND state = 'open' AND ends_at > $2`,
		org, ms(t.c.tx.now)).scan(&n)
	return n, err
}

func detailsText(i identity.Invitation) (string, error) {
	text, err := json.Marshal(invitationDetails{i.Title, i.Description, i.SortLevel, i.Administers, i.Attributes, i.Groups})
	return string(text), err
}

// Add adds an invitation with version 1. Where one for the contact is open it is
// a Conflict (invitation_exists).
func (t Invitations) Add(row InvitationRow) error {
	i := row.Invitation
	details, err := detailsText(i)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO invitations (id, organization_id, department_id, hash, channel, contact, open_key, name, role, details,
		language, state, invited_by, member_id, version, created_at, sent_at, ends_at, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16, $17, 0) ON CONFLICT DO NOTHING`,
		i.ID, i.OrganizationID, nullable(string(i.Department)), row.Hash, i.Channel, t.c.sealText(i.Contact, contactOfInvitation(i.ID)), nullable(t.c.openKey(i)),
		i.Name, i.Role, details, i.Language, i.State, i.InvitedBy, i.MemberID, ms(i.CreatedAt), ms(i.SentAt), ms(i.EndsAt))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeInvitationExists).At("contact")
	}
	return err
}

// Put stores how an invitation stands, its end and what proves it, if it still
// has the version that was read, else Stale. Whom it asks to what never changes.
func (t Invitations) Put(row InvitationRow) error {
	i := row.Invitation
	n, err := t.c.exec(`UPDATE invitations SET hash = $4, open_key = $5, state = $6, member_id = $7, sent_at = $8, ends_at = $9,
		decided_at = $10, version = version + 1 WHERE organization_id = $1 AND id = $2 AND version = $3`,
		i.OrganizationID, i.ID, i.Version, row.Hash, nullable(t.c.openKey(i)), i.State, i.MemberID, ms(i.SentAt), ms(i.EndsAt), ms(i.DecidedAt))
	return stale(n, err)
}

// Sweep deletes up to limit invitations that ended before an instant, accepted or
// not, and returns how many there were.
func (t Invitations) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE ends_at < $1 ORDER BY ends_at LIMIT $2)`,
		ms(before), limit)
}
