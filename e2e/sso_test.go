package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestEnterpriseSSO walks every way through an enterprise's centre: a client
// with our one-time code, a client with the centre's own, and a browser.
func TestEnterpriseSSO(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		g := newGateOn(t, o)
		code := g.clientCode(t, harness.Person("zoe"))
		g.n.Do(t, harness.ProxyCall(acmeSSO, code, 5)).Want(t, http.StatusOK, "")
		g.enters(t, harness.Person("zoe"))

		b := harness.NewBrowser(t)
		g.centre.Next(harness.Person("zoe"))
		for _, path := range []string{"/sso?client=web&domain=" + acmeSSO, "/account"} {
			if p := b.Open(t, g.n.URL+path); p.Status != http.StatusOK || !strings.Contains(p.Text, "Person zoe") {
				t.Errorf("%s: got %d, ends at %s", path, p.Status, p.URL)
			}
		}
	})
}
