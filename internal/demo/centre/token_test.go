package centre

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/demo/standin"
)

// The whole way of the guide: code, token, life, person.
func TestWeChat(t *testing.T) {
	v := open(t)
	answer := v.get(strings.Replace(tokenPath(v.code(pagePath())), "access_token", "acess_token", 1))
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Type") != "text/plain" {
		t.Errorf("got %d %s, want 200 and text/plain", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	token := answer.json(t)
	if got, want := fmt.Sprintln(token["expires_in"], token["openid"], token["scope"], token["token_type"]), "7200 alice-open snsapi_login <nil>\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	bearer := fmt.Sprintf("?access_token=%s&openid=alice-open", token["access_token"])
	if got := v.get("/sns/auth" + bearer).text; got != `{"errcode":0,"errmsg":"ok"}`+"\n" {
		t.Errorf("got %s, want a living token", got)
	}
	person := v.get("/sns/userinfo" + bearer).json(t)
	for field, want := range map[string]any{
		"openid": "alice-open", "nickname": "Alice <Archer>", "sex": 2.0, "country": "CN", "email": "alice@acme.example",
		"mobile": "+8613800000001", "unionid": token["unionid"], "headimgurl": "http://centre.test/portraits/alice-open",
	} {
		if person[field] != want {
			t.Errorf("%s: got %v, want %v", field, person[field], want)
		}
	}
}

func TestRefusals(t *testing.T) {
	v := open(t)
	used := v.code(pagePath())
	v.get(tokenPath(used))
	foreign := v.code(pagePath("appid", "wiki"))
	access := fmt.Sprint(v.token()["access_token"])
	const refresh = "/sns/oauth2/refresh_token?appid=orgate&grant_type=refresh_token"
	for _, tt := range []struct {
		name, path string
		want       int
	}{
		{"no app", "/sns/oauth2/access_token", 41002},
		{"unknown app", strings.Replace(tokenPath("x"), "appid=orgate", "appid=nobody", 1), 40013},
		{"RFC 6749's name", strings.Replace(tokenPath("x"), "appid=", "client_id=", 1), 41002},
		{"no secret", strings.Replace(tokenPath("x"), "secret=", "sikret=", 1), 41004},
		{"wrong secret", strings.Replace(tokenPath("x"), "secret=0", "secret=1", 1), 40125},
		{"wrong grant type", strings.Replace(tokenPath("x"), "grant_type=a", "grant_type=b", 1), 40002},
		{"no code", tokenPath(""), 41008},
		{"unknown code", tokenPath("x"), 40029},
		{"code of another app", tokenPath(foreign), 40029},
		{"used code", tokenPath(used), 40163},
		{"refresh without app", "/sns/oauth2/refresh_token?grant_type=refresh_token&refresh_token=x", 41002},
		{"refresh of an unknown app", "/sns/oauth2/refresh_token?appid=nobody", 40013},
		{"refresh without grant type", "/sns/oauth2/refresh_token?appid=orgate", 40002},
		{"refresh without token", refresh, 41003},
		{"refresh of an unknown token", refresh + "&refresh_token=x", 40030},
		{"userinfo with an empty token", "/sns/userinfo?access_token=", 41001},
		{"userinfo with an unknown token", "/sns/userinfo?access_token=x&openid=alice-open", 40001},
		{"userinfo without openid", "/sns/userinfo?access_token=" + access, 41009},
		{"userinfo of somebody else", "/sns/userinfo?openid=bruno&access_token=" + access, 40003},
		{"auth of somebody else", "/sns/auth?openid=bruno&access_token=" + access, 40003},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := v.get(tt.path)
			if got := a.json(t)["errcode"]; a.StatusCode != http.StatusOK || got != float64(tt.want) {
				t.Errorf("got %d %s, want 200 and errcode %d", a.StatusCode, a.text, tt.want)
			}
		})
	}
}

