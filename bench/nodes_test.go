package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestDoubled(t *testing.T) {
	for _, name := range doubled() {
		b, known := called(name)
		if !known || !b.doubles(stage{storage: postgres, all: true}) || b.doubles(stage{storage: sqlite, all: true}) || b.doubles(stage{storage: postgres}) {
			t.Errorf("%s is not measured on two nodes where it should be", name)
		}
	}
}

func TestConnectionsAreSpread(t *testing.T) {
	var asked [2]atomic.Int64
	both := make([]load, len(asked))
	for i := range both {
		both[i] = loadOn(t, func(w http.ResponseWriter, _ *http.Request) {
			asked[i].Add(1)
			w.WriteHeader(http.StatusOK)
		})
	}
	l := both[0]
	l.addrs = append(l.addrs, both[1].addrs...)
	if _, err := drive(context.Background(), l); err != nil {
		t.Fatal(err)
	}
	if asked[0].Load() == 0 || asked[1].Load() == 0 {
		t.Errorf("got %d and %d requests, want both asked", asked[0].Load(), asked[1].Load())
	}
}

func TestNodeTable(t *testing.T) {
	r := exampleReport()
	if strings.Contains(r.markdown(), "### Two nodes") {
		t.Error("got a table of two nodes where none were measured")
	}
	two := run1000(120 * time.Millisecond)
	two.Requests, two.Errors = 1500, map[string]int64{"EOF": 1}
	r.Nodes = []row{{
		Case: "refresh", Storage: postgres, Members: mainSize, Organizations: 10, Connections: 16, Log: logSome, Limit: oneNode,
		Bare: []sample{run1000(100 * time.Millisecond)}, Ours: []sample{two},
	}}
	r.Nodes[0].Bare[0].Errors = map[string]int64{"401": 1}
	got := r.markdown()
	for _, want := range []string{
		"### Two nodes\n",
		"| refresh | 100,000 |          16 |         0.100 | 0.0800 | 0.800 |             1,000 |  1,500 |  1.50 |          2.00 |   2.00 |      2 |",
		"1 × `EOF`", "1 × `one node: 401`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the tables lack\n%s\ngot\n%s", want, got)
		}
	}
	if faults := failed(r); len(faults) != 2 || r.errors() != 2 {
		t.Errorf("got %v, want the run to fail", faults)
	}
}

// Two nodes are measured as often as one, which is part of what lies ahead.
func TestNodeTimeLiesAhead(t *testing.T) {
	o, err := parse([]string{"-only", "^refresh$", "-storage", "PostgreSQL"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &campaign{options: o}
	c.begin([]stage{{postgres, smallSize, 10, logSome, false}, {postgres, mainSize, 10, logSome, true}})
	once := o.warm + o.run
	if len(c.ahead) != 2 || c.ahead[0].measuring != 2*once || c.ahead[1].measuring != 4*once || c.ahead[1].after != caseTime+o.warm+2*o.run {
		t.Errorf("got %+v", c.ahead)
	}
}
