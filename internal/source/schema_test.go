package source

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
)

// A form is made from the schema alone, so everything in it has a name in every
// language.
func TestSchemasCanBeShown(t *testing.T) {
	catalogue, err := i18n.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range Kinds() {
		seen := map[string]bool{}
		keys := []string{"source.kind." + string(kind)}
		for _, f := range Schema(kind) {
			if seen[f.Key] || f.Key == "" || (f.Type == FieldChoice) != (len(f.Choices) > 0) {
				t.Errorf("%s: the field %+v", kind, f)
			}
			seen[f.Key] = true
			if _, err := f.normal(f.Default); err != nil {
				t.Errorf("%s: the default of %s: %v", kind, f.Key, err)
			}
			keys = append(keys, f.LabelKey(), f.HelpKey())
			for _, choice := range f.Choices {
				keys = append(keys, f.ChoiceKey(choice))
			}
		}
		for _, key := range keys {
			for _, lang := range i18n.Languages() {
				if !catalogue.Has(lang, key) {
					t.Errorf("messages/%s.json lacks %q", lang, key)
				}
			}
		}
	}
	if Schema("radius") != nil {
		t.Error("a kind that does not exist has a schema")
	}
}

func TestNormalValues(t *testing.T) {
	got, faults := Values{
		"authorize_url": " https://c.example/a ", "scope": "openid, profile  email,", "auth_method": "post", "pkce": "false", "client_secret": " s ", "key_id": "",
	}.normal(oauth2Schema())
	want := Values{
		"authorize_url": "https://c.example/a", "scope": "openid,profile,email", "auth_method": "client_secret_post", "pkce": "false", "client_secret": " s ", "key_id": "",
	}
	if len(faults) > 0 || !sameValues(got, want) {
		t.Errorf("got %v, %v, want %v", map[string]string(got), faults, map[string]string(want))
	}
	_, faults = Values{
		"authorize_url": "ftp://c.example", "token_url": "https://a b", "auth_method": "saml", "pkce": "yes", "subject_field": "a..b",
		"private_key": "no key", "exit_url": "https://c.example/{return_url}", "key_id": "a\x00b", "nonsense": "x", "scope": "a\nb",
	}.normal(oauth2Schema())
	if got, want := codes(fault.All(faults)), "field_format at settings.authorize_url, field_format at settings.token_url, field_format at settings.scope, "+
		"field_choice at settings.auth_method, field_format at settings.private_key, field_format at settings.key_id, field_choice at settings.pkce, "+
		"field_format at settings.subject_field, field_format at settings.exit_url, field_unknown at settings.nonsense"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func sameValues(a, b Values) bool {
	x, _ := json.Marshal(a)
	y, _ := json.Marshal(b)
	return string(x) == string(y)
}

// What another version of the program stored is read as far as it is known.
func TestStoredValues(t *testing.T) {
	v, err := readValues(identity.SourceOAuth2, []byte(`{"token_url":"https://c.example/t","later":{"a":1},"pkce":"false","scope":""}`))
	if err != nil || v["token_url"] != "https://c.example/t" || v.pkce() || v["dialect"] != "auto" || v["later"] != "" {
		t.Errorf("got %v, %v", map[string]string(v), err)
	}
	if v, err := readValues(identity.SourceOAuth2, nil); err != nil || !v.pkce() {
		t.Errorf("nothing stored: %v, %v", map[string]string(v), err)
	}
	for _, raw := range []string{`{"token_url":7}`, `[]`, `{`} {
		if _, err := readValues(identity.SourceOAuth2, []byte(raw)); err == nil {
			t.Errorf("%s is read", raw)
		}
	}
}

// A stored secret follows no address: it is dropped where it was not given anew.
func TestSecretsDoNotFollowAddresses(t *testing.T) {
	before := Values{"token_url": "https://a.example", "client_secret": "s", "private_key": "k", "authorize_url": "https://a.example/x"}
	tests := []struct {
		name    string
		given   Values
		dropped string
	}{
		{"nothing changes", Values{}, ""},
		{"the same again", Values{"token_url": "https://a.example"}, ""},
		{"an address that carries none", Values{"authorize_url": "https://b.example"}, ""},
		{"the token address", Values{"token_url": "https://b.example"}, "client_secret private_key"},
		{"a user info address that was not there", Values{"userinfo_url": "https://b.example"}, "client_secret private_key"},
		{"with one of the two given", Values{"token_url": "https://b.example", "client_secret": "t"}, "private_key"},
		{"the address taken away", Values{"token_url": ""}, "client_secret private_key"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			next := before.with(tt.given)
			got := next.forget(oauth2Schema(), before, tt.given)
			if strings.Join(got, " ") != tt.dropped {
				t.Errorf("dropped %q, want %q", got, tt.dropped)
			}
			for _, key := range got {
				if next[key] != "" {
					t.Errorf("%s is still there", key)
				}
			}
		})
	}
}

func TestValuesAreNotPrinted(t *testing.T) {
	v := Values{"client_secret": "hunter2"}
	for _, text := range []string{v.String(), v.GoString(), v.LogValue().String(), SourceChange{Settings: v}.String(), SourceChange{Settings: v}.GoString()} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("printed %s", text)
		}
	}
	shown, kept := v.shown(oauth2Schema())
	if shown["client_secret"] != "" || !slices.Equal(kept, []string{"client_secret"}) || v["client_secret"] == "" {
		t.Errorf("shown %v, kept %v", map[string]string(shown), kept)
	}
}

func FuzzNormalValues(f *testing.F) {
	f.Add("scope", "a, b,,c ")
	f.Add("auth_method", "basic")
	f.Add("exit_url", "https://c.example/?a={return_url}")
	f.Fuzz(func(t *testing.T, key, value string) {
		once, faults := Values{key: value}.normal(oauth2Schema())
		if len(faults) > 0 {
			return
		}
		again, faults := once.normal(oauth2Schema())
		if len(faults) > 0 || !sameValues(once, again) {
			t.Errorf("%q = %q becomes %q, then %q, %v", key, value, once[key], again[key], faults)
		}
	})
}
