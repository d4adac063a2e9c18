package receiver

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Mood is what becomes of one call.
type Mood int

// The moods.
const (
	// Fine does as it is told and says so.
	Fine Mood = iota
	// Down breaks the connection before anything is done.
	Down
	// Broken answers with status 500 and does nothing.
	Broken
	// Garbage answers with a page that is no result.
	Garbage
	// Busy says that the call is being processed (000004), and does nothing.
	Busy
	// Forgetful does as it is told, and breaks the connection in place of an
	// answer.
	Forgetful
	// Stuck does as it is told, and never answers.
	Stuck
	// Forged does as it is told and signs the answer with another key.
	Forged
)

// Receiver is an application that is told of its organisation.
type Receiver struct {
	URL    string // the callback address
	Key    string // signs calls and answers
	CAFile string // the authority behind its certificate

	private *rsa.PrivateKey
	now     func() time.Time
	mood    func(path string) Mood

	mu     sync.Mutex
	calls  []string
	wrongs []string
	nonces map[string]bool
	state  State
	turn   chan struct{} // whoever holds it is being answered
}

// New starts a receiver, which ends with the test. Its clock says whether a
// call is fresh.
func New(t testing.TB, now func() time.Time) *Receiver {
	t.Helper()
	private, err := rsa.GenerateKey(rand.Reader, 3072)
	if err != nil {
		t.Fatal(err)
	}
	r := &Receiver{
		Key: rand.Text(), private: private, now: now, nonces: map[string]bool{}, state: fresh(), turn: make(chan struct{}, 1),
	}
	certificate, authority := certify(t)
	r.CAFile = filepath.Join(t.TempDir(), "receiver.pem")
	if err := os.WriteFile(r.CAFile, authority, 0o600); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(r)
	server.TLS = &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}
	server.Config.ErrorLog = nil
	server.StartTLS()
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	r.URL = strings.Replace(server.URL, "127.0.0.1", "localhost", 1) + "/app"
	return r
}

// certify makes a certificate for localhost: receivers are called by name
// (G.2).
func certify(t testing.TB) (tls.Certificate, []byte) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "receiver"}, DNSNames: []string{"localhost"}, IsCA: true,
		BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().AddDate(2, 0, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

// PublicKey is what seals the application's secret on its way here, in PEM.
func (r *Receiver) PublicKey() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&r.private.PublicKey)}))
}

// Feel says what becomes of calls from now on; nil is fine always. It is asked
// once a call, with the last word of its path.
func (r *Receiver) Feel(mood func(path string) Mood) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mood = mood
}

// Always is a mood that does not change.
func Always(m Mood) func(string) Mood { return func(string) Mood { return m } }

// Calls are the last words of the paths of all calls that came, with their
// flags.
func (r *Receiver) Calls() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.calls...)
}

// Wrongs are the calls that were against the specification.
func (r *Receiver) Wrongs() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return append([]string(nil), r.wrongs...)
}

// State is what the receiver believes.
func (r *Receiver) State() State {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.state.clone()
}

// patience is how long one call waits for the one before to be given up:
// applications are called one call after the other (G.6).
const patience = 2 * time.Second

// ServeHTTP takes one call.
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-time.After(patience):
		r.wrong(request, "two calls at once")
		w.WriteHeader(http.StatusConflict)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, 4<<20))
	if err != nil {
		return // whoever called has gone
	}
	word := request.URL.Path[strings.LastIndex(request.URL.Path, "/")+1:]
	r.mu.Lock()
	mood := Fine
	if r.mood != nil {
		mood = r.mood(word)
	}
	r.mu.Unlock()
	switch mood {
	case Down:
		r.hangUp(w)
		return
	case Broken:
		http.Error(w, "out of order", http.StatusInternalServerError)
		return
	case Garbage:
		_, _ = io.WriteString(w, "<html>welcome</html>")
		return
	}
	code := r.take(request, body, mood)
	switch mood {
	case Forgetful:
		r.hangUp(w)
		return
	case Stuck:
		<-request.Context().Done()
		return
	}
	answer := fmt.Sprintf(`{" resultCode":%q,"resultMsg":"as you say"}`, code)
	key := r.Key
	if mood == Forged {
		key = "another"
	}
	w.Header().Set("Content-Type", "application/json;charset=UTF-8")
	w.Header().Set("Body-Sign", bodySign(key, answer))
	_, _ = io.WriteString(w, answer)
}

// hangUp breaks the connection.
func (r *Receiver) hangUp(w http.ResponseWriter) {
	connection, _, err := http.NewResponseController(w).Hijack()
	if err == nil {
		_ = connection.Close() // whoever calls notices
	}
}

// The result codes (G.5).
const (
	success       = "000000"
	notAuthentic  = "000001"
	wrongArgument = "000002"
	processing    = "000004"
)

// take checks a call and does what it says.
func (r *Receiver) take(request *http.Request, body []byte, mood Mood) (code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c, err := r.open(request, body)
	if err == nil && mood == Busy {
		return processing
	}
	next := r.state.clone()
	if err == nil {
		r.calls = append(r.calls, fmt.Sprintf("%s %d", c.word, c.flag))
		err = next.take(c, r.private)
	}
	if err != nil {
		r.wrongs = append(r.wrongs, fmt.Sprintf("%s: %v: %.200s", request.URL.Path, err, body))
		if errors.Is(err, errSignature) {
			return notAuthentic
		}
		return wrongArgument
	}
	r.state = next
	return success
}

func (r *Receiver) wrong(request *http.Request, what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.wrongs = append(r.wrongs, request.URL.Path+": "+what)
}
