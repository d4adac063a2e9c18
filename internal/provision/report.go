package provision

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Record is one call to a receiver, with its repetitions.
type Record = store.SyncRecord

// RecordStatus is what came of a call.
type RecordStatus = store.SyncStatus

// RecordQuery narrows a page of records.
type RecordQuery = store.SyncRecordQuery

// State is how far telling an application has come.
type State string

// The states.
const (
	Off     State = "off"
	Going   State = "going"   // there is something to tell, or nothing was told yet
	Waiting State = "waiting" // a call failed and is made again
	Settled State = "settled" // the receiver knows everything
)

// Progress is how far telling an application has come.
type Progress struct {
	State     State
	Failure   Class     // of the last call, "" when it passed
	Attempts  int       // failures in a row
	NextAt    time.Time // of a failed call; zero without one
	SettledAt time.Time // when the receiver last knew everything; zero for never
}

// managed opens a transaction to look into what is told of an application, for
// whoever may change it: what is told is about people.
func (p *Syncs) managed(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, look func(*store.Tx, identity.Application, identity.Sync) error) error {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return err
	}
	return p.db.View(ctx, func(tx *store.Tx) error {
		app, err := tx.Applications.ByClientID(org, clientID)
		if err != nil {
			return err
		}
		if err := application.MayChange(tx, actor, app); err != nil {
			return err
		}
		s, err := tx.ApplicationSyncs.Get(org, app.ID)
		if err != nil {
			return err
		}
		return look(tx, app, s)
	})
}

// Progress tells how far telling an application has come.
func (p *Syncs) Progress(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) (g Progress, err error) {
	err = p.managed(ctx, actor, org, clientID, func(tx *store.Tx, app identity.Application, s identity.Sync) error {
		state, err := tx.SyncStates.Get(app.ID)
		g = Progress{State: Going, Failure: Class(state.Failure), Attempts: state.Attempts, NextAt: state.NextAt, SettledAt: state.SettledAt}
		switch {
		case !s.Enabled:
			g.State = Off
		case state.Attempts+state.Polls > 0:
			g.State = Waiting
		case !state.SettledAt.IsZero() && err == nil:
			var left plan
			if left, err = p.newPlan(tx, app, s); len(left.steps) == 0 {
				g.State = Settled
			}
		}
		return err
	})
	return g, err
}

// Records returns a page of the calls that were made for an application, newest
// first.
func (p *Syncs) Records(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, q RecordQuery) (all []Record, err error) {
	q.Limit = store.PageSize(q.Limit)
	err = p.managed(ctx, actor, org, clientID, func(tx *store.Tx, app identity.Application, _ identity.Sync) error {
		all, err = tx.SyncRecords.Page(app.ID, q)
		return err
	})
	return all, err
}

// PersonStatus is what a receiver knows of somebody.
type PersonStatus string

// The states.
const (
	PersonTold    PersonStatus = "told"
	PersonPending PersonStatus = "pending"
	PersonRefused PersonStatus = "refused" // the receiver does not take what it is told
)

// KnownPerson is somebody who may enter an application, and what its receiver
// knows of them.
type KnownPerson struct {
	Member  identity.MemberID
	Account string
	Name    string
	Role    string
	Enabled bool
	Status  PersonStatus
	At      time.Time // when the receiver last took or refused something; zero for never
}

// PeopleQuery narrows a page of people. An empty status does not narrow.
type PeopleQuery struct {
	Status PersonStatus
	After  identity.MemberID
	Limit  int
}

// People returns up to q.Limit of those who may enter an application, and what
// its receiver knows of them.
func (p *Syncs) People(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, q PeopleQuery) (all []KnownPerson, err error) {
	limit := store.PageSize(q.Limit)
	err = p.managed(ctx, actor, org, clientID, func(tx *store.Tx, app identity.Application, s identity.Sync) error {
		all = nil
		w := planner{tx: tx, app: app, sync: s}
		rows := limit
		if q.Status != "" {
			rows = readRows
		}
		for after := q.After; ; {
			page, err := w.known(after, rows)
			if err != nil {
				return err
			}
			for _, one := range page {
				after = one.Member
				if q.Status != "" && one.Status != q.Status {
					continue
				}
				if all = append(all, one); len(all) == limit {
					return nil
				}
			}
			if len(page) < rows {
				return nil
			}
		}
	})
	return all, err
}

// known returns up to limit of those who may enter, after a member.
func (w *planner) known(after identity.MemberID, limit int) (all []KnownPerson, err error) {
	page, err := w.tx.SyncAcks.Admitted(w.app, after, limit)
	if err != nil || len(page) == 0 {
		return nil, err
	}
	acks, err := w.tx.SyncAcks.Between(w.app.ID, kindPerson, string(page[0].Member.ID), string(page[len(page)-1].Member.ID))
	if err != nil {
		return nil, err
	}
	for _, one := range page {
		told := w.portrait(one)
		wanted, err := w.told(kindPerson, string(one.Member.ID), told)
		if err != nil {
			return nil, err
		}
		ack := acks[string(one.Member.ID)]
		status := PersonTold
		if _, ok := difference(ack, wanted); ok {
			status = PersonPending
		} else if ack.Refused != nil {
			status = PersonRefused
		}
		all = append(all, KnownPerson{
			Member: one.Member.ID, Account: told.UserName, Name: told.Name, Role: told.Role, Enabled: told.Enable == "true", Status: status, At: ack.At,
		})
	}
	return all, nil
}

// Retry makes a failed call again at once, and tells again what was refused.
// Where sync integration is off it is a Conflict (sync_off).
func (p *Syncs) Retry(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) error {
	return p.again(ctx, actor, org, clientID, audit.SyncRetried)
}

// RetryRecord makes a single call again, with what is true now. One that waits
// for its next attempt is made at once; what the receiver has refused or taken is
// told again. NotFound (sync_record_not_found) where nobody knows any more what
// the call was about; where sync integration is off a Conflict (sync_off).
func (p *Syncs) RetryRecord(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, id identity.SyncRecordID) error {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return err
	}
	return p.db.Update(ctx, func(tx *store.Tx) error {
		app, s, err := p.load(tx, actor, org, clientID)
		if err != nil {
			return err
		}
		if !s.Enabled {
			return fault.New(fault.Conflict, fault.CodeSyncOff)
		}
		r, ok, err := tx.SyncRecords.Get(app.ID, id)
		if err != nil {
			return err
		}
		if !ok || r.About == "" {
			return fault.New(fault.NotFound, fault.CodeSyncRecordNotFound)
		}
		if err := doubt(tx, r); err != nil {
			return err
		}
		if err := tx.SyncStates.Hasten(app.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SyncRetried, concerning(app, map[string]string{"record": string(id), "event": r.Event}))
	})
}

// Replay tells an application everything from the beginning, such as after its
// receiver has lost it.
func (p *Syncs) Replay(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) error {
	return p.again(ctx, actor, org, clientID, audit.SyncReplayed)
}

func (p *Syncs) again(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, how audit.Type) error {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return err
	}
	return p.db.Update(ctx, func(tx *store.Tx) error {
		app, s, err := p.load(tx, actor, org, clientID)
		if err != nil {
			return err
		}
		if !s.Enabled {
			return fault.New(fault.Conflict, fault.CodeSyncOff)
		}
		if err := tx.SyncAcks.Doubt(app.ID, how == audit.SyncReplayed); err != nil {
			return err
		}
		if err := tx.SyncStates.Hasten(app.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, how, concerning(app, nil))
	})
}
