package setup

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/source"
)

var triedField = regexp.MustCompile(`name="try" value="(try_[^"]+)"`)

// begin posts a try and returns its id.
func (h *consoleHouse) begin(v *visitor, form url.Values) string {
	h.t.Helper()
	begun := v.post(form)
	found := triedField.FindStringSubmatch(begun.body)
	if begun.status != http.StatusOK || found == nil {
		h.t.Fatalf("the try began with %d\n%s", begun.status, begun.body)
	}
	return found[1]
}

// tryOut makes a whole try and returns the address of its report.
func (h *consoleHouse) tryOut(v *visitor, form url.Values) string {
	h.t.Helper()
	begun := v.post(form)
	_, to, _ := strings.Cut(begun.body, `<a class="button" href="`)
	to, _, _ = strings.Cut(to, `"`)
	if begun.status != http.StatusOK || !strings.HasPrefix(to, h.centre.URL+"/authorize?") {
		h.t.Fatalf("the try began with %d and goes on at %q\n%s", begun.status, to, begun.body)
	}
	// The browser goes to the centre, comes back, and is led to the report.
	back := v.do(http.MethodGet, html.UnescapeString(to), nil)
	report := v.do(http.MethodGet, back.to, nil)
	if report.status != http.StatusSeeOther || !strings.HasPrefix(report.to, "/console/sso/") {
		h.t.Fatalf("back from the centre: %d to %q: %s", report.status, report.to, report.body)
	}
	return report.to
}

// state is what is stored of Acme.
func (h *consoleHouse) state() source.SSOState {
	h.t.Helper()
	state, err := h.o.Sources.SSO(h.t.Context(), asConsole(), h.acme.ID)
	must(h.t, err)
	return state
}

const enableButton = `value="enable"`

func TestFormsOfOthersAreRefused(t *testing.T) {
	h := newConsoleHouse(t)
	anna, ben := h.as("anna"), h.as("ben")
	good := anna.get("/console/acme/sso").form("save", "scope", "changed")
	foreign := ben.get("/console/acme/sso").form("save", "scope", "changed")
	missing := url.Values{"do": {"save"}, "version": good["version"], "scope": {"changed"}}
	const ours = "/console/acme/sso"
	for what, got := range map[string]shown{
		"no token":                anna.post(missing),
		"another session's token": anna.post(foreign),
		"from another site":       anna.do(http.MethodPost, ours, good, "Sec-Fetch-Site", "cross-site"),
		"from a sibling host":     anna.do(http.MethodPost, ours, good, "Sec-Fetch-Site", "same-site"),
		"from another origin":     anna.do(http.MethodPost, ours, good, "Origin", "https://evil.example"),
		"a token in the address":  anna.do(http.MethodPost, ours+"?"+good.Encode(), missing),
	} {
		if got.status != http.StatusForbidden || h.state().Scope == "changed" {
			t.Errorf("%s: got %d, want 403 and nothing changed\n%s", what, got.status, got.body)
		}
	}
	for _, name := range []string{"carl", "nina"} {
		v := h.as(name)
		good := url.Values{"do": {"disable"}, "csrf_token": {(&visit{word: v.word}).token()}}
		v.post(good).wants(t, "a post of "+name, http.StatusForbidden, "")
	}
	h.as("").post(good).wants(t, "a post of nobody", http.StatusSeeOther, "/login?return_to=%2Fconsole%2Facme%2Fsso")
	anna.do(http.MethodPost, "/console/acme/traces", good).wants(t, "a post to a list", http.StatusMethodNotAllowed, "")
	unknown := anna.get(ours).form("explode")
	anna.post(unknown).wants(t, "an unknown button", http.StatusBadRequest, "")
	anna.post(good).wants(t, "the form itself", http.StatusSeeOther, "/console/acme/sso?done=saved")
	if h.state().Scope != "changed" {
		t.Error("the good form changed nothing")
	}
}

func TestFaultsShowTheFormAgain(t *testing.T) {
	h := newConsoleHouse(t)
	anna := h.as("anna")
	form := anna.get("/console/acme/sso").form("save", "domain", "not a domain", "scope", "kept-as-typed", "client_secret", typedSecret)
	anna.post(form).wants(t, "a wrong domain", http.StatusUnprocessableEntity, "", `id="domain-error"`, `value="not a domain"`, `value="kept-as-typed"`)
	form.Set("domain", "nova.own")
	anna.post(form).wants(t, "another's domain", http.StatusConflict, "", `id="domain-error"`)
	form.Set("do", "try")
	form.Set("token_url", "ftp://centre")
	anna.post(form).wants(t, "a try of a wrong address", http.StatusUnprocessableEntity, "", `id="token_url-error"`)
}

