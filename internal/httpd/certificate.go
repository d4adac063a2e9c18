package httpd

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"time"
)

// recheck is how often the files of a certificate are looked at: a renewal is
// taken up without a restart.
const recheck = time.Minute

// certificate is a key pair in two files that may change.
type certificate struct {
	certFile, keyFile string
	now               func() time.Time
	log               *slog.Logger

	mu      sync.Mutex
	pair    *tls.Certificate
	stamp   [2]time.Time // when the files were last written
	checked time.Time
}

func newCertificate(certFile, keyFile string, now func() time.Time) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, now: now, log: slog.New(slog.DiscardHandler)}
	if err := c.load(); err != nil {
		return nil, err
	}
	c.checked = now()
	return c, nil
}

// get returns the pair for a handshake. Files that are half written keep the
// old pair in use; they are looked at again a minute later.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.checked) >= recheck {
		c.checked = now
		if err := c.load(); err != nil {
			c.log.Warn("the TLS certificate on disk cannot be used; the one before stays", "error", err)
		}
	}
	return c.pair, nil
}

// load reads the pair if its files are not those already read.
func (c *certificate) load() error {
	var stamp [2]time.Time
	for i, path := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(path)
		if err != nil {
			return fmt.Errorf("TLS certificate: %w", err)
		}
		stamp[i] = info.ModTime()
	}
	if c.pair != nil && stamp == c.stamp {
		return nil
	}
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return fmt.Errorf("TLS certificate: %w", err)
	}
	c.pair, c.stamp = &pair, stamp
	return nil
}
