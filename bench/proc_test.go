package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

const statRest = " S 77 70 70 0 -1 4194560 1 2 3 4 150 50 7 3 20 0 1 0 250479 3133440 389 18446744073709551615 0\n"

func TestParseStat(t *testing.T) {
	want := procStat{parent: 77, own: 2 * time.Second, reaped: 100 * time.Millisecond}
	tests := []struct {
		name, text string
		ok         bool
	}{
		{"a plain name", "12 (orgate)" + statRest, true},
		{"blanks and parentheses in the name", "12 (a) S 9 (b))" + statRest, true},
		{"empty", "", false},
		{"no name", "12 orgate" + statRest, false},
		{"cut off", "12 (orgate) S 77 70", false},
		{"a parent that is no number", "12 (orgate) S x 70 70 0 -1 1 1 2 3 4 150 50 7 3 20 0 1", false},
		{"a time that is no number", "12 (orgate) S 77 70 70 0 -1 1 1 2 3 4 150 x 7 3 20 0 1", false},
	}
	for _, tt := range tests {
		got, err := parseStat(tt.text)
		switch {
		case tt.ok && (err != nil || got != want):
			t.Errorf("%s: got %+v, %v; want %+v", tt.name, got, err, want)
		case !tt.ok && !errors.Is(err, errProc):
			t.Errorf("%s: got %v, want %v", tt.name, err, errProc)
		}
	}
}

func TestParseStatus(t *testing.T) {
	text := "Name:\torgate\nVmPeak:\t  99999 kB\nVmRSS:\t   2048 kB\nThreads:\t9\n"
	if got, err := parseStatus(text, "VmRSS"); err != nil || got != 2<<20 {
		t.Errorf("got %d, %v; want %d", got, err, 2<<20)
	}
	for _, text := range []string{"", "VmRSS:\tmuch kB\n", "VmPeak:\t1 kB\n"} {
		if _, err := parseStatus(text, "VmRSS"); !errors.Is(err, errProc) {
			t.Errorf("%q: got %v, want %v", text, err, errProc)
		}
	}
}

// writeStat writes the stat of a made-up process.
func writeStat(t *testing.T, root, pid, parent, times string) {
	t.Helper()
	dir := filepath.Join(root, pid)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	text := pid + " (p) S " + parent + " 1 1 0 -1 1 1 2 3 4 " + times + " 20 0 1 0\n"
	if err := os.WriteFile(filepath.Join(dir, "stat"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestMeter(t *testing.T) {
	p := proc{t.TempDir()}
	writeStat(t, p.root, "10", "1", "100 0 900 0") // the server: what its children used is not its own
	writeStat(t, p.root, "20", "1", "10 0 5 0")    // the head of the database, with a backend that ended
	writeStat(t, p.root, "21", "20", "1 2 0 0")    // a backend
	writeStat(t, p.root, "22", "10", "500 0 0 0")  // somebody else's
	tests := []struct {
		name string
		m    meter
		want usage
	}{
		{"without a database of its own", meter{p, []int{10}, 0}, usage{server: time.Second}},
		{"with one", meter{p, []int{10}, 20}, usage{time.Second, 180 * time.Millisecond}},
		{"of two", meter{p, []int{10, 10}, 20}, usage{2 * time.Second, 180 * time.Millisecond}},
	}
	for _, tt := range tests {
		if got, err := tt.m.read(); err != nil || got != tt.want {
			t.Errorf("%s: got %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
	if _, err := (meter{p, []int{11}, 0}).read(); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("of a process that ended: got %v, want %v", err, os.ErrNotExist)
	}
	if got, want := (usage{5, 3}).minus(usage{2, 1}), (usage{3, 2}); got != want {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestProcOfThisMachine(t *testing.T) {
	p := proc{"/proc"}
	s, err := p.stat(os.Getpid())
	if err != nil || s.parent != os.Getppid() {
		t.Errorf("got parent %d, %v; want %d", s.parent, err, os.Getppid())
	}
	if resident, err := p.resident(os.Getpid()); err != nil || resident < 1<<20 {
		t.Errorf("got %d bytes, %v; want more than 1 MiB", resident, err)
	}
}

func FuzzParseStat(f *testing.F) {
	f.Add("12 (orgate)" + statRest)
	f.Add("12 (a) S 9 (b))" + statRest)
	f.Add("1 () ) ) )")
	f.Fuzz(func(t *testing.T, text string) {
		if _, err := parseStat(text); err == nil && !strings.Contains(text, ")") {
			t.Error("read a stat without a name")
		}
	})
}