func TestStaleFormsAreShownAgain(t *testing.T) {
	h := newConsoleHouse(t)
	anna, ben, nina := h.as("anna"), h.as("ben"), h.as("nina")
	mine, theirs := anna.get("/console/acme/sso").form("save", "scope", "of-anna"), ben.get("/console/acme/sso").form("save", "scope", "of-ben")
	anna.post(mine).wants(t, "the first", http.StatusSeeOther, "/console/acme/sso?done=saved")
	ben.post(theirs).wants(t, "the second", http.StatusPreconditionFailed, "", `role="alert"`, `value="of-ben"`, `<a href="/console/acme/sso">`)
	theirs.Set("version", "x")
	ben.post(theirs).wants(t, "no version", http.StatusPreconditionFailed, "", `role="alert"`)
	if got := h.state().Scope; got != "of-anna" {
		t.Errorf("stored is %q, want of-anna", got)
	}
	// Both looked at a form of which nothing was stored yet.
	const novas = "/console/nova/sso"
	first := nina.get(novas).form("save", "scope", "first")
	second := nina.get(novas).form("save", "scope", "second")
	nina.do(http.MethodPost, novas, first).wants(t, "the first of nova", http.StatusSeeOther, novas+"?done=saved")
	nina.do(http.MethodPost, novas, second).wants(t, "the second of nova", http.StatusPreconditionFailed, "", `value="second"`)
}

func TestEnablingNeedsATryOrAReason(t *testing.T) {
	h := newConsoleHouse(t)
	anna := h.as("anna")
	before := anna.get("/console/acme/sso")
	if strings.Contains(before.body, enableButton) {
		t.Error("Save and enable is open before any try")
	}
	// The button is closed; whoever presses it nevertheless is asked for a reason.
	anna.post(before.form("enable", "client_secret", typedSecret)).
		wants(t, "untried", http.StatusConflict, "", `<details class="override" open>`)
	anna.post(before.form("override", "client_secret", typedSecret)).wants(t, "no reason", http.StatusUnprocessableEntity, "", `id="reason-error"`)
	anna.post(before.form("override", "client_secret", typedSecret, "reason", " \t ")).
		wants(t, "a blank reason", http.StatusUnprocessableEntity, "", `id="reason-error"`)
	anna.post(before.form("override", "client_secret", typedSecret, "reason", strings.Repeat("x", 256))).
		wants(t, "a long reason", http.StatusUnprocessableEntity, "", `id="reason-error"`)
	if h.state().Enabled || h.reasons() != nil {
		t.Fatalf("enabled %t with the reasons %q", h.state().Enabled, h.reasons())
	}
	anna.post(before.form("override", "client_secret", typedSecret, "reason", "the centre is down")).
		wants(t, "a reason", http.StatusSeeOther, "/console/acme/sso?done=enabled")
	if got := h.reasons(); !h.state().Enabled || !slices.Equal(got, []string{"the centre is down"}) {
		t.Errorf("enabled %t with the reasons %q", h.state().Enabled, got)
	}
	on := anna.get("/console/acme/sso?done=enabled")
	on.wants(t, "enabled", http.StatusOK, "", `role="status"`, "/sso?domain=acme.example")
	// What is in force may be saved again, and its centre not changed untried.
	anna.post(on.form("enable", "domain", "acme2.example")).wants(t, "another domain", http.StatusSeeOther, "/console/acme/sso?done=enabled")
	on = anna.get("/console/acme/sso")
	anna.post(on.form("enable", "scope", "other")).wants(t, "another scope", http.StatusConflict, "", `name="reason"`)
	off := on.form("disable")
	anna.post(url.Values{"do": {"disable"}, "csrf_token": off["csrf_token"]}).wants(t, "off", http.StatusSeeOther, "/console/acme/sso?done=disabled")
	if state := h.state(); state.Enabled || state.Domain != "acme2.example" || !state.HasSecret {
		t.Errorf("switched off: enabled %t, domain %q, secret %t", state.Enabled, state.Domain, state.HasSecret)
	}
}

