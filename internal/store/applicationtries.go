package store

import (
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// ApplicationTries is the table of applications that are tried before they are
// saved. Settings, which hold the secrets of the try, and report, which shows
// what was released of a person, are sealed.
type ApplicationTries struct{ c *conn }

// ApplicationTry is one try of settings of an application that are not saved.
type ApplicationTry struct {
	ID             identity.TryID
	OrganizationID identity.OrganizationID
	// ApplicationID is the application that stands in for the tried one while
	// the try runs; see Applications.EndTry.
	ApplicationID identity.ApplicationID
	ClientID      string             // of the stored application, "" for a new one
	StartedBy     identity.AccountID // identity.AnyAdministrator where no person began it
	Settings      []byte             // as tryout writes them
	State         TryState
	Report        []byte // JSON; empty until there is one
	CreatedAt     time.Time
	EndsAt        time.Time // forgotten after this
}

// String keeps settings out of logs.
func (t ApplicationTry) String() string { return "try " + string(t.ID) }

// GoString keeps settings out of %#v.
func (t ApplicationTry) GoString() string { return t.String() }

// TryRunning is the state of a try whose browser has come back, while the rest
// is played.
const TryRunning TryState = "running"

func (t ApplicationTries) scan(scan func(...any) error) (k ApplicationTry, err error) {
	var settings, report []byte
	var created, ends int64
	if err = scan(&k.ID, &k.OrganizationID, &k.ApplicationID, &k.ClientID, &k.StartedBy, &settings, &k.State, &report, &created, &ends); err != nil {
		return k, err
	}
	k.CreatedAt, k.EndsAt = at(created), at(ends)
	if k.Settings, err = t.c.open(settings, "application_tries.settings:"+string(k.ID)); err != nil {
		return k, err
	}
	k.Report, err = t.c.open(report, "application_tries.report:"+string(k.ID))
	return k, err
}

// Get returns a try of an organisation, or NotFound when there is none or its
// time has passed.
func (t ApplicationTries) Get(org identity.OrganizationID, id identity.TryID) (ApplicationTry, error) {
	return found(t.c, errNoTry, t.scan, `SELECT id, organization_id, application_id, client_id, started_by, settings, state, report, created_at, ends_at
		FROM application_tries WHERE organization_id = $1 AND id = $2 AND ends_at > $3`, org, id, ms(t.c.tx.now))
}

// Add adds a try.
func (t ApplicationTries) Add(k ApplicationTry) error {
	_, err := t.c.exec(`INSERT INTO application_tries (id, organization_id, application_id, client_id, started_by, settings, state, report,
		created_at, ends_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		k.ID, k.OrganizationID, k.ApplicationID, k.ClientID, k.StartedBy, t.c.box().Seal(k.Settings, "application_tries.settings:"+string(k.ID)),
		k.State, t.sealReport(k), ms(k.CreatedAt), ms(k.EndsAt))
	return err
}

// Begin marks a try that waits as running. One that does not wait any more is
// Stale: of two browsers that come back one goes on.
func (t ApplicationTries) Begin(org identity.OrganizationID, id identity.TryID) error {
	n, err := t.c.exec(`UPDATE application_tries SET state = 'running' WHERE organization_id = $1 AND id = $2 AND state = 'waiting'`, org, id)
	return stale(n, err)
}

// Put stores state and report of a try that has not ended; one that passed or
// failed already is Stale and stays as it is.
func (t ApplicationTries) Put(k ApplicationTry) error {
	n, err := t.c.exec(`UPDATE application_tries SET state = $3, report = $4
		WHERE organization_id = $1 AND id = $2 AND state IN ('waiting', 'running')`, k.OrganizationID, k.ID, k.State, t.sealReport(k))
	return stale(n, err)
}

// Sweep deletes up to limit tries whose time has passed and returns how many
// there were.
func (t ApplicationTries) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM application_tries WHERE id IN (SELECT id FROM application_tries WHERE ends_at < $1 LIMIT $2)`, ms(before), limit)
}

func (t ApplicationTries) sealReport(k ApplicationTry) []byte {
	return t.c.box().Seal(k.Report, "application_tries.report:"+string(k.ID))
}

// EndTry removes the application that stood in for a tried one, with all that
// was granted to it. One that is gone already needs no end; an application that
// is registered is never touched.
func (t Applications) EndTry(org identity.OrganizationID, id identity.ApplicationID) error {
	n, err := t.c.exec(`DELETE FROM applications WHERE organization_id = $1 AND id = $2 AND tried_by <> ''`, org, id)
	if err != nil || n == 0 {
		return err
	}
	return t.c.tx.Changed(TopicApplication, string(id))
}

// SweepTried removes up to limit applications that stood in for tried ones and
// were begun before an instant, and returns how many there were. Nobody is told:
// their time is looked at wherever they are found, and whatever was granted to
// one never left the process that played the try.
func (t Applications) SweepTried(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM applications WHERE id IN (SELECT id FROM applications WHERE tried_by <> '' AND created_at < $1 LIMIT $2)`,
		ms(before), limit)
}
