package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// housed is an organisation with domains and a source that people can be led to.
func housed(lines string) string {
	return partners(partner) + lines
}

func TestDomainPlans(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(housed("    domains: [acme.example, acme.cn]\n    domain_sources: [{domain: acme.cn, source: partners}]\n"), false)
		for _, tt := range []struct {
			name, lines, want string
			prune             bool
		}{
			{"nothing said", "", "no changes", true},
			{"its own alone", "    domain: Acme.example\n", "no changes", true},
			{"the same, written otherwise", "    domains: [ACME.example, Acme.CN]\n    domain_sources: [{domain: ACME.CN, source: PARTNERS}]\n", "no changes", true},
			{"one left out", "    domains: [acme.example]\n", "no changes", false},
			{"one removed", "    domains: [acme.example]\n", "- remove domain acme.cn of acme", true},
			{"one more", "    domains: [acme.example, acme.cn, acme.jp]\n", "+ create domain acme.jp of acme", true},
			{"three for two", "    domains: [acme.example, acme.jp, acme.kr]\n", "- remove domain acme.cn of acme\n+ create domain acme.jp of acme\n+ create domain acme.kr of acme", true},
			{"led nowhere", "    domain_sources: [{domain: acme.cn, source: \"\"}]\n", `~ change domain acme.cn of acme: source: Partners → ""`, false},
			{"its own is led", "    domain_sources: [{domain: acme.example, source: partners}]\n", `~ change domain acme.example of acme: source: "" → partners`, false},
		} {
			t.Run(tt.name, func(t *testing.T) { same(t, s.plan(housed(tt.lines), tt.prune), tt.want) })
		}
		for name, tt := range map[string]struct{ lines, want string }{
			"four":            {"    domains: [acme.example, a.cn, b.cn, c.cn]\n", "organizations[0].domains: An organisation may have 3 domains"},
			"too many in all": {"    domains: [acme.example, acme.jp, acme.kr]\n", "organizations[0].domains: An organisation may have 3 domains"},
			"of nobody":       {"    domain_sources: [{domain: other.cn, source: partners}]\n", "other.cn is no domain of acme"},
			"to nowhere":      {"    domain_sources: [{domain: acme.cn, source: nobody}]\n", `domain_sources[0].source: there is no source "nobody" in acme`},
		} {
			_, err := Plan(t.Context(), console, s.House, mustLoad(t, housed(tt.lines)), Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: got %v, want … %s …", name, err, tt.want)
			}
		}
	})
}

// What is exported makes the same elsewhere, the own domain's source among it.
func TestDomainsAreExportedAndReadBack(t *testing.T) {
	s := sqliteSite(t)
	s.apply(housed("    domains: [acme.example, acme.cn, acme.jp]\n    domain_sources: [{domain: acme.example, source: partners}, {domain: acme.jp, source: partners}]\n"), false)
	text := s.export()
	for _, want := range []string{
		"    domains: [acme.example, acme.cn, acme.jp]\n", "    domain_sources:\n      - {domain: acme.example, source: Partners}\n      - {domain: acme.jp, source: Partners}\n",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("exported:\n%s\nwithout\n%s", text, want)
		}
	}
	same(t, s.plan(text, true), "no changes")
	// The domain changes places with its own, and one goes.
	s.apply(housed("    domains: [acme.cn, acme.example]\n"), true)
	if text := s.export(); !strings.Contains(text, "    domains: [acme.cn, acme.example]\n") {
		t.Errorf("exported:\n%s", text)
	}
}
