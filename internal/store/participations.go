package store

import (
	"cmp"
	"time"

	"github.com/orgate/orgate/internal/fault"
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
	n, err := t.c.exec(`INSERT INTO participations (session_id, application_id, protocol_key, organization_id, member_id, protocol, joined_at,
		service, ticket) SELECT s.id, $2, $3, $4, $5, $6, $7, $8, $9 FROM sessions s WHERE s.id = $1 AND s.ended_at = 0`+t.c.forUpdate()+`
		ON CONFLICT (session_id, application_id, protocol_key) DO UPDATE SET joined_at = participations.joined_at`,
		p.SessionID, p.ApplicationID, p.Key, p.OrganizationID, p.MemberID, p.Protocol, ms(p.JoinedAt), p.Service, t.seal(p))
	if err == nil && n == 0 {
		return errNoSession
	}
	return err
}

// seal writes by what the application knows the entry; nil for nothing.
func (t Participations) seal(p identity.Participation) []byte {
	if p.Ticket == "" {
		return nil
	}
	return t.c.box().Seal([]byte(p.Ticket), ticketContext(p))
}

// ticketContext binds a sealed ticket to its row.
func ticketContext(p identity.Participation) string {
	return "participations.ticket:" + string(p.SessionID) + ":" + string(p.ApplicationID) + ":" + p.Key
}

// Trim forgets the older entries of an application in a session that lives, but
// for a number of them. Keys have to be in the order of time.
func (t Participations) Trim(p identity.Participation, keep int) error {
	return t.c.later(`DELETE FROM participations WHERE session_id = $1 AND application_id = $2 AND state = '' AND protocol_key <=
		(SELECT x.protocol_key FROM participations x WHERE x.session_id = $1 AND x.application_id = $2
		ORDER BY x.protocol_key DESC LIMIT 1 OFFSET $3)`, p.SessionID, p.ApplicationID, keep)
}

// Entered is a participation with what its application is called now and where
// it wishes to be told of the end; all are "" when the application is gone.
type Entered struct {
	identity.Participation
	Name      string
	ClientID  string
	NoticeURL string
	ExitURL   string

	settings identity.Application // no more of it than is read whole
}

// LeadsOut reports whether somebody who signs out may be sent to an address for
// the application's sake.
func (e Entered) LeadsOut(address string) bool { return e.settings.LeadsOut(address) }

const enteredSelect = `SELECT p.session_id, p.application_id, p.protocol_key, p.organization_id, p.member_id, p.protocol, p.joined_at,
	p.state, p.address, p.attempts, p.answer, p.told_at, p.service, coalesce(a.name, ''), coalesce(a.client_id, ''), coalesce(a.settings, '')
	FROM participations p LEFT JOIN applications a ON a.id = p.application_id `

// Of returns where a session was used, first entered first.
func (t Participations) Of(session identity.SessionID) ([]Entered, error) {
	return list(t.c, scanEntered, enteredSelect+`WHERE p.session_id = $1 ORDER BY p.joined_at, p.application_id, p.protocol_key`, session)
}

// OfLive returns where the sessions of an account were used whose own time has
// not run out.
func (t Participations) OfLive(account identity.AccountID) ([]Entered, error) {
	return list(t.c, scanEntered, enteredSelect+`JOIN sessions s ON s.id = p.session_id
		WHERE s.account_id = $1 AND s.ended_at = 0 AND s.idle_ends_at > $2 AND s.ends_at > $2
		ORDER BY p.joined_at, p.application_id, p.protocol_key`, account, ms(t.c.tx.now))
}

var errNoParticipation = fault.New(fault.NotFound, fault.CodeSessionNotFound)

// Get returns one participation with its ticket, or NotFound.
func (t Participations) Get(p identity.Participation) (Entered, error) {
	e, err := found(t.c, errNoParticipation, scanEntered, enteredSelect+`WHERE p.session_id = $1 AND p.application_id = $2 AND p.protocol_key = $3`,
		p.SessionID, p.ApplicationID, p.Key)
	if err != nil || e.Service == "" {
		return e, err
	}
	var sealed []byte
	err = t.c.row(`SELECT ticket FROM participations WHERE session_id = $1 AND application_id = $2 AND protocol_key = $3`,
		p.SessionID, p.ApplicationID, p.Key).scan(&sealed)
	if err == nil {
		e.Ticket, err = t.c.openText(sealed, ticketContext(p))
	}
	return e, err
}

func scanEntered(scan func(...any) error) (e Entered, err error) {
	var joined, told int64
	var settings string
	n := &e.Notice
	err = scan(&e.SessionID, &e.ApplicationID, &e.Key, &e.OrganizationID, &e.MemberID, &e.Protocol, &joined,
		&n.State, &n.Address, &n.Attempts, &n.Answer, &told, &e.Service, &e.Name, &e.ClientID, &settings)
	e.JoinedAt, n.At = at(joined), at(told)
	if err != nil || settings == "" {
		return e, err
	}
	var a identity.Application
	if err = readApplicationSettings(settings, &a); err != nil {
		return e, err
	}
	e.ExitURL, e.settings = a.ExitURL, a
	switch {
	case a.OAuth != nil:
		e.NoticeURL = a.OAuth.BackchannelURL
	case a.CAS != nil && a.CAS.SingleLogout:
		e.NoticeURL = cmp.Or(a.CAS.LogoutURL, e.Service)
	}
	return e, nil
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
