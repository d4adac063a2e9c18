package meeting

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

const (
	appPath  = "/v2/usg/acs/corp/app"
	appsPath = "/v2/usg/acs/corp/apps"
)

// as makes calls with the token of an account.
func (h *house) as(account string) func(method, path, body string) *httptest.ResponseRecorder {
	h.t.Helper()
	word := "X-Access-Token: " + h.login(account).AccessToken
	return func(method, path, body string) *httptest.ResponseRecorder { return h.request(method, path, body, word) }
}

// golden compares an answer; ids, keys and times are told by their form.
func golden(t *testing.T, name string, w *httptest.ResponseRecorder, want string) {
	t.Helper()
	got := w.Body.String()
	for _, form := range [][2]string{
		{`"app_id":"[0-9a-f]{32}"`, `"app_id":"ID"`},
		{`"app_key":"[0-9A-Za-z]{64}"`, `"app_key":"KEY"`},
		{`"(create|last_update)_time":"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d"`, `"${1}_time":"T"`},
	} {
		got = regexp.MustCompile(form[0]).ReplaceAllString(got, form[1])
	}
	if w.Code != 200 || got != want {
		t.Errorf("%s: got %d\n%s, want\n%s", name, w.Code, got, want)
	}
}

func appOf(t *testing.T, w *httptest.ResponseRecorder) (a appIDAnswer) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
		t.Fatalf("got %d %s: %v", w.Code, w.Body, err)
	}
	return a
}

// The life of an App ID, with the key told twice and never else.
func TestAppIDs(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		h.clock.Advance(time.Second) // the App ID of the house is older, and listed first
		anna := h.as("anna@acme.example")
		w := anna("POST", appPath, `{"app_name":"Büro <1>","description":"d"}`)
		golden(t, "added", w, `{"app_name":"Büro <1>","app_id":"ID","app_key":"KEY","description":"d","create_time":"T","last_update_time":"T","status":0}`)
		added := appOf(t, w)
		if want := h.clock.Now().UTC().Format(time.DateTime); added.CreatedAt != want {
			t.Errorf("create_time = %s, want %s", added.CreatedAt, want)
		}
		h.clock.Advance(time.Minute)
		golden(t, "listed", anna("GET", appsPath, ""), `{"offset":0,"limit":10,"count":2,"data":[`+
			`{"app_name":"crm","app_id":"ID","description":"","create_time":"T","last_update_time":"T","status":0},`+
			`{"app_name":"Büro <1>","app_id":"ID","description":"d","create_time":"T","last_update_time":"T","status":0}]}`)

		login := acmeCall(h)
		login.app, login.key = added.ID, added.Key
		in := h.answer(login.send(h)).AccessToken
		golden(t, "disabled", anna("PUT", appPath+"/"+added.ID, `{"status":1}`),
			`{"app_name":"Büro <1>","app_id":"ID","description":"d","create_time":"T","last_update_time":"T","status":1}`)
		refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+in), 401, "USG.206020000")
		changed := appOf(t, anna("PUT", appPath+"/"+added.ID, `{"app_name":"office","description":"","status":0}`))
		if want := h.clock.Now().UTC().Format(time.DateTime); changed.Name != "office" || changed.Description != "" || changed.Status != 0 ||
			changed.UpdatedAt != want || changed.CreatedAt != added.CreatedAt || changed.Key != "" {
			t.Errorf("changed = %+v", changed)
		}
		if same := appOf(t, anna("PUT", appPath+"/"+added.ID, `{}`)); same != changed {
			t.Errorf("an empty change: got %+v, want %+v", same, changed)
		}

		w = anna("PUT", appPath+"/"+added.ID+"/reset", "")
		golden(t, "reset", w, `{"app_name":"office","app_id":"ID","app_key":"KEY","description":"","create_time":"T","last_update_time":"T","status":0}`)
		if key := appOf(t, w).Key; key == added.Key {
			t.Error("the reset told the key before")
		}
		login.nonce = strings.Repeat("b", 40)
		login.expire = h.clock.Now().Unix() + 600
		h.answer(login.send(h)) // the key before lives a month more
		h.clock.Advance(30 * 24 * time.Hour)
		login.nonce, login.expire = strings.Repeat("c", 40), h.clock.Now().Unix()+600
		refused(t, login.send(h), 401, "USG.206010025")

		anna = h.as("anna@acme.example") // a month has passed
		if w := anna("DELETE", appPath+"/"+added.ID, ""); w.Code != 200 || w.Body.Len() != 0 {
			t.Errorf("deleted: got %d %s, want an empty answer", w.Code, w.Body)
		}
		refused(t, anna("DELETE", appPath+"/"+added.ID, ""), 400, "USG.206010404")
	})
}

