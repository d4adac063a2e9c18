package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// controlled is an organisation with a region and an application whose access
// control is the text.
func controlled(text string) string {
	return people("    regions: [{name: Office, network: 10.0.0.0/8}]\n    applications:\n      - {name: Wiki, protocol: oidc, client_id: wiki, home_urls: [\"https://wiki.example/cb\"], client_secret: wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww, access_control: " + text + "}\n")
}

const (
	firstPolicy  = "{name: Office, regions: [office], decision: allow}"
	secondPolicy = "{name: Evenings, weekdays: [friday, monday], starts: \"18:00\", ends: \"06:00\", zone: Europe/Berlin, decision: second_verification, report_only: true}"
)

func TestAccessControlIsPlannedAndApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		both := controlled("{enabled: true, default: deny, policies: [" + firstPolicy + ", " + secondPolicy + "]}")
		s.apply(both, false)
		same(t, s.plan(both, false), "no changes")
		for name, text := range map[string]string{
			"nothing said":    strings.ReplaceAll(controlled("X"), ", access_control: X", ""),
			"other spellings": controlled("{enabled: true, default: deny, policies: [{name: Office, description: \"\", regions: [OFFICE], decision: allow, report_only: false}, " + strings.Replace(secondPolicy, "[friday, monday]", "[monday, friday]", 1) + "]}"),
		} {
			if got := s.plan(text, false); len(got) != 1 || got[0] != "no changes" {
				t.Errorf("%s: got %s", name, strings.Join(got, "\n"))
			}
		}
		exported := s.export()
		for _, line := range []string{"enabled: true, default: deny", "{name: Office, regions: [Office], decision: allow}", "weekdays: [monday, friday]", "report_only: true"} {
			if !strings.Contains(exported, line) {
				t.Errorf("no %q in\n%s", line, exported)
			}
		}
		turned := controlled("{enabled: false, default: allow, policies: [" + secondPolicy + ", " + firstPolicy + ", {name: New, decision: deny}]}")
		if got := strings.Join(s.plan(turned, false), "\n"); !strings.Contains(got, "access_control.enabled: true → false") || !strings.Contains(got, "access_control.policies:") {
			t.Errorf("planned %s", got)
		}
		s.apply(turned, false)
		same(t, s.plan(turned, false), "no changes")
		none := controlled("{policies: []}")
		s.apply(none, false)
		same(t, s.plan(none, false), "no changes")
		if text := s.export(); strings.Contains(text, "access_control") {
			t.Errorf("what is as at first is exported:\n%s", text)
		}
	})
}

func TestAccessControlProblems(t *testing.T) {
	s := newSite(t, func(o ...storetest.Option) *store.DB { return storetest.Open(t, o...) })
	for text, want := range map[string]string{
		"{enabled: true}": "access_control.default",
		"{enabled: true, default: second_verification}":                                         "default",
		"{policies: [{name: a, decision: allow}, {name: A, decision: deny}]}":                   "policies[1].name: is given twice",
		"{policies: [{name: a, decision: allow, regions: [Nowhere]}]}":                          "there is no region \"Nowhere\"",
		"{policies: [{name: a, decision: allow, starts: \"25:00\"}]}":                           "starts",
		"{policies: [{name: a, decision: allow, weekdays: [someday]}]}":                         "weekdays",
		"{policies: [{name: a, decision: allow, from: \"2030-02-01\", until: \"2030-01-01\"}]}": "until",
		"{policies: [{name: a, decision: allow, zone: Mars/Olympus}]}":                          "zone",
		"{policies: [{name: a, decision: perhaps}]}":                                            "decision",
		"{policies: [{name: a, decision: allow, hours: 9-5}]}":                                  "hours",
	} {
		d, err := Load([]File{{"m.yaml", []byte(controlled(text))}}, around)
		if err == nil {
			_, err = Plan(t.Context(), console, s.House, d, Options{})
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
}
