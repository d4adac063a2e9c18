package config

import (
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"strings"
)

// assign parses text into the field target points to. The type decides, but
// for the plain texts, whose rules are in check.
func assign(target any, text string) (err error) {
	switch t := target.(type) {
	case *string:
		*t = text
	case *Secret:
		*t = NewSecret(text)
	case *[]string:
		*t = split(text)
	case *[]netip.Prefix:
		*t, err = parsePrefixes(text)
	case **url.URL:
		*t, err = parseURL(text)
	case *slog.Level:
		*t, err = parseLevel(text)
	case *Database:
		if *t, err = ParseDatabase(text); err != nil {
			err = &valueError{err.Error(), "write sqlite:./data/orgate.db or postgres://user:password@host/name"}
		}
	case *Keys:
		if *t, err = ParseKeys(text); err != nil {
			err = &valueError{err.Error(), "make one with openssl rand -base64 32, or write file: and a path"}
		}
	case *Synchronous:
		*t, err = choice(text, Full, Normal)
	case *Format:
		*t, err = choice(text, Text, JSON)
	}
	return err
}

func choice[T ~string](text string, choices ...T) (T, error) {
	var names []string
	for _, c := range choices {
		if strings.EqualFold(text, string(c)) {
			return c, nil
		}
		names = append(names, string(c))
	}
	return choices[0], refuse("write "+strings.Join(names, " or "), "%q is none of the choices", text)
}

func parseLevel(text string) (slog.Level, error) {
	for _, level := range []slog.Level{slog.LevelDebug, slog.LevelInfo, slog.LevelWarn, slog.LevelError} {
		if strings.EqualFold(text, level.String()) {
			return level, nil
		}
	}
	return slog.LevelInfo, refuse("write debug, info, warn or error", "%q is no level", text)
}

// parsePrefixes reads networks separated by commas; a bare address is a
// network of one.
func parsePrefixes(text string) ([]netip.Prefix, error) {
	var all []netip.Prefix
	for _, item := range split(text) {
		p, err := parsePrefix(item)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

func parsePrefix(text string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(text); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	p, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		return p, refuse("write a network such as 10.0.0.0/8", "%q is no network", text)
	case p.Addr().Is4In6():
		return p, refuse("write the network as IPv4", "%q is an IPv4 network written as IPv6", text)
	case p != p.Masked():
		// 10.1.2.3/8 believes sixteen million addresses where one was meant.
		return p, refuse("write "+p.Masked().String()+" or a longer prefix", "%q has bits beyond its prefix", text)
	}
	return p, nil
}

// parseURL reads an absolute http or https URL. Its errors do not show the
// text: somebody may have put a password in it.
func parseURL(text string) (*url.URL, error) {
	const remedy = "write an address such as https://id.example.com"
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return nil, refuse(remedy, "this is no URL")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, refuse(remedy, "the scheme is neither http nor https")
	case u.User != nil:
		return nil, refuse("leave user and password out", "the URL holds a user name")
	case !isHostName(u.Hostname()) && !isAddr(u.Hostname()):
		return nil, refuse(remedy+"; write an internationalised name in its xn-- form", "the URL names no valid host")
	case u.Port() != "" && (!isPort(u.Port()) || u.Port() == "0"), strings.HasSuffix(u.Host, ":"):
		return nil, refuse("write a port from 1 to 65535 or none", "the port is not valid")
	case u.Fragment != "" || strings.HasSuffix(text, "#"):
		return nil, refuse("leave the part after # out", "the URL has a fragment")
	}
	return u, nil
}

// checkAddress says what is wrong with host:port.
func checkAddress(text string) error {
	const remedy = "write host:port, such as 127.0.0.1:8080 or :8080"
	host, port, err := net.SplitHostPort(text)
	switch {
	case err != nil:
		return refuse(remedy, "%q is not host:port", text)
	case !isPort(port):
		return refuse(remedy, "%q is no port", port)
	case host != "" && !isAddr(host) && !isHostName(host):
		return refuse(remedy, "%q is no host", host)
	}
	return nil
}

func isAddr(text string) bool {
	_, err := netip.ParseAddr(text)
	return err == nil
}

// isHostName reports whether text is a DNS name in ASCII (RFC 1123, 2.1) that
// cannot be read as an address in an odd spelling.
func isHostName(text string) bool {
	if text == "" || len(text) > 253 {
		return false
	}
	var last string
	for label := range strings.SplitSeq(text, ".") {
		if label == "" || len(label) > 63 || label[0] == '-' || label[len(label)-1] == '-' {
			return false
		}
		if strings.ContainsFunc(label, func(r rune) bool { return !isNameRune(r) }) {
			return false
		}
		last = label
	}
	return last[0] < '0' || last[0] > '9'
}

func isNameRune(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_'
}
