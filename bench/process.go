package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// grace is how long a child may take to end by itself.
const grace = 10 * time.Second

// process is a child. Those that are this program in another role end when
// their standard input does, so that they never outlive it.
type process struct {
	command *exec.Cmd
	stdin   io.WriteCloser
	stdout  *os.File
	errors  *tail
	ended   chan struct{}
	once    sync.Once
}

func startProcess(command *exec.Cmd) (*process, error) {
	p := &process{command: command, errors: &tail{}, ended: make(chan struct{})}
	if command.Stderr == nil {
		command.Stderr = p.errors
	}
	var err error
	if p.stdin, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	// A pipe of our own: Wait would close the command's before all is read.
	out, in, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	command.Stdout, p.stdout = in, out
	err = command.Start()
	in.Close()
	if err != nil {
		out.Close()
		return nil, fmt.Errorf("start %s: %w", command.Path, err)
	}
	go func() {
		_ = command.Wait() // what it wrote to standard error says more
		close(p.ended)
	}()
	return p, nil
}

func (p *process) pid() int { return p.command.Process.Pid }

// word waits for the first line that the child writes to its standard output,
// and lets whatever follows pass by.
func (p *process) word(ctx context.Context) (string, error) {
	words := make(chan string, 1)
	go func() {
		out := bufio.NewReader(p.stdout)
		text, err := out.ReadString('\n')
		if err != nil {
			close(words)
			return
		}
		words <- strings.TrimSuffix(text, "\n")
		_, _ = io.Copy(io.Discard, out) // ends when the child does
	}()
	select {
	case text, ok := <-words:
		if !ok {
			return "", p.failure()
		}
		return text, nil
	case <-ctx.Done():
		return "", context.Cause(ctx)
	}
}

// failure says why the child ended, in its own words.
func (p *process) failure() error {
	return fmt.Errorf("%s ended early: %s", p.command.Path, strings.TrimSpace(p.errors.String()))
}

// stop ends the child: politely first, then by force.
func (p *process) stop() {
	p.once.Do(func() {
		p.stdin.Close()
		_ = p.command.Process.Signal(syscall.SIGTERM) // fails only if it has ended
		select {
		case <-p.ended:
		case <-time.After(grace):
			_ = p.command.Process.Kill()
			<-p.ended
		}
		p.stdout.Close()
	})
}

// alive reports whether the child runs.
func (p *process) alive() bool {
	select {
	case <-p.ended:
		return false
	default:
		return true
	}
}

// tail keeps the end of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

// Write never fails.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if extra := len(t.text) - tailSize; extra > 0 {
		t.text = append(t.text[:0], t.text[extra:]...)
	}
	return len(b), nil
}

// String returns what is kept.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
