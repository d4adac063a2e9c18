package directory

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// People edit what is theirs, field by field; what is the same is no edit.
func TestChangeOwn(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		alice := h.member("alice", func(n *NewMember) { n.Title, n.Email, n.Mobile = "Dr", "alice@mail.example", "+8613800000001" })
		h.member("bob", func(n *NewMember) { n.Email, n.Mobile = "bob@mail.example", "+8613800000002" })
		for _, row := range []struct {
			what    string
			c       OwnChange
			want    fault.Code
			version int64
			fields  string // of the last event
		}{
			{"nothing", OwnChange{}, "", 1, ""},
			{"the same", OwnChange{Title: new("Dr"), Email: new("ALICE@mail.example")}, "", 1, ""},
			{"a name", OwnChange{Name: new("Alice"), EnglishName: new("Al")}, "", 2, "english_name,name"},
			{"a title away", OwnChange{Title: new("")}, "", 3, "title"},
			{"words", OwnChange{Signature: new("s"), Description: new("d")}, "", 4, "signature,description"},
			{"no name", OwnChange{Name: new("")}, fault.CodeFieldLength, 4, "signature,description"},
			{"a long title", OwnChange{Title: new(strings.Repeat("x", 300))}, fault.CodeFieldLength, 4, "signature,description"},
			{"a bad mail", OwnChange{Email: new("no@mail")}, fault.CodeEmailFormat, 4, "signature,description"},
			{"a bad mobile", OwnChange{Mobile: new("call me")}, fault.CodeMobileFormat, 4, "signature,description"},
			{"somebody's mail", OwnChange{Email: new("Bob@mail.example")}, fault.CodeEmailTaken, 4, "signature,description"},
			{"somebody's mobile", OwnChange{Mobile: new("138-0000-0002")}, fault.CodeMobileTaken, 4, "signature,description"},
			{"a new name beside somebody's mail", OwnChange{Name: new("Eve"), Email: new("bob@mail.example")}, fault.CodeEmailTaken, 4, "signature,description"},
			{"a free mail", OwnChange{Email: new("al@mail.example")}, "", 5, "email"},
			{"a mobile of another country", OwnChange{Mobile: new("+447000000003"), Country: new("UK")}, "", 6, "mobile,country"},
		} {
			h.clock.Advance(time.Second) // events stand in the order of their moments
			_, err := h.ChangeOwn(t.Context(), actorOf(alice), h.org.ID, row.c)
			wants(t, row.what, err, row.want)
			if got := h.person(alice.Member.ID).Member.Version; got != row.version {
				t.Errorf("%s: got version %d, want %d", row.what, got, row.version)
			}
			if row.fields != "" {
				if e := h.lastEvent(audit.MemberChanged); e.Details["fields"] != row.fields {
					t.Errorf("%s: the event tells %q, want %q", row.what, e.Details["fields"], row.fields)
				}
			}
		}
		p := h.person(alice.Member.ID)
		if p.Member.Name != "Alice" || p.Member.Title != "" || p.Account.Email != "al@mail.example" || p.Account.Mobile != "+447000000003" {
			t.Errorf("at last: got %+v, %+v", p.Member, p.Account)
		}
		wants(t, "sign-in by the new mail", h.tries("al@mail.example", goodPassword), "")
		wants(t, "sign-in by the old one", h.tries("alice@mail.example", goodPassword), fault.CodeSignInFailed)
		if p.Member.Role != identity.RoleMember || p.Member.Department != alice.Member.Department {
			t.Errorf("role and place are not one's own to change: %+v", p.Member)
		}
	})
}

// Whoever the actor is, it is a member of this organisation or refused.
func TestChangeOwnIsForMembers(t *testing.T) {
	h := sqliteHouse(t)
	here := h.org
	alice, owner := h.member("alice", func(*NewMember) {}), actorOf(h.owner)
	administrator := h.member("chief", func(n *NewMember) { n.Role = identity.RoleAdministrator })
	other := h.furnish("other", func(*NewOrganization) {})
	stranger := actorOf(h.owner)
	gone := actorOf(alice)
	gone.MemberID = "mem_gone"
	posing := actorOf(alice)
	posing.OrganizationID = other.ID
	for _, row := range []struct {
		what  string
		actor identity.Actor
		org   identity.OrganizationID
		want  fault.Code
	}{
		{"a member", actorOf(alice), here.ID, ""},
		{"the owner", owner, here.ID, ""},
		{"an administrator", actorOf(administrator), here.ID, ""},
		{"a member in another organisation", actorOf(alice), other.ID, fault.CodeForbidden},
		{"the owner of another one", stranger, here.ID, fault.CodeForbidden},
		{"a member who says to be of another one", posing, other.ID, fault.CodeMemberNotFound},
		{"a member who is gone", gone, here.ID, fault.CodeMemberNotFound},
		{"the console", console, here.ID, fault.CodeForbidden},
		{"the provider with somebody's identifier", identity.Actor{Kind: identity.ActsAsProvider, OrganizationID: here.ID, MemberID: alice.Member.ID}, here.ID, fault.CodeForbidden},
		{"a token of the organisation", identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: here.ID, MemberID: alice.Member.ID}, here.ID, fault.CodeForbidden},
		{"nobody", identity.Actor{}, here.ID, fault.CodeForbidden},
	} {
		_, err := h.ChangeOwn(t.Context(), row.actor, row.org, OwnChange{Title: new("Dr")})
		wants(t, row.what, err, row.want)
	}
}
