package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func run1000(server time.Duration) sample {
	return sample{Requests: 1000, Elapsed: time.Second, Server: server, P50: time.Millisecond, P95: 1500 * time.Microsecond, P99: 2 * time.Millisecond}
}

func exampleReport() report {
	line := func(name string, members int, level string, ours time.Duration) row {
		return row{
			Case: name, Storage: sqlite, Members: members, Organizations: 10, Connections: 16, Log: level, Limit: insert,
			Bare: []sample{run1000(50 * time.Millisecond)}, Ours: []sample{run1000(ours)}, Resident: 30 << 20,
		}
	}
	return report{
		When: time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), Rounds: 1, Run: time.Second, BinarySize: 40 << 20,
		Machine: machine{Processor: "Example 1", Cores: 2, System: "linux/amd64", Go: "1.26", Flush: 500 * time.Microsecond, Modules: map[string]string{"m": "v1"}},
		Starts:  []start{{sqlite, 1_000, 10, 20 * time.Millisecond, 25 << 20}, {sqlite, mainSize, 10, 30 * time.Millisecond, 26 << 20}},
		Rows: []row{
			line("refresh", 1_000, logSome, 100*time.Millisecond),
			line("refresh", mainSize, logSome, 110*time.Millisecond),
			line("hot", mainSize, logSome, 150*time.Millisecond),
			line("refresh", 1_000, logAll, 120*time.Millisecond),
		},
	}
}

func TestMarkdown(t *testing.T) {
	got := exampleReport().markdown()
	for _, want := range []string{
		"Measured on 2026-03-02: Example 1, 2 cores, linux/amd64, Go 1.26, m v1, 4 KiB to the disk in 0.500 ms. Medians of 1 runs of 1s.",
		"### SQLite, 1,000 members, 10 organisations\n",
		"| refresh |          16 |  0.100 |              0 |           insert |      0.0500 |  2.00 |      1,000 |           1,000 |   1.00 |   1.50 |   2.00 |   30.0 |      0 |",
		"| hot     |          16 |  0.150 |",
		"### With a line logged for each request\n",
		"| case            | 1,000 | 100,000 | growth |\n|-----------------|------:|--------:|-------:|\n| refresh, SQLite | 0.100 |   0.110 |   1.10 |\n",
		"The binary has 40.0 MB.",
		"| SQLite   | 100,000 |            10 |              30.0 |        26.0 |",
		"Every request of every run was answered with success.",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the tables lack\n%s\ngot\n%s", want, got)
		}
	}
	if n := strings.Count(got, "### SQLite"); n != 2 {
		t.Errorf("got %d tables of SQLite, want one for each size", n)
	}
}

func TestMarkdownTellsFailures(t *testing.T) {
	r := exampleReport()
	r.Rows[0].Ours[0].Errors = map[string]int64{"429 slow down": 3}
	r.Rows[0].Bare[0].Errors = map[string]int64{"EOF": 1}
	got := r.markdown()
	for _, want := range []string{"3 × `429 slow down`", "1 × `bare: EOF`"} {
		if !strings.Contains(got, want) {
			t.Errorf("got\n%s\nwant it to tell %s", got, want)
		}
	}
	if r.errors() != 4 {
		t.Errorf("got %d errors, want 4", r.errors())
	}
}

func TestFigure(t *testing.T) {
	for x, want := range map[float64]string{0: "0", 0.01345: "0.0135", 0.1172: "0.117", 1.5: "1.50", 26.04: "26.0", 139.6: "140", 12345: "12345", -2: "-2.00"} {
		if got := figure(x); got != want {
			t.Errorf("%v: got %s, want %s", x, got, want)
		}
	}
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1000: "-1,000", -100: "-100"} {
		if got := grouped(n); got != want {
			t.Errorf("%d: got %s, want %s", n, got, want)
		}
	}
}

