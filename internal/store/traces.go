package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Traces is the table of sign-in stories, kept for days and lossy by design.
type Traces struct{ c *conn }

// TraceRow is a stored story; its checks are JSON that trace understands.
type TraceRow struct {
	ID             identity.TraceID
	Code           string // eight characters, shown to people
	RequestID      string
	OrganizationID identity.OrganizationID
	ApplicationID  identity.ApplicationID // "" when it is about none
	// Responsible is the member who is responsible for the application now; it
	// is read and not stored.
	Responsible identity.MemberID
	Kind        string
	Outcome     string
	At          time.Time
	Story       []byte
}

// TraceQuery narrows a page of stories. Fields that are empty do not narrow,
// but for the organisation.
type TraceQuery struct {
	Organization identity.OrganizationID
	Application  identity.ApplicationID
	Responsible  identity.MemberID // only those of applications this member is responsible for
	Before       identity.TraceID  // older than this one
	Limit        int
}

// Insert adds a story.
func (t Traces) Insert(r TraceRow) error {
	_, err := t.c.exec(`INSERT INTO traces (id, code, request_id, organization_id, application_id, kind, outcome, at, story)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		r.ID, r.Code, r.RequestID, r.OrganizationID, nullable(string(r.ApplicationID)), r.Kind, r.Outcome, ms(r.At), string(r.Story))
	return err
}

const traceSelect = `SELECT t.id, t.code, t.request_id, t.organization_id, coalesce(t.application_id, ''), coalesce(a.responsible_id, ''),
	t.kind, t.outcome, t.at, t.story FROM traces t LEFT JOIN applications a ON a.id = t.application_id `

// Find returns the newest stories under a code or a request id, at most ten.
func (t Traces) Find(text string) ([]TraceRow, error) {
	return list(t.c, scanTrace, traceSelect+`WHERE t.code = $1 OR t.request_id = $1 ORDER BY t.id DESC LIMIT 10`, text)
}

// Page returns stories of an organisation, newest first.
func (t Traces) Page(q TraceQuery) ([]TraceRow, error) {
	before := q.Before
	if before == "" {
		before = "trc_~"
	}
	if q.Application != "" { // by its own index: an organisation has many others
		return list(t.c, scanTrace, traceSelect+`WHERE t.application_id = $1 AND t.organization_id = $2 AND t.id < $3
			AND ($4 = '' OR a.responsible_id = $4) ORDER BY t.id DESC LIMIT $5`, q.Application, q.Organization, before, q.Responsible, q.Limit)
	}
	return list(t.c, scanTrace, traceSelect+`WHERE t.organization_id = $1 AND t.id < $2 AND ($3 = '' OR a.responsible_id = $3)
		ORDER BY t.id DESC LIMIT $4`, q.Organization, before, q.Responsible, q.Limit)
}

// Answers reports whether a member is responsible for any application of an
// organisation.
func (t Traces) Answers(org identity.OrganizationID, m identity.MemberID) (bool, error) {
	var n int
	err := t.c.row(`SELECT count(*) FROM applications WHERE organization_id = $1 AND responsible_id = $2`, org, m).scan(&n)
	return n > 0 && m != "", err
}

func scanTrace(scan func(...any) error) (r TraceRow, err error) {
	var when int64
	err = scan(&r.ID, &r.Code, &r.RequestID, &r.OrganizationID, &r.ApplicationID, &r.Responsible, &r.Kind, &r.Outcome, &when, &r.Story)
	r.At = at(when)
	return r, err
}

// Newest returns the id of the story that has n-1 younger ones, "" when there
// are not as many.
func (t Traces) Newest(n int) (id identity.TraceID, err error) {
	err = t.c.row(`SELECT id FROM traces ORDER BY id DESC LIMIT 1 OFFSET $1`, n-1).scan(&id)
	if err != nil && fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	return id, err
}

// Sweep deletes up to limit stories older than one, and reads no others.
func (t Traces) Sweep(below identity.TraceID, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM traces WHERE id IN (SELECT id FROM traces WHERE id < $1 ORDER BY id LIMIT $2)`, below, limit)
}
