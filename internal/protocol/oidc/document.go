package oidc

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// document is an answer that is the same for everybody, ready to be sent. Its
// header values are shared by all answers and never appended to.
type document struct {
	body         []byte
	etag         []string
	length       []string
	contentType  []string
	cacheControl []string
}

// newDocument prepares JSON that may be kept for some seconds.
func newDocument(body []byte, seconds int) *document {
	sum := sha256.Sum256(body)
	return &document{
		body:         body,
		etag:         []string{`"` + hex.EncodeToString(sum[:12]) + `"`},
		length:       []string{strconv.Itoa(len(body))},
		contentType:  []string{"application/json"},
		cacheControl: []string{"public, max-age=" + strconv.Itoa(seconds)},
	}
}

// holds reports whether the document still says this.
func (d *document) holds(body []byte) bool { return d != nil && bytes.Equal(d.body, body) }

// send answers with the document, or with 304 to whoever has it (RFC 9110,
// 13.1.2).
func (d *document) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h["Etag"] = d.etag
	h["Cache-Control"] = d.cacheControl
	if known := r.Header["If-None-Match"]; len(known) > 0 && has(known[0], d.etag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h["Content-Type"] = d.contentType
	h["Content-Length"] = d.length
	_, _ = w.Write(d.body) // whoever went away needs no answer
}

// has reports whether a list of entity tags names one, weak or not.
func has(list, etag string) bool {
	for tag := range strings.SplitSeq(list, ",") {
		if tag = strings.TrimSpace(tag); tag == "*" || strings.TrimPrefix(tag, "W/") == etag {
			return true
		}
	}
	return false
}
