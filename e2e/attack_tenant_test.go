package e2e_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

// operation is one of the management API, as its own description tells.
type operation struct{ method, path string }

// operations reads all of them from the API's description, so that a route
// that is added later is attacked too.
func operations(t *testing.T, n *harness.Node) []operation {
	t.Helper()
	var described struct {
		Paths map[string]map[string]struct {
			OperationID string
		}
	}
	n.Do(t, harness.Call{Path: "/api/openapi.json"}).Want(t, http.StatusOK, "").Into(t, &described)
	var all []operation
	for path, methods := range described.Paths {
		if !strings.HasPrefix(path, "/api/v1") {
			path = "/api/v1" + path
		}
		for method, o := range methods {
			if o.OperationID != "" {
				all = append(all, operation{strings.ToUpper(method), path})
			}
		}
	}
	if len(all) < 30 {
		t.Fatalf("got %d operations: the description is not read as it is meant", len(all))
	}
	return all
}

// fill puts identifiers of acme into a path.
func fill(path string, values map[string]string) string {
	for name, value := range values {
		path = strings.ReplaceAll(path, "{"+name+"}", value)
	}
	return path
}

// ofAcmeValues are identifiers for every name in a path. But for what is asked
// for and gone in a moment, all of them exist.
func ofAcmeValues(t *testing.T, s stage) map[string]string {
	t.Helper()
	alice, b := enter(t, s.n, "alice"), harness.ApplicationBrowser(t)
	s.n.Enter(t, b, s.n.Party(t, harness.Wiki), harness.Alice)
	member, root := memberID(t, s, harness.Alice), bearer(s.apiToken(t, ""))
	values := map[string]string{
		"org": "acme", "member": member, "dept": "rd", "app_id": harness.AcmeApp().ID, "account": alice.User.UserID, "client_id": harness.Wiki.ID,
		"group":   firstID(t, s, root, "/api/v1/organizations/acme/groups"),
		"session": firstID(t, s, root, "/api/v1/organizations/acme/members/"+member+"/sessions"),
		"token":   "none", "id": "AAAAAAAA", "request": "none", "try": "none", "link": "none", "domain": "partner.example",
		"invitation": "none", "quota_request": "none", "organization": "none", "factor": "none",
	}
	addSource(t, s, root, values)
	addContact(t, s, root, values)
	addTasks(t, s, root, values)
	for _, o := range operations(t, s.n) {
		if path := fill(o.path, values); strings.Contains(path, "{") {
			t.Errorf("%s %s: nobody knows what to put into it", o.method, path)
		}
	}
	return values
}

// addSource adds an authentication source, a link by which it is set up, and a
// domain to acme.
func addSource(t *testing.T, s stage, root map[string]string, values map[string]string) {
	t.Helper()
	const acme = "/api/v1/organizations/acme/"
	var added struct{ ID string }
	add := func(path string, body map[string]any) string {
		s.n.Do(t, harness.Call{Path: acme + path, Header: root, Body: body}).Want(t, http.StatusCreated, "").Into(t, &added)
		return added.ID
	}
	values["source"] = add("sources", map[string]any{"name": "corp-" + signature.Nonce()[:8], "kind": "oidc"})
	values["setup_link"] = add("sources/"+values["source"]+"/setup-links", map[string]any{})
	values["attribute"] = "floor-" + signature.Nonce()[:8]
	add("attributes", map[string]any{"key": values["attribute"], "label": "Floor", "type": "number"})
	values["region"] = add("regions", map[string]any{"name": "region-" + signature.Nonce()[:8], "network": "2001:db8::" + signature.Nonce()[:4] + "/128"})
	values["webhook"] = add("webhooks", map[string]any{"name": "hook-" + signature.Nonce()[:8], "url": "https://hooks.example", "events": []string{"*"}})
	values["delivery"], values["record"] = "none", "none"
	values["kind"], values["language"] = "code", "en-US"
	s.n.Do(t, harness.Call{Method: http.MethodPut, Path: acme + "message-texts/code/en-US", Header: root, Body: map[string]any{"subject": "", "body": "", "sms": "{code}"}}).
		Want(t, http.StatusOK, "")
	values["policy"] = add("applications/"+values["client_id"]+"/policies", map[string]any{"name": "policy-" + signature.Nonce()[:8], "decision": "allow"})
	add("domains", map[string]any{"name": values["domain"]})
	values["terminal"] = add("terminals", map[string]any{"name": "Hall", "model": "TE20", "email": "it@acme.example"})
	values["activation_code"] = add("activation-codes", map[string]any{"name": "Hub", "device": "idea_hub"})
	add("resources", map[string]any{"kind": "meeting_rooms", "count": 1, "ends_at": "2040-01-01T00:00:00Z"})
	values["room"] = firstID(t, s, root, acme+"rooms")
	values["resource"] = add("resources", map[string]any{"kind": "participants", "count": 5, "ends_at": "2040-01-01T00:00:00Z"})
}

