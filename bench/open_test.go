package main

import (
	"context"
	"errors"
	"net/http"
	"sync/atomic"
	"testing"
	"time"
)

func TestSchedule(t *testing.T) {
	s := schedule{rate: 400, warm: 10 * time.Millisecond, run: 20 * time.Millisecond}
	for i, want := range []struct {
		due            time.Duration
		counts, goesOn bool
	}{
		0:  {0, false, true},
		1:  {2500 * time.Microsecond, false, true},
		3:  {7500 * time.Microsecond, false, true},
		4:  {10 * time.Millisecond, true, true},
		11: {27500 * time.Microsecond, true, true},
		12: {30 * time.Millisecond, true, false},
	} {
		if i > 0 && want.due == 0 {
			continue
		}
		if s.due(i) != want.due || s.counts(i) != want.counts || s.goesOn(i) != want.goesOn {
			t.Errorf("request %d: got %s, %t, %t; want %+v", i, s.due(i), s.counts(i), s.goesOn(i), want)
		}
	}
}

func TestDriveOpen(t *testing.T) {
	answer := constantAnswer()
	run, err := driveOpen(context.Background(), loadOn(t, func(w http.ResponseWriter, _ *http.Request) { send(w, answer) }), 500)
	if err != nil {
		t.Fatal(err)
	}
	if run.Asked != 500 || run.Answered <= 0 || run.Answered > 501 || run.Connections < 1 || run.Connections > 4 || run.P50 <= 0 || run.P99 < run.P50 || len(run.Errors) > 0 {
		t.Errorf("got %+v", run)
	}
}

// Who has to wait for a connection waits from when it was due: a server that
// stands still for a while is seen by all who came meanwhile, not by the few
// whom it kept.
func TestDriveOpenCountsFromDue(t *testing.T) {
	const still = 60 * time.Millisecond
	var asked atomic.Int64
	l := loadOn(t, func(w http.ResponseWriter, _ *http.Request) {
		if asked.Add(1) == 1 {
			<-time.After(still)
		}
		w.WriteHeader(http.StatusOK)
	})
	l.connections, l.warm = 1, 0
	run, err := driveOpen(context.Background(), l, 200) // 20 requests, of which 12 are due while it stands still
	if err != nil {
		t.Fatal(err)
	}
	if run.Connections != 1 || run.P99 < still || run.P50 < 5*time.Millisecond {
		t.Errorf("got %+v, want most delays to be those of who waited", run)
	}
}

func TestDriveOpenCountsFailures(t *testing.T) {
	var asked atomic.Int64
	l := loadOn(t, func(w http.ResponseWriter, _ *http.Request) {
		switch asked.Add(1) % 5 {
		case 0:
			http.Error(w, "no more", http.StatusTooManyRequests)
		case 1:
			panic(http.ErrAbortHandler) // closes the connection without an answer
		default:
			w.WriteHeader(http.StatusNoContent)
		}
	})
	run, err := driveOpen(context.Background(), l, 500)
	if err != nil {
		t.Fatal(err)
	}
	if run.Errors["429 no more"] == 0 || len(run.Errors) < 2 {
		t.Errorf("got %v, want refusals and broken connections counted apart", run.Errors)
	}
}

func TestDriveOpenFails(t *testing.T) {
	l := loadOn(t, func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "never", http.StatusForbidden) })
	if _, err := driveOpen(context.Background(), l, 0); err == nil {
		t.Error("no rate, and there was no error")
	}
	if _, err := driveOpen(context.Background(), l, 500); err == nil {
		t.Error("nothing but refusals, and there was no error")
	}
	errStop := errors.New("stop")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(errStop)
	if _, err := driveOpen(ctx, l, 500); !errors.Is(err, errStop) {
		t.Errorf("interrupted: got %v, want %v", err, errStop)
	}
	l.addrs = []string{"127.0.0.1:1"}
	if _, err := driveOpen(context.Background(), l, 500); err == nil {
		t.Error("nobody listens, and there was no error")
	}
}
