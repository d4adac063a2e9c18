package applogin

import (
	"errors"
	"net/http"
	"net/url"
	"strings"
)

// Path is where logins with an App ID go.
const Path = "/v2/usg/acs/auth/appauth"

// Request is a login as somebody has it at hand. It may hold a signature that
// still counts: it is never stored, logged or told again.
type Request struct {
	Method string // "" when what was pasted does not say
	Path   string // "" when what was pasted does not say
	Header http.Header
	Body   string
}

// String keeps a request out of logs.
func (Request) String() string { return "[redacted]" }

// GoString keeps a request out of %#v.
func (Request) GoString() string { return "[redacted]" }

var (
	// ErrForm: what was pasted is neither a curl command nor a request.
	ErrForm = errors.New("neither a curl command, nor a request, nor a header with a body")
	// ErrFile: the body of the curl command lies in a file.
	ErrFile = errors.New("the body lies in a file")
)

// Parse reads what somebody pastes: a curl command for a POSIX shell, a request
// as it goes over the wire, headers with a body behind them, the value of the
// Authorization header with a body behind it, or the body alone.
func Parse(text string) (Request, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\ufeff"))
	command := strings.TrimSpace(strings.TrimPrefix(text, "$"))
	if rest, ok := strings.CutPrefix(command, "curl"); ok && rest != "" && blank(rest[0]) {
		return parseCurl(rest)
	}
	return parseMessage(text)
}

func blank(c byte) bool { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\\' }

// parseMessage reads a request line, if there is one, headers and a body.
func parseMessage(text string) (Request, error) {
	r := Request{Header: http.Header{}}
	rest := text
	for first := true; rest != ""; first = false {
		if rest[0] == '{' {
			break // headers were copied without the empty line behind them
		}
		line, after, _ := strings.Cut(rest, "\n")
		line = strings.TrimSpace(strings.TrimPrefix(line, "> ")) // curl -v writes it so
		rest = after
		switch {
		case line == "" || line == ">":
			r.Body = strings.TrimSpace(rest)
			return r, r.found()
		case first && r.requestLine(line), r.field(line):
		default:
			return Request{}, ErrForm
		}
	}
	r.Body = rest
	return r, r.found()
}

// found tells whether there is anything of a login in it.
func (r Request) found() error {
	if len(r.Header) == 0 && !strings.HasPrefix(r.Body, "{") {
		return ErrForm
	}
	return nil
}

// requestLine reads `POST /path HTTP/1.1`, where the version may be missing and
// the path be a whole address.
func (r *Request) requestLine(line string) bool {
	parts := strings.Fields(line)
	if len(parts) < 2 || len(parts) > 3 || strings.ToUpper(parts[0]) != parts[0] || strings.ContainsAny(parts[0], ":-") {
		return false
	}
	if len(parts) == 3 && !strings.HasPrefix(parts[2], "HTTP/") {
		return false
	}
	u, err := url.Parse(parts[1])
	if err != nil || u.Path == "" {
		return false
	}
	r.Method, r.Path = parts[0], u.Path
	return true
}

// field reads a line of the head. The value of the Authorization header is known
// by itself: it is what people log.
func (r *Request) field(line string) bool {
	if name, _, _ := strings.Cut(line, " "); strings.EqualFold(name, SchemeName) {
		r.Header.Add("Authorization", line)
		return true
	}
	name, value, ok := strings.Cut(line, ":")
	if !ok || !token(name) {
		return false
	}
	r.Header.Add(name, strings.TrimSpace(value))
	return true
}

// token tells whether a text can be the name of a header (RFC 9110, 5.6.2).
func token(name string) bool {
	return name != "" && strings.Trim(name, "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
