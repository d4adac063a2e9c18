package store

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Links is the table that tells which member a source's subject is.
type Links struct{ c *conn }

const linkColumns = `source_id, subject, organization_id, member_id, said, created_at, used_at`

func (c *conn) scanLink(scan func(...any) error) (l identity.Link, err error) {
	var said []byte
	var created, used int64
	err = scan(&l.SourceID, &l.Subject, &l.OrganizationID, &l.MemberID, &said, &created, &used)
	l.CreatedAt, l.UsedAt = at(created), at(used)
	if err != nil || len(said) == 0 {
		return l, err
	}
	if said, err = c.open(said, saidOf(l)); err != nil {
		return l, err
	}
	return l, json.Unmarshal(said, &l.Said)
}

// saidOf ties what a source said to its row.
func saidOf(l identity.Link) string { return "links.said:" + string(l.SourceID) + ":" + l.Subject }

func (t Links) sealed(l identity.Link) ([]byte, error) {
	if l.Said == nil {
		return nil, nil
	}
	text, err := json.Marshal(l.Said)
	return t.c.box().Seal(text, saidOf(l)), err
}

var errNoLink = fault.New(fault.NotFound, fault.CodeMemberNotFound)

// Find returns the link of a source's subject, compared byte by byte, or
// NotFound.
func (t Links) Find(source identity.SourceID, subject string) (identity.Link, error) {
	return found(t.c, errNoLink, t.c.scanLink, `SELECT `+linkColumns+` FROM links WHERE source_id = $1 AND subject = $2`, source, subject)
}

// OfMember returns the links of a member, in the order of sources and
// subjects.
func (t Links) OfMember(org identity.OrganizationID, member identity.MemberID) ([]identity.Link, error) {
	return list(t.c, t.c.scanLink, `SELECT `+linkColumns+` FROM links WHERE member_id = $2 AND organization_id = $1
		ORDER BY source_id, subject`, org, member)
}

// OfMembers returns the links of several members, in the order of members,
// sources and subjects.
func (t Links) OfMembers(org identity.OrganizationID, members []identity.MemberID) ([]identity.Link, error) {
	if len(members) == 0 {
		return nil, nil
	}
	args := []any{org}
	var places []string
	for _, id := range members {
		args = append(args, id)
		places = append(places, fmt.Sprintf("$%d", len(args)))
	}
	return list(t.c, t.c.scanLink, `SELECT `+linkColumns+` FROM links WHERE organization_id = $1 AND member_id IN (`+
		strings.Join(places, ", ")+`) ORDER BY member_id, source_id, subject`, args...)
}

// Add adds a link. A subject that is linked already, with whomever, is a
// Conflict; of several that link it at once one succeeds.
func (t Links) Add(l identity.Link) error {
	said, err := t.sealed(l)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO links (source_id, subject, organization_id, member_id, said, created_at, used_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		l.SourceID, l.Subject, l.OrganizationID, l.MemberID, said, ms(l.CreatedAt), ms(minute(l.UsedAt)))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeLinkExists).At("subject")
	}
	return err
}

// Use notes a sign-in by a link, to the minute: several within one minute cost
// one write. A link that is gone is no error.
func (t Links) Use(l identity.Link, when time.Time) error {
	_, err := t.c.exec(`UPDATE links SET used_at = $3 WHERE source_id = $1 AND subject = $2 AND used_at < $3`,
		l.SourceID, l.Subject, ms(minute(when)))
	return err
}

// Say stores what the source said of a person this time. A link that is gone is
// no error.
func (t Links) Say(l identity.Link) error {
	said, err := t.sealed(l)
	if err != nil {
		return err
	}
	_, err = t.c.exec(`UPDATE links SET said = $3 WHERE source_id = $1 AND subject = $2`, l.SourceID, l.Subject, said)
	return err
}

// Remove removes the link of a source's subject, or is NotFound.
func (t Links) Remove(source identity.SourceID, subject string) error {
	n, err := t.c.exec(`DELETE FROM links WHERE source_id = $1 AND subject = $2`, source, subject)
	if err == nil && n == 0 {
		return errNoLink
	}
	return err
}

func minute(t time.Time) time.Time {
	if t.IsZero() {
		return t
	}
	return t.Truncate(time.Minute)
}
