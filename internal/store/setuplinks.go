package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// SetupLinks is the table of links by which the other side sets up a source.
// Their drafts, which hold secrets, are sealed.
type SetupLinks struct{ c *conn }

const setupLinkColumns = `id, organization_id, source_id, state, made_for, domain, draft, note, created_by, decided_by, version,
	created_at, ends_at, submitted_at, decided_at`

func (c *conn) scanSetupLink(scan func(...any) error) (l identity.SetupLink, err error) {
	var draft []byte
	var created, ends, submitted, decided int64
	if err = scan(&l.ID, &l.OrganizationID, &l.SourceID, &l.State, &l.For, &l.Domain, &draft, &l.Note, &l.CreatedBy, &l.DecidedBy,
		&l.Version, &created, &ends, &submitted, &decided); err != nil {
		return l, err
	}
	l.CreatedAt, l.EndsAt, l.SubmittedAt, l.DecidedAt = at(created), at(ends), at(submitted), at(decided)
	if len(draft) > 0 {
		l.Draft, err = c.open(draft, draftOf(l))
	}
	return l, err
}

// draftOf ties a draft to its row.
func draftOf(l identity.SetupLink) string { return "setup_links.draft:" + string(l.ID) }

func (t SetupLinks) sealed(l identity.SetupLink) []byte {
	if l.Draft == nil {
		return nil
	}
	return t.c.box().Seal(l.Draft, draftOf(l))
}

var errNoSetupLink = fault.New(fault.NotFound, fault.CodeSetupLinkNotFound)

// Get returns a set-up link of an organisation, or NotFound.
func (t SetupLinks) Get(org identity.OrganizationID, id identity.SetupLinkID) (identity.SetupLink, error) {
	return found(t.c, errNoSetupLink, t.c.scanSetupLink,
		`SELECT `+setupLinkColumns+` FROM setup_links WHERE organization_id = $1 AND id = $2`, org, id)
}

// List returns the set-up links of an organisation, latest first, at most 500.
func (t SetupLinks) List(org identity.OrganizationID) ([]identity.SetupLink, error) {
	return list(t.c, t.c.scanSetupLink,
		`SELECT `+setupLinkColumns+` FROM setup_links WHERE organization_id = $1 ORDER BY id DESC LIMIT 500`, org)
}

// Undecided counts the links of a source that live and are not decided.
func (t SetupLinks) Undecided(source identity.SourceID) (n int, err error) {
	err = t.c.row(`SELECT count(*) FROM setup_links WHERE source_id = $1 AND ends_at > $2 AND state IN ('waiting', 'open', 'submitted')`,
		source, ms(t.c.tx.now)).scan(&n)
	return n, err
}

// Add adds a set-up link with version 1.
func (t SetupLinks) Add(l identity.SetupLink) error {
	_, err := t.c.exec(`INSERT INTO setup_links (id, organization_id, source_id, state, made_for, domain, draft, note, created_by,
		decided_by, version, created_at, ends_at, submitted_at, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12, $13, $14)`,
		l.ID, l.OrganizationID, l.SourceID, l.State, l.For, l.Domain, t.sealed(l), l.Note, l.CreatedBy,
		l.DecidedBy, ms(l.CreatedAt), ms(l.EndsAt), ms(l.SubmittedAt), ms(l.DecidedAt))
	return err
}

// Put stores an edited set-up link if it still has the version that was read,
// else Stale. What it is for never changes.
func (t SetupLinks) Put(l identity.SetupLink) error {
	n, err := t.c.exec(`UPDATE setup_links SET state = $4, domain = $5, draft = $6, note = $7, decided_by = $8, version = version + 1,
		submitted_at = $9, decided_at = $10 WHERE organization_id = $1 AND id = $2 AND version = $3`,
		l.OrganizationID, l.ID, l.Version, l.State, l.Domain, t.sealed(l), l.Note, l.DecidedBy, ms(l.SubmittedAt), ms(l.DecidedAt))
	return stale(n, err)
}

// Sweep deletes up to limit links that ended before an instant and returns how
// many there were.
func (t SetupLinks) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM setup_links WHERE id IN (SELECT id FROM setup_links WHERE ends_at < $1 LIMIT $2)`, ms(before), limit)
}

// SetupLink returns a set-up link, whoever owns it, or NotFound.
func (t Lookup) SetupLink(id identity.SetupLinkID) (identity.SetupLink, error) {
	return found(t.c, errNoSetupLink, t.c.scanSetupLink, `SELECT `+setupLinkColumns+` FROM setup_links WHERE id = $1`, id)
}
