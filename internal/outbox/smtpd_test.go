package outbox

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"io"
	"math/big"
	"net"
	"net/textproto"
	"strings"
	"sync"
	"testing"
	"time"
)

// smtpd is a mail server (RFC 5321) that takes what it is given and answers
// what the test wants.
type smtpd struct {
	listener net.Listener
	config   *tls.Config
	roots    *x509.CertPool
	implicit bool              // TLS from the first byte
	startTLS bool              // offers STARTTLS
	answers  map[string]string // in place of the usual one, by the verb of a command; "" hangs

	mu    sync.Mutex
	mails []delivered
	spoke []string // every line that was received in clear
}

// delivered is a mail as it arrived.
type delivered struct {
	from, to, auth string
	text           string
	encrypted      bool
}

func newSMTPD(t *testing.T, change func(*smtpd)) *smtpd {
	t.Helper()
	s := &smtpd{startTLS: true}
	s.config, s.roots = certificate(t)
	change(s)
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	var conversations sync.WaitGroup
	conversations.Go(func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			conversations.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() { _ = s.listener.Close(); conversations.Wait() })
	return s
}

// dial reaches the server whatever the address is.
func (s *smtpd) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	var d net.Dialer
	return d.DialContext(ctx, "tcp", s.listener.Addr().String())
}

func (s *smtpd) received() []delivered {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]delivered(nil), s.mails...)
}

// certificate makes one for mail.example.com that signs itself.
func certificate(t *testing.T) (*tls.Config, *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example.com"},
		DNSNames: []string{"mail.example.com"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageDigitalSignature | x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AddCert(parsed)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, roots
}

// conversation is one connection to the server.
type conversation struct {
	server    *smtpd
	conn      net.Conn
	text      *textproto.Conn
	mail      delivered
	encrypted bool
}

func (s *smtpd) serve(conn net.Conn) {
	defer func() { _ = conn.Close() }()
	c := &conversation{server: s}
	if s.implicit {
		conn, c.encrypted = tls.Server(conn, s.config), true
	}
	c.use(conn)
	c.say("220 mail.example.com ready")
	for {
		line, err := c.text.ReadLine()
		if err != nil {
			return
		}
		if !c.encrypted {
			s.mu.Lock()
			s.spoke = append(s.spoke, line)
			s.mu.Unlock()
		}
		verb, _, _ := strings.Cut(strings.ToUpper(line), " ")
		if answer, ok := s.answers[verb]; ok && answer == "" {
			_, _ = io.Copy(io.Discard, conn) // hangs until the client goes
			return
		} else if ok {
			c.say(answer)
			continue
		}
		if verb == "QUIT" {
			c.say("221 bye")
			return
		}
		c.command(verb, line)
	}
}

func (c *conversation) use(conn net.Conn) {
	c.conn = conn
	c.text = &textproto.Conn{Reader: *textproto.NewReader(bufio.NewReader(conn)), Writer: *textproto.NewWriter(bufio.NewWriter(conn))}
}

func (c *conversation) say(lines ...string) {
	for _, line := range lines {
		_ = c.text.PrintfLine("%s", line)
	}
}

func (c *conversation) command(verb, line string) {
	switch verb {
	case "EHLO":
		lines := []string{"250-mail.example.com", "250-AUTH PLAIN", "250 8BITMIME"}
		if c.server.startTLS && !c.encrypted {
			lines = append(lines[:2], "250-STARTTLS", "250 8BITMIME")
		}
		c.say(lines...)
	case "STARTTLS":
		c.say("220 go ahead")
		c.encrypted = true
		c.use(tls.Server(c.conn, c.server.config))
	case "AUTH":
		raw, _ := base64.StdEncoding.DecodeString(line[strings.LastIndexByte(line, ' ')+1:])
		c.mail.auth = strings.ReplaceAll(string(raw), "\x00", "|")
		c.say("235 welcome")
	case "MAIL":
		c.mail.from = line
		c.say("250 ok")
	case "RCPT":
		c.mail.to = line
		c.say("250 ok")
	case "DATA":
		c.say("354 go on")
		raw, _ := c.text.ReadDotBytes()
		c.mail.text, c.mail.encrypted = string(raw), c.encrypted
		c.server.mu.Lock()
		c.server.mails = append(c.server.mails, c.mail)
		c.server.mu.Unlock()
		c.say("250 taken")
	default:
		c.say("250 ok")
	}
}
