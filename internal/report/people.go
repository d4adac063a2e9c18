package report

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Query says which periods are told of.
type Query struct {
	Dimension identity.Dimension
	Count     int          // how many periods, 0 for as many as there may be
	To        identity.Day // a day of the last one, 0 for today; one to come is today
}

// Head is what every report begins with.
type Head struct {
	Zone      string
	At        time.Time // of the report
	Until     time.Time // what happened before this instant was counted; zero before anything was
	Dimension identity.Dimension
	Days      []identity.Day // the first days of the periods, oldest first
}

// Last is the last day of the i-th period.
func (h Head) Last(i int) identity.Day { return h.Dimension.Next(h.Days[i], 1) - 1 }

// PeopleReport tells who there is and who comes.
type PeopleReport struct {
	Head
	People    int64 // at the moment
	Activated int64 // of them, who has ever come in
	Periods   []PeopleOf
}

// PeopleOf is what happened in a period. People is how many there were at its
// end, or are by now.
type PeopleOf struct {
	People     int64
	Active     int64 // who signed in, each once
	SignIns    int64
	Registered int64
	Removed    int64
}

// People reports on the members of an organisation, or with "" of all together.
// A dimension that there is none of, or more periods than are shown of it, are
// refused (field_choice, field_range).
func (r *Reports) People(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q Query) (p PeopleReport, err error) {
	if err := access.Allow(actor, access.ReadReports, org); err != nil {
		return p, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		if p.Head, err = headOf(tx, q); err != nil {
			return err
		}
		if p.People, p.Activated, err = tx.Reports.Standing(org); err != nil {
			return err
		}
		counted, err := tx.Reports.Tallies(p.within(org))
		if err != nil {
			return err
		}
		// How many there were is told from how many there are: the end that people
		// compare with a list is always right.
		grown, err := tx.Reports.Grown(org, p.Last(len(p.Days)-1))
		if err != nil {
			return err
		}
		p.Periods = make([]PeopleOf, len(p.Days))
		people := p.People - grown
		for i := len(p.Days) - 1; i >= 0; i-- {
			x := counted[p.Days[i]]
			p.Periods[i] = PeopleOf{People: max(people, 0), Active: x.People, SignIns: x.SignIns, Registered: x.Registered, Removed: x.Removed}
			people -= x.Registered - x.Removed
		}
		return nil
	})
	return p, err
}

// headOf checks a query and names its periods.
func headOf(tx *store.Tx, q Query) (h Head, err error) {
	most := q.Dimension.Most()
	switch {
	case most == 0:
		return h, fault.New(fault.Invalid, fault.CodeFieldChoice).At("dimension").With("choices", "day, week, month")
	case q.Count < 0 || q.Count > most:
		return h, fault.New(fault.Invalid, fault.CodeFieldRange).At("count").With("min", 1).With("max", most)
	case q.Count == 0:
		q.Count = most
	}
	zone, err := zoneOf(tx)
	if err != nil {
		return h, err
	}
	location, err := loadZone(zone.Name)
	if err != nil {
		return h, err
	}
	progress, err := tx.Reports.Progress()
	if err != nil {
		return h, err
	}
	h = Head{Zone: zone.Name, At: tx.Now(), Dimension: q.Dimension}
	if progress.Zone == zone.Name {
		h.Until = progress.Until
	}
	today := identity.DayOf(h.At, location)
	if q.To <= 0 || q.To > today {
		q.To = today
	}
	last := q.Dimension.First(q.To)
	for i := q.Count - 1; i >= 0; i-- {
		h.Days = append(h.Days, q.Dimension.Next(last, -i))
	}
	return h, nil
}

func (h Head) within(org identity.OrganizationID) store.TallyQuery {
	return store.TallyQuery{Organization: org, Dimension: h.Dimension, From: h.Days[0], To: h.Days[len(h.Days)-1]}
}

// Page is a part of a list of organisations; surfaces name it from here.
type Page = store.Slice

// OrganizationUse is what was counted of an organisation in a period.
type OrganizationUse = store.OrganizationTally

// OrganizationsReport tells of one period, organisation by organisation.
type OrganizationsReport struct {
	Head
	Organizations []OrganizationUse
}

// Organizations reports on one period of every organisation, a page after one
// of them. The query's count is 1.
func (r *Reports) Organizations(ctx context.Context, actor identity.Actor, q Query, page Page) (o OrganizationsReport, err error) {
	if err := access.Allow(actor, access.ReadReports, ""); err != nil {
		return o, err
	}
	q.Count = 1
	err = r.db.View(ctx, func(tx *store.Tx) error {
		if o.Head, err = headOf(tx, q); err != nil {
			return err
		}
		o.Organizations, err = tx.Reports.Organizations(o.Dimension, o.Days[0], page)
		return err
	})
	return o, err
}
