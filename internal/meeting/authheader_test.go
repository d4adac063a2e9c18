package meeting

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestParseBasic(t *testing.T) {
	encode := func(text string) string { return base64.StdEncoding.EncodeToString([]byte(text)) }
	for name, c := range map[string]struct {
		lines []string
		want  credentials
		ok    bool
	}{
		"plain":            {[]string{"Basic " + encode("zhang@corp:Passw0rd")}, credentials{"zhang@corp", "Passw0rd"}, true},
		"scheme in case":   {[]string{"bASIC  " + encode("a:b") + " "}, credentials{"a", "b"}, true},
		"colons":           {[]string{"Basic " + encode("a:b:c:")}, credentials{"a", "b:c:"}, true},
		"Chinese":          {[]string{"Basic " + encode("张三:密码")}, credentials{"张三", "密码"}, true},
		"no colon":         {[]string{"Basic " + encode("ab")}, credentials{}, false},
		"no account":       {[]string{"Basic " + encode(":b")}, credentials{}, false},
		"no password":      {[]string{"Basic " + encode("a:")}, credentials{}, false},
		"NUL":              {[]string{"Basic " + encode("a:b\x00")}, credentials{}, false},
		"broken UTF-8":     {[]string{"Basic " + encode("a:\xff")}, credentials{}, false},
		"Base64 for URLs":  {[]string{"Basic " + base64.URLEncoding.EncodeToString([]byte("a:???>>>"))}, credentials{}, false},
		"nothing":          {nil, credentials{}, false},
		"empty":            {[]string{""}, credentials{}, false},
		"scheme alone":     {[]string{"Basic"}, credentials{}, false},
		"other scheme":     {[]string{"Bearer " + encode("a:b")}, credentials{}, false},
		"two headers":      {[]string{"Basic " + encode("a:b"), "Basic " + encode("a:b")}, credentials{}, false},
		"scheme run on it": {[]string{"Basic" + encode("a:b")}, credentials{}, false},
	} {
		got, ok := parseBasic(c.lines)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%s: got %q %q, %v", name, got.account, got.password, ok)
		}
	}
	if got := (credentials{"a", "secret"}).String() + (credentials{"a", "secret"}).GoString(); strings.Contains(got, "secret") {
		t.Errorf("credentials print as %s", got)
	}
}

func TestParseSigned(t *testing.T) {
	id := base64.StdEncoding.EncodeToString([]byte("app"))
	for line, want := range map[string]struct {
		signature, access       string
		scheme, signed, granted bool
	}{
		"HMAC-SHA256 signature=6f68":                            {"6f68", "-", true, true, true},
		"HMAC-SHA256 signature=6f68,access=" + id:               {"6f68", "app", true, true, true},
		"hmac-sha256 \taccess = " + id + " , signature = 6F68 ": {"6F68", "app", true, true, true},
		"HMAC-SHA256 Signature=\"6f68\",Access=\"" + id + "\"":  {"6f68", "app", true, true, true},
		"HMAC-SHA256 signature=6f68,other=1,,x":                 {"6f68", "-", true, true, true},
		"HMAC-SHA256 signature=6f68,access=":                    {"6f68", "", true, true, false},
		"HMAC-SHA256 signature=6f68,access=YXBw!":               {"6f68", "*", true, true, false},
		"HMAC-SHA256 signature=6f68,access=YQ==,access=YQ==":    {"6f68", "a", true, true, false},
		"HMAC-SHA256 signature=1,signature=2":                   {"2", "-", true, false, true},
		"HMAC-SHA256 signature=":                                {"", "-", true, false, true},
		"HMAC-SHA256 6f68":                                      {"", "-", true, false, true},
		"HMAC-SHA256":                                           {"", "-", false, false, false},
		"HMAC-SHA1 signature=6f68":                              {"", "-", false, false, false},
		"Basic YTpi":                                            {"", "-", false, false, false},
	} {
		got := parseSigned([]string{line})
		access := "-"
		if got.access != nil {
			access = *got.access
		}
		if got.signature != want.signature || want.access != "*" && access != want.access || got.schemeOK != want.scheme || got.signatureOK != want.signed || got.accessOK != want.granted {
			t.Errorf("%s: got %+v, access %q; want %+v", line, got, access, want)
		}
	}
	if got := parseSigned([]string{"HMAC-SHA256 signature=1", "HMAC-SHA256 signature=1"}); got.schemeOK {
		t.Error("two headers were taken")
	}
}

// FuzzAuthorization: nothing that is sent breaks the parsers, and what they
// return is fit to be compared and stored.
func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{"Basic YTpi", "HMAC-SHA256 signature=6f68,access=YXBw", "HMAC-SHA256 a=b,=,\"", "hmac-sha256 signature=\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if c, ok := parseBasic([]string{line}); ok && !sound(c) {
			t.Errorf("parseBasic(%q) = %q, %q", line, c.account, c.password)
		}
		s := parseSigned([]string{line})
		if s.signatureOK && (s.signature == "" || strings.Contains(s.signature, ",")) {
			t.Errorf("parseSigned(%q): signature %q", line, s.signature)
		}
		if s.accessOK && s.access != nil && (*s.access == "" || !cleanText(*s.access)) {
			t.Errorf("parseSigned(%q): access %q", line, *s.access)
		}
		if !s.schemeOK && (s.signatureOK || s.accessOK) {
			t.Errorf("parseSigned(%q) read parts of another scheme", line)
		}
	})
}

func sound(c credentials) bool {
	return c.account != "" && c.password != "" && !strings.Contains(c.account, ":") && cleanText(c.account+c.password)
}
