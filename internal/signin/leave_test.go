package signin

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/store"
)

const exitURL = "https://wiki.example/bye?state=x"

// leave has an application wish that a browser signs out.
func (b *browser) leave(d protocol.Departure) answer {
	b.h.t.Helper()
	r := httptest.NewRequestWithContext(b.h.t.Context(), http.MethodGet, b.h.server.URL+"/oauth2/logout", nil)
	for _, cookie := range b.jar.Cookies(b.h.base) {
		r.AddCookie(cookie)
	}
	w := httptest.NewRecorder()
	b.h.handler.Load().Leave(w, r, d)
	b.jar.SetCookies(b.h.base, w.Result().Cookies())
	return answer{w.Code, w.Result().Header, w.Body.String()}
}

// session is the one in the browser.
func (b *browser) session() identity.Session {
	b.h.t.Helper()
	signed, err := b.h.o.Sessions.Check(b.h.t.Context(), b.word())
	if err != nil {
		b.h.t.Fatal(err)
	}
	return signed.Session
}

// wiki is an application of acme that wishes to be told.
func (h *house) wikiEntered(k identity.Session) *identity.Application {
	h.t.Helper()
	return h.entered(k, identity.Application{
		Name: "Wiki <b>W</b>", Protocol: identity.ProtocolOIDC, ExitURL: "https://wiki.example/bye",
		OAuth: &identity.OAuthSettings{BackchannelURL: "https://wiki.example/logout"},
	})
}

// boardEntered is an application of CAS that was entered in a session.
func (h *house) boardEntered(k identity.Session) {
	h.t.Helper()
	h.entered(k, identity.Application{Name: "Board", Protocol: identity.ProtocolCAS, CAS: &identity.CASSettings{
		ServicePrefixes: []string{"https://board.example/pages/"},
	}})
}

// entered adds an application and enters it in a session.
func (h *house) entered(k identity.Session, a identity.Application) *identity.Application {
	h.t.Helper()
	a.ID, a.OrganizationID, a.Status = identity.NewApplicationID(h.clock.Now()), h.acme.ID, identity.ApplicationActive
	a.ClientID = string(identity.NewApplicationID(h.clock.Now()))
	err := h.db.Update(h.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a test arranges things")
		return tx.Applications.Insert(a)
	})
	if err != nil {
		h.t.Fatal(err)
	}
	p := identity.Participation{SessionID: k.ID, ApplicationID: a.ID, OrganizationID: h.acme.ID, MemberID: k.MemberID, Protocol: a.Protocol, Key: "sid", JoinedAt: h.clock.Now()}
	if err := h.o.Sessions.Join(h.t.Context(), p); err != nil {
		h.t.Fatal(err)
	}
	return &a
}

func wantsGone(t *testing.T, a answer, to string) {
	t.Helper()
	if a.status != http.StatusSeeOther || a.to() != to {
		t.Errorf("status %d, to %q, want %q\n%s", a.status, a.to(), to, a.body)
	}
}

// Where an unproven wish leads: to the origin of an exit address of the
// session's own applications, or nowhere.
func TestWishesToGoAfterwards(t *testing.T) {
	h := newHouse(t)
	for wish, followed := range map[string]bool{
		"https://wiki.example/bye": true, "https://wiki.example/elsewhere?x=1": true,
		"https://wiki.example.evil/bye": false, "https://wiki.example@evil.example/bye": false, "http://wiki.example/bye": false,
		"https://board.example/pages/1": true, "https://board.example/other": false, "https://board.example/pages/../x": false,
		"//wiki.example/bye": false, "javascript:alert(1)": false, "https://desk.example/bye": false,
	} {
		b := h.browser().in("anna")
		h.wikiEntered(b.session())
		h.boardEntered(b.session())
		a := b.leave(protocol.Departure{Sure: true, Wish: wish})
		if got := a.to() == wish; got != followed || b.word() != "" || a.status != http.StatusSeeOther {
			t.Errorf("%s: status %d, to %q", wish, a.status, a.to())
		}
		if a := b.leave(protocol.Departure{Sure: true, Wish: wish}); a.to() == wish {
			t.Errorf("%s: followed although nobody is signed in", wish)
		}
	}
}

func TestNobodyLeaves(t *testing.T) {
	h := newHouse(t)
	wantsGone(t, h.browser().leave(protocol.Departure{To: exitURL}), exitURL)
	wantsGone(t, h.browser().leave(protocol.Departure{Session: "ses_x"}), signOutPath)
}

// Whoever proves which session it means signs it out without a question.
func TestLeavingAtOnce(t *testing.T) {
	h := newHouse(t)
	for name, tt := range map[string]struct {
		departure func(k identity.Session) protocol.Departure
		asked     bool
	}{
		"this very session": {func(k identity.Session) protocol.Departure { return protocol.Departure{Session: k.ID, To: exitURL} }, false},
		"sure":              {func(identity.Session) protocol.Departure { return protocol.Departure{Sure: true, To: exitURL} }, false},
		"another session":   {func(identity.Session) protocol.Departure { return protocol.Departure{Session: "ses_x", To: exitURL} }, true},
		"none proven":       {func(identity.Session) protocol.Departure { return protocol.Departure{To: exitURL} }, true},
	} {
		t.Run(name, func(t *testing.T) {
			b := h.browser().in("carl")
			word := b.word()
			a := b.leave(tt.departure(b.session()))
			if tt.asked {
				if a.status != http.StatusOK || b.word() != word {
					t.Fatalf("status %d, to %q", a.status, a.to())
				}
				b.session() // it lives
				return
			}
			wantsGone(t, a, exitURL)
			if _, err := h.o.Sessions.Check(t.Context(), word); err == nil || b.word() != "" {
				t.Errorf("still signed in: %v, %q", err, b.word())
			}
		})
	}
}

