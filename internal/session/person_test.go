package session

import (
	"testing"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// account adds an account of a kind that is a member of nothing.
func (h *house) account(name string, kind identity.AccountKind, owner identity.OrganizationID) identity.Account {
	h.t.Helper()
	a := identity.Account{
		ID: identity.NewAccountID(h.clock.Now()), Kind: kind, OrganizationID: owner, Name: name, DisplayName: name, Status: identity.AccountActive, Version: 1,
	}
	h.write(func(tx *store.Tx) error { return tx.Accounts.Insert(a, a.LoginNames(true)) })
	return a
}

// A session without a member is the provider's for an account that was made for
// that and administers still, a person's for one of their own, and nobody's else.
func TestWhoASessionWithoutAMemberIs(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		person := h.account("dora", identity.Personal, "")
		posing := h.account("eve", identity.Personal, "")
		h.write(func(tx *store.Tx) error { return tx.Providers.Put(posing.ID, false) })
		for _, row := range []struct {
			name     string
			account  identity.Account
			code     fault.Code
			kind     identity.ActorKind
			provider bool
		}{
			{"administrator of the provider", h.root, "", identity.ActsAsProvider, true},
			{"person", person, "", identity.ActsAsPerson, false},
			{"person who is listed as an administrator", posing, "", identity.ActsAsPerson, false},
			{"operator who is none any more", h.account("old", identity.Operator, ""), fault.CodeSessionEnded, "", false},
			{"managed account", h.alice.Account, fault.CodeSessionEnded, "", false},
			{"outside account", h.account("guest", identity.Outside, h.acme.ID), fault.CodeSessionEnded, "", false},
		} {
			signed := h.good(row.name, h.start(Start{Account: row.account, Methods: []string{identity.ByPassword}}).Word, row.code)
			if row.code != "" {
				continue
			}
			actor := signed.Actor(origin)
			if actor.Kind != row.kind || signed.Provider != row.provider || actor.AccountID != row.account.ID || actor.OrganizationID != "" {
				t.Errorf("%s: got %+v, provider %v", row.name, actor, signed.Provider)
			}
			if may := access.Allow(actor, access.ManageProvider, "") == nil; may != row.provider {
				t.Errorf("%s: manages the installation: %v", row.name, may)
			}
		}
	})
}

func TestPersonSeesTheirOwnSessions(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		person := h.account("dora", identity.Personal, "")
		here := h.good("here", h.start(Start{Account: person}).Word, "")
		h.start(Start{Account: person})
		h.start(h.of(h.alice))
		mine, err := h.List(t.Context(), here.Actor(origin), person.ID)
		if err != nil || len(mine) != 2 {
			t.Errorf("got %d sessions, %v, want 2", len(mine), err)
		}
		_, err = h.List(t.Context(), here.Actor(origin), h.alice.Account.ID)
		wants(t, "another's", err, fault.CodeForbidden)
		if n, err := h.EndOthers(t.Context(), here.Actor(origin), here.Session.ID); n != 1 || err != nil {
			t.Errorf("ended %d others, %v, want 1", n, err)
		}
	})
}

// Going on from a session proves nothing anew and lengthens nothing.
func TestContinuing(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.start(h.of(h.alice))
		h.clock.Advance(11*time.Hour + 50*time.Minute)
		next := h.of(h.alice)
		next.Continues = first.Session
		out := h.start(next).Session
		if !out.ProvenAt.Equal(first.Session.ProvenAt) || !out.EndsAt.Equal(first.Session.EndsAt) || out.IdleEndsAt.After(out.EndsAt) {
			t.Errorf("proven at %s until %s and %s; want %s and %s", out.ProvenAt, out.EndsAt, out.IdleEndsAt, first.Session.ProvenAt, first.Session.EndsAt)
		}
		if !out.CreatedAt.Equal(h.clock.Now()) {
			t.Errorf("began at %s, want now", out.CreatedAt)
		}
		if stored := h.row(out.ID); !stored.ProvenAt.Equal(first.Session.ProvenAt) || !stored.EndsAt.Equal(first.Session.EndsAt) {
			t.Errorf("stored as %s until %s", stored.ProvenAt, stored.EndsAt)
		}
	})
}
