package setup

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// keep stores the story of a refused sign-in and returns its code.
func (h *consoleHouse) keep(org identity.OrganizationID, who string) string {
	h.t.Helper()
	story := h.o.Traces.Begin(trace.PasswordLogin, consoleOrigin)
	story.About(org, who)
	story.Check(trace.Password, false, trace.Detail{Received: "a wrong one"})
	story.End(trace.Refused)
	code := story.Code()
	h.o.Traces.Keep(story)
	must(h.t, h.o.Traces.Flush(h.t.Context()))
	return code
}

// keepOf is keep for a story about an application.
func (h *consoleHouse) keepOf(a identity.Application) string {
	h.t.Helper()
	story := h.o.Traces.Begin(trace.Authorizing, consoleOrigin)
	story.AboutApplication(a)
	story.End(trace.Refused)
	h.o.Traces.Keep(story)
	must(h.t, h.o.Traces.Flush(h.t.Context()))
	return story.Code()
}

// TestWhoSeesWhichPage walks through every page of Acme as everybody.
func TestWhoSeesWhichPage(t *testing.T) {
	h := newConsoleHouse(t)
	carls, ninas := h.keep(h.acme.ID, "carl@acme.own"), h.keep(h.nova.ID, "nina@nova.own")
	anna := h.as("anna")
	try := h.begin(anna, anna.get("/console/acme/sso").form("try", "client_secret", typedSecret))
	pages := map[string]struct {
		address string
		want    map[string]int
	}{
		"start":          {"/console/", answers(200, 200, 200, 200, 200)},
		"settings":       {"/console/acme/sso", answers(403, 200, 200, 200, 403)},
		"settings by id": {"/console/" + string(h.acme.ID) + "/sso", answers(403, 200, 200, 200, 403)},
		"no such house":  {"/console/nowhere/sso", answers(403, 403, 403, 404, 403)},
		"a try":          {"/console/sso/acme/tries/" + try, answers(403, 200, 200, 200, 403)},
		"values of it":   {"/console/acme/sso?try=" + try, answers(403, 200, 200, 200, 403)},
		"a try of nova":  {"/console/sso/nova/tries/" + try, answers(403, 403, 403, 404, 404)},
		"no such try":    {"/console/sso/acme/tries/try_0", answers(403, 404, 404, 404, 403)},
		"find a trace":   {"/console/traces", answers(200, 200, 200, 200, 200)},
		"traces":         {"/console/acme/traces", answers(403, 200, 200, 200, 403)},
		"trace":          {"/console/traces/" + carls, answers(404, 200, 200, 200, 404)},
		"found trace":    {"/console/traces?code=" + carls, answers(404, 303, 303, 303, 404)},
		"foreign trace":  {"/console/traces/" + ninas, answers(404, 404, 404, 200, 200)},
		"no such trace":  {"/console/traces/ABCDEFGH", answers(404, 404, 404, 404, 404)},
		"applications":   {"/console/acme/applications", answers(403, 200, 200, 200, 403)},
		"no application": {"/console/acme/applications/none/try", answers(403, 404, 404, 404, 403)},
		"no app's try":   {"/console/acme/application-tries/try_0", answers(403, 404, 404, 404, 403)},
		"no try's end":   {"/console/acme/application-tries/try_0/callback", answers(403, 404, 404, 404, 403)},
		"no page":        {"/console/acme/other", answers(404, 404, 404, 404, 404)},
	}
	visitors := map[string]*visitor{}
	for name := range answers(0, 0, 0, 0, 0) {
		visitors[name] = h.as(name)
	}
	for what, page := range pages {
		for name, want := range page.want {
			if got := visitors[name].get(page.address); got.status != want {
				t.Errorf("%s for %s: got %d, want %d\n%s", what, name, got.status, want, got.body)
			}
		}
		door := "/login?return_to=" + url.QueryEscape(page.address)
		h.as("").get(page.address).wants(t, what+" for nobody", http.StatusSeeOther, door)
		(&visitor{h: h, word: "no-such-session"}).get(page.address).wants(t, what+" with a dead session", http.StatusSeeOther, door)
		h.as("dora").get(page.address).wants(t, what+" before another password", http.StatusSeeOther, "/password/change")
	}
}

// answers are those to a member, an administrator and the owner of Acme, an
// administrator of the provider, and the owner of another organisation.
func answers(member, administrator, owner, provider, foreign int) map[string]int {
	return map[string]int{"carl": member, "ben": administrator, "anna": owner, "root": provider, "nina": foreign}
}

