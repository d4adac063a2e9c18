package main

import (
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

func TestConstantAnswer(t *testing.T) {
	answer := constantAnswer()
	if len(answer) != answerBytes || !json.Valid(answer) {
		t.Errorf("got %d bytes %s, want %d of JSON", len(answer), answer, answerBytes)
	}
}

// askHandler sends a request as the generator does and returns the status.
func askHandler(t *testing.T, handler http.Handler, raw []byte) int {
	t.Helper()
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(raw)))
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, request)
	return w.Code
}

func TestLimits(t *testing.T) {
	p := &population{tenants: []tenant{newTenant(0, time.Now()), newTenant(1, time.Now())}, tokens: make([]string, 4)}
	keys := p.keys()
	wrong := map[string]string{}
	for id := range keys {
		wrong[id] = strings.Repeat("k", 64)
	}
	plain, login := askLimit(nil, "")(0, nil), p.appendAppLogin(nil, 3, limitPath)
	tests := []struct {
		name    string
		o       limitOptions
		request []byte
		want    int
		rows    int
	}{
		{"constant", limitOptions{Kind: constant}, plain, 200, 0},
		{"a signature", limitOptions{Kind: signing}, plain, 200, 0},
		{"insert", limitOptions{Kind: insert}, plain, 200, 1},
		{"signed", limitOptions{Kind: signed, Keys: keys}, login, 200, 1},
		{"signed by somebody else", limitOptions{Kind: signed, Keys: wrong}, login, 401, 0},
		{"not signed", limitOptions{Kind: signed, Keys: keys}, plain, 401, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.o.DSN = "sqlite:" + t.TempDir() + "/limit.db"
			handler, end, err := limitHandler(tt.o)
			if err != nil {
				t.Fatal(err)
			}
			if got := askHandler(t, handler, tt.request); got != tt.want {
				t.Errorf("got %d, want %d", got, tt.want)
			}
			if err := end(); err != nil {
				t.Fatal(err)
			}
			if !tt.o.Kind.stores() {
				return
			}
			if got := countRows(t, tt.o.DSN); got != tt.rows {
				t.Errorf("got %d rows, want %d", got, tt.rows)
			}
		})
	}
}

func countRows(t *testing.T, dsn string) (n int) {
	t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(dsn, "sqlite:"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	if err := db.QueryRow("SELECT count(*) FROM limit_rows").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestServeLimit(t *testing.T) {
	in, tell := io.Pipe()
	out, say := io.Pipe()
	ended := make(chan error, 1)
	go func() { ended <- serveLimit(in, say) }()
	if err := json.NewEncoder(tell).Encode(limitOptions{Kind: constant}); err != nil {
		t.Fatal(err)
	}
	addr, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	l, err := dial(strings.TrimSpace(addr))
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	if status, err := l.exchange(askLimit(nil, "")(0, nil)); err != nil || status != 200 || len(l.body) != answerBytes {
		t.Errorf("got %d with %d bytes, %v; want 200 with %d", status, len(l.body), err, answerBytes)
	}
	// The end of the parent is the end of the server.
	_ = tell.Close() // never fails
	if err := <-ended; err != nil {
		t.Errorf("ended with %v", err)
	}
}

func TestMeasureHash(t *testing.T) {
	hash, err := passwordHash(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	rules := identity.DefaultPasswordRules()
	if err := rules.Check(password, identity.PasswordContext{}); err != nil {
		t.Errorf("nobody could have this password: %v", err)
	}
	p := proc{t.TempDir()}
	writeStat(t, p.root, "10", "1", "100 0 0 0")
	s, err := measureHash(context.Background(), hash, meter{proc: p, servers: []int{10}}, time.Millisecond)
	if err != nil || s.Requests < 1 {
		t.Errorf("got %d hashes, %v", s.Requests, err)
	}
	if _, err := measureHash(context.Background(), "nonsense", meter{proc: p, servers: []int{10}}, time.Millisecond); err == nil {
		t.Error("a hash that cannot be read was checked")
	}
}
