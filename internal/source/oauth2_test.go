package source

import (
	"encoding/base64"
	"net/http"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// begin makes a centre that answers well and a house that trusts it.
func begin(t *testing.T) (*house, *fakeCentre) {
	t.Helper()
	h := newHouse(t, houseOptions{})
	c := newCentre(t, nil)
	c.now = h.clock.Now
	return h, c
}

// signIn is a centre, settings that fit it, and whom it proves.
type signIn struct {
	name string
	with func(*fakeCentre) SSO
	want identity.Profile
}

// zhang is the person of the fake centre under an account.
func zhang(account string) identity.Profile {
	return identity.Profile{
		Subject: account, Account: account, Name: "Zhang San", Email: "zhang@acme.example", Mobile: "+8613800000001",
		Picture: "https://pictures.example/1.png",
	}
}

// waysOfAsking differ in the settings.
func waysOfAsking() []signIn {
	full, openid := zhang("zhang"), zhang("oid-zhang")
	return []signIn{
		{"standard", (*fakeCentre).standard, full},
		{"WeChat-like", (*fakeCentre).wechat, openid},
		{"OpenID Connect", (*fakeCentre).openID, full},
		{"secret in the header", func(c *fakeCentre) SSO {
			s := c.standard()
			s.TokenStyle = SecretInHeader
			return s
		}, full},
		{"no UserInfo address, account beside the token", func(c *fakeCentre) SSO {
			s := c.standard()
			s.UserInfoURL, s.AccountField, s.Fields = "", "openid", Fields{AccessToken: "access_token"}
			return s
		}, identity.Profile{Subject: "oid-zhang", Account: "oid-zhang"}},
		{"no UserInfo address, account in the ID token", func(c *fakeCentre) SSO {
			s := c.openID()
			s.UserInfoURL, s.AccountField, s.Fields = "", "preferred_username", Fields{AccessToken: "access_token"}
			return s
		}, identity.Profile{Subject: "zhang.san", Account: "zhang.san"}},
		{"scope of the WeChat dialect left to its default", func(c *fakeCentre) SSO {
			s := c.wechat()
			s.Scope = ""
			return s
		}, openid},
	}
}

// waysOfAnswering differ in the centre's answers and in what is read of them.
func waysOfAnswering() []signIn {
	full := zhang("zhang")
	return []signIn{
		{"a deep field", func(c *fakeCentre) SSO {
			s := c.standard()
			s.AccountField, s.Fields = "data.account", Fields{AccessToken: "access_token"}
			return s
		}, identity.Profile{Subject: "deep", Account: "deep"}},
		{"a number in a list", func(c *fakeCentre) SSO {
			s := c.standard()
			s.AccountField, s.Fields = "data.list.1", Fields{AccessToken: "access_token"}
			return s
		}, identity.Profile{Subject: "42", Account: "42"}},
		{"a number longer than a float", func(c *fakeCentre) SSO {
			s := c.standard()
			s.AccountField, s.Fields = "number", Fields{AccessToken: "access_token"}
			return s
		}, identity.Profile{Subject: "12345678901234567", Account: "12345678901234567"}},
		{"token answer as a form", func(c *fakeCentre) SSO {
			c.replace["/token"] = text(http.StatusOK, "application/x-www-form-urlencoded", "access_token="+goodToken+"&token_type=bearer")
			return c.standard()
		}, full},
		{"UTF-8 with a mark, called a text", func(c *fakeCentre) SSO {
			c.replace["/userinfo"] = text(http.StatusOK, "text/plain; charset=utf-8", "\ufeff{\"sub\":\"zhang\"}\r\n")
			s := c.standard()
			s.Fields = Fields{AccessToken: "access_token"}
			return s
		}, identity.Profile{Subject: "zhang", Account: "zhang"}},
		{"verified mail, as OpenID Connect says it", func(c *fakeCentre) SSO {
			c.person["email_verified"] = true
			return c.openID()
		}, func() identity.Profile { p := full; p.EmailVerified = true; return p }()},
		{"verified as a text is not verified", func(c *fakeCentre) SSO {
			c.person["email_verified"] = "true"
			return c.openID()
		}, full},
		{"a word in the ID token does not verify the address of UserInfo", func(c *fakeCentre) SSO {
			c.claims = func(said map[string]any) { said["email"], said["email_verified"] = "boss@acme.example", true }
			return c.openID()
		}, full},
	}
}

func TestSignIn(t *testing.T) {
	for _, tt := range append(waysOfAsking(), waysOfAnswering()...) {
		t.Run(tt.name, func(t *testing.T) {
			h, c := begin(t)
			h.save(tt.with(c))
			got, story, err := h.signIn(c)
			if err != nil {
				check, detail := firstBad(story)
				t.Fatalf("%v at %s: %+v", err, check, detail)
			}
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
		})
	}
}

// The published example of the WeChat-like centre, parameter by parameter.
func TestAuthorizationLink(t *testing.T) {
	a := Attempt{State: "st&te", Nonce: "n", Verifier: "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", Callback: "https://gate.example/sso/callback/src_1"}
	const back = "https%3A%2F%2Fgate.example%2Fsso%2Fcallback%2Fsrc_1"
	// RFC 7636, appendix B.
	const pkce = "&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256"
	tests := []struct {
		name string
		o    OAuth2
		want string
	}{
		{
			"WeChat-like",
			OAuth2{AuthorizeURL: "https://c.example/connect/qrconnect", ClientID: "wx1", Scope: "snsapi_login"},
			"https://c.example/connect/qrconnect?appid=wx1&redirect_uri=" + back + "&response_type=code&scope=snsapi_login&state=st%26te#wechat_redirect",
		},
		{
			"its default scope",
			OAuth2{AuthorizeURL: "https://c.example/connect/qrconnect", ClientID: "wx1"},
			"https://c.example/connect/qrconnect?appid=wx1&redirect_uri=" + back + "&response_type=code&scope=snsapi_login&state=st%26te#wechat_redirect",
		},
		{
			"its own query and fragment",
			OAuth2{AuthorizeURL: "https://c.example/connect/qrconnect?style=black&x=%20y#top", ClientID: "wx1"},
			"https://c.example/connect/qrconnect?style=black&x=%20y&appid=wx1&redirect_uri=" + back + "&response_type=code&scope=snsapi_login&state=st%26te#top",
		},
		{
			"known by the token address",
			OAuth2{AuthorizeURL: "https://c.example/a", TokenURL: "https://c.example/sns/oauth2/access_token", ClientID: "wx1", Scope: "s"},
			"https://c.example/a?appid=wx1&redirect_uri=" + back + "&response_type=code&scope=s&state=st%26te#wechat_redirect",
		},
		{
			"standard",
			OAuth2{AuthorizeURL: "https://c.example/authorize", ClientID: "a b"},
			"https://c.example/authorize?response_type=code&client_id=a%20b&redirect_uri=" + back + "&state=st%26te" + pkce,
		},
		{
			"standard by choice at an address of the WeChat kind",
			OAuth2{AuthorizeURL: "https://c.example/connect/qrconnect", ClientID: "a", Dialect: DialectOAuth2, Scope: "snsapi_login", WithoutPKCE: true},
			"https://c.example/connect/qrconnect?response_type=code&client_id=a&redirect_uri=" + back + "&scope=snsapi_login&state=st%26te",
		},
		{
			"nonce with openid",
			OAuth2{AuthorizeURL: "https://c.example/authorize?p=1#f", ClientID: "a", Scope: "openid profile", WithoutPKCE: true},
			"https://c.example/authorize?p=1&response_type=code&client_id=a&redirect_uri=" + back + "&scope=openid%20profile&state=st%26te&nonce=n#f",
		},
		{
			"a parameter of ours in the configured address",
			OAuth2{AuthorizeURL: "https://c.example/authorize?state=fixed&st%61te=2&prompt=login&client_id=x", ClientID: "a", WithoutPKCE: true},
			"https://c.example/authorize?prompt=login&response_type=code&client_id=a&redirect_uri=" + back + "&state=st%26te",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.o.authorizationLink(a)
			if err != nil || got != tt.want {
				t.Errorf("got  %s, %v\nwant %s", got, err, tt.want)
			}
		})
	}
}