func TestStartListsWhatOneAdministers(t *testing.T) {
	h := newConsoleHouse(t)
	for name, want := range map[string][]string{
		"carl": nil, "ben": {"acme"}, "anna": {"acme"}, "nina": {"nova"}, "root": {"acme", "nova"},
	} {
		body := h.as(name).get("/console/").body
		for _, code := range []string{"acme", "nova"} {
			if got := strings.Contains(body, `href="/console/`+code+`/sso"`); got != slices.Contains(want, code) {
				t.Errorf("%s is shown %s: %t", name, code, got)
			}
		}
		if got := strings.Contains(body, `name="q"`); got != (name == "root") {
			t.Errorf("%s may search: %t", name, got)
		}
	}
	if body := h.as("root").get("/console/?q=nov").body; strings.Contains(body, "/console/acme/") || !strings.Contains(body, "/console/nova/") {
		t.Errorf("the search for nov found\n%s", body)
	}
}

func TestTracePages(t *testing.T) {
	h := newConsoleHouse(t)
	h.keep(h.nova.ID, "nina@nova.own")
	code := h.keep(h.acme.ID, `<b>carl</b>`)
	ben := h.as("ben")
	list := ben.get("/console/acme/traces")
	list.wants(t, "the list", http.StatusOK, "", "/console/traces/"+code, "&lt;b&gt;carl&lt;/b&gt;")
	if strings.Contains(list.body, "nina@nova.own") {
		t.Error("the list shows another organisation's")
	}
	ben.get("/console/traces/"+strings.ToLower(code)).wants(t, "the trace", http.StatusOK, "",
		"a wrong one", string(trace.Password), consoleOrigin.RequestID, consoleOrigin.Address.String(), "&lt;b&gt;carl&lt;/b&gt;", "Acme Ltd")
	ben.get("/console/traces?code=+"+code+"+").wants(t, "a search", http.StatusSeeOther, "/console/traces/"+code)
	ben.get("/console/traces?code=%22%3E%3Cscript%3E").wants(t, "a search for markup", http.StatusNotFound, "", "&#34;&gt;&lt;script&gt;", `role="alert"`)
	// The request id is shared by both; the foreign one does not show.
	found := ben.get("/console/traces/" + consoleOrigin.RequestID)
	if found.wants(t, "by request", http.StatusOK, "", code); strings.Contains(found.body, "nina@nova.own") {
		t.Error("the request id shows another organisation's trace")
	}
}

func TestOlderTracesAreOnAnotherPage(t *testing.T) {
	h := newConsoleHouse(t)
	first := h.keep(h.acme.ID, "carl@acme.own")
	for range tracePage {
		h.clock.Advance(time.Millisecond)
		h.keep(h.acme.ID, "carl@acme.own")
	}
	ben := h.as("ben")
	newest := ben.get("/console/acme/traces")
	_, next, more := strings.Cut(newest.body, `<p class="more"><a href="`)
	if next, _, _ = strings.Cut(next, `"`); !more || strings.Contains(newest.body, first) {
		t.Fatalf("the first page leads to %q\n%s", next, newest.body)
	}
	ben.get(next).wants(t, "the second page", http.StatusOK, "", first)
}

func TestTracesOfAnApplication(t *testing.T) {
	h := newConsoleHouse(t)
	apps := map[string]identity.Application{}
	for _, id := range []string{"wiki", "desk"} {
		a, _, err := h.o.Applications.AddApplication(t.Context(), identity.Actor{Kind: identity.ActsAsConsole}, h.acme.ID, application.NewApplication{
			ClientID: id, Protocol: identity.ProtocolOIDC,
			Settings: application.ApplicationChange{Name: &id, HomeURLs: &[]string{"https://" + id + ".example/cb"}},
		})
		must(t, err)
		apps[id] = a
	}
	ofWiki, ofDesk := h.keepOf(apps["wiki"]), h.keepOf(apps["desk"])
	ben := h.as("ben")
	address := "/console/acme/traces?application=wiki"
	ben.get("/console/acme/applications").wants(t, "the applications", http.StatusOK, "", `href="`+address+`"`)
	only := ben.get(address)
	only.wants(t, "the wiki's", http.StatusOK, "", "/console/traces/"+ofWiki, `href="/console/acme/traces"`)
	if strings.Contains(only.body, ofDesk) {
		t.Error("the wiki's list shows a story of the desk")
	}
	ben.get("/console/acme/traces").wants(t, "all", http.StatusOK, "", ofWiki, ofDesk)
	ben.get("/console/acme/traces?application=none").wants(t, "of none", http.StatusNotFound, "")
}
