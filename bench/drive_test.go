package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// loadOn is a short load on a handler.
func loadOn(t *testing.T, handler http.HandlerFunc) load {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return load{
		addrs: []string{server.Listener.Addr().String()}, connections: 4, warm: 20 * time.Millisecond, run: 100 * time.Millisecond,
		next: askLimit(nil, ""), meter: meter{proc: proc{"/proc"}, servers: []int{os.Getpid()}},
	}
}

func TestDrive(t *testing.T) {
	answer := constantAnswer()
	s, err := drive(context.Background(), loadOn(t, func(w http.ResponseWriter, _ *http.Request) { send(w, answer) }))
	if err != nil {
		t.Fatal(err)
	}
	if s.Requests < 10 || s.Elapsed < 100*time.Millisecond || s.P50 <= 0 || s.P99 < s.P50 || s.failed() != 0 {
		t.Errorf("got %+v", s)
	}
}

func TestDriveCountsFailures(t *testing.T) {
	var asked atomic.Int64
	s, err := drive(context.Background(), loadOn(t, func(w http.ResponseWriter, _ *http.Request) {
		switch asked.Add(1) % 5 {
		case 0:
			http.Error(w, "no more", http.StatusTooManyRequests)
		case 1:
			panic(http.ErrAbortHandler) // closes the connection without an answer
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	}))
	if err != nil {
		t.Fatal(err)
	}
	if s.Errors["429 no more"] == 0 || len(s.Errors) < 2 || s.Requests == 0 {
		t.Errorf("got %d answers and %v, want refusals and broken connections counted apart", s.Requests, s.Errors)
	}
}

func TestDriveFails(t *testing.T) {
	refused := loadOn(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "never", http.StatusForbidden) })
	if _, err := drive(context.Background(), refused); err == nil || !strings.Contains(err.Error(), "403 never") {
		t.Errorf("nothing but refusals: got %v", err)
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	errStop := errors.New("stop")
	cancel(errStop)
	if _, err := drive(ctx, refused); !errors.Is(err, errStop) {
		t.Errorf("interrupted: got %v, want %v", err, errStop)
	}
	refused.addrs = []string{"127.0.0.1:1"}
	if _, err := drive(context.Background(), refused); err == nil {
		t.Error("nobody listens, and there was no error")
	}
}

func TestDriveEndsWithItsRequests(t *testing.T) {
	l := loadOn(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	var left atomic.Int64
	left.Store(1000)
	l.warm = 0
	request := askLimit(nil, "")
	l.next = func(connection int, buf []byte) []byte {
		if left.Add(-1) < 0 {
			return nil
		}
		return request(connection, buf)
	}
	if s, err := drive(context.Background(), l); err != nil || s.Requests > 1000 {
		t.Errorf("got %d answers, %v; want at most 1,000", s.Requests, err)
	}
}

func TestDuel(t *testing.T) {
	var order strings.Builder
	contender := func(name string, server time.Duration) contender {
		return func(context.Context) (sample, error) {
			order.WriteString(name)
			return sample{Requests: 1, Server: server}, nil
		}
	}
	bare, ours, err := duel(context.Background(), contender("A", 2*time.Millisecond), contender("B", 3*time.Millisecond), 3)
	if err != nil || order.String() != "ABABAB" || len(bare) != 3 || len(ours) != 3 {
		t.Errorf("got %s, %d and %d runs, %v; want ABABAB", order.String(), len(bare), len(ours), err)
	}
	if got := (row{Bare: bare, Ours: ours}).ratio(); got != 1.5 {
		t.Errorf("got ratio %v, want 1.5", got)
	}
	errBroken := errors.New("broken")
	broken := func(context.Context) (sample, error) { return sample{}, errBroken }
	if _, _, err := duel(context.Background(), contender("A", 1), broken, 3); !errors.Is(err, errBroken) {
		t.Errorf("got %v, want %v", err, errBroken)
	}
}
