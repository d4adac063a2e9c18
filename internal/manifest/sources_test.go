package manifest

import (
	"encoding/base64"
	"reflect"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/source"
)

// partners is a manifest with an owner and one source.
func partners(lines string) string {
	return org("    members: [{account: a, name: A, role: owner}]\n    sources: [" + lines + "]\n")
}

const partner = `{name: Partners, kind: oauth2, enabled: true, match: {ours: email, theirs: mail}, mappings: [{ours: title, fixed: Partner}], ` +
	`settings: {authorize_url: "https://p.example/authorize", token_url: "https://p.example/token", scope: [email], client_id: acme, client_secret: the first secret}}`

func (s *site) configured(name string) source.Configured {
	s.t.Helper()
	all, err := s.Sources.List(s.t.Context(), console, s.organization())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, one := range all {
		if one.Name == name {
			return one
		}
	}
	s.t.Fatalf("there is no source %s", name)
	return source.Configured{}
}

// The settings of the manifest's struct are those of the schemas.
func TestSourceSettingsAreThoseOfTheSchemas(t *testing.T) {
	there := map[string]bool{}
	for _, kind := range source.Kinds() {
		for _, f := range source.Schema(kind) {
			there[f.Key] = true
		}
	}
	for _, row := range fieldsOf(reflect.TypeFor[SourceSettings]()) {
		if !there[row.key] {
			t.Errorf("no kind has %s", row.key)
		}
		delete(there, row.key)
	}
	if len(there) > 0 {
		t.Errorf("the manifest lacks %v", there)
	}
}

func TestSourcePlans(t *testing.T) {
	s := sqliteSite(t)
	same(t, s.plan(partners(partner), false), "+ create organization acme\n+ create member a of acme (a password is made and printed once)\n+ create source Partners of acme")
	s.apply(partners(partner), false)
	with := func(old, text string) string { return partners(strings.Replace(partner, old, text, 1)) }
	tests := []struct{ name, text, want string }{
		{"nothing", partners(partner), "no changes"},
		{"nothing said", org(""), "no changes"},
		{"an empty list", partners(""), "no changes"},
		{"only the name, in other letters", partners("{name: PARTNERS, kind: oauth2}"), "no changes"},
		{"defaults written out", with("kind: oauth2,", "kind: oauth2, icon: \"\","), "no changes"},
		{"the default strategy", with("theirs: mail}", "theirs: mail, strategy: bind_or_create, trusted: []}"), "no changes"},
		{"a setting", with("client_id: acme", "client_id: other"), "~ change source Partners of acme: settings.client_id: acme → other"},
		{"a list", with("scope: [email]", "scope: [email, profile]"), "~ change source Partners of acme: settings.scope: [email] → [email, profile]"},
		{"the match", with("theirs: mail", "theirs: email"), "~ change source Partners of acme: match.theirs: mail → email"},
		{"mappings", with("fixed: Partner", "theirs: job"), "~ change source Partners of acme: mappings: [{ours: title, theirs: (none), fixed: Partner}] → [{ours: title, theirs: job, fixed: (none)}]"},
		{"another secret", with("first", "other"), "~ change source Partners of acme: settings.client_secret: (changed)"},
		{"switched off", with("enabled: true", "enabled: false"), "~ change source Partners of acme: enabled: true → false"},
		{"one more", partners(partner + `, {name: later, kind: oauth2}`), "+ create source later of acme"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { same(t, s.plan(tt.text, false), tt.want) })
	}
	same(t, s.plan(partners(""), true), "- remove source Partners of acme")
	s.apply(partners(""), true)
	if all, err := s.Sources.List(t.Context(), console, s.organization()); err != nil || len(all) != 0 {
		t.Errorf("after that: %v, %v", all, err)
	}
}

