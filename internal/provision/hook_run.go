package provision

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// hookLease is longer than one call and what is noted of it take.
	hookLease = 30 * time.Second
	// keepTrying is how long after an event it is told at most.
	keepTrying = 7 * 24 * time.Hour
	// readEvents are looked at in one go.
	readEvents = 200
	// hookBatch is how many deliveries one turn of an address makes.
	hookBatch = 50
)

// Run tells addresses what happens, until ctx ends.
func (h *Hooks) Run(ctx context.Context) error {
	return h.rounds.run(ctx, func(ctx context.Context) (turns []turn[identity.WebhookID]) {
		for _, w := range h.due(ctx) {
			turns = append(turns, turn[identity.WebhookID]{id: w.ID, tell: func(ctx context.Context) { h.serve(ctx, w) }})
		}
		return turns
	})
}

// Pass tells every address once, one after the other; for who has no use for
// Run.
func (h *Hooks) Pass(ctx context.Context) {
	for _, w := range h.due(ctx) {
		h.serve(ctx, w)
	}
}

func (h *Hooks) serve(ctx context.Context, w identity.Webhook) {
	err := h.tell(ctx, w)
	if err != nil && ctx.Err() == nil && !errors.Is(err, errLost) && fault.KindOf(err) != fault.NotFound {
		h.options.Log.Error("webhook not told", "webhook", w.ID, "err", err)
	}
}

// due returns the webhooks for which there is something to do. It only reads.
func (h *Hooks) due(ctx context.Context) []identity.Webhook {
	return stirred(ctx, lookout{h.db, h.options.Log, "webhooks"}, func(tx *store.Tx) ([]identity.Webhook, error) { return tx.Webhooks.Due(maxDue) }, h.stirred)
}

// stirred reports whether something has happened that a webhook is to be told
// of, or whether it has to be told what it did not take.
func (h *Hooks) stirred(tx *store.Tx, w identity.Webhook) (bool, error) {
	state, err := tx.Webhooks.State(w.ID)
	if err != nil {
		return false, err
	}
	if tx.Now().Sub(state.ReadUntil) > moveOn {
		return true, nil // the mark moves on, so that little is read again
	}
	fresh, err := h.fresh(tx, w, state, "")
	if err != nil || len(fresh.events) > 0 {
		return err == nil, err
	}
	if tx.Now().Before(state.NextAt) {
		return false, nil
	}
	waiting, err := tx.Deliveries.Waiting(w.ID, 1)
	return len(waiting) > 0, err
}

// freshEvents are the events that a webhook wants and that are not noted for it.
type freshEvents struct {
	events []identity.Event
	last   identity.EventID // that was looked at
	more   bool
}

// fresh reads what happened after an event, and after the mark in any case. A
// transaction may commit after a later one, so the mark stays behind.
func (h *Hooks) fresh(tx *store.Tx, w identity.Webhook, state store.WebhookState, after identity.EventID) (f freshEvents, err error) {
	page, err := tx.Events.Since(w.OrganizationID, store.EventsSince{Since: state.ReadUntil, After: after, Besides: besides, Limit: readEvents})
	if err != nil || len(page) == 0 {
		return f, err
	}
	known, err := tx.Deliveries.Known(w.ID, state.ReadUntil)
	if err != nil {
		return f, err
	}
	for _, e := range page {
		if w.Wants(e.Type) && !known[e.ID] && !strings.HasPrefix(e.Type, "webhook.") && !e.At.Before(w.CreatedAt) {
			f.events = append(f.events, e)
		}
	}
	f.last, f.more = page[len(page)-1].ID, len(page) == readEvents
	return f, nil
}

// serving is one turn of an address, under a lease.
type serving struct {
	h     *Hooks
	hook  identity.Webhook
	state store.WebhookState
}

// tell notes what has happened and tells an address of it, in its order, until
// a call fails.
func (h *Hooks) tell(ctx context.Context, w identity.Webhook) error {
	s := serving{h: h, hook: w}
	ok := false
	err := h.db.Act(ctx, store.ActSync, func(tx *store.Tx) (err error) {
		if ok, err = tx.Webhooks.Lease(w.ID, h.options.Node, tx.Now().Add(hookLease)); err != nil || !ok {
			return err
		}
		if s.state, err = tx.Webhooks.State(w.ID); err != nil {
			return err
		}
		s.hook, err = tx.Webhooks.Get(w.OrganizationID, w.ID)
		return err
	})
	if err != nil || !ok {
		return err
	}
	if err := s.gather(ctx); err != nil {
		return err
	}
	for range hookBatch {
		going, err := s.next(ctx)
		if err != nil || !going {
			return err
		}
	}
	return s.note(ctx, time.Time{}, nil)
}

