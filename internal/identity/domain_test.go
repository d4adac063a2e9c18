package identity

import (
	"strings"
	"testing"
	"time"
)

func TestDomainName(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("a", 63)
	for text, want := range map[string]string{
		" Acme.Example. ":                     "acme.example",
		"xn--fsqu00a.xn--0zwm56d":             "xn--fsqu00a.xn--0zwm56d",
		long + ".example":                     long + ".example",
		"":                                    "",
		"acme":                                "",
		".example":                            "",
		"acme..example":                       "",
		"-acme.example":                       "",
		"acme-.example":                       "",
		"ac_me.example":                       "",
		"acme.example/":                       "",
		"a@acme.example":                      "",
		"例子.测试":                               "",
		"192.0.2.1":                           "",
		"a" + long + ".example":               "",
		strings.Repeat("a.", 130) + "example": "",
	} {
		got, err := DomainName(text)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

func FuzzDomainName(f *testing.F) {
	for _, seed := range []string{"acme.example", "A.B.", "xn--a.b", "a@b.c", "\x00.b"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		name, err := DomainName(text)
		if err != nil {
			return
		}
		if again, err := DomainName(name); err != nil || again != name {
			t.Errorf("%q became %q and then %q, %v", text, name, again, err)
		}
	})
}

func TestDomainOf(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"alice@Acme.example": "acme.example", "alice": "", "@acme.example": "acme.example", "alice@acme": "", "a@b.example@c.example": "",
	} {
		if got := DomainOf(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
}

func TestDomainStates(t *testing.T) {
	made := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	d := Domain{Name: "acme.example", CreatedAt: made}
	for _, tt := range []struct {
		after time.Duration
		want  DomainState
	}{{0, DomainOnTry}, {DomainTrial - 1, DomainOnTry}, {DomainTrial, DomainFrozen}} {
		now := made.Add(tt.after)
		if got := d.State(now); got != tt.want || (d.Usable(now) == nil) != (tt.want != DomainFrozen) {
			t.Errorf("after %s: got %s, usable %v, want %s", tt.after, got, d.Usable(now), tt.want)
		}
		proven := d
		proven.ProvenAt = made
		if got := proven.State(now); got != DomainProven || proven.Usable(now) != nil {
			t.Errorf("proven, after %s: got %s", tt.after, got)
		}
	}
}

func TestDomainRecords(t *testing.T) {
	d := Domain{Name: "acme.example", Token: "ABC234"}
	for _, tt := range []struct {
		texts, exchanges []string
		want             bool
	}{
		{nil, nil, false},
		{[]string{"v=spf1 -all", "orgate-verification=ABC234"}, nil, true},
		{[]string{"orgate-verification=abc234"}, nil, false},
		{nil, []string{"mx.acme.example.", "Orgate-ABC234.invalid."}, true},
		{nil, []string{"orgate-abc234.invalid.acme.example."}, false},
		{[]string{"orgate-abc234.invalid"}, []string{"orgate-verification=ABC234"}, false},
	} {
		if got := d.ProvenBy(tt.texts, tt.exchanges); got != tt.want {
			t.Errorf("%v, %v: got %v, want %v", tt.texts, tt.exchanges, got, tt.want)
		}
	}
}

func TestLocalPart(t *testing.T) {
	for account, want := range map[string]string{"ann@acme.example": "ann", "ann": "ann", "a@b@c": "a@b", "@x": "", "": ""} {
		if got := LocalPart(account); got != want {
			t.Errorf("%q: got %q, want %q", account, got, want)
		}
	}
}
