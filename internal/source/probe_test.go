package source

import (
	"testing"

	"github.com/orgate/orgate/internal/trace"
)

// Pages as centres show them, and what is read from them.
func TestPageProblem(t *testing.T) {
	const back = "https://gate.example/sso/callback/src_1"
	tests := []struct {
		name     string
		status   int
		location string
		body     string
		want     trace.Check // "" for none
	}{
		{"a sign-in page", 200, "", "<form>", ""},
		{"a sign-in page whose script names parameters", 200, "", `<script>var q={"redirect_uri":"x","scope":"openid","error":null}</script>`, ""},
		{"WeChat, call-back", 200, "", "<p>redirect_uri 参数错误</p>", trace.AuthorizeRedirect},
		{"WeChat, scope", 200, "", "<p>Scope 参数错误或没有 Scope 权限</p>", trace.AuthorizeScope},
		{"WeChat in English", 200, "", "<p>Scope parameter error or no Scope permission</p>", trace.AuthorizeScope},
		{"WeChat, appid", 200, "", "<p>AppID 参数错误</p>", trace.AuthorizeClient},
		{"Keycloak", 400, "", "Invalid parameter: redirect_uri", trace.AuthorizeRedirect},
		{"oidc-provider", 400, "", "error: invalid_redirect_uri, redirect_uri did not match any of the client's registered redirect_uris", trace.AuthorizeRedirect},
		{"oidc-provider, unknown client", 400, "", "error: invalid_client, client is invalid", trace.AuthorizeClient},
		{"Google", 400, "", "Error 400: redirect_uri_mismatch", trace.AuthorizeRedirect},
		{"invalid_scope beside a link with redirect_uri", 400, "", `invalid_scope <a href="/?redirect_uri=x">`, trace.AuthorizeScope},
		{"a wall that turns programs away", 403, "", "forbidden", trace.AuthorizeStatus},
		{"nothing there", 404, "", `<a href="/login?redirect_uri=x">`, trace.AuthorizeStatus},
		{"broken", 500, "", "scope is nil", trace.AuthorizeStatus},
		{"on to the sign-in", 302, "/login?error=none", "", ""},
		{"straight back with a code", 302, back + "?code=c&state=s", "", ""},
		{"straight back: scope", 302, back + "?error=invalid_scope", "", trace.AuthorizeScope},
		{"straight back: nobody is signed in", 302, back + "?error=login_required", "", ""},
		{"straight back: another error", 302, back + "?error=temporarily_unavailable", "", trace.AuthorizeAnswer},
		{"elsewhere with an error", 302, "https://evil.example/?error=invalid_scope", "", ""},
		{"to no address", 302, "http://%zz", "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			check, text := pageProblem(reply{status: tt.status, location: tt.location, body: []byte(tt.body)}, back)
			if check != tt.want || (text == "") != (tt.want == "") {
				t.Errorf("got %q (%s), want %q", check, text, tt.want)
			}
		})
	}
}

// What is asked for by a try is a page, by a sign-in JSON.
func TestAccept(t *testing.T) {
	h, c := begin(t)
	h.passed(c, c.standard())
	for path, want := range map[string]string{"/authorize": "text/html", "/token": "application/json", "/userinfo": "application/json"} {
		first := c.asked(path)[0]
		if got := first.Header.Get("Accept"); got != want {
			t.Errorf("%s was asked for %q, want %q", path, got, want)
		}
	}
}
