package api

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

const ofApplications = "/organizations/acme/applications"

func TestApplications(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		body := `{"client_id":"shop","name":"Shop","protocol":"oauth2","home_urls":["https://shop.example/cb"],"access_token_life":600,
			"access":{"members":["` + string(h.acme.member.Member.ID) + `"],"groups":["` + h.acme.group + `"]},"grants":["authorization_code"]}`
		w := h.as(administrator, "POST", ofApplications, body)
		made := read[ProvenApplication](t, w, http.StatusCreated)
		if at := w.Header().Get("Location"); !strings.HasSuffix(at, "/applications/shop") || len(made.Secret) != 64 || w.Header().Get("ETag") != `"1"` {
			t.Errorf("got %q, a secret of %d characters and %q", at, len(made.Secret), w.Header().Get("ETag"))
		}
		w = h.as(administrator, "GET", ofApplications+"/shop", "")
		if strings.Contains(w.Body.String(), made.Secret) || strings.Contains(w.Body.String(), "digest") {
			t.Errorf("a secret is shown again: %s", w.Body)
		}
		got := read[Application](t, w, http.StatusOK)
		if !reflect.DeepEqual(got, made.Application) || got.AccessLife != 600 || got.RefreshLife != 2592000 || len(got.Access.Members) != 1 {
			t.Errorf("got %+v, want %+v", got, made.Application)
		}
	})
}

func TestApplicationsAreListedChangedAndRemoved(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.clock.Advance(time.Second) // identifiers of one instant have no order
		got := read[ProvenApplication](t, h.as(administrator, "POST", ofApplications,
			`{"client_id":"shop","name":"Shop","protocol":"oauth2","home_urls":["https://shop.example/cb"]}`), http.StatusCreated).Application
		list := read[page[Application]](t, h.as(administrator, "GET", ofApplications+"?limit=1", ""), 200)
		if len(list.Items) != 1 || list.Next == "" {
			t.Errorf("got %+v, want one and a following page", list)
		}
		rest := read[page[Application]](t, h.as(administrator, "GET", ofApplications+"?limit=5&cursor="+list.Next, ""), 200)
		if len(rest.Items) != 1 || !reflect.DeepEqual(rest.Items[0], got) || rest.Next != "" {
			t.Errorf("got %+v, want the new one alone", rest)
		}
		changed := read[Application](t, h.as(administrator, "PATCH", ofApplications+"/shop", `{"status":"disabled","claims":[{"attribute":"title","claim":"job"}]}`, `If-Match: "1"`), 200)
		if changed.Status != "disabled" || changed.Version != 2 || len(changed.Claims) != 1 || changed.Name != "Shop" {
			t.Errorf("got %+v", changed)
		}
		refused(t, h.as(administrator, "PATCH", ofApplications+"/shop", `{"name":"x"}`, `If-Match: "1"`), http.StatusPreconditionFailed, "stale")
		if w := h.as(administrator, "DELETE", ofApplications+"/shop", "", `If-Match: "2"`); w.Code != http.StatusNoContent {
			t.Errorf("remove: %d %s", w.Code, w.Body)
		}
		refused(t, h.as(administrator, "GET", ofApplications+"/shop", ""), http.StatusNotFound, "application_not_found")
	})
}

// Whoever may enter is named by identifiers: the lists of departments tell them.
func TestApplicationsOfDepartments(t *testing.T) {
	h := newHouse(t)
	root := read[page[Department]](t, h.as(administrator, "GET", "/organizations/acme/departments", ""), 200).Items[0]
	w := h.as(administrator, "POST", ofApplications,
		`{"client_id":"shop","name":"Shop","protocol":"oauth2","home_urls":["https://shop.example/cb"],"access":{"departments":["`+root.ID+`"]}}`)
	if made := read[ProvenApplication](t, w, http.StatusCreated); root.ID == "" || !reflect.DeepEqual(made.Access.Departments, []string{root.ID}) {
		t.Errorf("got %+v, want %q", made.Access, root.ID)
	}
	refused(t, h.as(administrator, "PATCH", ofApplications+"/shop", `{"access":{"departments":["`+root.Code+`x"]}}`), http.StatusUnprocessableEntity, "application_target")
}

