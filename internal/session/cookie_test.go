package session

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

func TestCookies(t *testing.T) {
	secure, _ := url.Parse("https://id.example")
	plain, _ := url.Parse("http://localhost:8080")
	other, _ := url.Parse("http://localhost:9090")
	tests := []struct {
		name    string
		cookies Cookies
		want    string
	}{
		{"https", NewCookies(secure), "__Host-orgate=word; Path=/; HttpOnly; Secure; SameSite=Lax"},
		{"http", NewCookies(plain), NewCookies(plain).Name() + "=word; Path=/; HttpOnly; SameSite=Lax"},
		{"conversation", NewFlowCookies(secure), "__Host-orgate_flow=word; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := httptest.NewRecorder()
			tt.cookies.Write(w, "word")
			if got := w.Header().Get("Set-Cookie"); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set("Cookie", w.Result().Cookies()[0].Name+"=word")
			if word, ok := tt.cookies.Read(r); word != "word" || !ok {
				t.Errorf("read: got %q, %v", word, ok)
			}
			w = httptest.NewRecorder()
			tt.cookies.Clear(w)
			if got := w.Header().Get("Set-Cookie"); !strings.HasPrefix(got, tt.cookies.Name()+"=; Path=/; Max-Age=0;") {
				t.Errorf("clear: got %s", got)
			}
		})
	}
	if a, b := NewCookies(plain).Name(), NewCookies(other).Name(); a == b || len(a) != len("orgate_")+8 {
		t.Errorf("got %s and %s, want two names", a, b)
	}
}

func TestCookiesThatAreNotRead(t *testing.T) {
	base, _ := url.Parse("https://id.example")
	c := NewCookies(base)
	for name, header := range map[string]string{
		"none":            "",
		"empty":           "__Host-orgate=",
		"another":         "__Host-orgate_flow=a; orgate=b; __host-orgate=c",
		"two of the name": "__Host-orgate=a; __Host-orgate=b",
		"twice the same":  "__Host-orgate=a; __Host-orgate=a",
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Cookie", header)
		if word, ok := c.Read(r); ok || word != "" {
			t.Errorf("%s: got %q", name, word)
		}
	}
}

func TestFormToken(t *testing.T) {
	token := FormToken("word")
	if len(token) != 43 || strings.Contains(token, "word") || token != FormToken("word") {
		t.Errorf("got %s", token)
	}
	for _, tt := range []struct {
		name, word, token string
		want              bool
	}{
		{"its own", "word", token, true},
		{"of another browser", "other", token, false},
		{"cut", "word", token[:42], false},
		{"none", "word", "", false},
		{"nobody's", "", FormToken(""), false},
	} {
		if got := CheckFormToken(tt.word, tt.token); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
	}
}
