package httpd

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"strings"

	"github.com/orgate/orgate/internal/i18n"
)

// exchange is one request and its answer: what the chain knows about it, the
// recorder of the answer and the context that carries both, in one
// allocation. It is not pooled: a handler that wrongly writes after it
// returned would then write into somebody else's answer.
type exchange struct {
	context.Context
	w        http.ResponseWriter
	body     io.ReadCloser // before the limit
	id       [1]string     // as the header X-Request-Id needs it
	client   netip.Addr
	language i18n.Language
	actor    string
	org      string
	status   int
	bytes    int64

	documents []header // set when the answer begins, unless it is JSON
}

type exchangeKey struct{}

// Value returns the exchange itself for its key.
func (x *exchange) Value(key any) any {
	if key == (exchangeKey{}) {
		return x
	}
	return x.Context.Value(key)
}

// of returns the exchange of r, nil when r did not pass the chain.
func of(r *http.Request) *exchange {
	x, _ := r.Context().Value(exchangeKey{}).(*exchange)
	return x
}

// RequestID returns the id of r, which its answer carries in X-Request-Id; ""
// when r did not pass a Server.
func RequestID(r *http.Request) string {
	if x := of(r); x != nil {
		return x.id[0]
	}
	return ""
}

// ClientAddr returns who sent r: the peer, or what trusted proxies say of it.
// It is never IPv4-mapped and has no zone; it is invalid when the peer has no
// IP address.
func ClientAddr(r *http.Request) netip.Addr {
	if x := of(r); x != nil {
		return x.client
	}
	return peer(r)
}

// Locale returns the language for the answer to r, chosen from Accept-Language
// with the fallback of the Server. A surface with a fallback of its own calls
// i18n.Match.
func Locale(r *http.Request) i18n.Language {
	fallback := i18n.EnUS
	if x := of(r); x != nil {
		fallback = x.language
	}
	return i18n.Match(r.Header.Get("Accept-Language"), fallback)
}

// Note records, for the log line of r, who acted and in which organisation. It
// is called by the goroutine that answers r; a later note replaces an earlier.
func Note(r *http.Request, actor, org string) {
	if x := of(r); x != nil {
		x.actor, x.org = actor, org
	}
}

// LimitBody sets the largest body in bytes for the routes behind next, in
// place of the limit of the Server. Reading more fails with
// *http.MaxBytesError.
func LimitBody(limit int64, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, raw := r.Body, w
		if x := of(r); x != nil {
			body, raw = x.body, x.w
		}
		if body != nil && body != http.NoBody {
			r.Body = http.MaxBytesReader(raw, body, limit)
		}
		next.ServeHTTP(w, r)
	})
}

// Header is that of the answer.
func (x *exchange) Header() http.Header { return x.w.Header() }

// WriteHeader remembers the first final status; 1xx ones are not final.
func (x *exchange) WriteHeader(status int) {
	if status >= 200 || status == http.StatusSwitchingProtocols {
		x.begin(status)
	}
	x.w.WriteHeader(status)
}

// begin fixes the status, once, and completes the header: only now it is known
// what the answer is, and what its handler has said itself.
func (x *exchange) begin(status int) {
	if x.status != 0 {
		return
	}
	x.status = status
	h := x.w.Header()
	if isJSON(h["Content-Type"]) {
		return
	}
	for i := range x.documents {
		if _, said := h[x.documents[i].name]; !said {
			h[x.documents[i].name] = x.documents[i].values
		}
	}
}

// isJSON tells what no client takes for a document.
func isJSON(contentType []string) bool {
	if len(contentType) != 1 {
		return false
	}
	media, _, _ := strings.Cut(contentType[0], ";")
	kind, found := strings.CutPrefix(media, "application/")
	return found && (kind == "json" || strings.HasSuffix(kind, "+json"))
}

// Write counts what is written.
func (x *exchange) Write(p []byte) (int, error) {
	x.begin(http.StatusOK)
	n, err := x.w.Write(p)
	x.bytes += int64(n)
	return n, err
}

// ReadFrom lets a file take the connection's own fast path.
func (x *exchange) ReadFrom(src io.Reader) (int64, error) {
	x.begin(http.StatusOK)
	n, err := io.Copy(x.w, src)
	x.bytes += n
	return n, err
}

// Flush sends what is buffered, for handlers that stream.
func (x *exchange) Flush() {
	x.begin(http.StatusOK)
	_ = http.NewResponseController(x.w).Flush()
}

// Unwrap gives http.ResponseController the server's own writer.
func (x *exchange) Unwrap() http.ResponseWriter { return x.w }
