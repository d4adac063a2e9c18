package factor

import (
	"context"
	"log/slog"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// Own holds the factors that people set up for themselves, and their recovery
// codes. It is safe for concurrent use.
//
// Whoever has taken over a session must not make it last: every change takes
// the first proof anew, and the code of a factor where there is one.
type Own struct {
	db      *store.DB
	options OwnOptions
	party   *webauthn.WebAuthn // nil where there are no passkeys
}

// OwnOptions are what Own needs of others. Zero numbers mean the defaults.
type OwnOptions struct {
	Issuer string // what apps show above their code, and browsers beside a passkey
	// Address is the one at which people reach the installation: passkeys sign for
	// its host and nothing else. Without one that browsers accept there are none.
	Address string
	// Prove tells whether somebody is who they are signed in as: nil when the
	// proof is right. Without it nobody changes anything.
	Prove func(context.Context, identity.Actor, FirstProof) error
	Wrong int           // codes in a row that are looked at; 5
	Lock  time.Duration // in which none is, after that; 5 minutes
}

// MaxFactors is how many factors an account has at most.
const MaxFactors = 10

// setupLife is how long the secret of a factor waits to be confirmed.
const setupLife = 10 * time.Minute

// FirstProof is the proof that a person gives at every sign-in.
type FirstProof struct {
	Password string           // the account's, where it has one
	Session  identity.Session // in which a change is wished; zero for none
}

// Proof is what a change of one's own factors takes.
type Proof struct {
	First   FirstProof
	Code    string        // of a factor, or a recovery code; not looked at before there is a factor
	Passkey PasskeyAnswer // to AskPasskey, in place of a code
}

// String keeps passwords and codes out of logs.
func (FirstProof) String() string { return "[redacted]" }

// GoString keeps the password out of %#v.
func (FirstProof) GoString() string { return "[redacted]" }

// LogValue keeps the password out of structured logs.
func (FirstProof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// String keeps passwords and codes out of logs.
func (Proof) String() string { return "[redacted]" }

// GoString keeps passwords and codes out of %#v.
func (Proof) GoString() string { return "[redacted]" }

// LogValue keeps passwords and codes out of structured logs.
func (Proof) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// NewOwn returns the factors of a database.
func NewOwn(db *store.DB, options OwnOptions) *Own {
	orDefault(&options.Wrong, 5)
	orDefault(&options.Lock, 5*time.Minute)
	return &Own{db: db, options: options, party: relyingParty(options.Address, options.Issuer)}
}

// Holding is what somebody can prove themselves by beside the password.
type Holding struct {
	Factors       []identity.Factor // oldest first
	RecoveryCodes int               // how many are left
}

// Holding returns what the acting person has. Whoever is not a person signed in
// is Forbidden.
func (o *Own) Holding(ctx context.Context, actor identity.Actor) (h Holding, err error) {
	if err := allowOwn(actor); err != nil {
		return h, err
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		rows, err := tx.Factors.Of(actor.AccountID)
		if err != nil {
			return err
		}
		for _, r := range rows {
			h.Factors = append(h.Factors, r.Factor)
		}
		h.RecoveryCodes, err = tx.Factors.RecoveryCodes(actor.AccountID)
		return err
	})
	return h, err
}

// Has tells whether there is a factor of a kind.
func (h Holding) Has(kind identity.FactorKind) bool {
	return slices.ContainsFunc(h.Factors, func(f identity.Factor) bool { return f.Kind == kind })
}

// allowOwn is the permission to what is one's own.
func allowOwn(actor identity.Actor) error {
	if !actor.Somebody() {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return nil
}

// Setup is an app that is being given its secret.
type Setup struct {
	Ticket  string // names it until it is confirmed
	Secret  string // to be typed into the app
	Address string // the same for a link: otpauth://
	Square  Square // the same to be scanned
}

// String keeps the secret out of logs.
func (Setup) String() string { return "[redacted]" }

// GoString keeps the secret out of %#v.
func (Setup) GoString() string { return "[redacted]" }

// Begin makes the secret of an app, which is one's own once Confirm has seen a
// code of it. Faults: factor_limit (Conflict).
func (o *Own) Begin(ctx context.Context, actor identity.Actor) (s Setup, err error) {
	if err := allowOwn(actor); err != nil {
		return s, err
	}
	secret := newTOTPSecret()
	var account identity.Account
	err = o.db.Act(ctx, store.ActTicket, func(tx *store.Tx) error {
		if account, err = tx.Accounts.Get(actor.AccountID); err != nil {
			return err
		}
		if err := room(tx, account.ID); err != nil {
			return err
		}
		s.Ticket, err = ticket.Put(tx, identity.TicketFactor, append([]byte(account.ID+" "), secret...), setupLife)
		return err
	})
	if err != nil {
		return Setup{}, err
	}
	return o.drawn(s, account.Name, secret)
}

// Again returns what Begin did, for a page that is shown once more.
func (o *Own) Again(ctx context.Context, actor identity.Actor, word string) (s Setup, err error) {
	if err := allowOwn(actor); err != nil {
		return s, err
	}
	var account identity.Account
	var secret []byte
	err = o.db.View(ctx, func(tx *store.Tx) error {
		if secret, err = secretIn(tx, actor, word); err != nil {
			return err
		}
		account, err = tx.Accounts.Get(actor.AccountID)
		return err
	})
	if err != nil {
		return s, err
	}
	return o.drawn(Setup{Ticket: word}, account.Name, secret)
}

func (o *Own) drawn(s Setup, account string, secret []byte) (Setup, error) {
	key, err := keyOfApp(o.options.Issuer, account, secret)
	if err != nil {
		return Setup{}, err
	}
	s.Secret, s.Address = secretText(secret), key.URL()
	s.Square, err = squareOf(key)
	return s, err
}

// room refuses one factor more than there may be.
func room(tx *store.Tx, account identity.AccountID) error {
	all, err := tx.Factors.Of(account)
	if err == nil && len(all) >= MaxFactors {
		return fault.New(fault.Conflict, fault.CodeFactorLimit).With("max", MaxFactors)
	}
	return err
}

// secretIn is the secret that waits under a word, for whoever it was made for.
func secretIn(tx *store.Tx, actor identity.Actor, word string) ([]byte, error) {
	t, err := ticket.Peek(tx, identity.TicketFactor, word)
	if err != nil {
		return nil, err
	}
	whose := string(actor.AccountID) + " "
	if len(t.Payload) != len(whose)+totpSecret || string(t.Payload[:len(whose)]) != whose {
		return nil, fault.New(fault.NotFound, fault.CodeTicket)
	}
	return t.Payload[len(whose):], nil
}

// NewFactor is what somebody says of an app that they were given a secret for.
type NewFactor struct {
	Ticket string // of Begin
	Code   string // that the app shows
	Name   string
}

// String keeps the code out of logs.
func (NewFactor) String() string { return "[redacted]" }

// GoString keeps the code out of %#v.
func (NewFactor) GoString() string { return "[redacted]" }

// Confirm adds an app that shows the right code. With the first factor come
// recovery codes, which are told this once.
//
// Faults: those of the proof (see Remove), field_length at name, factor_code
// (Invalid) at code, factor_limit (Conflict), ticket_not_found (NotFound) and
// ticket_spent (Conflict).
func (o *Own) Confirm(ctx context.Context, actor identity.Actor, n NewFactor, p Proof) (f identity.Factor, codes []string, err error) {
	f = identity.Factor{AccountID: actor.AccountID, Kind: identity.FactorTOTP, Name: n.Name}
	if err := allowOwn(actor); err != nil {
		return f, nil, err
	}
	if err := f.Validate(); err != nil {
		return f, nil, err
	}
	// What was typed beside a wrong password may be typed again with the right one.
	if err := o.shown(ctx, actor, n); err != nil {
		return f, nil, err
	}
	if err := o.prove(ctx, actor, p); err != nil {
		return f, nil, err
	}
	err = o.db.Update(ctx, func(tx *store.Tx) error {
		secret, err := secretIn(tx, actor, n.Ticket)
		if err != nil {
			return err
		}
		step, err := totpStep(secret, n.Code, 0, tx.Now())
		if err != nil || step == 0 {
			return orWrong(err)
		}
		if _, err := ticket.Take(tx, identity.TicketFactor, n.Ticket); err != nil {
			return err
		}
		f.ID, f.CreatedAt = identity.NewFactorID(tx.Now()), tx.Now()
		// The code that was shown here is used: it proves nothing a second time.
		codes, err = o.add(tx, actor, store.FactorRow{Factor: f, Secret: secret, Step: step})
		return err
	})
	if err != nil {
		return f, nil, err
	}
	return f, codes, nil
}

// add stores a factor where there is room, and recovery codes where there are
// none.
func (o *Own) add(tx *store.Tx, actor identity.Actor, r store.FactorRow) (codes []string, err error) {
	if err := room(tx, actor.AccountID); err != nil {
		return nil, err
	}
	if err := tx.Factors.Insert(r); err != nil {
		return nil, err
	}
	left, err := tx.Factors.RecoveryCodes(actor.AccountID)
	if err == nil && left == 0 {
		codes, err = o.make(tx, actor)
	}
	if err != nil {
		return nil, err
	}
	return codes, audit.Record(tx, actor, audit.FactorAdded, aboutFactor(actor, r.Factor))
}

// shown refuses a code that the app does not show.
func (o *Own) shown(ctx context.Context, actor identity.Actor, n NewFactor) error {
	return o.db.View(ctx, func(tx *store.Tx) error {
		secret, err := secretIn(tx, actor, n.Ticket)
		if err != nil {
			return err
		}
		step, err := totpStep(secret, n.Code, 0, tx.Now())
		if err != nil || step == 0 {
			return orWrong(err)
		}
		return nil
	})
}

// orWrong is an error, or the fault of a code that is not right.
func orWrong(err error) error {
	if err != nil {
		return err
	}
	return fault.New(fault.Invalid, fault.CodeFactorCode).At("code")
}

func aboutFactor(actor identity.Actor, f identity.Factor) audit.About {
	return audit.About{
		Organization: actor.OrganizationID, Target: string(f.ID), Details: map[string]string{"kind": string(f.Kind), "name": f.Name},
	}
}

// Remove forgets a factor of one's own; with the last one the recovery codes go.
//
// Faults: factor_not_found; those of the first proof; factor_proof
// (Unauthenticated) without a code or a passkey, factor_code (Invalid) at proof
// for a wrong code, factor_locked (TooMany) after too many, and those of
// VerifyPasskey.
func (o *Own) Remove(ctx context.Context, actor identity.Actor, id identity.FactorID, p Proof) error {
	if err := allowOwn(actor); err != nil {
		return err
	}
	if err := o.prove(ctx, actor, p); err != nil {
		return err
	}
	return o.db.Update(ctx, func(tx *store.Tx) error {
		all, err := tx.Factors.Of(actor.AccountID)
		if err != nil {
			return err
		}
		if err := tx.Factors.Remove(actor.AccountID, id); err != nil {
			return err
		}
		if len(all) == 1 {
			if err := tx.Factors.SetRecoveryCodes(actor.AccountID, nil); err != nil {
				return err
			}
		}
		for _, r := range all {
			if r.Factor.ID == id {
				return audit.Record(tx, actor, audit.FactorRemoved, aboutFactor(actor, r.Factor))
			}
		}
		return nil
	})
}

// prove asks for the first proof, and for a code or a signature where the person
// has a factor.
func (o *Own) prove(ctx context.Context, actor identity.Actor, p Proof) error {
	if o.options.Prove == nil {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	if err := o.options.Prove(ctx, actor, p.First); err != nil {
		return err
	}
	h, err := o.Holding(ctx, actor)
	switch {
	case err != nil || len(h.Factors) == 0:
		return err
	case p.Passkey.Ticket != "":
		return o.redeemPasskey(ctx, actor, p)
	case p.Code == "":
		return fault.New(fault.Unauthenticated, fault.CodeFactorProof)
	}
	if _, err = o.Redeem(ctx, actor, p.Code); fault.Is(err, fault.CodeFactorCode) {
		return fault.Of(err).At("proof")
	}
	return err
}
