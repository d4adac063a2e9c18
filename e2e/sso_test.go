package e2e_test

import (
	"io"
	"net/http"
	"net/http/cookiejar"
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

		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		browser := http.Client{Jar: jar}
		g.centre.Next(harness.Person("zoe"))
		for _, path := range []string{"/sso?client=web&domain=" + acmeSSO, "/account"} {
			resp, err := browser.Get(g.n.URL + path)
			if err != nil {
				t.Fatal(err)
			}
			page, err := io.ReadAll(resp.Body)
			_ = resp.Body.Close()
			if err != nil || resp.StatusCode != http.StatusOK || !strings.Contains(string(page), "Person zoe") {
				t.Errorf("%s: got %d, ends at %s", path, resp.StatusCode, resp.Request.URL.Path)
			}
		}
	})
}
