package application

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// registry is a house whose organisation has people.
type registry struct {
	*house
	t                     *testing.T
	owner, ann, bob, dora identity.Person
	root                  identity.Department
	group                 identity.GroupID
}

func openRegistry(t *testing.T) *registry {
	t.Helper()
	return furnish(t, open(t))
}

func furnish(t *testing.T, h *house) *registry {
	t.Helper()
	r := &registry{house: h, t: t, group: "grp_writers"}
	now := h.clock.Now()
	r.root = identity.Department{ID: identity.NewDepartmentID(now), OrganizationID: acme, Code: "1", Name: "Acme", SortLevel: 1}
	r.root.Path, r.root.Level = string(r.root.ID)+"/", 1
	r.update(func(tx *store.Tx) error { return tx.Departments.Insert(r.root) })
	r.owner = r.person("olga", identity.RoleOwner)
	r.ann = r.person("ann", identity.RoleAdministrator)
	r.bob = r.person("bob", identity.RoleAdministrator)
	r.dora = r.person("dora", identity.RoleMember)
	return r
}

func (r *registry) update(fn func(tx *store.Tx) error) {
	r.t.Helper()
	err := r.db.Update(r.t.Context(), func(tx *store.Tx) error {
		tx.NoEvent("a fixture")
		return fn(tx)
	})
	if err != nil {
		r.t.Fatal(err)
	}
}

func (r *registry) person(name string, role identity.Role) identity.Person {
	r.t.Helper()
	now := r.clock.Now()
	p := identity.Person{
		Account: identity.Account{
			ID: identity.NewAccountID(now), Kind: identity.Managed, OrganizationID: acme, Name: name + "@acme.example",
			DisplayName: name, Email: name + "@mail.example", Mobile: "+8613800000001", Language: "zh-CN", Status: identity.AccountActive,
			CreatedAt: now, UpdatedAt: now,
		},
		Member: identity.Member{
			ID: identity.NewMemberID(now), OrganizationID: acme, Name: strings.ToUpper(name), Role: role,
			Status: identity.MemberActive, Department: r.root.ID, SortLevel: 1, Title: "Editor",
			Attributes: map[string]string{"employee_number": "007", "floor": "3"}, CreatedAt: now, UpdatedAt: now,
		},
	}
	p.Member.AccountID = p.Account.ID
	r.update(func(tx *store.Tx) error {
		if err := tx.Accounts.Insert(p.Account, p.Account.LoginNames(false)); err != nil {
			return err
		}
		return tx.Members.Insert(p)
	})
	return p
}

func as(p identity.Person) identity.Actor {
	return identity.Actor{
		Kind: identity.ActsAsMember, AccountID: p.Account.ID, MemberID: p.Member.ID, OrganizationID: acme, Role: p.Member.Role,
	}
}

