package identity

import (
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/fault"
)

// maxAddress bounds every address of an application, in bytes.
const maxAddress = 512

// What an address should be instead, told to whoever saved another.
const (
	wantAbsolute = "want.redirect_absolute" // one whole address
	wantPlain    = "want.redirect_plain"    // without fragment, account and wildcard
	wantHTTPS    = "want.redirect_https"    // not open to everybody on the way
	wantScheme   = "want.redirect_scheme"   // of a scheme that leads to one program alone
	wantWeb      = "want.web_url"           // for people to open
	wantPath     = "want.service_path"      // with a path that every server reads alike
	wantPrefix   = "want.service_prefix"    // a path, and nothing behind it
)

// CheckHomeURL refuses an address that is unsafe to send a person to with a
// code: anything but https, http to the person's own machine and, for a public
// application, a scheme of its own with a point in it (RFC 8252, 7.1). A
// fragment, an account, a wildcard and characters that no address has are
// refused too. The fault is Invalid (redirect_unsafe) at home_urls.
func CheckHomeURL(text string, public bool) error {
	if want := homeFlaw(text, public); want != "" {
		return fault.New(fault.Invalid, fault.CodeRedirectUnsafe).At(fieldHomeURLs).With("url", text).With("want", want)
	}
	return nil
}

// homeFlaw names what the address should be, or "" when it is well.
func homeFlaw(text string, public bool) string {
	u, want := parseAddress(text)
	if want != "" {
		return want
	}
	switch {
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return webFlaw(u)
	case u.Scheme == "http":
		return wantHTTPS
	case public && strings.Contains(u.Scheme, ".") && u.Opaque == "":
		return ""
	}
	return wantScheme
}

// parseAddress reads one whole address and names what it should be if it is
// none that is safe to compare and to follow.
func parseAddress(text string) (*url.URL, string) {
	if len(text) > maxAddress {
		return nil, wantAbsolute
	}
	if strings.Contains(text, "*") {
		return nil, wantPlain
	}
	return parsePlain(text)
}

// parsePlain reads one whole address without fragment and account, of whatever
// length.
func parsePlain(text string) (*url.URL, string) {
	if text == "" || strings.ContainsFunc(text, foreignToAddresses) {
		return nil, wantAbsolute
	}
	if strings.Contains(text, "#") {
		return nil, wantPlain
	}
	u, err := url.Parse(text)
	// What we parsed must be what a browser reads: a scheme in small letters,
	// as url.Parse gives it back.
	if err != nil || u.Scheme == "" || !strings.HasPrefix(text, u.Scheme+":") {
		return nil, wantAbsolute
	}
	if u.User != nil || strings.Contains(u.Host, "@") {
		return nil, wantPlain
	}
	return u, ""
}

// foreignToAddresses tells the characters that no address has (RFC 3986, 2);
// browsers take some of them for others, as \ for /.
func foreignToAddresses(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("\"<>\\^`{|}", r)
}

// hostName is a name as DNS has it, or an IPv4 address.
var hostName = pattern(`^[A-Za-z0-9]([A-Za-z0-9._-]{0,252}[A-Za-z0-9])?$`)

// webFlaw checks host and port of an http or https address.
func webFlaw(u *url.URL) string {
	host, port := u.Hostname(), u.Port()
	switch {
	case u.Opaque != "", host == "", strings.HasSuffix(u.Host, ":"), port != "" && !isPort(port):
		return wantAbsolute
	case strings.HasPrefix(u.Host, "["):
		if addr, err := netip.ParseAddr(host); err != nil || addr.Zone() != "" {
			return wantAbsolute
		}
	case !hostName().MatchString(host):
		return wantAbsolute
	}
	return ""
}

func isPort(text string) bool {
	n, err := strconv.ParseUint(text, 10, 16)
	return err == nil && n > 0 && text == strconv.FormatUint(n, 10)
}

// isLoopback reports whether a host is this very machine for whoever opens
// it: the name localhost, or a loopback address as literal.
func isLoopback(host string) bool {
	if host == "localhost" {
		return true
	}
	addr, err := netip.ParseAddr(host)
	return err == nil && addr.IsLoopback() && !addr.Is4In6()
}

// Redirects reports whether a person may be sent to an address with an answer:
// it is byte for byte one of the home URLs, or differs from one at this
// machine's own address in the port alone (RFC 8252, 7.3).
func (a Application) Redirects(uri string) bool {
	for _, home := range a.HomeURLs {
		if uri == home || uri != "" && withoutLoopbackPort(uri) == withoutLoopbackPort(home) && withoutLoopbackPort(home) != "" {
			return true
		}
	}
	return false
}

// withoutLoopbackPort returns an http address at this machine without its
// port, "" for any other. It works on the text, so that two addresses are
// alike only if all their bytes but the port's are.
func withoutLoopbackPort(uri string) string {
	rest, ok := strings.CutPrefix(uri, "http://")
	if !ok {
		return ""
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := rest[:end]
	if i := strings.LastIndexByte(host, ':'); i >= 0 && !strings.HasSuffix(host, "]") {
		if !isPort(host[i+1:]) {
			return ""
		}
		host = host[:i]
	}
	name, isIPv6 := strings.CutPrefix(host, "[")
	name, closed := strings.CutSuffix(name, "]")
	if isIPv6 != closed || isIPv6 != strings.Contains(name, ":") || !isLoopback(name) {
		return ""
	}
	return "http://" + host + rest[end:]
}

// checkWebURL refuses what is not an http or https address that a person or a
// server can open, at a field.
func checkWebURL(field, text string) *fault.Error {
	u, want := parseAddress(text)
	if want == "" && (u.Scheme != "http" && u.Scheme != "https" || webFlaw(u) != "") {
		want = wantWeb
	}
	if want == "" {
		return nil
	}
	return fault.New(fault.Invalid, fault.CodeFieldFormat).At(field).With("want", wantWeb)
}

// SameOrigin reports whether two http or https addresses have scheme, host and
// port in common (RFC 6454, 5).
func SameOrigin(one, other string) bool {
	a, wantA := parseAddress(one)
	b, wantB := parseAddress(other)
	if wantA != "" || wantB != "" || webFlaw(a) != "" || webFlaw(b) != "" {
		return false
	}
	return a.Scheme == b.Scheme && (a.Scheme == "http" || a.Scheme == "https") && originHost(a) == originHost(b)
}

func originHost(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = map[string]string{"http": "80", "https": "443"}[u.Scheme]
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}
