package application

import (
	"reflect"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// casApplication is one that speaks CAS.
func casApplication(clientID, home string, prefixes ...string) NewApplication {
	return NewApplication{ClientID: clientID, Protocol: identity.ProtocolCAS, Settings: ApplicationChange{
		Name: ptr(clientID), HomeURLs: &[]string{home}, CAS: &CASChange{ServicePrefixes: &prefixes},
	}}
}

// register adds an application, and fails the test unless the fault is the one
// wanted.
func (r *registry) register(org identity.OrganizationID, n NewApplication, want fault.Code) identity.Application {
	r.t.Helper()
	app, _, err := r.AddApplication(r.t.Context(), console, org, n)
	r.wants(err, want)
	return app
}

// served is the client id of whose service an address is, "" for nobody's.
func (r *registry) served(service string) string {
	r.t.Helper()
	app, err := r.Serving(r.t.Context(), service)
	if err != nil && !fault.Is(err, fault.CodeServiceUnknown) {
		r.t.Fatal(err)
	}
	return app.ClientID
}

func TestAddCASApplication(t *testing.T) {
	r := openRegistry(t)
	app, secret, err := r.AddApplication(t.Context(), console, acme, casApplication("board", "https://board.example/in"))
	if err != nil || secret != "" || len(app.Secrets) != 0 || app.OAuth != nil || !reflect.DeepEqual(*app.CAS, identity.DefaultCAS()) {
		t.Errorf("got %+v, %q, %v", app.CAS, secret, err)
	}
	stored, err := r.Application(t.Context(), console, acme, "board")
	if err != nil || !reflect.DeepEqual(stored.CAS, app.CAS) {
		t.Errorf("stored: got %+v, %v, want %+v", stored.CAS, err, app.CAS)
	}
	r.wiki()
	_, err = r.ChangeApplication(t.Context(), console, acme, "wiki", 0, ApplicationChange{CAS: &CASChange{Proxy: ptr(true)}})
	if f := fault.Of(err); f == nil || f.Code != fault.CodeFieldUnwanted || f.Field != "cas" {
		t.Errorf("cas of another protocol: got %v", err)
	}
	_, _, err = r.RotateSecret(t.Context(), console, acme, "board", 0)
	r.wants(err, fault.CodeSecretLimit)
}

// What belongs to other protocols is refused at its field.
func TestWhatCASDoesNotHave(t *testing.T) {
	for name, edit := range map[string]func(*NewApplication){
		"public":            func(n *NewApplication) { n.Public = true },
		"client_secret":     func(n *NewApplication) { n.Secret = strings.Repeat("s", 32) },
		"scopes":            func(n *NewApplication) { n.Settings.Scopes = &[]string{"openid"} },
		"access_token_life": func(n *NewApplication) { n.Settings.AccessLife = ptr(identity.DefaultAccessLife) },
		"require_pkce":      func(n *NewApplication) { n.Settings.RequirePKCE = ptr(true) },
	} {
		n := casApplication("other", "https://other.example/")
		edit(&n)
		if f := fault.Of(n.Check()); f == nil || f.Code != fault.CodeFieldUnwanted || f.Field != name {
			t.Errorf("%s: got %v", name, f)
		}
	}
}

func TestChangeCAS(t *testing.T) {
	r := openRegistry(t)
	was := r.register(acme, casApplication("board", "https://board.example/in"), "")
	now, err := r.ChangeApplication(t.Context(), console, acme, "board", was.Version, ApplicationChange{CAS: &CASChange{
		ServicePrefixes: &[]string{"https://board.example/a/"}, Proxy: ptr(true), SingleLogout: ptr(false), LogoutURL: ptr("https://board.example/out"),
	}})
	if err != nil {
		t.Fatal(err)
	}
	if got := differing(was, now); len(got) != reflect.TypeFor[CASChange]().NumField() {
		t.Errorf("only %v differ", got)
	}
	if got := r.served("https://board.example/a/b"); got != "board" {
		t.Errorf("under the prefix: got %q", got)
	}
}

// TestServing: an address is found by its origin, and what is edited counts at
// once.
func TestServing(t *testing.T) {
	r := openRegistry(t)
	const home, page = "https://board.example/in", "https://board.example/pages/1"
	if got := r.served(home); got != "" {
		t.Errorf("before anybody has it: got %q", got)
	}
	r.register(acme, casApplication("board", home), "")
	r.register(acme, casApplication("notes", "https://board.example/notes"), "")
	for service, want := range map[string]string{home: "board", "https://board.example/notes": "notes", page: "", "https://board.example/": "", "x": ""} {
		if got := r.served(service); got != want {
			t.Errorf("%s: got %q, want %q", service, got, want)
		}
	}
	_, err := r.ChangeApplication(t.Context(), console, acme, "board", 0, ApplicationChange{
		HomeURLs: &[]string{"https://other.example/"}, CAS: &CASChange{ServicePrefixes: &[]string{"https://board.example/pages"}},
	})
	r.wants(err, "")
	for service, want := range map[string]string{home: "", page: "board", "https://other.example/": "board"} {
		if got := r.served(service); got != want {
			t.Errorf("after the edit, %s: got %q, want %q", service, got, want)
		}
	}
	r.wants(r.RemoveApplication(t.Context(), console, acme, "board"), "")
	if got := r.served(page); got != "" {
		t.Errorf("after the removal: got %q", got)
	}
}

// TestServicesAreOnesOwn: no two applications share a service, no two
// organisations a host.
func TestServicesAreOnesOwn(t *testing.T) {
	r := openRegistry(t)
	const beta = identity.OrganizationID("org_beta")
	r.update(func(tx *store.Tx) error {
		return tx.Organizations.Insert(identity.Organization{ID: beta, Code: "beta2", Name: "Beta", Status: identity.OrganizationActive})
	})
	r.register(acme, casApplication("board", "https://board.example/in", "https://board.example/pages/"), "")
	for name, n := range map[string]NewApplication{
		"the same home":         casApplication("n", "https://board.example/in"),
		"a home under a prefix": casApplication("n", "https://board.example/pages/1"),
		"a prefix above a home": casApplication("n", "https://n.example/", "https://board.example/in"),
		"the same prefix":       casApplication("n", "https://n.example/", "https://board.example/pages/"),
		"a prefix above":        casApplication("n", "https://n.example/", "https://board.example/"),
		"a prefix below":        casApplication("n", "https://n.example/", "https://board.example/pages/1/"),
	} {
		app, _, err := r.AddApplication(t.Context(), console, acme, n)
		if !fault.Is(err, fault.CodeServiceTaken) || fault.Of(err).Kind != fault.Conflict || app.ID != "" {
			t.Errorf("%s: got %v", name, err)
		}
	}
	r.register(acme, casApplication("notes", "https://board.example/notes", "https://board.example/pagesx/"), "")
	r.register(beta, casApplication("far", "https://board.example/far"), fault.CodeServiceTaken)
	r.register(beta, casApplication("far", "https://BOARD.example:443/far"), fault.CodeServiceTaken)
	r.register(beta, casApplication("far", "https://board.example:8443/far"), "")
	// What it has itself is no obstacle to an edit.
	_, err := r.ChangeApplication(t.Context(), console, acme, "board", 0, ApplicationChange{Name: ptr("Board")})
	r.wants(err, "")
	_, err = r.ChangeApplication(t.Context(), console, acme, "notes", 0, ApplicationChange{HomeURLs: &[]string{"https://board.example/in"}})
	r.wants(err, fault.CodeServiceTaken)
}
