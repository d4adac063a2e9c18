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

// FuzzAuthorization: nothing that is sent breaks the parsers, and what they
// return is fit to be compared and stored.
func FuzzAuthorization(f *testing.F) {
	for _, seed := range []string{"Basic YTpi", "Basic ", "basic  YTpi  ", "Basic =="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if c, ok := parseBasic([]string{line}); ok && !sound(c) {
			t.Errorf("parseBasic(%q) = %q, %q", line, c.account, c.password)
		}
	})
}

func sound(c credentials) bool {
	return c.account != "" && c.password != "" && !strings.Contains(c.account, ":") && cleanText(c.account+c.password)
}
