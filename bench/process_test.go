package main

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"
)

func shell(t *testing.T, script string) *process {
	t.Helper()
	p, err := startProcess(exec.Command("sh", "-c", script))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.stop)
	return p
}

func TestProcess(t *testing.T) {
	p := shell(t, "echo ready; echo more; cat >/dev/null")
	if word, err := p.word(context.Background()); err != nil || word != "ready" {
		t.Errorf("got %q, %v; want ready", word, err)
	}
	if !p.alive() || p.pid() <= 0 {
		t.Error("it ended early")
	}
	p.stop()
	p.stop()
	if p.alive() {
		t.Error("it still runs")
	}
}

func TestProcessThatEndsEarly(t *testing.T) {
	p := shell(t, "echo no such disk >&2; exit 3")
	if _, err := p.word(context.Background()); err == nil || !strings.Contains(err.Error(), "ended early") {
		t.Errorf("got %v", err)
	}
	<-p.ended
	if err := p.failure(); !strings.Contains(err.Error(), "no such disk") {
		t.Errorf("got %v, want what it wrote", err)
	}
}

func TestProcessInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancelCause(context.Background())
	errStop := errors.New("stop")
	cancel(errStop)
	if _, err := shell(t, "cat").word(ctx); !errors.Is(err, errStop) {
		t.Errorf("got %v, want %v", err, errStop)
	}
}

func TestStartNothing(t *testing.T) {
	if _, err := startProcess(exec.Command(t.TempDir() + "/nothing")); err == nil {
		t.Error("a program that is not there was started")
	}
}

func TestTail(t *testing.T) {
	var kept tail
	for range 3 {
		if _, err := kept.Write([]byte(strings.Repeat("a", tailSize/2) + "z")); err != nil {
			t.Fatal(err)
		}
	}
	if got := kept.String(); len(got) != tailSize || !strings.HasSuffix(got, "z") {
		t.Errorf("got %d bytes, want the last %d", len(got), tailSize)
	}
}

func TestCleanEnvironment(t *testing.T) {
	got := cleanEnvironment([]string{"PATH=/bin", "ORGATE_LOG=debug", "HOME=/", "ORGATE_TEST_POSTGRES=x"})
	if strings.Join(got, " ") != "PATH=/bin HOME=/" {
		t.Errorf("got %v", got)
	}
}
