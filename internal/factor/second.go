package factor

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Second asks for a proof beside the first of whoever is signed in at a
// browser. Its codes are counted apart from those of all other purposes and from
// the failures of passwords. It is safe for concurrent use.
type Second struct {
	db    *store.DB
	codes *Codes
}

// secondProof is the purpose of its codes.
const secondProof = "second_proof"

// The bounds of second proofs, where the options leave them open: a mail takes a
// while, and whoever has the password alone gets a hundred guesses a day among a
// million codes.
const (
	secondLife   = 5 * time.Minute
	secondResend = time.Minute
	secondDaily  = 20
)

// NewSecond returns the second proofs of a database.
func NewSecond(db *store.DB, options CodeOptions) *Second {
	orDefault(&options.Life, secondLife)
	orDefault(&options.Resend, secondResend)
	orDefault(&options.Lock, secondLife)
	orDefault(&options.Daily, secondDaily)
	return &Second{db: db, codes: NewCodes(db, options)}
}

// Way is one way to give a second proof.
type Way struct {
	Method identity.Channel // by which a code is sent
	Masked string           // where it goes
}

// Ways returns how the holder of an account can give a second proof, the best
// first; none for whoever has no contact to which a message can leave.
func (s *Second) Ways(ctx context.Context, id identity.AccountID) (all []Way, err error) {
	a, err := s.account(ctx, id)
	if err != nil {
		return nil, err
	}
	if a.Mobile != "" && s.codes.options.Configured(ctx, identity.BySMS) {
		all = append(all, Way{identity.BySMS, identity.MaskMobile(a.Mobile)})
	}
	if a.Email != "" && s.codes.options.Configured(ctx, identity.ByMail) {
		all = append(all, Way{identity.ByMail, identity.MaskEmail(a.Email)})
	}
	return all, nil
}

func (s *Second) account(ctx context.Context, id identity.AccountID) (a identity.Account, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		a, err = tx.Accounts.Get(id)
		return err
	})
	return a, err
}

// Challenge is a second proof that is asked for.
type Challenge struct {
	Session identity.Session // whose proof it becomes
	Method  identity.Channel
	// Bound names the conversation and the application for which it is asked: in
	// another one the code is wrong.
	Bound string
	// Language is that of the message where the account has none of its own.
	Language string
}

// bound is what its code counts for alone.
func (c Challenge) bound() string { return string(c.Session.ID) + " " + c.Bound }

// Send sends the code of a challenge. Its faults are those of Codes.SendCode.
// Whoever is not signed in, or in another session than their own, is Forbidden.
func (s *Second) Send(ctx context.Context, actor identity.Actor, c Challenge) (Way, error) {
	if !owns(actor, c.Session) {
		return Way{}, errForbidden
	}
	a, err := s.account(ctx, actor.AccountID)
	if err != nil {
		return Way{}, err
	}
	sent, err := s.codes.SendCode(ctx, CodeRequest{Account: a, Purpose: secondProof, Method: c.Method, Bound: c.bound(), Language: c.Language})
	return Way{c.Method, sent.MaskedMobile + sent.MaskedEmail}, err
}

var errForbidden = fault.New(fault.Forbidden, fault.CodeForbidden)

func owns(actor identity.Actor, k identity.Session) bool {
	return actor.Somebody() && actor.AccountID == k.AccountID && k.ID != ""
}

// Prove redeems the code of a challenge and returns the session with the second
// proof, which is stored with it in one transaction. Its faults are those of
// Codes.CheckCode; a code that went to a contact which is not the account's any
// more is wrong.
func (s *Second) Prove(ctx context.Context, actor identity.Actor, c Challenge, code string) (k identity.Session, err error) {
	if !owns(actor, c.Session) {
		return k, errForbidden
	}
	a, err := s.account(ctx, actor.AccountID)
	if err != nil {
		return k, err
	}
	g := Guess{Purpose: secondProof, Subject: SubjectOf(a), Target: a.Mobile, Code: code, Bound: c.bound()}
	method := identity.BySMSCode
	if c.Method == identity.ByMail {
		g.Target, method = a.Email, identity.ByMailCode
	}
	if g.Target == "" {
		return k, errNoContact
	}
	return verify(ctx, s.db, actor, c.Session, func(tx *store.Tx) (string, error, error) {
		verdict, err := s.codes.check(tx, g, spends)
		return method, verdict, err
	})
}

// verify judges a code and, when it is right, stores the second proof of a
// session with what the code's room keeps, in one transaction. judge returns the
// method that proved, a verdict that is committed with what it counted, or an
// error that rolls back.
func verify(ctx context.Context, db *store.DB, actor identity.Actor, in identity.Session, judge func(*store.Tx) (method string, verdict, err error)) (k identity.Session, err error) {
	var verdict error
	err = db.Act(ctx, store.ActAttempt, func(tx *store.Tx) error {
		method, wrong, err := judge(tx)
		if verdict = wrong; err != nil || wrong != nil {
			return err
		}
		k = in
		k.Verify(method, tx.Now())
		if err := tx.Sessions.Verify(k); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SecondProofGiven, audit.About{
			Organization: k.OrganizationID, Target: string(k.ID), Details: map[string]string{"method": method},
		})
	})
	if err == nil {
		err = verdict
	}
	if err != nil {
		return identity.Session{}, err
	}
	return k, nil
}
