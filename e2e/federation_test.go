package e2e_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestOrgateSignsInThroughOrgate lets one installation be the authentication
// centre of another: both roles, tested against each other.
func TestOrgateSignsInThroughOrgate(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		centre := harness.NewWithApplications(t, harness.Options{})
		there := centre.Start(t)
		here := harness.New(t, o).Start(t)
		const secret = "secret-of-the-other-house-0123456789-abcd"
		here.ConfigureSSO(t, harness.Owner, map[string]any{
			"enableSSO": true, "domain": acmeSSO, "authorizeUrl": there.URL + "/oauth2/authorize", "getTokenUrl": there.URL + "/oauth2/token",
			"getUserInfoUrl": there.URL + "/oauth2/userinfo", "clientId": "orgate", "clientSecret": secret, "accFieldName": "sub",
			"thirdName": "name", "thirdEmail": "email", "thirdAccessToken": "access_token", "scope": "openid profile email",
		})
		manifest := harness.Applications(harness.Manifest(centre.Mail.Port()))
		centre.Apply(t, strings.Replace(manifest, "    applications:\n", fmt.Sprintf(
			"    applications:\n      - {name: The other house, protocol: oidc, client_id: orgate, client_secret: %s, access: {everyone: true},\n         home_urls: [%q]}\n",
			secret, callbackOf(t, here)), 1))

		b := harness.NewBrowser(t)
		page := b.Open(t, here.URL+"/sso?client=web&domain="+acmeSSO)
		if !strings.HasPrefix(page.URL.String(), there.URL+"/login") {
			t.Fatalf("the browser is at %s, want the sign-in of the centre", page.URL)
		}
		page = b.SignIn(t, page, harness.Alice)
		if page.Status != http.StatusOK || !atHome(here, page) || !strings.Contains(page.Text, "Alice") {
			t.Errorf("the browser is at %s (%d), want to be signed in here\n%.2000s", page.URL, page.Status, page.Text)
		}
		// Who is signed in there comes in here without a page.
		way := b.Press(t, b.Open(t, here.URL+"/sso?client=web&domain="+acmeSSO), "Continue")
		_, rest, _ := strings.Cut(way.Text, `<a class="button" href="`)
		link, _, _ := strings.Cut(rest, `"`)
		second := b.Open(t, html.UnescapeString(link))
		if !atHome(here, second) {
			t.Errorf("again: the browser is at %s (%d)\n%.2500s", second.URL, second.Status, second.Text)
		}
	})
}

// callbackOf is where an installation waits for its centre's answer.
func callbackOf(t *testing.T, n *harness.Node) string {
	t.Helper()
	a := n.Do(t, harness.Call{Path: "/sso?client=web&domain=" + acmeSSO}).Want(t, http.StatusFound, "")
	to, err := url.Parse(a.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	return to.Query().Get("redirect_uri")
}

// TestDiscoveryIsTheAddressItCameFrom compares issuer and address, as every
// client does.
func TestDiscoveryIsTheAddressItCameFrom(t *testing.T) {
	n := harness.NewWithApplications(t, harness.Options{}).Start(t)
	var said struct{ Issuer string }
	a := n.Do(t, harness.Call{Path: "/.well-known/openid-configuration"}).Want(t, http.StatusOK, "")
	if err := json.Unmarshal(a.Body, &said); err != nil || said.Issuer != n.URL {
		t.Errorf("got the issuer %q, %v, want %q", said.Issuer, err, n.URL)
	}
}
