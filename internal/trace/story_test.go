package trace

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
)

var origin = identity.Origin{Address: netip.MustParseAddr("192.0.2.7"), RequestID: "0123456789abcdef"}

func TestANilStoryTakesEverything(t *testing.T) {
	var s *Story
	if !s.Check(Signature, true, Detail{}) || s.Check(Signature, false, Detail{}) {
		t.Error("Check does not return what it was told")
	}
	s.Warn(NearUpperHex, Detail{})
	s.Note(TokenIssued, Detail{})
	s.About("org_1", "zhang.san")
	s.Hide("a secret")
	s.End(Refused)
	if s.Code() != "" || s.Steps() != nil {
		t.Errorf("got code %q and steps %v, want none", s.Code(), s.Steps())
	}
	(&Keeper{}).Keep(s)
}

func TestAStoryTellsItsStepsInOrder(t *testing.T) {
	s := Begin(AppIDLogin, origin)
	if !s.Check(HeaderScheme, true, Detail{}) {
		t.Error("a good check returned false")
	}
	if s.Check(Signature, false, Detail{Expected: "a:b", Received: "c"}) {
		t.Error("a failed check returned true")
	}
	s.Warn(NearUpperHex, Detail{Received: "AB"})
	s.Note(NearPreviousKey, Detail{})
	want := []Step{
		{Check: HeaderScheme, State: Passed},
		{Check: Signature, State: Failing, Detail: Detail{"a:b", "c"}},
		{Check: NearUpperHex, State: Warned, Detail: Detail{Received: "AB"}},
		{Check: NearPreviousKey, State: Noted},
	}
	if got := s.Steps(); !slices.Equal(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestAStoryIsBounded(t *testing.T) {
	s := Begin(AppIDLogin, origin)
	for range 10 * maxSteps {
		s.Note(Signature, Detail{})
	}
	if got := len(s.Steps()); got != maxSteps {
		t.Errorf("got %d steps, want %d", got, maxSteps)
	}
}

func TestDetailsAreCutAndEscaped(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"plain", "zhang.san@ent01", "zhang.san@ent01"},
		{"Chinese", "张三", "张三"},
		{"line feed", "key\n", `key\n`},
		{"return and tab", "a\r\tb", `a\r\tb`},
		{"terminal sequence", "\x1b[31mred", `\u001b[31mred`},
		{"NUL, which no database stores", "a\x00b", `a\u0000b`},
		{"text turned round", "abc\u202egnp.exe", `abc\u202egnp.exe`},
		{"zero width space", "a\u200bb", `a\u200bb`},
		{"line separator", "a\u2028b", `a\u2028b`},
		{"broken UTF-8", "a\xffb", `a\xffb`},
		{"replacement character", "a\ufffdb", "a\ufffdb"},
		{"200 characters", strings.Repeat("字", 200), strings.Repeat("字", 200)},
		{"201 characters", strings.Repeat("字", 201), strings.Repeat("字", 199) + "…"},
		{"escapes count too", strings.Repeat("\x00", 100), strings.Repeat(`\u0000`, 33) + `\…`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Begin(AppIDLogin, origin)
			s.Note(Signature, Detail{Expected: tt.in, Received: tt.in})
			s.About("", tt.in)
			for _, got := range []string{s.Steps()[0].Detail.Expected, s.Steps()[0].Detail.Received, s.who} {
				if got != tt.want {
					t.Errorf("got %q, want %q", got, tt.want)
				}
			}
		})
	}
}

const marker = "S3cret-Marker-0123456789abcdef"

