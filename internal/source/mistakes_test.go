package source

import (
	"compress/gzip"
	"crypto/tls"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

// mistake is one thing done wrong at the centre or in the settings, and what
// must be said of it. Its title and the sentences of its check are the rows of
// docs/troubleshooting.md.
type mistake struct {
	title string
	check trace.Check
	warns bool // people can sign in all the same
	// code and field are for what is refused before anything is asked.
	code  fault.Code
	field string

	tls     func(*testing.T, *authority) *tls.Config // nil is http
	host    string                                   // of the centre in the settings, in place of its address
	foreign bool                                     // the centre's authority is not trusted
	quick   bool                                     // a call may take two seconds only
	set     func(*house, *fakeCentre) SSO
}

// standard, wechat and openID turn a change of the centre and of its good
// settings into a row.
func standard(change func(*fakeCentre, *SSO)) func(*house, *fakeCentre) SSO {
	return with((*fakeCentre).standard, change)
}

func wechat(change func(*fakeCentre, *SSO)) func(*house, *fakeCentre) SSO {
	return with((*fakeCentre).wechat, change)
}

func openID(change func(*fakeCentre, *SSO)) func(*house, *fakeCentre) SSO {
	return with((*fakeCentre).openID, change)
}

func with(base func(*fakeCentre) SSO, change func(*fakeCentre, *SSO)) func(*house, *fakeCentre) SSO {
	return func(_ *house, c *fakeCentre) SSO {
		s := base(c)
		change(c, &s)
		return s
	}
}

// at replaces what the centre answers at a path.
func at(path string, handler http.HandlerFunc) func(*fakeCentre, *SSO) {
	return func(c *fakeCentre, _ *SSO) { c.replace[path] = handler }
}

func claim(name string, value any) func(*fakeCentre, *SSO) {
	return func(c *fakeCentre, _ *SSO) { c.claims = func(said map[string]any) { said[name] = value } }
}

// person gives the person of the centre another value, or takes it away.
func person(name string, value any) func(*fakeCentre, *SSO) {
	return func(c *fakeCentre, _ *SSO) {
		c.person[name] = value
	}
}

// goodCertificate is for rows whose mistake lies behind TLS.
func goodCertificate(t *testing.T, a *authority) *tls.Config {
	return &tls.Config{Certificates: []tls.Certificate{a.issue(t, "centre.test", time.Now().Add(time.Hour))}}
}

// wait answers when the caller has gone.
func wait(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

func redirectTo(address string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, address, http.StatusFound) }
}

// hangUp closes the connection in the middle of an answer.
func hangUp(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Length", "1000")
	_, _ = w.Write([]byte(`{"access_token":`))
	panic(http.ErrAbortHandler)
}

// bomb is small on the wire only.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	_, _ = z.Write([]byte(strings.Repeat(" ", 8<<20)))
	_ = z.Close()
}

// backWith sends the browser back with a query of its own.
func backWith(extra string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		q := r.URL.Query()
		http.Redirect(w, r, q.Get("redirect_uri")+"?state="+url.QueryEscape(q.Get("state"))+extra, http.StatusFound)
	}
}

// nobodyListens returns the address of a port that was just closed.
func nobodyListens(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String()
}

const html = "<!DOCTYPE html><title>Sign in</title>"

// mistakes is the whole table. The first two are those that the public guide
// on enterprise SSO names.
func mistakes() []mistake {
	return append(append(append(atAuthorization(), onTheWay()...), inTheAnswers()...), inTheIDToken()...)
}

