package signin

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

var (
	shownSecret = regexp.MustCompile(`id="secret"[^>]*>([A-Z2-7 ]+)<`)
	shownCode   = regexp.MustCompile(`<li><code>([a-z2-9]{5}-[a-z2-9]{5})</code>`)
)

// appCode is what an app shows that was given the secret on a page.
func (h *house) appCode(page string) string {
	h.t.Helper()
	found := shownSecret.FindStringSubmatch(page)
	if found == nil {
		h.t.Fatalf("no secret on the page:\n%s", page)
	}
	code, err := totp.GenerateCode(strings.ReplaceAll(found[1], " ", ""), h.clock.Now())
	if err != nil {
		h.t.Fatal(err)
	}
	return code
}

func TestFactorsPage(t *testing.T) {
	h := peopled(t)
	b := h.registered()
	const path = "/account/factors"
	shows(t, "start page", b.get("/"), 200, `href="/account/factors"`)
	list := b.get(path)
	shows(t, "none yet", list, 200, "There is no passkey and no authenticator app yet", `value="begin"`, `value="passkey"`)
	setup := b.post(path, list.form("do", "begin"))
	shows(t, "setting up", setup, 200, "<svg class=\"scan\"", `id="password"`, `id="code"`)
	if strings.Contains(setup.body, `id="proof"`) {
		t.Error("a code of an app is asked for before there is one")
	}
	code := h.appCode(setup.body)
	wrong := b.post(path, setup.form("do", "confirm", "code", "000000x", "name", "My phone", "password", password))
	shows(t, "a wrong code", wrong, 422, `id="code-error"`, `value="My phone"`)
	if shownSecret.FindString(wrong.body) != shownSecret.FindString(setup.body) {
		t.Error("the secret is another one after a typing error")
	}
	shows(t, "a wrong password", b.post(path, wrong.form("do", "confirm", "code", code, "name", "My phone", "password", "x")), 422, `id="password-error"`)
	shows(t, "no name", b.post(path, wrong.form("do", "confirm", "code", code, "name", "", "password", password)), 422, `id="name-error"`)
	added := b.post(path, wrong.form("do", "confirm", "code", code, "name", "My phone", "password", password))
	shows(t, "added", added, 200, "Recovery codes", "stored them")
	codes := shownCode.FindAllStringSubmatch(added.body, -1)
	if len(codes) != 10 {
		t.Fatalf("%d recovery codes are shown, want 10", len(codes))
	}
	list = b.get(path)
	shows(t, "listed", list, 200, "My phone", "10 codes are left", "Not used yet")
	if strings.Contains(list.body, codes[0][1]) {
		t.Error("recovery codes are shown again")
	}
	ask := b.post(path, list.form("do", "renew"))
	shows(t, "asked for a proof", ask, 200, `id="password"`, `id="proof"`)
	shows(t, "without a code", b.post(path, ask.form("do", "renew", "password", password, "proof", "")), 401, "This change takes a code as well")
	shows(t, "a wrong code", b.post(path, ask.form("do", "renew", "password", password, "proof", "000000x")), 422, `id="proof-error"`)
	renewed := b.post(path, ask.form("do", "renew", "password", password, "proof", codes[0][1]))
	shows(t, "renewed", renewed, 200, "Recovery codes")
	h.clock.Advance(time.Minute)
	list = b.get(path)
	id := regexp.MustCompile(`name="factor" value="(fac_[0-9a-v]+)"`).FindStringSubmatch(list.body)
	if id == nil {
		t.Fatalf("no button removes the app:\n%s", list.body)
	}
	remove := b.post(path, list.form("do", "remove", "factor", id[1]))
	shows(t, "removing", remove, 200, "My phone", "will prove you no more")
	fresh := shownCode.FindAllStringSubmatch(renewed.body, -1)
	if a := b.post(path, remove.form("do", "remove", "password", password, "proof", fresh[0][1])); a.to() != path+"?done=remove" {
		t.Fatalf("removed: status %d\n%s", a.status, a.body)
	}
	shows(t, "removed", b.get(path+"?done=remove"), 200, "It was removed", "no authenticator app yet")
	shows(t, "nothing to do", b.post(path, b.get(path).form()), 400)
	shows(t, "without a form", b.post(path, nil), 403)
}

func TestFactorsAreForWhoIsSignedIn(t *testing.T) {
	h := peopled(t)
	if a := h.browser().get("/account/factors"); !strings.HasPrefix(a.to(), "/login?") || strings.Contains(a.body, `value="begin"`) {
		t.Errorf("a stranger: status %d, to %q\n%s", a.status, a.to(), a.body)
	}
}
