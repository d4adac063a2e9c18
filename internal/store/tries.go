package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Tries is the table of connections that are tried before they are saved.
// Settings and report, which show what a person's centre said, are sealed.
type Tries struct{ c *conn }

// Try is one try of an unsaved connection.
type Try struct {
	ID             identity.TryID
	OrganizationID identity.OrganizationID
	SourceID       identity.SourceID // the source the settings are meant for, saved or not
	StartedBy      string            // the account, or whatever else names the actor
	Settings       []byte            // as the source's kind writes them
	// Digest names exactly what is tried. It is kept under a key, since
	// settings hold secrets, and is not read back: see Passed.
	Digest    []byte
	State     TryState
	Report    []byte // JSON; empty until there is one
	CreatedAt time.Time
	EndsAt    time.Time // forgotten after this
}

// String keeps settings out of logs.
func (t Try) String() string { return "try " + string(t.ID) }

// GoString keeps settings out of %#v.
func (t Try) GoString() string { return t.String() }

// TryState is how far a try came.
type TryState string

// The states of a try. One that passed or failed stays so.
const (
	TryWaiting TryState = "waiting" // for the browser to come back
	TryPassed  TryState = "passed"
	TryFailed  TryState = "failed"
)

var errNoTry = fault.New(fault.NotFound, fault.CodeTryNotFound)

func (t Tries) scan(scan func(...any) error) (k Try, err error) {
	var settings, report []byte
	var created, ends int64
	if err = scan(&k.ID, &k.OrganizationID, &k.SourceID, &k.StartedBy, &settings, &k.State, &report, &created, &ends); err != nil {
		return k, err
	}
	k.CreatedAt, k.EndsAt = at(created), at(ends)
	if k.Settings, err = t.c.open(settings, "tries.settings:"+string(k.ID)); err != nil {
		return k, err
	}
	k.Report, err = t.c.open(report, "tries.report:"+string(k.ID))
	return k, err
}

// Get returns a try of an organisation, or NotFound when there is none or its
// time has passed.
func (t Tries) Get(org identity.OrganizationID, id identity.TryID) (Try, error) {
	return found(t.c, errNoTry, t.scan, `SELECT id, organization_id, source_id, started_by, settings, state, report, created_at, ends_at
		FROM tries WHERE organization_id = $1 AND id = $2 AND ends_at > $3`, org, id, ms(t.c.tx.now))
}

// Add adds a try.
func (t Tries) Add(k Try) error {
	_, err := t.c.exec(`INSERT INTO tries (id, organization_id, source_id, started_by, settings, digest, state, report, created_at, ends_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		k.ID, k.OrganizationID, k.SourceID, k.StartedBy, t.c.box().Seal(k.Settings, "tries.settings:"+string(k.ID)), t.digest(k.Digest),
		k.State, t.sealReport(k), ms(k.CreatedAt), ms(k.EndsAt))
	return err
}

// Put stores state and report of a try that is still waiting; one that passed
// or failed already is Stale and stays as it is.
func (t Tries) Put(k Try) error {
	n, err := t.c.exec(`UPDATE tries SET state = $3, report = $4 WHERE organization_id = $1 AND id = $2 AND state = 'waiting'`,
		k.OrganizationID, k.ID, k.State, t.sealReport(k))
	return stale(n, err)
}

// Passed reports whether exactly what a digest names was tried in an
// organisation and passed, not too long ago.
func (t Tries) Passed(org identity.OrganizationID, digest []byte) (bool, error) {
	var n int
	err := t.c.row(`SELECT count(*) FROM tries WHERE organization_id = $1 AND digest = $2 AND state = 'passed' AND ends_at > $3`,
		org, t.digest(digest), ms(t.c.tx.now)).scan(&n)
	return n > 0, err
}

// Sweep deletes up to limit tries whose time has passed and returns how many
// there were.
func (t Tries) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM tries WHERE id IN (SELECT id FROM tries WHERE ends_at < $1 LIMIT $2)`, ms(before), limit)
}

func (t Tries) digest(digest []byte) []byte { return t.c.box().Digest("tries", string(digest)) }

func (t Tries) sealReport(k Try) []byte {
	return t.c.box().Seal(k.Report, "tries.report:"+string(k.ID))
}
