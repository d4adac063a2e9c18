package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/orgate/orgate/internal/identity"
	signature "github.com/orgate/orgate/sdk/go"
)

func TestParse(t *testing.T) {
	o, err := parse(nil, io.Discard)
	if err != nil || o.limit != 8*time.Minute || o.members != mainSize || o.rounds != 3 || !o.postgres {
		t.Errorf("got %+v, %v", o, err)
	}
	o, err = parse([]string{"-full", "-limit", "5m", "-only", "^refresh$"}, io.Discard)
	if err != nil || o.limit != 5*time.Minute || o.size() != fullSize || o.section() == (options{}).section() || o.only.MatchString("refreshed") {
		t.Errorf("got %+v, %v", o, err)
	}
	for _, wrong := range [][]string{{"-rounds", "0"}, {"-only", "("}, {"-storage", "["}, {"-nonsense"}, {"word"}, {"-run", "1ms"}, {"-organizations", "0"}, {"-members", "10"}, {"-steady", "-1s"}} {
		if _, err := parse(wrong, io.Discard); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}

func TestStages(t *testing.T) {
	for _, tt := range []struct {
		args []string
		want int
	}{{nil, 5}, {[]string{"-postgres=false"}, 3}, {[]string{"-full"}, 5}} {
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

// enter puts as many service tickets at hand as there is room for.
func enter(t *testing.T, p *population) {
	for i := range cap(p.tickets) {
		entered := &line{location: fmt.Sprintf("%s?ticket=ST-%d", casHome, i)}
		if next, ok := casTicketed(p)(http.StatusFound, entered, nil); next != nil || !ok {
			t.Fatalf("an entry is not done with its ticket: %s", next)
		}
	}
}

func TestRequests(t *testing.T) {
	p := &population{
		tenants: []tenant{newTenant(0, time.Now()), newTenant(0, time.Now())}, tokens: []string{"ogtsecret", "ogtsecret"}, key: "oga_secret",
		marks: []mark{{0, identity.NewMemberID(time.Now())}}, browsers: []string{"ogs_secret"},
		tickets: make(chan string, 2),
	}
	enter(t, p)
	p.tenants[1].source = "src_centre"
	for _, b := range cases() {
		t.Run(b.name, func(t *testing.T) {
			if b.imports() {
				return // TestImporter
			}
			next := b.ask(p, b.path)
			for range 2 {
				request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(next(0, nil))))
				if err != nil {
					t.Fatal(err)
				}
				body, err := io.ReadAll(request.Body)
				// What asks about something granted signs in first.
				own := request.URL.Path == authorizePath || request.URL.Path == strings.Replace(b.path, "%s", p.tenants[0].code, 1)
				if err != nil || !own || int64(len(body)) != request.ContentLength {
					t.Errorf("got %s with %d of %d bytes, %v", request.URL, len(body), request.ContentLength, err)
				}
				if b.path == listPath && request.Header.Get("Authorization") != "Bearer "+p.key {
					t.Errorf("got the token %q", request.Header.Get("Authorization"))
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

// Logins end tokens by and by, so that nothing may be asked with a token after
// them.
func TestLoginsComeLast(t *testing.T) {
	issued := ""
	for _, b := range cases() {
		if b.issues() {
			issued = b.name
		} else if issued != "" && !b.manages() {
			t.Errorf("%s comes after %s", b.name, issued)
		}
	}
}

func TestSearch(t *testing.T) {
	p := &population{tenants: []tenant{{code: "o0000"}, {code: "o0001"}}, tokens: make([]string, 1_000)}
	for kind, called := range map[string]func(int) string{"names": nameOf, "addresses": mailOf, "sounds": soundOf} {
		next := search(called)(p, listPath)
		for range 100 {
			request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(next(0, nil))))
			if err != nil {
				t.Fatal(err)
			}
			text, found := request.URL.Query().Get("q"), false
			for i := range p.tokens {
				found = found || strings.HasPrefix(called(i), text) && strings.Contains(request.URL.Path, p.tenantOf(i).code)
			}
			if length := utf8.RuneCountInString(text); !found || length < chineseSearch || length > longestSearch {
				t.Errorf("%s: %s finds nobody", kind, request.URL)
			}
		}
	}
}

func TestRounds(t *testing.T) {
	o, err := parse([]string{"-storage", "SQLite"}, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name        string
		limit       time.Duration // 0 for none
		first, last int           // rounds of the first case and of the last, which comes at once
		short       time.Duration // the runs of the first case are no longer than this
	}{
		{"without a limit", 0, 3, 3, time.Second},
		{"time enough", time.Hour, 3, 3, time.Second},
		{"too little for all", 3 * time.Minute, 1, 3, 900 * time.Millisecond},
		{"late", time.Second, 1, 1, 500 * time.Millisecond},
	} {
		t.Run(tt.name, func(t *testing.T) {
			ctx := t.Context()
			if tt.limit > 0 {
				limited, cancel := context.WithTimeout(ctx, tt.limit)
				defer cancel()
				ctx = limited
			}
			c := &campaign{options: o}
			c.begin(stages(o))
			first := c.rounds(ctx)
			last := first
			if c.length > tt.short || c.length < o.run/2 || tt.short == o.run && c.length != o.run {
				t.Errorf("got runs of %s", c.length)
			}
			for len(c.ahead) > 0 {
				last = c.rounds(ctx)
			}
			if first != tt.first || last != tt.last {
				t.Errorf("got %d and at last %d rounds, want %d and %d", first, last, tt.first, tt.last)
			}
		})
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
