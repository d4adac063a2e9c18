package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestTableIsUpToDate(t *testing.T) {
	made := filepath.Join(t.TempDir(), "sounds.bin")
	if err := run(made); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(filepath.Join("..", "sounds.bin"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("sounds.bin is not what the library says: run go generate ./internal/pinyin")
	}
}

// What has no room in the table is said, not left out.
func TestTableRefuses(t *testing.T) {
	many := map[rune]string{}
	for a := 'a'; a <= 'z'; a++ {
		for b := 'a'; b <= 'z'; b++ {
			many[0x4e00+26*(a-'a')+b-'a'] = "shua" + string(a) + string(b)
		}
	}
	for name, test := range map[string]struct {
		readings map[rune]string
		want     string
	}{
		"above":        {map[rune]string{0x40000: "yi"}, "beyond the table"},
		"too long":     {map[rune]string{'一': "zhuangng"}, "is no syllable"},
		"with a tone":  {map[rune]string{'一': "yī"}, "is no syllable"},
		"too many":     {many, "have room"},
		"none is fine": {map[rune]string{}, ""},
	} {
		_, err := table(test.readings)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}
