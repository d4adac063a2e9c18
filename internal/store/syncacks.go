package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// SyncAcks is the table of what receivers have acknowledged, an object a row.
// What they were told is sealed; digests of it are keyed.
type SyncAcks struct{ c *conn }

// SyncAck is what a receiver has acknowledged of an object.
type SyncAck struct {
	Kind, Object string
	Digest       []byte // of what it was told, nil when it has to be told again
	Told         string // "" when it was never told
	Refused      []byte // the digest of what it would not take, nil for nothing
	Revoked      bool
	At           time.Time
}

// String keeps what was told out of logs.
func (a SyncAck) String() string { return a.Kind + " " + a.Object }

// GoString keeps what was told out of %#v.
func (a SyncAck) GoString() string { return a.String() }

func toldOf(id identity.ApplicationID, kind, object string) string {
	return "sync_acks.told:" + string(id) + ":" + kind + ":" + object
}

// Digest is the keyed digest of what a receiver is told.
func (t SyncAcks) Digest(kind, text string) []byte { return t.c.box().Digest("sync_acks."+kind, text) }

// Of returns what a receiver has acknowledged of a kind, by object, without what
// it was told.
func (t SyncAcks) Of(id identity.ApplicationID, kind string) (map[string]SyncAck, error) {
	return t.of(`application_id = $1 AND kind = $2`, kind, id, kind)
}

// Between is Of for the objects from one to another.
func (t SyncAcks) Between(id identity.ApplicationID, kind, first, last string) (map[string]SyncAck, error) {
	return t.of(`application_id = $1 AND kind = $2 AND object >= $3 AND object <= $4`, kind, id, kind, first, last)
}

func (t SyncAcks) of(where, kind string, args ...any) (map[string]SyncAck, error) {
	all := map[string]SyncAck{}
	err := t.c.each(`SELECT object, digest, refused, revoked, at FROM sync_acks WHERE `+where, args, func(scan func(...any) error) error {
		a := SyncAck{Kind: kind}
		var when int64
		err := scan(&a.Object, &a.Digest, &a.Refused, &a.Revoked, &when)
		a.At = at(when)
		all[a.Object] = a
		return err
	})
	return all, err
}

