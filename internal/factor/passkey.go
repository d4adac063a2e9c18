package factor

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// PasskeyAsked is what a browser is to do with a passkey: make one, or sign.
type PasskeyAsked struct {
	Ticket  string          // names it until it is answered
	Options json.RawMessage // for the browser (WebAuthn, 5.4 and 5.5), in its JSON form
}

// PasskeyAnswer is what the browser brought back.
type PasskeyAnswer struct {
	Ticket   string // of what was asked
	Response []byte // the credential in its JSON form (WebAuthn, 5.1)
}

// String keeps the words out of logs.
func (PasskeyAsked) String() string { return "[redacted]" }

// GoString keeps the words out of %#v.
func (PasskeyAsked) GoString() string { return "[redacted]" }

// LogValue keeps the words out of structured logs.
func (PasskeyAsked) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps the words out of logs.
func (PasskeyAnswer) String() string { return "[redacted]" }

// GoString keeps the words out of %#v.
func (PasskeyAnswer) GoString() string { return "[redacted]" }

// LogValue keeps the words out of structured logs.
func (PasskeyAnswer) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// Passkeys tells whether people can have passkeys here: the installation has an
// address that browsers take for it.
func (o *Own) Passkeys() bool { return o.party != nil }

// BeginPasskey proves the acting person anew and asks their browser to make a
// passkey, which is theirs once AddPasskey has seen it in the same session.
//
// Faults: factor_passkey_off and factor_limit (Conflict), those of the proof (see
// Remove).
func (o *Own) BeginPasskey(ctx context.Context, actor identity.Actor, p Proof) (asked PasskeyAsked, err error) {
	switch err := allowOwn(actor); {
	case err != nil:
		return asked, err
	case o.party == nil:
		return asked, errPasskeyOff
	}
	if err := o.db.View(ctx, func(tx *store.Tx) error { return room(tx, actor.AccountID) }); err != nil {
		return asked, err
	}
	if err := o.prove(ctx, actor, p); err != nil {
		return asked, err
	}
	return o.ask(ctx, actor, p.First.Session, "", invite)
}

// PasskeyAgain returns what BeginPasskey did, for a page that is shown once more.
func (o *Own) PasskeyAgain(ctx context.Context, actor identity.Actor, in identity.Session, word string) (again PasskeyAsked, err error) {
	if err := allowOwn(actor); err != nil {
		return again, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		t, err := ticket.Peek(tx, identity.TicketPasskey, word)
		if err != nil {
			return late(err)
		}
		a, err := read(t, asked{Account: actor.AccountID, Session: in.ID, Make: true})
		again = PasskeyAsked{Ticket: word, Options: a.Options}
		return err
	})
	return again, err
}

// AskPasskey asks the browser of the acting person for a signature by one of
// their passkeys. It counts in the session it is asked in and for what it is
// bound to alone: "" is a change of one's own factors.
//
// Faults: factor_passkey_off and factor_passkey_missing (Conflict).
func (o *Own) AskPasskey(ctx context.Context, actor identity.Actor, in identity.Session, bound string) (asked PasskeyAsked, err error) {
	switch err := allowOwn(actor); {
	case err != nil:
		return asked, err
	case o.party == nil:
		return asked, errPasskeyOff
	}
	return o.ask(ctx, actor, in, bound, challengeOf)
}

// ceremony begins what a browser is asked for.
type ceremony func(*webauthn.WebAuthn, holder) (asked, error)

// ask keeps what begin asks of a browser.
func (o *Own) ask(ctx context.Context, actor identity.Actor, in identity.Session, bound string, begin ceremony) (p PasskeyAsked, err error) {
	err = o.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		h, err := holderOf(tx, actor.AccountID)
		if err != nil {
			return err
		}
		a, err := begin(o.party, h)
		if err != nil {
			return err
		}
		a.Session, a.Bound = in.ID, bound
		kept, err := json.Marshal(a)
		if err != nil {
			return err
		}
		p.Options = a.Options
		p.Ticket, err = ticket.Put(tx, identity.TicketPasskey, kept, passkeyLife)
		return err
	})
	return p, err
}

func holderOf(tx *store.Tx, id identity.AccountID) (h holder, err error) {
	if h.account, err = tx.Accounts.Get(id); err != nil {
		return h, err
	}
	h.keys, err = tx.Passkeys.Of(id)
	return h, err
}

// read returns what was asked under a ticket. An answer in another place than it
// was asked for is wrong.
func read(t identity.Ticket, where asked) (a asked, err error) {
	if err := json.Unmarshal(t.Payload, &a); err != nil {
		return a, err
	}
	if a.Account != where.Account || a.Session != where.Session || a.Bound != where.Bound || a.Make != where.Make {
		return a, errPasskeyWrong
	}
	return a, nil
}

// late is the fault of a challenge that is over, whatever ended it.
func late(err error) error {
	if fault.Is(err, fault.CodeTicket) || fault.Is(err, fault.CodeSpent) {
		return errPasskeyLate
	}
	return err
}

// NewPasskey is a passkey that a browser made, and what its holder calls it.
type NewPasskey struct {
	Answer  PasskeyAnswer // to BeginPasskey
	Session identity.Session
	Name    string
}

// String keeps the words out of logs.
func (NewPasskey) String() string { return "[redacted]" }

