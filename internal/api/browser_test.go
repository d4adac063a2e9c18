package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
)

// tab is a page in a browser of somebody who is signed in.
type tab struct {
	cookie string // as a header
	csrf   string
}

// tab signs somebody in at another browser.
func (h *house) tab(who session.Start) tab {
	h.t.Helper()
	who.Methods, who.Origin = []string{identity.ByPassword}, origin
	started := must(h.o.Sessions.Start(h.t.Context(), who))(h.t)
	return tab{"Cookie: " + h.o.Cookies.Name() + "=" + started.Word, session.FormToken(started.Word)}
}

// at is a member of an estate who signs in.
func (e estate) at(p identity.Person) session.Start {
	return session.Start{Account: p.Account, Member: p.Member, Organization: e.organization}
}

// The headers that browsers and pages send.
const (
	ownPage   = "Sec-Fetch-Site: same-origin"
	ownOrigin = "Origin: https://id.example:8443"
)

func TestSessionOfABrowser(t *testing.T) {
	h := newHouse(t)
	owner := h.tab(h.acme.at(h.acme.owner))
	me := read[Me](t, h.request("GET", prefix+"/me", "", owner.cookie, ownPage), http.StatusOK)
	if me.Kind != "member" || me.Role != "owner" || me.MemberID != string(h.acme.owner.Member.ID) || me.CSRFToken != owner.csrf {
		t.Errorf("GET /me tells %+v", me)
	}
	if got := read[Me](t, h.as(theOwner, "GET", "/me", ""), http.StatusOK); got.CSRFToken != "" {
		t.Errorf("a token is told the word %q", got.CSRFToken)
	}
	const path = prefix + "/organizations/acme"
	changed := h.request("PATCH", path, `{"name":"Changed"}`, owner.cookie, ownPage, ownOrigin, headerCSRF+": "+me.CSRFToken)
	if o := read[Organization](t, changed, http.StatusOK); o.Name != "Changed" {
		t.Errorf("the organisation is called %q", o.Name)
	}
	if want := string(h.acme.owner.Member.ID) + " " + string(h.acme.organization.ID); len(h.noted) == 0 || h.noted[0] != want {
		t.Errorf("the access log was told %q, want %q", h.noted, want)
	}
	refused(t, h.request("GET", prefix+"/organizations/beta", "", owner.cookie, ownPage), http.StatusForbidden, "forbidden")
}

// What other pages make a browser send is nobody's, whatever the cookie.
func TestForeignPagesHaveNoSession(t *testing.T) {
	h := newHouse(t)
	owner := h.tab(h.acme.at(h.acme.owner))
	word := headerCSRF + ": " + owner.csrf
	for _, tt := range []struct {
		name    string
		headers []string
		status  int
		code    string
	}{
		{"our own page", []string{ownPage, ownOrigin, word}, 204, ""},
		{"our own page, of a browser that does not tell", []string{word}, 204, ""},
		{"another site", []string{"Sec-Fetch-Site: cross-site", word}, 401, "token_missing"},
		{"a neighbouring host", []string{"Sec-Fetch-Site: same-site", word}, 401, "token_missing"},
		{"a typed address", []string{"Sec-Fetch-Site: none", word}, 401, "token_missing"},
		{"two answers", []string{ownPage, "Sec-Fetch-Site: cross-site", word}, 401, "token_missing"},
		{"a foreign origin", []string{"Origin: https://evil.example", word}, 401, "token_missing"},
		{"a foreign origin beside our word", []string{ownPage, "Origin: https://evil.example", word}, 401, "token_missing"},
		{"no origin that one may tell", []string{"Origin: null", word}, 401, "token_missing"},
		{"our host without its port", []string{"Origin: https://id.example", word}, 401, "token_missing"},
		{"our host without https", []string{"Origin: http://id.example:8443", word}, 401, "token_missing"},
		{"a simple form", []string{"Content-Type: application/x-www-form-urlencoded", ownOrigin}, 401, "token_missing"},
		{"nothing but the cookie", nil, 401, "token_missing"},
		{"no word", []string{ownPage, ownOrigin}, 403, "csrf_token"},
		{"an empty word", []string{ownPage, headerCSRF + ": "}, 403, "csrf_token"},
		{"a word of another session", []string{ownPage, headerCSRF + ": " + session.FormToken("another")}, 403, "csrf_token"},
		{"two cookies of the name", []string{owner.cookie + "x", ownPage, word}, 401, "token_missing"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w := h.request("DELETE", prefix+"/organizations/acme/members/"+string(h.acme.member.Member.ID)+"/sessions/"+h.sessions[anyMember], "",
				append([]string{owner.cookie}, tt.headers...)...)
			if tt.code == "" {
				if w.Code != tt.status && w.Code != http.StatusNotFound { // it is gone after the first
					t.Errorf("got %d %s", w.Code, w.Body)
				}
				return
			}
			refused(t, w, tt.status, tt.code)
		})
	}
}

