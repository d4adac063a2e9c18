package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// Config is every setting, parsed and checked. The tags of a field are its
// manual: env is the name in the environment, from which the key in the file
// and the flag are derived; default is what holds when nothing is given; shown
// is what the manual prints for a default that depends on other settings.
type Config struct {
	// File is the path of the file that was read, "" for none.
	File string `env:"ORGATE_CONFIG" shown:"none" doc:"A YAML file with any of the settings below. It cannot be named inside the file itself."`
	// Listen is host:port; an empty host means every interface.
	Listen string `env:"ORGATE_LISTEN" default:"127.0.0.1:8080" doc:"The public listener, host:port. An empty host listens on every interface."`
	// OpsListen is host:port, "" when turned off.
	OpsListen string `env:"ORGATE_OPS_LISTEN" default:"127.0.0.1:8081" doc:"The listener for operators, with /metrics (Prometheus), /healthz, /readyz and /debug/pprof. It asks for no password: keep it inside. off turns it off."`
	// BaseURL has a scheme and a host and nothing else. It is nil only when
	// none was given and the port of Listen is 0: see Bound.
	BaseURL *url.URL `env:"ORGATE_BASE_URL" shown:"http:// (https:// with ORGATE_TLS_CERT) and ORGATE_LISTEN" doc:"The one public address, such as https://id.example.com, without a path or a final slash. Links, issuer and metadata are made from it and never from headers of a request. Mandatory when the listener is not loopback."`
	// Database is never shown with its password.
	Database Database `env:"ORGATE_DATABASE" default:"sqlite:./data/orgate.db" secret:"true" doc:"Where everything is kept: sqlite: and a path, or postgres:// with user, host and name."`
	// SQLiteSynchronous is Full or Normal.
	SQLiteSynchronous Synchronous `env:"ORGATE_SQLITE_SYNCHRONOUS" default:"full" doc:"How SQLite flushes a commit. full loses nothing when the power fails; normal is faster on slow disks and may then lose the last moments, a nonce or a revocation among them."`
	// SealingKeys is empty when none was given: then the key is in
	// SealingKeyFile.
	SealingKeys Keys `env:"ORGATE_SEALING_KEY" shown:"a file beside the SQLite database" secret:"true" doc:"What seals the secrets in the database: 32 random bytes in base64 (openssl rand -base64 32). Several are separated by commas: the first seals, all of them open, so a new one is put in front and the old one stays. Mandatory on PostgreSQL. It is never part of a backup: keep a copy elsewhere, for without it sealed secrets are lost."`
	// AdminPassword is empty when none was given.
	AdminPassword Secret `env:"ORGATE_ADMIN_PASSWORD" shown:"none" secret:"true" doc:"When set, and no provider administrator was ever made, admin is made with it at the first apply or serve. When not set, serve prints a one-time set-up address instead."`
	// TrustedProxies are masked and never IPv4-mapped.
	TrustedProxies []netip.Prefix `env:"ORGATE_TRUSTED_PROXIES" shown:"none" doc:"The networks (CIDR) of reverse proxies whose X-Forwarded-For or Forwarded is believed. From anybody else these headers are ignored."`
	// EgressAllow entries are CIDRs, addresses or lower-case host names.
	EgressAllow []string `env:"ORGATE_EGRESS_ALLOW" shown:"none" doc:"Networks (CIDR) and host names inside that configured addresses, such as a mail server or an enterprise's authentication centre, may reach. Without it only public addresses are reached. Checked when used, not when saved."`
	// EgressCA are paths of PEM files.
	EgressCA []string `env:"ORGATE_EGRESS_CA" shown:"those of the system" doc:"PEM files with further certificate authorities for outgoing calls, such as an enterprise's own."`
	// TLSCert and TLSKey are both set or both empty.
	TLSCert string `env:"ORGATE_TLS_CERT" shown:"none" doc:"A PEM file with the certificate and its chain: the public listener then speaks HTTPS itself. A renewed file is taken up without a restart."`
	TLSKey  string `env:"ORGATE_TLS_KEY" shown:"none" doc:"The PEM file with the private key of ORGATE_TLS_CERT."`
	// Log is the lowest level written.
	Log slog.Level `env:"ORGATE_LOG" default:"info" doc:"The lowest level that is logged: debug, info, warn or error."`
	// LogFormat is Text or JSON.
	LogFormat Format `env:"ORGATE_LOG_FORMAT" default:"text" doc:"text for people, json for machines."`
	// OTLPEndpoint is nil when traces are not sent.
	OTLPEndpoint *url.URL `env:"ORGATE_OTLP_ENDPOINT" shown:"none" doc:"Where traces are sent by OTLP over HTTP, such as http://collector:4318. Not set, none are made."`
}

// Synchronous says when SQLite flushes to disk.
type Synchronous string

// How a commit of SQLite is flushed.
const (
	Full   Synchronous = "full"   // before it is answered
	Normal Synchronous = "normal" // at a checkpoint
)

// Format is how log lines are written.
type Format string

// The formats of the log.
const (
	Text Format = "text" // key=value
	JSON Format = "json" // one object a line
)

// Default returns the configuration of a start without any setting. Its
// BaseURL is nil, so that a caller may choose another listener; Bound makes it.
func Default() Config {
	var c Config
	for _, f := range fields() {
		if text := f.Default; text != "" {
			// A default that does not parse is found by the first test.
			_ = assign(c.field(f), text)
		}
	}
	return c
}

// TLS reports whether the public listener speaks HTTPS itself.
func (c Config) TLS() bool { return c.TLSCert != "" }

// Bound returns c listening at addr, the address a listener reported, with the
// base URL made from it if none was given. It is how port 0 gets its number.
func (c Config) Bound(addr string) Config {
	c.Listen = addr
	if c.BaseURL == nil {
		c.BaseURL = originOf(c.TLS(), addr)
	}
	return c
}

// SealingKeyFile is the path of the file that holds the sealing key when none
// is given and the database is SQLite: beside it, with the ending .key. It is
// "" on PostgreSQL. Whoever opens the database makes the file.
func (c Config) SealingKeyFile() string {
	if c.Database.Engine() != SQLite {
		return ""
	}
	path := c.Database.Reveal()
	return strings.TrimSuffix(path, filepath.Ext(path)) + ".key"
}

// originOf makes the default base URL. A scheme's own port is left out, as
// browsers do when they name an origin.
func originOf(tls bool, listen string) *url.URL {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return nil
	}
	u := &url.URL{Scheme: "http", Host: net.JoinHostPort(host, port)}
	if tls {
		u.Scheme = "https"
	}
	return withoutDefaultPort(u)
}

// withoutDefaultPort returns u with a lower-case host and no port 80 or 443
// where the scheme says as much: two spellings of one issuer would be two.
func withoutDefaultPort(u *url.URL) *url.URL {
	c := *u
	c.Host = strings.ToLower(c.Host)
	own := map[string]string{"http": "80", "https": "443"}[c.Scheme]
	if c.Port() == own {
		c.Host = strings.TrimSuffix(c.Host, ":"+own)
	}
	return &c
}

// isLoopback reports whether only this machine can reach host.
func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.Unmap().IsLoopback()
}

// isPort reports whether text is a port number, 0 included.
func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && strconv.FormatUint(n, 10) == text
}
