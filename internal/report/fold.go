package report

import (
	"context"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/job"
	"github.com/orgate/orgate/internal/store"
)

const (
	foldEvery = time.Minute
	// settle is how old an event is before it counts. An event has the instant at
	// which its transaction began: one that is written later than another may
	// have the earlier place in the log. No transaction lasts that long, and no
	// two nodes' clocks are that far apart.
	settle  = 5 * time.Minute
	stretch = 500 // events counted in one transaction
	sweeps  = 250 // rows deleted in one transaction
	// reach is how many months back is counted where nothing was counted yet: as
	// many as are shown.
	reach = 6
	keep  = 400 // days for which sums are kept
)

// Job is the job that counts what came into the log.
func (r *Reports) Job() job.Job { return job.Func("reports", foldEvery, r.fold) }

// fold counts all that has settled, stretch by stretch. Each stretch and how
// far the log was counted are stored together: what breaks off goes on where
// it was.
func (r *Reports) fold(ctx context.Context) error {
	for {
		p, err := r.step(ctx)
		if err != nil {
			return err
		}
		if !p.restart && len(p.events) < stretch {
			return r.sweep(ctx, p)
		}
	}
}

// plan is what there is to do next.
type plan struct {
	zone    *time.Location
	from    store.ReportProgress
	to      store.ReportProgress
	restart bool // nothing was counted yet in the days of the zone
	events  []identity.Event
}

// step does what there is to do next.
func (r *Reports) step(ctx context.Context) (p plan, err error) {
	if p, err = r.look(ctx); err != nil {
		return p, err
	}
	if p.restart {
		return p, r.restart(ctx, p)
	}
	t := newTallies(p.zone)
	for _, e := range p.events {
		t.count(e)
	}
	return p, r.db.Act(ctx, store.ActReport, func(tx *store.Tx) error {
		if err := t.store(tx); err != nil {
			return err
		}
		return tx.Reports.Advance(p.from, p.to)
	})
}

// look reads how far the log was counted and what follows there.
func (r *Reports) look(ctx context.Context) (p plan, err error) {
	err = r.db.View(ctx, func(tx *store.Tx) error {
		zone, err := zoneOf(tx)
		if err != nil {
			return err
		}
		if p.zone, err = loadZone(zone.Name); err != nil {
			return err
		}
		if p.from, err = tx.Reports.Progress(); err != nil {
			return err
		}
		if p.from.Zone != zone.Name {
			start := identity.ByMonth.Next(identity.ByMonth.First(identity.DayOf(tx.Now(), p.zone)), -reach).Begins(p.zone)
			p.restart, p.to = true, store.ReportProgress{Zone: zone.Name, After: identity.OldestEventID(start), Until: start}
			return nil
		}
		until := tx.Now().Add(-settle)
		end := identity.OldestEventID(until)
		if p.events, err = tx.Events.Between(p.from.After, end, stretch); err != nil {
			return err
		}
		p.to = store.ReportProgress{Zone: zone.Name, After: max(end, p.from.After), Until: later(until, p.from.Until)}
		if len(p.events) == stretch {
			last := p.events[stretch-1]
			p.to.After, p.to.Until = last.ID, last.At
		}
		return nil
	})
	return p, err
}

// later is the later of two instants: a clock that was set back uncounts
// nothing.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// restart forgets all that was counted, in slices, and begins anew.
func (r *Reports) restart(ctx context.Context, p plan) error {
	const ever = identity.Day(1) << 40
	if err := r.forget(ctx, func(identity.Dimension) (people, tallies identity.Day) { return ever, ever }); err != nil {
		return err
	}
	return r.db.Act(ctx, store.ActReport, func(tx *store.Tx) error { return tx.Reports.Advance(p.from, p.to) })
}

// sweep forgets who was met in periods that are over, and old sums.
func (r *Reports) sweep(ctx context.Context, p plan) error {
	counted := identity.DayOf(p.to.Until, p.zone)
	return r.forget(ctx, func(d identity.Dimension) (people, tallies identity.Day) {
		return d.First(counted), d.First(counted - keep)
	})
}

