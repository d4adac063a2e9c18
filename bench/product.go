package main

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// productOptions say how the server is started.
type productOptions struct {
	binary  string
	dsn     string
	sealing []byte
	level   string // of the log: "info" writes a line for each request
	dir     string // scratch
}

// product is the server as people run it.
type product struct {
	*process
	addr, ops string
	ready     time.Duration // from the start of the process to the first answer at /readyz
	log       *os.File
}

// readyLimit is when a server that does not answer is given up.
const readyLimit = 60 * time.Second

// startProduct starts the server on an existing database. What it logs goes to
// a file, as under most service managers.
func startProduct(ctx context.Context, o productOptions) (*product, error) {
	addr, ops, err := freeAddresses()
	if err != nil {
		return nil, err
	}
	log, err := os.CreateTemp(o.dir, "server-*.log")
	if err != nil {
		return nil, err
	}
	command := exec.Command(o.binary, "serve")
	command.Dir = o.dir
	command.Env = append(cleanEnvironment(os.Environ()), "ORGATE_LISTEN="+addr, "ORGATE_OPS_LISTEN="+ops, "ORGATE_DATABASE="+o.dsn,
		"ORGATE_SEALING_KEY="+base64.StdEncoding.EncodeToString(o.sealing), "ORGATE_LOG="+o.level, "ORGATE_TRUSTED_PROXIES=127.0.0.1/32",
		"ORGATE_BASE_URL="+publicAddress().String(), "ORGATE_EGRESS_ALLOW=127.0.0.1/32")
	command.Stderr = log
	start := time.Now()
	running, err := startProcess(command)
	if err != nil {
		return nil, errors.Join(err, log.Close())
	}
	p := &product{process: running, addr: addr, ops: ops, log: log}
	go func() { _, _ = io.Copy(io.Discard, running.stdout) }() // ends when the server does
	if err := p.awaitReady(ctx); err != nil {
		p.end()
		return nil, errors.Join(err, errors.New(lastWords(log.Name())))
	}
	p.ready = time.Since(start)
	return p, nil
}

// end stops the server and closes its log.
func (p *product) end() {
	p.stop()
	p.log.Close()
}

func (p *product) awaitReady(ctx context.Context) error {
	deadline := time.Now().Add(readyLimit)
	client := &http.Client{Timeout: time.Second}
	for p.alive() && time.Now().Before(deadline) {
		if answer, err := client.Get("http://" + p.ops + "/readyz"); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
		if err := wait(ctx, time.Millisecond); err != nil {
			return err
		}
	}
	return errors.New("the server did not become ready")
}

// profile keeps a processor profile of the server under a name.
func (p *product) profile(ctx context.Context, seconds int, file string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", p.ops, seconds), nil)
	if err != nil {
		return err
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, answer.Body)
	return errors.Join(err, out.Close())
}

// freeAddresses returns two loopback addresses on which nobody listens.
func freeAddresses() (a, b string, err error) {
	for _, addr := range []*string{&a, &b} {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", "", err
		}
		// Both stay open until both are known, so that they differ.
		defer listener.Close()
		*addr = listener.Addr().String()
	}
	return a, b, nil
}

// cleanEnvironment leaves out every setting of the server: what is measured
// does not depend on who measures.
func cleanEnvironment(environ []string) []string {
	var kept []string
	for _, entry := range environ {
		if !strings.HasPrefix(entry, "ORGATE_") {
			kept = append(kept, entry)
		}
	}
	return kept
}

// lastWords is the end of a log.
func lastWords(name string) string {
	text, err := os.ReadFile(name)
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-tailSize):])
}

// buildProduct builds the server as it is released.
func buildProduct(ctx context.Context, top string) (string, error) {
	command := exec.CommandContext(ctx, "make", "build")
	command.Dir = top
	if text, err := command.CombinedOutput(); err != nil {
		return "", fmt.Errorf("make build: %w\n%s", err, text)
	}
	return filepath.Join(top, "bin", "orgate"), nil
}