// AddPasskey adds the passkey that a browser made. With the first factor come
// recovery codes, which are told this once. What was asked is over with the
// first answer, right or wrong.
//
// Faults: field_length at name, factor_passkey_late (Expired),
// factor_passkey_wrong (Invalid), factor_passkey_known and factor_limit
// (Conflict).
func (o *Own) AddPasskey(ctx context.Context, actor identity.Actor, n NewPasskey) (f identity.Factor, codes []string, err error) {
	f = identity.Factor{AccountID: actor.AccountID, Kind: identity.FactorPasskey, Name: n.Name}
	switch err := allowOwn(actor); {
	case err != nil:
		return f, nil, err
	case o.party == nil:
		return f, nil, errPasskeyOff
	}
	if err := f.Validate(); err != nil {
		return f, nil, err
	}
	var verdict error
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		row, wrong, err := o.answered(tx, actor, n)
		if verdict = wrong; err != nil || wrong != nil {
			tx.NoEvent("nothing was added")
			return err
		}
		f.ID, f.CreatedAt = identity.NewFactorID(tx.Now()), tx.Now()
		row.FactorID = f.ID
		if codes, err = o.add(tx, actor, store.FactorRow{Factor: f}); err != nil {
			return err
		}
		return tx.Passkeys.Insert(row)
	})
	if err == nil {
		err = verdict
	}
	return f, codes, err
}

// answered spends what was asked and returns the passkey that was made, or a
// verdict that is committed with it.
func (o *Own) answered(tx *store.Tx, actor identity.Actor, n NewPasskey) (row store.PasskeyRow, verdict, err error) {
	t, err := ticket.Take(tx, identity.TicketPasskey, n.Answer.Ticket)
	if err != nil {
		return row, nil, late(err)
	}
	a, err := read(t, asked{Account: actor.AccountID, Session: n.Session.ID, Make: true})
	if err == nil {
		var h holder
		if h, err = holderOf(tx, actor.AccountID); err != nil {
			return row, nil, err
		}
		row, err = made(o.party, h, a, n.Answer.Response)
	}
	if fault.Is(err, fault.CodePasskeyWrong) {
		return row, err, nil
	}
	return row, nil, err
}

// VerifyPasskey takes the answer to AskPasskey and returns the session with the
// second proof, which is stored with it in one transaction. Nobody guesses a
// signature: wrong ones are not counted, and wrong codes keep no passkey out.
//
// Faults: factor_passkey_late (Expired), factor_passkey_wrong and
// factor_passkey_copied (Invalid). Whoever is not signed in, or in another
// session than their own, is Forbidden.
func (o *Own) VerifyPasskey(ctx context.Context, actor identity.Actor, c Challenge, answer PasskeyAnswer) (k identity.Session, err error) {
	if !owns(actor, c.Session) {
		return k, errForbidden
	}
	return verify(ctx, o.db, actor, c.Session, func(tx *store.Tx) (string, error, error) {
		verdict, err := o.judge(tx, actor, asked{Account: actor.AccountID, Session: c.Session.ID, Bound: c.Bound}, answer)
		return identity.ByPasskey, verdict, err
	})
}

// redeemPasskey takes the answer to AskPasskey as the proof of a change.
func (o *Own) redeemPasskey(ctx context.Context, actor identity.Actor, p Proof) (err error) {
	var verdict error
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		verdict, err = o.judge(tx, actor, asked{Account: actor.AccountID, Session: p.First.Session.ID}, p.Passkey)
		if err == nil && !fault.Is(verdict, fault.CodePasskeyCopied) {
			tx.NoEvent("whatever is proven by it is recorded")
		}
		return err
	})
	if err == nil {
		err = verdict
	}
	return err
}

// judge spends what was asked and looks at the answer. It returns a verdict that
// is committed with it, or an error that rolls back.
func (o *Own) judge(tx *store.Tx, actor identity.Actor, where asked, answer PasskeyAnswer) (verdict, err error) {
	if o.party == nil {
		return errPasskeyOff, nil
	}
	t, err := ticket.Take(tx, identity.TicketPasskey, answer.Ticket)
	if err != nil {
		if err = late(err); fault.Is(err, fault.CodePasskeyLate) {
			return err, nil
		}
		return nil, err
	}
	a, err := read(t, where)
	if err != nil {
		return err, nil
	}
	h, err := holderOf(tx, actor.AccountID)
	if err != nil {
		return nil, err
	}
	row, copied, err := signed(o.party, h, a, answer.Response)
	if err != nil {
		return err, nil
	}
	if !copied {
		used, err := tx.Passkeys.Use(row.AccountID, row.FactorID, row.Counter)
		if err != nil || used {
			return nil, err
		}
	}
	return errPasskeyCopied, audit.Record(tx, actor, audit.PasskeyCopied, audit.About{
		Organization: actor.OrganizationID, Target: string(row.FactorID), Details: map[string]string{"kind": string(identity.FactorPasskey)},
	})
}

// Rename gives a factor of one's own another name, which proves nothing and so
// takes no proof. Faults: field_length at name, factor_not_found.
func (o *Own) Rename(ctx context.Context, actor identity.Actor, id identity.FactorID, name string) (f identity.Factor, err error) {
	if err := allowOwn(actor); err != nil {
		return f, err
	}
	if err := (identity.Factor{Name: name}).Validate(); err != nil {
		return f, err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Factors.Of(actor.AccountID)
		if err != nil {
			return err
		}
		if err := tx.Factors.Rename(actor.AccountID, id, name); err != nil {
			return err
		}
		for _, r := range all {
			if r.Factor.ID == id {
				f = r.Factor
			}
		}
		f.Name = name
		return audit.Record(tx, actor, audit.FactorRenamed, aboutFactor(actor, f))
	})
	return f, err
}
