package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// gateway is a manifest with a gateway of short messages.
func gateway(lines string) string { return "version: 1\nprovider:\n  sms: {" + lines + "}\n" }

const (
	foreign = `url: "https://a.example/send", http: {headers: [{name: Authorization, value: "Bearer the first word"}], ` +
		`body: "{\"to\": \"{mobile}\"}", statuses: [200], path: code, value: "0"}`
	signing = `url: "https://a.example/send", secret: sixteen characters`
)

func TestGatewaysArePlannedAndApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		same(t, s.plan(gateway(foreign), false), "+ create sms of provider")
		s.apply(gateway(foreign), false)
		for _, tt := range []struct{ name, text, want string }{
			{"an address alone", gateway(`url: "https://a.example/v2"`), `~ change sms of provider: url: "https://a.example/send" → "https://a.example/v2"`},
			{"headers not said", gateway(`url: "https://a.example/send", http: {value: OK}`), "~ change sms of provider: http.value: 0 → OK"},
			{
				"another word and one more", gateway(strings.Replace(foreign, `first word"}`, `second word"}, {name: X-Key, value: k}`, 1)),
				"~ change sms of provider: http.headers.Authorization: (changed), http.headers.X-Key: (changed)",
			},
			{"no headers", gateway(`url: "https://a.example/send", http: {headers: []}`), "~ change sms of provider: http.headers: (changed)"},
			{"statuses", gateway(strings.Replace(foreign, "[200]", "[200, 202]", 1)), "~ change sms of provider: http.statuses: [200] → [200 202]"},
			{"our own language", gateway(signing + ", http: {}"), "~ change sms of provider: http: its own → (none), secret: (changed)"},
		} {
			t.Run(tt.name, func(t *testing.T) { same(t, s.plan(tt.text, false), tt.want) })
		}
		text := s.export()
		want := `sms: {url: 'https://a.example/send', http: {method: POST, encoding: json, body: '{"to": "{mobile}"}', statuses: [200], path: code, value: "0"}}`
		if !strings.Contains(text, want) || strings.Contains(text, "first word") {
			t.Errorf("exported:\n%s\nwant … %s …", text, want)
		}
		same(t, s.plan(text, true), "no changes")
		s.apply(gateway(signing+", http: {}"), false)
		stored, err := s.Settings.SMS(t.Context(), console)
		if err != nil || stored.HTTP != nil || stored.Secret != "sixteen characters" {
			t.Errorf("got %+v, %v", stored.HTTP, err)
		}
		s.apply(gateway(foreign), false)
		if stored, err = s.Settings.SMS(t.Context(), console); err != nil || stored.HTTP.Headers["Authorization"] != "Bearer the first word" {
			t.Errorf("the header is another one, %v", err)
		}
	})
}

func TestGatewayProblems(t *testing.T) {
	s := sqliteSite(t)
	s.apply(gateway(foreign), false)
	for _, tt := range []struct{ name, text, want string }{
		{"headers for another server", gateway(`url: "https://b.example/send"`), "provider.sms.http.headers: "},
		{"a body that is none", gateway(`url: "https://a.example/send", http: {body: "{mobile}"}`), "m.yaml:3:8: provider.sms.http.body: "},
		{"a body with GET", gateway(`url: "https://a.example/send", http: {method: GET}`), "provider.sms.http.body: "},
		{"our own language without a secret", gateway(`url: "https://a.example/send", http: {}`), "provider.sms.secret: "},
		{"one header twice", gateway(`url: "https://a.example/", http: {headers: [{name: A, value: b}, {name: a, value: c}]}`), "headers[1].name: is given twice"},
		{"a status that is none", gateway(`url: "https://a.example/", http: {statuses: [20]}`), "provider.sms.http.statuses[0]: "},
		{"no list", gateway(`url: "https://a.example/", http: {statuses: 200}`), "provider.sms.http.statuses: should be a list, not"},
		{"a text", gateway(`url: "https://a.example/", http: {statuses: ["200"]}`), "provider.sms.http.statuses[0]: "},
		{"an unknown key", gateway(`url: "https://a.example/", http: {verb: GET}`), "verb"},
	} {
		d, err := Load([]File{{"m.yaml", []byte(tt.text)}}, around)
		if err == nil {
			_, err = Plan(t.Context(), console, s.House, d, Options{})
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want … %s …", tt.name, err, tt.want)
		}
	}
}