func TestReportJSON(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bench.json")
	want := exampleReport()
	if err := want.writeJSON(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var got report
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	if got.markdown() != want.markdown() {
		t.Errorf("read again it says\n%s\nwant\n%s", got.markdown(), want.markdown())
	}
}

func TestBetween(t *testing.T) {
	begin, end := marks("make bench")
	other, otherEnd := marks("bench -full")
	tests := []struct {
		name, page, want string
	}{
		{"filled", "# P\n" + begin + "\nold\n" + end + "\nby hand\n", "# P\n" + begin + "\n\nnew\n\n" + end + "\nby hand\n"},
		{"empty", begin + end, begin + "\n\nnew\n\n" + end},
		{"two sections", begin + "old" + end + other + "kept" + otherEnd, begin + "\n\nnew\n\n" + end + other + "kept" + otherEnd},
		{"no marks", "# P\n", ""},
		{"those of another section", other + otherEnd, ""},
		{"no end", begin, ""},
		{"the wrong way round", end + begin, ""},
		{"twice", begin + end + begin + end, ""},
	}
	for _, tt := range tests {
		got, err := between(tt.page, "make bench", "new\n")
		if got != tt.want || (err == nil) != (tt.want != "") {
			t.Errorf("%s: got %q, %v; want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestWriteDocument(t *testing.T) {
	page, err := os.ReadFile(filepath.Join("..", "docs", "performance.md"))
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "performance.md")
	if err := os.WriteFile(path, page, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, section := range []string{options{}.section(), options{full: true}.section(), options{steady: time.Minute}.section()} {
		if err := writeDocument(path, section, "tables"); err != nil {
			t.Errorf("the page of the project cannot be written: %v", err)
		}
	}
	if err := writeDocument(path+".md", "make bench", "tables"); !os.IsNotExist(err) {
		t.Errorf("a page that is not there: got %v", err)
	}
}

func TestSlow(t *testing.T) {
	r := exampleReport() // refresh: 2.0 and 2.2, hot: 3.0; with each request logged 2.4
	tests := []struct {
		name   string
		limits []bound
		want   []string
	}{
		{"within", []bound{{"refresh", sqlite, 2.3}, {"hot", sqlite, 3}}, nil},
		{"one size too slow", []bound{{"refresh", sqlite, 2.1}}, []string{"refresh, SQLite, 100,000 members, 10 organisations: 2.20 times its bare server, at most 2.10"}},
		{"another database", []bound{{"refresh", postgres, 1}}, nil},
		{"no bounds", nil, nil},
	}
	for _, tt := range tests {
		if got := slow(r, tt.limits); strings.Join(got, "\n") != strings.Join(tt.want, "\n") {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}

func TestFailed(t *testing.T) {
	r := exampleReport()
	if got := failed(r); len(got) != 0 {
		t.Errorf("got %v", got)
	}
	r.Rows[2].Ours[0].Errors = map[string]int64{"EOF": 2}
	if got := failed(r); len(got) != 1 || !strings.Contains(got[0], "hot") || !strings.Contains(got[0], "2 failed: EOF") {
		t.Errorf("failed requests: got %v", got)
	}
}

// A run in which a request failed is written down and fails.
func TestPublish(t *testing.T) {
	r := exampleReport()
	r.Rows[0].Bare[0].Errors = map[string]int64{"401": 1}
	path := filepath.Join(t.TempDir(), "performance.md")
	begin, end := marks("make bench")
	if err := os.WriteFile(path, []byte(begin+end), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := publish(options{document: path}, r); err == nil || !strings.Contains(err.Error(), "1 failed: bare: 401") {
		t.Errorf("got %v, want what failed", err)
	}
	if page, err := os.ReadFile(path); err != nil || !strings.Contains(string(page), "### SQLite, 1,000 members") {
		t.Errorf("got %s, %v", page, err)
	}
}

func TestBounds(t *testing.T) {
	known := map[string]bool{}
	for _, b := range cases() {
		known[b.name] = true
	}
	for _, b := range bounds() {
		if !known[b.name] || b.worst <= 0 {
			t.Errorf("the bound %+v is of no case", b)
		}
	}
}
