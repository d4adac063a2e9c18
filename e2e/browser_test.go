package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestSigningInByForms walks the pages without any script.
func TestSigningInByForms(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	b := harness.NewBrowser(t)
	p := b.SignIn(t, b.Open(t, n.URL+"/account"), harness.Alice)
	if p.Status != http.StatusOK || !atHome(n, p) || !strings.Contains(p.Text, "Alice") {
		t.Errorf("got %d at %s, want the page of Alice", p.Status, p.URL)
	}
	stopping := harness.NewBrowser(t, n.URL+"/login")
	if p := stopping.Open(t, n.URL+"/account"); p.Status != 0 || p.URL.Path != "/login" {
		t.Errorf("got %d at %s, want to stop before the sign-in", p.Status, p.URL)
	}
}

// atHome tells whether a browser without scripts is where somebody signed in
// arrives: the user centre sends it on to the account.
func atHome(n *harness.Node, p harness.Page) bool {
	return p.URL.String() == n.URL+"/" || p.URL.String() == n.URL+"/account"
}