// To read, a page says where it is; the word is for whoever cannot.
func TestReadingByASession(t *testing.T) {
	h := newHouse(t)
	member := h.tab(h.acme.at(h.acme.member))
	for _, tt := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"our own page", []string{ownPage}, 200},
		{"with our own header", []string{headerCSRF + ": any"}, 200},
		{"another site", []string{"Sec-Fetch-Site: cross-site"}, 401},
		{"a link", []string{"Sec-Fetch-Site: none"}, 401},
		{"nothing but the cookie", nil, 401},
	} {
		if w := h.request("GET", prefix+"/me", "", append([]string{member.cookie}, tt.headers...)...); w.Code != tt.status {
			t.Errorf("%s: %d, want %d; %s", tt.name, w.Code, tt.status, w.Body)
		}
	}
}

// Of a token and a session the token counts, good or not.
func TestATokenBesideASession(t *testing.T) {
	h := newHouse(t)
	owner := h.tab(h.acme.at(h.acme.owner))
	both := read[Me](t, h.as(anyMember, "GET", "/me", "", owner.cookie, ownPage), http.StatusOK)
	if both.Role != "member" || both.CSRFToken != "" {
		t.Errorf("both tell %+v, want the member of the token", both)
	}
	for _, header := range []string{"Authorization: Bearer ", "X-Access-Token: ogt_x", "Authorization: Basic YTpi"} {
		if w := h.request("GET", prefix+"/me", "", owner.cookie, ownPage, header); w.Code != http.StatusUnauthorized {
			t.Errorf("%s beside a session: %d", header, w.Code)
		}
	}
}

func TestSessionsThatDoNotCount(t *testing.T) {
	h := newHouse(t)
	start := h.acme.at(h.acme.member)
	start.MustChange = true
	forced := h.tab(start)
	refused(t, h.request("GET", prefix+"/me", "", forced.cookie, ownPage), http.StatusForbidden, "password_change_required")
	ended := h.tab(h.acme.at(h.acme.member))
	_, word, _ := strings.Cut(ended.cookie, "=")
	must(0, h.o.Sessions.End(t.Context(), word, identity.EndedBySignOut, origin))(t)
	refused(t, h.request("GET", prefix+"/me", "", ended.cookie, ownPage), http.StatusUnauthorized, "session_ended")
	unknown := "Cookie: " + h.o.Cookies.Name() + "=ogs_none"
	refused(t, h.request("GET", prefix+"/me", "", unknown, ownPage), http.StatusUnauthorized, "session_unknown")
}

// Whoever has an account of their own and no organisation is served what is theirs.
func TestAPersonAtABrowser(t *testing.T) {
	h := newHouse(t)
	erna := must(h.o.Directory.Register(t.Context(), origin, directory.NewPerson{Name: "Erna", Contact: "erna@mail.example", Password: password}))(t)
	person := h.tab(session.Start{Account: erna})
	own := read[collection[OwnOrganization]](t, h.request("GET", prefix+"/me/organizations", "", person.cookie, ownPage), http.StatusOK)
	if len(own.Items) != 0 {
		t.Errorf("hers are %+v", own.Items)
	}
	made := h.request("POST", prefix+"/me/organizations", `{"name":"Erna Ltd","code":"erna"}`, person.cookie, ownPage, headerCSRF+": "+person.csrf)
	if o := read[Organization](t, made, http.StatusCreated); o.Code != "erna" {
		t.Errorf("made %+v", o)
	}
	refused(t, h.request("GET", prefix+"/organizations", "", person.cookie, ownPage), http.StatusForbidden, "forbidden")
}
