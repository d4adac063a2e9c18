package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net"
	"strconv"
	"time"
)

// exchangeTimeout bounds one request: whatever takes longer hangs.
const exchangeTimeout = 30 * time.Second

var errAnswer = errors.New("the answer is not HTTP/1.1 as a server writes it")

// line is one kept connection. It writes requests that are bytes already and
// reads just enough of the answers: the generator shares the processors with
// the server and must not cost more than it.
type line struct {
	addr string
	conn net.Conn
	in   *bufio.Reader
	body []byte // of the last answer; used again by the next

	location string // of the last answer, where it led
	cookies  string // that it set, a line each
}

func dial(addr string) (*line, error) {
	l := &line{addr: addr}
	return l, l.open()
}

func (l *line) open() (err error) {
	if l.conn, err = net.DialTimeout("tcp", l.addr, exchangeTimeout); err != nil {
		return err
	}
	l.in = bufio.NewReaderSize(l.conn, 8<<10)
	return nil
}

func (l *line) close() {
	if l.conn != nil {
		l.conn.Close()
	}
}

// exchange sends a request and returns the status of its answer; the body is
// in l.body until the next exchange.
func (l *line) exchange(request []byte) (status int, err error) {
	if err := l.conn.SetDeadline(time.Now().Add(exchangeTimeout)); err != nil {
		return 0, err
	}
	if _, err := l.conn.Write(request); err != nil {
		return 0, err
	}
	status, head, err := readHead(l.in)
	if err != nil {
		return 0, err
	}
	l.location, l.cookies = head.location, head.cookies
	l.body, err = readBody(l.in, l.body[:0], head)
	if err == nil && head.last {
		l.conn.Close()
		err = l.open()
	}
	return status, err
}

// head is what an answer's header says about its body, and where a browser is
// led.
type head struct {
	length   int // -1 when the body comes in chunks
	last     bool
	location string
	cookies  string
}

func readHead(in *bufio.Reader) (status int, h head, err error) {
	text, err := in.ReadSlice('\n')
	if err != nil {
		return 0, h, err
	}
	if len(text) < 12 || !bytes.HasPrefix(text, []byte("HTTP/1.1 ")) {
		return 0, h, errAnswer
	}
	if status, err = strconv.Atoi(string(text[9:12])); err != nil {
		return 0, h, errAnswer
	}
	for {
		if text, err = in.ReadSlice('\n'); err != nil {
			return 0, h, err
		}
		text = bytes.TrimRight(text, "\r\n")
		if len(text) == 0 {
			return status, h, nil
		}
		if err := h.field(text); err != nil {
			return 0, h, err
		}
	}
}

func (h *head) field(text []byte) (err error) {
	name, value, ok := bytes.Cut(text, []byte(":"))
	if !ok {
		return errAnswer
	}
	value = bytes.TrimSpace(value)
	switch {
	case bytes.EqualFold(name, []byte("Content-Length")):
		if h.length, err = strconv.Atoi(string(value)); err != nil || h.length < 0 {
			return errAnswer
		}
	case bytes.EqualFold(name, []byte("Transfer-Encoding")):
		h.length = -1
	case bytes.EqualFold(name, []byte("Connection")):
		h.last = bytes.EqualFold(value, []byte("close"))
	case bytes.EqualFold(name, []byte("Location")):
		h.location = string(value)
	case bytes.EqualFold(name, []byte("Set-Cookie")):
		h.cookies += string(value) + "\n"
	}
	return nil
}

func readBody(in *bufio.Reader, body []byte, h head) ([]byte, error) {
	if h.length >= 0 {
		return readExactly(in, body, h.length)
	}
	for {
		text, err := in.ReadSlice('\n')
		if err != nil {
			return body, err
		}
		size, err := strconv.ParseInt(string(bytes.TrimSpace(text)), 16, 31)
		if err != nil {
			return body, errAnswer
		}
		if body, err = readExactly(in, body, int(size)); err != nil {
			return body, err
		}
		if _, err := in.Discard(len("\r\n")); err != nil {
			return body, err
		}
		if size == 0 {
			return body, nil
		}
	}
}

func readExactly(in *bufio.Reader, body []byte, n int) ([]byte, error) {
	start := len(body)
	body = append(body, make([]byte, n)...)
	_, err := io.ReadFull(in, body[start:])
	return body, err
}
