package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	signature "github.com/orgate/orgate/sdk/go"
)

func TestParse(t *testing.T) {
	o, err := parse(nil, io.Discard)
	if err != nil || o.limit != 8*time.Minute || o.postgresMembers != postgresSize || o.rounds != 3 || !o.postgres {
		t.Errorf("got %+v, %v", o, err)
	}
	o, err = parse([]string{"-full", "-limit", "5m", "-only", "^refresh$"}, io.Discard)
	if err != nil || o.limit != 5*time.Minute || o.postgresMembers != postgresFullSize || o.only.MatchString("refreshed") {
		t.Errorf("got %+v, %v", o, err)
	}
	for _, wrong := range [][]string{{"-rounds", "0"}, {"-only", "("}, {"-storage", "["}, {"-nonsense"}, {"word"}, {"-run", "1ms"}} {
		if _, err := parse(wrong, io.Discard); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}

func TestStages(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want int
	}{{nil, 5}, {[]string{"-postgres=false"}, 3}, {[]string{"-full"}, 6}} {
		o, err := parse(tt.args, io.Discard)
		if err != nil || len(stages(o)) != tt.want {
			t.Errorf("%v: got %d stages, %v; want %d", tt.args, len(stages(o)), err, tt.want)
		}
	}
	o, err := parse([]string{"-only", "^token validation$", "-storage", "SQLite"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	c := &campaign{options: o}
	if got := c.chosen(stage{storage: sqlite, all: true}); len(got) != 1 || got[0].path != validatePath {
		t.Errorf("got %d cases, want the one that was asked for", len(got))
	}
	if got := c.chosen(stage{storage: postgres, all: true}); len(got) != 0 {
		t.Errorf("got %d cases on PostgreSQL, want none", len(got))
	}
}

func TestRequests(t *testing.T) {
	p := &population{tenants: []tenant{newTenant(0, time.Now())}, tokens: []string{"ogtsecret"}}
	for _, b := range cases() {
		t.Run(b.name, func(t *testing.T) {
			next := b.ask(p, b.path)
			for range 2 {
				request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(next(0, nil))))
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(request.Body)
				if err != nil || request.URL.Path != b.path || int64(len(body)) != request.ContentLength {
					t.Errorf("got %s with %d of %d bytes, %v", request.URL, len(body), request.ContentLength, err)
				}
				if b.limit == signed && !strings.Contains(request.Header.Get("Authorization"), "HMAC-SHA256 signature=") {
					t.Errorf("not signed: %s", request.Header.Get("Authorization"))
				}
			}
		})
	}
	first, second := p.appendAppLogin(nil, 0, signedPath), p.appendAppLogin(nil, 0, signedPath)
	if bytes.Equal(first, second) {
		t.Error("a nonce was used twice")
	}
	if signedPath != signature.Path {
		t.Errorf("got %s, want %s", signedPath, signature.Path)
	}
}

func TestProcessorOf(t *testing.T) {
	for text, want := range map[string]string{
		"processor\t: 0\nmodel name\t: Example: 2 GHz\nflags\t: a\n": "Example: 2 GHz",
		"": "unknown",
	} {
		if got := processorOf(text); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestInspect(t *testing.T) {
	m, err := inspect(t.TempDir())
	if err != nil || m.Cores < 1 || m.Flush <= 0 || m.Processor == "" {
		t.Errorf("got %+v, %v", m, err)
	}
}