// note stores how far it has come with what else is to be stored. The lease lives
// on until an instant; the zero one gives it back.
func (s *serving) note(ctx context.Context, until time.Time, also func(tx *store.Tx) error) error {
	return s.h.db.Act(ctx, store.ActSync, func(tx *store.Tx) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		ok, err := tx.Webhooks.Note(s.hook.ID, s.state, s.h.options.Node, until)
		if err == nil && !ok {
			return errLost
		}
		return err
	})
}

// gather notes what has happened as what has to be told.
func (s *serving) gather(ctx context.Context) error {
	was := s.state
	var after identity.EventID
	for more := true; more; {
		last := after
		err := s.note(ctx, s.h.options.Now().Add(hookLease), func(tx *store.Tx) error {
			s.state = was // this may run more than once
			o, err := tx.Organizations.Get(s.hook.OrganizationID)
			if err != nil {
				return err
			}
			f, err := s.h.fresh(tx, s.hook, was, last)
			if err != nil {
				return err
			}
			for _, e := range f.events {
				body, err := hookBody(o, e)
				if err != nil {
					return err
				}
				if err := tx.Deliveries.Put(store.WebhookDelivery{
					WebhookID: s.hook.ID, EventID: e.ID, OrganizationID: e.OrganizationID, Type: e.Type, Status: store.SyncPending, Body: body, At: tx.Now(),
				}); err != nil {
					return err
				}
			}
			after, more = f.last, f.more
			if mark := tx.Now().Add(-overlap); !more && mark.After(was.ReadUntil) {
				s.state.ReadUntil = mark
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// next makes the oldest delivery that has to be made.
func (s *serving) next(ctx context.Context) (going bool, err error) {
	var waiting []store.WebhookDelivery
	var now time.Time
	err = s.h.db.View(ctx, func(tx *store.Tx) (err error) {
		now = tx.Now()
		waiting, err = tx.Deliveries.Waiting(s.hook.ID, 1)
		return err
	})
	if err != nil {
		return false, err
	}
	if len(waiting) == 0 || now.Before(s.state.NextAt) {
		return false, s.note(ctx, time.Time{}, nil)
	}
	d := waiting[0]
	o := s.h.post(ctx, s.hook, string(d.EventID), d.Body)
	select {
	case <-ctx.Done(): // the process ends; the next turn makes the call again
		return false, nil
	default:
	}
	was := s.state
	until := time.Time{}
	if o.Passed() {
		until = s.h.options.Now().Add(hookLease)
	}
	return o.Passed(), s.note(ctx, until, func(tx *store.Tx) error {
		s.state = was // this may run more than once
		return s.outcome(tx, d, o)
	})
}

// outcome notes what came of a delivery, and says when the next is made.
func (s *serving) outcome(tx *store.Tx, d store.WebhookDelivery, o HookOutcome) error {
	d.Attempts++
	d.At, d.HTTPStatus, d.Answer, d.Failure, d.Duration = tx.Now(), o.Status, o.Answer, string(o.Class), o.Duration
	if o.Passed() {
		d.Status = store.SyncSuccess
		s.state.Attempts, s.state.NextAt = 0, time.Time{}
		return tx.Deliveries.Put(d)
	}
	s.state.Attempts++
	s.state.NextAt = tx.Now().Add(pauses[min(s.state.Attempts, len(pauses))-1])
	away := s.state.Attempts == len(pauses)+1
	if o.refused() && d.Attempts > len(pauses) || o.Status == http.StatusGone || d.EventID < identity.OldestEventID(tx.Now().Add(-keepTrying)) {
		// Nothing mends this one; those behind it have waited long enough.
		d.Status = store.SyncFailed
		s.state.Attempts, s.state.NextAt = 0, time.Time{}
	}
	if err := tx.Deliveries.Put(d); err != nil || !away {
		return err
	}
	if err := s.alarm(tx); err != nil {
		return err
	}
	return audit.Record(tx, jobActor(), audit.WebhookFailed, aboutHook(s.hook, map[string]string{"event": string(d.EventID), "failure": d.Failure}))
}
