package ticket

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

var moment = time.Date(2026, time.March, 2, 9, 30, 0, 0, time.UTC)

func TestSecretsComeBackFromText(t *testing.T) {
	s := NewSecret(moment)
	text := s.Text("ogk_")
	if len(text) != 81 || strings.Trim(text[4:], "abcdefghijklmnopqrstuvwxyz234567") != "" {
		t.Errorf("got %d characters: %s", len(text), text)
	}
	got, ok := ParseSecret("ogk_", text)
	if !ok || got.ID != s.ID || got.Proof != s.Proof {
		t.Errorf("%s became another secret, %v", text, ok)
	}
	if u, _ := identity.UUID(identity.TicketIDOf(s.ID)); u != s.ID {
		t.Error("the id does not carry the bytes")
	}
}

// A secret has exactly one spelling: whatever else is sent is refused, however
// near it is.
func TestOtherSpellingsAreRefused(t *testing.T) {
	text := NewSecret(moment).Text("ogk_")
	for n := range len(text) {
		if _, ok := ParseSecret("ogk_", text[:n]); ok {
			t.Errorf("%d of %d characters pass", n, len(text))
		}
		if _, ok := ParseSecret("ogk_", text+strings.Repeat("a", n+1)); ok {
			t.Errorf("%d characters more pass", n+1)
		}
		if upper := text[:n] + strings.ToUpper(text[n:n+1]) + text[n+1:]; upper != text {
			if _, ok := ParseSecret("ogk_", upper); ok {
				t.Errorf("a capital at %d passes", n)
			}
		}
	}
	for _, other := range []string{
		"", "ogk_", " " + text, text + " ", text + "\n", text + "=", "oga_" + text[4:], text[4:], strings.ToUpper(text),
		text[:10] + "\n" + text[11:], text[:10] + "1" + text[11:], "ogk_" + text,
	} {
		if _, ok := ParseSecret("ogk_", other); ok {
			t.Errorf("%q passes", other)
		}
	}
	// The last character has one bit to spare.
	const alphabet = "abcdefghijklmnopqrstuvwxyz234567"
	last := strings.IndexByte(alphabet, text[len(text)-1])
	if _, ok := ParseSecret("ogk_", text[:len(text)-1]+string(alphabet[last^1])); ok {
		t.Error("two spellings of one secret pass")
	}
}

func TestProves(t *testing.T) {
	s := NewSecret(moment)
	hash := s.Hash()
	other := s
	other.Proof[31] ^= 1
	for _, row := range []struct {
		name string
		s    Secret
		hash []byte
		want bool
	}{
		{"itself", s, hash, true},
		{"one bit off", other, hash, false},
		{"another", NewSecret(moment), hash, false},
		{"empty hash", s, nil, false},
		{"half a hash", s, hash[:16], false},
		{"the proof itself", s, s.Proof[:], false},
	} {
		if got := row.s.Proves(row.hash); got != row.want {
			t.Errorf("%s: got %v", row.name, got)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	s := NewSecret(moment)
	proof := strings.Trim(fmt.Sprintf("%d", s.Proof[:4]), "[]")
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%v %+v %#v %s", s, s, s, s), s.LogValue().String()} {
		if strings.Contains(text, s.Text("")) || !strings.Contains(text, "redacted") || strings.Contains(text, proof) {
			t.Errorf("printed: %s", text)
		}
	}
}

func FuzzParseSecret(f *testing.F) {
	f.Add(NewSecret(moment).Text("ogk_"))
	f.Add("ogk_" + strings.Repeat("a", 77))
	f.Add("ogk_" + strings.Repeat("7", 77))
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		s, ok := ParseSecret("ogk_", text)
		if ok && s.Text("ogk_") != text {
			t.Errorf("%q is taken for %q", text, s.Text("ogk_"))
		}
	})
}
