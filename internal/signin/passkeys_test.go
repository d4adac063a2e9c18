package signin

import (
	"context"
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/factor/passkeytest"
	"github.com/orgate/orgate/internal/identity"
)

const publicAddress = "https://id.acme.example"

// ceremony is the part of a page that the script reads: which one it is, and the
// options.
var ceremony = regexp.MustCompile(`data-passkey="(create|get)" data-options="([^"]+)"`)

// touched does what the script of a page does: it has the key answer, and fills
// the form.
func touched(t *testing.T, page answer, key *passkeytest.Key, pairs ...string) url.Values {
	t.Helper()
	found := ceremony.FindStringSubmatch(page.body)
	if found == nil {
		t.Fatalf("the page asks for no passkey:\n%s", page.body)
	}
	do, options := key.Get, json.RawMessage(html.UnescapeString(found[2]))
	if found[1] == "create" {
		do = key.Create
	}
	response, err := do(options)
	if err != nil {
		t.Fatal(err)
	}
	form := page.form(pairs...)
	form.Set("passkey", string(response))
	return form
}

// A passkey is added after the proof, stands in for codes in the next change, and
// its own removal.
func TestPasskeysPage(t *testing.T) {
	h := peopled(t)
	b, key := h.registered(), passkeytest.New(t, publicAddress)
	const path = factorsPath
	ask := b.post(path, b.get(path).form("do", "passkey"))
	shows(t, "asked for a proof", ask, 200, "First show that it is you", `id="password"`)
	if strings.Contains(ask.body, `id="proof"`) || strings.Contains(ask.body, "data-passkey") {
		t.Error("a code or a passkey is asked for before there is one")
	}
	shows(t, "a wrong password", b.post(path, ask.form("do", "passkey", "password", "x")), 422, `id="password-error"`)
	setup := b.post(path, ask.form("do", "passkey", "password", password))
	shows(t, "the browser is asked", setup, 200, "Make the passkey", "/assets/passkey.", "runs no scripts")
	shows(t, "no name", b.post(path, touched(t, setup, key, "do", "passkey_add", "name", "")), 422, `id="name-error"`, "Make the passkey")
	added := b.post(path, touched(t, setup, key, "do", "passkey_add", "name", "Laptop"))
	shows(t, "added", added, 200, "Recovery codes")
	shows(t, "sent again", b.post(path, touched(t, setup, key, "do", "passkey_add", "name", "Laptop")), 410, "The request to the passkey is over", `id="password"`)
	list := b.get(path)
	shows(t, "listed", list, 200, "Laptop", "Passkey", "10 codes are left", "Not used yet")

	id := regexp.MustCompile(`name="factor" value="(fac_[0-9a-v]+)"`).FindStringSubmatch(list.body)
	name := b.post(path, list.form("do", "name", "factor", id[1]))
	shows(t, "asked for a name", name, 200, "Rename “Laptop”", `value="Laptop"`)
	shows(t, "an empty one", b.post(path, name.form("do", "rename", "factor", id[1], "name", "")), 422, `id="name-error"`, "Rename “Laptop”")
	if a := b.post(path, name.form("do", "rename", "factor", id[1], "name", "Work laptop")); a.to() != path+"?done=rename" {
		t.Fatalf("renamed: status %d\n%s", a.status, a.body)
	}
	shows(t, "renamed", b.get(path+"?done=rename"), 200, "Work laptop", "It has its new name")
	shows(t, "somebody else's", b.post(path, list.form("do", "name", "factor", "fac_none")), 404)
	shows(t, "somebody else's", b.post(path, list.form("do", "rename", "factor", "fac_none", "name", "Mine")), 404)

	renew := b.post(path, list.form("do", "renew"))
	shows(t, "asked for either", renew, 200, "Use a passkey instead of the code", "Recovery code")
	liar := *key
	liar.Origin = "https://evil.example"
	shows(t, "a page elsewhere", b.post(path, touched(t, renew, &liar, "do", "renew", "password", password)), 422, "did not prove you here")
	renew = b.post(path, list.form("do", "renew"))
	shows(t, "renewed", b.post(path, touched(t, renew, key, "do", "renew", "password", password)), 200, "Recovery codes")
	again := b.post(path, b.post(path, list.form("do", "passkey")).form("do", "passkey", "password", password))
	shows(t, "without script or code", again, 401, "takes a code as well")
	second := b.post(path, touched(t, again, key, "do", "passkey", "password", password))
	shows(t, "the same device", b.post(path, touched(t, second, key, "do", "passkey_add", "name", "Again")), 409, "was added before")

	remove := b.post(path, list.form("do", "remove", "factor", id[1]))
	if a := b.post(path, touched(t, remove, key, "do", "remove", "password", password)); a.to() != path+"?done=remove" {
		t.Fatalf("removed: status %d\n%s", a.status, a.body)
	}
	shows(t, "removed", b.get(path), 200, "There is no passkey")
}

