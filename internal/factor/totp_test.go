package factor

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp"
)

// The vectors of RFC 6238, appendix B, for SHA-1, cut to six digits.
func TestStepsOfTheStandard(t *testing.T) {
	secret := []byte("12345678901234567890")
	for unix, code := range map[int64]string{
		1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130",
	} {
		now := time.Unix(unix, 0)
		for _, row := range []struct {
			name string
			last int64
			at   time.Duration
			want int64
		}{
			{"at its time", 0, 0, unix / 30},
			{"a step late", 0, totpPeriod, unix / 30},
			{"a step early", 0, -totpPeriod, unix / 30},
			{"two steps late", 0, 2 * totpPeriod, 0},
			{"two steps early", 0, -2 * totpPeriod, 0},
			{"used before", unix / 30, 0, 0},
			{"before one that was used", unix/30 + 1, 0, 0},
			{"after one that was used", unix/30 - 1, 0, unix / 30},
		} {
			if got, err := totpStep(secret, code, row.last, now.Add(row.at)); err != nil || got != row.want {
				t.Errorf("%s at %d, %s: got step %d, %v, want %d", code, unix, row.name, got, err, row.want)
			}
		}
	}
	for _, typed := range []string{"", "28708", "2870820", "28708x", "287 082", "２８７０８２"} {
		if got, err := totpStep(secret, typed, 0, time.Unix(59, 0)); err != nil || got != 0 {
			t.Errorf("%q: got step %d, %v, want none", typed, got, err)
		}
	}
}

// What a scanner reads is what the page says.
func TestAddressesOfApps(t *testing.T) {
	secret := newTOTPSecret()
	key, err := keyOfApp("Gate: of Acme", "alice@acme.example", secret)
	if err != nil {
		t.Fatal(err)
	}
	read, err := otp.NewKeyFromURL(key.URL())
	if err != nil {
		t.Fatal(err)
	}
	got := []any{read.Secret(), read.Issuer(), read.AccountName(), read.Period(), read.Digits(), read.Type()}
	want := []any{secretText(secret), "Gate  of Acme", "alice@acme.example", uint64(30), otp.DigitsSix, "totp"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The picture has the border and the three corners that scanners look for.
func TestPicturesOfApps(t *testing.T) {
	square := pictureOf(t, "Orgate", "alice@acme.example")
	if !regexp.MustCompile(`^(M\d+ \d+h1v1h-1z)+$`).MatchString(square.Path) {
		t.Errorf("the path has more than modules: %.80s", square.Path)
	}
	if square.Size < 21+2*quiet || (square.Size-2*quiet-21)%4 != 0 {
		t.Errorf("got a side of %d modules, want one of ISO/IEC 18004 with its border", square.Size)
	}
	last := square.Size - quiet - 7
	for _, corner := range [][2]int{{quiet, quiet}, {last, quiet}, {quiet, last}} {
		if !finder(square, corner[0], corner[1]) {
			t.Errorf("there is no finder at %v", corner)
		}
	}
	for i := range square.Size {
		if black(square, i, 0) || black(square, 0, i) || black(square, square.Size-1, i) {
			t.Fatalf("the border is not white at %d", i)
		}
	}
}

// The largest address that accounts and names make has its picture, too.
func TestLargePicturesOfApps(t *testing.T) {
	small := pictureOf(t, "Orgate", "a")
	large := pictureOf(t, strings.Repeat("门", 64), strings.Repeat("a", 64)+"@"+strings.Repeat("b", 180)+".example")
	if large.Path == "" || large.Size <= small.Size {
		t.Errorf("got %d modules for much and %d for little", large.Size, small.Size)
	}
}

func pictureOf(t *testing.T, issuer, account string) Square {
	t.Helper()
	key, err := keyOfApp(issuer, account, newTOTPSecret())
	if err != nil {
		t.Fatal(err)
	}
	square, err := squareOf(key)
	if err != nil {
		t.Fatal(err)
	}
	return square
}

// finder tells that one of the marks stands here by which scanners find the
// corners: a black frame of seven modules, a white one in it, and a black heart.
func finder(s Square, x, y int) bool {
	for i := range 7 {
		if !black(s, x+i, y) || !black(s, x, y+i) || !black(s, x+i, y+6) || !black(s, x+6, y+i) {
			return false
		}
	}
	return !black(s, x+1, y+1) && !black(s, x+5, y+5) && black(s, x+3, y+3)
}

func black(s Square, x, y int) bool {
	return strings.Contains(s.Path, "M"+itoa(x)+" "+itoa(y)+"h1")
}
