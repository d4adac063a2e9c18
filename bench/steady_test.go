package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	signature "github.com/orgate/orgate/sdk/go"
)

func TestSteadyStage(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want storage
	}{
		{[]string{"-steady", "10m"}, sqlite},
		{[]string{"-steady", "10m", "-storage", "PostgreSQL"}, postgres},
		{[]string{"-steady", "10m", "-storage", "PostgreSQL", "-postgres=false"}, sqlite},
	} {
		o, err := parse(append(tt.args, "-members", "2000"), io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		list := stages(o)
		if len(list) != 1 || list[0].storage != tt.want || list[0].members != 2_000 || o.limit != 18*time.Minute {
			t.Errorf("%v: got %+v within %s", tt.args, list, o.limit)
		}
	}
}

func TestSteadyRuns(t *testing.T) {
	if got := steadyRuns(150 * time.Second); !slices.Equal(got, []time.Duration{time.Minute, time.Minute, 30 * time.Second}) {
		t.Errorf("got %v", got)
	}
	if got := steadyRuns(10 * time.Minute); len(got) != 10 {
		t.Errorf("got %d runs in ten minutes", len(got))
	}
}

// Of ten requests seven are validations, one a login, one a refresh and one
// either of the others; those who sign in are not those whose tokens are asked
// with.
func TestMix(t *testing.T) {
	p := &population{key: "oga_secret", granted: make(holdings, 1)}
	p.granted <- held{access: "oat_secret"}
	for range 2 {
		p.tenants = append(p.tenants, newTenant(len(p.tenants), time.Now()))
	}
	p.tokens = []string{"ogt0", "ogt1", "ogt2", "ogt3"}
	next := mix(p).source(2)
	for connection := range 2 {
		asked := map[string]int{}
		for range 2 * mixLength {
			request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(next(connection, nil))))
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(request.Body)
			if err != nil {
				t.Fatal(err)
			}
			path := request.URL.Path
			if strings.HasPrefix(path, "/api/") {
				path = listPath
			}
			asked[path]++
			text := string(body) + request.Header.Get("X-Access-Token")
			if strings.Contains(text, p.tokens[2]) || strings.Contains(text, p.tokens[3]) {
				t.Errorf("%s is asked with a token of those who sign in", path)
			}
			if path == signature.Path && (strings.Contains(text, thirdAccount(0)) || strings.Contains(text, thirdAccount(1))) {
				t.Errorf("somebody whose token is asked with signs in: %s", text)
			}
		}
		for path, want := range map[string]int{validatePath: 28, signedPath: 4, refreshPath: 4, userInfoPath: 2, listPath: 2} {
			if asked[path] != want {
				t.Errorf("connection %d: got %d of %s, want %d", connection, asked[path], path, want)
			}
		}
	}
}

func TestSteadyTable(t *testing.T) {
	r := exampleReport()
	r.Rows = nil
	for _, name := range []string{"minute 1", "minute 2"} {
		x := row{Case: name, Storage: sqlite, Members: mainSize, Organizations: 10, Connections: 16, Ours: []sample{run1000(100 * time.Millisecond)}, Bare: []sample{run1000(10 * time.Millisecond)}, Resident: 30 << 20}
		r.Steady = append(r.Steady, x)
	}
	r.Steady[1].Ours[0].Errors = map[string]int64{"EOF": 3}
	got := r.markdown()
	for _, want := range []string{
		"4 KiB to the disk in 0.500 ms.\n\n### Steady load\n\nSQLite, 100,000 members, 10 organisations, 16 connections.\n",
		"| 1      |      1,000 |  0.100 |              0 |      0.0100 |   30.0 |   1.00 |   2.00 |      0 |\n",
		"| 2      |      1,000 |  0.100 |              0 |      0.0100 |   30.0 |   1.00 |   2.00 |      3 |\n",
		"- minute 2, SQLite, 100,000 members, 10 organisations: 3 × `EOF`",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the table lacks\n%s\ngot\n%s", want, got)
		}
	}
	if strings.Contains(got, "Start and memory") || len(failed(r)) != 1 {
		t.Errorf("got\n%s\nand the faults %v", got, failed(r))
	}
}
