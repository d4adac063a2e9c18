package i18n

import (
	"strings"
	"testing"
)

func TestMatch(t *testing.T) {
	tests := []struct {
		header   string
		fallback Language
		want     Language
	}{
		{"", ZhCN, ZhCN},
		{"", EnUS, EnUS},
		{"", "xx", EnUS},
		{"zh-CN,zh;q=0.9,en;q=0.8", EnUS, ZhCN},
		{"zh", EnUS, ZhCN},
		{"zh-Hans-SG", EnUS, ZhCN},
		{"en-GB,en;q=0.9", ZhCN, EnUS},
		{"en;q=0.1, zh;q=0.9", EnUS, ZhCN},
		{"fr-FR, zh;q=0.2", EnUS, ZhCN},
		{"fr-FR", ZhCN, ZhCN},
		{"fr-FR", EnUS, EnUS},
		{"*", ZhCN, ZhCN},
		{"zh-CN;q=high", EnUS, EnUS},
		{strings.Repeat("zh-CN,", 100), EnUS, EnUS},
	}
	for _, test := range tests {
		if got := Match(test.header, test.fallback); got != test.want {
			t.Errorf("Match(%.40q, %s) = %s, want %s", test.header, test.fallback, got, test.want)
		}
	}
}

func TestParse(t *testing.T) {
	for tag, want := range map[string]bool{"zh-CN": true, "en-US": true, "zh": false, "": false, "EN-us": false} {
		if _, got := Parse(tag); got != want {
			t.Errorf("Parse(%q) = %v, want %v", tag, got, want)
		}
	}
}

func FuzzMatch(f *testing.F) {
	for _, seed := range []string{"", "zh-CN,zh;q=0.9", "*", "a-b-c-d;q=1.0", "x-private", "\x00,,;q="} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, header string) {
		if _, ok := Parse(string(Match(header, ZhCN))); !ok {
			t.Errorf("Match(%q) is no language of the product", header)
		}
	})
}
