package applogin

import (
	"encoding/base64"
	"strings"
	"testing"
)

func TestReadAuthorization(t *testing.T) {
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
		got := ReadAuthorization([]string{line})
		access := "-"
		if got.Access != nil {
			access = *got.Access
		}
		if got.Signature != want.signature || want.access != "*" && access != want.access || got.SchemeOK != want.scheme || got.SignatureOK != want.signed || got.AccessOK != want.granted {
			t.Errorf("%s: got %+v, access %q; want %+v", line, got, access, want)
		}
	}
	if got := ReadAuthorization([]string{"HMAC-SHA256 signature=1", "HMAC-SHA256 signature=1"}); got.SchemeOK {
		t.Error("two headers were taken")
	}
}

// FuzzReadAuthorization: nothing that is sent breaks the reader, and what it
// returns is fit to be compared and stored.
func FuzzReadAuthorization(f *testing.F) {
	for _, seed := range []string{"Basic YTpi", "HMAC-SHA256 signature=6f68,access=YXBw", "HMAC-SHA256 a=b,=,\"", "hmac-sha256 signature=\""} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, line string) {
		s := ReadAuthorization([]string{line})
		if s.SignatureOK && (s.Signature == "" || strings.Contains(s.Signature, ",")) {
			t.Errorf("%q: signature %q", line, s.Signature)
		}
		if s.AccessOK && s.Access != nil && (*s.Access == "" || !plain(*s.Access)) {
			t.Errorf("%q: access %q", line, *s.Access)
		}
		if !s.SchemeOK && (s.SignatureOK || s.AccessOK) {
			t.Errorf("%q: parts of another scheme were read", line)
		}
	})
}