func TestAppIDRefusals(t *testing.T) {
	h := newHouse(t)
	anna := h.as("anna@acme.example")
	for method, bodies := range map[string][]string{
		"POST": {
			`{}`, `{"app_name":""}`, `{"app_name":null}`, `{"app_name":7}`, `{"app_name":"a\u0000b"}`, `[]`, ``,
			fmt.Sprintf(`{"app_name":%q}`, strings.Repeat("名", 65)), fmt.Sprintf(`{"app_name":"a","description":%q}`, strings.Repeat("d", 256)),
		},
		"PUT": {
			`{"status":2}`, `{"status":-1}`, `{"status":"1"}`, `{"status":true}`, `{"app_name":""}`, `{"description":1}`, `[]`,
			fmt.Sprintf(`{"app_name":%q}`, strings.Repeat("名", 65)),
		},
	} {
		for _, body := range bodies {
			path := appPath
			if method == "PUT" {
				path += "/" + acmeAppID
			}
			refused(t, anna(method, path, body), 400, "USG.000000003")
		}
	}
	if w := anna("POST", appPath, fmt.Sprintf(`{"app_name":%q,"description":%q}`, strings.Repeat("名", 64), strings.Repeat("d", 255))); w.Code != 200 {
		t.Errorf("the longest name: got %d %s", w.Code, w.Body)
	}
	// What belongs to somebody else does not exist.
	other := must[identity.Organization](t)(h.o.Directory.AddOrganization(t.Context(), console(), directory.NewOrganization{
		Code: "other", Name: "Other",
		Owner: &directory.NewMember{Account: "olga@other.example", Name: "Olga", Password: password},
	}))
	olga := h.as("olga@other.example")
	golden(t, "the other's list", olga("GET", appsPath+"?offset=7", ""), `{"offset":0,"limit":10,"count":0,"data":[]}`)
	for _, id := range []string{acmeAppID, sellerAppID, strings.Repeat("0", 32), "nonsense", strings.ToUpper(acmeAppID)} {
		refused(t, olga("PUT", appPath+"/"+id, `{"status":1}`), 400, "USG.206010404")
		refused(t, olga("PUT", appPath+"/"+id+"/reset", ""), 400, "USG.206010404")
		refused(t, olga("DELETE", appPath+"/"+id, ""), 400, "USG.206010404")
	}
	if other.ID == h.acme.ID {
		t.Error("two organisations are one")
	}
	// The owner alone may; not administrators, members or the provider.
	for _, who := range []string{"ben@acme.example", "carl@acme.example", "root@seller.example"} {
		call := h.as(who)
		refused(t, call("POST", appPath, `{"app_name":"a"}`), 403, "USG.201020001")
		refused(t, call("GET", appsPath, ""), 403, "USG.201020001")
		refused(t, call("PUT", appPath+"/"+acmeAppID, `{"status":1}`), 403, "USG.201020001")
		refused(t, call("PUT", appPath+"/"+acmeAppID+"/reset", ""), 403, "USG.201020001")
		refused(t, call("DELETE", appPath+"/"+acmeAppID, ""), 403, "USG.201020001")
	}
	h.answer(acmeCall(h).send(h))
}

func TestAppIDPages(t *testing.T) {
	h := newHouse(t)
	anna := h.as("anna@acme.example")
	for i := range 11 { // with the first one twelve
		h.clock.Advance(time.Second)
		appOf(t, anna("POST", appPath, fmt.Sprintf(`{"app_name":"app-%02d"}`, i)))
	}
	for query, want := range map[string][4]int{ // offset, limit, count, how many
		"":                           {0, 10, 12, 10},
		"?offset=0&limit=5":          {0, 5, 12, 5},
		"?offset=3&limit=5":          {3, 5, 12, 5},
		"?offset=10&limit=5":         {10, 5, 12, 2},
		"?offset=11&limit=5":         {11, 5, 12, 1},
		"?offset=12&limit=5":         {10, 5, 12, 2},
		"?offset=99999&limit=12":     {0, 12, 12, 12},
		"?limit=500":                 {0, 500, 12, 12},
		"?limit=1&offset=2147483647": {11, 1, 12, 1},
		"?offset=&limit=":            {0, 10, 12, 10},
		"?searchKey=x":               {0, 10, 12, 10},
	} {
		var got page[appIDAnswer]
		w := anna("GET", appsPath+query, "")
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 {
			t.Fatalf("%s: got %d %s", query, w.Code, w.Body)
		}
		if has := [4]int{got.Offset, got.Limit, got.Count, len(got.Data)}; has != want {
			t.Errorf("%q: got %v, want %v", query, has, want)
		}
		if strings.Contains(w.Body.String(), "app_key") {
			t.Errorf("%q: a key is listed", query)
		}
	}
	for _, query := range []string{
		"?limit=0", "?limit=501", "?limit=-1", "?offset=-1", "?limit=ten", "?limit=1e1", "?limit=%2B5", "?offset=0x1",
		"?limit=5&limit=6", "?offset=2147483648", "?offset=99999999999999999999", "?limit=%zz", "?limit=5;offset=1", "?limit=%EF%BC%95",
	} {
		refused(t, anna("GET", appsPath+query, ""), 400, "USG.000000003")
	}
}