// wiki adds an application with a responsible member, ann.
func (r *registry) wiki() identity.Application {
	r.t.Helper()
	app, _, err := r.AddApplication(r.t.Context(), console, acme, NewApplication{
		ClientID: "wiki", Protocol: identity.ProtocolOIDC, Settings: ApplicationChange{
			Name: ptr("Wiki"), HomeURLs: &[]string{"https://wiki.example/cb"}, Responsible: &r.ann.Member.ID,
		},
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return app
}

func (r *registry) wants(err error, code fault.Code) {
	r.t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		r.t.Errorf("got %v, want %q", err, code)
	}
}

func TestAddApplication(t *testing.T) {
	r := openRegistry(t)
	app, secret, err := r.AddApplication(t.Context(), as(r.ann), acme, NewApplication{
		Protocol: identity.ProtocolOIDC, Settings: ApplicationChange{Name: ptr("Wiki"), HomeURLs: &[]string{"https://wiki.example/cb"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(app.ClientID) != 64 || len(secret) != 64 || !r.Prove(app, secret) {
		t.Errorf("got client id %q and secret of %d characters", app.ClientID, len(secret))
	}
	if !reflect.DeepEqual(app.Access, identity.Access{}) {
		t.Errorf("got access %+v, want nobody", app.Access)
	}
	found, err := r.Find(t.Context(), app.ClientID)
	if err != nil || !r.Prove(found, secret) {
		t.Errorf("found %v, %v, which the secret does not prove", found, err)
	}
	read, err := r.Application(t.Context(), as(r.bob), acme, app.ClientID)
	if err != nil || len(read.Secrets) != 1 || read.Secrets[0].Digest != nil {
		t.Errorf("got %v, %v, want an application without digests", read.Secrets, err)
	}
	read.Secrets = found.Secrets
	if !reflect.DeepEqual(read, found) {
		t.Errorf("got %#v, want %#v", read, found)
	}
	page, err := r.Applications.Applications(t.Context(), console, acme, Query{})
	if err != nil || len(page) != 1 || page[0].Secrets[0].Digest != nil {
		t.Errorf("got %v, %v, want the one application", page, err)
	}
}

func TestAddApplicationRefuses(t *testing.T) {
	r := openRegistry(t)
	r.wiki()
	for _, row := range []struct {
		name string
		edit func(*NewApplication)
		want fault.Code
	}{
		{"a taken client id", func(n *NewApplication) { n.ClientID = "wiki" }, fault.CodeApplicationExists},
		{"a short secret", func(n *NewApplication) { n.Secret = "short" }, fault.CodeFieldFormat},
		{"a public one with a secret", func(n *NewApplication) { n.Public, n.Secret = true, strings.Repeat("s", 32) }, fault.CodeFieldUnwanted},
		{"an unsafe home URL", func(n *NewApplication) { n.Settings.HomeURLs = &[]string{"http://wiki.example/"} }, fault.CodeRedirectUnsafe},
		{"an unknown protocol", func(n *NewApplication) { n.Protocol = "saml" }, fault.CodeFieldChoice},
		{"an unknown attribute", func(n *NewApplication) {
			n.Settings.Claims = &[]identity.ClaimRule{{Attribute: "password", Claim: "p"}}
		}, fault.CodeClaimAttribute},
		{"an ordinary member as responsible", func(n *NewApplication) { n.Settings.Responsible = &r.dora.Member.ID }, fault.CodeResponsibleOrdinary},
		{"a stranger as responsible", func(n *NewApplication) { n.Settings.Responsible = ptr(identity.MemberID("mem_x")) }, fault.CodeApplicationTarget},
		{"access for a stranger", func(n *NewApplication) {
			n.Settings.Access = &identity.Access{Members: []identity.MemberID{"mem_x"}}
		}, fault.CodeApplicationTarget},
		{"access for an unknown group", func(n *NewApplication) {
			n.Settings.Access = &identity.Access{Groups: []identity.GroupID{"grp_x"}}
		}, fault.CodeApplicationTarget},
	} {
		t.Run(row.name, func(t *testing.T) {
			n := NewApplication{Protocol: identity.ProtocolOIDC, Settings: ApplicationChange{Name: ptr("X"), HomeURLs: &[]string{"https://x.example/"}}}
			row.edit(&n)
			_, _, err := r.AddApplication(t.Context(), console, acme, n)
			r.wants(err, row.want)
		})
	}
}

func TestEveryApplicationActionAsksAccess(t *testing.T) {
	r := openRegistry(t)
	r.wiki()
	room := reflect.ValueOf(r.Applications)
	n := 0
	for i := range room.NumMethod() {
		method := room.Type().Method(i)
		if method.Type.NumIn() < 3 || method.Type.In(2) != reflect.TypeFor[identity.Actor]() {
			continue
		}
		n++
		for name, actor := range map[string]identity.Actor{
			"nobody": {}, "an ordinary member": as(r.dora),
			"an owner elsewhere":     {Kind: identity.ActsAsMember, OrganizationID: "org_other", Role: identity.RoleOwner},
			"a token of another one": {Kind: identity.ActsAsOrgToken, OrganizationID: "org_other"},
		} {
			args := []reflect.Value{reflect.ValueOf(t.Context()), reflect.ValueOf(actor), reflect.ValueOf(acme)}
			for j := 4; j < method.Type.NumIn(); j++ {
				arg := reflect.New(method.Type.In(j)).Elem()
				if arg.Kind() == reflect.String {
					arg.SetString("wiki")
				}
				args = append(args, arg)
			}
			out := room.Method(i).Call(args)
			if err, _ := out[len(out)-1].Interface().(error); !fault.Is(err, fault.CodeForbidden) {
				t.Errorf("%s by %s: got %v, want forbidden", method.Name, name, err)
			}
		}
	}
	if n < 15 {
		t.Errorf("found %d methods with an actor", n)
	}
}

func TestResponsibleMember(t *testing.T) {
	r := openRegistry(t)
	r.wiki()
	change := ApplicationChange{Description: ptr("x")}
	for _, row := range []struct {
		name   string
		actor  identity.Actor
		change ApplicationChange
		want   fault.Code
	}{
		{"another administrator", as(r.bob), change, fault.CodeApplicationOwned},
		{"the owner", as(r.owner), change, fault.CodeApplicationOwned},
		{"another administrator takes it over", as(r.bob), ApplicationChange{Responsible: &r.bob.Member.ID}, fault.CodeApplicationOwned},
		{"the owner with more than a hand-over", as(r.owner), ApplicationChange{Responsible: &r.bob.Member.ID, Name: ptr("y")}, fault.CodeApplicationOwned},
		{"the responsible member", as(r.ann), change, ""},
		{"a token of the organisation", identity.Actor{Kind: identity.ActsAsOrgToken, OrganizationID: acme}, ApplicationChange{Description: ptr("y")}, ""},
		{"the provider", identity.Actor{Kind: identity.ActsAsProvider}, ApplicationChange{Description: ptr("z")}, ""},
		{"the owner hands over", as(r.owner), ApplicationChange{Responsible: &r.bob.Member.ID}, ""},
		{"who was responsible", as(r.ann), ApplicationChange{Description: ptr("")}, fault.CodeApplicationOwned},
		{"the new one", as(r.bob), ApplicationChange{Description: ptr("")}, ""},
	} {
		_, err := r.ChangeApplication(t.Context(), row.actor, acme, "wiki", 0, row.change)
		if row.want == "" && err != nil || row.want != "" && !fault.Is(err, row.want) {
			t.Errorf("%s: got %v, want %q", row.name, err, row.want)
		}
	}
	for name, act := range map[string]func(context.Context, identity.Actor) error{
		"remove": func(ctx context.Context, by identity.Actor) error { return r.RemoveApplication(ctx, by, acme, "wiki") },
		"rotate": func(ctx context.Context, by identity.Actor) error {
			_, _, err := r.RotateSecret(ctx, by, acme, "wiki", time.Hour)
			return err
		},
		"revoke all": func(ctx context.Context, by identity.Actor) error { return r.RevokeAll(ctx, by, acme, "wiki") },
		"icon": func(ctx context.Context, by identity.Actor) error {
			_, err := r.SetIcon(ctx, by, acme, "wiki", picture(t, icon.Side, "png"))
			return err
		},
	} {
		if err := act(t.Context(), as(r.ann)); !fault.Is(err, fault.CodeApplicationOwned) {
			t.Errorf("%s by another than the responsible member: got %v", name, err)
		}
	}
	// Who administers nothing any more is responsible for nothing.
	r.bob.Member.Role, r.bob.Member.Version = identity.RoleMember, 1
	r.update(func(tx *store.Tx) error { return tx.Members.Put(r.bob) })
	_, err := r.ChangeApplication(t.Context(), as(r.ann), acme, "wiki", 0, change)
	r.wants(err, "")
	r.update(func(tx *store.Tx) error { return tx.Members.Delete(acme, r.bob.Member.ID) })
	r.wants(r.RemoveApplication(t.Context(), as(r.ann), acme, "wiki"), "")
	_, err = r.Find(t.Context(), "wiki")
	r.wants(err, fault.CodeApplicationNotFound)
}

func TestChangeApplication(t *testing.T) {
	r := openRegistry(t)
	was := r.wiki()
	full := ApplicationChange{
		Name: ptr("维基"), Description: ptr("d"), Status: ptr(identity.ApplicationDisabled), Responsible: ptr(identity.MemberID("")),
		HomeURLs: &[]string{"https://b.example/", "https://a.example/"}, ExitURL: ptr("https://a.example/bye"),
		AdministratorURL: ptr("https://a.example/admin"), Access: &identity.Access{
			Everyone: true, Members: []identity.MemberID{r.dora.Member.ID, r.ann.Member.ID, r.ann.Member.ID},
			Departments: []identity.DepartmentID{r.root.ID},
		},
		Sources: &[]identity.SourceID{r.source("corp", identity.SourceOIDC)},
		Claims:  &[]identity.ClaimRule{{Attribute: "attribute:floor", Claim: "floor"}}, Consent: ptr(true),
		AuthMethods: &[]identity.AuthMethod{identity.AuthBasic}, Grants: &[]identity.GrantType{identity.GrantCode},
		RequirePKCE: ptr(true), Scopes: &[]string{"openid"}, AccessFormat: ptr(identity.JWT), AccessAlgorithm: ptr(identity.RS384), Audiences: &[]string{"https://api.example"},
		AccessLife: ptr(time.Minute), RefreshLife: ptr(time.Hour), IDTokenLife: ptr(2 * time.Minute), RefreshGrace: ptr(time.Second),
		IDTokenAlgorithm: ptr(identity.ES256), BackchannelURL: ptr("https://a.example/out"), Introspectors: &[]string{"api"},
	}
	now, err := r.ChangeApplication(t.Context(), console, acme, "wiki", was.Version, full)
	if err != nil {
		t.Fatal(err)
	}
	if got := differing(was, now); len(got) != len(fieldsOf(now)) {
		t.Errorf("only %v differ", got)
	}
	// Every field of the change has its place in fieldsOf; what CAS adds has its
	// own.
	if n := reflect.TypeFor[ApplicationChange]().NumField() - 1; n != len(fieldsOf(now)) {
		t.Errorf("the change has %d fields, the comparison %d", n, len(fieldsOf(now)))
	}
	if now.Generation != was.Generation+1 || now.Version != was.Version+1 {
		t.Errorf("got generation %d and version %d", now.Generation, now.Version)
	}
	if !slices.IsSorted(now.Access.Members) || len(now.Access.Members) != 2 {
		t.Errorf("got members %v, want each once in order", now.Access.Members)
	}
	again, err := r.ChangeApplication(t.Context(), console, acme, "wiki", now.Version, full)
	if err != nil || again.Version != now.Version {
		t.Errorf("the same change again: got version %d, %v, want %d", again.Version, err, now.Version)
	}
	_, err = r.ChangeApplication(t.Context(), console, acme, "wiki", was.Version, ApplicationChange{Name: ptr("z")})
	r.wants(err, fault.CodeStale)
	_, err = r.ChangeApplication(t.Context(), console, acme, "wiki", 0, ApplicationChange{HomeURLs: &[]string{}})
	r.wants(err, fault.CodeFieldMissing)
	_, err = r.ChangeApplication(t.Context(), console, acme, "shop", 0, full)
	r.wants(err, fault.CodeApplicationNotFound)
}

func TestGeneration(t *testing.T) {
	r := openRegistry(t)
	app := r.wiki()
	for _, row := range []struct {
		name   string
		change ApplicationChange
		ends   bool
	}{
		{"another name", ApplicationChange{Name: ptr("x")}, false},
		{"everybody may enter", ApplicationChange{Access: &identity.Access{Everyone: true}}, false},
		{"disabled", ApplicationChange{Status: ptr(identity.ApplicationDisabled)}, true},
		{"still disabled", ApplicationChange{Status: ptr(identity.ApplicationDisabled), Name: ptr("y")}, false},
		{"enabled", ApplicationChange{Status: ptr(identity.ApplicationActive)}, false},
		{"a scope less", ApplicationChange{Scopes: &[]string{"openid", "email"}}, true},
		{"a scope more", ApplicationChange{Scopes: &[]string{"openid", "email", "api.read"}}, false},
	} {
		now, err := r.ChangeApplication(t.Context(), console, acme, "wiki", 0, row.change)
		if err != nil || (now.Generation > app.Generation) != row.ends {
			t.Errorf("%s: got %v and generation %d after %d", row.name, err, now.Generation, app.Generation)
		}
		app = now
	}
	if err := r.RevokeAll(t.Context(), console, acme, "wiki"); err != nil {
		t.Fatal(err)
	}
	if now, err := r.Find(t.Context(), "wiki"); err != nil || now.Generation != app.Generation+1 {
		t.Errorf("revoked: got %d, %v, want %d", now.Generation, err, app.Generation+1)
	}
}

func TestSecretsTakeOver(t *testing.T) {
	r := openRegistry(t)
	app, first, err := r.AddApplication(t.Context(), console, acme, NewApplication{
		ClientID: "wiki", Protocol: identity.ProtocolOIDC, Settings: ApplicationChange{Name: ptr("Wiki"), HomeURLs: &[]string{"https://wiki.example/"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = r.RevokeSecret(t.Context(), console, acme, "wiki")
	r.wants(err, fault.CodeSecretNone)
	proven := func(what string, want map[string]bool) {
		t.Helper()
		app, err = r.Find(t.Context(), "wiki")
		for secret, right := range want {
			if err != nil || r.Prove(app, secret) != right {
				t.Errorf("%s: got %v, %v, want %v", what, !right, err, right)
			}
		}
	}
	_, second, err := r.RotateSecret(t.Context(), console, acme, "wiki", time.Hour)
	r.wants(err, "")
	proven("in the overlap", map[string]bool{first: true, second: true, "": false, second + "x": false})
	r.clock.Advance(time.Hour)
	proven("after the overlap", map[string]bool{first: false, second: true})
	_, third, err := r.RotateSecret(t.Context(), console, acme, "wiki", time.Hour)
	r.wants(err, "")
	_, err = r.RevokeSecret(t.Context(), console, acme, "wiki")
	r.wants(err, "")
	proven("revoked", map[string]bool{second: false, third: true})
	_, fourth, err := r.RotateSecret(t.Context(), console, acme, "wiki", 0)
	r.wants(err, "")
	proven("at once", map[string]bool{third: false, fourth: true})
	given := strings.Repeat("given-", 6)
	if app, err = r.SetSecret(t.Context(), console, acme, "wiki", given); err != nil {
		t.Fatal(err)
	}
	same, err := r.SetSecret(t.Context(), console, acme, "wiki", given)
	if err != nil || same.Version != app.Version {
		t.Errorf("the same secret again: got version %d, %v, want %d", same.Version, err, app.Version)
	}
	proven("given", map[string]bool{fourth: true, given: true})
	for _, overlap := range []time.Duration{-time.Second, 91 * 24 * time.Hour} {
		_, _, err = r.RotateSecret(t.Context(), console, acme, "wiki", overlap)
		r.wants(err, fault.CodeFieldRange)
	}
}

func TestPublicApplicationHasNoSecret(t *testing.T) {
	r := openRegistry(t)
	app, secret, err := r.AddApplication(t.Context(), console, acme, NewApplication{
		ClientID: "phone", Public: true, Protocol: identity.ProtocolOIDC,
		Settings: ApplicationChange{Name: ptr("Phone"), HomeURLs: &[]string{"com.example.phone:/cb"}, RequirePKCE: ptr(false)},
	})
	if err != nil || secret != "" || !app.OAuth.RequirePKCE {
		t.Errorf("got %q, %v, PKCE %v", secret, err, app.OAuth.RequirePKCE)
	}
	for _, text := range []string{"", "x", string(make([]byte, 32))} {
		if r.Prove(app, text) {
			t.Errorf("%q proves an application without secrets", text)
		}
	}
	_, _, err = r.RotateSecret(t.Context(), console, acme, "phone", 0)
	r.wants(err, fault.CodeSecretLimit)
}

// TestFindIsCached: one statement for many, none that is stale, also about
// those that are not there, on every node.
func TestFindIsCached(t *testing.T) {
	storetest.Each(t, func(t *testing.T, openDB func(...storetest.Option) *store.DB) {
		clock := storetest.NewClock()
		here := furnish(t, newHouse(t, openDB(storetest.WithClock(clock)), clock))
		there := New(openDB(storetest.WithClock(clock)), Options{Now: clock.Now})
		defer there.Close()
		for range 2 {
			if _, err := there.Find(t.Context(), "wiki"); !fault.Is(err, fault.CodeApplicationNotFound) {
				t.Fatalf("got %v, want not found", err)
			}
		}
		here.wiki()
		until(t, func() error { _, err := there.Find(t.Context(), "wiki"); return err })
		if _, err := here.ChangeApplication(t.Context(), console, acme, "wiki", 0, ApplicationChange{Name: ptr("new")}); err != nil {
			t.Fatal(err)
		}
		if app, err := here.Find(t.Context(), "wiki"); err != nil || app.Name != "new" {
			t.Errorf("here: got %q, %v", app.Name, err)
		}
		until(t, func() error {
			app, err := there.Find(t.Context(), "wiki")
			if err == nil && app.Name != "new" {
				err = fmt.Errorf("got %q", app.Name)
			}
			return err
		})
		if err := here.RemoveApplication(t.Context(), console, acme, "wiki"); err != nil {
			t.Fatal(err)
		}
		until(t, func() error {
			if _, err := there.Find(t.Context(), "wiki"); !fault.Is(err, fault.CodeApplicationNotFound) {
				return errors.New("it is found still")
			}
			return nil
		})
	})
}

func until(t *testing.T, ok func() error) {
	t.Helper()
	ticker := time.NewTicker(5 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(10 * time.Second)
	for {
		err := ok()
		if err == nil {
			return
		}
		select {
		case <-ticker.C:
		case <-deadline:
			t.Fatal(err)
		}
	}
}

func TestFindAsksOfNothingMalformed(t *testing.T) {
	r := openRegistry(t)
	for _, id := range []string{"", "a b", "wiki\x00", strings.Repeat("a", 65), "a/b", rand.Text() + "\xff"} {
		if _, err := r.Find(t.Context(), id); !fault.Is(err, fault.CodeApplicationNotFound) {
			t.Errorf("%q: got %v, want not found", id, err)
		}
	}
}
