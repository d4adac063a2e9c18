package directory

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

const (
	// setupClosed is the setting that marks the end of the set-up. It is never
	// removed: the way in for nobody must not open again when the last
	// administrator is lost.
	setupClosed = "setup_closed"
	// setupLife is how long a printed set-up address works.
	setupLife = 24 * time.Hour
)

var errSetupClosed = fault.New(fault.Conflict, fault.CodeSetupClosed)

// OpenSetup returns the secret of a new set-up address, good for 24 hours and
// one use. open is false, without a secret, from the moment the first
// administrator of the provider was made, whoever is removed later.
func (d *Directory) OpenSetup(ctx context.Context) (secret string, open bool, err error) {
	err = d.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		if secret, open, err = "", false, checkSetupOpen(tx); err != nil {
			return err
		}
		open = true
		secret, err = ticket.Put(tx, identity.TicketSetup, nil, setupLife)
		return err
	})
	if fault.Is(err, fault.CodeSetupClosed) {
		return "", false, nil
	}
	return secret, open, err
}

// CheckSetup tells whether a set-up address is good, without spending it, so
// that a page can ask before it shows a form: nil, setup_closed (Conflict) or
// setup_code_wrong (Forbidden).
func (d *Directory) CheckSetup(ctx context.Context, secret string) error {
	return d.db.View(ctx, func(tx *store.Tx) error {
		if err := checkSetupOpen(tx); err != nil {
			return err
		}
		_, err := ticket.Peek(tx, identity.TicketSetup, secret)
		return asSetup(err)
	})
}

// FirstAdministrator redeems a set-up address: it makes the first
// administrator of the provider and closes the set-up for ever. Of several
// that try at once one succeeds. A refused password leaves the address good.
func (d *Directory) FirstAdministrator(ctx context.Context, origin identity.Origin, secret string, n NewOperator) error {
	// Asked first, so that nobody can make the server hash without the secret.
	if err := d.CheckSetup(ctx, secret); err != nil {
		return err
	}
	return d.firstAdministrator(ctx, identity.Anonymous(origin), n, func(tx *store.Tx) error {
		_, err := ticket.Take(tx, identity.TicketSetup, secret)
		return asSetup(err)
	})
}

// FirstAdministratorByPassword makes the first administrator from a password
// that the operator gave to the server itself. made is false when the set-up
// is closed already: a server that is started again asks again.
func (d *Directory) FirstAdministratorByPassword(ctx context.Context, name, password string) (made bool, err error) {
	if err := d.db.View(ctx, checkSetupOpen); err != nil {
		return false, unlessClosed(err)
	}
	console := identity.Actor{Kind: identity.ActsAsConsole}
	err = d.firstAdministrator(ctx, console, NewOperator{Account: name, Password: password},
		func(*store.Tx) error { return nil })
	return err == nil, unlessClosed(err)
}

func unlessClosed(err error) error {
	if fault.Is(err, fault.CodeSetupClosed) {
		return nil
	}
	return err
}

func (d *Directory) firstAdministrator(ctx context.Context, actor identity.Actor, n NewOperator, redeem func(tx *store.Tx) error) error {
	credential, err := d.operatorCredential(ctx, n)
	if err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		if err := checkSetupOpen(tx); err != nil {
			return err
		}
		if err := redeem(tx); err != nil {
			return err
		}
		a, err := createOperator(tx, n, credential)
		if err != nil {
			return err
		}
		if err := closeSetup(tx); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SetupDone, audit.About{Target: string(a.ID)})
	})
}

// asSetup tells every fault of a set-up ticket as one: what was typed is not
// the printed address.
func asSetup(err error) error {
	switch fault.KindOf(err) {
	case fault.NotFound, fault.Conflict:
		if err != nil {
			return fault.New(fault.Forbidden, fault.CodeSetupCode).Because(err)
		}
	}
	return err
}

// checkSetupOpen refuses once the mark is set.
func checkSetupOpen(tx *store.Tx) error {
	_, _, err := tx.Settings.Get(setupClosed)
	switch {
	case err == nil:
		return errSetupClosed
	case fault.KindOf(err) == fault.NotFound:
		return nil
	}
	return err
}

// closeSetup sets the mark, unless it is set.
func closeSetup(tx *store.Tx) error {
	err := checkSetupOpen(tx)
	if fault.Is(err, fault.CodeSetupClosed) {
		return nil
	}
	if err != nil {
		return err
	}
	return tx.Settings.Put(setupClosed, []byte("true"), 0)
}
