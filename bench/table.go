package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// table is a Markdown table; the first column is left-aligned text, the others
// are numbers.
type table struct {
	head []string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// String returns the table as Markdown, its columns aligned for reading as
// text.
func (t *table) String() string {
	widths := make([]int, len(t.head))
	for _, cells := range append([][]string{t.head}, t.rows...) {
		for i, cell := range cells {
			widths[i] = max(widths[i], len([]rune(cell)), 3)
		}
	}
	var b strings.Builder
	write := func(cells []string) {
		b.WriteByte('|')
		for i, cell := range cells {
			gap := strings.Repeat(" ", widths[i]-len([]rune(cell)))
			if i == 0 {
				b.WriteString(" " + cell + gap + " |")
			} else {
				b.WriteString(" " + gap + cell + " |")
			}
		}
		b.WriteByte('\n')
	}
	write(t.head)
	b.WriteByte('|')
	for i, width := range widths {
		if i == 0 {
			b.WriteString(strings.Repeat("-", width+2) + "|")
		} else {
			b.WriteString(strings.Repeat("-", width+1) + ":|")
		}
	}
	b.WriteByte('\n')
	for _, cells := range t.rows {
		write(cells)
	}
	return b.String()
}

// figure writes a number with three significant digits, the way people compare
// them.
func figure(x float64) string {
	if x == 0 {
		return "0"
	}
	digits := 2 - int(math.Floor(math.Log10(math.Abs(x))))
	return strconv.FormatFloat(x, 'f', min(max(digits, 0), 4), 64)
}

// grouped writes a whole number with commas.
func grouped(n int) string {
	text := strconv.Itoa(n)
	for i := len(text) - 3; i > 0 && text[i-1] != '-'; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

func megabytes(n int64) string { return figure(float64(n) / (1 << 20)) }

// markdown is the generated part of the page.
func (r report) markdown() string {
	if len(r.Steady) > 0 {
		return r.steadyMarkdown()
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", r.machineLine())
	for _, s := range r.Starts {
		if rows := r.rows(s); len(rows) > 0 {
			fmt.Fprintf(&b, "\n### %s\n\n%s", rows[0].where(), costs(rows))
		}
	}
	if rows := r.logged(); len(rows) > 0 {
		fmt.Fprintf(&b, "\n### With a line logged for each request\n\n%s, `ORGATE_LOG=info`, into a file.\n\n%s", rows[0].where(), costs(rows))
	}
	if t := halfTable(r.Rows); len(t.rows) > 0 {
		fmt.Fprintf(&b, "\n### Half load\n\nHalf of the requests that the closed loop has reached, at even times; delays from when each was due.\n\n%s", t)
	}
	if len(r.Nodes) > 0 {
		fmt.Fprintf(&b, "\n### Two nodes\n\nTwo servers on one PostgreSQL database beside one, in turns. CPU ms are those of all servers and the database.\n\n%s", nodeTable(r.Nodes))
	}
	if grown := r.growth(); len(grown) > 0 {
		fmt.Fprintf(&b, "\n### Growth\n\nProcessor time in milliseconds by number of members, and the largest divided by the smallest.\n\n%s", growthTable(grown))
	}
	fmt.Fprintf(&b, "\n### Start and memory\n\n%s", r.startTable())
	fmt.Fprintf(&b, "\n%s\n", r.errorLine())
	return b.String()
}

func (r report) logged() (rows []row) {
	for _, x := range r.Rows {
		if x.Log == logAll {
			rows = append(rows, x)
		}
	}
	return rows
}

// machineText says when and on what was measured.
func (r report) machineText() string {
	parts := []string{r.Machine.Processor, fmt.Sprintf("%d cores", r.Machine.Cores), r.Machine.System, "Go " + r.Machine.Go}
	if r.Machine.Postgres != "" {
		parts = append(parts, "PostgreSQL "+r.Machine.Postgres)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Machine.Modules)) {
		parts = append(parts, name+" "+r.Machine.Modules[name])
	}
	parts = append(parts, fmt.Sprintf("4 KiB to the disk in %s ms", figure(milliseconds(r.Machine.Flush))))
	return r.When.Format(time.DateOnly) + ": " + strings.Join(parts, ", ")
}

func (r report) machineLine() string {
	text := fmt.Sprintf("Measured on %s. Medians of %d runs of %s.", r.machineText(), r.Rounds, r.Run)
	if n := r.hurried(); n > 0 {
		text += fmt.Sprintf(" In %d of %d rows fewer or shorter runs, as time ran short.", n, len(r.Rows))
	}
	return text
}

// hurried counts the rows with fewer runs than were asked for, or shorter ones.
func (r report) hurried() (n int) {
	for _, x := range r.Rows {
		if len(x.Ours) < r.Rounds || x.Short {
			n++
		}
	}
	return n
}

func costs(rows []row) *table {
	t := &table{head: []string{"case", "connections", "CPU ms", "of it database", "bare server does", "bare CPU ms", "ratio", "requests/s", "bare requests/s", "p50 ms", "p95 ms", "p99 ms", "RSS MB", "errors"}}
	for _, r := range rows {
		t.add(r.Case, strconv.Itoa(r.Connections), figure(cost(r.Ours)), figure(median(mapped(r.Ours, sample.databasePerRequest))),
			string(r.Limit), figure(cost(r.Bare)), figure(r.ratio()),
			grouped(int(median(mapped(r.Ours, sample.rate)))), grouped(int(median(mapped(r.Bare, sample.rate)))),
			figure(milliseconds(median(mapped(r.Ours, func(s sample) time.Duration { return s.P50 })))),
			figure(milliseconds(median(mapped(r.Ours, func(s sample) time.Duration { return s.P95 })))),
			figure(milliseconds(median(mapped(r.Ours, func(s sample) time.Duration { return s.P99 })))),
			megabytes(r.Resident), strconv.FormatInt(r.failed(), 10))
	}
	return t
}

func growthTable(grown []series) *table {
	var sizes []int
	for _, s := range grown {
		for _, x := range s.Rows {
			sizes = append(sizes, x.Members)
		}
	}
	slices.Sort(sizes)
	sizes = slices.Compact(sizes)
	t := &table{head: []string{"case"}}
	for _, n := range sizes {
		t.head = append(t.head, grouped(n))
	}
	t.head = append(t.head, "growth")
	for _, s := range grown {
		cells := []string{fmt.Sprintf("%s, %s", s.Case, s.Storage)}
		costs := map[int]float64{}
		for _, x := range s.Rows {
			costs[x.Members] = cost(x.Ours)
		}
		for _, n := range sizes {
			if c, measured := costs[n]; measured {
				cells = append(cells, figure(c))
			} else {
				cells = append(cells, "–")
			}
		}
		measured := slices.Sorted(maps.Keys(costs))
		t.add(append(cells, figure(ratio(costs[measured[len(measured)-1]], costs[measured[0]])))...)
	}
	return t
}

func (r report) startTable() string {
	t := &table{head: []string{"database", "members", "organisations", "start to ready ms", "idle RSS MB"}}
	for _, s := range r.Starts {
		t.add(string(s.Storage), grouped(s.Members), grouped(s.Organizations), figure(milliseconds(s.Ready)), megabytes(s.Idle))
	}
	return fmt.Sprintf("The binary has %s MB.\n\n%s", megabytes(r.BinarySize), t)
}

func (r report) errorLine() string {
	if r.errors() == 0 {
		return "Every request of every run was answered with success."
	}
	lines := []string{"Requests that failed:\n"}
	for _, x := range r.all() {
		failures := x.failures()
		for _, what := range slices.Sorted(maps.Keys(failures)) {
			lines = append(lines, fmt.Sprintf("- %s, %s: %s × `%s`", x.Case, x.where(), grouped(int(failures[what])), what))
		}
	}
	return strings.Join(lines, "\n")
}
