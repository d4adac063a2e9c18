package api

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

var update = flag.Bool("update", false, "write the golden files")

// TestProblemDocuments compares refusals of every sort, in both languages.
func TestProblemDocuments(t *testing.T) {
	h := newHouse(t)
	secret := "hunter2-hunter2"
	tests := []struct {
		name, method, path, body string
		who                      caller
	}{
		{"no token", "GET", "/me", "", nobody},
		{"not allowed", "GET", "/organizations", "", theOwner},
		{"not there", "GET", "/organizations/nowhere", "", providerToken},
		{"no such address", "GET", "/nothing", "", providerToken},
		{"no such method", "PUT", "/organizations", "{}", providerToken},
		{"not JSON", "POST", "/organizations", `{"name":`, providerToken},
		{"a name twice", "POST", "/organizations", `{"name":"a","name":"b"}`, providerToken},
		{"no body", "POST", "/organizations", "", providerToken},
		{
			"everything wrong", "POST", "/organizations/acme/members",
			`{"password":["` + secret + `"],"unheard":"` + secret + `","role":"` + secret + `","hide_mobile":1,"sort_level":"1","attributes":[]}`, administrator,
		},
		{"deep down", "PATCH", "/organizations/acme", `{"password_rules":{"min_length":1.5,"Min_length":2}}`, administrator},
		{"broken rules", "PATCH", "/organizations/acme/members/" + string(h.acme.other.Member.ID), `{"third_account":"a:b","sort_level":-1,"title":"` +
			strings.Repeat("x", 33) + `"}`, administrator},
		{"taken", "POST", "/organizations/acme/members", `{"name":"x","account":"ACME-member"}`, administrator},
		{"a parameter nobody knows", "GET", "/organizations/acme/members?limit=x&statu=active", "", administrator},
		{"out of range", "GET", "/organizations/acme/members?limit=1000", "", administrator},
		{"not among the choices", "GET", "/organizations/acme/members?role=boss", "", administrator},
		{"a cursor of somebody's", "GET", "/organizations/acme/members?cursor=AAAA", "", administrator},
	}
	for _, language := range []string{"en-US", "zh-CN"} {
		t.Run(language, func(t *testing.T) {
			var got bytes.Buffer
			for _, tt := range tests {
				w := h.as(tt.who, tt.method, tt.path, tt.body, "Accept-Language: "+language)
				fmt.Fprintf(&got, "== %s\n%d %s %s\n%s", tt.name, w.Code, w.Header().Get("Content-Language"), w.Header().Get("Allow"), w.Body)
			}
			if bytes.Contains(got.Bytes(), []byte("hunter2")) {
				t.Error("an answer repeats a value that was sent")
			}
			file := filepath.Join("testdata", "problems."+language+".golden")
			if *update {
				if err := errors.Join(os.MkdirAll("testdata", 0o755), os.WriteFile(file, got.Bytes(), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%s differs (%v); compare, then run go test -update\ngot:\n%s", file, err, got.Bytes())
			}
		})
	}
}

// TestEveryKindHasAStatus checks the table, and that a failure of the server
// tells nothing of itself.
func TestEveryKindHasAStatus(t *testing.T) {
	h := newHouse(t)
	c := &call{s: newSurface(h.o), r: httptest.NewRequest(http.MethodGet, "/", nil), origin: origin, language: "en-US"}
	for _, kind := range fault.Kinds() {
		if _, ok := statuses[kind]; !ok {
			t.Errorf("%s has no status", kind)
		}
		for _, language := range []string{"en-US", "zh-CN"} {
			if !h.o.Catalogue.Has("en-US", "problem."+kind.String()) {
				t.Errorf("%s has no title in %s", kind, language)
			}
		}
		w := httptest.NewRecorder()
		c.write(w, fault.New(kind, fault.CodeConflict).Because(errors.New("dial db.internal: refused")))
		if strings.Contains(w.Body.String(), "db.internal") {
			t.Errorf("%s shows its cause: %s", kind, w.Body)
		}
	}
	if p := c.problem(errors.New("disk full")); p.Status != 500 || p.Code != "internal" {
		t.Errorf("a plain error became %+v", p)
	}
	if p := c.problem(fault.New(fault.TooMany, fault.CodeLocked).With("seconds", 7)); p.headers.Get("Retry-After") != "7" {
		t.Errorf("Retry-After: %q", p.headers.Get("Retry-After"))
	}
}

// TestNeverFails sends every operation what it is not made for.
func TestNeverFails(t *testing.T) {
	h := newHouse(t)
	long := strings.Repeat("x", 4000)
	bodies := []string{
		"", "null", "[]", "{}", `"x"`, "1e999", "{", "\xff", `{"name":"\u0000"}`, `{"name":"` + long + `"}`, `{"name":null}`,
		`{"name":"a\u0007b"}`, `{"name":"\ud800"}`, strings.Repeat(`[`, 9000), `{"files":[{"name":"a","data":"]"}]}`,
		`{"name":"x","sort_level":99999999999999999999}`, `{"name":"x","limits":{"members":-9}}`, `{"sign_in_rules":{"lock_for_seconds":9223372036854775807}}`,
		`{"password_rules":{"min_age_seconds":-5}}`, `{"name":"x","max_ahead_seconds":9223372036854775807}`, `{"name":"x","life_days":106752}`,
		`{"host":"x","port":-1,"from":"","tls":"none"}`, `{"url":"::","secret":"short"}`, `{"attributes":{"":null}}`, `{"name":"x","attributes":{"a\u0000":"b"}}`,
	}
	for _, o := range operations(t) {
		if o.method == "DELETE" {
			continue
		}
		for _, body := range bodies {
			h.as(providerToken, o.method, h.path(theOwner, o, h.acme, h.acme), body)
		}
	}
	for _, odd := range []string{"%00", "%ff", "%2e%2e", "..", "%2F", long, "a%20b", "%E2%80%8B", "'", "%25", "*"} {
		for _, o := range operations(t) {
			path := strings.NewReplacer("{org}", odd, "{dept}", odd, "{member}", odd, "{app_id}", odd, "{account}", odd, "{token}", odd, "{id}", odd, "{session}", odd,
				"{request}", odd, "{group}", odd, "{client_id}", odd, prefix, "").Replace(o.path)
			within := strings.NewReplacer("{org}", "acme", "{dept}", odd, "{member}", odd, "{app_id}", odd, "{session}", odd,
				"{request}", odd, "{group}", odd, "{client_id}", odd).Replace(strings.TrimPrefix(o.path, prefix))
			for _, at := range []string{path, within} {
				if strings.Contains(o.path, "{") && !strings.Contains(at, "{") && strings.Contains(at, odd) {
					h.as(providerToken, o.method, at, `{"name":"x"}`)
				}
			}
			h.as(providerToken, "GET", strings.SplitN(within, "{", 2)[0]+"?q="+odd+"&type="+odd+"&cursor="+odd+"&limit="+odd, "")
		}
	}
}

// TestTooLarge checks the bound of bodies.
func TestTooLarge(t *testing.T) {
	h := newHouse(t)
	body := `{"name":"` + strings.Repeat("x", maxBody) + `"}`
	refused(t, h.as(providerToken, "POST", "/organizations", body), http.StatusRequestEntityTooLarge, "too_large")
	p := refused(t, h.as(providerToken, "POST", "/organizations", `{}`, "Content-Type: text/yaml"), 422, "field_missing")
	if len(p.Errors) != 1 || p.Errors[0].Field != "name" {
		t.Errorf("got %+v", p.Errors)
	}
	r := httptest.NewRequest(http.MethodPost, prefix+"/organizations", strings.NewReader("name: x"))
	r.Header.Set("Content-Type", "text/yaml")
	r.Header.Set("Authorization", "Bearer "+h.words[providerToken])
	w := httptest.NewRecorder()
	h.surface.ServeHTTP(w, r)
	refused(t, w, 422, "field_format")
}
