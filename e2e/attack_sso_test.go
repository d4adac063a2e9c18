package e2e_test

import (
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

const acmeSSO = "sso.acme.example"

// gate is an installation whose enterprise acme signs in through its centre.
type gate struct {
	house  *harness.Installation
	n      *harness.Node
	centre *harness.Centre
}

func newGate(t *testing.T) gate {
	t.Helper()
	return newGateOn(t, harness.Options{})
}

func newGateOn(t *testing.T, o harness.Options) gate {
	t.Helper()
	g := gate{house: harness.New(t, o), centre: harness.NewCentre(t)}
	g.n = g.house.Start(t)
	g.n.ConfigureSSO(t, harness.Owner, g.centre.Config(acmeSSO))
	return g
}

// proves signs somebody in with a code of the centre.
func (g gate) proves(t *testing.T, person map[string]any) harness.Answer {
	t.Helper()
	return g.n.Do(t, harness.ProxyCall(acmeSSO, g.centre.Code(person), 72))
}

// enters is proves for somebody who must get in.
func (g gate) enters(t *testing.T, person map[string]any) harness.Token {
	t.Helper()
	var token harness.Token
	g.proves(t, person).Want(t, http.StatusOK, "").Into(t, &token)
	g.n.Secret(token.AccessToken, token.RefreshToken)
	return token
}

// clientCode walks a client's way through the browser and returns the one-time
// code with which the page at its end opens the client.
func (g gate) clientCode(t *testing.T, person map[string]any) string {
	t.Helper()
	var way struct{ AuthorizeURL, State string }
	g.n.Do(t, harness.Call{Path: fmt.Sprintf("/v1/usg/acs/auth/authorizeurl?domain=%s&clientType=5", acmeSSO)}).
		Want(t, http.StatusOK, "").Into(t, &way)
	g.centre.Next(person)
	browser := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := browser.Get(way.AuthorizeURL)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	path, found := strings.CutPrefix(resp.Header.Get("Location"), g.n.URL)
	if !found {
		t.Fatalf("the centre sends the browser to %s, want this node", resp.Header.Get("Location"))
	}
	page := g.n.Do(t, harness.Call{Path: path}).Want(t, http.StatusOK, "")
	link := regexp.MustCompile(`acme-(?:pc|android|ios)://login\?[^"'<\s]+`).FindString(html.UnescapeString(string(page.Body)))
	u, err := url.Parse(link)
	if err != nil || !strings.HasPrefix(u.Query().Get("code"), "ogc_") {
		t.Fatalf("the page opens no client: %q, %v", link, err)
	}
	g.n.Secret(u.Query().Get("code"))
	return u.Query().Get("code")
}

// boundCodes: a client's code serves the domain and the client for which it was
// made, once, and whoever tries another has spent it (CVE-2026-28513).
func boundCodes(t *testing.T, _ stage) {
	g := newGate(t)
	other := harness.NewCentre(t)
	g.n.ConfigureSSO(t, harness.Olga, other.Config("sso.other.example"))
	const failed = "USG.206010022"
	for what, call := range map[string]func(code string) harness.Call{
		"another domain":      func(code string) harness.Call { return harness.ProxyCall("sso.other.example", code, 5) },
		"another client type": func(code string) harness.Call { return harness.ProxyCall(acmeSSO, code, 6) },
		"in a browser":        func(code string) harness.Call { return harness.ProxyCall(acmeSSO, code, 0) },
	} {
		code := g.clientCode(t, harness.Person("zoe"))
		if a := g.n.Do(t, call(code)); a.Status != http.StatusUnauthorized || a.Code() != failed {
			t.Errorf("%s: got %d %s", what, a.Status, a.Body)
		}
		g.n.Do(t, harness.ProxyCall(acmeSSO, code, 5)).Want(t, http.StatusUnauthorized, failed)
	}
	code := g.clientCode(t, harness.Person("zoe"))
	g.n.Do(t, harness.ProxyCall(acmeSSO, code, 5)).Want(t, http.StatusOK, "")
	g.n.Do(t, harness.ProxyCall(acmeSSO, code, 5)).Want(t, http.StatusUnauthorized, failed)
}

// changedClientCodes: a code is accepted as it was made, in no other form
// (CVE-2026-27840).
func changedClientCodes(t *testing.T, _ stage) {
	g := newGate(t)
	code := g.clientCode(t, harness.Person("zoe"))
	for _, changed := range disfigured(code) {
		if changed == "" || !strings.HasPrefix(changed, "ogc_") {
			continue
		}
		g.n.Do(t, harness.ProxyCall(acmeSSO, changed, 5)).Want(t, http.StatusUnauthorized, "USG.206010022")
	}
	g.n.Do(t, harness.ProxyCall(acmeSSO, code, 5)).Want(t, http.StatusOK, "")
}

// disabledThroughCentre: a disabled member is not let in by the centre, linked
// or not, and is still disabled afterwards (CVE-2025-53942, CVE-2026-58422).
func disabledThroughCentre(t *testing.T, _ stage) {
	g := newGate(t)
	g.enters(t, harness.Person("alice"))
	manifest := harness.Manifest(g.house.Mail.Port())
	manifest = strings.Replace(manifest, "third_account: alice}", "third_account: alice, status: disabled}", 1)
	manifest = strings.Replace(manifest, "email: carol@acme.example, status: disabled}", "email: carol@acme.example, status: disabled, third_account: carol}", 1)
	g.house.Apply(t, manifest)
	for range 2 {
		for _, id := range []string{"alice", "carol"} {
			g.proves(t, harness.Person(id)).Want(t, http.StatusPreconditionFailed, "USG.206010007")
		}
	}
	for _, account := range []string{harness.Alice, harness.Carol} {
		g.n.Do(t, harness.PasswordCall(account, harness.Password(account), 72)).Want(t, http.StatusPreconditionFailed, "USG.206010007")
	}
	if plan := g.house.Run(t, "plan", "-f", g.house.Write(t, "same.yaml", manifest)).Want(t, 0).Out; strings.Contains(plan, "status") {
		t.Errorf("somebody is no longer disabled:\n%s", plan)
	}
}

// linkedByAddress: whoever says to have an address, a number or a name of a
// member is not that member, and takes none of it (CVE-2023-3128).
func linkedByAddress(t *testing.T, _ stage) {
	g := newGate(t)
	alice := g.n.SignIn(t, harness.Alice)
	for i, claim := range []map[string]any{
		{"mail": "alice@acme.example"},
		{"mail": "ALICE@acme.example", "mail_verified": true},
		{"phone": harness.AliceMobile},
		{"phone": "13800000001"},
		{"name": "Alice", "mail": "alice@acme.example", "phone": harness.AliceMobile},
	} {
		person := harness.Person(fmt.Sprint("thief", i))
		maps.Copy(person, claim)
		if thief := g.enters(t, person); thief.User.UserID == alice.User.UserID {
			t.Errorf("%v is alice", claim)
		}
	}
	for _, name := range []string{harness.Alice, harness.AliceMobile} {
		var again harness.Token
		g.n.Do(t, harness.PasswordCall(name, harness.Password(harness.Alice), 72)).Want(t, http.StatusOK, "").Into(t, &again)
		g.n.Secret(again.AccessToken, again.RefreshToken)
		if again.User.UserID != alice.User.UserID {
			t.Errorf("%s signs in as %s", name, again.User.UserID)
		}
	}
	// The account of her that the administrator entered is the one way.
	if got := g.enters(t, harness.Person("alice")); got.User.UserID != alice.User.UserID {
		t.Errorf("her own account is %s", got.User.UserID)
	}
}

// oneAddressTwice: two people of two organisations with one address stay two
// (CVE-2023-0105).
func oneAddressTwice(t *testing.T, _ stage) {
	g := newGate(t)
	there := gate{g.house, g.n, harness.NewCentre(t)}
	g.n.ConfigureSSO(t, harness.Olga, there.centre.Config("sso.other.example"))
	person := harness.Person("shared")
	person["mail"] = "shared@mail.example"
	here := g.enters(t, person)
	for range 2 {
		var elsewhere harness.Token
		g.n.Do(t, harness.ProxyCall("sso.other.example", there.centre.Code(person), 72)).Want(t, http.StatusOK, "").Into(t, &elsewhere)
		g.n.Secret(elsewhere.AccessToken, elsewhere.RefreshToken)
		if elsewhere.User.UserID == here.User.UserID || elsewhere.User.CompanyID == here.User.CompanyID {
			t.Errorf("both are %s of %s", here.User.UserID, here.User.CompanyID)
		}
	}
	// What one centre says is nothing at the other's domain.
	g.n.Do(t, harness.ProxyCall(acmeSSO, there.centre.Code(person), 72)).Want(t, http.StatusUnauthorized, "USG.206010022")
}

// switchedOffThroughCentre: where people may not be made the centre makes none
// (CVE-2024-49757).
func switchedOffThroughCentre(t *testing.T, _ stage) {
	g := newGate(t)
	manifest := harness.Manifest(g.house.Mail.Port())
	g.house.Apply(t, strings.Replace(manifest, "    domain: acme.example\n", "    domain: acme.example\n    auto_create_members: false\n", 1))
	g.proves(t, harness.Person("stranger")).Want(t, http.StatusForbidden, "USG.206010030")
	g.enters(t, harness.Person("alice"))
	if export := g.house.Run(t, "export").Want(t, 0).Out; strings.Contains(export, "stranger") {
		t.Errorf("a refused sign-in left a member behind:\n%s", export)
	}
}

// otherwiseAtTheCentre: an account that looks like another is another
// (CVE-2026-47203).
func otherwiseAtTheCentre(t *testing.T, _ stage) {
	g := newGate(t)
	alice := g.enters(t, harness.Person("alice"))
	for _, id := range []string{"Alice", "ALICE", "ａlice", "alice\u200b", "alice\x00", "alıce", "alice.", "alice@acme.example"} {
		var token harness.Token
		if a := g.proves(t, harness.Person(id)); a.Status == http.StatusOK {
			a.Into(t, &token)
			g.n.Secret(token.AccessToken, token.RefreshToken)
			if token.User.UserID == alice.User.UserID {
				t.Errorf("%q is alice", id)
			}
		} else if a.Status != http.StatusUnauthorized {
			t.Errorf("%q: got %d %s", id, a.Status, a.Body)
		}
	}
}

// passwordsBesideTheCentre: a password that is right opens nothing that people
// use, one that is wrong is told from nothing, a lock holds, and no way of
// another password leads past the centre (CVE-2017-18906, CVE-2026-9798).
func passwordsBesideTheCentre(t *testing.T, _ stage) {
	g := newGate(t)
	right := harness.Password(harness.Bob)
	for _, client := range []int{0, 5, 6} {
		g.n.Do(t, harness.PasswordCall(harness.Bob, right, client)).Want(t, http.StatusBadRequest, "USG.206010024")
		sameFace(t, "a wrong password", g.n.Do(t, harness.PasswordCall(harness.Bob, "not-the-password", client)),
			g.n.Do(t, harness.PasswordCall("nobody@acme.example", "not-the-password", client)))
	}
	admin := g.n.SignIn(t, harness.Admin).AccessToken
	reset := harness.Call{Method: http.MethodPut, Path: "/v1/usg/acs/password/admin/reset", Header: with(admin), Body: map[string]any{"account": harness.Bob}}
	g.n.Do(t, reset).Want(t, http.StatusBadRequest, "USG.206030028")
	if mails := g.house.Mail.Count(harness.Bob); mails != 0 {
		t.Errorf("got %d mails with a new password", mails)
	}
	for range 2 {
		g.n.Do(t, harness.PasswordCall(harness.Bob, "not-the-password", 72)).Want(t, http.StatusUnauthorized, "USG.206010000")
	}
	for _, client := range []int{0, 5, 6, 72} {
		g.n.Do(t, harness.PasswordCall(harness.Bob, right, client)).Want(t, http.StatusLocked, "USG.206030015")
	}
	g.n.Do(t, harness.PasswordCall(harness.Owner, harness.Password(harness.Owner), 5)).Want(t, http.StatusOK, "")
}

// unknownDomains: who has set SSO up and switched it off again is not told
// from who never had.
func unknownDomains(t *testing.T, _ stage) {
	g := newGate(t)
	g.n.ConfigureSSO(t, harness.Owner, map[string]any{"enableSSO": false})
	for _, domain := range []string{"nowhere.example", "a", "no%20domain"} {
		ask := func(domain string) harness.Answer {
			return g.n.Do(t, harness.Call{Path: "/v1/usg/acs/auth/authorizeurl?clientType=5&domain=" + domain}).Want(t, http.StatusBadRequest, "USG.206010023")
		}
		sameFace(t, "the address of "+domain, ask(domain), ask(acmeSSO))
		for _, code := range []string{"a-code", "ogc_a-code"} {
			login := func(domain string) harness.Answer {
				return g.n.Do(t, harness.ProxyCall(domain, code, 72)).Want(t, http.StatusBadRequest, "USG.206010023")
			}
			sameFace(t, "the login at "+domain, login(domain), login(acmeSSO))
		}
	}
}
