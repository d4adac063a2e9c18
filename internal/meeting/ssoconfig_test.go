package meeting

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
)

func TestSSOConfig(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		anna := "X-Access-Token: " + h.login("anna@acme.example").AccessToken
		show := func() map[string]any {
			var got map[string]any
			w := h.request("GET", configPath, "", anna)
			if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != 200 || len(got) != 18 {
				t.Fatalf("show: %d %s", w.Code, w.Body)
			}
			return got
		}
		for name, value := range show() {
			if name == "enableSSO" && value != false || name != "enableSSO" && value != nil {
				t.Errorf("never configured: %s = %v", name, value)
			}
		}
		c := newCentre(t)
		h.configure(c.config())
		want := c.config()
		want["clientSecret"] = nil
		want["oauth2ServerType"] = 0.0
		if got := show(); !maps.Equal(got, want) {
			t.Errorf("got %v\nwant %v", got, want)
		}
		// What is absent or null stays, an empty text clears, the secret is kept.
		h.configure(map[string]any{
			"enableSSO": true, "domain": " SSO.Acme.Example ", "authorizeUrl": c.URL + "/authorize", "getTokenUrl": c.URL + "/token",
			"clientId": "orgate", "clientSecret": "", "accFieldName": "openid", "thirdAccessToken": "access_token",
			"getUserInfoUrl": nil, "pcSchemaUrl": "", "scope": "openid profile",
		})
		want["pcSchemaUrl"], want["scope"] = nil, "openid profile"
		if got := show(); !maps.Equal(got, want) {
			t.Errorf("after an edit: got %v\nwant %v", got, want)
		}
		if w := h.proxy("zoe", nil); w.Code != 200 {
			t.Errorf("with the secret that was kept: %d %s", w.Code, w.Body)
		}
		h.configure(map[string]any{"enableSSO": false})
		want["enableSSO"] = false
		if got := show(); !maps.Equal(got, want) {
			t.Errorf("switched off: got %v\nwant %v", got, want)
		}
	})
}

// The conditional rules of 4.8, each violation with its code and field.
func TestSSOConfigRules(t *testing.T) {
	h := newHouse(t)
	c := newCentre(t)
	anna, ben, carl := h.login("anna@acme.example").AccessToken, h.login("ben@acme.example").AccessToken, h.login("carl@acme.example").AccessToken
	post := func(token string, changes map[string]any) (int, string, string) {
		body := c.config()
		for name, value := range changes {
			body[name] = value
		}
		w := h.request("POST", configPath, text(body), "X-Access-Token: "+token, "Accept-Language: en-US")
		var e struct {
			Code string `json:"error_code"`
			Msg  string `json:"error_msg"`
		}
		_ = json.Unmarshal(w.Body.Bytes(), &e)
		return w.Code, e.Code, e.Msg
	}
	refuse := func(what, field string, changes map[string]any) {
		t.Helper()
		status, code, msg := post(anna, changes)
		if status != 400 || code != "USG.000000003" || !strings.Contains(msg, field) {
			t.Errorf("%s: got %d %s %q, want 400 USG.000000003 with %s", what, status, code, msg, field)
		}
	}
	rules := func(stage string) {
		t.Helper()
		for _, field := range []string{"domain", "authorizeUrl", "getTokenUrl", "clientId", "accFieldName", "thirdAccessToken"} {
			for what, empty := range map[string]any{" is null": nil, " is empty": ""} {
				refuse(stage+": "+field+what, field, map[string]any{field: empty})
			}
		}
		refuse(stage+": no switch", "enableSSO", map[string]any{"enableSSO": nil})
		for field, value := range map[string]any{
			"enableSSO": "true", "oauth2ServerType": 1, "domain": "not a domain", "authorizeUrl": "ftp://centre.example", "getTokenUrl": "nowhere",
			"getUserInfoUrl": "https://user:pw@centre.example/me", "accFieldName": 7, "thirdName": "a..b", "pcSchemaUrl": "javascript:alert(1)",
		} {
			refuse(stage+": form of "+field, field, map[string]any{field: value})
		}
	}
	rules("at first")
	refuse("no secret at the first activation", "clientSecret", map[string]any{"clientSecret": nil})
	h.configure(c.config())
	rules("later")
	for what, changes := range map[string]map[string]any{
		"another token address":         {"getTokenUrl": c.URL + "/token2"},
		"another user-info address":     {"getUserInfoUrl": c.URL + "/me2"},
		"no user-info address any more": {"getUserInfoUrl": ""},
		"one that differs in case only": {"getTokenUrl": c.URL + "/TOKEN"},
		"both, with an empty secret":    {"getTokenUrl": c.URL + "/a", "getUserInfoUrl": c.URL + "/b", "clientSecret": ""},
	} {
		with := map[string]any{"clientSecret": nil}
		maps.Copy(with, changes)
		refuse(what, "clientSecret", with)
	}
	if status, code, _ := post(anna, map[string]any{"clientSecret": nil, "authorizeUrl": c.URL + "/other", "clientId": "other"}); status != 200 {
		t.Errorf("other fields with the stored secret: %d %s", status, code)
	}
	if status, code, _ := post(anna, map[string]any{"getTokenUrl": c.URL + "/token2"}); status != 200 {
		t.Errorf("another token address with the secret: %d %s", status, code)
	}
	if status, _, _ := post(ben, nil); status != 200 {
		t.Errorf("an ordinary administrator: %d", status)
	}
	if status, code, _ := post(carl, nil); status != 403 || code != "USG.201020001" {
		t.Errorf("a member: %d %s", status, code)
	}
	if w := h.request("POST", configPath, `{"enableSSO":false,"enableSSO":true}`, "X-Access-Token: "+anna); w.Code != 400 {
		t.Errorf("a name twice: %d", w.Code)
	}
}
