package signin

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// publish puts a statement of an organisation, or with "" of the installation,
// in force.
func (h *house) publish(org identity.OrganizationID, body string) {
	h.t.Helper()
	h.clock.Advance(time.Second)
	texts := identity.PrivacyTexts{"en-US": {Title: "Your data", Body: body}}
	if _, err := h.o.Statements.Write(h.t.Context(), console(), org, 0, texts); err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.o.Statements.Publish(h.t.Context(), console(), org, 0); err != nil {
		h.t.Fatal(err)
	}
}

// reads follows the redirect to the statement and returns its page.
func (b *browser) reads(a answer) answer {
	b.h.t.Helper()
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), privacyPath) {
		b.h.t.Fatalf("status %d, to %q, want the statement\n%s", a.status, a.to(), a.body)
	}
	return b.get(a.to())
}

// Whoever has not accepted the statement reads it before anything else, and goes
// on to where they wanted.
func TestStatementComesFirst(t *testing.T) {
	h := newHouse(t)
	b := h.browser().in("carl")
	if a := b.get("/account/sessions"); a.status != http.StatusOK {
		t.Fatalf("nothing is published: status %d", a.status)
	}
	h.publish("", "# What we keep\n\n- your <b>name</b>\n")
	page := b.reads(b.get("/account/sessions"))
	if page.status != http.StatusOK || !strings.Contains(page.body, "<h2>What we keep</h2>") || !strings.Contains(page.body, "<li>your &lt;b&gt;name&lt;/b&gt;</li>") {
		t.Errorf("status %d\n%s", page.status, page.body)
	}
	if a := b.post("/account/sessions", page.form("others", "yes")); !strings.HasPrefix(a.to(), privacyPath) {
		t.Errorf("a form is served: %d to %q", a.status, a.to())
	}
	forged := page.form("answer", "accept")
	forged.Set("csrf_token", "x")
	if a := b.post(privacyPath, forged); a.status != http.StatusForbidden {
		t.Errorf("a foreign form: status %d", a.status)
	}
	a := b.post(privacyPath, page.form("answer", "accept"))
	if a.to() != "/account/sessions" {
		t.Fatalf("status %d, to %q\n%s", a.status, a.to(), a.body)
	}
	if a := b.get(a.to()); a.status != http.StatusOK {
		t.Errorf("after it was accepted: status %d, to %q", a.status, a.to())
	}
	if a := b.get(privacyPath); a.status != http.StatusOK || strings.Contains(a.body, `name="answer"`) {
		t.Errorf("read again: status %d\n%s", a.status, a.body)
	}
	// The organisation's own takes the place of the installation's, and what is
	// published anew is asked for anew.
	h.publish(h.acme.ID, "Ours.")
	stale := b.reads(b.get("/"))
	h.publish(h.acme.ID, "Ours, mended.")
	if a := b.post(privacyPath, stale.form("answer", "accept")); a.status != http.StatusOK || !strings.Contains(a.body, "Ours, mended.") {
		t.Errorf("a version that is out of date: status %d\n%s", a.status, a.body)
	}
	if a := b.post(privacyPath, b.reads(b.get("/")).form("answer", "accept")); a.to() != "/" {
		t.Errorf("the newest: status %d to %q", a.status, a.to())
	}
}

// Whoever declines is signed out, and is asked again at the next sign-in.
func TestStatementDeclined(t *testing.T) {
	h := newHouse(t)
	h.publish(h.acme.ID, "Ours.")
	b := h.browser().in("ben")
	b.post(privacyPath, b.reads(b.get("/")).form("answer", "decline"))
	if a := b.get("/account/sessions"); !strings.HasPrefix(a.to(), "/login") {
		t.Errorf("still signed in: status %d to %q", a.status, a.to())
	}
	b.in("ben")
	b.reads(b.get("/"))
}

// Applications are not entered either, and silent attempts are told so.
func TestStatementAtTheGate(t *testing.T) {
	d := doored(t)
	d.publish(d.acme.ID, "Ours.")
	b := d.browser().in("carl")
	d.demand.Silent = true
	if a := b.get("/door"); a.body != "fault interaction_required" {
		t.Errorf("silent: got %q", a.body)
	}
	d.demand.Silent = false
	a := b.post(privacyPath, b.reads(b.get("/door")).form("answer", "accept"))
	if !strings.HasPrefix(a.to(), "/door") {
		t.Fatalf("status %d to %q\n%s", a.status, a.to(), a.body)
	}
	if a := b.get(a.to()); !strings.HasPrefix(a.body, "passed") {
		t.Errorf("got %q", a.body)
	}
	// A password that has to be changed comes before the statement.
	dora := d.browser()
	if a := dora.signIn("dora@acme.own", password); !strings.HasPrefix(a.to(), "/password/change") {
		t.Errorf("to %q", a.to())
	}
}
