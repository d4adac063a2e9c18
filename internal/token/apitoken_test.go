package token

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

var console = identity.Actor{Kind: identity.ActsAsConsole}

func TestAPITokens(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		far := h.second()
		all, word, err := h.AddAPIToken(t.Context(), console, NewAPIToken{Name: "all"})
		if err != nil || !strings.HasPrefix(word, "oga_") {
			t.Fatalf("got %v", err)
		}
		h.tick()
		_, one, err := h.AddAPIToken(t.Context(), console, NewAPIToken{Name: "one", Organization: h.org.ID, Life: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		a, err := h.CheckAPIToken(t.Context(), word)
		if err != nil || a.Kind != identity.ActsAsProvider || a.APIToken != all.ID || a.OrganizationID != "" {
			t.Errorf("got %+v, %v", a, err)
		}
		a, err = far.CheckAPIToken(t.Context(), one)
		if err != nil || a.Kind != identity.ActsAsOrgToken || a.OrganizationID != h.org.ID {
			t.Errorf("got %+v, %v", a, err)
		}
		_, _, err = h.AddAPIToken(t.Context(), console, NewAPIToken{Name: "all"})
		wants(t, "a name in use", err, fault.CodeAPITokenName)
		list, err := h.APITokens(t.Context(), console)
		if err != nil || len(list) != 2 || list[0].Name != "all" {
			t.Errorf("got %+v, %v", list, err)
		}
		h.clock.Advance(time.Hour)
		_, err = h.CheckAPIToken(t.Context(), one)
		wants(t, "expired", err, fault.CodeTokenUnknown)
		wants(t, "revoke", far.RevokeAPIToken(t.Context(), console, all.ID), "")
		_, err = h.CheckAPIToken(t.Context(), word)
		wants(t, "the very next check", err, fault.CodeTokenUnknown)
		wants(t, "revoke again", h.RevokeAPIToken(t.Context(), console, all.ID), fault.CodeNotFound)
	})
}

func TestAPITokensAreChecked(t *testing.T) {
	each(t, func(t *testing.T, h *house) {
		_, word, err := h.AddAPIToken(t.Context(), console, NewAPIToken{Name: "all"})
		if err != nil {
			t.Fatal(err)
		}
		access := h.make(h.Tokens, h.mine(identity.ClientAPI)).Access
		for _, other := range []string{"", word[:len(word)-1], word + "a", strings.ToUpper(word), access, "oga_" + access[3:]} {
			_, err := h.CheckAPIToken(t.Context(), other)
			wants(t, other, err, fault.CodeTokenUnknown)
		}
		h.good("as an access token", h.Tokens, word, fault.CodeTokenUnknown)
		for _, name := range []string{"", strings.Repeat("x", 65), "a\x00b"} {
			_, _, err := h.AddAPIToken(t.Context(), console, NewAPIToken{Name: name})
			wants(t, name, err, fault.CodeFieldLength)
		}
		_, _, err = h.AddAPIToken(t.Context(), console, NewAPIToken{Name: "x", Organization: "org_x"})
		wants(t, "unknown organisation", err, fault.CodeOrganizationNotFound)
		owner := identity.Actor{Kind: identity.ActsAsMember, OrganizationID: h.org.ID, Role: identity.RoleOwner}
		for _, actor := range []identity.Actor{{}, owner} {
			_, _, err := h.AddAPIToken(t.Context(), actor, NewAPIToken{Name: "y"})
			wants(t, "add", err, fault.CodeForbidden)
			_, err = h.APITokens(t.Context(), actor)
			wants(t, "list", err, fault.CodeForbidden)
			wants(t, "revoke", h.RevokeAPIToken(t.Context(), actor, "key_x"), fault.CodeForbidden)
		}
	})
}
