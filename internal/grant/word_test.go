package grant

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestWords(t *testing.T) {
	seed := newSeed()
	for _, want := range []word{
		{id: [16]byte{1, 2, 3}, round: 7, issued: 1_772_440_200, end: 1_772_447_400, mask: everything},
		{id: [16]byte{255}, round: 1<<32 - 1, end: 1<<32 - 1, mask: 5},
		{refresh: true, id: [16]byte{9}, round: 1},
	} {
		text := want.text(seed)
		got, ok := parse(text)
		if !ok || !got.proven(seed) || got.text(seed) != text {
			t.Errorf("%s: not read back", text)
		}
		if got.proven(newSeed()) {
			t.Errorf("%s: proven by another seed", text)
		}
		got.proof = want.proof
		if got != want {
			t.Errorf("got %#v of another content", got)
		}
		for i := range text {
			changed := []byte(text)
			changed[i] ^= 1
			if w, ok := parse(string(changed)); ok && w.proven(seed) {
				t.Errorf("%s: counts with character %d changed", text, i)
			}
		}
		for _, wrong := range []string{text[1:], text[:len(text)-1], text + "A", text + "=", strings.ToUpper(text), text[:9] + "\n" + text[9:], ""} {
			if _, ok := parse(wrong); ok {
				t.Errorf("%q is read", wrong)
			}
		}
	}
}

// TestTheKindsAreApart: the proof of an access token is none of a refresh token.
func TestTheKindsAreApart(t *testing.T) {
	seed := newSeed()
	w := word{refresh: true, id: [16]byte{1}, round: 1}
	access := word{id: [16]byte{1}, round: 1}
	access.proof = w.prove(seed)
	if access.proven(seed) {
		t.Error("an access token counts by the proof of a refresh token")
	}
}

func TestAWordShowsNothing(t *testing.T) {
	w := word{round: 77}
	for _, text := range []string{fmt.Sprint(w), fmt.Sprintf("%#v", w), fmt.Sprintf("%+v", w), w.LogValue().String()} {
		if text != "[redacted]" {
			t.Errorf("shows %s", text)
		}
	}
}

func TestMasks(t *testing.T) {
	granted := []string{"openid", "profile", "email"}
	many := make([]string, maskBits+1)
	for i := range many {
		many[i] = fmt.Sprint("scope", i)
	}
	tests := []struct {
		granted, wanted []string
		ok              bool
		want            []string
	}{
		{granted, nil, true, granted},
		{granted, []string{}, true, nil},
		{granted, []string{"email", "openid"}, true, []string{"openid", "email"}},
		{granted, []string{"email", "email"}, true, []string{"email"}},
		{granted, []string{"Email"}, false, nil},
		{granted, []string{"openid", ""}, false, nil},
		{nil, []string{"openid"}, false, nil},
		{many, nil, true, many},
		{many, many[:maskBits], true, many},
		{many, many[1:maskBits], true, many[1:maskBits]},
		{many, many[maskBits:], false, nil},
	}
	for _, tt := range tests {
		mask, ok := maskOf(tt.granted, tt.wanted)
		if ok != tt.ok {
			t.Errorf("%v of %v: got %v, want %v", tt.wanted, tt.granted, ok, tt.ok)
		}
		if ok && len(tt.wanted) != maskBits && !slices.Equal(masked(tt.granted, mask), tt.want) {
			t.Errorf("%v of %v: got %v, want %v", tt.wanted, tt.granted, masked(tt.granted, mask), tt.want)
		}
	}
}

func FuzzParse(f *testing.F) {
	seed := make([]byte, seedSize)
	f.Add(word{mask: everything}.text(seed))
	f.Add(word{refresh: true, round: 1}.text(seed))
	f.Add("ogga_")
	f.Add("oggr_" + strings.Repeat("_", 70))
	f.Fuzz(func(t *testing.T, text string) {
		w, ok := parse(text)
		if !ok {
			return
		}
		// What is read is spelt in one way only; a changed proof proves nothing.
		if again := w.text(seed); w.proven(seed) != (again == text) {
			t.Errorf("%q is read as %q", text, again)
		}
	})
}