func TestSourcePlanFindsWhatIsWrong(t *testing.T) {
	s := sqliteSite(t)
	s.apply(partners(partner), false)
	with := func(old, text string) string { return partners(strings.Replace(partner, old, text, 1)) }
	tests := []struct{ name, text, want string }{
		{"a needed setting taken away", with("client_id: acme", `client_id: ""`), "organizations[0].sources[0].settings.client_id: The field"},
		{"a grant type", with("client_id: acme", "client_id: acme, grant_type: password"), "organizations[0].sources[0].settings.grant_type: The grant type “password”"},
		{"an address", with("https://p.example/token", "nonsense"), "organizations[0].sources[0].settings.token_url: This value is not written"},
		{"the secret, where it would move", with("client_secret: the first secret", `userinfo_url: "https://q.example"`), "organizations[0].sources[0].settings.client_secret: Enter the client secret again"},
		{"a name that is taken", partners(strings.Replace(partner, "Partners", "sso", 1)), "organizations[0].sources[0].name: The name “sso”"},
		{"a picture", with("kind: oauth2,", "kind: oauth2, icon: \"base64:R0lGODlh\","), "organizations[0].sources[0].icon: This cannot be used as an icon"},
		{"a new one that lacks something", partners(strings.Replace(partner, "name: Partners", "name: New", 1) + ", {name: x, kind: oauth2, enabled: true}"), "organizations[0].sources[1].settings.token_url: The field"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Apply(t.Context(), console, s.House, mustLoad(t, tt.text), Options{})
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want … %s …", err, tt.want)
			}
		})
	}
	_, err := Load([]File{{"m.yaml", []byte(partners(partner + ", {name: PARTNERS, kind: oauth2}"))}}, around)
	if err == nil || !strings.Contains(err.Error(), "sources[1].name: is given twice") {
		t.Errorf("a name given twice: %v", err)
	}
}

// The stored secret is that of whoever set it last, as with enterprise SSO.
func TestTheSecretOfASourceIsAppliedOnlyWhenItHasTo(t *testing.T) {
	tests := []struct {
		name, old, text string
		pushed          bool
	}{
		{"a field changes", "client_id: acme", "client_id: other", false},
		{"an address it is sent to changes", "/token", "/token2", true},
		{"it changes itself", "first", "third", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := sqliteSite(t)
			s.apply(partners(partner), false)
			one := s.configured("Partners")
			by := source.SourceChange{Settings: source.Values{"client_secret": "set by somebody else"}}
			if _, err := s.Sources.Change(t.Context(), console, one.OrganizationID, one.ID, 0, by); err != nil {
				t.Fatal(err)
			}
			s.apply(partners(strings.Replace(partner, tt.old, tt.text, 1)), false)
			f, err := s.Sources.ByID(t.Context(), one.ID)
			if pushed := !strings.Contains(string(f.Source.Settings), "set by somebody else"); err != nil || pushed != tt.pushed {
				t.Errorf("the manifest's secret was stored again: %t, %v; want %t", pushed, err, tt.pushed)
			}
		})
	}
}

func TestIconOfASource(t *testing.T) {
	s := sqliteSite(t)
	i := strings.Index(every, "base64:")
	text := every[i : i+strings.IndexByte(every[i:], '|')]
	if raw, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(text, "base64:")); err != nil || len(raw) == 0 {
		t.Fatal(err)
	}
	pictured := partners(strings.Replace(partner, "kind: oauth2,", "kind: oauth2, icon: \""+text+"\",", 1))
	s.apply(pictured, false)
	one := s.configured("Partners")
	if one.IconDigest == "" {
		t.Error("there is no icon")
	}
	without := partners(strings.Replace(partner, "kind: oauth2,", "kind: oauth2, icon: \"\",", 1))
	same(t, s.plan(without, false), "~ change source Partners of acme: icon: picture "+one.IconDigest[:8]+" → (none)")
	s.apply(without, false)
	s.apply(pictured, false)
	if _, digest, err := s.Sources.Icon(t.Context(), one.ID); err != nil || digest != one.IconDigest {
		t.Errorf("the icon is %s, %v", digest, err)
	}
}
