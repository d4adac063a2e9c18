package tryout

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// runLimit bounds what follows the browser's return, which is a handful of calls
// in this process.
const runLimit = 30 * time.Second

// Answer plays the rest of a try with what the browser brought back, and writes
// the report. Somebody who did not start the try is Forbidden (try_foreign); an
// answer to another request is Invalid and changes nothing. A try that has ended
// already is left as it is.
func (t *Tryout) Answer(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.TryID, query url.Values) error {
	row, p, err := t.load(ctx, actor, org, id)
	if err != nil {
		return err
	}
	if row.StartedBy != identity.AnyAdministrator && row.StartedBy != actor.AccountID {
		return errForeign
	}
	if row.State != store.TryWaiting {
		return nil
	}
	// Another site could lead the browser here; it does not know the state.
	if subtle.ConstantTimeCompare([]byte(query.Get("state")), []byte(p.State)) != 1 {
		return fault.New(fault.Invalid, fault.CodeMalformed).At("state")
	}
	err = t.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("the beginning of the try was recorded")
		return tx.ApplicationTries.Begin(org, id)
	})
	if fault.KindOf(err) == fault.Stale {
		return nil // another tab was faster
	}
	if err != nil {
		return err
	}
	_, err = t.finish(ctx, row, p, query)
	return err
}

// finish plays the flow, stores the report, and removes what stood in for the
// application. It goes on when the browser goes away.
func (t *Tryout) finish(ctx context.Context, row store.ApplicationTry, p plan, query url.Values) (store.TryState, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), runLimit)
	defer cancel()
	g := newGame(t, row.ID, p)
	g.play(ctx, query)
	row.State = g.state()
	var err error
	if row.Report, err = json.Marshal(g.kept); err != nil {
		return row.State, err
	}
	return row.State, t.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("the beginning of the try was recorded, and nothing but its report stays")
		if err := tx.ApplicationTries.Put(row); err != nil {
			return err
		}
		return tx.Applications.EndTry(row.OrganizationID, row.ApplicationID)
	})
}

// load reads a try for whoever manages the organisation's applications.
func (t *Tryout) load(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.TryID) (row store.ApplicationTry, p plan, err error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return row, p, err
	}
	err = t.db.View(ctx, func(tx *store.Tx) error {
		row, err = tx.ApplicationTries.Get(org, id)
		return err
	})
	if err == nil {
		err = json.Unmarshal(row.Settings, &p)
	}
	return row, p, err
}
