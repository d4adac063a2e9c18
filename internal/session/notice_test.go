package session

import (
	"slices"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/outbox"
	"github.com/orgate/orgate/internal/store"
)

// application adds an application of acme; url is where it wishes to be told.
func (h *house) application(name, url string) identity.Application {
	h.t.Helper()
	a := identity.Application{
		ID: identity.NewApplicationID(h.clock.Now()), OrganizationID: h.acme.ID, ClientID: name, Name: "The " + name,
		Protocol: identity.ProtocolOIDC, Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{BackchannelURL: url},
	}
	h.write(func(tx *store.Tx) error { return tx.Applications.Insert(a) })
	return a
}

func (h *house) enter(k identity.Session, a identity.Application) {
	h.t.Helper()
	p := identity.Participation{
		SessionID: k.ID, ApplicationID: a.ID, OrganizationID: a.OrganizationID, MemberID: k.MemberID, Protocol: a.Protocol,
		Key: "sid-" + a.ClientID, JoinedAt: h.clock.Now(),
	}
	if err := h.Join(h.t.Context(), p); err != nil {
		h.t.Fatalf("join: %v", err)
	}
}

// states are the notices of a session as they are stored, by client id.
func (h *house) states(id identity.SessionID) map[string]identity.LogoutNotice {
	h.t.Helper()
	found := map[string]identity.LogoutNotice{}
	err := h.db.View(h.t.Context(), func(tx *store.Tx) error {
		entered, err := tx.Participations.Of(id)
		for _, e := range entered {
			found[e.ClientID] = e.Notice
		}
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return found
}

// waiting are the messages to applications that wait, by the key in them.
func (h *house) waiting() (keys []string, messages []outbox.Message) {
	h.t.Helper()
	var leased []identity.Message
	err := h.db.Act(h.t.Context(), store.ActOutbox, func(tx *store.Tx) (err error) {
		leased, err = tx.Outbox.Lease("test", tx.Now().Add(time.Second), 100)
		return err
	})
	if err != nil {
		h.t.Fatal(err)
	}
	for _, stored := range leased {
		if stored.Channel != identity.ToApplication {
			continue
		}
		m, err := outbox.Open(stored)
		if err != nil {
			h.t.Fatal(err)
		}
		keys, messages = append(keys, m.Params[paramKey]), append(messages, m)
	}
	slices.Sort(keys)
	return keys, messages
}

const wikiURL = "https://wiki.example/logout"

// ending is a way in which the session of alice ends before its time.
type ending struct {
	by  identity.SessionEnd
	end func(h *house, out Started) error
}

func endings() map[string]ending {
	return map[string]ending{
		"sign-out": {identity.EndedBySignOut, func(h *house, out Started) error {
			return h.End(h.t.Context(), out.Word, identity.EndedBySignOut, origin)
		}},
		"the person": {identity.EndedByPerson, func(h *house, out Started) error {
			return h.EndOne(h.t.Context(), as(h.alice), Whose{Account: h.alice.Account.ID}, out.Session.ID)
		}},
		"an administrator": {identity.EndedByAdministrator, func(h *house, _ Started) error {
			_, err := h.EndAll(h.t.Context(), as(h.carol), Whose{Account: h.alice.Account.ID, Organization: h.acme.ID})
			return err
		}},
		"renewal": {identity.EndedByRenewal, func(h *house, out Started) error {
			again := h.of(h.carol)
			again.Replaces = out.Word
			_, err := h.Start(h.t.Context(), again)
			return err
		}},
		"suspension": {identity.EndedBySuspension, func(h *house, _ Started) error {
			h.write(func(tx *store.Tx) error {
				return EndAllOf(tx, Whose{Account: h.alice.Account.ID, Organization: h.acme.ID}, identity.EndedBySuspension)
			})
			return nil
		}},
		"a new password": {identity.EndedByPassword, func(h *house, _ Started) error {
			h.write(func(tx *store.Tx) error {
				return EndAllOf(tx, Whose{Account: h.alice.Account.ID}, identity.EndedByPassword)
			})
			return nil
		}},
		"freezing": {identity.EndedByFreezing, func(h *house, _ Started) error {
			h.write(func(tx *store.Tx) error {
				return EndAllOf(tx, Whose{Organization: h.acme.ID}, identity.EndedByFreezing)
			})
			return nil
		}},
	}
}

// Whichever way a session ends before its time, the applications that wish it
// are told, in the same transaction and once.
func TestApplicationsAreToldOfEveryEnd(t *testing.T) {
	for name, tt := range endings() {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				wiki, quiet := h.application("wiki", wikiURL), h.application("quiet", "")
				out := h.start(h.of(h.alice))
				other := h.start(Start{Account: h.stranger.Account, Member: h.stranger.Member, Organization: h.nova})
				h.enter(out.Session, wiki)
				h.enter(out.Session, quiet)
				h.enter(other.Session, wiki)
				if keys, _ := h.waiting(); len(keys) != 0 {
					t.Fatalf("told before the end: %q", keys)
				}
				h.clock.Advance(time.Second)
				if err := tt.end(h, out); err != nil {
					t.Fatal(err)
				}
				h.good("afterwards", out.Word, fault.CodeSessionEnded)
				h.good("somebody else's", other.Word, "")
				if k := h.row(out.Session.ID); k.EndedBy != tt.by || !k.EndedAt.Equal(h.clock.Now()) {
					t.Errorf("ended by %q at %s", k.EndedBy, k.EndedAt)
				}
				want := map[string]identity.LogoutNotice{
					"wiki":  {State: identity.NoticePending, Address: wikiURL, At: h.clock.Now()},
					"quiet": {State: identity.NoticeNotAsked, At: h.clock.Now()},
				}
				got := h.states(out.Session.ID)
				if len(got) != 2 || got["wiki"] != want["wiki"] || got["quiet"] != want["quiet"] {
					t.Errorf("got %+v, want %+v", got, want)
				}
				if keys, _ := h.waiting(); !slices.Equal(keys, []string{"sid-wiki"}) {
					t.Errorf("messages: got %q", keys)
				}
				if got := h.states(other.Session.ID)["wiki"]; got.State != identity.NoticeNone {
					t.Errorf("somebody else's: got %+v", got)
				}
				err := h.Join(t.Context(), identity.Participation{SessionID: out.Session.ID, ApplicationID: wiki.ID, Key: "late"})
				wants(t, "a late entry", err, fault.CodeSessionEnded)
			})
		})
	}
}