func atAuthorization() []mistake {
	return []mistake{
		{
			title: "The domain of the call-back address is not authorised at a centre of the WeChat kind", check: trace.AuthorizeRedirect,
			set: wechat(func(c *fakeCentre, _ *SSO) { c.domain = "other.example" }),
		},
		{
			title: "The scope at a centre of the WeChat kind is not snsapi_login", check: trace.AuthorizeScope,
			set: wechat(func(_ *fakeCentre, s *SSO) { s.Scope = "snsapi_base" }),
		},
		{
			title: "The call-back address is not registered at a standard centre", check: trace.AuthorizeRedirect,
			set: standard(func(c *fakeCentre, _ *SSO) { c.domain = "other.example" }),
		},
		{
			title: "The centre does not grant the scope", check: trace.AuthorizeScope,
			set: standard(func(c *fakeCentre, s *SSO) { c.scopes, s.Scope = []string{"profile"}, "everything" }),
		},
		{
			title: "The client ID is wrong", check: trace.AuthorizeClient,
			set: standard(func(_ *fakeCentre, s *SSO) { s.ClientID = "nobody" }),
		},
		{
			title: "The appid is wrong at a centre of the WeChat kind", check: trace.AuthorizeClient,
			set: wechat(func(_ *fakeCentre, s *SSO) { s.ClientID = "nobody" }),
		},
		{
			title: "The dialect is the WeChat-like one, but the centre is standard", check: trace.AuthorizeClient,
			set: standard(func(_ *fakeCentre, s *SSO) { s.Dialect = DialectWeChat }),
		},
		{
			title: "The path of the authorisation address is wrong", check: trace.AuthorizeStatus,
			set: standard(func(c *fakeCentre, s *SSO) { s.AuthorizeURL = c.server.URL + "/oauth/authorise" }),
		},
		{
			title: "The authorisation address can be reached by browsers, but not by this server", check: trace.AuthorizeResolves, warns: true,
			set: standard(func(_ *fakeCentre, s *SSO) {
				s.AuthorizeURL = strings.Replace(s.AuthorizeURL, "127.0.0.1", "elsewhere.invalid", 1)
			}),
		},
		{title: "The person cancels at the centre", check: trace.AuthorizeDenied, set: standard(at("/authorize", backWith("&error=access_denied")))},
		{title: "The centre comes back without a code", check: trace.AuthorizeAnswer, set: standard(at("/authorize", backWith("")))},
		{
			title: "The centre comes back with an error of its own", check: trace.AuthorizeAnswer,
			set: standard(at("/authorize", func(w http.ResponseWriter, r *http.Request) {
				if r.UserAgent() == "Orgate" {
					return // the page is there; the fault shows when a person signs in
				}
				backWith("&error=server_error&error_description=%3Csvg+onload%3Dalert(1)%3E")(w, r)
			})),
		},
		{
			title: "The answer names another issuer than the configured centre", check: trace.AuthorizeIssuer,
			set: standard(at("/authorize", backWith("&code=c&iss=https%3A%2F%2Fevil.example"))),
		},
		{
			title: "A blank in an address", code: fault.CodeFieldFormat, field: "token_url",
			set: standard(func(c *fakeCentre, s *SSO) { s.TokenURL = c.server.URL + "/oauth /token" }),
		},
		{
			title: "An address without https:// or http://", code: fault.CodeFieldFormat, field: "userinfo_url",
			set: standard(func(_ *fakeCentre, s *SSO) { s.UserInfoURL = "centre.example/userinfo" }),
		},
		{
			title: "No account field", code: fault.CodeFieldMissing, field: "account_field",
			set: standard(func(_ *fakeCentre, s *SSO) { s.AccountField = "" }),
		},
		{
			title: "No client secret", code: fault.CodeSSOSecretRequired, field: "client_secret",
			set: standard(func(_ *fakeCentre, s *SSO) { s.ClientSecret = "" }),
		},
	}
}

