package session

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func (h *house) provider() identity.Actor {
	return identity.Actor{Kind: identity.ActsAsProvider, AccountID: h.root.ID, Origin: origin}
}

// TestWhoMayEnd asks everybody to see and to end sessions of everybody.
func TestWhoMayEnd(t *testing.T) {
	const seen, ended = "seen", "ended"
	type actors func(h *house) identity.Actor
	person := func(p func(h *house) identity.Person) actors {
		return func(h *house) identity.Actor { return as(p(h)) }
	}
	alice, carol := func(h *house) identity.Person { return h.alice }, func(h *house) identity.Person { return h.carol }
	boss, stranger := func(h *house) identity.Person { return h.boss }, func(h *house) identity.Person { return h.stranger }
	token := func(o func(h *house) identity.OrganizationID) actors {
		return func(h *house) identity.Actor {
			return identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: o(h), APIToken: "key_x"}
		}
	}
	tests := []struct {
		name  string
		actor actors
		whose func(h *house) identity.Person
		want  string     // how far the actor comes
		code  fault.Code // of what is refused
	}{
		{"oneself", person(alice), alice, ended, ""},
		{"an administrator, a member's", person(carol), alice, ended, ""},
		{"an administrator, the owner's", person(carol), boss, seen, fault.CodeForbidden},
		{"an administrator, their own", person(carol), carol, ended, ""},
		{"the owner, an administrator's", person(boss), carol, ended, ""},
		{"the organisation's token", token(func(h *house) identity.OrganizationID { return h.acme.ID }), boss, ended, ""},
		{"the provider", (*house).provider, boss, ended, ""},
		{"a member, another's", person(alice), carol, "", fault.CodeForbidden},
		{"another organisation's owner", person(stranger), alice, "", fault.CodeSessionNotFound},
		{"another organisation's token", token(func(h *house) identity.OrganizationID { return h.nova.ID }), alice, "", fault.CodeSessionNotFound},
		{"nobody", func(*house) identity.Actor { return identity.Actor{} }, alice, "", fault.CodeForbidden},
		{"nobody with an account", func(h *house) identity.Actor { return identity.Actor{AccountID: h.alice.Account.ID} }, alice, "", fault.CodeForbidden},
		{"an application", func(h *house) identity.Actor {
			return identity.Actor{Kind: identity.ActsAsApplication, AccountID: h.alice.Account.ID, OrganizationID: h.acme.ID}
		}, alice, "", fault.CodeForbidden},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			each(t, func(t *testing.T, h *house) {
				p, actor := tt.whose(h), tt.actor(h)
				out := h.start(h.of(p))
				list, err := h.List(t.Context(), actor, p.Account.ID)
				if got := err == nil && len(list) == 1 && list[0].ID == out.Session.ID; got != (tt.want != "") {
					t.Errorf("list: got %v, %v", list, err)
				}
				n, err := h.EndAll(t.Context(), actor, Whose{Account: p.Account.ID, Organization: h.nova.ID})
				if n != 0 || err != nil && tt.want != "" {
					t.Errorf("those elsewhere: ended %d, %v", n, err)
				}
				wants(t, "end", h.EndOne(t.Context(), actor, Whose{Account: p.Account.ID}, out.Session.ID), tt.code)
				code := fault.Code("")
				if tt.want == ended {
					code = fault.CodeSessionEnded
				}
				h.good("afterwards", out.Word, code)
			})
		})
	}
}

func TestEndOneKnowsTheAccount(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		alices, carols := h.start(h.of(h.alice)), h.start(h.of(h.carol))
		for name, id := range map[string]identity.SessionID{"another's": carols.Session.ID, "none": "ses_x", "": ""} {
			err := h.EndOne(t.Context(), as(h.alice), Whose{Account: h.alice.Account.ID}, id)
			wants(t, name, err, fault.CodeSessionNotFound)
		}
		mine := Whose{Account: h.alice.Account.ID}
		wants(t, "mine", h.EndOne(t.Context(), as(h.alice), mine, alices.Session.ID), "")
		wants(t, "again", h.EndOne(t.Context(), as(h.alice), mine, alices.Session.ID), fault.CodeSessionNotFound)
		h.good("another's", carols.Word, "")
		if k := h.row(alices.Session.ID); k.EndedBy != identity.EndedByPerson {
			t.Errorf("ended by %q", k.EndedBy)
		}
	})
}

func TestEndOthers(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		var words []string
		var keep identity.SessionID
		for range 3 {
			out := h.start(h.of(h.alice))
			words, keep = append(words, out.Word), out.Session.ID
			h.tick()
		}
		carols := h.start(h.of(h.carol)).Word
		if n, err := h.EndOthers(t.Context(), as(h.alice), keep); n != 2 || err != nil {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		h.good("the first", words[0], fault.CodeSessionEnded)
		h.good("the second", words[1], fault.CodeSessionEnded)
		h.good("the one to keep", words[2], "")
		h.good("another's", carols, "")
		if got := h.events(audit.SessionEnded, "by"); !slices.Equal(got, []string{"person", "person"}) {
			t.Errorf("recorded: %q", got)
		}
		for _, actor := range []identity.Actor{{}, {Kind: identity.ActsAsOrgToken, OrganizationID: h.acme.ID}, {Kind: identity.ActsAsConsole}} {
			_, err := h.EndOthers(t.Context(), actor, keep)
			wants(t, "who has none", err, fault.CodeForbidden)
		}
	})
}

func TestEndAll(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		words := []string{h.start(h.of(h.alice)).Word, h.start(h.of(h.alice)).Word}
		all := Whose{Account: h.alice.Account.ID, Organization: h.acme.ID}
		if n, err := h.EndAll(t.Context(), as(h.carol), all); n != 2 || err != nil {
			t.Errorf("got %d, %v, want 2", n, err)
		}
		for _, word := range words {
			h.good("afterwards", word, fault.CodeSessionEnded)
		}
		if n, err := h.EndAll(t.Context(), as(h.carol), all); n != 0 || err != nil {
			t.Errorf("again: got %d, %v", n, err)
		}
		h.start(h.of(h.boss))
		n, err := h.EndAll(t.Context(), as(h.carol), Whose{Account: h.boss.Account.ID})
		wants(t, "the owner's", err, fault.CodeForbidden)
		if n != 0 {
			t.Errorf("ended %d", n)
		}
	})
}

func TestListIsNewestFirst(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		first := h.start(h.of(h.alice)).Session.ID
		h.tick()
		second := h.start(h.of(h.alice)).Session.ID
		list, err := h.List(t.Context(), as(h.alice), h.alice.Account.ID)
		if err != nil || len(list) != 2 || list[0].ID != second || list[1].ID != first {
			t.Errorf("got %v, %v", list, err)
		}
	})
}
