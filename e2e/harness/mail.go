package harness

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mail is a message that the product sent.
type Mail struct {
	To      string
	Subject string
	Text    string
}

// Mailbox is a mail server on loopback that keeps what it gets (RFC 5321, as
// much of it as a sender needs).
type Mailbox struct {
	listener net.Listener
	mu       sync.Mutex
	mails    []Mail
	serving  sync.WaitGroup
	open     map[net.Conn]bool
}

// newMailbox starts a mail server; it ends with the test.
func newMailbox(t testing.TB) *Mailbox {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &Mailbox{listener: listener, open: map[net.Conn]bool{}}
	m.serving.Go(m.serve)
	t.Cleanup(m.close)
	return m
}

// Port is where the server listens.
func (m *Mailbox) Port() int { return m.listener.Addr().(*net.TCPAddr).Port }

// Take waits for a mail to an address and removes it, the oldest first.
func (m *Mailbox) Take(t testing.TB, to string) (found Mail) {
	t.Helper()
	Until(t, 15*time.Second, "a mail to "+to, func() bool {
		m.mu.Lock()
		defer m.mu.Unlock()
		for i, mail := range m.mails {
			if mail.To == to {
				found = mail
				m.mails = append(m.mails[:i], m.mails[i+1:]...)
				return true
			}
		}
		return false
	})
	return found
}

// Count is how many mails to an address have come and were not taken.
func (m *Mailbox) Count(to string) (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, mail := range m.mails {
		if mail.To == to {
			n++
		}
	}
	return n
}

func (m *Mailbox) close() {
	_ = m.listener.Close()
	m.mu.Lock()
	for conn := range m.open {
		_ = conn.Close()
	}
	m.mu.Unlock()
	m.serving.Wait()
}

func (m *Mailbox) serve() {
	for {
		conn, err := m.listener.Accept()
		if err != nil {
			return
		}
		m.mu.Lock()
		m.open[conn] = true
		m.mu.Unlock()
		m.serving.Go(func() {
			m.converse(conn)
			m.mu.Lock()
			delete(m.open, conn)
			m.mu.Unlock()
			_ = conn.Close()
		})
	}
}

// converse answers one sender until it leaves.
func (m *Mailbox) converse(conn net.Conn) {
	talk := textproto.NewConn(conn)
	say := func(line string) bool { return talk.PrintfLine("%s", line) == nil }
	if !say("220 catcher ESMTP") {
		return
	}
	var to []string
	for {
		line, err := talk.ReadLine()
		if err != nil {
			return
		}
		verb, rest, _ := strings.Cut(line, " ")
		answer := "250 ok"
		switch strings.ToUpper(verb) {
		case "RCPT":
			to = append(to, address(rest))
		case "RSET":
			to = nil
		case "DATA":
			if !say("354 go on") {
				return
			}
			text, err := talk.ReadDotBytes()
			if err != nil {
				return
			}
			if err := m.keep(to, text); err != nil {
				answer = "554 " + err.Error()
			}
			to = nil
		case "QUIT":
			say("221 bye")
			return
		}
		if !say(answer) {
			return
		}
	}
}

// address takes the address out of TO:<address> with or without parameters.
func address(rest string) string {
	_, rest, _ = strings.Cut(rest, "<")
	found, _, _ := strings.Cut(rest, ">")
	return found
}

func (m *Mailbox) keep(to []string, text []byte) error {
	message, err := netmail.ReadMessage(bufio.NewReader(bytes.NewReader(text)))
	if err != nil {
		return fmt.Errorf("read mail: %w", err)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(message.Header.Get("Subject"))
	if err != nil {
		return fmt.Errorf("read subject: %w", err)
	}
	body := message.Body
	switch encoding := strings.ToLower(message.Header.Get("Content-Transfer-Encoding")); encoding {
	case "", "7bit", "8bit":
	case "quoted-printable":
		body = quotedprintable.NewReader(body)
	default:
		return errors.New("encoding " + encoding)
	}
	read, err := io.ReadAll(body)
	if err != nil {
		return fmt.Errorf("read text: %w", err)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, one := range to {
		m.mails = append(m.mails, Mail{To: one, Subject: subject, Text: string(read)})
	}
	return nil
}
