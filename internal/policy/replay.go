package policy

import (
	"context"
	"net/netip"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// ReplayDays is how far back entries are asked about.
	ReplayDays = 7
	// replayStretches bounds how much of the log is looked through: half a million
	// events, which are some seconds of reading.
	replayStretches = 50
)

// Replay asks a draft about the entries of the last days, as they are in the log.
// Fields beyond the draft choose the page of those whom it would not have let in
// as they came.
type Replay struct {
	Draft       Draft
	OldestFirst bool
	After       identity.EventID // the last one of the page before, "" for the first
	Limit       int
}

// Replayed is what a draft says of what happened.
type Replayed struct {
	Since, Until  time.Time // what was looked through
	Complete      bool      // that is all of the days; a very long log is cut at its old end
	Entries       int       // of members, however they came
	Unplaced      int       // of which the log has no address: they lie in no region
	Stopped       int       // the draft says deny
	Asked         int       // it wants a second proof, and none had been given
	PeopleStopped int       // different members
	PeopleAsked   int
	// Met is the page of what was stopped or asked, with one more than the limit
	// where more follow.
	Met []Met
}

// Met is an entry that the draft would not have let in as it was.
type Met struct {
	Event    identity.EventID // of the log
	At       time.Time
	Member   identity.MemberID
	Name     string     // of the member, "" for one who is gone
	Address  netip.Addr // from which they entered, invalid where it is not known
	Decision identity.PolicyDecision
	Policy   string // the name of the one that decides, "" for the default
}

// Replay tells what a draft would have said of the entries into an application
// in the last seven days, judged at their instant, from their address, and with
// the second proof that had been given. It changes nothing. Whoever may change the
// application may ask. Faults: those of identity.AccessPolicy and
// region_not_found, at their place in the list; policy_exists, policy_limit.
func (p *Policies) Replay(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, q Replay) (r Replayed, err error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return r, err
	}
	var rules identity.AccessRules
	err = p.db.View(ctx, func(tx *store.Tx) error {
		of, err := load(tx, actor, aim{org, clientID, 0})
		if err != nil {
			return err
		}
		r.Until = tx.Now()
		rules, err = q.Draft.rules(tx, of.control)
		return err
	})
	if err != nil {
		return r, err
	}
	t := tally{Replayed: r, q: q, judge: rules.Judging(), stopped: people{}, asked: people{}}
	t.Since = r.Until.AddDate(0, 0, -ReplayDays)
	if err := p.reread(ctx, org, clientID, &t); err != nil {
		return r, err
	}
	r = t.done()
	return r, p.names(ctx, org, r.Met)
}

// reread hands the entries of the log to a tally, newest first, stretch by
// stretch: no transaction lasts for all of them.
func (p *Policies) reread(ctx context.Context, org identity.OrganizationID, clientID string, t *tally) error {
	search := store.EventSearch{
		EventQuery: store.EventQuery{Organization: org, Limit: store.EventsAtOnce}, From: t.Since, Actor: clientID,
		Types: []string{string(audit.GrantIssued), string(audit.ServiceEntered)},
	}
	for range replayStretches {
		var found []identity.Event
		var next identity.EventID
		err := p.db.View(ctx, func(tx *store.Tx) (err error) {
			found, next, err = tx.Events.Search(search)
			return err
		})
		if err != nil {
			return err
		}
		for _, e := range found {
			// A search by actor finds names, too.
			if e.ActorKind == identity.ActsAsApplication && e.ActorID == clientID {
				t.count(e)
			}
		}
		if next == "" {
			t.Complete = true
			return nil
		}
		search.Before = next
		if n := len(found); n > 0 {
			t.reached = found[n-1].At
		}
	}
	if !t.reached.IsZero() {
		t.Since = t.reached
	}
	return nil
}

// names finds who was met.
func (p *Policies) names(ctx context.Context, org identity.OrganizationID, all []Met) error {
	known := map[identity.MemberID]string{}
	return p.db.View(ctx, func(tx *store.Tx) error {
		for i := range all {
			id := all[i].Member
			name, seen := known[id]
			if !seen {
				person, err := tx.Members.Get(org, id)
				if err != nil && fault.KindOf(err) != fault.NotFound {
					return err
				}
				name = person.Member.Name
				known[id] = name
			}
			all[i].Name = name
		}
		return nil
	})
}

// people are different members.
type people map[identity.MemberID]bool

// tally counts entries and keeps one page of them, however many there are.
type tally struct {
	Replayed
	q              Replay
	judge          func(identity.Circumstances) identity.Judgment
	stopped, asked people
	reached        time.Time
}

// count judges an entry anew.
func (t *tally) count(e identity.Event) {
	m := Met{Event: e.ID, At: e.At, Member: identity.MemberID(e.Details["member"])}
	if m.Member == "" {
		return
	}
	t.Entries++
	var err error
	if m.Address, err = netip.ParseAddr(e.Details["address"]); err != nil {
		t.Unplaced++
	}
	j := t.judge(identity.Circumstances{At: e.At, Address: m.Address})
	if j.Passes(e.Details["verified"] == "true") {
		return
	}
	m.Decision, m.Policy = j.Decision, j.Policy.Name
	if j.Decision == identity.PolicyVerify {
		t.Asked++
		t.asked[m.Member] = true
	} else {
		t.Stopped++
		t.stopped[m.Member] = true
	}
	t.keep(m)
}

// keep keeps what belongs to the page, of entries that come newest first.
func (t *tally) keep(m Met) {
	switch full := len(t.Met) > t.q.Limit; {
	case t.q.OldestFirst && m.Event > t.q.After:
		if full {
			t.Met = slices.Delete(t.Met, 0, 1)
		}
		t.Met = append(t.Met, m)
	case !t.q.OldestFirst && !full && (t.q.After == "" || m.Event < t.q.After):
		t.Met = append(t.Met, m)
	}
}

func (t *tally) done() Replayed {
	if t.q.OldestFirst {
		slices.Reverse(t.Met)
	}
	t.PeopleStopped, t.PeopleAsked = len(t.stopped), len(t.asked)
	return t.Replayed
}