// addContact writes somebody outside down for acme.
func addContact(t *testing.T, s stage, root, values map[string]string) {
	t.Helper()
	var added struct{ ID string }
	s.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/contacts", Header: root, Body: map[string]any{"name": "Outside"}}).
		Want(t, http.StatusCreated, "").Into(t, &added)
	values["contact"] = added.ID
}

// addTasks has members of acme imported and exported.
func addTasks(t *testing.T, s stage, root map[string]string, values map[string]string) {
	t.Helper()
	const acme = "/api/v1/organizations/acme/"
	var added struct{ ID string }
	s.n.Do(t, harness.Call{Path: acme + "imports?dry_run=true", Header: root, Body: "account,name\nnew,New\n"}).Want(t, http.StatusCreated, "").Into(t, &added)
	values["import"] = added.ID
	s.n.Do(t, harness.Call{Path: acme + "exports", Header: root, Body: map[string]any{"format": "csv"}}).Want(t, http.StatusCreated, "").Into(t, &added)
	values["export"] = added.ID
}

// firstID is the identifier of the first of a list.
func firstID(t *testing.T, s stage, header map[string]string, path string) string {
	t.Helper()
	var list struct{ Items []struct{ ID string } }
	s.n.Do(t, harness.Call{Path: path, Header: header}).Want(t, http.StatusOK, "").Into(t, &list)
	if len(list.Items) == 0 {
		t.Fatalf("%s is empty", path)
	}
	return list.Items[0].ID
}

// memberID is the identifier of a member of acme in the management API.
func memberID(t *testing.T, s stage, account string) string {
	t.Helper()
	var list struct {
		Items []struct{ ID, Account string }
	}
	s.n.Do(t, harness.Call{Path: "/api/v1/organizations/acme/members", Header: bearer(s.apiToken(t, ""))}).
		Want(t, http.StatusOK, "").Into(t, &list)
	for _, m := range list.Items {
		if m.Account == account {
			return m.ID
		}
	}
	t.Fatalf("%s is not among %d members", account, len(list.Items))
	return ""
}

// apiToken is a token of its own for each test.
func (s stage) apiToken(t *testing.T, organization string) string {
	t.Helper()
	name := strings.ReplaceAll(t.Name(), "/", "-") + "-" + organization + "-" + signature.Nonce()[:8]
	args := []string{"admin", "token", "create", "--name", strings.TrimLeft(name[max(0, len(name)-60):], "-")}
	if organization != "" {
		args = append(args, "--organization", organization)
	}
	word, _, _ := strings.Cut(s.house.Run(t, args...).Want(t, 0).Out, "\n")
	s.house.Secret(word)
	return word
}

// foreignObjects: nothing of another organisation can be reached by its
// identifier, nor can it be learned that it exists (CVE-2025-64431).
func foreignObjects(t *testing.T, s stage) {
	foreign, values := bearer(s.apiToken(t, "other")), ofAcmeValues(t, s)
	before := s.house.Run(t, "export").Want(t, 0).Out
	for _, o := range operations(t, s.n) {
		if !strings.Contains(o.path, "{org}") {
			continue
		}
		call := harness.Call{Method: o.method, Path: fill(o.path, values), Header: foreign}
		if o.method != http.MethodGet && o.method != http.MethodDelete {
			call.Body = map[string]any{"name": "Mine", "code": "mine", "role": "member"}
		}
		a := s.n.Do(t, call)
		if a.Status != http.StatusForbidden && a.Status != http.StatusNotFound && (call.Body == nil || a.Status < 400 || a.Status >= 500) {
			t.Errorf("%s %s: got %d %.200s", o.method, o.path, a.Status, a.Body)
		}
		if o.method == http.MethodGet {
			call.Path = strings.Replace(call.Path, "/acme", "/nowhere", 1)
			if none := s.n.Do(t, call); none.Status != a.Status {
				t.Errorf("%s %s: got %d, and %d where there is no such organisation", o.method, o.path, a.Status, none.Status)
			}
		}
	}
	if after := s.house.Run(t, "export").Want(t, 0).Out; after != before {
		t.Errorf("something was changed:\n%s", after)
	}
	if list := s.n.Do(t, harness.Call{Path: "/api/v1/organizations", Header: foreign}); strings.Contains(string(list.Body), "acme") {
		t.Errorf("another organisation's token sees acme: %s", list.Body)
	}
}

