package provision

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// pollEvery is how long a receiver that is busy is left in peace, and
	// maxPolls how often it is asked before that counts as a failure.
	pollEvery = 10 * time.Second
	maxPolls  = 30
	// leaseFor is how long an application waits for another node after the one
	// that told it was killed: longer than a call and what is noted of it take.
	leaseFor = 30 * time.Second
	// maxRefused is how many people of one push a receiver may refuse one by one
	// before that counts as a failure of the whole.
	maxRefused = 20
	// Between two calls a push rests so many times as long as it worked on the one
	// before, without what it waited for the receiver: of one processor it takes a
	// tenth, so that nobody who signs in meanwhile notices.
	restPerWork = 9
	restAtMost  = time.Second
	// maxRounds of comparing and telling are made in one push.
	maxRounds = 100
)

// pauses are how long after each failure a call is made again (OrgID, G.6).
// After the last of them it goes on in the last one's pace: whoever comes back
// after a day finds what was missed.
var pauses = [...]time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour}

// sending is one push to one receiver, under a lease.
type sending struct {
	p       *Syncs
	app     identity.Application
	sync    identity.Sync
	org     identity.Organization
	state   store.SyncState
	refused int
	waited  time.Duration // for the receiver, in all calls
}

// push tells an application all that it does not know, until it knows or a call
// fails. It reports false when somebody else tells it.
func (p *Syncs) push(ctx context.Context, target store.SyncTarget) (bool, error) {
	s := sending{p: p, app: identity.Application{ID: target.ApplicationID}}
	ok := false
	err := p.db.Act(ctx, store.ActSync, func(tx *store.Tx) (err error) {
		if ok, err = tx.SyncStates.Lease(target.ApplicationID, p.options.Node, tx.Now().Add(leaseFor)); err != nil || !ok {
			return err
		}
		s.state, err = tx.SyncStates.Get(target.ApplicationID)
		return err
	})
	if err != nil || !ok {
		return false, err
	}
	if err := s.takeUp(ctx); err != nil {
		return false, err
	}
	for range maxRounds {
		going, err := s.round(ctx, target)
		if err != nil || !going {
			return true, err
		}
	}
	return true, s.note(ctx, time.Time{}, nil)
}

// round compares and tells once. going says that there may be more.
func (s *sending) round(ctx context.Context, target store.SyncTarget) (going bool, err error) {
	var wanted plan
	err = s.p.db.View(ctx, func(tx *store.Tx) (err error) {
		if s.app, err = tx.Applications.Get(target.OrganizationID, target.ApplicationID); err != nil {
			return err
		}
		if s.sync, err = tx.ApplicationSyncs.Get(target.OrganizationID, target.ApplicationID); err != nil || !s.sync.Enabled {
			return err
		}
		if s.org, err = tx.Organizations.Get(target.OrganizationID); err != nil {
			return err
		}
		wanted, err = s.p.newPlan(tx, s.app, s.sync)
		return err
	})
	if err != nil {
		return false, err
	}
	if !s.sync.Enabled {
		return false, s.note(ctx, time.Time{}, nil)
	}
	if len(wanted.steps) == 0 {
		return false, s.settle(ctx, wanted.forget)
	}
	for i, one := range wanted.steps {
		begun, waited := s.p.options.Now(), s.waited
		if going, err := s.step(ctx, one); err != nil || !going {
			return false, err
		}
		if i < len(wanted.steps)-1 {
			s.rest(ctx, s.p.options.Now().Sub(begun)-(s.waited-waited))
		}
	}
	return true, nil
}

// rest leaves the machine to others after some work. Where ctx ends it returns at
// once, and the next step sees it.
func (s *sending) rest(ctx context.Context, worked time.Duration) {
	select {
	case <-time.After(restAfter(worked)):
	case <-ctx.Done():
	}
}

// restAfter is how long a push rests after some work.
func restAfter(worked time.Duration) time.Duration {
	return min(max(worked, 0)*restPerWork, restAtMost)
}

// settle notes that the receiver knows everything.
func (s *sending) settle(ctx context.Context, forget []ack) error {
	return s.note(ctx, time.Time{}, func(tx *store.Tx) error {
		s.state = store.SyncState{SettledAt: tx.Now()}
		for _, one := range forget {
			if err := tx.SyncAcks.Forget(s.app.ID, one.Kind, one.Object); err != nil {
				return err
			}
		}
		return nil
	})
}

