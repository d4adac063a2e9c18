package identity

import (
	"fmt"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestValidAccount(t *testing.T) {
	for _, name := range []string{"a", "Alice", "alice@ent01", "alice@ent.example", "a_b-c.d", "1a", "_", strings.Repeat("a", 64), "-@-"} {
		wants(t, name, ValidAccount(name), "")
	}
	for _, name := range []string{"123456", "a b", "a/b", "a:b", "alice@", "@ent", "a@b@c", "älice", "a\x00", "a\n", "alice ", "ａ", "a+b"} {
		wants(t, fmt.Sprintf("%q", name), ValidAccount(name), fault.CodeAccountFormat)
	}
	for _, name := range []string{"", strings.Repeat("a", 65)} {
		wants(t, name, ValidAccount(name), fault.CodeFieldLength)
	}
}

func TestFolding(t *testing.T) {
	if got := FoldAccount("Alice@ENT"); got != "alice@ent" {
		t.Errorf("got %q", got)
	}
	if got := Fold("  ÄRzte \t"); got != "ärzte" {
		t.Errorf("got %q", got)
	}
}

func TestEmail(t *testing.T) {
	for given, want := range map[string]string{"": "", "  ": "", " Alice@Example.COM ": "alice@example.com", "a+b.c-d_e@x-y.co.uk": "a+b.c-d_e@x-y.co.uk"} {
		if got, err := Email(given); err != nil || got != want {
			t.Errorf("%q: got %q, %v", given, got, err)
		}
	}
	for _, given := range []string{
		"alice", "alice@example", "@example.com", "alice@", "a@b@c.de", "a b@c.de", "a@b..de", ".a@b.de", "a.@b.de", "a@b.de\nBcc: x@y.zz",
		"Alice <a@b.de>", "älice@b.de", strings.Repeat("a", 250) + "@b.com",
	} {
		_, err := Email(given)
		wants(t, fmt.Sprintf("%.30q", given), err, fault.CodeEmailFormat)
	}
}

func TestMobile(t *testing.T) {
	for _, row := range []struct{ given, code, want string }{
		{"", "86", ""},
		{"+8613800000000", "", "+8613800000000"},
		{"+86 138-0000-0000", "49", "+8613800000000"},
		{"008613800000000", "", "+8613800000000"},
		{"13800000000", "86", "+8613800000000"},
		{"+12345", "", "+12345"},
	} {
		if got, err := Mobile(row.given, row.code); err != nil || got != row.want {
			t.Errorf("%q: got %q, %v, want %q", row.given, got, err, row.want)
		}
	}
	for _, given := range []string{"13800000000", "+1234", "+" + strings.Repeat("1", 21), "+86138x", "++8613800000", "+86138\n00000", "+８６13800000"} {
		_, err := Mobile(given, "")
		wants(t, given, err, fault.CodeMobileFormat)
	}
}

func TestMasks(t *testing.T) {
	for given, want := range map[string]string{"+8618911112345": "+8618****12345", "+12345678": "*********", "": ""} {
		if got := MaskMobile(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
	for given, want := range map[string]string{
		"testaccount@example.com": "tes****ount@example.com", "bob@example.com": "b****@example.com",
		"@example.com": "****@example.com", "nothing": "****",
	} {
		if got := MaskEmail(given); got != want {
			t.Errorf("%q: got %q, want %q", given, got, want)
		}
	}
}

func TestCleanText(t *testing.T) {
	for text, want := range map[string]bool{"": true, "李雷 & Söhne": true, "a\tb\r\nc": true, "a\x00b": false, "a\x1bb": false, "a\x7fb": false, "a\xffb": false, "a\u0085b": false} {
		if got := CleanText(text); got != want {
			t.Errorf("%q: got %v", text, got)
		}
	}
}

func FuzzContacts(f *testing.F) {
	f.Add("alice@example.com", "86")
	f.Add("0086 138-0000-0000", "")
	f.Fuzz(func(t *testing.T, text, code string) {
		if email, err := Email(text); err == nil {
			if again, err := Email(email); err != nil || again != email || strings.ContainsAny(email, " \r\n\x00") {
				t.Errorf("%q became %q and then %q, %v", text, email, again, err)
			}
		}
		if mobile, err := Mobile(text, code); err == nil && mobile != "" {
			if again, err := Mobile(mobile, code); err != nil || again != mobile || mobile[0] != '+' {
				t.Errorf("%q became %q and then %q, %v", text, mobile, again, err)
			}
		}
	})
}