// organizationInBody: the organisation is that of the path and of the proof;
// what the body says of it is not believed (CVE-2026-4636).
func organizationInBody(t *testing.T, s stage) {
	owner := s.n.SignIn(t, harness.Owner).AccessToken
	for _, c := range []struct{ method, suffix string }{{"PUT", ""}, {"PUT", "/reset"}, {"DELETE", ""}} {
		s.n.Do(t, harness.Call{
			Method: c.method, Path: "/v2/usg/acs/corp/app/" + harness.OtherApp().ID + c.suffix, Header: with(owner),
			Body: map[string]any{"app_id": harness.AcmeApp().ID, "corpId": "other", "app_name": "mine", "status": 1},
		}).Want(t, http.StatusBadRequest, "USG.206010404")
	}
	s.n.Do(t, harness.SignedCall(t, harness.OtherApp(), person("fresh"))).Want(t, http.StatusOK, "")
	s.n.Do(t, harness.Call{
		Path: "/api/v1/organizations/acme/members", Header: bearer(s.apiToken(t, "acme")),
		Body: map[string]any{"name": "Mallory", "account": "mallory@acme.example", "organization": "other", "organization_id": "other", "org": "other"},
	})
	_, others, _ := strings.Cut(s.house.Run(t, "export").Want(t, 0).Out, "code: other")
	if strings.Contains(others, "mallory") {
		t.Error("a member was made in the organisation that the body names")
	}
}

// openRoutes are what anybody may ask of the management API.
var openRoutes = []string{"GET /api/v1/version"}

// unprovenRoutes: without a proof, or with one that is none, nothing is
// answered but what is meant for everybody (CVE-2025-4210).
func unprovenRoutes(t *testing.T, s stage) {
	values := ofAcmeValues(t, s)
	ended := enter(t, s.n, "").AccessToken
	s.n.SignOut(t, ended).Want(t, http.StatusOK, "")
	for _, o := range operations(t, s.n) {
		if slices.Contains(openRoutes, o.method+" "+o.path) {
			continue
		}
		for what, header := range map[string]map[string]string{
			"nothing": nil, "nonsense": bearer("none"), "an empty token": bearer(""), "a token that ended": bearer(ended),
			"its header": with(ended), "a password": {"Authorization": "Basic cm9vdDpyb290"},
		} {
			if a := s.n.Do(t, harness.Call{Method: o.method, Path: fill(o.path, values), Header: header}); a.Status != http.StatusUnauthorized {
				t.Errorf("%s %s with %s: got %d %.200s", o.method, o.path, what, a.Status, a.Body)
			}
		}
	}
	for _, o := range []operation{
		{"DELETE", "/v1/usg/acs/token"},
		{"PUT", "/v1/usg/acs/token"},
		{"POST", "/v1/usg/acs/auth/portal-ref-nonce"},
		{"PUT", "/v1/usg/acs/password"},
		{"PUT", "/v1/usg/acs/password/admin/reset"},
		{"POST", "/v2/usg/acs/corp/app"},
		{"GET", "/v2/usg/acs/corp/apps"},
		{"PUT", "/v2/usg/acs/corp/app/" + harness.AcmeApp().ID},
		{"PUT", "/v2/usg/acs/corp/app/" + harness.AcmeApp().ID + "/reset"},
		{"DELETE", "/v2/usg/acs/corp/app/" + harness.AcmeApp().ID},
	} {
		s.n.Do(t, harness.Call{Method: o.method, Path: o.path}).Want(t, http.StatusUnauthorized, "USG.000000004")
		s.n.Do(t, harness.Call{Method: o.method, Path: o.path, Header: with("none")}).Want(t, http.StatusUnauthorized, "USG.206020000")
	}
}

// secretsInAnswers: nobody, whatever they may do, is shown what is kept secret
// (CVE-2025-11794).
func secretsInAnswers(t *testing.T, s stage) {
	values := ofAcmeValues(t, s)
	root, acme := bearer(s.apiToken(t, "")), bearer(s.apiToken(t, "acme"))
	for _, o := range operations(t, s.n) {
		if o.method != http.MethodGet {
			continue
		}
		for _, header := range []map[string]string{root, acme} {
			body := string(s.n.Do(t, harness.Call{Path: fill(o.path, values), Header: header}).Body)
			for _, secret := range []string{
				"argon2", string(harness.AcmeApp().Key), string(harness.SPApp().Key), harness.Password(harness.Alice),
				strings.TrimPrefix(root["Authorization"], "Bearer "), "password_hash", harness.Wiki.Secret, harness.Desk.Secret, harness.Payroll.Secret,
				"ogga_", "oggr_", "PRIVATE KEY",
			} {
				if strings.Contains(body, secret) {
					t.Errorf("%s shows %q", o.path, secret)
				}
			}
		}
	}
	own := string(s.n.Do(t, harness.Call{Path: "/api/v1/organizations", Header: acme}).Body)
	if strings.Contains(own, "Other Ltd") {
		t.Errorf("an organisation is told of another one: %s", own)
	}
}

