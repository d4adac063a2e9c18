package pages

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestHeaders(t *testing.T) {
	h := render(t, newPages(t, Options{}), "/", Page{Content: Notice{}}).Header()
	want := map[string]string{
		"Content-Type":            "text/html; charset=utf-8",
		"Cache-Control":           "no-store",
		"Referrer-Policy":         "same-origin",
		"X-Content-Type-Options":  "nosniff",
		"Vary":                    "Accept-Language, Cookie",
		"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
	}
	for name, value := range want {
		if got := h.Get(name); got != value {
			t.Errorf("%s = %q, want %q", name, got, value)
		}
	}
}

func TestOnlyDocsMayFetch(t *testing.T) {
	p := newPages(t, Options{})
	for name, page := range examples() {
		policy := render(t, p, "/", page).Header().Get("Content-Security-Policy")
		if got, want := strings.Contains(policy, "connect-src 'self'"), name == "docs"; got != want {
			t.Errorf("%s: connect-src in the policy = %v, want %v", name, got, want)
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: policy %q allows something unsafe", name, policy)
		}
	}
}

func TestFormTargets(t *testing.T) {
	tests := []struct{ address, want string }{
		{"https://wiki.acme.example/callback?x=1", "https://wiki.acme.example"},
		{"https://WIKI.acme.example:8443/", "https://wiki.acme.example:8443"},
		{"http://127.0.0.1:5000/cb", "http://127.0.0.1:5000"},
		{"http://[::1]:5000/cb", "http://[::1]:5000"},
		{"orgate-pc://login", "orgate-pc:"},
		{"com.example.app:/cb", "com.example.app:"},
		{"https://user:secret@wiki.acme.example/", "https://wiki.acme.example"},
		{"https://a.example;script-src *", ""},
		{"https://a.example, *", ""},
		{"https://*.example/", ""},
		{"https://", ""},
		{"https:", "https:"},
		{"javascript:alert(1)", ""},
		{"data:text/html,x", ""},
		{"/relative", ""},
		{"", ""},
		{"https://a b.example/", ""},
		{"'unsafe-inline'", ""},
	}
	for _, test := range tests {
		if got := formTarget(test.address); got != test.want {
			t.Errorf("formTarget(%q) = %q, want %q", test.address, got, test.want)
		}
	}
	page := Page{Content: Notice{}, FormAction: []string{"https://a.example/1", "https://a.example/2", "bad;", "app://x"}}
	if got, want := policy(page), "form-action 'self' https://a.example app:;"; !strings.Contains(got, want) {
		t.Errorf("policy = %q, want it to contain %q", got, want)
	}
}

func FuzzFormTarget(f *testing.F) {
	for _, seed := range []string{"https://a.example/cb", "app:x", "https://a;b", "http://[::1]"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, address string) {
		if got := formTarget(address); strings.ContainsAny(got, "; ,'\"\r\n\t*") {
			t.Errorf("formTarget(%q) = %q breaks the policy", address, got)
		}
	})
}

func TestStatus(t *testing.T) {
	kinds := fault.Kinds()
	if got, want := len(answers), len(kinds); got != want {
		t.Fatalf("%d kinds are mapped, want %d", got, want)
	}
	p := newPages(t, Options{})
	for _, kind := range kinds {
		if answers[kind].status < 400 || answers[kind].mender == MenderByKind {
			t.Errorf("%s is not mapped: %+v", kind, answers[kind])
		}
		page := Page{Content: Refusal{Fault: fault.New(kind, fault.CodeInternal)}}
		if got, want := render(t, p, "/", page).Code, Status(kind); got != want {
			t.Errorf("refusal of kind %s has status %d, want %d", kind, got, want)
		}
	}
	for _, test := range []struct {
		page Page
		want int
	}{
		{Page{Content: Notice{}}, http.StatusOK},
		{Page{Content: Notice{}, Status: http.StatusNotFound}, http.StatusNotFound},
		{Page{Content: Refusal{}}, http.StatusInternalServerError},
		{Page{Content: Refusal{Fault: fault.New(fault.Kind(200), "x")}}, http.StatusInternalServerError},
	} {
		if got := render(t, p, "/", test.page).Code; got != test.want {
			t.Errorf("status of %+v = %d, want %d", test.page, got, test.want)
		}
	}
}

func TestMender(t *testing.T) {
	tests := []struct {
		refusal Refusal
		want    Key
	}{
		{Refusal{Fault: fault.New(fault.Forbidden, "x")}, "refusal.who.administrator"},
		{Refusal{Fault: fault.New(fault.Forbidden, "x"), Mender: MenderProvider}, "refusal.who.provider"},
		{Refusal{}, "refusal.who.operator"},
		{Refusal{Mender: Mender(99)}, "refusal.who.operator"},
	}
	for _, test := range tests {
		if got := test.refusal.Who(); got != test.want {
			t.Errorf("Who of %+v = %q, want %q", test.refusal, got, test.want)
		}
	}
}
