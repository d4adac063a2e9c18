package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// asked is a manifest with the statements of acme and of the installation.
func asked(ours, installed string) string {
	return strings.Replace(people("    privacy_statement: ["+ours+"]\n"), "version: 1\n", "version: 1\nprovider:\n  privacy_statement: ["+installed+"]\n", 1)
}

// versions counts the versions of acme's statement.
func (s *site) versions() int {
	s.t.Helper()
	all, err := s.Statements.Versions(s.t.Context(), console, s.organization(), 0, 100)
	if err != nil {
		s.t.Fatal(err)
	}
	return len(all)
}

func TestPrivacyIsPlannedAndApplied(t *testing.T) {
	const (
		english = `{language: en-US, title: " Your data ", body: "# What\r\n\r\n- your name\r\n"}`
		chinese = `{language: zh-CN, title: 个人信息, body: 我们保存姓名}`
		general = `{language: en-US, title: In general, body: All}`
	)
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(people(""), false)
		same(t, s.plan(asked(english+", "+chinese, general), false),
			"+ create privacy_statement en-US of provider\n+ create privacy_statement en-US+zh-CN of acme")
		s.apply(asked(english+", "+chinese, general), false)
		if n := s.versions(); n != 1 {
			t.Errorf("got %d versions, want one for both languages", n)
		}
		other := `{language: en-US, title: Your data, body: "# What"}`
		for _, tt := range []struct {
			name, text, want string
			prune            bool
		}{
			{"nothing said", people(""), "no changes", true},
			{"the same otherwise", asked(chinese+`, {language: en-US, title: Your data, body: "\n# What\n\n- your name"}`, general), "no changes", true},
			{"a part", asked(english, general), "no changes", false},
			{"other words", asked(other, general), "~ change privacy_statement en-US+zh-CN of acme: en-US.body: 19 characters → 6 characters", false},
			{"a language less", asked(english, general), "~ change privacy_statement en-US of acme: zh-CN.title: 个人信息 → \"\", zh-CN.body: 6 characters → 0 characters", true},
			{"none, and kept", asked("", ""), "no changes", false},
			{"none", asked("", general), "- remove privacy_statement version 1 of acme", true},
		} {
			t.Run(tt.name, func(t *testing.T) { same(t, s.plan(tt.text, tt.prune), tt.want) })
		}
		text := s.export()
		if !strings.Contains(text, "      - {language: en-US, title: Your data, body: \"# What\\n\\n- your name\"}\n      - {language: zh-CN, title: 个人信息, body: 我们保存姓名}\n") ||
			!strings.Contains(text, "  privacy_statement:\n    - {language: en-US, title: In general, body: All}\n") {
			t.Errorf("exported:\n%s", text)
		}
		same(t, s.plan(text, true), "no changes")
		s.apply(text, true)
		s.apply(asked(other, general), false)
		if n := s.versions(); n != 2 {
			t.Errorf("got %d versions, want two", n)
		}
		s.apply(asked("", ""), true)
		if text := s.export(); strings.Contains(text, "privacy_statement") {
			t.Errorf("exported:\n%s", text)
		}
		// What asks nobody any more is published anew.
		same(t, s.plan(asked(other, ""), false), "+ create privacy_statement en-US of acme")
	})
}

// What was written at the console in the spelling of another editor is no
// difference, and a draft there is left alone.
func TestPrivacyOfTheConsole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(people(""), false)
		org := s.organization()
		texts := identity.PrivacyTexts{"en-US": {Title: " Data ", Body: "a\r\nb\r\n"}}
		if _, err := s.Statements.PublishTexts(t.Context(), console, org, texts); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Statements.Write(t.Context(), console, org, 0, identity.PrivacyTexts{"zh-CN": {Title: "草稿", Body: "草稿"}}); err != nil {
			t.Fatal(err)
		}
		same(t, s.plan(asked(`{language: en-US, title: Data, body: "a\nb"}`, ""), true), "no changes")
		s.apply(asked(`{language: en-US, title: Data, body: c}`, ""), true)
		p, err := s.Statements.Statement(t.Context(), console, org)
		if err != nil || p.Draft["zh-CN"].Title != "草稿" || p.Current != 2 {
			t.Errorf("got %+v, %v", p, err)
		}
	})
}

func TestPrivacyProblems(t *testing.T) {
	for text, want := range map[string]string{
		`{language: en-US, title: a, body: b}, {language: en-US, title: c, body: d}`: "privacy_statement[1].language: is given twice",
		`{language: fr-FR, title: a, body: b}`:                                       "privacy_statement[0].language",
		`{language: en-US, title: "a\nb", body: b}`:                                  "privacy_statement[0].title",
		`{language: en-US, title: a, body: " "}`:                                     "privacy_statement[0].body",
		`{language: en-US, title: a}`:                                                "body",
		`{language: en-US, title: a, body: b, html: c}`:                              "html",
	} {
		_, err := Load([]File{{"m.yaml", []byte(people("    privacy_statement: [" + text + "]\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
}
