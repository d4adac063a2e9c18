package directory

import (
	"cmp"
	"context"
	"encoding/json"
	"net/url"
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// forgottenLife is how long the link in a mail works.
const forgottenLife = 30 * time.Minute

// forgottenBound bounds the mails that strangers can have sent to a person:
// what is asked for from the fourth time within an hour on, or within an hour
// after that, leads to nothing.
func forgottenBound() policy.Lockout { return policy.Lockout{After: 4, For: time.Hour} }

// ForgotPassword mails a link with which the account of a typed name is given
// another password, once, within 30 minutes. Members who sign in through their
// enterprise's centre are mailed where to do so. A name that nobody has, an
// account that no mail can reach or that has no password, and one asked for too
// often are answered with nil like any other, after work of the same kind. The
// only fault is that of a name that cannot be one (Invalid). The mail is in the
// account's own language, else in that of the visit.
func (d *Directory) ForgotPassword(ctx context.Context, origin identity.Origin, typed, language string) error {
	name, err := readName(typed)
	if err != nil {
		return err
	}
	open := d.configured == nil || d.configured(ctx, identity.ByMail)
	return d.db.Act(ctx, store.ActAttempt, func(tx *store.Tx) error {
		a, known, err := name.account(tx)
		if err != nil {
			return err
		}
		subject := "forgotten:" + string(a.ID)
		if !known {
			subject = "forgotten:" + name.subject(tx)
		}
		// Parallel requests are counted one after the other.
		if _, err := policy.Failed(tx, subject, forgottenBound()); err != nil {
			return err
		}
		mail, err := d.forgottenMail(tx, a)
		if err != nil {
			return err
		}
		mail.Language = cmp.Or(mail.Language, language)
		over, err := tooOften(tx, subject, cmp.Or(mail.Target, name.text))
		if err != nil {
			return err
		}
		if !open || over || mail.Target == "" {
			// The same work, for nobody.
			mail.Channel, mail.Target = identity.ToNobody, name.text
		}
		return outbox.Put(tx, mail)
	})
}

// tooOften tells that a subject asked too often, or that its address was sent too
// much of any kind. What is not sent is not counted against the address.
func tooOften(tx *store.Tx, subject, address string) (over bool, err error) {
	if err = policy.Locked(tx, subject); err == nil {
		err = outbox.Bound(tx, identity.ByMail, address, "")
	}
	if fault.KindOf(err) == fault.TooMany {
		return true, nil
	}
	return false, err
}

// forgotten is what the ticket in a link stands for.
type forgotten struct {
	Account identity.AccountID `json:"account"`
	// Version is that of the password that was forgotten: another one ends
	// every link that was sent before.
	Version int64 `json:"version"`
}

// forgottenMail writes the mail for an account, the zero one for nobody. It has
// no target when there is nothing to send.
func (d *Directory) forgottenMail(tx *store.Tx, a identity.Account) (m outbox.Message, err error) {
	credential, err := tx.Credentials.Get(a.ID)
	if err != nil {
		return m, err
	}
	domain, on, err := centreOf(tx, a)
	if err != nil {
		return m, err
	}
	payload, err := json.Marshal(forgotten{Account: a.ID, Version: credential.Version})
	if err != nil {
		return m, err
	}
	// The link of somebody who needs none expires as it is made.
	kind, life := identity.TicketForgotten, forgottenLife
	if on || credential.Hash == "" || a.Email == "" {
		kind, life = identity.TicketNobody, 0
	}
	code, err := ticket.Put(tx, kind, payload, life)
	if err != nil {
		return m, err
	}
	m = outbox.Message{
		Channel: identity.ByMail, Target: a.Email, Language: a.Language, Organization: a.OrganizationID,
		Until: tx.Now().Add(forgottenLife), Template: outbox.TemplateForgotten,
		Params: map[string]string{
			"account": a.Name, "address": d.address + "/password/reset?code=" + url.QueryEscape(code),
			"minutes": strconv.Itoa(int(forgottenLife / time.Minute)),
		},
	}
	switch {
	case on:
		m.Template = outbox.TemplateForgottenSSO
		m.Params = map[string]string{"account": a.Name, "domain": domain, "address": d.address + "/sso?domain=" + url.QueryEscape(domain)}
	case credential.Hash == "":
		m.Target = ""
	}
	return m, nil
}

// CheckForgotten reports whether the code of a link can still be used; it
// spends nothing, so that a scanner of mails that follows links does no harm.
// A code that is unknown, expired, or older than the present password is
// NotFound (ticket_not_found), a spent one Conflict (ticket_spent).
func (d *Directory) CheckForgotten(ctx context.Context, code string) error {
	return d.db.View(ctx, func(tx *store.Tx) error {
		_, _, err := forgetful(tx, ticket.Peek, code)
		return err
	})
}

// ResetForgotten sets a new password by the code of a link, once. The faults of
// the code are those of CheckForgotten. The password obeys the rules of the
// organisation and is none of the recent ones; one that does not leaves the
// code as it was. Every token and session of the account ends, and the lock-out
// with it. Somebody who signs in through the enterprise's centre by now is a
// Conflict (sso_password).
func (d *Directory) ResetForgotten(ctx context.Context, origin identity.Origin, code, password string) error {
	var c candidate
	err := d.db.View(ctx, func(tx *store.Tx) (err error) {
		if c.account, c.credential, err = forgetful(tx, ticket.Peek, code); err != nil {
			return err
		}
		if c.rules, err = rulesOf(tx, c.account); err != nil {
			return err
		}
		return hasPassword(tx, c.account)
	})
	if err != nil {
		return err
	}
	rules := c.rules.Password
	if err := checkPassword(password, rules, identity.PasswordContext{Account: c.account.Name}); err != nil {
		return err
	}
	recent := append([]string{c.credential.Hash}, c.credential.History...)
	if err := d.notAmong(ctx, password, recent[:min(len(recent), rules.History+1)]); err != nil {
		return err
	}
	hash, err := d.hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		account, before, err := forgetful(tx, ticket.Take, code)
		if err != nil {
			return err
		}
		return d.recovered(tx, recoveredPassword{account, before, hash, LastingPassword, origin})
	})
}

// forgetful opens the code of a link by Peek or Take and finds whose it is.
func forgetful(tx *store.Tx, open func(*store.Tx, identity.TicketKind, string) (identity.Ticket, error), code string) (a identity.Account, c identity.Credential, err error) {
	t, err := open(tx, identity.TicketForgotten, code)
	if err != nil {
		return a, c, err
	}
	f, err := payloadOf[forgotten](t)
	if err != nil {
		return a, c, err
	}
	if a, err = tx.Accounts.Get(f.Account); err != nil {
		return a, c, refusedTicket(err)
	}
	c, err = tx.Credentials.Get(a.ID)
	if err == nil && (c.Hash == "" || c.Version != f.Version) {
		err = errTicket
	}
	return a, c, err
}

// refusedTicket tells that an account is gone as a ticket that is unknown.
func refusedTicket(err error) error {
	if fault.Is(err, fault.CodeAccountNotFound) {
		return errTicket
	}
	return err
}
