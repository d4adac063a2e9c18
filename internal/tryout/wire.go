package tryout

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/orgate/orgate/internal/trace"
)

// secrets are the members and parameters of the protocol that open something:
// they are described, never shown.
var secrets = []string{
	"client_secret", "code", "code_verifier", "access_token", "refresh_token", "id_token",
}

// described is a value as a report shows it.
func described(name, value string) string {
	if value == "" || !slices.Contains(secrets, name) {
		return value
	}
	return "[" + trace.Shape(value) + "]"
}

// lines writes parameters one a line, in the order of their names.
func lines(v url.Values) string {
	names := make([]string, 0, len(v))
	for name := range v {
		names = append(names, name)
	}
	slices.Sort(names)
	var b strings.Builder
	for _, name := range names {
		for _, value := range v[name] {
			b.WriteString(name + "=" + described(name, value) + "\n")
		}
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// asked writes a request.
func asked(r *http.Request, form url.Values) string {
	text := r.Method + " " + r.URL.String()
	if scheme, word, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok {
		text += "\nAuthorization: " + scheme + " [" + trace.Shape(word) + "]"
	}
	if len(form) > 0 {
		text += "\nContent-Type: " + r.Header.Get("Content-Type") + "\n\n" + lines(form)
	}
	return text
}

// told writes an answer. JSON is laid out, with its secrets described.
func told(status int, body []byte) string {
	return strconv.Itoa(status) + " " + http.StatusText(status) + "\n\n" + laidOut(body)
}

func laidOut(body []byte) string {
	members := map[string]any{}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	if decoder.Decode(&members) != nil {
		return "[" + strconv.Itoa(len(body)) + " bytes]"
	}
	for name, value := range members {
		if text, is := value.(string); is {
			members[name] = described(name, text)
		}
	}
	return indented(members)
}

func indented(value any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if e.Encode(value) != nil {
		return ""
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// maxAnswer bounds an answer of ours that is kept, in bytes.
const maxAnswer = 256 << 10

// inside carries a client's requests to a handler of this process: nothing
// leaves it, and no address is looked up or dialled.
type inside struct{ front http.Handler }

// RoundTrip implements http.RoundTripper.
func (i inside) RoundTrip(r *http.Request) (*http.Response, error) {
	sent := r.Clone(r.Context())
	sent.RequestURI, sent.Host = r.URL.RequestURI(), r.URL.Host
	if sent.Body == nil {
		sent.Body = http.NoBody
	}
	w := &kept{fields: http.Header{}}
	i.front.ServeHTTP(w, sent)
	return &http.Response{
		Status: strconv.Itoa(w.code()) + " " + http.StatusText(w.code()), StatusCode: w.code(), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.fields, Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()), Request: r,
	}, nil
}

// kept is an answer that is kept until it is read.
type kept struct {
	fields http.Header
	status int
	body   bytes.Buffer
}

func (k *kept) code() int {
	if k.status == 0 {
		return http.StatusOK
	}
	return k.status
}

// Header returns the fields of the answer.
func (k *kept) Header() http.Header { return k.fields }

// WriteHeader keeps the first status.
func (k *kept) WriteHeader(status int) {
	if k.status == 0 {
		k.status = status
	}
}

// Write keeps the body.
func (k *kept) Write(body []byte) (int, error) { return k.body.Write(body) }