func TestDialect(t *testing.T) {
	tests := []struct {
		authorize, token string
		set, want        Dialect
	}{
		{"https://c/connect/qrconnect", "https://c/token", "", DialectWeChat},
		{"https://c/x/connect/qrconnect", "https://c/token", DialectAuto, DialectWeChat},
		{"https://c/connect/qrconnect/x", "https://c/token", DialectAuto, DialectOAuth2},
		{"https://c/a?x=/connect/qrconnect", "https://c/token?x=/sns/oauth2/", DialectAuto, DialectOAuth2},
		{"https://c/a", "https://c/sns/oauth2/access_token", DialectAuto, DialectWeChat},
		{"https://c/connect/qrconnect", "https://c/token", DialectOAuth2, DialectOAuth2},
		{"https://c/a", "https://c/token", DialectWeChat, DialectWeChat},
	}
	for _, tt := range tests {
		if got := (OAuth2{AuthorizeURL: tt.authorize, TokenURL: tt.token, Dialect: tt.set}).dialect(); got != tt.want {
			t.Errorf("%s %s %q: got %s, want %s", tt.authorize, tt.token, tt.set, got, tt.want)
		}
	}
}

// sent signs in and returns the calls of the token and the UserInfo address.
func sent(t *testing.T, with func(*fakeCentre) SSO) (h *house, token, userInfo *http.Request) {
	t.Helper()
	h, c := begin(t)
	s := with(c)
	h.save(s)
	if _, _, err := h.signIn(c); err != nil {
		t.Fatal(err)
	}
	return h, c.asked(pathOf(s.TokenURL))[0], c.asked(pathOf(s.UserInfoURL))[0]
}