func TestLeavingAsksAndTells(t *testing.T) {
	h := newHouse(t)
	b := h.browser().in("carl")
	wiki := h.wikiEntered(b.session())
	a := b.leave(protocol.Departure{Application: wiki, To: exitURL, Languages: []string{"zh-CN"}})
	policy := a.header.Get("Content-Security-Policy")
	if !strings.Contains(a.body, "Wiki &lt;b&gt;W&lt;/b&gt;") || !strings.Contains(a.body, `lang="zh-CN"`) || !strings.Contains(policy, "form-action 'self' https://wiki.example") {
		t.Errorf("policy %q\n%s", policy, a.body)
	}
	form := a.form()
	// A form of another site, or of another session, signs nobody out.
	forged := url.Values{leaveField: form[leaveField]}
	if got := b.post(signOutPath, forged); got.status != http.StatusForbidden {
		t.Errorf("a form without a token: status %d", got.status)
	}
	wantsGone(t, b.post(signOutPath, form), exitURL)
	wantsGone(t, b.post(signOutPath, form), exitURL) // twice
	if b.word() != "" {
		t.Error("still signed in")
	}
	other := h.browser().in("ben")
	stolen := other.get(signOutPath).form(leaveField, form.Get(leaveField))
	if got := other.post(signOutPath, stolen); strings.HasPrefix(got.to(), "https:") || got.status != http.StatusSeeOther {
		t.Errorf("another session's wish: status %d, to %q", got.status, got.to())
	}
}

// Whoever signs out learns which applications were told, and nobody else.
func TestSignOutReport(t *testing.T) {
	h := newHouse(t)
	b := h.browser().in("carl")
	h.wikiEntered(b.session())
	if devices := b.get("/account/sessions"); !strings.Contains(devices.body, "Wiki &lt;b&gt;W&lt;/b&gt;") {
		t.Errorf("the sessions do not tell of the application:\n%s", devices.body)
	}
	a := b.post(signOutPath, b.get(signOutPath).form())
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), signOutPath+"?report=") {
		t.Fatalf("status %d, to %q", a.status, a.to())
	}
	page := b.get(a.to())
	if !strings.Contains(page.body, "Wiki &lt;b&gt;W&lt;/b&gt;") || !strings.Contains(page.body, "is being told") {
		t.Errorf("status %d\n%s", page.status, page.body)
	}
	if page := b.get(signOutPath + "?report=nonsense"); page.status != http.StatusOK || strings.Contains(page.body, "Wiki") {
		t.Errorf("another report: status %d\n%s", page.status, page.body)
	}
	h.clock.Advance(leaveLife)
	if page := b.get(a.to()); page.status != http.StatusOK || strings.Contains(page.body, "Wiki") {
		t.Errorf("later: status %d\n%s", page.status, page.body)
	}
}

// Whoever came through the enterprise's centre signs out there too.
func TestLeavingThroughTheCentre(t *testing.T) {
	tests := []struct {
		name, exit, to string
		want           func(h *house) string
	}{
		{"with the way back", "/bye?x=1&to={return_url}", exitURL, func(h *house) string {
			return h.centre.URL + "/bye?x=1&to=" + url.QueryEscape(exitURL)
		}},
		{"without", "/bye", exitURL, func(h *house) string { return h.centre.URL + "/bye" }},
		{"to our own page", "/bye?to={return_url}", "", func(h *house) string {
			return h.centre.URL + "/bye?to=" + url.QueryEscape(h.server.URL+signOutPath+"?report=")
		}},
		{"no exit", "", exitURL, func(*house) string { return exitURL }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			h.sso(true)
			exit := tt.exit
			if exit != "" {
				exit = h.centre.URL + exit
			}
			if err := h.o.Sources.SetSSO(t.Context(), console(), h.acme.ID, 0, source.SSOChange{ExitURL: &exit}); err != nil {
				t.Fatal(err)
			}
			b := h.browser()
			b.comeBack(b.state("domain=acme.example&client=web"), "carl")
			a := b.leave(protocol.Departure{Session: b.session().ID, To: tt.to})
			if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), tt.want(h)) || tt.to != "" && a.to() != tt.want(h) {
				t.Errorf("status %d, to %q, want %q", a.status, a.to(), tt.want(h))
			}
		})
	}
}

// An application that was entered at several places stands once, with what is
// gravest.
func TestSeveralEntriesOfOne(t *testing.T) {
	var u session.Use
	for _, state := range []identity.NoticeState{identity.NoticeDelivered, identity.NoticeFailed, identity.NoticePending} {
		u.Applications = append(u.Applications, store.Entered{Name: "Board", Participation: identity.Participation{
			ApplicationID: "app_board", Notice: identity.LogoutNotice{State: state},
		}})
	}
	u.Applications = append(u.Applications, store.Entered{Name: "Wiki", Participation: identity.Participation{
		ApplicationID: "app_wiki", Notice: identity.LogoutNotice{State: identity.NoticeNotAsked},
	}})
	want := []pages.Entered{{Name: "Board", State: pages.ToldFailed}, {Name: "Wiki", State: pages.ToldNotAsked}}
	if got := enteredBy(u); !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
