package signin

import (
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// failed is the check of the door's last story that failed, with what came.
func (d *door) failed() (trace.Check, string) {
	for _, step := range d.story.Steps() {
		if step.State == trace.Failing {
			return step.Check, step.Detail.Received
		}
	}
	return "", ""
}

// wantsStory fails the test unless the last attempt failed at a check, and a
// word stands in what came. "" is an attempt that nothing was wrong with.
func (d *door) wantsStory(t *testing.T, when string, check trace.Check, word string) {
	t.Helper()
	got, received := d.failed()
	if got != check || !strings.Contains(received, word) {
		t.Errorf("%s: got %q (%s), want %q (…%s…)", when, got, received, check, word)
	}
}

// Where nobody may be asked the story names what was missing.
func TestStoryOfSilentRefusals(t *testing.T) {
	d := doored(t)
	d.demand.Silent = true
	d.browser().get("/door").wants(t, "fault ")
	d.wantsStory(t, "nobody is signed in", trace.SessionThere, "none")
	b := d.browser().in("carl")
	d.demand.NotBefore = d.clock.Now().Add(time.Second)
	b.get("/door").wants(t, "fault ")
	d.wantsStory(t, "an old proof", trace.ProofAge, "proven at")
	d.demand.NotBefore, d.demand.Subject = time.Time{}, identity.Hex(d.people["ben"].Member.ID)
	b.get("/door").wants(t, "fault ")
	d.wantsStory(t, "somebody else", trace.SubjectMatches, identity.Hex(d.people["carl"].Member.ID))
	d.demand.Subject, d.demand.Scopes = "", []string{"openid", "email"}
	d.put(func(a *identity.Application) { a.Consent = true })
	b.get("/door").wants(t, "fault consent_required")
	d.wantsStory(t, "no consent", trace.ConsentGiven, "")
	d.put(func(a *identity.Application) { a.Consent = false })
	b.get("/door").wants(t, "passed ")
	d.wantsStory(t, "consent is off", "", "")
	d.put(func(a *identity.Application) { a.Access.Everyone = false })
	b.get("/door").wants(t, "fault entry_refused")
	d.wantsStory(t, "not among them", trace.EntryAllowed, "not among")
}

// On the way to a page that asks nothing has failed yet; on the way to the page
// that says why not, the story says it, and how the person's wish stands.
func TestStoryOfSituations(t *testing.T) {
	d := doored(t)
	d.browser().get("/door")
	d.wantsStory(t, "on the way to the sign-in", "", "")
	b := d.browser().in("carl")
	d.put(func(a *identity.Application) { a.Consent = true })
	d.demand.Scopes = []string{"openid"}
	page := b.follow(b.get("/door")).wants(t, "Who you are")
	d.wantsStory(t, "on the way to the consent", "", "")
	b.get(b.post(consentPath, page.form("answer", "deny")).to()).wants(t, "fault access_denied")
	d.wantsStory(t, "denied", trace.ConsentGiven, "refused")
	page = b.follow(b.get("/door"))
	b.follow(b.post(consentPath, page.form("answer", "agree"))).wants(t, "passed ")
	d.wantsStory(t, "agreed", "", "")
	d.put(func(a *identity.Application) { a.Access.Everyone = false })
	asked := func() string {
		t.Helper()
		for _, step := range d.story.Steps() {
			if step.Check == trace.EntryAsked && step.State == trace.Noted {
				return step.Detail.Received
			}
		}
		return ""
	}
	b.follow(b.get("/door")).wants(t, "Your request was sent")
	d.wantsStory(t, "not permitted", trace.EntryAllowed, "not among")
	if got := asked(); got != "none yet: the page asks" {
		t.Errorf("before the page asks: got %q", got)
	}
	page = b.follow(b.get("/door")).wants(t, "Your request was sent")
	if got := asked(); got != "a request to enter: pending" {
		t.Errorf("while it waits: got %q", got)
	}
	b.post(situationPath, page.form("do", "withdraw"))
	b.follow(b.get("/door"))
	if got := asked(); got != "a request to enter: withdrawn" {
		t.Errorf("afterwards: got %q", got)
	}
	d.put(func(a *identity.Application) { a.Status = identity.ApplicationDisabled })
	b.follow(b.get("/door")).wants(t, "is switched off")
	d.wantsStory(t, "switched off", trace.ClientActive, "disabled")
	if got := asked(); got != "" {
		t.Errorf("nothing is to be asked for: got %q", got)
	}
}
