package config

import (
	"net"
	"net/netip"
	"os"
	"strings"
)

// Validate reports, as Problems, everything that is wrong with a Config made
// by hand. Load has already called it.
func (c *Config) Validate() error { return c.check(nil).orNil() }

// check applies the rules that a single value does not show. Settings in
// broken already have a problem and are not blamed twice.
func (c *Config) check(broken map[string]bool) Problems {
	var all Problems
	report := func(setting string, err error) {
		if err == nil || broken[setting] {
			return
		}
		all = append(all, explain(field{Setting: Setting{Env: setting}}, err))
	}
	report("ORGATE_LISTEN", checkAddress(c.Listen))
	if c.OpsListen != "" {
		report("ORGATE_OPS_LISTEN", c.checkOpsListen())
	}
	report("ORGATE_BASE_URL", c.checkBaseURL())
	if !broken["ORGATE_DATABASE"] {
		report("ORGATE_SEALING_KEY", c.checkSealing())
	}
	report("ORGATE_EGRESS_ALLOW", checkAllow(c.EgressAllow))
	report("ORGATE_EGRESS_CA", readable(c.EgressCA...))
	report("ORGATE_TLS_CERT", c.checkPair("ORGATE_TLS_CERT", c.TLSCert, c.TLSKey))
	report("ORGATE_TLS_KEY", c.checkPair("ORGATE_TLS_KEY", c.TLSKey, c.TLSCert))
	return all
}

func (c *Config) checkOpsListen() error {
	if c.OpsListen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
		return refuse("choose another port, or off", "it is the same as ORGATE_LISTEN")
	}
	return checkAddress(c.OpsListen)
}

func (c *Config) checkBaseURL() error {
	const remedy = "write only scheme, host and port, such as https://id.example.com"
	u := c.BaseURL
	if u == nil {
		host, _, err := net.SplitHostPort(c.Listen)
		if err == nil && !isLoopback(host) {
			return refuse("set it to the address people use, such as https://id.example.com", "it is mandatory, because the listener %s is not loopback", c.Listen)
		}
		return nil
	}
	switch {
	case u.Path == "/":
		return refuse(remedy, "it ends with a slash")
	case u.Path != "":
		return refuse(remedy, "it has a path")
	case u.RawQuery != "" || u.ForceQuery:
		return refuse(remedy, "it has a query")
	case u.User != nil || u.Fragment != "":
		return refuse(remedy, "it has a user name or a fragment")
	case u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return refuse(remedy, "it is not an http or https address")
	}
	c.BaseURL = withoutDefaultPort(u)
	return nil
}

func (c *Config) checkSealing() error {
	if c.Database.Engine() == PostgreSQL && len(c.SealingKeys) == 0 {
		return refuse("make one with openssl rand -base64 32 and keep a copy outside the database", "it is mandatory on PostgreSQL")
	}
	for _, key := range c.SealingKeys {
		if len(key) != KeyBytes {
			return refuse("make one with openssl rand -base64 32", "a sealing key is not 32 bytes")
		}
	}
	return nil
}

// checkPair says whether one half of the TLS pair is missing or unreadable.
func (c *Config) checkPair(name, own, other string) error {
	if own == "" && other != "" {
		return refuse("set both ORGATE_TLS_CERT and ORGATE_TLS_KEY, or neither", "%s is missing", name)
	}
	if own == "" {
		return nil
	}
	return readable(own)
}

func checkAllow(entries []string) error {
	for i, entry := range entries {
		name := strings.TrimSuffix(entry, ".")
		if isHostName(name) {
			entries[i] = strings.ToLower(name)
			continue
		}
		if _, err := parsePrefix(entry); err != nil {
			if _, odd := netip.ParsePrefix(entry); odd == nil {
				return err
			}
			return refuse("write a network such as 10.0.0.0/8 or a host name such as mail.corp.example", "%q is neither a network nor a host name", entry)
		}
	}
	return nil
}

func readable(paths ...string) error {
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return refuse("name a file that can be read", "%v", err)
		}
		if err := file.Close(); err != nil {
			return err
		}
	}
	return nil
}

// warnings tells of settings that are valid and yet probably not meant.
func (c *Config) warnings() []Warning {
	var all []Warning
	if u := c.BaseURL; u != nil && u.Scheme == "http" {
		switch {
		case c.TLS():
			all = append(all, Warning{"ORGATE_BASE_URL", "it is http although the listener speaks HTTPS"})
		case !isLoopback(u.Hostname()):
			all = append(all, Warning{"ORGATE_BASE_URL", "it is http: passwords and cookies travel in the clear"})
		}
	}
	for _, p := range c.TrustedProxies {
		if p.Bits() == 0 {
			all = append(all, Warning{"ORGATE_TRUSTED_PROXIES", p.String() + " lets every caller choose its own address"})
		}
	}
	if host, _, err := net.SplitHostPort(c.OpsListen); err == nil && !isInside(host) {
		all = append(all, Warning{"ORGATE_OPS_LISTEN", "metrics and profiles are open to whoever reaches " + c.OpsListen})
	}
	return all
}

// isInside reports whether host is loopback or a private address.
func isInside(host string) bool {
	addr, err := netip.ParseAddr(host)
	return isLoopback(host) || err == nil && addr.IsPrivate()
}
