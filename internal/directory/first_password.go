package directory

import (
	"context"
	"log/slog"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// FirstPassword is the password that a person chooses in place of one that
// somebody else chose.
type FirstPassword struct {
	// Session is the one that demands it, as it was checked a moment ago.
	Session  identity.Session
	Password string
	Entry    EnterBrowser // replaces that session
	Origin   identity.Origin
}

// String keeps passwords out of logs.
func (FirstPassword) String() string { return "[redacted]" }

// GoString keeps passwords out of %#v.
func (FirstPassword) GoString() string { return "[redacted]" }

// LogValue keeps passwords out of structured logs.
func (FirstPassword) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// ChooseFirstPassword sets the password that a session demands (Session's
// MustChange) and starts a new session that demands nothing. Every other token
// and session of the account ends, and the person is told by mail.
//
// A session that demands nothing is Forbidden; one of an account that changed
// since Unauthenticated (session_ended). The password obeys the rules of the
// organisation and is not the one that somebody else chose (password_recent).
// Where members sign in through their enterprise's centre by now it is a
// Conflict (sso_password).
func (d *Directory) ChooseFirstPassword(ctx context.Context, p FirstPassword) (in SignedIn, err error) {
	if !p.Session.MustChange {
		return in, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	c, err := d.chooser(ctx, p.Session)
	if err != nil {
		return in, err
	}
	rules := c.rules.Password
	if err := checkPassword(p.Password, rules, identity.PasswordContext{Account: c.account.Name}); err != nil {
		return in, err
	}
	recent := append([]string{c.credential.Hash}, c.credential.History...)
	if err := d.notAmong(ctx, p.Password, recent[:min(len(recent), rules.History+1)]); err != nil {
		return in, err
	}
	hash, err := d.hasher.Hash(ctx, p.Password)
	if err != nil {
		return in, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		in, err = d.chosen(tx, c, hash, p)
		return err
	})
	return in, err
}

// chooser loads who is to choose.
func (d *Directory) chooser(ctx context.Context, s identity.Session) (c candidate, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if c.account, err = tx.Accounts.Get(s.AccountID); err != nil {
			return ended(err)
		}
		if c.credential, err = tx.Credentials.Get(s.AccountID); err != nil {
			return err
		}
		if c.rules, err = rulesOf(tx, c.account); err != nil {
			return err
		}
		return hasPassword(tx, c.account)
	})
	return c, err
}

// chosen stores the password and lets the person go on.
func (d *Directory) chosen(tx *store.Tx, c candidate, hash string, p FirstPassword) (in SignedIn, err error) {
	read := bearer{
		Account: p.Session.AccountID, Organization: p.Session.OrganizationID, Member: p.Session.MemberID, Generation: p.Session.Generation,
	}
	if in, err = read.again(tx); err != nil {
		return in, ended(err)
	}
	if err := hasPassword(tx, in.Person.Account); err != nil {
		return in, err
	}
	if err := replace(tx, c.credential, hash, false); err != nil {
		return in, err
	}
	if err := d.tellChanged(tx, in.Person.Account); err != nil {
		return in, err
	}
	if err := audit.Record(tx, in.actor("", p.Origin), audit.PasswordChanged, audit.About{
		Organization: p.Session.OrganizationID, Target: string(p.Session.AccountID),
	}); err != nil {
		return in, err
	}
	// The change has ended everything of the account's generation so far.
	if in.Person.Account, err = tx.Accounts.Get(p.Session.AccountID); err != nil {
		return in, err
	}
	return in, d.admit(tx, &in, p.Entry, admission{how: howNew, methods: p.Session.Methods, origin: p.Origin})
}

// ended tells that somebody is gone or changed since as the end of a session.
func ended(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return fault.New(fault.Unauthenticated, fault.CodeSessionEnded)
	}
	return err
}

// rulesOf returns the sign-in rules that an account is under: those of the
// organisation that owns it, else the default ones.
func rulesOf(tx *store.Tx, a identity.Account) (identity.SignInRules, error) {
	if a.OrganizationID == "" {
		return identity.DefaultSignInRules(), nil
	}
	o, err := tx.Organizations.Get(a.OrganizationID)
	return o.Rules, err
}
