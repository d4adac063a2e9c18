package main

import (
	"bufio"
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// visitors are two organisations of which the second has a source.
func visitors() *population {
	p := &population{tenants: []tenant{newTenant(0, time.Now()), newTenant(1, time.Now())}, tokens: make([]string, 10)}
	p.tenants[1].source = "src_2"
	return p
}

func TestSSOReturn(t *testing.T) {
	p := visitors()
	then := ssoReturn(p)
	to := "https://centre.example/authorize?" + url.Values{
		"state": {"a b"}, "redirect_uri": {publicAddress().String() + callbackPath + "src_2"},
	}.Encode()
	next, ok := then(http.StatusFound, &line{location: to}, nil)
	request, err := http.ReadRequest(bufio.NewReader(bytes.NewReader(next)))
	if !ok || err != nil {
		t.Fatalf("got %v, %v", ok, err)
	}
	code := request.URL.Query().Get("code")
	if request.URL.Path != callbackPath+"src_2" || request.URL.Query().Get("state") != "a b" {
		t.Errorf("got %s", request.URL)
	}
	for i := range p.tokens {
		if thirdAccount(i) == code && i%2 != 1 {
			t.Errorf("%s is not of the organisation whose centre was asked", code)
		}
	}
	if word, found := session.NewFlowCookies(publicAddress()).Read(request); !found || word != browserWord {
		t.Errorf("got the flow cookie %q", word)
	}
	for name, tt := range map[string]struct {
		status int
		line   line
	}{
		"a page":           {http.StatusOK, line{}},
		"an unknown one":   {http.StatusFound, line{location: strings.Replace(to, "src_2", "src_3", 1)}},
		"no address":       {http.StatusFound, line{location: ":"}},
		"back to the page": {http.StatusSeeOther, line{location: "/sso"}},
		"no session":       {http.StatusSeeOther, line{location: "/"}},
	} {
		if _, ok := then(tt.status, &tt.line, nil); ok {
			t.Errorf("%s was taken for a step of a sign-in", name)
		}
	}
}

func TestEnters(t *testing.T) {
	cookie := session.NewCookies(publicAddress()).Name() + "=word; Path=/\n"
	for _, tt := range []struct {
		status int
		line   line
		want   bool
	}{
		{http.StatusSeeOther, line{location: "/", cookies: cookie}, true},
		{http.StatusSeeOther, line{location: "/"}, false},
		{http.StatusSeeOther, line{location: "/password/change", cookies: cookie}, false},
		{http.StatusUnauthorized, line{}, false},
	} {
		if next, ok := enters(nil)(tt.status, &tt.line, nil); ok != tt.want || next != nil {
			t.Errorf("%d to %q: got %v, want %v", tt.status, tt.line.location, ok, tt.want)
		}
	}
}

// A case of two requests counts once, and one that ends early is a failure.
func TestDriveGoesOn(t *testing.T) {
	l := loadOn(t, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/second" {
			http.Redirect(w, r, "/second", http.StatusFound)
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		w.WriteHeader(http.StatusNoContent)
	})
	l.then = func(status int, a *line, buf []byte) ([]byte, bool) {
		if status == http.StatusFound {
			return appendVisit(buf, http.MethodGet, a.location, "", ""), true
		}
		return nil, status == http.StatusNoContent && a.cookies == "a=b\n"
	}
	s, err := drive(t.Context(), l)
	if err != nil || s.failed() != 0 {
		t.Errorf("got %+v, %v", s, err)
	}
	l.then = func(int, *line, []byte) ([]byte, bool) { return nil, false }
	if s, err := drive(t.Context(), l); err == nil || s.failed() == 0 {
		t.Errorf("failures were not counted: %+v, %v", s, err)
	}
}

func TestCentre(t *testing.T) {
	handler := (&centre{}).handler()
	ask := func(r *http.Request) string {
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		return w.Body.String()
	}
	form := httptest.NewRequest(http.MethodPost, centreToken, strings.NewReader("code=u1"))
	form.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if got := ask(form); !strings.Contains(got, `"access_token":"u1"`) {
		t.Errorf("got %s", got)
	}
	who := httptest.NewRequest(http.MethodGet, centreUserInfo, nil)
	who.Header.Set("Authorization", "Bearer u1")
	if got := ask(who); !strings.Contains(got, `"account":"u1"`) {
		t.Errorf("got %s", got)
	}
	c, err := startCentre()
	if err != nil {
		t.Fatal(err)
	}
	answer, err := http.Get("http://" + c.addr + centreUserInfo)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, answer.Body)
	answer.Body.Close()
	if err := c.close(); err != nil {
		t.Error(err)
	}
}

func TestSourcesOfThePopulation(t *testing.T) {
	filled(t, func(t *testing.T, p *population, db *store.DB) {
		err := db.View(t.Context(), func(tx *store.Tx) error {
			for i, o := range p.tenants {
				if i%2 == 0 {
					if o.source != "" {
						t.Errorf("%s has a centre, and nobody is left who signs in by password", o.code)
					}
					continue
				}
				s, err := tx.Sources.Get(o.id, o.source)
				if err != nil || !s.Enabled || s.Domain != o.domain || s.Kind != identity.SourceOAuth2 {
					t.Errorf("%s: %+v, %v", o.code, s.Domain, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
}
