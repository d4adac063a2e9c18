package httpd

import (
	"crypto/rand"
	"encoding/hex"
	"net/http"
)

const (
	headerRequestID = "X-Request-Id"
	maxRequestID    = 64
)

// requestID returns the id a proxy gave the request, if it is harmless in logs
// and headers, else a new one of 32 lower-case hexadecimal digits.
func requestID(h http.Header) string {
	if given := h[headerRequestID]; len(given) == 1 && isRequestID(given[0]) {
		return given[0]
	}
	var random [16]byte
	_, _ = rand.Read(random[:]) // never fails: it ends the program instead
	return hex.EncodeToString(random[:])
}

func isRequestID(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	for i := range len(id) {
		c := id[i]
		letter := c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
		if !letter && (c < '0' || c > '9') && c != '.' && c != '_' && c != '-' {
			return false
		}
	}
	return true
}
