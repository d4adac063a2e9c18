package directory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// street is five organisations in the order of their making; the last has no
// owner yet.
func (h *house) street() (all []identity.Organization) {
	h.t.Helper()
	all = append(all, h.org)
	for i, code := range []string{"acme", "globex", "initech"} {
		h.clock.Advance(time.Second)
		all = append(all, h.furnish(code, func(n *NewOrganization) {
			n.Profile = identity.OrganizationProfile{Phone: fmt.Sprintf("07552878080%d", i), Email: "Info@" + code + ".example"}
			n.Owner.Email, n.Owner.Mobile = "boss."+code+"@mail.example", fmt.Sprintf("+861380000000%d", i)
		}))
		h.member("owner.of.nothing@"+code, func(n *NewMember) { n.Email = "aide." + code + "@mail.example" })
	}
	h.clock.Advance(time.Second)
	bare, err := h.AddOrganization(h.t.Context(), console, NewOrganization{Code: "bare_1", Name: "Nobody"})
	if err != nil {
		h.t.Fatal(err)
	}
	return append(all, bare)
}

// cards are the codes of what is found, each with its owner's account.
func (h *house) cards(text string, offset, limit int) (told string, count int) {
	h.t.Helper()
	found, count, err := h.OrganizationCards(h.t.Context(), console, text, offset, limit)
	if err != nil {
		h.t.Errorf("%q: %v", text, err)
	}
	var all []string
	for _, c := range found {
		all = append(all, c.Organization.Code+":"+c.Owner.Account.Name)
	}
	return strings.Join(all, " "), count
}

func TestOrganizationCards(t *testing.T) {
	const (
		home, acme, globex, initech = "house:owner@house", "acme:owner@acme", "globex:owner@globex", "initech:owner@initech"
		bare                        = "bare_1:"
	)
	all := strings.Join([]string{home, acme, globex, initech, bare}, " ")
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		street := h.street()
		for _, row := range []struct {
			what, text, want string
		}{
			{"no text", "", all},
			{"blanks", "  ", all},
			{"the middle of a name", "ATION glo", globex},
			{"a code in other letters", "ACM", acme},
			{"an identifier", string(street[2].ID), globex},
			{"the middle of a telephone", "28780802", initech},
			{"the middle of a mail address", "fo@acme.ex", acme},
			{"the middle of an owner's account", "wner@init", initech},
			{"an owner's whole mail", "Boss.Globex@mail.example", globex},
			{"the beginning of an owner's mail", "boss.globex", ""},
			{"an owner's whole mobile", "+8613800000000", acme},
			{"an owner's whole mobile without its code", "13800000001", globex},
			{"the beginning of an owner's mobile", "+86138", ""},
			{"a member's account", "owner.of.nothing", ""},
			{"a member's whole mail", "aide.acme@mail.example", ""},
			{"a percent sign is itself", "%", ""},
			{"an underscore is itself", "E_1", bare},
			{"an underscore is no other letter", "o_ner", ""},
			{"a quote is itself", "' OR '1'='1", ""},
			{"what nobody has", "nowhere", ""},
		} {
			want := len(strings.Fields(row.want))
			if got, count := h.cards(row.text, 0, 0); got != row.want || count != want {
				t.Errorf("%s: got %d: %s, want %s", row.what, count, got, row.want)
			}
		}
		for _, row := range []struct {
			offset, limit int
			want          []string
		}{
			{0, 2, []string{home, acme}},
			{2, 2, []string{globex, initech}},
			{1, 3, []string{acme, globex, initech}},
			{4, 2, []string{bare}},
			{5, 2, []string{bare}}, // beyond the end: the last page
			{500, 5, []string{home, acme, globex, initech, bare}},
			{500, 3, []string{initech, bare}},
			{3, 5000, []string{initech, bare}},
		} {
			if got, count := h.cards("", row.offset, row.limit); got != strings.Join(row.want, " ") || count != 5 {
				t.Errorf("%d from %d: got %d: %s, want %v", row.limit, row.offset, count, got, row.want)
			}
		}
		if got, count := h.cards("organisation", 9, 3); got != initech || count != 4 {
			t.Errorf("beyond the end of a search: got %d: %s", count, got)
		}
	})
}

// The list of organisations is the provider's alone.
func TestOrganizationCardsAreTheProviders(t *testing.T) {
	h := sqliteHouse(t)
	actors := map[string]identity.Actor{"nobody": {}, "a token": {Kind: identity.ActsAsOrgToken, OrganizationID: h.org.ID}}
	for _, role := range []identity.Role{identity.RoleOwner, identity.RoleAdministrator, identity.RoleDepartmentAdministrator, identity.RoleMember} {
		actors[string(role)] = identity.Actor{Kind: identity.ActsAsMember, OrganizationID: h.org.ID, MemberID: h.owner.Member.ID, Role: role}
	}
	for who, actor := range actors {
		cards, count, err := h.OrganizationCards(t.Context(), actor, "house", 0, 0)
		wants(t, who, err, fault.CodeForbidden)
		if len(cards) != 0 || count != 0 {
			t.Errorf("%s is told of %d organisations", who, count)
		}
	}
	if _, count, err := h.OrganizationCards(t.Context(), identity.Actor{Kind: identity.ActsAsProvider}, "", 0, 0); err != nil || count != 1 {
		t.Errorf("the provider: got %d, %v", count, err)
	}
}
