package main

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestReadAnswers(t *testing.T) {
	const ok = "HTTP/1.1 200 OK\r\n"
	tests := []struct {
		name, text string
		status     int
		body       string
		fails      bool
	}{
		{"with a length", ok + "Content-Length: 2\r\n\r\n{}", 200, "{}", false},
		{"the name in lower case", ok + "content-length: 2\r\n\r\n{}", 200, "{}", false},
		{"empty", ok + "Content-Length: 0\r\n\r\n", 200, "", false},
		{"in chunks", ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", 200, "abc0123456789", false},
		{"a refusal", "HTTP/1.1 401 Unauthorized\r\nContent-Length: 1\r\n\r\nx", 401, "x", false},
		{"nothing", "", 0, "", true},
		{"not HTTP", "SSH-2.0-OpenSSH\r\n\r\n", 0, "", true},
		{"HTTP/1.0", "HTTP/1.0 200 OK\r\n\r\n", 0, "", true},
		{"a status that is no number", "HTTP/1.1 abc OK\r\n\r\n", 0, "", true},
		{"a field without a colon", ok + "nonsense\r\n\r\n", 0, "", true},
		{"a negative length", ok + "Content-Length: -1\r\n\r\n", 0, "", true},
		{"cut off", ok + "Content-Length: 9\r\n\r\n{}", 0, "", true},
		{"a chunk of no size", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", 0, "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := bufio.NewReader(strings.NewReader(tt.text))
			status, h, err := readHead(in)
			var body []byte
			if err == nil {
				body, err = readBody(in, nil, h)
			}
			if tt.fails {
				if err == nil {
					t.Errorf("got %d %q, want an error", status, body)
				}
				return
			}
			if err != nil || status != tt.status || string(body) != tt.body {
				t.Errorf("got %d %q, %v; want %d %q", status, body, err, tt.status, tt.body)
			}
		})
	}
}

func TestLine(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked++; asked == 2 {
			w.Header().Set("Connection", "close")
		}
		_, _ = w.Write([]byte(r.URL.Path))
	}))
	defer server.Close()
	l, err := dial(server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer l.close()
	// After the second answer the server closes the connection, and the third
	// request goes over a new one.
	for _, path := range []string{"/one", "/two", "/three"} {
		status, err := l.exchange(appendRequest(nil, http.MethodGet, path, "", ""))
		if err != nil || status != http.StatusOK || string(l.body) != path {
			t.Errorf("%s: got %d %q, %v", path, status, l.body, err)
		}
	}
}

func FuzzReadHead(f *testing.F) {
	f.Add("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")
	f.Add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")
	f.Fuzz(func(t *testing.T, text string) {
		if _, h, err := readHead(bufio.NewReader(strings.NewReader(text))); err == nil && h.length < -1 {
			t.Errorf("got length %d", h.length)
		}
	})
}