func onTheWay() []mistake {
	tokenAt := func(address string) func(*house, *fakeCentre) SSO {
		return standard(func(_ *fakeCentre, s *SSO) { s.TokenURL = address })
	}
	userInfoAt := func(address string) func(*house, *fakeCentre) SSO {
		return standard(func(_ *fakeCentre, s *SSO) { s.UserInfoURL = address })
	}
	return []mistake{
		{title: "The host of the token address resolves nowhere", check: trace.TokenResolves, set: tokenAt("https://centre.invalid/token")},
		{title: "The host of the UserInfo address resolves nowhere", check: trace.UserInfoResolves, set: userInfoAt("https://centre.invalid/userinfo")},
		{title: "The token address is a private one", check: trace.TokenOpen, set: tokenAt("http://10.0.0.7/token")},
		{title: "The name in the UserInfo address leads to a private address", check: trace.UserInfoOpen, set: userInfoAt("https://inside.example/userinfo")},
		{title: "The token address is an odd spelling of a private one", check: trace.TokenOpen, set: tokenAt("http://2130706433/token")},
		{
			title: "Nobody listens at the token address", check: trace.TokenReached,
			set: func(h *house, c *fakeCentre) SSO { s := c.standard(); s.TokenURL = nobodyListens(h.t); return s },
		},
		{
			title: "Nobody listens at the UserInfo address", check: trace.UserInfoReached,
			set: func(h *house, c *fakeCentre) SSO { s := c.standard(); s.UserInfoURL = nobodyListens(h.t); return s },
		},
		{title: "The centre hangs up in the middle of its answer", check: trace.TokenReached, set: standard(at("/token", hangUp))},
		{title: "The certificate is for another name", check: trace.TokenTLS, host: "other.test", tls: goodCertificate, set: standard(func(*fakeCentre, *SSO) {})},
		{
			title: "The certificate has expired", check: trace.TokenTLS, host: "centre.test", set: standard(func(*fakeCentre, *SSO) {}),
			tls: func(t *testing.T, a *authority) *tls.Config {
				return &tls.Config{Certificates: []tls.Certificate{a.issue(t, "centre.test", time.Now().Add(-time.Hour))}}
			},
		},
		{
			title: "The certificate is self-signed, or its authority is unknown", check: trace.TokenTLS, host: "centre.test", foreign: true,
			tls: goodCertificate, set: standard(func(*fakeCentre, *SSO) {}),
		},
		{
			title: "The centre speaks TLS 1.1 at most", check: trace.TokenTLS, host: "centre.test", set: standard(func(*fakeCentre, *SSO) {}),
			tls: func(t *testing.T, a *authority) *tls.Config {
				c := goodCertificate(t, a)
				c.MinVersion, c.MaxVersion = tls.VersionTLS10, tls.VersionTLS11
				return c
			},
		},
		{
			title: "The token address says https where the centre speaks http", check: trace.TokenTLS,
			set: standard(func(_ *fakeCentre, s *SSO) { s.TokenURL = strings.Replace(s.TokenURL, "http:", "https:", 1) }),
		},
		{
			title: "The UserInfo address says https where the centre speaks http", check: trace.UserInfoTLS,
			set: standard(func(_ *fakeCentre, s *SSO) { s.UserInfoURL = strings.Replace(s.UserInfoURL, "http:", "https:", 1) }),
		},
		{title: "The token address is http, unprotected", check: trace.TokenTLS, warns: true, set: standard(func(*fakeCentre, *SSO) {})},
		{title: "The token address redirects elsewhere", check: trace.TokenRedirect, set: standard(at("/token", redirectTo("/oauth/token")))},
		{title: "The UserInfo address redirects in a circle", check: trace.UserInfoRedirect, set: standard(at("/userinfo", redirectTo("/userinfo")))},
		{
			title: "The UserInfo address redirects from https to http", check: trace.UserInfoRedirect, host: "centre.test", tls: goodCertificate,
			set: standard(at("/userinfo", redirectTo("http://centre.test/userinfo"))),
		},
		{title: "The token address is slow", check: trace.TokenInTime, quick: true, set: standard(at("/token", wait))},
		{title: "The UserInfo address is slow", check: trace.UserInfoInTime, quick: true, set: standard(at("/userinfo", wait))},
		{
			title: "The answer of the token address is huge", check: trace.TokenSize,
			set: standard(at("/token", text(http.StatusOK, "application/json", strings.Repeat(" ", 2<<20)))),
		},
		{title: "The answer of the UserInfo address is huge once unpacked", check: trace.UserInfoSize, set: standard(at("/userinfo", bomb))},
		{
			title: "The path of the token address is wrong", check: trace.TokenStatus,
			set: standard(func(c *fakeCentre, s *SSO) { s.TokenURL = c.server.URL + "/oauth/token" }),
		},
		{
			title: "The token address is not one for POST", check: trace.TokenStatus,
			set: standard(at("/token", text(http.StatusMethodNotAllowed, "text/html", html))),
		},
		{title: "The token address answers 500", check: trace.TokenStatus, set: standard(at("/token", text(http.StatusInternalServerError, "text/plain", "down")))},
		{
			title: "The path of the UserInfo address is wrong", check: trace.UserInfoStatus,
			set: standard(func(c *fakeCentre, s *SSO) { s.UserInfoURL = c.server.URL + "/me" }),
		},
		{title: "The UserInfo address answers 500", check: trace.UserInfoStatus, set: standard(at("/userinfo", text(http.StatusBadGateway, "text/html", html)))},
	}
}