// forget deletes people and sums of what began before days.
func (r *Reports) forget(ctx context.Context, before func(identity.Dimension) (people, tallies identity.Day)) error {
	for _, d := range identity.Dimensions() {
		people, tallies := before(d)
		for _, slice := range []func(tx *store.Tx) (int64, error){
			func(tx *store.Tx) (int64, error) { return tx.Reports.SweepPeople(d, people, sweeps) },
			func(tx *store.Tx) (int64, error) { return tx.Reports.SweepTallies(d, tallies, sweeps) },
		} {
			for n := int64(sweeps); n == sweeps; {
				err := r.db.Act(ctx, store.ActReport, func(tx *store.Tx) (err error) {
					n, err = slice(tx)
					return err
				})
				if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// fact is what an event tells of an organisation.
type fact struct {
	member   identity.MemberID // who came in, "" for nobody
	clientID string            // into which application, "" for the organisation
	store.Tally
}

// factOf reads an event; the zero fact counts nothing.
func factOf(e identity.Event) (f fact) {
	switch audit.Type(e.Type) {
	case audit.SignedIn, audit.SessionStarted, audit.SessionRenewed:
		if e.ActorKind == identity.ActsAsMember {
			f.member, f.SignIns = identity.MemberID(e.ActorID), 1
		}
	case audit.GrantIssued, audit.ServiceEntered:
		if member := e.Details["member"]; member != "" && e.ActorID != "" {
			f.member, f.clientID, f.SignIns = identity.MemberID(member), e.ActorID, 1
		}
	case audit.MemberAdded, audit.MemberAutoCreated:
		f.Registered = 1
	case audit.MembersImported:
		f.Registered, _ = strconv.ParseInt(e.Details["created"], 10, 64)
	case audit.OrganizationAdded:
		if e.Details["owner"] != "" {
			f.Registered = 1
		}
	case audit.RequestApproved:
		if e.Details["kind"] == string(identity.RequestJoin) {
			f.Registered = 1
		}
	case audit.MemberRemoved, audit.MemberLeft:
		f.Removed = 1
	}
	return f
}

// tallies is what a stretch of the log adds.
type tallies struct {
	zone  *time.Location
	order []store.TallySlot // first met first
	sums  map[store.TallySlot]*sum
}

type sum struct {
	store.Tally
	met     map[identity.MemberID]bool
	members []identity.MemberID
}

func newTallies(zone *time.Location) *tallies {
	return &tallies{zone: zone, sums: map[store.TallySlot]*sum{}}
}

// count adds what an event tells to the day, the week and the month in which it
// happened.
func (t *tallies) count(e identity.Event) {
	f := factOf(e)
	if e.OrganizationID == "" || f == (fact{}) {
		return
	}
	day := identity.DayOf(e.At, t.zone)
	for _, d := range identity.Dimensions() {
		slot := store.TallySlot{Organization: e.OrganizationID, Dimension: d, Day: d.First(day), ClientID: f.clientID}
		s := t.sums[slot]
		if s == nil {
			s = &sum{met: map[identity.MemberID]bool{}}
			t.sums[slot], t.order = s, append(t.order, slot)
		}
		s.SignIns, s.Registered, s.Removed = s.SignIns+f.SignIns, s.Registered+f.Registered, s.Removed+f.Removed
		if f.member != "" && !s.met[f.member] {
			s.met[f.member], s.members = true, append(s.members, f.member)
		}
	}
}

// store adds it to what is stored.
func (t *tallies) store(tx *store.Tx) error {
	for _, slot := range t.order {
		s := t.sums[slot]
		n, err := tx.Reports.Meet(slot, s.members)
		if err != nil {
			return err
		}
		s.People = n
		if err := tx.Reports.Add(slot, s.Tally); err != nil {
			return err
		}
	}
	return nil
}