func TestNobodyMeansNobody(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.start(h.of(h.alice))
		h.write(func(tx *store.Tx) error { return EndAllOf(tx, Whose{}, identity.EndedByRemoval) })
		h.good("afterwards", out.Word, "")
	})
}

func TestAMessageIsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.start(h.of(h.alice))
		h.enter(out.Session, h.application("wiki", wikiURL))
		if err := h.End(t.Context(), out.Word, identity.EndedBySignOut, origin); err != nil {
			t.Fatal(err)
		}
		_, messages := h.waiting()
		told, err := h.Untold(t.Context(), messages[0])
		if err != nil || told.Key != "sid-wiki" || told.Application.ClientID != "wiki" || told.Notice.State != identity.NoticePending {
			t.Fatalf("got %+v, %v", told, err)
		}
		p := told.Participation
		p.Notice.State, p.Notice.Attempts, p.Notice.Answer = identity.NoticeDelivered, 1, "200 OK"
		if err := h.Report(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		_, err = h.Untold(t.Context(), messages[0])
		wants(t, "again", err, fault.CodeSessionNotFound)
	})
}

func TestWhoReadsTheReport(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		out := h.start(h.of(h.alice))
		h.enter(out.Session, h.application("wiki", wikiURL))
		for _, ended := range []bool{false, true} {
			if ended {
				if err := h.End(t.Context(), out.Word, identity.EndedBySignOut, origin); err != nil {
					t.Fatal(err)
				}
			}
			for name, tt := range map[string]struct {
				actor identity.Actor
				code  fault.Code
			}{
				"the person":         {as(h.alice), ""},
				"an administrator":   {as(h.carol), ""},
				"the provider":       {h.provider(), ""},
				"another's owner":    {as(h.stranger), fault.CodeSessionNotFound},
				"nobody":             {identity.Actor{}, fault.CodeSessionNotFound},
				"nobody, with an id": {identity.Actor{AccountID: h.alice.Account.ID}, fault.CodeSessionNotFound},
			} {
				u, err := h.Used(t.Context(), tt.actor, out.Session.ID)
				wants(t, name, err, tt.code)
				if good := len(u.Applications) == 1 && u.Applications[0].Name == "The wiki" && u.Session.EndedAt.IsZero() != ended; good != (tt.code == "") {
					t.Errorf("%s: got %+v", name, u)
				}
			}
			all, err := h.UsedBy(t.Context(), as(h.alice), Whose{Account: h.alice.Account.ID})
			if err != nil || len(all) != map[bool]int{false: 1, true: 0}[ended] || !ended && len(all[0].Applications) != 1 {
				t.Errorf("live ones: got %+v, %v", all, err)
			}
		}
		_, err := h.Used(t.Context(), as(h.alice), "ses_x")
		wants(t, "none", err, fault.CodeSessionNotFound)
		_, err = h.UsedBy(t.Context(), as(h.alice), Whose{Account: h.carol.Account.ID})
		wants(t, "another's", err, fault.CodeForbidden)
	})
}