// Whatever a caller forgets to redact, a secret that the story was told of is
// not in it: not before, not after, not at the place where a text is cut.
func TestAHiddenSecretIsNowhereInAStory(t *testing.T) {
	tests := []struct{ name, text string }{
		{"alone", marker},
		{"inside", "key=" + marker + "&x=1"},
		{"twice", marker + marker},
		{"across the cut", strings.Repeat("x", maxText-10) + marker},
		{"beyond the cut", strings.Repeat("x", maxText) + marker},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := Begin(PasswordLogin, origin)
			s.Hide(marker)
			s.Check(Password, false, Detail{Expected: tt.text, Received: tt.text})
			s.Warn(Password, Detail{Received: tt.text})
			s.Note(Password, Detail{Received: tt.text})
			s.About("org_1", tt.text)
			row, err := s.row()
			if err != nil {
				t.Fatal(err)
			}
			if text := fmt.Sprintf("%+v %s", row, row.Story); strings.Contains(text, marker[:4]) {
				t.Errorf("the story holds a part of the secret: %s", text)
			}
		})
	}
	s := Begin(PasswordLogin, origin)
	s.Note(Password, Detail{Received: marker})
	s.About("", marker)
	s.Hide(marker)
	if row, err := s.row(); err != nil || strings.Contains(string(row.Story), marker) {
		t.Errorf("the story holds what was written before Hide: %s, %v", row.Story, err)
	}
	s = Begin(PasswordLogin, origin)
	s.Hide("line\nfeed")
	s.Note(Password, Detail{Received: `line\nfeed`})
	if got := s.Steps()[0].Detail.Received; got != redacted {
		t.Errorf("an escaped secret came through: %q", got)
	}
	s.Hide("abc") // too short: it would blacken "abcde" everywhere
	s.Note(Password, Detail{Received: "abcde"})
	if got := s.Steps()[1].Detail.Received; got != "abcde" {
		t.Errorf("got %q, want harmless text as it was", got)
	}
}

func TestShapeTellsNothingOfASecret(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", "empty"},
		{"123456", "6 characters, digits"},
		{"00ff00ff", "8 characters, lower-case hexadecimal"},
		{"00FF00FF", "8 characters, upper-case hexadecimal"},
		{"zyxw1234", "8 characters, letters and digits"},
		{"zyxw+/==", "8 characters, Base64"},
		{"zyxw-_==", "8 characters, Base64 for URLs"},
		{"p@ssword", "8 characters, printable ASCII"},
		{"密码", "2 characters, with characters beyond printable ASCII"},
		{"0123\n", "5 characters, with characters beyond printable ASCII, ends with a line feed"},
		{" pw", "3 characters, printable ASCII, begins with a blank"},
		{"pw ", "3 characters, printable ASCII, ends with a blank"},
	}
	for _, tt := range tests {
		if got := Shape(tt.in); got != tt.want {
			t.Errorf("Shape(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
	if got := Shape(marker); strings.Contains(got, marker[:4]) || strings.Contains(got, marker[len(marker)-4:]) {
		t.Errorf("Shape tells a part of the secret: %q", got)
	}
}

func TestCodesAreUnambiguousAndRandom(t *testing.T) {
	seen := map[string]bool{}
	count := map[rune]int{}
	for range 2000 {
		code := Begin(AppIDLogin, origin).Code()
		if len(code) != codeLength || strings.Trim(code, codeAlphabet) != "" || strings.ContainsAny(code, "0O1ILU") {
			t.Fatalf("got %q, want 8 characters of %s", code, codeAlphabet)
		}
		if seen[code] {
			t.Fatalf("%q came twice", code)
		}
		seen[code] = true
		for _, r := range code {
			count[r]++
		}
	}
	mean := 2000 * codeLength / len(codeAlphabet)
	for _, r := range codeAlphabet {
		if count[r] < mean/2 || count[r] > mean*2 {
			t.Errorf("%c came %d times, want about %d", r, count[r], mean)
		}
	}
}

func TestCodesAreReadAsPeopleWriteThem(t *testing.T) {
	tests := []struct {
		in, want string
		ok       bool
	}{
		{"K7QM2XWP", "K7QM2XWP", true},
		{"k7qm2xwp", "K7QM2XWP", true},
		{" K7QM-2XWP ", "K7QM2XWP", true},
		{"K7QM2XW", "", false},
		{"K7QM2XWPP", "", false},
		{"K7QM2XWO", "", false},
		{"", "", false},
	}
	for _, tt := range tests {
		if got, ok := asCode(tt.in); got != tt.want || ok != tt.ok {
			t.Errorf("asCode(%q) = %q, %v; want %q, %v", tt.in, got, ok, tt.want, tt.ok)
		}
	}
}

func FuzzClean(f *testing.F) {
	f.Add("zhang.san")
	f.Add("\x00\xff\u202e\x1b]0;title\a")
	f.Add(strings.Repeat("\xff", 300))
	f.Fuzz(func(t *testing.T, text string) {
		s := Begin(AppIDLogin, origin)
		s.Hide(marker)
		got := s.clean(text)
		if n := utf8.RuneCountInString(got); n > maxText {
			t.Errorf("%d characters, want at most %d", n, maxText)
		}
		if !utf8.ValidString(got) || strings.ContainsFunc(got, func(r rune) bool { return r < ' ' || r == 0x7f }) {
			t.Errorf("clean(%q) = %q, which could not be stored or shown", text, got)
		}
	})
}