func inTheAnswers() []mistake {
	return []mistake{
		{title: "The client secret is wrong", check: trace.TokenClient, set: standard(func(_ *fakeCentre, s *SSO) { s.ClientSecret = "wrong-secret-9876 " })},
		{
			title: "The secret is wrong at a centre of the WeChat kind", check: trace.TokenClient,
			set: wechat(func(_ *fakeCentre, s *SSO) { s.ClientSecret = "wrong-secret-9876" }),
		},
		{
			title: "The token address refuses the client without saying why", check: trace.TokenClient,
			set: standard(at("/token", text(http.StatusUnauthorized, "text/plain", "no"))),
		},
		{
			title: "The token address belongs to a centre that does not know the appid", check: trace.TokenClientID,
			set: wechat(at("/sns/oauth2/access_token", text(http.StatusOK, "text/plain", `{"errcode":40013,"errmsg":"invalid appid"}`))),
		},
		{
			title: "The code has expired", check: trace.TokenCode,
			set: wechat(at("/sns/oauth2/access_token", text(http.StatusOK, "text/plain", `{"errcode":42003,"errmsg":"code expired"}`))),
		},
		{title: "The code is used twice", check: trace.TokenCode, set: standard(func(c *fakeCentre, _ *SSO) {
			c.wrap = func(_ http.ResponseWriter, r *http.Request) bool {
				if r.URL.Path == "/token" {
					c.redeem(r.PostForm.Get("code"))
				}
				return false
			}
		})},
		{
			title: "The token address answers with an error of its own", check: trace.TokenRefused,
			set: standard(at("/token", text(http.StatusBadRequest, "application/json", `{"error":"temporarily_unavailable"}`))),
		},
		{title: "The token address answers with a page", check: trace.TokenFormat, set: standard(at("/token", text(http.StatusOK, "text/html", html)))},
		{title: "The token address answers with nothing", check: trace.TokenFormat, set: standard(at("/token", text(http.StatusOK, "application/json", "")))},
		{title: "The token address answers with a list", check: trace.TokenFormat, set: standard(at("/token", text(http.StatusOK, "application/json", `["a"]`)))},
		{title: "The name of the access-token field is wrong", check: trace.TokenField, set: standard(func(_ *fakeCentre, s *SSO) { s.Fields.AccessToken = "token" })},
		{
			title: "The access token is a number", check: trace.TokenField,
			set: standard(at("/token", text(http.StatusOK, "application/json", `{"access_token":12345678}`))),
		},
		{
			title: "The access-token field names another token", check: trace.UserInfoToken,
			set: standard(func(_ *fakeCentre, s *SSO) { s.Fields.AccessToken = "refresh_token" }),
		},
		{
			title: "The scope does not reach the UserInfo address of a WeChat-like centre", check: trace.UserInfoToken,
			set: wechat(at("/sns/userinfo", text(http.StatusOK, "text/plain", `{"errcode":48001,"errmsg":"api unauthorized"}`))),
		},
		{title: "A centre of the WeChat kind gives no openid", check: trace.UserInfoOpenID, set: wechat(func(c *fakeCentre, _ *SSO) { c.beside = nil })},
		{
			title: "The UserInfo address answers with an error of its own", check: trace.UserInfoRefused,
			set: standard(at("/userinfo", text(http.StatusOK, "application/json", `{"errcode":45011,"errmsg":"too often"}`))),
		},
		{title: "The UserInfo address answers with a page", check: trace.UserInfoFormat, set: standard(at("/userinfo", text(http.StatusOK, "text/html", html)))},
		{title: "The UserInfo address answers with nothing", check: trace.UserInfoFormat, set: standard(at("/userinfo", text(http.StatusOK, "application/json", " ")))},
		{
			title: "The UserInfo address answers with a list", check: trace.UserInfoFormat,
			set: standard(at("/userinfo", text(http.StatusOK, "application/json", `[{"sub":"zhang"}]`))),
		},
		{
			title: "The UserInfo address answers in UTF-16", check: trace.UserInfoFormat,
			set: standard(at("/userinfo", text(http.StatusOK, "application/json; charset=utf-16", "\xff\xfe{\x00}\x00"))),
		},
		{
			title: "The UserInfo address answers in GBK", check: trace.UserInfoFormat,
			set: standard(at("/userinfo", text(http.StatusOK, "application/json; charset=gbk", "{\"nickname\":\"\xd5\xc5\xc8\xfd\"}"))),
		},
		{title: "UserInfo has no account field", check: trace.AccountField, set: standard(func(c *fakeCentre, _ *SSO) { delete(c.person, "sub") })},
		{title: "The path of the account field is wrong", check: trace.AccountField, set: standard(func(_ *fakeCentre, s *SSO) { s.AccountField = "data.user" })},
		{title: "The account is null", check: trace.AccountField, set: standard(person("sub", nil))},
		{title: "The account is empty", check: trace.AccountField, set: standard(person("sub", " "))},
		{title: "The account field names an object", check: trace.AccountType, set: standard(func(_ *fakeCentre, s *SSO) { s.AccountField = "data" })},
		{title: "The account field names a list", check: trace.AccountType, set: standard(func(_ *fakeCentre, s *SSO) { s.AccountField = "data.list" })},
		{title: "The account is a fraction", check: trace.AccountType, set: standard(person("sub", 1.5))},
		{title: "The account is longer than 64 characters", check: trace.AccountForm, warns: true, set: standard(person("sub", strings.Repeat("a", 65)))},
		{title: "The account is longer than 255 characters", check: trace.AccountLength, set: standard(person("sub", strings.Repeat("a", 256)))},
		{title: "The account has characters that cannot be seen", check: trace.AccountLength, set: standard(person("sub", "zhang\u200b"))},
		{title: "The name field is wrong", check: trace.NameField, warns: true, set: standard(func(_ *fakeCentre, s *SSO) { s.Fields.Name = "name" })},
		{title: "The mail field is wrong", check: trace.EmailField, warns: true, set: standard(func(_ *fakeCentre, s *SSO) { s.Fields.Email = "mail" })},
		{title: "The mobile field names an object", check: trace.MobileField, warns: true, set: standard(func(_ *fakeCentre, s *SSO) { s.Fields.Mobile = "data" })},
		{title: "The picture is no address", check: trace.PictureField, warns: true, set: standard(person("headimgurl", "javascript:alert(1)"))},
	}
}
