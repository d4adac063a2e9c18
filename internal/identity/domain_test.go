package identity

import (
	"strings"
	"testing"
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