// note stores how far it has come, in one transaction with what else is to be
// stored. The lease lives on until an instant; the zero one gives it back.
func (s *sending) note(ctx context.Context, until time.Time, also func(tx *store.Tx) error) error {
	return s.p.db.Act(ctx, store.ActSync, func(tx *store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		ok, err := tx.SyncStates.Put(s.app.ID, s.state, s.p.options.Node, until)
		if err == nil && !ok {
			return errLost
		}
		return err
	})
}

// step makes one call and notes what came of it.
func (s *sending) step(ctx context.Context, one step) (going bool, err error) {
	f, err := s.fields(one)
	if err != nil {
		return false, err
	}
	if err := s.announce(ctx, one); err != nil {
		return false, err
	}
	o := s.p.post(ctx, s.sync, one.event, f)
	s.waited += o.Duration
	select {
	case <-ctx.Done(): // the process ends; the next push makes the call again
		return false, nil
	default:
	}
	switch {
	case o.Passed():
		return true, s.passed(ctx, one, o)
	case o.Code != codeParameter || one.event != EventPeople || s.refused >= maxRefused:
		return false, s.failed(ctx, one, o)
	case len(one.people) > 1:
		return s.halves(ctx, one)
	case one.act == Add || one.act == Modify:
		s.refused++
		return true, s.refuse(ctx, one, o)
	}
	return false, s.failed(ctx, one, o)
}

// halves makes two calls of one that named somebody whom the receiver does not
// take, so that nobody else has to wait for them.
func (s *sending) halves(ctx context.Context, one step) (going bool, err error) {
	middle := len(one.people) / 2
	first, second := one, one
	first.people, first.acks = one.people[:middle], one.acks[:middle]
	second.people, second.acks = one.people[middle:], one.acks[middle:]
	if going, err := s.step(ctx, first); err != nil || !going {
		return going, err
	}
	return s.step(ctx, second)
}

// fields are the parameters of a call as it is made now.
func (s *sending) fields(one step) (fields, error) {
	a := about{wire: s.sync.Wire, instance: string(s.app.ID), tenant: s.org.Code, at: s.p.options.Now()}
	switch one.event {
	case EventTenant:
		return tenantCall(a, one.tenant, one.act), nil
	case EventApplication:
		sealed, err := sealSecret(s.sync)
		c := one.credential
		c.Secret = sealed
		return applicationCall(a, c, one.act), err
	case EventDepartments:
		return departmentsCall(a, one.departments)
	case EventDepartment:
		return departmentCall(a, one.departments[0], one.act), nil
	}
	return peopleCall(a, string(s.app.ID), one.people, one.act)
}