func TestCASApplications(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		made := read[ProvenApplication](t, h.as(administrator, "POST", ofApplications,
			`{"client_id":"board","name":"Board","protocol":"cas","home_urls":["https://b.example/in"],"cas":{"service_prefixes":["https://b.example/pages/"]}}`), http.StatusCreated)
		want := CASSettings{ServicePrefixes: []string{"https://b.example/pages/"}, SingleLogout: true}
		if made.Secret != "" || made.CAS == nil || !reflect.DeepEqual(*made.CAS, want) || len(made.Secrets) != 0 {
			t.Errorf("got %+v, want %+v", made, want)
		}
		w := h.as(administrator, "PATCH", ofApplications+"/board", `{"cas":{"proxy":true,"single_logout":false,"logout_url":"https://b.example/out"}}`)
		want.Proxy, want.SingleLogout, want.LogoutURL = true, false, "https://b.example/out"
		if got := read[Application](t, w, 200); !reflect.DeepEqual(*got.CAS, want) || got.Version != 2 || strings.Contains(w.Body.String(), "access_token_format") {
			t.Errorf("got %s", w.Body)
		}
		refused(t, h.as(administrator, "POST", ofApplications, `{"client_id":"b2","name":"B","protocol":"cas","home_urls":["https://b.example/pages/x"]}`), http.StatusConflict, "cas_service_taken")
		refused(t, h.as(administrator, "POST", ofApplications+"/board/tries", `{}`), http.StatusConflict, "try_protocol")
		refused(t, h.as(administrator, "POST", ofApplications+"/board/secrets", `{}`), http.StatusConflict, "secret_limit")
	})
}

func TestApplicationFaults(t *testing.T) {
	h := newHouse(t)
	at := ofApplications + "/acme-wiki"
	for _, row := range []struct {
		name, method, path, body string
		status                   int
		code                     string
	}{
		{"an unsafe home URL", "PATCH", at, `{"home_urls":["javascript:alert(1)"]}`, 422, "redirect_unsafe"},
		{"an unknown member", "PATCH", at, `{"access":{"members":["mem_x"]}}`, 422, "application_target"},
		{"an ordinary responsible", "PATCH", at, `{"responsible":"` + string(h.acme.member.Member.ID) + `"}`, 422, "responsible_ordinary"},
		{"another's client id", "POST", ofApplications, `{"client_id":"beta-wiki","name":"W","protocol":"oidc","home_urls":["https://w.example/"]}`, 409, "application_exists"},
		{"an unknown protocol", "POST", ofApplications, `{"name":"W","protocol":"saml"}`, 422, "field_choice"},
		{"the protocol of one that exists", "PATCH", at, `{"protocol":"oauth2"}`, 422, "field_unknown"},
		{"a life of a second", "PATCH", at, `{"access_token_life":1}`, 422, "field_range"},
		{"an overlap without end", "POST", at + "/secrets", `{"overlap":99999999}`, 422, "field_range"},
		{"a life for CAS", "POST", ofApplications, `{"name":"W","protocol":"cas","home_urls":["https://w.example/"],"access_token_life":600}`, 422, "field_unwanted"},
		{"a prefix without a path", "POST", ofApplications, `{"name":"W","protocol":"cas","home_urls":["https://w.example/"],"cas":{"service_prefixes":["https://w.example"]}}`, 422, "redirect_unsafe"},
		{"cas without CAS", "PATCH", at, `{"cas":{"proxy":true}}`, 422, "field_unwanted"},
		{"a reserved claim", "PATCH", at, `{"claims":[{"attribute":"name","claim":"sub"}]}`, 422, "claim_reserved"},
		{"a page as icon", "PUT", at + "/icon", "<svg/>", 422, "icon_format"},
		{"claims of a stranger", "POST", at + "/claims/test", `{"member":"` + string(h.beta.member.Member.ID) + `"}`, 404, "member_not_found"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := h.as(administrator, row.method, row.path, row.body)
			if row.status == 422 && w.Code == http.StatusBadRequest {
				row.status = http.StatusBadRequest
			}
			refused(t, w, row.status, row.code)
		})
	}
}

