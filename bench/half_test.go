package main

import (
	"io"
	"strings"
	"testing"
	"time"
)

func TestHalved(t *testing.T) {
	for _, name := range halved() {
		b, known := called(name)
		if !known || !b.halves(stage{level: logSome}) || b.halves(stage{level: logAll}) {
			t.Errorf("%s is not measured at half load where it should be", name)
		}
	}
	if other, _ := called("discovery"); other.halves(stage{level: logSome}) {
		t.Error("discovery is measured at half load")
	}
}

func TestHalfTable(t *testing.T) {
	r := exampleReport()
	if strings.Contains(r.markdown(), "### Half load") {
		t.Error("got a table of half load where nothing was measured")
	}
	r.Rows[1].Half = &openRun{
		Asked: 500.7, Answered: 499.2, Connections: 17, P50: time.Millisecond, P95: 2 * time.Millisecond, P99: 3 * time.Millisecond,
		Errors: map[string]int64{"EOF": 2},
	}
	got := r.markdown()
	for _, want := range []string{
		"### Half load\n",
		"| refresh |   SQLite | 100,000 |                  500 |      499 |          17 |   1.00 |   2.00 |   3.00 |      2 |",
		"2 × `half load: EOF`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the tables lack\n%s\ngot\n%s", want, got)
		}
	}
	if faults := failed(r); len(faults) != 1 {
		t.Errorf("got %v, want the run to fail", faults)
	}
}

// The time of the run at half load is not given to rounds.
func TestHalfTimeLiesAhead(t *testing.T) {
	o, err := parse([]string{"-only", "^refresh$", "-storage", "SQLite"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &campaign{options: o}
	c.begin([]stage{{sqlite, smallSize, 10, logSome, false}, {sqlite, smallSize, 10, logAll, false}})
	if want := o.warm + 2*o.run; len(c.ahead) != 2 || c.ahead[0].after != want || c.ahead[1].after != 0 {
		t.Errorf("got %+v, want %s after the first alone", c.ahead, want)
	}
}
