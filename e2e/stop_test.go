package e2e_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

// TestGracefulStop: a node that is told to stop accepts nothing new and
// finishes what it has begun.
func TestGracefulStop(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	login := harness.SignedCall(t, harness.AcmeApp(), person("alice"))
	body := login.Body.(string)
	conn, err := net.Dial("tcp", n.Host())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(15 * time.Second)); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintf(conn, "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\nAuthorization: %s\r\n"+
		"Expect: 100-continue\r\n\r\n", login.Path, n.Host(), len(body), login.Header["Authorization"])
	answers := bufio.NewReader(conn)
	// "Continue" says that the request is being answered by now.
	proceed, err := http.ReadResponse(answers, nil)
	if err != nil || proceed.StatusCode != http.StatusContinue {
		t.Fatalf("got %v, %v, want 100 Continue", proceed, err)
	}
	proceed.Body.Close()
	fmt.Fprint(conn, body[:20])

	n.Terminate(t)
	harness.Until(t, 5*time.Second, "a node that accepts no more", func() bool {
		another, err := net.Dial("tcp", n.Host())
		if err == nil {
			another.Close()
		}
		return err != nil
	})
	fmt.Fprint(conn, body[20:])
	resp, err := http.ReadResponse(answers, nil)
	if err != nil {
		t.Fatalf("the request in flight was cut off: %v", err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("got %s for the request in flight, want 200", resp.Status)
	}
	n.Stop(t)
}

// TestStopUnderLoad: every login that was acknowledged before and while the
// node stopped holds after the next start.
func TestStopUnderLoad(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	load := startLoad(t, n, "stop")
	load.await(t, 40)
	n.Stop(t)
	load.drain()
	load.check(t, house.Start(t))
}