// A living token keeps its word when it is refreshed; an ended one gets
// another.
func TestLives(t *testing.T) {
	v := open(t)
	late := v.code(pagePath())
	token := v.token()
	refresh := func() map[string]any {
		return v.get(fmt.Sprintf("/sns/oauth2/refresh_token?appid=orgate&grant_type=refresh_token&refresh_token=%s", token["refresh_token"])).json(t)
	}
	alive := func(word any) float64 {
		return v.get(fmt.Sprintf("/sns/auth?access_token=%s&openid=alice-open", word)).json(t)["errcode"].(float64)
	}
	v.clock.at = v.clock.at.Add(accessLife - time.Second)
	if got := refresh()["access_token"]; got != token["access_token"] {
		t.Errorf("refreshed while it lives: got %v, want the same token", got)
	}
	if got := v.get(tokenPath(late)).json(t)["errcode"]; got != 42003.0 {
		t.Errorf("a late code: got %v, want 42003", got)
	}
	v.clock.at = v.clock.at.Add(accessLife)
	if got := alive(token["access_token"]); got != 42001 {
		t.Errorf("an ended token: got %v, want 42001", got)
	}
	renewed := refresh()["access_token"]
	if renewed == token["access_token"] || alive(renewed) != 0 || alive(token["access_token"]) != 40001 {
		t.Error("refreshed after its end: want a new token and no old one")
	}
	v.clock.at = v.clock.at.Add(refreshLife)
	if got := refresh()["errcode"]; got != 42002.0 {
		t.Errorf("an ended refresh token: got %v, want 42002", got)
	}
	v.code(pagePath()) // sweeps
	v.clock.at = v.clock.at.Add(time.Hour)
	v.code(pagePath())
	if got := refresh()["errcode"]; got != 40030.0 {
		t.Errorf("a forgotten refresh token: got %v, want 40030", got)
	}
}

// RFC 6749 at the same addresses, as a client that knows nothing of WeChat
// speaks: the page at /sns/userinfo, a form to the token address, a bearer.
func TestOAuth2(t *testing.T) {
	v := open(t)
	page := strings.Replace(pagePath("appid", "", "client_id", "wiki", "scope", ""), "/connect/qrconnect", "/sns/userinfo", 1)
	form := func(code, redirect string) url.Values {
		return url.Values{"grant_type": {"authorization_code"}, "code": {code}, "redirect_uri": {redirect}}
	}
	inBody := form(v.code(page), callback)
	inBody.Set("client_id", "wiki")
	inBody.Set("client_secret", "wiki-"+secret)
	token := v.do(http.MethodPost, "/sns/oauth2/access_token", inBody).json(t)
	if token["token_type"] != "Bearer" || token["scope"] != "" {
		t.Errorf("got %v, want a bearer token without scope", token)
	}
	bearer := fmt.Sprintf("Bearer %s", token["access_token"])
	if got := v.do(http.MethodGet, "/sns/userinfo", nil, "Authorization", bearer).json(t)["openid"]; got != "alice-open" {
		t.Errorf("got %v, want alice", got)
	}
	basic := "Basic d2lraTp3aWtpLTAxMjM0NTY3ODlhYmNkZWYwMTIzNDU2Nzg5YWJjZGVm"
	byHeader := v.do(http.MethodPost, "/sns/oauth2/access_token", form(v.code(page), callback), "Authorization", basic)
	if byHeader.StatusCode != http.StatusOK || byHeader.Header.Get("Content-Type") != "application/json;charset=UTF-8" {
		t.Errorf("got %d %s, want a token as JSON", byHeader.StatusCode, byHeader.Header.Get("Content-Type"))
	}
	renewal := url.Values{"grant_type": {"refresh_token"}, "refresh_token": {fmt.Sprint(token["refresh_token"])}}
	if got := v.do(http.MethodPost, "/sns/oauth2/refresh_token", renewal, "Authorization", basic); got.StatusCode != http.StatusOK {
		t.Errorf("refresh: got %d %s", got.StatusCode, got.text)
	}
	for _, tt := range []struct {
		name   string
		form   url.Values
		header string
		status int
		want   string
	}{
		{"used code", inBody, "", 400, "invalid_grant"},
		{"code for another address", form(v.code(page), "http://127.0.0.1:8080/other"), basic, 400, "invalid_grant"},
		{"no client", form("x", callback), "", 401, "invalid_client"},
		{"wrong secret", form("x", callback), "Basic d2lraTp4", 401, "invalid_client"},
		{"no code", form("", callback), basic, 400, "invalid_request"},
		{"wrong grant type", url.Values{"grant_type": {"password"}}, basic, 400, "unsupported_grant_type"},
		{"huge form", url.Values{"code": {strings.Repeat("a", standin.FormLimit)}}, basic, 400, "invalid_request"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := v.do(http.MethodPost, "/sns/oauth2/access_token", tt.form, "Authorization", tt.header)
			if got := a.json(t)["error"]; a.StatusCode != tt.status || got != tt.want {
				t.Errorf("got %d %v, want %d %s", a.StatusCode, got, tt.status, tt.want)
			}
		})
	}
}