// TestTryToEnable goes the whole way: form, centre, callback, report, enabled.
func TestTryToEnable(t *testing.T) {
	h := newConsoleHouse(t)
	anna := h.as("anna")
	at := h.tryOut(anna, anna.get("/console/acme/sso").form("try", "client_secret", typedSecret))
	report := anna.get(at)
	report.wants(t, "the report", http.StatusOK, "", "at-centre-carl", "Carl of the centre", "carl@acme.own", `value="enable_tried"`)
	if h.state().Enabled {
		t.Error("a try has enabled something")
	}
	for name, want := range map[string]int{"ben": 200, "root": 200, "carl": 403, "nina": 403} {
		if got := h.as(name).get(at); got.status != want || want != 200 && strings.Contains(got.body, "Carl of the centre") {
			t.Errorf("the report for %s: got %d, want %d", name, got.status, want)
		}
	}
	id := triedField.FindStringSubmatch(report.body)[1]
	filled := anna.get("/console/acme/sso?try=" + id)
	filled.wants(t, "the values of the try", http.StatusOK, "", enableButton, id)
	// Passed are these values and no others.
	anna.post(filled.form("enable", "account_field", "sub")).wants(t, "another field", http.StatusConflict, "", `name="reason"`)
	anna.post(filled.form("enable", "token_url", h.centre.URL+"/other")).wants(t, "the secret for another address", http.StatusUnprocessableEntity, "", `id="client_secret-error"`)
	anna.post(report.form("enable_tried")).wants(t, "enable", http.StatusSeeOther, "/console/acme/sso?done=enabled")
	if state := h.state(); !state.Enabled || h.reasons() != nil {
		t.Errorf("enabled %t with the reasons %q", state.Enabled, h.reasons())
	}
	anna.get("/console/acme/sso").wants(t, "afterwards", http.StatusOK, "", `value="disable"`)
}

// The secret goes with the try and not with the page: it can be enabled from
// the form that a report leads back to, and the report tried again.
func TestTheSecretStaysWithItsTry(t *testing.T) {
	h := newConsoleHouse(t)
	anna := h.as("anna")
	report := anna.get(h.tryOut(anna, anna.get("/console/acme/sso").form("try", "client_secret", typedSecret)))
	again := anna.get(h.tryOut(anna, report.form("try_again")))
	again.wants(t, "tried again", http.StatusOK, "", `value="enable_tried"`)
	id := triedField.FindStringSubmatch(again.body)[1]
	filled := anna.get("/console/acme/sso?try=" + id)
	anna.post(filled.form("enable")).wants(t, "enabled from the form", http.StatusSeeOther, "/console/acme/sso?done=enabled")
	// Stored is the typed secret: a try of what is stored passes.
	anna.get(h.tryOut(anna, anna.get("/console/acme/sso").form("try"))).wants(t, "stored", http.StatusOK, "", "at-centre-carl")
}

func TestAFailedTryDoesNotOpenEnabling(t *testing.T) {
	h := newConsoleHouse(t)
	anna := h.as("anna")
	h.centre.echo.Store(true)
	// Every answer is searched for the secret, which this centre repeats.
	report := anna.get(h.tryOut(anna, anna.get("/console/acme/sso").form("try", "client_secret", typedSecret)))
	report.wants(t, "the report", http.StatusOK, "", "token_client", "#client_secret", `value="try_again"`)
	if strings.Contains(report.body, "enable_tried") {
		t.Error("a failed try opens enabling")
	}
	anna.post(report.form("enable_tried")).wants(t, "enable anyway", http.StatusConflict, "", `name="reason"`)
	id := triedField.FindStringSubmatch(report.body)[1]
	if filled := anna.get("/console/acme/sso?try=" + id); strings.Contains(filled.body, enableButton) {
		t.Error("the form with the values of a failed try opens enabling")
	}
	if h.state().Enabled {
		t.Error("enabled")
	}
	// A centre that cannot be reached fails before a browser is needed.
	gone := anna.post(anna.get("/console/acme/sso").form("try", "client_secret", typedSecret, "token_url", "http://127.0.0.1:1/token"))
	gone.wants(t, "no centre", http.StatusOK, "", "token_reached", "#token_url")
	if strings.Contains(gone.body, `<a class="button" href="`) {
		t.Error("a failed try goes on at the centre")
	}
}
