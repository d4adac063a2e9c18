package identity

import (
	"fmt"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestWebhookRules(t *testing.T) {
	whole := Webhook{Name: "Payroll", URL: "https://hooks.example/in?tenant=1", Secret: NewWebhookSecret(), Events: []string{"member.*", "group.added", "*"}}
	if err := whole.Validate(); err != nil {
		t.Fatalf("a whole one: %v", err)
	}
	for field, edits := range map[string][]func(*Webhook){
		"name": {func(w *Webhook) { w.Name = "" }, func(w *Webhook) { w.Name = strings.Repeat("x", 65) }},
		"url": {
			func(w *Webhook) { w.URL = "http://hooks.example" }, func(w *Webhook) { w.URL = "https://me@hooks.example" },
			func(w *Webhook) { w.URL = "https://" }, func(w *Webhook) { w.URL = "https://hooks.example/#a" }, func(w *Webhook) { w.URL = "" },
		},
		"secret": {
			func(w *Webhook) { w.Secret = "" }, func(w *Webhook) { w.Secret = strings.TrimPrefix(w.Secret, "whsec_") },
			func(w *Webhook) { w.Secret = "whsec_c2hvcnQ=" }, func(w *Webhook) { w.Secret = "whsec_!" },
		},
		"events": {
			func(w *Webhook) { w.Events = nil }, func(w *Webhook) { w.Events = []string{"member"} },
			func(w *Webhook) { w.Events = []string{"Member.*"} }, func(w *Webhook) { w.Events = make([]string, MaxWebhookEvents+1) },
		},
	} {
		for i, edit := range edits {
			w := whole
			edit(&w)
			if f := fault.Of(w.Validate()); f == nil || f.Field != field {
				t.Errorf("%s, %d: got %v", field, i, f)
			}
		}
	}
	if text := fmt.Sprintf("%v %+v %#v", whole, whole, whole); strings.Contains(text, whole.Secret) {
		t.Errorf("the secret is printed: %s", text)
	}
}

func TestWebhookWants(t *testing.T) {
	for _, row := range []struct {
		events string
		kind   string
		want   bool
	}{
		{"*", "member.added", true},
		{"member.*", "member.added", true},
		{"member.*", "members.added", false},
		{"group.*,member.added", "member.added", true},
		{"member.removed", "member.added", false},
	} {
		if got := (Webhook{Events: strings.Split(row.events, ",")}).Wants(row.kind); got != row.want {
			t.Errorf("%s of %s: %v", row.events, row.kind, got)
		}
	}
}

func TestWebhookSecrets(t *testing.T) {
	seen := map[string]bool{}
	for range 100 {
		w := Webhook{Secret: NewWebhookSecret()}
		if seen[w.Secret] || len(w.Key()) != newWebhookKey {
			t.Fatalf("drawn twice, or of %d bytes", len(w.Key()))
		}
		seen[w.Secret] = true
	}
	for secret, want := range map[string]int{
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw":   24,
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n": 24,
		"WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw":   0,
		"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS":    0,
		"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw":         0,
		"whsec_":                                   0,
		"":                                         0,
	} {
		if got := len((Webhook{Secret: secret}).Key()); got != want {
			t.Errorf("%q holds %d bytes, want %d", secret, got, want)
		}
	}
}

func FuzzWebhookURL(f *testing.F) {
	for _, text := range []string{"https://a.example", "https://a.example/b?c=d", "http://a.example", "https://me@a.example", "https://[::1]/", "//a"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if webhookURL(text) && (!strings.HasPrefix(strings.ToLower(text), "https:") || strings.ContainsAny(text, "#\\ ")) {
			t.Errorf("takes %q", text)
		}
	})
}
