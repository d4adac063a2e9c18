package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const located = "    regions: [{name: Office, network: 10.1.2.3/8, description: ours}, {name: Lab, network: \"2001:DB8::/48\"}]\n"

func TestRegionsArePlannedAndApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(people(located), false)
		tests := []struct{ name, text, want string }{
			{"nothing said", people(""), "no changes"},
			{"other spellings, another order", people("    regions: [{name: LAB, network: \"2001:db8:0::5/48\"}, {name: office, network: 10.0.0.0/8}]\n"), "no changes"},
			{"another network", people("    regions: [{name: Office, network: 10.0.0.0/9, description: \"\"}]\n"), "~ change region Office of acme: network: 10.0.0.0/8 → 10.0.0.0/9, description: ours → \"\""},
			{"one more", people("    regions: [{name: Home, network: 192.0.2.7/32}]\n"), "+ create region Home of acme"},
		}
		for _, tt := range tests {
			same(t, s.plan(tt.text, false), tt.want)
		}
		s.apply(tests[2].text, false)
		if text := s.export(); !strings.Contains(text, "    regions:\n      - {name: Office, network: 10.0.0.0/9}\n      - {name: Lab, network: '2001:db8::/48'}\n") {
			t.Errorf("exported:\n%s", text)
		}
		same(t, s.plan(tests[2].text, true), "- remove region Lab of acme")
		s.apply(tests[2].text, true)
	})
}

// TestRegionsGiveTheirNetworksUp: what is removed, or moves, makes room for what
// has its network afterwards.
func TestRegionsGiveTheirNetworksUp(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		regions := func(rows string) string { return people("    regions: [" + rows + "]\n") }
		s.apply(regions("{name: Office, network: 10.0.0.0/8, description: ours}, {name: Lab, network: 192.0.2.0/24}, {name: Home, network: 198.51.100.0/24}"), false)
		// A new name for the network of a region that goes is that region.
		renamed := regions("{name: Tower, network: 10.0.0.0/8}, {name: Lab, network: 192.0.2.0/24}, {name: Home, network: 198.51.100.0/24}")
		same(t, s.plan(renamed, true), "~ change region Office of acme: name: Office → Tower")
		s.apply(renamed, true)
		// One that stays takes the network of one that goes.
		moved := regions("{name: Lab, network: 10.0.0.0/8}, {name: Home, network: 198.51.100.0/24}")
		same(t, s.plan(moved, true), "- remove region Tower of acme\n~ change region Lab of acme: network: 192.0.2.0/24 → 10.0.0.0/8")
		s.apply(moved, true)
		// A new one takes the network of one that moves.
		shifted := regions("{name: Annex, network: 10.0.0.0/8}, {name: Lab, network: 203.0.113.0/24}, {name: Home, network: 198.51.100.0/24}")
		same(t, s.plan(shifted, true), "~ change region Lab of acme: network: 10.0.0.0/8 → 203.0.113.0/24\n+ create region Annex of acme")
		s.apply(shifted, true)
	})
}

func TestRegionProblems(t *testing.T) {
	for text, want := range map[string]string{
		"{name: a, network: 10.0.0.0/8}, {name: A, network: 10.0.0.0/9}": "regions[1].name: is given twice",
		"{name: a, network: 10.0.0.0/8}, {name: b, network: 10.9.9.9/8}": "regions[1].network: is given twice",
		"{name: a, network: 10.0.0.1}":                                   "regions[0].network: This value is not written as it should be",
		"{name: a}":                                                      "network",
		"{name: a, network: 10.0.0.0/8, description: \"a\\u0000b\"}":     "regions[0].description",
		"{name: " + strings.Repeat("x", 65) + ", network: 10.0.0.0/8}":   "regions[0].name",
		"{name: a, network: 10.0.0.0/8, cidr: x}":                        "cidr",
	} {
		_, err := Load([]File{{"m.yaml", []byte(people("    regions: [" + text + "]\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
}
