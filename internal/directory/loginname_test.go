package directory

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestReadName(t *testing.T) {
	for _, row := range []struct {
		typed, text, meanings string
	}{
		{"alice@ent01", "alice@ent01", "account alice@ent01"},
		{"  Alice@ENT01\t ", "alice@ent01", "account alice@ent01"},
		{"ａｌｉｃｅ＠ｅｎｔ０１", "alice@ent01", "account alice@ent01"},
		{"Alice@Example.com", "alice@example.com", "account alice@example.com, email alice@example.com"},
		{"+86 138-0000-0000", "+8613800000000", "account +86 138-0000-0000, mobile +8613800000000"},
		{"008613800000000", "+8613800000000", "account 008613800000000, mobile +8613800000000"},
		{"8613800000000", "+8613800000000", "account 8613800000000, mobile +8613800000000"},
		{"＋８６13800000000", "+8613800000000", "account +8613800000000, mobile +8613800000000"},
		{"1234", "1234", "account 1234"},
		{"李雷", "李雷", "account 李雷"},
		{"admin'--", "admin'--", "account admin'--"},
	} {
		n, err := readName(row.typed)
		var meanings []string
		for _, m := range n.meanings {
			meanings = append(meanings, string(m.Kind)+" "+m.Text)
		}
		if got := strings.Join(meanings, ", "); err != nil || n.text != row.text || got != row.meanings {
			t.Errorf("%q: got %q (%s), %v, want %q (%s)", row.typed, n.text, got, err, row.text, row.meanings)
		}
	}
}

// CVE-2026-47203: a spelling that only looks like a name must not pass for a
// second one.
func TestInvisibleCharactersAreRefused(t *testing.T) {
	for _, typed := range []string{
		"admin\x00", "ad\u200bmin", "admin\u200d", "\ufeffadmin", "ad\u00admin", "admin\u202e", "ad\nmin", "admin\x7f",
		"ad\u2028min", "ad\u2060min", "admin\u034f", "admin\xff", "ad\u3164min",
	} {
		_, err := readName(typed)
		wants(t, fmt.Sprintf("%q", typed), err, fault.CodeMalformed)
	}
	for _, typed := range []string{"", "   ", strings.Repeat("a", 256)} {
		_, err := readName(typed)
		wants(t, fmt.Sprintf("%.9q", typed), err, fault.CodeFieldLength)
	}
	if n, err := readName(strings.Repeat("a", 255)); err != nil || fmt.Sprint(n) != "[redacted]" {
		t.Errorf("got %v, %v", n, err)
	}
}

func FuzzReadName(f *testing.F) {
	for _, typed := range []string{"alice@ent01", "+86 138", "ａ", "a@b.c", "0086-1", "\u212a", "ﷺ"} {
		f.Add(typed)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		n, err := readName(typed)
		if err != nil {
			return
		}
		if !utf8.ValidString(n.text) || strings.ContainsFunc(n.text, invisible) || n.text == "" {
			t.Errorf("%q became %q", typed, n.text)
		}
		again, err := readName(n.text)
		if err != nil || again.text != n.text {
			t.Errorf("%q became %q and then %q, %v", typed, n.text, again.text, err)
		}
		if n.meanings[0].Kind != identity.ByAccount {
			t.Errorf("%q: the account name does not come first", typed)
		}
	})
}
