package directory

import (
	"context"
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Temporary tells whether a new password has to be changed at the next
// sign-in.
type Temporary bool

// The two lives of a new password.
const (
	LastingPassword   Temporary = false
	TemporaryPassword Temporary = true
)

// recovery is what a reset ticket stands for.
type recovery struct {
	Account identity.AccountID `json:"account"`
	User    string             `json:"user"` // the typed name, canonical
}

// RecoveringAccount returns the account behind a typed name, for sending it a
// code; found is false when there is none, and a then carries the name alone,
// in the one spelling that stands for all others. The caller answers alike in
// both cases. An account without a password has none to recover: its contacts
// are left out, so that nothing can be sent.
func (d *Directory) RecoveringAccount(ctx context.Context, typed string) (a identity.Account, found bool, err error) {
	name, err := readName(typed)
	if err != nil {
		return a, false, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if a, found, err = name.account(tx); err != nil {
			return err
		}
		if !found {
			a = identity.Account{Name: name.text}
		}
		// Asked for nobody too: it is the same work.
		credential, err := tx.Credentials.Get(a.ID)
		if credential.Hash == "" {
			a.Email, a.Mobile = "", ""
		}
		return err
	})
	return a, found, err
}

// IssueReset makes the ticket that lets a new password be set, after the code
// that was sent to the account has been shown. It is bound to the account and
// to the name that was typed.
func (d *Directory) IssueReset(ctx context.Context, id identity.AccountID, typed string, life time.Duration) (secret string, err error) {
	name, err := readName(typed)
	if err != nil {
		return "", err
	}
	payload, err := json.Marshal(recovery{Account: id, User: name.text})
	if err != nil {
		return "", err
	}
	err = d.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		secret, err = ticket.Put(tx, identity.TicketReset, payload, life)
		return err
	})
	return secret, err
}

// RecoverPassword sets a new password by a reset ticket, once. A ticket that is
// unknown, expired or made for another typed name is NotFound
// (ticket_not_found), a spent one Conflict (ticket_spent); a password that
// breaks the rules (Meeting API, 1.6, ResetPwd) leaves the ticket as it was.
// Every token of the account ends, and the lock-out with it. Somebody who
// signs in through the enterprise's centre has no password to recover: Conflict
// (sso_password).
func (d *Directory) RecoverPassword(ctx context.Context, origin identity.Origin, resetTicket, user, password string, temporary Temporary) error {
	name, err := readName(user)
	if err != nil {
		return errTicket
	}
	var account identity.Account
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if account, err = recovering(tx, ticket.Peek, resetTicket, name); err != nil {
			return err
		}
		return hasPassword(tx, account)
	})
	if err != nil {
		return err
	}
	credential, err := d.newCredential(ctx, password, identity.MeetingResetRules(), identity.PasswordContext{Account: account.Name})
	if err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		account, err := recovering(tx, ticket.Take, resetTicket, name)
		if err != nil {
			return err
		}
		before, err := tx.Credentials.Get(account.ID)
		if err != nil {
			return err
		}
		return d.recovered(tx, recoveredPassword{account, before, credential.Hash, temporary, origin})
	})
}

// recoveredPassword is a new password of somebody who proved to be the holder
// of the account's contact.
type recoveredPassword struct {
	account   identity.Account
	before    identity.Credential
	hash      string
	temporary Temporary
	origin    identity.Origin
}

// recovered stores it, tells the person and records it.
func (d *Directory) recovered(tx *store.Tx, r recoveredPassword) error {
	if err := hasPassword(tx, r.account); err != nil {
		return err
	}
	if err := replace(tx, r.before, r.hash, bool(r.temporary)); err != nil {
		return err
	}
	if err := d.tellChanged(tx, r.account); err != nil {
		return err
	}
	actor := identity.Anonymous(r.origin)
	actor.AccountID, actor.OrganizationID, actor.Name = r.account.ID, r.account.OrganizationID, r.account.Name
	return audit.Record(tx, actor, audit.PasswordRecovered, audit.About{Organization: r.account.OrganizationID, Target: string(r.account.ID)})
}

var errTicket = fault.New(fault.NotFound, fault.CodeTicket)

// recovering opens a reset ticket by Peek or Take and finds its account.
func recovering(tx *store.Tx, open func(*store.Tx, identity.TicketKind, string) (identity.Ticket, error), secret string, name loginName) (identity.Account, error) {
	t, err := open(tx, identity.TicketReset, secret)
	if err != nil {
		return identity.Account{}, err
	}
	var r recovery
	if err := json.Unmarshal(t.Payload, &r); err != nil {
		return identity.Account{}, err
	}
	if r.User != name.text {
		return identity.Account{}, errTicket
	}
	account, err := tx.Accounts.Get(r.Account)
	if fault.Is(err, fault.CodeAccountNotFound) {
		return account, errTicket
	}
	return account, err
}
