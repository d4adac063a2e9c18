package protocol

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func TestWithQueryLeavesTheAddressAsItIs(t *testing.T) {
	for address, want := range map[string]string{
		"https://a.example/x":      "https://a.example/x?t=1",
		"https://a.example/x?":     "https://a.example/x?t=1",
		"https://a.example/x?b=%2": "https://a.example/x?b=%2&t=1",
		"https://a.example/x?b&":   "https://a.example/x?b&t=1",
	} {
		if got := WithQuery(address, "t=1"); got != want {
			t.Errorf("%s: got %s, want %s", address, got, want)
		}
	}
}

func TestLeadLeavesNoTrail(t *testing.T) {
	w := httptest.NewRecorder()
	Lead(w, "https://a.example/?code=c", http.StatusFound)
	h := w.Header()
	if w.Code != http.StatusFound || h.Get("Location") != "https://a.example/?code=c" || h.Get("Cache-Control") != "no-store" || h.Get("Referrer-Policy") != "no-referrer" {
		t.Errorf("got %d %v", w.Code, h)
	}
}

func TestCodeOfAnError(t *testing.T) {
	host := Host{Origin: func(*http.Request) identity.Origin { return identity.Origin{RequestID: "of-the-request"} }}
	plain := fault.New(fault.Invalid, fault.CodeMalformed)
	kept := WithCode(plain, "K7QF93TX")
	if got := host.CodeOf(nil, kept); got != "K7QF93TX" || !errors.Is(kept, plain) {
		t.Errorf("got %s of %v", got, kept)
	}
	if got := host.CodeOf(nil, plain); got != "of-the-request" {
		t.Errorf("got %s", got)
	}
}
