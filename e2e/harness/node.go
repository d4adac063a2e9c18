package harness

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const (
	startLimit = 30 * time.Second
	stopLimit  = 20 * time.Second
)

// Node is one running `orgate serve`.
type Node struct {
	URL string // the public address, without a final slash
	Ops string // the operators' address

	house   *Installation
	cmd     *exec.Cmd
	log     string
	out     string
	done    chan struct{} // closed when the process has ended
	stopped atomic.Bool
	client  *http.Client
}

// Start starts a node and waits until it is ready. It is stopped when the test
// ends, if it still runs.
func (i *Installation) Start(t testing.TB, settings ...string) *Node {
	t.Helper()
	ports := freePorts(t, 2)
	public, ops := ports[0], ports[1]
	i.mu.Lock()
	i.nodes++
	name := fmt.Sprintf("node%d", i.nodes)
	i.mu.Unlock()
	n := &Node{
		URL: "http://" + public, Ops: "http://" + ops, house: i, done: make(chan struct{}),
		log: filepath.Join(i.Dir, name+".log"), out: filepath.Join(i.Dir, name+".out"),
		client: &http.Client{
			Transport:     &http.Transport{MaxIdleConnsPerHost: 64, DisableCompression: true},
			Timeout:       20 * time.Second,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
	}
	n.launch(t, append([]string{"ORGATE_LISTEN=" + public, "ORGATE_OPS_LISTEN=" + ops}, settings...))
	n.awaitReady(t)
	return n
}

func (n *Node) launch(t testing.TB, settings []string) {
	t.Helper()
	logFile, err := os.Create(n.log)
	if err != nil {
		t.Fatal(err)
	}
	outFile, err := os.Create(n.out)
	if err != nil {
		t.Fatal(err)
	}
	n.cmd = exec.Command(binary(t), "serve")
	n.cmd.Dir, n.cmd.Env = n.house.Dir, n.house.environ(settings...)
	n.cmd.Stdout, n.cmd.Stderr = outFile, logFile
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	// Standard output is left out: it shows the set-up address by design.
	n.house.mu.Lock()
	n.house.logs = append(n.house.logs, n.log)
	n.house.mu.Unlock()
	go func() {
		_ = n.cmd.Wait() // how it ended is in its state
		_ = logFile.Close()
		_ = outFile.Close()
		close(n.done)
	}()
	t.Cleanup(func() {
		if !n.stopped.Load() {
			n.Stop(t)
		}
		n.client.CloseIdleConnections()
	})
}

func (n *Node) awaitReady(t testing.TB) {
	t.Helper()
	Until(t, startLimit, "a node that is ready", func() bool {
		select {
		case <-n.done:
			n.stopped.Store(true)
			t.Fatalf("orgate serve ended at once: %s\n%s", n.cmd.ProcessState, n.Log(t))
		default:
		}
		resp, err := n.client.Get(n.Ops + "/readyz")
		if err != nil {
			return false
		}
		_ = resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// Stop asks the node to stop and waits until it has; anything but a clean end
// fails the test.
func (n *Node) Stop(t testing.TB) {
	t.Helper()
	n.stopped.Store(true)
	n.signal(t, syscall.SIGTERM)
	select {
	case <-n.done:
	case <-time.After(stopLimit):
		n.signal(t, syscall.SIGKILL)
		<-n.done
		t.Errorf("orgate serve did not stop within %s", stopLimit)
		return
	}
	if !n.cmd.ProcessState.Success() {
		t.Errorf("orgate serve ended with %s\n%s", n.cmd.ProcessState, n.Log(t))
	}
}

// Terminate asks the node to stop and returns at once; Stop waits for the end.
func (n *Node) Terminate(t testing.TB) {
	t.Helper()
	n.signal(t, syscall.SIGTERM)
}

// Kill ends the process without any warning and waits until it is gone.
func (n *Node) Kill(t testing.TB) {
	t.Helper()
	n.stopped.Store(true)
	n.signal(t, syscall.SIGKILL)
	<-n.done
}

func (n *Node) signal(t testing.TB, s syscall.Signal) {
	t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil && !errors.Is(err, os.ErrProcessDone) {
		t.Errorf("signal %s: %v", s, err)
	}
}

// Log is what the node has written to standard error so far.
func (n *Node) Log(t testing.TB) string { return read(t, n.log) }

// Output is what the node has written to standard output so far.
func (n *Node) Output(t testing.TB) string { return read(t, n.out) }

func read(t testing.TB, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

// Host is the node's public host and port.
func (n *Node) Host() string {
	_, host, _ := strings.Cut(n.URL, "://")
	return host
}

// The ports that nodes listen on lie below those that the system hands out by
// itself (ip(7), ip_local_port_range): no other connection takes one between its
// being found free and its being used.
const (
	firstPort = 10_000
	lastPort  = 32_000
)

// freePorts returns so many different loopback addresses on which nobody
// listens.
func freePorts(t testing.TB, n int) []string {
	t.Helper()
	var free []string
	for range 100 * n {
		if len(free) == n {
			return free
		}
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(firstPort+rand.IntN(lastPort-firstPort)))
		listener, err := net.Listen("tcp", address)
		if err != nil {
			continue // somebody has it
		}
		// Kept until all are found, so that none is found twice.
		defer func() { _ = listener.Close() }()
		free = append(free, address)
	}
	t.Fatalf("found %d free ports, want %d", len(free), n)
	return nil
}
