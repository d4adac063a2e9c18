package directory

import (
	"context"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/policy"
	"github.com/orgate/orgate/internal/store"
)

// candidate is whom a password may prove, with what is needed to judge it.
type candidate struct {
	account    identity.Account // zero when nobody has the typed name
	known      bool
	credential identity.Credential
	rules      identity.SignInRules // of the organisation that owns the account
	subject    string               // whose failures are counted
}

// find returns an account, or false when there is none.
type find func(tx *store.Tx) (identity.Account, bool, error)

// candidate loads whom a password may prove. While the subject is locked it
// returns the candidate and the fault locked, so that no hash is computed.
func (d *Directory) candidate(ctx context.Context, who find, name loginName) (c candidate, err error) {
	err = d.db.View(ctx, func(tx *store.Tx) error {
		c = candidate{rules: identity.DefaultSignInRules()}
		if c.account, c.known, err = who(tx); err != nil {
			return err
		}
		if !c.known {
			c.subject = name.subject(tx)
			return policy.Locked(tx, c.subject)
		}
		c.subject = subjectOf(c.account.ID)
		if c.credential, err = tx.Credentials.Get(c.account.ID); err != nil {
			return err
		}
		if c.account.OrganizationID != "" {
			org, err := tx.Organizations.Get(c.account.OrganizationID)
			if err != nil {
				return err
			}
			c.rules = org.Rules
		}
		return policy.Locked(tx, c.subject)
	})
	return c, err
}

// provable loads the candidate for an account that somebody is signed in with.
func (d *Directory) provable(ctx context.Context, id identity.AccountID) (candidate, error) {
	return d.candidate(ctx, func(tx *store.Tx) (identity.Account, bool, error) {
		a, err := tx.Accounts.Get(id)
		return a, err == nil, err
	}, loginName{})
}

// refuse counts a wrong password and returns wrong, or the fault locked when
// enough others were counted while this one was looked at: whoever guesses in
// parallel learns nothing from the guesses beyond the bound.
func (d *Directory) refuse(ctx context.Context, c candidate, actor identity.Actor, wrong *fault.Error) error {
	var answer error
	err := d.db.Act(ctx, store.ActAttempt, func(tx *store.Tx) error {
		answer = wrong
		locked, err := policy.Failed(tx, c.subject, policy.Lockout{After: c.rules.LockAfter, For: c.rules.LockFor})
		if err != nil {
			return err
		}
		if !locked {
			err := policy.Locked(tx, c.subject)
			if fault.Is(err, fault.CodeLocked) {
				answer = err
				return nil
			}
			if err != nil {
				return err
			}
		}
		return recordRefusal(tx, c, actor, locked)
	})
	if err != nil {
		return err
	}
	return answer
}

// recordRefusal writes what happened to a known account. Names that nobody has
// leave no event: anybody could fill the log with them.
func recordRefusal(tx *store.Tx, c candidate, actor identity.Actor, locked bool) error {
	if !c.known {
		return nil
	}
	about := audit.About{Organization: c.account.OrganizationID, Target: string(c.account.ID), Details: map[string]string{"how": "password"}}
	if err := audit.Record(tx, actor, audit.SignInRefused, about); err != nil {
		return err
	}
	if !locked {
		return nil
	}
	about.Details = nil
	return audit.Record(tx, actor, audit.AccountLocked, about)
}