// Told returns what a receiver was last told of an object, "" for nothing.
func (t SyncAcks) Told(id identity.ApplicationID, kind, object string) (string, error) {
	var sealed []byte
	err := t.c.row(`SELECT told FROM sync_acks WHERE application_id = $1 AND kind = $2 AND object = $3`, id, kind, object).scan(&sealed)
	if fault.KindOf(err) == fault.NotFound {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return t.c.openText(sealed, toldOf(id, kind, object))
}

// Put notes what a receiver has acknowledged.
func (t SyncAcks) Put(id identity.ApplicationID, a SyncAck) error {
	return t.c.later(`INSERT INTO sync_acks (application_id, kind, object, digest, told, refused, revoked, at)
		VALUES ($1, $2, $3, $4, $5, NULL, $6, $7) ON CONFLICT (application_id, kind, object) DO UPDATE SET digest = excluded.digest,
		told = excluded.told, refused = NULL, revoked = excluded.revoked, at = excluded.at`,
		id, a.Kind, a.Object, a.Digest, t.c.sealText(a.Told, toldOf(id, a.Kind, a.Object)), a.Revoked, ms(a.At))
}

// Refuse notes what a receiver would not take of an object. What it was told
// before stays.
func (t SyncAcks) Refuse(id identity.ApplicationID, a SyncAck) error {
	return t.c.later(`INSERT INTO sync_acks (application_id, kind, object, refused, revoked, at) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (application_id, kind, object) DO UPDATE SET refused = excluded.refused, at = excluded.at`,
		id, a.Kind, a.Object, a.Refused, false, ms(a.At))
}

// questioned stands in place of the digest of what a receiver was told, where it
// may be that or what came after. No digest is like it.
var questioned = []byte{0}

// SyncQuestion is an object of a call whose outcome nobody knows.
type SyncQuestion struct {
	Kind, Object, Told string
	// Changed says that the receiver knows the object in any case: the call was to
	// change it. Else it may or may not know it.
	Changed bool
}

// String keeps what was told out of logs.
func (q SyncQuestion) String() string { return q.Kind + " " + q.Object }

// GoString keeps what was told out of %#v.
func (q SyncQuestion) GoString() string { return q.String() }

// Question notes that a receiver may have taken a call, or not: what the call
// was about is told again, also when it is as it was before.
func (t SyncAcks) Question(id identity.ApplicationID, q SyncQuestion) error {
	if q.Changed {
		if err := t.c.later(`UPDATE sync_acks SET digest = $4 WHERE application_id = $1 AND kind = $2 AND object = $3
			AND digest IS NOT NULL`, id, q.Kind, q.Object, questioned); err != nil {
			return err
		}
	}
	keep := `digest = NULL`
	if q.Changed {
		keep = `digest = sync_acks.digest`
	}
	return t.c.later(`INSERT INTO sync_acks (application_id, kind, object, told, revoked, at) VALUES ($1, $2, $3, $4, $5, 0)
		ON CONFLICT (application_id, kind, object) DO UPDATE SET told = coalesce(sync_acks.told, excluded.told), `+keep,
		id, q.Kind, q.Object, t.c.sealText(q.Told, toldOf(id, q.Kind, q.Object)), false)
}

// Forget removes what is known of an object.
func (t SyncAcks) Forget(id identity.ApplicationID, kind, object string) error {
	return t.c.later(`DELETE FROM sync_acks WHERE application_id = $1 AND kind = $2 AND object = $3`, id, kind, object)
}

// Doubt makes a receiver be told again what it has refused, and with everything
// what it has acknowledged too.
func (t SyncAcks) Doubt(id identity.ApplicationID, everything bool) error {
	query := `UPDATE sync_acks SET refused = NULL WHERE application_id = $1 AND refused IS NOT NULL`
	if everything {
		query = `UPDATE sync_acks SET refused = NULL, digest = NULL WHERE application_id = $1`
	}
	_, err := t.c.exec(query, id)
	return err
}

// DoubtOf is Doubt for an object, or with "*" for all of its kind.
func (t SyncAcks) DoubtOf(id identity.ApplicationID, kind, object string, everything bool) error {
	what := `refused = NULL`
	if everything {
		what = `refused = NULL, digest = NULL`
	}
	return t.c.later(`UPDATE sync_acks SET `+what+` WHERE application_id = $1 AND kind = $2 AND (object = $3 OR $3 = '*')`, id, kind, object)
}

// Admitted is somebody who may enter an application, with the code of their
// department.
type Admitted struct {
	identity.Person
	Department string
}

// Admitted returns up to limit members who are named by an application's rules
// of access, whatever their status, in the order of their identifiers.
func (t SyncAcks) Admitted(app identity.Application, after identity.MemberID, limit int) (all []Admitted, err error) {
	err = t.c.each(`SELECT `+memberColumns+`, `+accountColumns+`, d.code FROM members m JOIN accounts a ON a.id = m.account_id
		JOIN departments d ON d.id = m.department_id WHERE m.organization_id = $1 AND m.id > $2 AND ($4
			OR EXISTS (SELECT 1 FROM application_access x WHERE x.application_id = $3 AND x.kind = 'member' AND x.target_id = m.id)
			OR EXISTS (SELECT 1 FROM application_access x JOIN group_members g ON g.group_id = x.target_id AND g.member_id = m.id
				WHERE x.application_id = $3 AND x.kind = 'group')
			OR EXISTS (SELECT 1 FROM application_access x JOIN departments n ON n.id = x.target_id AND n.organization_id = $1
				WHERE x.application_id = $3 AND x.kind = 'department' AND substr(d.path, 1, length(n.path)) = n.path))
		ORDER BY m.id LIMIT $5`, []any{app.OrganizationID, after, app.ID, app.Access.Everyone, limit},
		func(scan func(...any) error) error {
			var m memberScan
			var a accountScan
			var one Admitted
			err := scan(append(append(m.into(), a.into()...), &one.Department)...)
			if err != nil {
				return err
			}
			if one.Member, err = m.member(); err != nil {
				return err
			}
			one.Account, err = a.account(t.c)
			all = append(all, one)
			return err
		})
	return all, err
}
