package main

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"
)

// limitKind is what a bare server does for one request.
type limitKind string

// The bare servers.
const (
	constant limitKind = "constant"     // 300 bytes of JSON
	insert   limitKind = "insert"       // one durable row, then the same
	signed   limitKind = "HMAC, insert" // HMAC-SHA256 over a body, then one durable row
	signing  limitKind = "RS256"        // an RSA-2048 signature over 300 bytes, kept nowhere
	hashing  limitKind = "argon2id"     // no server: the password hash alone, see hash.go
)

// stores reports whether the server has a database.
func (k limitKind) stores() bool { return k == insert || k == signed }

// limitPath is where a bare server answers.
const limitPath = "/limit"

// answerBytes is the length of a bare server's answer.
const answerBytes = 300

// limitOptions are what a bare server is told on its standard input.
type limitOptions struct {
	Kind limitKind         `json:"kind"`
	DSN  string            `json:"dsn"`  // where it inserts; as for the product
	Keys map[string]string `json:"keys"` // of the App IDs
}

// limitServer is a bare server that runs as a child.
type limitServer struct {
	*process
	addr string
}

// startLimit starts this program as a bare server and waits until it listens.
func startLimit(ctx context.Context, self string, o limitOptions) (*limitServer, error) {
	p, err := startProcess(exec.Command(self, "-as", roleLimit))
	if err != nil {
		return nil, err
	}
	if err := json.NewEncoder(p.stdin).Encode(o); err != nil {
		p.stop()
		return nil, errors.Join(err, p.failure())
	}
	addr, err := p.word(ctx)
	if err != nil {
		p.stop()
		return nil, err
	}
	return &limitServer{p, addr}, nil
}

// serveLimit is the child's part: it listens, writes its address and serves
// until its standard input ends.
func serveLimit(in io.Reader, out io.Writer) error {
	var o limitOptions
	words := json.NewDecoder(in)
	if err := words.Decode(&o); err != nil {
		return err
	}
	handler, closeStore, err := limitHandler(o)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, closeStore())
	}
	server := &http.Server{Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		_, _ = io.Copy(io.Discard, in)
		_ = server.Close() // Serve, below, returns either way
	}()
	fmt.Fprintln(out, listener.Addr())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return errors.Join(err, closeStore())
	}
	return closeStore()
}

func limitHandler(o limitOptions) (http.Handler, func() error, error) {
	answer := constantAnswer()
	mux := http.NewServeMux()
	if !o.Kind.stores() {
		handle, err := storeless(o.Kind, answer)
		mux.HandleFunc(limitPath, handle)
		return mux, func() error { return nil }, err
	}
	rows, err := openRows(o.DSN)
	if err != nil {
		return nil, nil, err
	}
	mux.HandleFunc(limitPath, func(w http.ResponseWriter, r *http.Request) {
		if o.Kind == signed && !rightlySigned(r, o.Keys) {
			http.Error(w, "signature", http.StatusUnauthorized)
			return
		}
		var key [32]byte
		_, _ = rand.Read(key[:]) // never fails
		if err := rows.insert(r.Context(), key[:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			http.Error(w, "insert", http.StatusInternalServerError)
			return
		}
		send(w, answer)
	})
	return mux, rows.close, nil
}

// storeless is a bare server that keeps nothing.
func storeless(kind limitKind, answer []byte) (http.HandlerFunc, error) {
	if kind == constant {
		return func(w http.ResponseWriter, _ *http.Request) { send(w, answer) }, nil
	}
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	return func(w http.ResponseWriter, _ *http.Request) {
		digest := sha256.Sum256(answer)
		if _, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, digest[:]); err != nil {
			http.Error(w, "signature", http.StatusInternalServerError)
			return
		}
		send(w, answer)
	}, err
}

// rightlySigned checks an App-ID login (Meeting API, 4.2) and nothing beyond.
func rightlySigned(r *http.Request, keys map[string]string) bool {
	var body struct {
		AppID      string      `json:"appId"`
		UserID     string      `json:"userId"`
		ExpireTime json.Number `json:"expireTime"`
		Nonce      string      `json:"nonce"`
	}
	if json.NewDecoder(r.Body).Decode(&body) != nil {
		return false
	}
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "signature=")
	given, _, _ := strings.Cut(rest, ",")
	signature, err := hex.DecodeString(given)
	mac := hmac.New(sha256.New, []byte(keys[body.AppID]))
	mac.Write([]byte(body.AppID + ":" + body.UserID + ":" + body.ExpireTime.String() + ":" + body.Nonce))
	return err == nil && hmac.Equal(mac.Sum(nil), signature)
}

func constantAnswer() []byte {
	const frame = `{"accessToken":"","pad":""}`
	return []byte(`{"accessToken":"` + strings.Repeat("a", 77) + `","pad":"` + strings.Repeat("x", answerBytes-77-len(frame)) + `"}`)
}

func send(w http.ResponseWriter, answer []byte) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(answer) // a client that is gone is no concern of the server
}
