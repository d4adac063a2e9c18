package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// told is a manifest with texts of acme and of the installation.
func told(ours, installed string) string {
	return strings.Replace(people("    messages: ["+ours+"]\n"), "version: 1\n", "version: 1\nprovider:\n  messages: ["+installed+"]\n", 1)
}

func TestMessagesArePlannedAndApplied(t *testing.T) {
	const (
		code    = `{kind: code, language: en-US, sms: "Acme {code}"}`
		welcome = `{kind: welcome, language: zh-CN, subject: " Hello ", body: "{account}\r\n{password}"}`
		general = `{kind: registered, language: en-US, sms: "You are {account}"}`
	)
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(told(code+", "+welcome, general), false)
		both := `{kind: code, language: en-US, subject: Code, body: "{code}"}, ` + welcome
		for _, tt := range []struct {
			name, text, want string
			prune            bool
		}{
			{"nothing said", people(""), "no changes", true},
			{"the same otherwise", told(`{kind: welcome, language: zh-CN, subject: Hello, body: "{account}\n{password}\n"}, `+code, general), "no changes", true},
			{"a part", told(both, general), `~ change message code/en-US of acme: subject: "" → Code, body: "" → "{code}\n"`, false},
			{"one more", told(code, general+`, {kind: code, language: zh-CN, sms: "{code}"}`), "+ create message code/zh-CN of provider", false},
			{"unlisted", told(code, ""), "- remove message registered/en-US of provider\n- remove message welcome/zh-CN of acme", true},
			{"unlisted and kept", told("", ""), "no changes", false},
		} {
			t.Run(tt.name, func(t *testing.T) { same(t, s.plan(tt.text, tt.prune), tt.want) })
		}
		s.apply(told(both, general), true) // the short message stays, since none is given
		want := "    messages:\n      - {kind: code, language: en-US, subject: Code, body: \"{code}\\n\", sms: 'Acme {code}'}\n" +
			"      - {kind: welcome, language: zh-CN, subject: Hello, body: \"{account}\\n{password}\\n\"}\n"
		text := s.export()
		if !strings.Contains(text, want) || !strings.Contains(text, "  messages:\n    - {kind: registered, language: en-US, sms: 'You are {account}'}\n") {
			t.Errorf("exported:\n%s", text)
		}
		same(t, s.plan(text, true), "no changes")
		s.apply(told("", ""), true)
		if text := s.export(); strings.Contains(text, "messages") {
			t.Errorf("exported:\n%s", text)
		}
	})
}

func TestMessageProblems(t *testing.T) {
	for text, want := range map[string]string{
		`{kind: code, language: en-US, sms: "{code}"}, {kind: code, language: en-US, sms: "{code}!"}`: "messages[1].kind: is given twice",
		`{kind: code, language: en-US, sms: "{cod}"}`:                                                 "messages[0].sms: This message has no placeholder {cod}. There are: {code}, {minutes}",
		`{kind: code, language: en-US, sms: "nothing"}`:                                               "messages[0].sms: The text lacks the placeholder {code}",
		`{kind: code, language: en-US, subject: x}`:                                                   "messages[0].body",
		`{kind: code, language: fr-FR, sms: "{code}"}`:                                                "messages[0].language",
		`{kind: nothing, language: en-US, sms: "{code}"}`:                                             "messages[0].kind: There is no such text",
		`{kind: registered, language: en-US, sms: "{account}"}`:                                       "messages[0].kind: There is no such text",
		`{kind: code, sms: "{code}"}`:                                                                 "language",
		`{kind: code, language: en-US, text: "{code}"}`:                                               "text",
	} {
		_, err := Load([]File{{"m.yaml", []byte(people("    messages: [" + text + "]\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
}
