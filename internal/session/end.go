package session

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

var (
	errForbidden = fault.New(fault.Forbidden, fault.CodeForbidden)
	errNotFound  = fault.New(fault.NotFound, fault.CodeSessionNotFound)
)

// End ends the session of a word. One that ended or expired already needs no
// end: signing out twice is no error. An unknown word is Unauthenticated
// (session_unknown).
func (s *Sessions) End(ctx context.Context, word string, by identity.SessionEnd, origin identity.Origin) error {
	return s.db.Act(ctx, store.ActSession, func(tx *store.Tx) error {
		found, err := proveWord(tx, word)
		if err != nil {
			return err
		}
		k := found.Row.Session
		if !k.Live(tx.Now()) {
			return nil
		}
		return end(tx, holderOf(k, found.Account, found.Member, origin), k, by)
	})
}

// end ends a session and what was granted in it, has the applications told that
// it entered, and records it; one that another call ended first is ended, too.
func end(tx *store.Tx, actor identity.Actor, k identity.Session, by identity.SessionEnd) error {
	if err := tx.Sessions.End(k.ID, tx.Now(), by); err != nil {
		tx.NoEvent("another call ended the session first and recorded it")
		return unlessNotFound(err)
	}
	if err := tx.Grants.EndSession(k.ID, tx.Now()); err != nil {
		return err
	}
	entered, err := tx.Participations.Of(k.ID)
	if err != nil {
		return err
	}
	if err := tell(tx, entered); err != nil {
		return err
	}
	return record(tx, actor, audit.SessionEnded, k, map[string]string{"by": string(by), "member": string(k.MemberID)})
}

// AtSource narrows sessions to those that a source proved: the one to which it
// gave a name, or, where Session is "", all of an account.
type AtSource struct {
	Source  identity.SourceID
	Session string // the source's own name for it
	Account identity.AccountID
}

// EndAtSource ends, inside the caller's transaction, the sessions that a source
// proved, has the applications told that they entered, and returns how many
// there were. Where both are given a session is of the account, too. A source
// ends nothing that another one proved, or our own password.
func EndAtSource(tx *store.Tx, at AtSource, by identity.SessionEnd, origin identity.Origin) (n int, err error) {
	var found []store.SignedIn
	switch {
	case at.Source == "":
		return 0, nil
	case at.Session != "":
		found, err = tx.Sessions.OfSource(at.Source, at.Session)
	case at.Account != "":
		found, err = tx.Sessions.Live(at.Account)
	}
	if err != nil {
		return 0, err
	}
	for _, one := range found {
		k := one.Row.Session
		if k.SourceID != at.Source || at.Account != "" && k.AccountID != at.Account {
			continue
		}
		if err := end(tx, holderOf(k, one.Account, one.Member, origin), k, by); err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Whose narrows sessions to an account and, if given, an organisation.
type Whose struct {
	Account      identity.AccountID
	Organization identity.OrganizationID // "" for wherever the account is a member
}

// List returns the sessions of an account that count, newest first: all of
// them to the person, to somebody else those in organisations whose members
// the actor manages. Whoever is neither is Forbidden.
func (s *Sessions) List(ctx context.Context, actor identity.Actor, account identity.AccountID) ([]identity.Session, error) {
	return s.ListOf(ctx, actor, Whose{Account: account})
}

// ListOf is List, narrowed to an organisation if one is given.
func (s *Sessions) ListOf(ctx context.Context, actor identity.Actor, whose Whose) ([]identity.Session, error) {
	var all []identity.Session
	err := s.db.View(ctx, func(tx *store.Tx) error {
		found, err := visible(tx, actor, whose)
		all = make([]identity.Session, 0, len(found))
		for _, one := range found {
			all = append(all, one.Row.Session)
		}
		return err
	})
	return all, err
}

// EndOne ends one session of an account: for the person, or for whoever
// manages the members of its organisation; of an administrator, for whoever
// manages administrators. One that is not among those the actor may see, or
// counts no more, is NotFound (session_not_found).
func (s *Sessions) EndOne(ctx context.Context, actor identity.Actor, whose Whose, id identity.SessionID) error {
	return s.db.Act(ctx, store.ActSession, func(tx *store.Tx) error {
		found, err := visible(tx, actor, whose)
		if err != nil {
			return err
		}
		for _, one := range found {
			if one.Row.Session.ID == id {
				return endFor(tx, actor, one)
			}
		}
		return errNotFound
	})
}

// EndAll ends every session of an account that the actor may end, and returns
// how many there were. One that may not be ended is Forbidden, and then none
// is.
func (s *Sessions) EndAll(ctx context.Context, actor identity.Actor, whose Whose) (int, error) {
	return s.endAll(ctx, actor, whose, "")
}

// EndOthers ends every session of the acting person but the one they keep, and
// returns how many there were.
func (s *Sessions) EndOthers(ctx context.Context, actor identity.Actor, keep identity.SessionID) (int, error) {
	if !owns(actor, actor.AccountID) {
		return 0, errForbidden
	}
	return s.endAll(ctx, actor, Whose{Account: actor.AccountID}, keep)
}

func (s *Sessions) endAll(ctx context.Context, actor identity.Actor, whose Whose, keep identity.SessionID) (n int, err error) {
	err = s.db.Act(ctx, store.ActSession, func(tx *store.Tx) error {
		n = 0
		found, err := visible(tx, actor, whose)
		if err != nil {
			return err
		}
		for _, one := range found {
			if one.Row.Session.ID == keep {
				continue
			}
			if err := endFor(tx, actor, one); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// endFor ends a session that the actor may see, if the actor may.
func endFor(tx *store.Tx, actor identity.Actor, s store.SignedIn) error {
	k := s.Row.Session
	if owns(actor, k.AccountID) {
		return end(tx, actor, k, identity.EndedByPerson)
	}
	if s.Member.Administers() {
		if err := access.Allow(actor, access.ManageAdministrators, k.OrganizationID); err != nil {
			return err
		}
	}
	return end(tx, actor, k, identity.EndedByAdministrator)
}

// visible are the sessions that count and that the actor may see.
func visible(tx *store.Tx, actor identity.Actor, whose Whose) ([]store.SignedIn, error) {
	own := owns(actor, whose.Account)
	if err := access.Allow(actor, access.ManageMembers, actor.OrganizationID); err != nil && !own {
		return nil, err
	}
	all, err := tx.Sessions.Live(whose.Account)
	if err != nil {
		return nil, err
	}
	var seen []store.SignedIn
	for _, one := range all {
		org := one.Row.Session.OrganizationID
		if !stands(one, tx.Now()) || whose.Organization != "" && org != whose.Organization {
			continue
		}
		if own || access.Allow(actor, access.ManageMembers, org) == nil {
			seen = append(seen, one)
		}
	}
	return seen, nil
}

// owns reports whether the actor is the person themselves.
func owns(actor identity.Actor, account identity.AccountID) bool {
	return actor.Somebody() && actor.AccountID == account
}
