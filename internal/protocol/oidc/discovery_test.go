package oidc

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares an answer with a file of testdata.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
	}
}

func TestDiscoveryIsGolden(t *testing.T) {
	h := newHouse(t)
	for _, path := range []string{pathDiscovery, pathMetadata} {
		w := h.get(path, nil)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%s: got %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
		golden(t, "discovery.json", w.Body.Bytes())
	}
}

// TestDiscoveryFields looks at each field as the conformance suite's
// OIDCCDiscoveryEndpointVerification does.
func TestDiscoveryFields(t *testing.T) {
	var d map[string]any
	if err := json.Unmarshal(newHouse(t).discovery.body, &d); err != nil {
		t.Fatal(err)
	}
	for name, value := range d {
		checkField(t, name, value)
	}
	for name, wanted := range map[string][]string{
		"response_types_supported": {"code"}, "subject_types_supported": {"public"}, "id_token_signing_alg_values_supported": {"RS256"},
		"scopes_supported": {"openid"}, "claims_supported": {"sub", "name", "email"}, "grant_types_supported": {"authorization_code"},
		"code_challenge_methods_supported": {"S256"}, "response_modes_supported": {"query"},
		"token_endpoint_auth_methods_supported": {"client_secret_basic", "client_secret_post"},
	} {
		for _, want := range wanted {
			if !slices.Contains(d[name].([]any), any(want)) {
				t.Errorf("%s: got %v, want %q in it", name, d[name], want)
			}
		}
	}
	for _, name := range []string{
		"request_parameter_supported", "request_uri_parameter_supported", "claims_parameter_supported",
		"authorization_response_iss_parameter_supported", "backchannel_logout_supported", "backchannel_logout_session_supported",
	} {
		if _, is := d[name].(bool); !is {
			t.Errorf("%s: got %v, want a boolean", name, d[name])
		}
	}
	for name, form := range map[string]*regexp.Regexp{
		"scopes_supported":     regexp.MustCompile(`^[\x21\x23-\x5b\x5d-\x7e]+$`), // RFC 6749, 3.3
		"ui_locales_supported": regexp.MustCompile(`^[a-z]{2}-[A-Z]{2}$`),         // RFC 5646, 2.1.1
	} {
		for _, value := range d[name].([]any) {
			if !form.MatchString(value.(string)) {
				t.Errorf("%s: got %q", name, value)
			}
		}
	}
}

// checkField: addresses are those of the issuer, lists are not empty.
func checkField(t *testing.T, name string, value any) {
	t.Helper()
	switch value := value.(type) {
	case string:
		u, err := url.Parse(value)
		if err != nil || u.Scheme != "https" || u.Host != "id.example" || u.Fragment != "" || name == "issuer" && value != issuer {
			t.Errorf("%s: got %v, want an https address of the issuer's host", name, value)
		}
	case []any:
		if len(value) == 0 {
			t.Errorf("%s: an empty list has to be left out", name)
		}
	}
}

func TestDocumentsAreKeptByTheirReaders(t *testing.T) {
	h := newHouse(t)
	for path, age := range map[string]string{pathDiscovery: "public, max-age=3600", pathKeys: "public, max-age=300"} {
		first := h.get(path, nil)
		etag := first.Header().Get("ETag")
		if got := first.Header().Get("Cache-Control"); got != age {
			t.Errorf("%s: Cache-Control: got %q, want %q", path, got, age)
		}
		for _, known := range []string{etag, "W/" + etag, `"other", ` + etag, "*"} {
			if w := h.get(path, nil, "If-None-Match", known); w.Code != http.StatusNotModified || w.Body.Len() != 0 {
				t.Errorf("%s with %s: got %d, want 304", path, known, w.Code)
			}
		}
		if w := h.get(path, nil, "If-None-Match", `"other"`); w.Code != http.StatusOK {
			t.Errorf("%s with another tag: got %d, want 200", path, w.Code)
		}
		if got := first.Header().Get("Access-Control-Allow-Origin"); got != "*" {
			t.Errorf("%s: Access-Control-Allow-Origin: got %q, want *", path, got)
		}
	}
	h.keys.set = []byte(`{"keys":[{"kid":"new"}]}`)
	if w := h.get(pathKeys, nil); w.Body.String() != string(h.keys.set) {
		t.Errorf("keys after a rotation: got %s", w.Body)
	}
}

func TestMethodsAndPreflight(t *testing.T) {
	h := newHouse(t)
	for _, at := range routes() {
		w := h.do(httptest.NewRequest(http.MethodDelete, at.path, nil), nil)
		if want := strings.Join(at.methods, ", "); w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != want {
			t.Errorf("DELETE %s: got %d %q, want 405 %q", at.path, w.Code, w.Header().Get("Allow"), want)
		}
		w = h.do(httptest.NewRequest(http.MethodOptions, at.path, nil), []string{"Origin", "https://app.example"})
		if got := w.Code == http.StatusNoContent && w.Header().Get("Access-Control-Allow-Origin") == "*"; got != at.shared {
			t.Errorf("OPTIONS %s: got shared %v (%d), want %v", at.path, got, w.Code, at.shared)
		}
		if w.Header().Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: cookies must never go along", at.path)
		}
	}
}

// nothing is an answer that costs nothing itself.
type nothing struct{ h http.Header }

func (n nothing) Header() http.Header         { return n.h }
func (n nothing) Write(b []byte) (int, error) { return len(b), nil }
func (n nothing) WriteHeader(int)             {}

func TestDocumentsCostNothing(t *testing.T) {
	h := newHouse(t)
	for path, most := range map[string]float64{pathDiscovery: 0, pathKeys: 0} {
		w, r := nothing{http.Header{}}, httptest.NewRequest(http.MethodGet, path, nil)
		serve := h.answering(routeOf(path))
		serve.ServeHTTP(w, r) // the first call prepares the keys
		if got := testing.AllocsPerRun(100, func() { serve.ServeHTTP(w, r) }); got > most {
			t.Errorf("%s: got %v allocations, want at most %v", path, got, most)
		}
	}
}

func routeOf(path string) route {
	all := routes()
	return all[slices.IndexFunc(all, func(r route) bool { return r.path == path })]
}

func TestNewWantsEveryOption(t *testing.T) {
	if _, err := New(Options{}); err == nil {
		t.Error("got a provider without anything behind it")
	}
}
