package oidc

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

// codes are those that the standards define.
var codes = regexp.MustCompile(`^(invalid_request|invalid_client|invalid_grant|invalid_scope|invalid_token|unauthorized_client|unsupported_grant_type|` +
	`unsupported_response_type|unsupported_token_type|insufficient_scope|access_denied|server_error|temporarily_unavailable|login_required|` +
	`consent_required|interaction_required|request_not_supported|request_uri_not_supported|unmet_authentication_requirements)$`)

func TestEveryKindIsTold(t *testing.T) {
	for _, kind := range fault.Kinds() {
		r, ok := repliesByKind[kind]
		if !ok || !codes.MatchString(r.code) || r.status < 400 {
			t.Errorf("kind %s: got %+v", kind, r)
		}
		if server := kind == fault.Internal || kind == fault.Unavailable; server != (r.status >= 500) {
			t.Errorf("kind %s: got status %d", kind, r.status)
		}
	}
	for code, r := range replies {
		if !codes.MatchString(r.code) || r.status < 400 || r.status >= 500 {
			t.Errorf("code %s: got %+v", code, r)
		}
	}
}

// TestSentences: error_description has only the characters of RFC 6749, 4.1.2.1,
// whatever stands in the catalogue.
func TestSentences(t *testing.T) {
	h := newHouse(t)
	allowed := regexp.MustCompile(`^[\x20-\x21\x23-\x5b\x5d-\x7e]+$`)
	for code := range replies {
		if got := h.sentence(fault.New(fault.Invalid, code)); !allowed.MatchString(got) {
			t.Errorf("%s: got %q", code, got)
		}
	}
	twice := fault.New(fault.Invalid, fault.CodeOAuthTwice).With("field", "a\"\\\r\n\té")
	if got := h.sentence(twice); !allowed.MatchString(got) {
		t.Errorf("got %q", got)
	}
}

// TestServerFaults: what is wrong inside is told to the log alone.
func TestServerFaults(t *testing.T) {
	h := newHouse(t)
	h.keys.err = errors.New("the disk is full")
	w := h.get(pathKeys, nil)
	wantError(t, w, http.StatusInternalServerError, "server_error")
	if strings.Contains(w.Body.String(), "disk") || !strings.Contains(h.log.String(), "the disk is full") {
		t.Errorf("answer %s, log %s", w.Body, &h.log)
	}
}
