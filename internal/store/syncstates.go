package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// SyncStates is the table of how far telling each application has come, with the
// lease of whoever tells it. A row is made with the first lease.
type SyncStates struct{ c *conn }

// SyncState is how far telling an application has come.
type SyncState struct {
	NextAt   time.Time // nothing is sent before
	Attempts int       // failures in a row
	Polls    int       // how often in a row the receiver was still busy
	Record   identity.SyncRecordID
	Failure  string // what kind the last failure was, "" after a success
	// SettledAt is when the receiver last knew everything, zero for never.
	SettledAt time.Time
	// Doubt is the call that is being made, as whoever makes it writes it: what
	// came of it is not noted yet. It is sealed.
	Doubt string
}

// String keeps the call out of logs.
func (s SyncState) String() string { return "sync state" }

// GoString keeps the call out of %#v.
func (s SyncState) GoString() string { return s.String() }

func doubtOf(id identity.ApplicationID) string { return "sync_states.doubt:" + string(id) }

// SyncTarget is an application that is told and whose time has come.
type SyncTarget struct {
	OrganizationID identity.OrganizationID
	ApplicationID  identity.ApplicationID
	Retry          bool // something is outstanding
}

// Due returns the applications that may be told now and that nobody tells.
func (t SyncStates) Due(limit int) ([]SyncTarget, error) {
	return list(t.c, func(scan func(...any) error) (d SyncTarget, err error) {
		var outstanding int
		err = scan(&d.OrganizationID, &d.ApplicationID, &outstanding)
		d.Retry = outstanding > 0
		return d, err
	}, `SELECT s.organization_id, s.application_id, coalesce(x.attempts + x.polls, 0) FROM application_syncs s
		JOIN applications a ON a.id = s.application_id JOIN organizations o ON o.id = s.organization_id
		LEFT JOIN sync_states x ON x.application_id = s.application_id
		WHERE s.enabled AND a.status = 'active' AND o.status = 'active'
			AND coalesce(x.next_at, 0) <= $1 AND coalesce(x.leased_until, 0) < $1
		ORDER BY s.application_id LIMIT $2`, ms(t.c.tx.now), limit)
}

// Lease takes an application for a node until an instant; ok is false when
// another node has it.
func (t SyncStates) Lease(id identity.ApplicationID, node string, until time.Time) (ok bool, err error) {
	if _, err := t.c.exec(`INSERT INTO sync_states (application_id, leased_by, leased_until, next_at, attempts, polls, record_id, failure,
		settled_at) SELECT application_id, '', 0, 0, 0, 0, '', '', 0 FROM application_syncs WHERE application_id = $1
		ON CONFLICT DO NOTHING`, id); err != nil {
		return false, err
	}
	n, err := t.c.exec(`UPDATE sync_states SET leased_by = $2, leased_until = $3 WHERE application_id = $1 AND leased_until < $4`,
		id, node, ms(until), ms(t.c.tx.now))
	return n == 1, err
}

// Get returns how far telling an application has come; the zero of it before the
// first call.
func (t SyncStates) Get(id identity.ApplicationID) (s SyncState, err error) {
	var next, settled int64
	var doubt []byte
	err = t.c.row(`SELECT next_at, attempts, polls, record_id, failure, settled_at, doubt FROM sync_states WHERE application_id = $1`, id).
		scan(&next, &s.Attempts, &s.Polls, &s.Record, &s.Failure, &settled, &doubt)
	if fault.KindOf(err) == fault.NotFound {
		return SyncState{}, nil
	}
	if err != nil {
		return s, err
	}
	s.NextAt, s.SettledAt = at(next), at(settled)
	s.Doubt, err = t.c.openText(doubt, doubtOf(id))
	return s, err
}

// Put stores how far a node has come and prolongs its lease, or with a zero
// instant gives it back; ok is false when the node has lost it.
func (t SyncStates) Put(id identity.ApplicationID, s SyncState, node string, until time.Time) (ok bool, err error) {
	n, err := t.c.exec(`UPDATE sync_states SET leased_until = $3, next_at = $4, attempts = $5, polls = $6, record_id = $7, failure = $8,
		settled_at = $9, doubt = $10 WHERE application_id = $1 AND leased_by = $2`,
		id, node, ms(until), ms(s.NextAt), s.Attempts, s.Polls, s.Record, s.Failure, ms(s.SettledAt), t.c.sealText(s.Doubt, doubtOf(id)))
	return n == 1, err
}

// Hasten lets an application be told at once, as if nothing had failed.
func (t SyncStates) Hasten(id identity.ApplicationID) error {
	_, err := t.c.exec(`UPDATE sync_states SET next_at = 0 WHERE application_id = $1`, id)
	return err
}
