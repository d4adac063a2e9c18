package e2e_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

var setupAddress = regexp.MustCompile(`http://\S+(/setup\?code=(\S+))`)

const (
	firstAccount  = "first@sp.example"
	firstPassword = "Jasper-canyon-80"
)

// setUp posts the form of the set-up page.
func setUp(t *testing.T, n *harness.Node, code string) harness.Answer {
	t.Helper()
	form := url.Values{"csrf_token": {code}, "account": {firstAccount}, "name": {"First"}, "password": {firstPassword}}
	return n.Do(t, harness.Call{
		Method: http.MethodPost, Path: "/setup", Body: form.Encode(),
		Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded", "Origin": n.URL},
	})
}

// TestSetup follows the printed address: it works once, and never again,
// whoever is removed later (CVE-2022-46145 and its kin).
func TestSetup(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		o.Empty = true
		house := harness.New(t, o)
		house.Secret(firstPassword)
		n := house.Start(t)
		found := setupAddress.FindStringSubmatch(n.Output(t))
		if found == nil {
			t.Fatalf("no set-up address in %q", n.Output(t))
		}
		path, code := found[1], found[2]
		code, err := url.QueryUnescape(code)
		if err != nil {
			t.Fatal(err)
		}
		house.Secret(code)

		refuseSetup(t, n, "/setup?code="+code[:len(code)-1])
		// Looking at the form does not spend the address.
		for range 2 {
			n.Do(t, harness.Call{Path: path}).Want(t, http.StatusOK, "")
		}
		if a := setUp(t, n, code[1:]); a.Status < 400 {
			t.Fatalf("a wrong code made an administrator: %d", a.Status)
		}
		setUp(t, n, code).Want(t, http.StatusOK, "")
		n.Do(t, harness.PasswordCall(firstAccount, firstPassword, 72)).Want(t, http.StatusOK, "")
		refuseSetup(t, n, path)
		if a := setUp(t, n, code); a.Status < 400 {
			t.Errorf("the address worked twice: %d", a.Status)
		}
		n.Stop(t)

		// The first administrator goes; set-up stays closed.
		house.Apply(t, harness.Manifest(house.Mail.Port()))
		house.Run(t, "apply", "--prune", "-f", house.Dir+"/orgate.yaml").Want(t, 0)
		n = house.Start(t)
		if out := n.Output(t); setupAddress.MatchString(out) {
			t.Errorf("set-up is open again: %q", out)
		}
		n.Do(t, harness.PasswordCall(firstAccount, firstPassword, 72)).Want(t, http.StatusUnauthorized, "USG.206010000")
		refuseSetup(t, n, path)
		refuseSetup(t, n, "/setup")
		if a := setUp(t, n, code); a.Status < 400 {
			t.Errorf("set-up was done again: %d", a.Status)
		}
	})
}

func refuseSetup(t *testing.T, n *harness.Node, path string) {
	t.Helper()
	a := n.Do(t, harness.Call{Path: path})
	if a.Status < 400 || strings.Contains(string(a.Body), "<form") && strings.Contains(string(a.Body), `name="password"`) {
		t.Errorf("%s was answered with %d and a form", path, a.Status)
	}
}
