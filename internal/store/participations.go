package store

import (
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// Participations is the table of applications that sessions were used for. A
// row outlives its session for a while, so that the report of its end can be
// read; it is not told twice, however often the application was entered.
type Participations struct{ c *conn }

// Join notes that an application was entered in a session, once for each key:
// a repetition changes nothing. A session that was ended is NotFound
// (session_not_found), and nothing is noted: whoever ends a session meanwhile
// waits for the row or is waited for, so that no application is forgotten.
func (t Participations) Join(p identity.Participation) error {
	// Locking the session is what makes the two wait for each other; the update
	// that changes nothing tells a repetition from a session that is over.
	n, err := t.c.exec(`INSERT INTO participations (session_id, application_id, protocol_key, organization_id, member_id, protocol, joined_at)
		SELECT s.id, $2, $3, $4, $5, $6, $7 FROM sessions s WHERE s.id = $1 AND s.ended_at = 0`+t.c.forUpdate()+`
		ON CONFLICT (session_id, application_id, protocol_key) DO UPDATE SET joined_at = participations.joined_at`,
		p.SessionID, p.ApplicationID, p.Key, p.OrganizationID, p.MemberID, p.Protocol, ms(p.JoinedAt))
	if err == nil && n == 0 {
		return errNoSession
	}
	return err
}

// Of returns where a session was used, first entered first.
func (t Participations) Of(session identity.SessionID) ([]identity.Participation, error) {
	return list(t.c, scanParticipation, `SELECT session_id, application_id, protocol_key, organization_id, member_id, protocol, joined_at,
		state, address, attempts, answer, told_at FROM participations WHERE session_id = $1 ORDER BY joined_at, application_id, protocol_key`,
		session)
}

func scanParticipation(scan func(...any) error) (p identity.Participation, err error) {
	var joined, told int64
	n := &p.Notice
	err = scan(&p.SessionID, &p.ApplicationID, &p.Key, &p.OrganizationID, &p.MemberID, &p.Protocol, &joined,
		&n.State, &n.Address, &n.Attempts, &n.Answer, &told)
	p.JoinedAt, n.At = at(joined), at(told)
	return p, err
}

// Tell stores how the sign-out of a participation went. One that was
// delivered or given up stays so: a message that is sent twice reports twice.
func (t Participations) Tell(p identity.Participation) error {
	n := p.Notice
	_, err := t.c.exec(`UPDATE participations SET state = $4, address = $5, attempts = $6, answer = $7, told_at = $8
		WHERE session_id = $1 AND application_id = $2 AND protocol_key = $3 AND state NOT IN ('delivered', 'failed')`,
		p.SessionID, p.ApplicationID, p.Key, n.State, n.Address, n.Attempts, n.Answer, ms(n.At))
	return err
}

// Sweep deletes up to limit participations of sessions whose last possible end
// lies before an instant, or that are gone, and returns how many there were.
func (t Participations) Sweep(before time.Time, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM participations WHERE (session_id, application_id, protocol_key) IN
		(SELECT p.session_id, p.application_id, p.protocol_key FROM participations p
		WHERE p.joined_at < $1 AND NOT EXISTS (SELECT 1 FROM sessions s WHERE s.id = p.session_id AND s.ends_at >= $1)
		ORDER BY p.joined_at LIMIT $2)`, ms(before), limit)
}
