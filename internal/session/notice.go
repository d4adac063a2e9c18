package session

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// noticeLife is how long an application is told of an end at most: whatever it
// keeps for longer than a day it has to ask for anew anyway.
const noticeLife = 24 * time.Hour

// noticeLanes is how many messages are on their way to an application at once.
const noticeLanes = 4

// The parameters of outbox.TemplateSessionEnded.
const (
	paramApplication = "application"
	paramKey         = "key"
	paramSession     = "session"
)

// EndAllOf ends, inside the caller's transaction, every session of an account
// in an organisation because of what happens to them, and has the applications
// told that they entered. An empty account stands for everybody in the
// organisation, an empty organisation for wherever the account is a member.
//
// That the sessions count no more does not rest on it: whoever calls it also
// raises a generation or removes the rows. What happens is the caller's to
// record.
func EndAllOf(tx *store.Tx, whose Whose, by identity.SessionEnd) error {
	if whose.Account == "" && whose.Organization == "" {
		return nil // never everybody
	}
	entered, err := tx.Sessions.EndAll(whose.Account, whose.Organization, by)
	if err != nil {
		return err
	}
	return tell(tx, entered)
}

// tell has every application that wishes it told of the end of a session. The
// messages leave after the commit.
func tell(tx *store.Tx, entered []store.Entered) error {
	for _, e := range entered {
		e.Notice = identity.LogoutNotice{State: identity.NoticeNotAsked, At: tx.Now()}
		if e.NoticeURL != "" {
			e.Notice.State, e.Notice.Address = identity.NoticePending, e.NoticeURL
			if err := outbox.Put(tx, notice(e.Participation, tx.Now())); err != nil {
				return err
			}
		}
		if err := tx.Participations.Tell(e.Participation); err != nil {
			return err
		}
	}
	return nil
}

// notice is the message that a session is over.
//
// Messages to one target leave one after the other. An application has a few
// targets: enough to be told quickly, too few to keep mails waiting while it
// does not answer.
func notice(p identity.Participation, now time.Time) outbox.Message {
	lane := "0"
	if id := p.SessionID; id != "" {
		lane = string(rune('0' + id[len(id)-1]%noticeLanes))
	}
	return outbox.Message{
		Channel: identity.ToApplication, Target: string(p.ApplicationID) + "/" + lane, Template: outbox.TemplateSessionEnded,
		Params: map[string]string{paramApplication: string(p.ApplicationID), paramKey: p.Key, paramSession: string(p.SessionID)},
		Until:  now.Add(noticeLife),
	}
}

// Told is a participation with the application that it is in.
type Told struct {
	identity.Participation
	Application identity.Application // zero when it was removed
}

// Untold returns what a message of outbox.TemplateSessionEnded is about. A
// participation that is gone or was told already is NotFound
// (session_not_found).
func (s *Sessions) Untold(ctx context.Context, m outbox.Message) (t Told, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		e, err := tx.Participations.Get(identity.Participation{
			SessionID: identity.SessionID(m.Params[paramSession]), ApplicationID: identity.ApplicationID(m.Params[paramApplication]),
			Key: m.Params[paramKey],
		})
		if err != nil {
			return err
		}
		if e.Notice.State != identity.NoticePending {
			return errNotFound
		}
		t.Participation = e.Participation
		t.Application, err = tx.Lookup.Application(e.ApplicationID)
		return unlessNotFound(err)
	})
	return t, err
}

// Report stores how the telling of an application went.
func (s *Sessions) Report(ctx context.Context, p identity.Participation) error {
	return s.db.Act(ctx, store.ActOutbox, func(tx *store.Tx) error { return tx.Participations.Tell(p) })
}

// Entered is an application that was entered in a session.
type Entered = store.Entered

// Use is a session with where it was used: while it lives the applications
// that it entered, afterwards how each was told of the end.
type Use struct {
	Session      identity.Session
	Applications []Entered
}

// Used returns a session, whether it lives or ended, and where it was used:
// the logout report. The person may read it, and whoever manages the members
// of its organisation; to all others it is NotFound (session_not_found). It is
// kept for thirty days beyond the session's end.
func (s *Sessions) Used(ctx context.Context, actor identity.Actor, id identity.SessionID) (u Use, err error) {
	err = s.db.View(ctx, func(tx *store.Tx) error {
		found, err := tx.Lookup.Session(id)
		if err != nil {
			return err
		}
		k := found.Row.Session
		if !owns(actor, k.AccountID) && (k.OrganizationID == "" || access.Allow(actor, access.ManageMembers, k.OrganizationID) != nil) {
			return errNotFound
		}
		u.Session = k
		u.Applications, err = tx.Participations.Of(id)
		return err
	})
	if err != nil {
		return Use{}, err
	}
	return u, nil
}

// UsedBy returns where the live sessions of an account were used, by session,
// to those who may list them (see ListOf).
func (s *Sessions) UsedBy(ctx context.Context, actor identity.Actor, whose Whose) ([]Use, error) {
	var all []Use
	err := s.db.View(ctx, func(tx *store.Tx) error {
		all = nil
		found, err := visible(tx, actor, whose)
		if err != nil || len(found) == 0 {
			return err
		}
		entered, err := tx.Participations.OfLive(whose.Account)
		if err != nil {
			return err
		}
		of := map[identity.SessionID][]store.Entered{}
		for _, e := range entered {
			of[e.SessionID] = append(of[e.SessionID], e)
		}
		for _, one := range found {
			all = append(all, Use{Session: one.Row.Session, Applications: of[one.Row.Session.ID]})
		}
		return nil
	})
	return all, err
}

// Join notes that an application was entered in a session (protocol.Sessions).
// A session that is over is Unauthenticated (session_ended).
func (s *Sessions) Join(ctx context.Context, p identity.Participation) error {
	err := s.db.Act(ctx, store.ActSession, func(tx *store.Tx) error {
		tx.NoEvent("the grant that goes with it is recorded")
		return tx.Participations.Join(p)
	})
	if fault.KindOf(err) == fault.NotFound {
		return errEnded
	}
	return err
}
