package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
	"github.com/orgate/orgate/internal/trace"
)

// telephone is a protocol that answers what it is told to.
type telephone struct {
	answer string
	err    error
	heard  []string // application and key
}

func (p *telephone) Name() identity.ProtocolName { return identity.ProtocolOIDC }
func (p *telephone) Mount(*http.ServeMux)        {}

func (p *telephone) EndSession(_ context.Context, a identity.Application, part identity.Participation) (string, error) {
	p.heard = append(p.heard, a.ClientID+" "+part.Key)
	return p.answer, p.err
}

// farewell is a session that has ended, and the message about it.
type farewell struct {
	*notices
	db      *store.DB
	session identity.SessionID
	message outbox.Message
	wiki    identity.Application
}

func newFarewell(t *testing.T, open func(...storetest.Option) *store.DB, phone protocol.Protocol) *farewell {
	t.Helper()
	clock := storetest.NewClock()
	db := open(storetest.WithClock(clock), storetest.WithoutEvents())
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	x := &farewell{db: db, notices: &notices{
		sessions: session.New(db, session.Options{Now: clock.Now}), now: clock.Now,
		traces:   trace.NewKeeper(db, trace.Options{Now: clock.Now, Catalogue: catalogue}),
		speakers: map[identity.ProtocolName]protocol.Protocol{},
	}}
	x.speak(phone, identity.ProtocolOIDC)
	now := clock.Now()
	org := identity.Organization{ID: identity.NewOrganizationID(now), Code: "acme", Name: "Acme", Status: identity.OrganizationActive}
	account := identity.Account{ID: identity.NewAccountID(now), Kind: identity.Operator, Name: "root", Status: identity.AccountActive}
	x.wiki = identity.Application{
		ID: identity.NewApplicationID(now), OrganizationID: org.ID, ClientID: "wiki", Name: "Wiki", Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{BackchannelURL: "https://wiki.example/logout"},
	}
	x.session = identity.SessionIDOf(identity.NewUUID(now))
	k := identity.Session{ID: x.session, AccountID: account.ID, CreatedAt: now, IdleEndsAt: now.Add(time.Hour), EndsAt: now.Add(time.Hour)}
	var stored []identity.Message
	err = db.Update(t.Context(), func(tx *store.Tx) error {
		err := errors.Join(tx.Organizations.Insert(org), tx.Accounts.Insert(account, nil), tx.Applications.Insert(x.wiki),
			tx.Sessions.Add(k, []byte("hash")), tx.Participations.Join(identity.Participation{
				SessionID: k.ID, ApplicationID: x.wiki.ID, OrganizationID: org.ID, Protocol: x.wiki.Protocol, Key: "sid", JoinedAt: now,
			}), session.EndAllOf(tx, session.Whose{Account: account.ID}, identity.EndedByPassword))
		if err != nil {
			return err
		}
		stored, err = tx.Outbox.Lease("test", now.Add(time.Second), 10)
		return err
	})
	if err != nil || len(stored) != 1 {
		t.Fatalf("got %d messages, %v", len(stored), err)
	}
	if x.message, err = outbox.Open(stored[0]); err != nil {
		t.Fatal(err)
	}
	return x
}

func (x *farewell) notice(t *testing.T) (n identity.LogoutNotice) {
	t.Helper()
	err := x.db.View(t.Context(), func(tx *store.Tx) error {
		all, err := tx.Participations.Of(x.session)
		n = all[0].Notice
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestWhatAnApplicationAnswersIsReported(t *testing.T) {
	refused := errors.New("the application answered 503 Service Unavailable")
	tests := []struct {
		name   string
		phone  telephone
		state  identity.NoticeState
		answer string
		err    error // nil, refused for another attempt, or outbox.ErrPermanent
	}{
		{"it takes it", telephone{answer: "200 OK"}, identity.NoticeDelivered, "200 OK", nil},
		{"later, perhaps", telephone{answer: "503 Service Unavailable", err: refused}, identity.NoticePending, "503 Service Unavailable", refused},
		{"nobody there", telephone{err: refused}, identity.NoticePending, noAnswer, refused},
		{"never", telephone{answer: "400 Bad Request", err: fmt.Errorf("no: %w", protocol.ErrHopeless)}, identity.NoticeFailed, "400 Bad Request", outbox.ErrPermanent},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
				phone := tt.phone
				x := newFarewell(t, open, &phone)
				err := x.Send(t.Context(), x.message)
				passing := err != nil && !errors.Is(err, outbox.ErrPermanent)
				if !errors.Is(err, tt.err) || errors.Is(tt.err, refused) != passing {
					t.Errorf("got %v, want %v", err, tt.err)
				}
				want := identity.LogoutNotice{State: tt.state, Address: "https://wiki.example/logout", Attempts: 1, Answer: tt.answer, At: x.now()}
				if got := x.notice(t); got != want {
					t.Errorf("got %+v, want %+v", got, want)
				}
				// A message that comes twice tells again only what was not told.
				again := x.Send(t.Context(), x.message)
				if calls := map[bool]int{true: 2, false: 1}[tt.state == identity.NoticePending]; len(phone.heard) != calls || phone.heard[0] != "wiki sid" {
					t.Errorf("heard %q, %v", phone.heard, again)
				}
				x.givenUp(t.Context(), outbox.GivenUp{Message: x.message})
				if got := x.notice(t).State; got != tt.state && got != identity.NoticeFailed || got == identity.NoticePending {
					t.Errorf("given up: got %q", got)
				}
				if err := x.traces.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
				stories, err := x.traces.Page(t.Context(), console(), trace.Asked{Organization: x.wiki.OrganizationID, Application: x.wiki.ID, Limit: 9})
				if err != nil || len(stories) != len(phone.heard) || stories[0].Steps[0].Check != trace.BackchannelAnswer {
					t.Errorf("stories: got %+v, %v", stories, err)
				}
			})
		})
	}
}

func TestNobodyToTell(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		x := newFarewell(t, open, nil)
		err := x.db.Update(t.Context(), func(tx *store.Tx) error { return tx.Applications.Delete(x.wiki.OrganizationID, x.wiki.ID) })
		if err != nil {
			t.Fatal(err)
		}
		if err := x.Send(t.Context(), x.message); !errors.Is(err, outbox.ErrPermanent) {
			t.Errorf("got %v", err)
		}
		if got := x.notice(t); got.State != identity.NoticeFailed || got.Answer != "" {
			t.Errorf("got %+v", got)
		}
		// Other channels are none of its business.
		x.givenUp(t.Context(), outbox.GivenUp{Message: outbox.Message{Channel: identity.ByMail}})
	})
}

func TestAnApplicationThatNobodySpeaksTo(t *testing.T) {
	x := newFarewell(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) }, &telephone{})
	x.speakers = nil
	if err := x.Send(t.Context(), x.message); !errors.Is(err, outbox.ErrPermanent) || x.notice(t).State != identity.NoticeFailed {
		t.Errorf("got %v, %+v", err, x.notice(t))
	}
}
