package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Handovers is the table of organisations that are offered to somebody, at most
// once each. Whoever took one, refused it or was too late leaves no row.
type Handovers struct{ c *conn }

// HandoverRow is a hand-over with what proves it.
type HandoverRow struct {
	Handover identity.Handover
	Hash     []byte // SHA-256 of the secret
}

// String keeps hashes and contacts out of logs.
func (r HandoverRow) String() string { return r.Handover.String() }

// GoString keeps both out of %#v.
func (r HandoverRow) GoString() string { return r.String() }

const handoverColumns = `organization_id, id, hash, channel, contact, name, giver_id, leaves, created_at, ends_at`

func (c *conn) scanHandover(scan func(...any) error) (row HandoverRow, err error) {
	h := &row.Handover
	var contact []byte
	var created, ends int64
	if err = scan(&h.OrganizationID, &h.ID, &row.Hash, &h.Channel, &contact, &h.Name, &h.Giver, &h.Leaves, &created, &ends); err != nil {
		return row, err
	}
	h.CreatedAt, h.EndsAt = at(created), at(ends)
	h.Contact, err = c.openText(contact, contactOfHandover(h.ID))
	return row, err
}

func contactOfHandover(id identity.HandoverID) string { return "handovers.contact:" + string(id) }

var errNoHandover = fault.New(fault.NotFound, fault.CodeHandoverNotFound)

// Get returns the hand-over of an organisation, ended or not, or NotFound.
func (t Handovers) Get(org identity.OrganizationID) (HandoverRow, error) {
	return found(t.c, errNoHandover, t.c.scanHandover, `SELECT `+handoverColumns+` FROM handovers WHERE organization_id = $1`, org)
}

// Handover returns a hand-over, whosever it is, or NotFound.
func (t Lookup) Handover(id identity.HandoverID) (HandoverRow, error) {
	return found(t.c, errNoHandover, t.c.scanHandover, `SELECT `+handoverColumns+` FROM handovers WHERE id = $1`, id)
}

// Add adds a hand-over. Where the organisation has one it is a Conflict
// (handover_exists).
func (t Handovers) Add(row HandoverRow) error {
	h := row.Handover
	n, err := t.c.exec(`INSERT INTO handovers (organization_id, id, hash, channel, contact, name, giver_id, leaves, created_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
		h.OrganizationID, h.ID, row.Hash, h.Channel, t.c.sealText(h.Contact, contactOfHandover(h.ID)), h.Name, h.Giver, h.Leaves,
		ms(h.CreatedAt), ms(h.EndsAt))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeHandoverExists)
	}
	return err
}

// Delete removes the hand-over of an organisation; of several that do so at once
// one succeeds, the others find none.
func (t Handovers) Delete(org identity.OrganizationID, id identity.HandoverID) error {
	n, err := t.c.exec(`DELETE FROM handovers WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoHandover
	}
	return err
}
