package store

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// QuotaRequests is the table of wishes for room. Of one organisation, and of one
// person for organisations, at most one waits.
type QuotaRequests struct{ c *conn }

// QuotaRow is a wish with what people call those it is about.
type QuotaRow struct {
	Request      identity.QuotaRequest
	Account      string // the applicant's account name
	Organization string // "" for a wish for organisations
}

const quotaSelect = `SELECT q.id, q.kind, q.account_id, coalesce(q.organization_id, ''), q.state, q.reason, q.decided_by, q.answer,
	q.created_at, q.decided_at, a.name, coalesce(o.name, '') FROM quota_requests q JOIN accounts a ON a.id = q.account_id
	LEFT JOIN organizations o ON o.id = q.organization_id `

func scanQuota(scan func(...any) error) (row QuotaRow, err error) {
	q := &row.Request
	var created, decided int64
	err = scan(&q.ID, &q.Kind, &q.AccountID, &q.OrganizationID, &q.State, &q.Reason, &q.DecidedBy, &q.Answer, &created, &decided,
		&row.Account, &row.Organization)
	q.CreatedAt, q.DecidedAt = at(created), at(decided)
	return row, err
}

// Get returns a wish, or NotFound.
func (t QuotaRequests) Get(id identity.RequestID) (QuotaRow, error) {
	return found(t.c, errNoRequest, scanQuota, quotaSelect+`WHERE q.id = $1`, id)
}

// QuotaQuery narrows a page of wishes for room.
type QuotaQuery struct {
	State        identity.RequestState   // "" for any
	Organization identity.OrganizationID // "" for any
	// Account narrows to a person's wishes for organisations, "" for everybody's of
	// every kind.
	Account identity.AccountID
	Before  identity.RequestID // older than this one, "" for the newest
	Limit   int
}

// Page returns wishes, newest first.
func (t QuotaRequests) Page(q QuotaQuery) ([]QuotaRow, error) {
	return list(t.c, scanQuota, quotaSelect+`WHERE ($1 = '' OR q.state = $1) AND ($2 = '' OR q.organization_id = $2)
		AND ($3 = '' OR q.account_id = $3 AND q.organization_id IS NULL) AND ($4 = '' OR q.id < $4) ORDER BY q.id DESC LIMIT $5`,
		q.State, q.Organization, q.Account, q.Before, q.Limit)
}

func quotaKey(q identity.QuotaRequest) string {
	if q.Kind == identity.QuotaMembers {
		return string(q.Kind) + ":" + string(q.OrganizationID)
	}
	return string(q.Kind) + ":" + string(q.AccountID)
}

// Add adds a wish that waits. added is false when one for the same waits already.
func (t QuotaRequests) Add(q identity.QuotaRequest) (added bool, err error) {
	n, err := t.c.exec(`INSERT INTO quota_requests (id, kind, account_id, organization_id, state, reason, decided_by, answer, pending_key,
		created_at, decided_at) VALUES ($1, $2, $3, $4, 'pending', $5, '', '', $6, $7, 0) ON CONFLICT DO NOTHING`,
		q.ID, q.Kind, q.AccountID, nullable(string(q.OrganizationID)), q.Reason, quotaKey(q), ms(q.CreatedAt))
	return n == 1, err
}

// Decide stores the end of a wish that waits. One that waits no more is a
// Conflict (request_decided) and keeps its end.
func (t QuotaRequests) Decide(q identity.QuotaRequest) error {
	n, err := t.c.exec(`UPDATE quota_requests SET state = $2, decided_by = $3, answer = $4, decided_at = $5, pending_key = NULL
		WHERE id = $1 AND state = 'pending'`, q.ID, q.State, q.DecidedBy, q.Answer, ms(q.DecidedAt))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeRequestDecided)
	}
	return err
}