// TestOnlyTheResponsibleMemberChanges an application (OrgID: the owner of an
// app), the owner hands it over.
func TestOnlyTheResponsibleMemberChanges(t *testing.T) {
	h := newHouse(t)
	at := ofApplications + "/acme-wiki"
	read[Application](t, h.as(theOwner, "PATCH", at, `{"responsible":"`+string(h.acme.owner.Member.ID)+`"}`), 200)
	for _, row := range [][3]string{
		{"PATCH", "", `{"description":"x"}`},
		{"DELETE", "", ""},
		{"POST", "/revoke", ""},
		{"POST", "/secrets", "{}"},
		{"DELETE", "/secrets", ""},
		{"DELETE", "/icon", ""},
	} {
		refused(t, h.as(administrator, row[0], at+row[1], row[2]), http.StatusForbidden, "application_responsible")
	}
	if w := h.as(administrator, "GET", at, ""); w.Code != http.StatusOK {
		t.Errorf("reading: %d", w.Code)
	}
	read[Application](t, h.as(orgToken, "PATCH", at, `{"responsible":"`+string(h.acme.admin.Member.ID)+`"}`), 200)
	read[Application](t, h.as(administrator, "PATCH", at, `{"description":"mine"}`), 200)
	refused(t, h.as(theOwner, "PATCH", at, `{"description":"mine too"}`), http.StatusForbidden, "application_responsible")
	read[Application](t, h.as(theOwner, "PATCH", at, `{"responsible":""}`), 200)
}

func TestApplicationSecretsAndIcon(t *testing.T) {
	h := newHouse(t)
	at := ofApplications + "/acme-wiki"
	proven := read[ProvenApplication](t, h.as(administrator, "POST", at+"/secrets", `{"overlap":0}`), 200)
	app, err := h.o.Applications.Find(t.Context(), "acme-wiki")
	if err != nil || len(proven.Secrets) != 1 || !h.o.Applications.Prove(app, proven.Secret) {
		t.Errorf("got %+v, %v", proven.Secrets, err)
	}
	refused(t, h.as(administrator, "DELETE", at+"/secrets", ""), http.StatusConflict, "secret_none")
	again := read[ProvenApplication](t, h.as(administrator, "POST", at+"/secrets", `{}`), 200)
	if len(again.Secrets) != 2 || again.Secrets[1].EndsAt == nil || again.Secrets[0].EndsAt != nil {
		t.Errorf("got %+v, want two, the older with an end", again.Secrets)
	}
	if one := read[Application](t, h.as(administrator, "DELETE", at+"/secrets", ""), 200); len(one.Secrets) != 1 {
		t.Errorf("got %+v, want one", one.Secrets)
	}
	w := h.as(administrator, "GET", at+"/icon", "")
	if w.Code != 200 || w.Header().Get("Content-Type") != "image/png" || w.Header().Get("ETag") != `"`+app.IconDigest+`"` {
		t.Errorf("got %d %v", w.Code, w.Header())
	}
	if bare := read[Application](t, h.as(administrator, "DELETE", at+"/icon", ""), 200); bare.Icon != "" {
		t.Errorf("got icon %q", bare.Icon)
	}
	refused(t, h.as(administrator, "GET", at+"/icon", ""), http.StatusNotFound, "icon_not_found")
	if set := read[Application](t, h.as(administrator, "PUT", at+"/icon", string(aSquare(t)), "Content-Type: image/png"), 200); set.Icon != app.IconDigest {
		t.Errorf("got icon %q, want %q", set.Icon, app.IconDigest)
	}
}

func TestApplicationClaims(t *testing.T) {
	h := newHouse(t)
	body := `{"member":"` + string(h.acme.member.Member.ID) + `","claims":[{"attribute":"account","claim":"login"},{"attribute":"title","claim":"t"},{"attribute":"user_id","claim":"id"}]}`
	got := read[collection[ResolvedClaim]](t, h.as(administrator, "POST", ofApplications+"/acme-wiki/claims/test", body), 200).Items
	want := []ResolvedClaim{
		{ClaimRule{"account", "login"}, "acme-member"},
		{ClaimRule{"title", "t"}, nil},
		{ClaimRule{"user_id", "id"}, identity.Hex(h.acme.member.Member.ID)},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
