package e2e_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// appTry is a try of an application as the management API tells of it.
type appTry struct {
	ID    string
	State string
	URL   string
	Steps []struct {
		Step, State, Request, Answer, Remedy string
		Tokens                               []struct{ Kind, Claims string }
	}
	Claims []struct{ Claim, Value, Scope, Attribute string }
}

// trier is acme's administrator with the applications of acme.
type trier struct {
	n    *harness.Node
	head map[string]string
}

func newTrier(t *testing.T, o harness.Options) trier {
	t.Helper()
	n := harness.NewWithApplications(t, o).Start(t)
	return trier{n, map[string]string{"X-Access-Token": n.SignIn(t, harness.Admin).AccessToken, "Content-Type": "application/json"}}
}

func (r trier) start(t *testing.T, application string, change map[string]any) appTry {
	t.Helper()
	var begun appTry
	r.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/applications/" + application + "/tries", Header: r.head, Body: change}).
		Want(t, http.StatusCreated, "").Into(t, &begun)
	return begun
}

func (r trier) report(t *testing.T, id string) (told appTry) {
	t.Helper()
	r.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/application-tries/" + id, Header: r.head}).Want(t, http.StatusOK, "").Into(t, &told)
	return told
}

// run goes the way of the browser of whoever began the try.
func (r trier) run(t *testing.T, begun appTry) appTry {
	t.Helper()
	b := harness.NewBrowser(t)
	p := b.SignIn(t, b.Open(t, begun.URL), harness.Admin)
	if p.Status != http.StatusOK || !strings.HasSuffix(p.URL.Path, "/application-tries/"+begun.ID) {
		t.Fatalf("got %d at %s, want the report:\n%.2000s", p.Status, p.URL, p.Text)
	}
	return r.report(t, begun.ID)
}

// TestTryingAnApplication tries settings that are not saved, and finds in the
// report what they do and in the database nothing of them.
func TestTryingAnApplication(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		r := newTrier(t, o)
		begun := r.start(t, harness.Wiki.ID, map[string]any{
			"scopes": []string{"openid", "email", "offline_access"}, "claims": []map[string]string{{"attribute": "role", "claim": "part"}},
			"access_token_format": "jwt", "id_token_alg": "ES256",
		})
		told := r.run(t, begun)
		if told.State != "passed" || len(told.Steps) != 7 {
			t.Fatalf("got %+v", told)
		}
		var whole strings.Builder
		released := map[string]string{}
		for _, s := range told.Steps {
			whole.WriteString(s.Request + s.Answer)
		}
		for _, c := range told.Claims {
			released[c.Claim] = c.Value + "|" + c.Scope + "|" + c.Attribute
		}
		if released["part"] != "administrator||role" || !strings.HasSuffix(released["sub"], "|openid|") {
			t.Errorf("released: %v", released)
		}
		if id := told.Steps[2].Tokens; len(id) != 1 || !strings.Contains(id[0].Claims, begun.ID) {
			t.Errorf("ID token: %+v", id)
		}
		if strings.Contains(whole.String(), "eyJ") {
			t.Error("a token stands in the report as it was sent")
		}
		var stored struct {
			Scopes  []string
			Claims  []any
			Version int
		}
		r.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/applications/wiki", Header: r.head}).Want(t, http.StatusOK, "").Into(t, &stored)
		if len(stored.Claims) != 0 || stored.Version != 1 {
			t.Errorf("something was saved: %+v", stored)
		}
		list := string(r.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/applications", Header: r.head}).Body)
		if strings.Contains(list, "try_") {
			t.Errorf("a try is listed:\n%s", list)
		}
		// After its end the client id is nobody's.
		b := harness.NewBrowser(t)
		if p := b.Open(t, begun.URL); p.Status != http.StatusNotFound {
			t.Errorf("after the end: got %d at %s", p.Status, p.URL)
		}
	})
}

// TestTriesThatFail tell which step and how to mend it.
func TestTriesThatFail(t *testing.T) {
	r := newTrier(t, harness.Options{})
	for name, row := range map[string]struct {
		application, step string
		change            map[string]any
	}{
		"not among those who may enter": {"payroll", "authorize", map[string]any{}},
		"disabled":                      {"wiki", "authorize", map[string]any{"status": "disabled"}},
		"without openid":                {"wiki", "id_token", map[string]any{"scopes": []string{"email"}}},
	} {
		told := r.run(t, r.start(t, row.application, row.change))
		last := told.Steps[len(told.Steps)-1]
		if told.State != "failed" || last.Step != row.step || last.State != "failed" || last.Remedy == "" {
			t.Errorf("%s: got %s, %+v", name, told.State, last)
		}
	}
}

// TestAttacksOnTries: what a try could be misused for.
func TestAttacksOnTries(t *testing.T) {
	r := newTrier(t, harness.Options{})
	unsafe := map[string]any{"home_urls": []string{"http://evil.example/cb"}}
	a := r.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/applications/wiki/tries", Header: r.head, Body: unsafe})
	if a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), "home_urls") {
		t.Errorf("an unsafe redirect URI: got %d %s", a.Status, a.Body)
	}
	reserved := map[string]any{"name": "Thief", "protocol": "oidc", "client_id": "try_mine", "home_urls": []string{"https://evil.example/cb"}}
	a = r.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/applications", Header: r.head, Body: reserved})
	if a.Status == http.StatusCreated || !strings.Contains(string(a.Body), "client_id") {
		t.Errorf("a client id of tries: got %d %s", a.Status, a.Body)
	}
	begun := r.start(t, harness.Wiki.ID, map[string]any{})
	// Another person is kept out, although they may enter the application.
	b := harness.NewBrowser(t)
	if p := b.SignIn(t, b.Open(t, begun.URL), harness.Alice); p.Status != http.StatusForbidden || p.URL.Query().Get("code") != "" {
		t.Errorf("another person: got %d at %s", p.Status, p.URL)
	}
	// So is another address.
	elsewhere, err := url.Parse(begun.URL)
	if err != nil {
		t.Fatal(err)
	}
	query := elsewhere.Query()
	back := query.Get("redirect_uri")
	query.Set("redirect_uri", harness.Wiki.Home())
	elsewhere.RawQuery = query.Encode()
	if p := b.Open(t, elsewhere.String()); p.Status != http.StatusBadRequest {
		t.Errorf("another address: got %d at %s", p.Status, p.URL)
	}
	// An answer to no request of the try changes nothing.
	own := harness.NewBrowser(t, back)
	p := own.SignIn(t, own.Open(t, begun.URL), harness.Admin)
	forged := harness.NewBrowser(t)
	forged.SignIn(t, forged.Open(t, r.n.URL+"/account"), harness.Admin)
	if p := forged.Open(t, back+"?code=x&state=forged"); p.Status != http.StatusBadRequest {
		t.Errorf("a forged answer: got %d at %s", p.Status, p.URL)
	}
	if told := r.report(t, begun.ID); told.State != "waiting" {
		t.Errorf("after a forged answer the try is %s", told.State)
	}
	// The code of a try is good for the try alone.
	form := url.Values{"grant_type": {"authorization_code"}, "code": {p.URL.Query().Get("code")}, "redirect_uri": {back}, "client_id": {harness.Phone.ID}}
	a = r.n.Do(t, harness.Call{Path: "/oauth2/token", Body: form.Encode(), Header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}})
	if a.Status != http.StatusBadRequest || !strings.Contains(string(a.Body), "invalid_grant") {
		t.Errorf("the code at another client: got %d %s", a.Status, a.Body)
	}
}