func TestStandardCalls(t *testing.T) {
	h, call, userInfo := sent(t, func(c *fakeCentre) SSO {
		s := c.standard()
		s.Scope = "profile"
		return s
	})
	for name, want := range map[string]string{
		"grant_type": "authorization_code", "client_id": goodClient, "client_secret": goodSecret, "scope": "profile",
		"redirect_uri": h.Callback(h.org.ID),
	} {
		if got := call.PostForm[name]; len(got) != 1 || got[0] != want {
			t.Errorf("token call: %s = %q, want %q", name, got, want)
		}
	}
	if call.Method != http.MethodPost || call.URL.RawQuery != "" || call.Header.Get("Accept") != "application/json" || call.Header.Get("Authorization") != "" {
		t.Errorf("token call: %s %s, headers %v", call.Method, call.URL, call.Header)
	}
	if userInfo.Method != http.MethodGet || userInfo.URL.RawQuery != "" {
		t.Errorf("UserInfo call: %s %s, want a GET without a query", userInfo.Method, userInfo.URL)
	}
}

func TestWeChatCalls(t *testing.T) {
	_, call, userInfo := sent(t, (*fakeCentre).wechat)
	want := "appid=orgate&secret=" + goodSecret + "&code=" + call.Form.Get("code") + "&grant_type=authorization_code"
	if call.Method != http.MethodGet || call.URL.RawQuery != want {
		t.Errorf("token call: %s %s, want the query %s", call.Method, call.URL, want)
	}
	if userInfo.URL.RawQuery != "access_token="+goodToken+"&openid=oid-zhang" || userInfo.Header.Get("Authorization") != "" {
		t.Errorf("UserInfo call: %s, %v", userInfo.URL, userInfo.Header)
	}
}

// A secret in the header is encoded twice (RFC 6749, 2.3.1).
func TestSecretInTheHeader(t *testing.T) {
	h, c := begin(t)
	s := c.standard()
	s.TokenStyle, s.ClientSecret = SecretInHeader, "a:b c%"
	h.save(s)
	if _, _, err := h.signIn(c); err == nil {
		t.Fatal("a wrong secret was taken")
	}
	call := c.asked("/token")[0]
	want := "Basic " + base64.StdEncoding.EncodeToString([]byte("orgate:a%3Ab+c%25"))
	if got := call.Header.Get("Authorization"); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if call.PostForm.Has("client_secret") || strings.Contains(call.PostForm.Encode(), "a%3Ab") {
		t.Errorf("the secret is in the form too: %v", call.PostForm)
	}
}

func fixed() time.Time { return time.Unix(1_800_000_000, 0) }