// lastAdministrators: whoever is the last who may administer stays.
func lastAdministrators(t *testing.T, s stage) {
	root := bearer(s.apiToken(t, ""))
	owner := "/api/v1/organizations/acme/members/" + memberID(t, s, harness.Owner)
	var operators struct {
		Items []struct{ ID, AccountID string }
	}
	s.n.Do(t, harness.Call{Path: "/api/v1/provider/administrators", Header: root}).Want(t, http.StatusOK, "").Into(t, &operators)
	calls := []harness.Call{
		{Method: http.MethodDelete, Path: owner},
		{Method: http.MethodPost, Path: owner + "/suspend"},
		{Method: http.MethodPost, Path: owner + "/role", Body: map[string]any{"role": "member"}},
	}
	for _, o := range operators.Items {
		calls = append(calls, harness.Call{Method: http.MethodDelete, Path: "/api/v1/provider/administrators/" + o.ID})
	}
	if len(operators.Items) != 1 {
		t.Fatalf("got %d administrators of the provider, want 1", len(operators.Items))
	}
	for _, call := range calls {
		call.Header = root
		if a := s.n.Do(t, call); a.Status < 400 || a.Status >= 500 {
			t.Errorf("%s %s: got %d %.200s", call.Method, call.Path, a.Status, a.Body)
		}
	}
	manifest := harness.Manifest(s.house.Mail.Port())
	for what, changed := range map[string]string{
		"an owner who is a member":   strings.Replace(manifest, "role: owner, password: env:E2E_OWNER", "role: member, password: env:E2E_OWNER", 1),
		"an owner who is disabled":   strings.Replace(manifest, "role: owner, password: env:E2E_OWNER", "role: owner, status: disabled, password: env:E2E_OWNER", 1),
		"a provider without anybody": strings.Replace(manifest, "    - {account: root@sp.example, name: Root, password: env:E2E_ROOT}", "    []", 1),
	} {
		if changed == manifest {
			t.Fatalf("%s: the manifest is the usual one", what)
		}
		if r := s.house.Run(t, "apply", "--prune", "-f", s.house.Write(t, "last.yaml", changed)); r.Status != 1 {
			t.Errorf("%s: got status %d\n%s", what, r.Status, r.Out)
		}
	}
	s.n.SignIn(t, harness.Owner)
	s.n.SignIn(t, harness.Root)
}

// replacedKeys: a replaced key works for its month, the one before it not at
// all, and of a disabled App ID none.
func replacedKeys(t *testing.T, s stage) {
	owner := with(s.n.SignIn(t, harness.Owner).AccessToken)
	var made struct {
		ID  string `json:"app_id"`
		Key string `json:"app_key"`
	}
	s.n.Do(t, harness.Call{Path: "/v2/usg/acs/corp/app", Header: owner, Body: map[string]any{"app_name": "rolled"}}).Want(t, 200, "").Into(t, &made)
	path := "/v2/usg/acs/corp/app/" + made.ID
	var keys []signature.App
	remember := func() {
		s.house.Secret(made.Key)
		keys = append(keys, signature.App{Mode: signature.Enterprise, ID: made.ID, Key: signature.Key(made.Key)})
	}
	statuses := func(want ...int) {
		t.Helper()
		var got []int
		for _, key := range keys {
			got = append(got, s.n.Do(t, harness.SignedCall(t, key, person("alice"))).Status)
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v for the keys, oldest first, want %v", got, want)
		}
	}
	remember()
	statuses(200)
	for _, want := range [][]int{{200, 200}, {401, 200, 200}} {
		s.n.Do(t, harness.Call{Method: http.MethodPut, Path: path + "/reset", Header: owner}).Want(t, 200, "").Into(t, &made)
		remember()
		statuses(want...)
	}
	s.n.Do(t, harness.Call{Method: http.MethodPut, Path: path, Header: owner, Body: map[string]any{"status": 1}}).Want(t, 200, "")
	statuses(401, 401, 401)
	s.n.Do(t, harness.Call{Method: http.MethodPut, Path: path, Header: owner, Body: map[string]any{"status": 0}}).Want(t, 200, "")
	statuses(401, 200, 200)
	s.n.Do(t, harness.Call{Method: http.MethodDelete, Path: path, Header: owner}).Want(t, 200, "")
	statuses(401, 401, 401)
}
