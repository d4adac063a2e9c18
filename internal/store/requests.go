package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Requests is the table of wishes that somebody decides. Of one person's
// wishes for one thing at most one waits.
type Requests struct{ c *conn }

const requestColumns = `id, kind, organization_id, coalesce(application_id, ''), account_id, coalesce(after_id, ''), state, reason,
	decided_by, answer, created_at, decided_at, version`

func scanRequest(scan func(...any) error) (r identity.Request, err error) {
	var created, decided int64
	err = scan(&r.ID, &r.Kind, &r.OrganizationID, &r.ApplicationID, &r.AccountID, &r.After, &r.State, &r.Reason,
		&r.DecidedBy, &r.Answer, &created, &decided, &r.Version)
	r.CreatedAt, r.DecidedAt = at(created), at(decided)
	return r, err
}

var errNoRequest = fault.New(fault.NotFound, fault.CodeRequestNotFound)

// Get returns a request to an organisation, or NotFound.
func (t Requests) Get(org identity.OrganizationID, id identity.RequestID) (identity.Request, error) {
	return found(t.c, errNoRequest, scanRequest,
		`SELECT `+requestColumns+` FROM requests WHERE organization_id = $1 AND id = $2`, org, id)
}

// OfAccount returns a person's own request, or NotFound.
func (t Requests) OfAccount(account identity.AccountID, id identity.RequestID) (identity.Request, error) {
	return found(t.c, errNoRequest, scanRequest,
		`SELECT `+requestColumns+` FROM requests WHERE account_id = $1 AND id = $2`, account, id)
}

// Last returns the newest request of a person for one thing, or NotFound.
// application is "" for the wish to join the organisation.
func (t Requests) Last(org identity.OrganizationID, account identity.AccountID, application identity.ApplicationID) (identity.Request, error) {
	return found(t.c, errNoRequest, scanRequest, `SELECT `+requestColumns+` FROM requests
		WHERE account_id = $2 AND organization_id = $1 AND coalesce(application_id, '') = $3 ORDER BY id DESC LIMIT 1`, org, account, application)
}

// RequestRow is a request with what people call those it is about.
type RequestRow struct {
	Request      identity.Request
	Account      string // the applicant's account name
	Applicant    string // and what they are called
	Organization string
	Application  string // "" for a wish to join
	ClientID     string // likewise
	Waits        bool   // another request has to be decided first
}

const requestSelect = `SELECT r.id, r.kind, r.organization_id, coalesce(r.application_id, ''), r.account_id, coalesce(r.after_id, ''),
	r.state, r.reason, r.decided_by, r.answer, r.created_at, r.decided_at, r.version, c.name, c.display_name, o.name,
	coalesce(a.name, ''), coalesce(a.client_id, ''),
	CASE WHEN r.state = 'pending' AND b.state = 'pending' THEN 1 ELSE 0 END
	FROM requests r JOIN accounts c ON c.id = r.account_id JOIN organizations o ON o.id = r.organization_id
	LEFT JOIN applications a ON a.id = r.application_id LEFT JOIN requests b ON b.id = r.after_id `

func scanRequestRow(scan func(...any) error) (row RequestRow, err error) {
	r := &row.Request
	var created, decided, waits int64
	err = scan(&r.ID, &r.Kind, &r.OrganizationID, &r.ApplicationID, &r.AccountID, &r.After, &r.State, &r.Reason, &r.DecidedBy,
		&r.Answer, &created, &decided, &r.Version, &row.Account, &row.Applicant, &row.Organization, &row.Application, &row.ClientID, &waits)
	r.CreatedAt, r.DecidedAt, row.Waits = at(created), at(decided), waits != 0
	if row.Applicant == "" {
		row.Applicant = row.Account
	}
	return row, err
}

// Mine returns up to limit requests of a person, newest first.
func (t Requests) Mine(account identity.AccountID, limit int) ([]RequestRow, error) {
	return list(t.c, scanRequestRow, requestSelect+`WHERE r.account_id = $1 ORDER BY r.id DESC LIMIT $2`, account, limit)
}

// RequestQuery narrows a page of requests.
type RequestQuery struct {
	State  identity.RequestState // "" for any
	Before identity.RequestID    // older than this one, "" for the newest
	// Application narrows to wishes to enter one application, "" for all.
	Application identity.ApplicationID
	Limit       int
}

// Page returns requests to an organisation, newest first.
func (t Requests) Page(org identity.OrganizationID, q RequestQuery) ([]RequestRow, error) {
	return list(t.c, scanRequestRow, requestSelect+`WHERE r.organization_id = $1 AND ($2 = '' OR r.state = $2) AND ($3 = '' OR r.id < $3)
		AND ($4 = '' OR r.application_id = $4) ORDER BY r.id DESC LIMIT $5`, org, q.State, q.Before, q.Application, q.Limit)
}

// Waiting returns the requests of a person that come after another one and
// wait.
func (t Requests) Waiting(after identity.RequestID) ([]identity.Request, error) {
	return list(t.c, scanRequest, `SELECT `+requestColumns+` FROM requests
		WHERE account_id = (SELECT account_id FROM requests WHERE id = $1) AND after_id = $1 AND state = 'pending' ORDER BY id`, after)
}

// pendingKey is what is unique while a request waits.
func pendingKey(r identity.Request) string {
	if r.State != identity.RequestPending {
		return ""
	}
	return string(r.Kind) + ":" + string(r.AccountID) + ":" + string(r.OrganizationID) + ":" + string(r.ApplicationID)
}

// Add adds a request that waits, with version 1. added is false when one of
// the same person for the same thing waits already; of several that are added
// at once one is.
func (t Requests) Add(r identity.Request) (added bool, err error) {
	n, err := t.c.exec(`INSERT INTO requests (id, kind, organization_id, application_id, account_id, after_id, state, reason, decided_by,
		answer, pending_key, created_at, decided_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', '', $9, $10, 0, 1)
		ON CONFLICT DO NOTHING`,
		r.ID, r.Kind, r.OrganizationID, nullable(string(r.ApplicationID)), r.AccountID, nullable(string(r.After)), r.State, r.Reason,
		nullable(pendingKey(r)), ms(r.CreatedAt))
	return n == 1, err
}

// Decide stores the end of a request that waits: state, who decided, the
// answer and the instant. One that does not wait any more is a Conflict
// (request_decided) and keeps its end; of several ends at once one is stored.
func (t Requests) Decide(r identity.Request) error {
	n, err := t.c.exec(`UPDATE requests SET state = $3, decided_by = $4, answer = $5, decided_at = $6, pending_key = NULL,
		version = version + 1 WHERE organization_id = $1 AND id = $2 AND state = 'pending'`,
		r.OrganizationID, r.ID, r.State, r.DecidedBy, r.Answer, ms(r.DecidedAt))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeRequestDecided)
	}
	return err
}

// Sweep deletes up to limit requests that were decided or withdrawn before an
// instant, and returns how many there were. One that waits stays.
func (t Requests) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM requests WHERE id IN (SELECT id FROM requests WHERE decided_at > 0 AND decided_at < $1
		ORDER BY decided_at LIMIT $2)`, ms(before), limit)
}
