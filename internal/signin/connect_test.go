package signin

import (
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/trace"
)

// byMail has members found by an address that the source is not trusted with.
func byMail(s *identity.Source) {
	s.Rules = identity.SourceRules{Ours: identity.MatchEmail, Theirs: "login"}
}

// claims comes back from a source with an address that somebody here has, and
// returns the page that asks for the proof.
func (b *browser) claims(s identity.Source, address string) answer {
	b.h.t.Helper()
	a := b.returns(s.ID, b.goes(sourceAddress(s.ID)), address)
	if a.status != http.StatusSeeOther || !strings.HasPrefix(a.to(), connectPath+"?claim=") || b.word() != "" {
		b.h.t.Fatalf("status %d, to %q, session %q\n%s", a.status, a.to(), b.word(), a.body)
	}
	return b.get(a.to())
}

// Rows 72 and 73: an address that a source does not prove opens nothing. Its
// account is proven once, in the browser that came back, and is linked then.
func TestConnectAnAccount(t *testing.T) {
	h := newHouse(t)
	open := h.upstream(h.acme.ID, "Open", byMail)
	h.leads(open.ID)
	b := h.browser()
	page := b.claims(open, "carl@mail.example")
	if text := html.UnescapeString(page.body); !strings.Contains(text, "carl@mail.example") || strings.Contains(text, "Carl") || strings.Contains(text, "acme.own") {
		t.Errorf("the page tells too little, or whose account it is:\n%s", text)
	}
	h.refusesProofs(b, page)
	form := page.form("password", password)
	if a := b.post(connectPath, form); a.to() != "/" || b.word() == "" {
		t.Fatalf("proven: status %d, to %q\n%s", a.status, a.to(), a.body)
	}
	if a := b.post(connectPath, form); a.status != http.StatusGone {
		t.Errorf("proven twice: status %d", a.status)
	}
	// From now on the source alone opens it.
	again := h.browser()
	if a := again.returns(open.ID, again.goes(sourceAddress(open.ID)), "carl@mail.example"); a.to() != "/" {
		t.Errorf("the next time: status %d, to %q", a.status, a.to())
	}
}

// refusesProofs posts what proves nothing to a page that asks for the proof.
func (h *house) refusesProofs(b *browser, page answer) {
	t, form := h.t, page.form("password", password)
	t.Helper()
	for what, other := range map[string]*browser{"another browser": h.browser(), "another's page": h.browser()} {
		if what == "another's page" {
			other.get("/login")
		}
		if a := other.post(connectPath, form); a.status != http.StatusGone || other.word() != "" {
			t.Errorf("%s: status %d, session %q", what, a.status, other.word())
		}
	}
	if a := b.post(connectPath, page.form("password", "wrong")); a.status != http.StatusUnauthorized || b.word() != "" {
		t.Fatalf("a wrong password: status %d, session %q", a.status, b.word())
	} else if step := stepOf(h.story(a), trace.Password); step.State != trace.Failing {
		t.Errorf("told %+v", step)
	}
	if a := b.post(connectPath, page.form("password", "")); a.status != http.StatusUnauthorized {
		t.Errorf("no password: status %d", a.status)
	}
	stale := page.form("password", password)
	stale.Set("csrf_token", "x")
	if a := b.post(connectPath, stale); a.status != http.StatusForbidden || b.word() != "" {
		t.Errorf("a foreign form: status %d", a.status)
	}
}

// What was claimed does not outlive the settings under which it was, nor ten
// minutes.
func TestClaimsThatAreOver(t *testing.T) {
	h := newHouse(t)
	open := h.upstream(h.acme.ID, "Open", byMail)
	h.leads(open.ID)
	b := h.browser()
	page := b.claims(open, "carl@mail.example")
	h.write(func(tx *store.Tx) error {
		s, err := tx.Sources.Get(h.acme.ID, open.ID)
		if err != nil {
			return err
		}
		return tx.Sources.Put(s)
	})
	if a := b.post(connectPath, page.form("password", password)); a.status != http.StatusGone || b.word() != "" {
		t.Errorf("other settings: status %d", a.status)
	}
	page = b.claims(open, "carl@mail.example")
	h.clock.Advance(11 * time.Minute)
	if a := b.post(connectPath, page.form("password", password)); a.status != http.StatusGone || b.word() != "" {
		t.Errorf("too late: status %d", a.status)
	}
	if a := b.get(connectPath); a.status != http.StatusGone {
		t.Errorf("without a claim: status %d", a.status)
	}
}

// On the way to an application the proof leads on to it.
func TestConnectOnTheWay(t *testing.T) {
	d := doored(t)
	open := d.upstream(d.acme.ID, "Open", byMail)
	d.put(func(a *identity.Application) { a.Sources = []identity.SourceID{open.ID} })
	b := d.browser()
	button := b.follow(b.get(long)).buttonTo(t, open.ID)
	page := b.follow(b.returns(open.ID, b.goes(button), "carl@mail.example")).wants(t, "Connect your account")
	b.follow(b.post(connectPath, page.form("password", password))).wants(t, "passed "+string(d.people["carl"].Member.ID))
}

func TestLinksPage(t *testing.T) {
	h := newHouse(t)
	corp := h.upstream(h.acme.ID, "Corp <b>")
	h.leads(corp.ID)
	if a := h.browser().get(linksPath); !strings.HasPrefix(a.to(), "/login?flow=") {
		t.Errorf("nobody: to %q", a.to())
	}
	b := h.browser()
	b.in("carl").get(linksPath).wants(t, "linked with no other one")
	through := h.browser()
	through.returns(corp.ID, through.goes(sourceAddress(corp.ID)), "carl@acme.own")
	page := b.get(linksPath).wants(t, "Corp &lt;b&gt;")
	b.get("/account").wants(t, `href="/account/links"`)
	if a := b.post(linksPath, url.Values{"source": {string(corp.ID)}}); a.status != http.StatusForbidden {
		t.Errorf("without the page: status %d", a.status)
	}
	if a := b.post(linksPath, page.form("source", string(corp.ID))); a.to() != linksPath+"?removed=yes" {
		t.Fatalf("status %d, to %q\n%s", a.status, a.to(), a.body)
	}
	b.get(linksPath+"?removed=yes").wants(t, "The link was removed.")
	if a := through.get("/"); a.to() != "/login" {
		t.Errorf("what it opened is still open: status %d, to %q", a.status, a.to())
	}
	// A guest keeps the only way in.
	guest := h.browser()
	guest.returns(corp.ID, guest.goes(sourceAddress(corp.ID)), "partner")
	page = guest.get(linksPath).wants(t, "Your only way to sign in")
	if a := guest.post(linksPath, guest.get("/account").form("source", string(corp.ID))); a.status != http.StatusConflict || guest.get("/").status != http.StatusOK {
		t.Errorf("the last one: status %d\n%s", a.status, page.body)
	}
}