// A passkey opens the door of an application that asks for a second proof; its
// signature counts for this conversation and once.
func TestPasskeyAtTheDoor(t *testing.T) {
	d := guarded(t, identity.PolicyVerify)
	d.o.Factors = factor.NewOwn(d.db, factor.OwnOptions{Address: publicAddress})
	d.build()
	key := passkeytest.New(t, publicAddress)
	d.holds("ben", key)
	ben := d.browser().in("ben")
	page := ben.follow(ben.get("/door")).wants(t, "Use a passkey").wants(t, "Recovery code")
	liar := *key
	liar.RelyID = "evil.example"
	if a := ben.post(verificationPath, touched(t, page, &liar, "do", "passkey")).wants(t, "did not prove you here"); a.status != 422 {
		t.Errorf("a lie: status %d", a.status)
	}
	page = ben.follow(ben.get("/door"))
	d.clock.Advance(5 * time.Minute)
	if a := ben.post(verificationPath, touched(t, page, key, "do", "passkey")).wants(t, "Use a passkey"); a.status != 410 {
		t.Errorf("late: status %d", a.status)
	}
	page = ben.follow(ben.get("/door"))
	form := touched(t, page, key, "do", "passkey")
	// Another conversation of the same browser asks anew.
	other := ben.follow(ben.get("/door"))
	stolen := other.form("do", "passkey")
	stolen.Set("passkey_ticket", form.Get("passkey_ticket"))
	stolen.Set("passkey", form.Get("passkey"))
	ben.post(verificationPath, stolen).wants(t, "did not prove you here")
	page = ben.follow(ben.get("/door"))
	ben.follow(ben.post(verificationPath, touched(t, page, key, "do", "passkey"))).wants(t, "passed ")
	d.demand.Silent = true
	ben.get("/door").wants(t, "passed ")
	// Another session of the same person has proven nothing.
	d.browser().in("ben").get("/door").wants(t, "fault interaction_required")
}

// holds gives somebody a passkey.
func (d *door) holds(name string, key *passkeytest.Key) {
	d.t.Helper()
	account := d.people[name].Account.ID
	actor := identity.Actor{Kind: identity.ActsAsPerson, AccountID: account}
	own := factor.NewOwn(d.db, factor.OwnOptions{Address: publicAddress, Prove: func(context.Context, identity.Actor, factor.FirstProof) error { return nil }})
	asked, err := own.BeginPasskey(d.t.Context(), actor, factor.Proof{})
	if err != nil {
		d.t.Fatal(err)
	}
	response, err := key.Create(asked.Options)
	if err != nil {
		d.t.Fatal(err)
	}
	answer := factor.PasskeyAnswer{Ticket: asked.Ticket, Response: response}
	if _, _, err := own.AddPasskey(d.t.Context(), actor, factor.NewPasskey{Answer: answer, Name: "Laptop"}); err != nil {
		d.t.Fatal(err)
	}
}
