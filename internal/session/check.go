package session

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/ticket"
)

// touchEvery is how seldom the use of a session is stored.
const touchEvery = time.Minute

var (
	errUnknown = fault.New(fault.Unauthenticated, fault.CodeSessionUnknown)
	errEnded   = fault.New(fault.Unauthenticated, fault.CodeSessionEnded)
	errExpired = fault.New(fault.Unauthenticated, fault.CodeSessionExpired)
)

// Signed is a checked session and who is signed in by it. The nouns hold ids,
// names, status, role and generation; they are for showing and comparing, not
// for storing.
type Signed struct {
	Session      identity.Session
	Account      identity.Account
	Member       identity.Member // zero for who acts in no organisation
	Organization identity.Organization
	Provider     bool // acts as an administrator of the provider
	// StatementDue says that the privacy statement in force was not accepted: the
	// person may accept it and nothing else.
	StatementDue bool
}

// Actor tells who acts with the session, from where the call came. While the
// password has to be changed or a statement accepted it is nobody: such a session allows nothing else.
func (s Signed) Actor(origin identity.Origin) identity.Actor {
	if s.Session.MustChange || s.StatementDue {
		return identity.Anonymous(origin)
	}
	return s.Holder(origin)
}

// Holder names whose session it is, whatever it allows: for the change of a
// password that has to be changed, and for records.
func (s Signed) Holder(origin identity.Origin) identity.Actor {
	return holderOf(s.Session, s.Account, s.Member, origin)
}

func holderOf(k identity.Session, a identity.Account, m identity.Member, origin identity.Origin) identity.Actor {
	actor := identity.Actor{AccountID: k.AccountID, MemberID: k.MemberID, OrganizationID: k.OrganizationID, Origin: origin}
	if k.MemberID == "" {
		// Nobody, where the account is gone or belongs to an organisation.
		actor.Kind, actor.Name = a.OutsideOrganizations(), a.DisplayName
		return actor
	}
	actor.Kind, actor.Role, actor.Name = identity.ActsAsMember, m.Role, m.Name
	return actor
}

// Check proves the word of a session and tells who is signed in. One that is
// unknown or malformed is Unauthenticated (session_unknown). Whoever has the
// right word is told why it counts no more: it was ended, or somebody it
// depends on changed (session_ended), or its time ran out (session_expired).
// Use moves the idle end; it is stored at most once a minute. What is told is
// shared: read it, never change it.
func (s *Sessions) Check(ctx context.Context, word string) (Signed, error) {
	secret, ok := ticket.ParseSecret(prefix, word)
	if !ok {
		return Signed{}, errUnknown
	}
	id, now, since := identity.SessionIDOf(secret.ID), s.options.Now(), s.known.Now()
	// Only a session that counts is believed from memory: another node may have
	// moved its idle end, and whoever is refused is told the reason of now.
	found, remembered := s.known.Get(string(id))
	if remembered {
		remembered = secret.Proves(found.Row.Hash) && standing(found, now) == nil
	}
	if !remembered {
		var err error
		if found, err = s.read(ctx, secret, now); err != nil {
			return Signed{}, err
		}
	}
	touched := now.Sub(found.Row.Session.SeenAt) >= touchEvery
	if touched {
		if err := s.touch(ctx, &found.Row.Session, now); err != nil {
			return Signed{}, err
		}
	}
	if touched || !remembered {
		s.remember(since, id, found)
	}
	return signed(found), nil
}

// read finds and proves a session that counts at an instant. It is apart from
// Check because its closure would cost the short way allocations.
func (s *Sessions) read(ctx context.Context, secret ticket.Secret, now time.Time) (found store.SignedIn, err error) {
	err = s.db.Glance(ctx, func(tx *store.Tx) error {
		found, err = prove(tx, secret)
		return err
	})
	if err == nil {
		err = standing(found, now)
	}
	return found, err
}

// remember keeps what was read after a moment. Whoever still has to accept a
// statement is asked about each time, so that nobody need tell of acceptances.
func (s *Sessions) remember(since store.Moment, id identity.SessionID, found store.SignedIn) {
	if found.StatementDue {
		return
	}
	k := &found.Row.Session
	s.known.Put(since, string(id), found, string(id), string(k.AccountID), string(k.MemberID), string(k.OrganizationID))
}

// touch stores that a session was used.
func (s *Sessions) touch(ctx context.Context, k *identity.Session, now time.Time) error {
	seen, idleEnds := now, earlier(now.Add(s.options.Idle), k.EndsAt)
	err := s.db.Act(ctx, store.ActSession, func(tx *store.Tx) error {
		tx.NoEvent("that a page was asked for is no fact")
		return tx.Sessions.Touch(k.ID, seen, idleEnds)
	})
	if fault.KindOf(err) == fault.NotFound {
		return errEnded // between the two
	}
	k.SeenAt, k.IdleEndsAt = seen, idleEnds
	return err
}

// standing is why a session does not count at an instant, nil for one that does.
func standing(found store.SignedIn, now time.Time) error {
	k := &found.Row.Session
	switch {
	case !k.EndedAt.IsZero():
		return errEnded
	case !k.Live(now):
		return errExpired
	case !stands(found, now):
		return errEnded
	}
	return nil
}

// signed tells who is signed in by a session that counts.
func signed(found store.SignedIn) Signed {
	k := found.Row.Session
	provider := k.MemberID == "" && found.Account.OutsideOrganizations() == identity.ActsAsProvider
	return Signed{
		Session: k, Account: found.Account, Member: found.Member, Organization: found.Organization, Provider: provider,
		// Whoever administers the provider writes the statement and is not asked.
		StatementDue: found.StatementDue && !provider,
	}
}

// proveWord finds the session of a word, whatever its state.
func proveWord(tx *store.Tx, word string) (store.SignedIn, error) {
	secret, ok := ticket.ParseSecret(prefix, word)
	if !ok {
		return store.SignedIn{}, errUnknown
	}
	return prove(tx, secret)
}

// prove finds the session of a secret, whatever its state.
func prove(tx *store.Tx, secret ticket.Secret) (store.SignedIn, error) {
	found, err := tx.Lookup.Session(identity.SessionIDOf(secret.ID))
	switch {
	case fault.KindOf(err) == fault.NotFound:
		return found, errUnknown
	case err != nil:
		return found, err
	case !secret.Proves(found.Row.Hash):
		return store.SignedIn{}, errUnknown
	}
	return found, nil
}

// stands reports whether everybody a session depends on is as when it began:
// active at an instant, and of the same generation. What was removed is the zero value,
// which is not active.
func stands(s store.SignedIn, now time.Time) bool {
	k := s.Row.Session
	if !s.Account.Active() || s.Account.Generation != k.Generation.Account {
		return false
	}
	if k.MemberID == "" {
		return standsAlone(s)
	}
	return s.Member.Active(now) && s.Member.Generation == k.Generation.Member &&
		s.Organization.Active() && s.Organization.Generation == k.Generation.Organization
}

// standsAlone reports whether somebody who acts in no organisation may do so: an
// administrator of the provider while they are one, a person always. The row of
// a session that names an organisation and no member was not made here.
func standsAlone(s store.SignedIn) bool {
	if s.Row.Session.OrganizationID != "" {
		return false
	}
	switch s.Account.OutsideOrganizations() {
	case identity.ActsAsProvider:
		return s.Administers
	case identity.ActsAsPerson:
		return true
	}
	return false
}

func unlessNotFound(err error) error {
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}