func (s *sending) passed(ctx context.Context, one step, o Outcome) error {
	return s.note(ctx, s.p.options.Now().Add(leaseFor), func(tx *store.Tx) error {
		if err := s.record(tx, one, o, store.SyncSuccess); err != nil {
			return err
		}
		s.state = store.SyncState{SettledAt: s.state.SettledAt}
		for _, note := range one.acks {
			note.At = tx.Now()
			var err error
			if note.gone {
				err = tx.SyncAcks.Forget(s.app.ID, note.Kind, note.Object)
			} else {
				err = tx.SyncAcks.Put(s.app.ID, note.SyncAck)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// refuse notes somebody whom the receiver does not take. They are told of again
// when something of them changes, or by hand.
func (s *sending) refuse(ctx context.Context, one step, o Outcome) error {
	return s.note(ctx, s.p.options.Now().Add(leaseFor), func(tx *store.Tx) error {
		s.state.Doubt = "" // it has said that it did not
		if err := s.record(tx, one, o, store.SyncFailed); err != nil {
			return err
		}
		note := one.acks[0].SyncAck
		note.Refused, note.At = note.Digest, tx.Now()
		return tx.SyncAcks.Refuse(s.app.ID, note)
	})
}

// failed notes a failure, says when the call is made again and gives the lease
// back.
func (s *sending) failed(ctx context.Context, one step, o Outcome) error {
	was := s.state
	return s.note(ctx, time.Time{}, func(tx *store.Tx) error {
		s.state = was // this may run more than once
		if err := s.settleDoubt(tx, o); err != nil {
			return err
		}
		status := store.SyncPending
		if o.processing && s.state.Polls < maxPolls {
			s.state.Polls++
			s.state.NextAt = tx.Now().Add(pollEvery)
		} else {
			s.state.Polls = 0
			s.state.Attempts++
			s.state.NextAt = tx.Now().Add(pauses[min(s.state.Attempts, len(pauses))-1])
			if s.state.Attempts > len(pauses) {
				status = store.SyncFailed
			}
		}
		s.state.Failure = string(o.Class)
		if err := s.record(tx, one, o, status); err != nil {
			return err
		}
		if s.state.Attempts != len(pauses)+1 || s.state.Polls > 0 {
			return nil
		}
		if err := s.alarm(tx); err != nil {
			return err
		}
		return audit.Record(tx, jobActor(), audit.SyncFailed, concerning(s.app, map[string]string{
			"event": string(one.event), "failure": string(o.Class), "code": o.Code,
		}))
	})
}

func jobActor() identity.Actor { return identity.Actor{Kind: identity.ActsAsJob, Name: "sync"} }

// record keeps what came of a call: in the record of the failure before where it
// is the same call again, else in one of its own.
func (s *sending) record(tx *store.Tx, one step, o Outcome, status store.SyncStatus) error {
	r := store.SyncRecord{
		ID: identity.NewSyncRecordID(tx.Now()), OrganizationID: s.app.OrganizationID, ApplicationID: s.app.ID,
		Event: string(one.event), Act: int(one.act),
	}
	if s.state.Record != "" {
		before, ok, err := tx.SyncRecords.Get(s.app.ID, s.state.Record)
		if err != nil {
			return err
		}
		switch {
		case !ok:
		case before.Event == r.Event && before.Act == r.Act:
			r.ID, r.Attempts = before.ID, before.Attempts
		case before.Status == store.SyncPending:
			// What there is to tell has changed meanwhile: this call is not made again.
			before.Status, before.NextAt = store.SyncFailed, time.Time{}
			if err := tx.SyncRecords.Put(before); err != nil {
				return err
			}
		}
	}
	r.Attempts++
	r.Status, r.At, r.Objects, r.Object, r.Request = status, tx.Now(), max(len(one.acks), 1), one.object(s), one.request(s)
	var err error
	if r.About, err = one.about(); err != nil {
		return err
	}
	r.HTTPStatus, r.Code, r.Message, r.Failure, r.Duration = o.Status, o.Code, o.Message, string(o.Class), o.Duration
	s.state.Record = ""
	if status != store.SyncSuccess && s.state.Attempts+s.state.Polls > 0 {
		r.NextAt, s.state.Record = s.state.NextAt, r.ID
	}
	return tx.SyncRecords.Put(r)
}

// The most that a record shows.
const (
	maxNames   = 5
	maxShown   = 20
	maxRequest = 8 << 10
)

// object names what a call is about.
func (o step) object(s *sending) string {
	var names []string
	switch o.event {
	case EventTenant:
		return s.org.Name
	case EventApplication:
		return s.app.ClientID
	case EventDepartment:
		return o.departments[0].Name + " (" + o.departments[0].Code + ")"
	case EventDepartments:
		for _, d := range o.departments[:min(len(o.departments), maxNames)] {
			names = append(names, d.Name)
		}
	case EventPeople:
		for _, p := range o.people[:min(len(o.people), maxNames)] {
			names = append(names, p.UserName)
		}
	}
	text := strings.Join(names, ", ")
	if more := len(o.acks) - len(names); more > 0 {
		text += fmt.Sprintf(" +%d", more)
	}
	return text
}

// request is a call as a record shows it: without the secret, with the ends of
// numbers and addresses alone, and of long lists the beginning.
func (o step) request(s *sending) string {
	o.credential.Secret = "[redacted]"
	o.departments = o.departments[:min(len(o.departments), maxShown)]
	o.people = slices.Clone(o.people[:min(len(o.people), maxShown)])
	for i := range o.people {
		o.people[i].Mobile, o.people[i].Email = masked(o.people[i].Mobile), masked(o.people[i].Email)
	}
	shown := *s
	shown.sync.ClientSecret = ""
	f, err := shown.fields(o)
	if err != nil {
		return ""
	}
	for i := range f {
		if f[i].name == "clientSecret" {
			f[i].value = "[redacted]"
		}
	}
	body, err := f.body()
	if err != nil {
		return ""
	}
	return cut(string(body), maxRequest)
}

// masked leaves two characters at each end.
func masked(text string) string {
	runes := []rune(text)
	if len(runes) <= 4 {
		return strings.Repeat("*", len(runes))
	}
	return string(runes[:2]) + strings.Repeat("*", len(runes)-4) + string(runes[len(runes)-2:])
}
