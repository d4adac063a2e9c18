package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Reports is the tables of what was counted in the log. What they hold can be
// counted again.
type Reports struct{ c *conn }

// ReportProgress is how far the log was counted.
type ReportProgress struct {
	Zone  string           // whose days were counted, "" before anything was
	After identity.EventID // the last event that counts
	Until time.Time        // what happened before this instant counts
}

// Progress returns how far the log was counted, zero for not at all.
func (t Reports) Progress() (ReportProgress, error) {
	p, err := one(t.c, func(scan func(...any) error) (p ReportProgress, err error) {
		var until int64
		err = scan(&p.Zone, &p.After, &until)
		p.Until = at(until)
		return p, err
	}, `SELECT zone, after_id, until FROM report_progress WHERE id = 'events'`)
	if fault.Is(err, fault.CodeNotFound) {
		return ReportProgress{}, nil
	}
	return p, err
}

// Advance notes that the log was counted from one point to another. When it was
// counted from the first meanwhile it is Stale: nothing counts twice.
func (t Reports) Advance(from, to ReportProgress) error {
	return stale(t.c.exec(`INSERT INTO report_progress (id, zone, after_id, until) VALUES ('events', $1, $2, $3)
		ON CONFLICT (id) DO UPDATE SET zone = excluded.zone, after_id = excluded.after_id, until = excluded.until
		WHERE report_progress.zone = $4 AND report_progress.after_id = $5`, to.Zone, to.After, ms(to.Until), from.Zone, from.After))
}

// TallySlot is what a tally is about.
type TallySlot struct {
	Organization identity.OrganizationID
	Dimension    identity.Dimension
	Day          identity.Day // the first of the period
	ClientID     string       // of an application, "" for the whole organisation
}

// Tally is what was counted in a period.
type Tally struct {
	SignIns    int64 // into the organisation, or entries of the application
	People     int64 // how many different members these were
	Registered int64 // who became a member
	Removed    int64 // who ceased to be one
}

// Add adds to what was counted. Of an organisation that is gone nothing is kept.
func (t Reports) Add(s TallySlot, more Tally) error {
	_, err := t.c.exec(`INSERT INTO report_tallies (organization_id, dimension, day, client_id, sign_ins, people, registered, removed)
		SELECT o.id, $2, $3, $4, $5, $6, $7, $8 FROM organizations o WHERE o.id = $1
		ON CONFLICT (organization_id, dimension, day, client_id) DO UPDATE SET sign_ins = report_tallies.sign_ins + excluded.sign_ins,
		people = report_tallies.people + excluded.people, registered = report_tallies.registered + excluded.registered,
		removed = report_tallies.removed + excluded.removed`,
		s.Organization, s.Dimension, s.Day, s.ClientID, more.SignIns, more.People, more.Registered, more.Removed)
	return err
}

// Meet notes who was met in a period and returns how many of them for the first
// time in it.
func (t Reports) Meet(s TallySlot, members []identity.MemberID) (int64, error) {
	rows := make([][]any, len(members))
	for i, id := range members {
		rows[i] = []any{s.Dimension, s.Day, s.Organization, s.ClientID, id}
	}
	return t.c.insertMany(`report_people (dimension, day, organization_id, client_id, member_id)`, `ON CONFLICT DO NOTHING`, rows)
}

// TallyQuery says which periods are wanted.
type TallyQuery struct {
	Organization identity.OrganizationID // "" for all together
	Dimension    identity.Dimension
	From, To     identity.Day // the first days of the first and of the last period
}

func (q TallyQuery) narrow() *narrow {
	n := &narrow{}
	n.and(`t.dimension = `, q.Dimension)
	n.and(`t.day >= `, q.From)
	n.and(`t.day <= `, q.To)
	if q.Organization != "" {
		n.and(`t.organization_id = `, q.Organization)
	}
	return n
}

// Tallies returns what was counted of people, by the first days of the periods;
// one in which nothing happened is missing.
func (t Reports) Tallies(q TallyQuery) (map[identity.Day]Tally, error) {
	n := q.narrow()
	n.also(`t.client_id = ''`)
	found := map[identity.Day]Tally{}
	err := t.c.each(`SELECT t.day, CAST(sum(t.sign_ins) AS BIGINT), CAST(sum(t.people) AS BIGINT), CAST(sum(t.registered) AS BIGINT),
		CAST(sum(t.removed) AS BIGINT) FROM report_tallies t WHERE `+n.all()+` GROUP BY t.day`, n.args, func(scan func(...any) error) error {
		var day identity.Day
		var x Tally
		err := scan(&day, &x.SignIns, &x.People, &x.Registered, &x.Removed)
		found[day] = x
		return err
	})
	return found, err
}

