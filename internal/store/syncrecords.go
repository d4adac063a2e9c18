package store

import (
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// SyncRecords is the table of the calls to receivers. What was sent and what came
// back is sealed.
type SyncRecords struct{ c *conn }

// SyncRecord is one call, with its repetitions.
type SyncRecord struct {
	ID             identity.SyncRecordID
	OrganizationID identity.OrganizationID
	ApplicationID  identity.ApplicationID
	Event          string
	Act            int
	Status         SyncStatus
	Object         string // what it is about, for people who read
	Request        string // without secrets, and of people no more than fit
	Message        string // the receiver's
	About          string // its objects, as whoever makes the call writes them
	Objects        int    // how many it is about
	HTTPStatus     int
	Code           string
	Failure        string // "" for none
	Duration       time.Duration
	Attempts       int
	NextAt         time.Time // zero when it is not tried again
	At             time.Time // of the last attempt
}

// String keeps content out of logs.
func (r SyncRecord) String() string { return "sync record " + string(r.ID) }

// GoString keeps content out of %#v.
func (r SyncRecord) GoString() string { return r.String() }

// SyncStatus is what came of a call.
type SyncStatus string

// The states of a call.
const (
	SyncPending SyncStatus = "pending" // it is tried again
	SyncSuccess SyncStatus = "success"
	SyncFailed  SyncStatus = "failed"
)

// syncContent is the sealed column.
type syncContent struct {
	Object  string `json:"object"`
	Request string `json:"request"`
	Message string `json:"message"`
	About   string `json:"about,omitempty"`
}

func contentOf(id identity.SyncRecordID) string { return "sync_records.content:" + string(id) }

const syncRecordColumns = `id, organization_id, application_id, event, act, status, content, objects, http_status, code, failure, duration,
	attempts, next_at, at`

func (c *conn) scanSyncRecord(scan func(...any) error) (r SyncRecord, err error) {
	var sealed []byte
	var duration, next, when int64
	if err = scan(&r.ID, &r.OrganizationID, &r.ApplicationID, &r.Event, &r.Act, &r.Status, &sealed, &r.Objects, &r.HTTPStatus, &r.Code,
		&r.Failure, &duration, &r.Attempts, &next, &when); err != nil {
		return r, err
	}
	r.Duration, r.NextAt, r.At = milliseconds(duration), at(next), at(when)
	text, err := c.open(sealed, contentOf(r.ID))
	if err != nil {
		return r, err
	}
	var content syncContent
	err = json.Unmarshal(text, &content)
	r.Object, r.Request, r.Message, r.About = content.Object, content.Request, content.Message, content.About
	return r, err
}

// Get returns a record of an application; ok is false where there is none.
func (t SyncRecords) Get(app identity.ApplicationID, id identity.SyncRecordID) (r SyncRecord, ok bool, err error) {
	r, err = one(t.c, t.c.scanSyncRecord, `SELECT `+syncRecordColumns+` FROM sync_records WHERE application_id = $1 AND id = $2`, app, id)
	if fault.KindOf(err) == fault.NotFound {
		return r, false, nil
	}
	return r, err == nil, err
}

// SyncRecordQuery narrows a page of records. Empty fields do not narrow.
type SyncRecordQuery struct {
	Status SyncStatus
	Event  string
	Before identity.SyncRecordID // older than this one
	Limit  int
}

// Page returns up to q.Limit records of an application, newest first.
func (t SyncRecords) Page(app identity.ApplicationID, q SyncRecordQuery) ([]SyncRecord, error) {
	n := &narrow{}
	n.and(`application_id = `, app)
	if q.Status != "" {
		n.and(`status = `, q.Status)
	}
	if q.Event != "" {
		n.and(`event = `, q.Event)
	}
	if q.Before != "" {
		n.and(`id < `, q.Before)
	}
	return list(t.c, t.c.scanSyncRecord, `SELECT `+syncRecordColumns+` FROM sync_records WHERE `+n.all()+
		` ORDER BY id DESC LIMIT `+n.arg(q.Limit), n.args...)
}

// Put adds a record or stores what came of it.
func (t SyncRecords) Put(r SyncRecord) error {
	content, err := json.Marshal(syncContent{r.Object, r.Request, r.Message, r.About})
	if err != nil {
		return err
	}
	_, err = t.c.exec(`INSERT INTO sync_records (`+syncRecordColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (id) DO UPDATE SET status = excluded.status, content = excluded.content, objects = excluded.objects,
			http_status = excluded.http_status, code = excluded.code, failure = excluded.failure, duration = excluded.duration,
			attempts = excluded.attempts, next_at = excluded.next_at, at = excluded.at`,
		r.ID, r.OrganizationID, r.ApplicationID, r.Event, r.Act, r.Status, t.c.box().Seal(content, contentOf(r.ID)), r.Objects,
		r.HTTPStatus, r.Code, r.Failure, r.Duration.Milliseconds(), r.Attempts, ms(r.NextAt), ms(r.At))
	return err
}

// Sweep deletes up to limit records that were made before an instant.
func (t SyncRecords) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM sync_records WHERE id IN (SELECT id FROM sync_records WHERE id < $1 ORDER BY id LIMIT $2)`,
		identity.OldestSyncRecordID(before), limit)
}
