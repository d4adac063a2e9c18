package manifest

import (
	"fmt"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/provision"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

func hooked(rows string) string { return people("    webhooks: [" + rows + "]\n") }

const (
	firstHook   = `{name: Payroll, url: "https://pay.example/in", events: ["member.*", group.added], secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}`
	anotherHook = `{name: Audit, url: "https://audit.example", events: ["*"], enabled: false}`
)

func (s *site) hooks() map[string]provision.Hook {
	s.t.Helper()
	all, err := hooks(s.t.Context(), console, s.House, s.organization())
	if err != nil {
		s.t.Fatal(err)
	}
	named := map[string]provision.Hook{}
	for _, h := range all {
		named[h.Name] = h
	}
	return named
}

func TestWebhooksArePlannedAndApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		result := s.apply(hooked(firstHook+", "+anotherHook), false)
		drawn := result.Generated[len(result.Generated)-1]
		if drawn.Kind != "webhook" || drawn.Name != "Audit" || drawn.Key != "secret" || (identity.Webhook{Secret: drawn.Secret.Reveal()}).Key() == nil {
			t.Errorf("generated %+v", drawn)
		}
		for _, row := range []struct {
			name, text string
			prune      bool
			want       string
		}{
			{"nothing said", people(""), true, "no changes"},
			{"other letters, another order", hooked(anotherHook + ", " + strings.Replace(firstHook, "Payroll", "PAYROLL", 1)), true, "no changes"},
			{"without the secret", hooked(`{name: payroll, url: "https://pay.example/in", events: ["member.*", group.added]}`), false, "no changes"},
			{"another address", hooked(strings.Replace(firstHook, "/in", "/out", 1)), false, `~ change webhook Payroll of acme: url: "https://pay.example/in" → "https://pay.example/out"`},
			{"other events, off", hooked(strings.Replace(firstHook, ", group.added]", "], enabled: false", 1)), false, "~ change webhook Payroll of acme: events: [member.*, group.added] → [member.*], enabled: true → false"},
			{"another secret", hooked(strings.Replace(firstHook, "Mf", "Nf", 1)), false, "~ change webhook Payroll of acme: secret: (changed)"},
			{"one more", hooked(`{name: New, url: "https://new.example", events: ["*"]}`), false, "+ create webhook New of acme (a secret is made and printed once)"},
			{"one in place of another", hooked(firstHook + `, {name: New, url: "https://new.example", events: ["*"], secret: whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw}`), true, "- remove webhook Audit of acme\n+ create webhook New of acme"},
			{"none", people("    webhooks: []\n"), true, "- remove webhook Payroll of acme\n- remove webhook Audit of acme"},
		} {
			t.Run(row.name, func(t *testing.T) { same(t, s.plan(row.text, row.prune), row.want) })
		}
		s.apply(hooked(strings.Replace(firstHook, "[\"member.*\", group.added]", "[group.removed]", 1)), true)
		if got := s.hooks(); len(got) != 1 || !got["Payroll"].Enabled || fmt.Sprint(got["Payroll"].Events) != "[group.removed]" {
			t.Errorf("stored: %v", got)
		}
	})
}

func TestWebhooksAreExported(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(hooked(firstHook+", "+anotherHook), false)
		text := s.export()
		if !strings.Contains(text, "    webhooks:\n      - {name: Payroll, url: 'https://pay.example/in', events: [member.*, group.added]}\n"+
			"      - {name: Audit, url: 'https://audit.example', events: ['*'], enabled: false}\n") || strings.Contains(text, "whsec_") {
			t.Errorf("exported:\n%s", text)
		}
		same(t, s.plan(text, true), "no changes")
		elsewhere := newSite(t, open)
		elsewhere.apply(text, true)
		if again := elsewhere.export(); again != text {
			t.Errorf("exported elsewhere:\n%s\nwas\n%s", again, text)
		}
	})
}

// Whoever listens is told of what happens in an organisation that stands, not of
// each step of its building.
func TestWebhooksComeLast(t *testing.T) {
	s := sqliteSite(t)
	lines := s.plan(hooked(firstHook), false)
	if got, want := lines[len(lines)-1], "+ create webhook Payroll of acme"; got != want {
		t.Errorf("the last step is %q, want %q", got, want)
	}
}

func TestWebhookProblems(t *testing.T) {
	var many string
	for i := range provision.MaxWebhooks + 1 {
		many += strings.Replace(firstHook, "Payroll", fmt.Sprint("w", i), 1) + ", "
	}
	for text, want := range map[string]string{
		firstHook + ", " + strings.Replace(firstHook, "Payroll", "payroll", 1): "webhooks[1].name: is given twice",
		strings.Replace(firstHook, "https", "http", 1):                         "webhooks[0].url",
		strings.Replace(firstHook, "whsec_", "", 1):                            "webhooks[0].secret",
		strings.Replace(firstHook, "member.*", "member", 1):                    "webhooks[0].events",
		strings.Replace(firstHook, `"member.*", group.added`, "", 1):           "webhooks[0].events",
		strings.Replace(firstHook, "Payroll", strings.Repeat("x", 65), 1):      "webhooks[0].name",
		strings.Replace(firstHook, "events", "event", 1):                       "webhooks[0].event",
		many: "webhooks: should be at most 20 webhooks",
	} {
		_, err := Load([]File{{"m.yaml", []byte(hooked(text))}}, around)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "m.yaml:") || strings.Contains(err.Error(), "whsec_Mf") {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
}
