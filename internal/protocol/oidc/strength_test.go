package oidc

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/protocol"
)

// TestStrength: an essential context has to be reached, another one is a wish, and
// the values come in the order of preference (OpenID Connect Core 1.0, 5.5.1.1).
func TestStrength(t *testing.T) {
	const one, two = protocol.OneProof, protocol.TwoProofs
	acr := func(what string) string {
		what = strings.NewReplacer("ONE", `"`+one+`"`, "TWO", `"`+two+`"`).Replace(what)
		return `{"id_token":{"acr":` + what + `}}`
	}
	h := newHouse(t)
	for _, row := range []struct {
		name, claims, values string
		want                 identity.Strength
	}{
		{"nothing", "", "", identity.AnyProof},
		{"essential, one value", acr(`{"essential":true,"value":TWO}`), "", identity.SecondDemanded},
		{"essential, beside one that nobody knows", acr(`{"essential":true,"values":["gold",TWO]}`), "", identity.SecondDemanded},
		{"essential, either, the second preferred", acr(`{"essential":true,"values":[TWO,ONE]}`), "", identity.SecondWished},
		{"essential, either, the first preferred", acr(`{"essential":true,"values":[ONE,TWO]}`), "", identity.AnyProof},
		{"essential, the first", acr(`{"essential":true,"value":ONE}`), "", identity.AnyProof},
		{"essential, no value", acr(`{"essential":true}`), "", identity.AnyProof},
		{"voluntary", acr(`{"values":["gold",TWO]}`), "", identity.SecondWished},
		{"plain", acr(`null`), two, identity.SecondWished},
		{"by acr_values", "", "gold " + two, identity.SecondWished},
		{"by acr_values, preferred", "", two + " " + one, identity.SecondWished},
		{"by acr_values, not preferred", "", one + " " + two, identity.AnyProof},
		{"acr_values that nobody knows", "", "1 2", identity.AnyProof},
		{"the claim counts before acr_values", acr(`{"value":ONE}`), two, identity.AnyProof},
	} {
		h.get(pathAuthorize, plain("claims", row.claims, "acr_values", row.values))
		if got := h.gate.last().Strength; got != row.want {
			t.Errorf("%s: got %d, want %d", row.name, got, row.want)
		}
	}
	// A request that is decided without a page first must not pass over the wish.
	h.gate.demands = nil
	h.get(pathAuthorize, plain("acr_values", two, "max_age", "3600"))
	if first := h.gate.demands[0]; !first.Silent || first.Strength != identity.SecondDemanded {
		t.Errorf("first asked for %+v", first)
	}
}

// TestContextOfAnIDToken: whoever demands the context of a single proof is told
// that one, also of somebody who gave two.
func TestContextOfAnIDToken(t *testing.T) {
	verified := identity.Grant{VerifiedAt: moment}
	for claims, want := range map[string]string{
		"": protocol.TwoProofs,
		`{"id_token":{"acr":{"essential":true,"value":"urn:orgate:loa:1"}}}`:                       protocol.OneProof,
		`{"id_token":{"acr":{"essential":true,"values":["urn:orgate:loa:1","urn:orgate:loa:2"]}}}`: protocol.TwoProofs,
		`{"id_token":{"acr":{"value":"urn:orgate:loa:1"}}}`:                                        protocol.TwoProofs,
	} {
		w, err := readClaims(claims, nil)
		if err != nil {
			t.Fatal(err)
		}
		verified.Claims = w.kept()
		if got, err := contextOf(verified); got != want || err != nil {
			t.Errorf("%s: told %s, %v, want %s", claims, got, err, want)
		}
		if got, err := contextOf(identity.Grant{Claims: w.kept()}); got != protocol.OneProof || err != nil {
			t.Errorf("%s: told %s, %v of a single proof", claims, got, err)
		}
	}
}