// ApplicationTally is what was counted of an application in a period.
type ApplicationTally struct {
	Tally
	Day      identity.Day
	ClientID string
	Name     string // what it is called now, "" when it is gone
}

// Applications returns what was counted of the applications of an organisation
// that were entered, by client id and period.
func (t Reports) Applications(q TallyQuery) ([]ApplicationTally, error) {
	n := q.narrow()
	n.also(`t.client_id <> ''`)
	return list(t.c, func(scan func(...any) error) (x ApplicationTally, err error) {
		return x, scan(&x.Day, &x.ClientID, &x.SignIns, &x.People, &x.Name)
	}, `SELECT t.day, t.client_id, t.sign_ins, t.people, coalesce(a.name, '') FROM report_tallies t
		LEFT JOIN applications a ON a.client_id = t.client_id AND a.organization_id = t.organization_id WHERE `+n.all()+
		` ORDER BY t.client_id, t.day`, n.args...)
}

// OrganizationTally is what was counted of an organisation in a period, and how
// many members it has now.
type OrganizationTally struct {
	Tally
	ID      identity.OrganizationID
	Code    string
	Name    string
	Members int64
}

// Organizations returns a page of what was counted in the period that begins on
// a day, organisation by organisation after one.
func (t Reports) Organizations(d identity.Dimension, day identity.Day, s Slice) ([]OrganizationTally, error) {
	return list(t.c, func(scan func(...any) error) (x OrganizationTally, err error) {
		return x, scan(&x.ID, &x.Code, &x.Name, &x.Members, &x.SignIns, &x.People, &x.Registered, &x.Removed)
	}, `SELECT o.id, o.code, o.name, c.members, coalesce(t.sign_ins, 0), coalesce(t.people, 0), coalesce(t.registered, 0), coalesce(t.removed, 0)
		FROM organizations o JOIN organization_counts c ON c.organization_id = o.id
		LEFT JOIN report_tallies t ON t.organization_id = o.id AND t.dimension = $1 AND t.day = $2 AND t.client_id = ''
		WHERE o.id > $3 ORDER BY o.id LIMIT $4`, d, day, s.After, s.Limit)
}

// Grown is by how many members an organisation, or with "" all together, grew
// after a day.
func (t Reports) Grown(org identity.OrganizationID, day identity.Day) (n int64, err error) {
	err = t.c.row(`SELECT CAST(coalesce(sum(registered - removed), 0) AS BIGINT) FROM report_tallies
		WHERE dimension = 'day' AND day > $1 AND client_id = '' AND ($2 = '' OR organization_id = $2)`, day, org).scan(&n)
	return n, err
}

// Standing is how many members an organisation, or with "" all together, has at
// the moment, and how many of them have ever come in.
func (t Reports) Standing(org identity.OrganizationID) (people, activated int64, err error) {
	const counts = `SELECT count(*), CAST(coalesce(sum(CASE WHEN activated_at <> 0 THEN 1 ELSE 0 END), 0) AS BIGINT) FROM members`
	if org == "" {
		err = t.c.row(counts).scan(&people, &activated)
	} else {
		err = t.c.row(counts+` WHERE organization_id = $1`, org).scan(&people, &activated)
	}
	return people, activated, err
}

// SweepPeople deletes up to limit rows of who was met in periods that began
// before a day, and returns how many there were.
func (t Reports) SweepPeople(d identity.Dimension, before identity.Day, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM report_people WHERE (dimension, day, organization_id, client_id, member_id) IN
		(SELECT dimension, day, organization_id, client_id, member_id FROM report_people WHERE dimension = $1 AND day < $2 LIMIT $3)`,
		d, before, limit)
}

// SweepTallies deletes up to limit tallies of periods that began before a day,
// and returns how many there were.
func (t Reports) SweepTallies(d identity.Dimension, before identity.Day, limit int) (int64, error) {
	return t.c.exec(`DELETE FROM report_tallies WHERE (organization_id, dimension, day, client_id) IN
		(SELECT organization_id, dimension, day, client_id FROM report_tallies WHERE dimension = $1 AND day < $2 LIMIT $3)`, d, before, limit)
}
