package meeting

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

func TestProxyLoginWithTheCentresCode(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		c := h.gated()
		people := map[string]bool{}
		for _, client := range []int{72, 0, 5, 6} {
			got := h.answer(h.proxy("zoe", map[string]any{"clientType": client}))
			if got.AccessToken == "" || got.ClientType != client || got.User.ThirdAccount != "zoe" || got.User.Name != "Person zoe" || got.FirstLogin {
				t.Errorf("client type %d: got %+v %+v", client, got, got.User)
			}
			people[got.User.UserID] = true
		}
		if len(people) != 1 {
			t.Errorf("one account is %d people", len(people))
		}
		if asked := c.last(); asked.Get("code") != "zoe" || asked.Has("redirect_uri") || asked.Has("code_verifier") || asked.Get("grant_type") != "authorization_code" {
			t.Errorf("the centre was asked %v", asked)
		}
		h.knowsMore(c)
		// The member of before is found by third account.
		if got := h.answer(h.proxy("carl", nil)); got.User.UserID != identity.Hex(h.carl.Member.ID) {
			t.Errorf("carl is %+v", got.User)
		}
		if got := h.answer(h.proxy("zoe", map[string]any{"createTokenType": 1})); got.AccessToken != "" || got.User == nil {
			t.Errorf("without a token: %+v", got)
		}
	})
}

// knowsMore tells what the client knows of the code it fetched.
func (h *house) knowsMore(c *centre) {
	t := h.t
	t.Helper()
	verifier := strings.Repeat("v", 43)
	h.answer(h.proxy("zoe", map[string]any{"redirectUri": "https://app.example/cb", "codeVerifier": verifier, "remark": "text", "createTokenType": 0}))
	if asked := c.last(); asked.Get("redirect_uri") != "https://app.example/cb" || asked.Get("code_verifier") != verifier {
		t.Errorf("the centre was asked %v", asked)
	}
}

func TestProxyLoginUnderAState(t *testing.T) {
	h := newHouse(t)
	c := h.gated()
	begin := func(query string) (link *url.URL, state string) {
		t.Helper()
		var a struct{ AuthorizeURL, State string }
		w := h.request("GET", authorizePath+"?"+query, "")
		if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || w.Code != 200 {
			t.Fatalf("%s: %d %s", query, w.Code, w.Body)
		}
		link, err := url.Parse(a.AuthorizeURL)
		if err != nil || a.State == "" || link.Query().Get("state") != a.State {
			t.Fatalf("got %s, %v", w.Body, err)
		}
		return link, a.State
	}
	link, state := begin("domain=SSO.acme.example&clientType=5")
	callback := "https://meet.example:8443/sso/callback/" + string(h.sourceID())
	if q := link.Query(); q.Get("redirect_uri") != callback || q.Get("client_id") != "orgate" || q.Get("response_type") != "code" {
		t.Errorf("the link is %s", link)
	}
	h.answer(h.proxy("zoe", map[string]any{"state": state}))
	if asked := c.last(); asked.Get("redirect_uri") != callback || len(asked.Get("code_verifier")) < 43 {
		t.Errorf("the centre was asked %v", asked)
	}
	refused(t, h.proxy("zoe", map[string]any{"state": state}), 401, "USG.206010022")
	_, late := begin("domain=sso.acme.example&clientType=72")
	h.clock.Advance(10 * time.Minute)
	refused(t, h.proxy("zoe", map[string]any{"state": late}), 401, "USG.206010022")
	refused(t, h.proxy("zoe", map[string]any{"state": "nonsense"}), 401, "USG.206010022")
	_, other := begin("domain=sso.acme.example&clientType=6")
	refused(t, h.proxy("zoe", map[string]any{"state": other, "redirectUri": "https://evil.example/"}), 401, "USG.206010022")
	// The state of a browser's own sign-in is that browser's.
	for _, o := range []source.AttemptOptions{{Purpose: source.ForWeb}, {Purpose: source.ForPC, Flow: "digest"}, {Purpose: source.ForTry}} {
		bound, _, err := h.o.Sources.NewAttempt(t.Context(), h.found(), o)
		if err != nil {
			t.Fatal(err)
		}
		refused(t, h.proxy("zoe", map[string]any{"state": bound}), 401, "USG.206010022")
	}
}

func TestAuthorizeURLRefusals(t *testing.T) {
	h := newHouse(t)
	h.gated()
	for _, query := range []string{
		"", "domain=sso.acme.example", "clientType=5", "domain=sso.acme.example&clientType=0", "domain=sso.acme.example&clientType=abc",
		"domain=a&domain=b&clientType=5", "domain=&clientType=5",
	} {
		refused(t, h.request("GET", authorizePath+"?"+query, ""), 400, "USG.000000003")
	}
	unknown := h.request("GET", authorizePath+"?domain=nowhere.example&clientType=5", "")
	refused(t, unknown, 400, "USG.206010023")
	malformed := h.request("GET", authorizePath+"?domain=no%20domain&clientType=5", "")
	h.configure(map[string]any{"enableSSO": false})
	disabled := h.request("GET", authorizePath+"?domain=sso.acme.example&clientType=5", "")
	if a, b, c := unknown.Body.String(), disabled.Body.String(), malformed.Body.String(); a != b || a != c || unknown.Code != disabled.Code {
		t.Errorf("told apart:\n%s\n%s\n%s", a, b, c)
	}
}

func TestPurposes(t *testing.T) {
	for _, row := range []struct {
		clientType, agent string
		want              source.Purpose
	}{
		{"5", "anything", source.ForPC},
		{"6", "Dalvik/2.1.0 (Linux; U; Android 15)", source.ForAndroid},
		{"6", "", source.ForAndroid},
		{"6", "Meet/1 CFNetwork/1494.0.7 Darwin/23.4.0", source.ForIOS},
		{"6", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0)", source.ForIOS},
		{"72", "", source.ForClient},
		{"0", "", ""},
		{"05", "", ""},
	} {
		if got, ok := purposeOf(row.clientType, row.agent); got != row.want || ok != (row.want != "") {
			t.Errorf("%s %q: got %s, want %s", row.clientType, row.agent, got, row.want)
		}
	}
}

// clientCode is what a browser brings the client after its sign-in.
func (h *house) clientCode(account string, client directory.Client) string {
	h.t.Helper()
	found := h.found()
	in, err := h.o.Directory.SignInBySource(h.t.Context(), directory.SourceProof{
		Source: found.Source, Profile: identity.Profile{Subject: account, Account: account},
		Entry: directory.EnterCode{Domain: found.Source.Domain, Client: client}, Origin: origin,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	return in.ClientCode
}

func TestProxyLoginWithOurCode(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		c := h.gated()
		code := h.clientCode("zoe", directory.PCClient)
		if !strings.HasPrefix(code, "ogc_") {
			t.Fatalf("the code begins %.4s", code)
		}
		for n := 1; n < len(code)-4; n += 9 {
			refused(t, h.proxy(code[:len(code)-n], nil), 401, "USG.206010022")
		}
		refused(t, h.proxy("ogc_"+strings.ToUpper(code[4:]), nil), 401, "USG.206010022")
		got := h.answer(h.proxy(code, map[string]any{"clientType": 5, "domain": "SSO.Acme.Example"}))
		if got.AccessToken == "" || got.ClientType != 5 || got.User.ThirdAccount != "zoe" {
			t.Errorf("got %+v %+v", got, got.User)
		}
		refused(t, h.proxy(code, map[string]any{"clientType": 5}), 401, "USG.206010022")
		mobile := h.clientCode("zoe", directory.IOSClient)
		refused(t, h.proxy(mobile, map[string]any{"clientType": 5}), 401, "USG.206010022")
		refused(t, h.proxy(mobile, map[string]any{"clientType": 6}), 401, "USG.206010022")
		late := h.clientCode("zoe", directory.PCClient)
		h.clock.Advance(time.Minute)
		refused(t, h.proxy(late, nil), 401, "USG.206010022")
		if asked := c.last(); asked != nil {
			t.Errorf("our codes were shown to the centre: %v", asked)
		}
	})
}

func TestProxyLoginRefusals(t *testing.T) {
	h := newHouse(t)
	c := h.gated()
	for what, row := range map[string]struct {
		changes map[string]any
		status  int
		code    string
	}{
		"WeLink":                {map[string]any{"authServerType": "workplace", "authType": "AccountAndPwd", "account": "a", "pwd": "b"}, 400, "USG.206010024"},
		"another server":        {map[string]any{"authServerType": "saml"}, 400, "USG.206010024"},
		"another type":          {map[string]any{"authType": "AccountAndPwd"}, 400, "USG.206010024"},
		"no server":             {map[string]any{"authServerType": nil}, 400, "USG.000000003"},
		"no type":               {map[string]any{"authType": nil}, 400, "USG.000000003"},
		"no client type":        {map[string]any{"clientType": nil}, 400, "USG.000000003"},
		"another client type":   {map[string]any{"clientType": 7}, 400, "USG.000000003"},
		"a text as client type": {map[string]any{"clientType": "72"}, 400, "USG.000000003"},
		"no credential":         {map[string]any{"credential": nil}, 400, "USG.000000003"},
		"an empty credential":   {map[string]any{"credential": ""}, 400, "USG.000000003"},
		"no domain":             {map[string]any{"domain": nil}, 400, "USG.000000003"},
		"a token type":          {map[string]any{"createTokenType": 2}, 400, "USG.000000003"},
		"an unknown domain":     {map[string]any{"domain": "nowhere.example"}, 400, "USG.206010023"},
		"no domain at all":      {map[string]any{"domain": "no domain"}, 400, "USG.206010023"},
	} {
		t.Run(what, func(t *testing.T) { refused(t, h.proxy("zoe", row.changes), row.status, row.code) })
	}
	said := func(v map[string]any) func(string) map[string]any { return func(string) map[string]any { return v } }
	for what, answer := range map[string]map[string]any{
		"no account":          {"nickname": "x"},
		"a list":              {"openid": []string{"x"}},
		"a control character": {"openid": "a\x00b"},
		"a long account":      {"openid": strings.Repeat("x", 300)},
	} {
		before := c.account
		c.account = said(answer)
		t.Run(what, func(t *testing.T) { refused(t, h.proxy("zoe", nil), 401, "USG.206010022") })
		c.account = before
	}
	c.refuses = true
	refused(t, h.proxy("zoe", nil), 401, "USG.206010022")
	c.refuses = false
	auto := false
	edit := func(change directory.OrganizationChange) {
		t.Helper()
		if _, err := h.o.Directory.ChangeOrganization(t.Context(), console(), h.acme.ID, 0, change); err != nil {
			t.Fatal(err)
		}
	}
	edit(directory.OrganizationChange{AutoCreate: &auto})
	refused(t, h.proxy("zoe", nil), 403, "USG.206010030")
	auto = true
	edit(directory.OrganizationChange{AutoCreate: &auto, Limits: &identity.Limits{Members: 3}})
	refused(t, h.proxy("zoe", nil), 403, "USG.206010070")
	if err := h.o.Directory.SuspendMember(t.Context(), console(), h.acme.ID, h.carl.Member.ID); err != nil {
		t.Fatal(err)
	}
	refused(t, h.proxy("carl", nil), 412, "USG.206010007")
	h.configure(map[string]any{"enableSSO": false})
	refused(t, h.proxy("zoe", nil), 400, "USG.206010023")
}

// What enabling means for the password operations (4.8) and logins (4.1).
func TestPasswordsUnderSSO(t *testing.T) {
	h := newHouse(t)
	carl, ben := h.login("carl@acme.example").AccessToken, h.login("ben@acme.example").AccessToken
	h.gated()
	signIn := func(account string, client int) (int, string) {
		w := h.request("POST", "/v1/usg/acs/auth/account", fmt.Sprintf(`{"account":%q,"clientType":%d}`, account, client), basic(account, password))
		var e struct {
			Code string `json:"error_code"`
		}
		_ = json.Unmarshal(w.Body.Bytes(), &e)
		return w.Code, e.Code
	}
	for _, client := range []int{0, 5, 6, 72} {
		status, code := signIn("carl@acme.example", client)
		if client == 72 && status != 200 || client != 72 && (status != 400 || code != "USG.206010024") {
			t.Errorf("carl, client type %d: %d %s", client, status, code)
		}
		if status, code := signIn("anna@acme.example", client); status != 200 {
			t.Errorf("the owner, client type %d: %d %s", client, status, code)
		}
	}
	refused(t, h.request("POST", "/v1/usg/acs/auth/account", `{"account":"carl@acme.example","clientType":5}`, basic("carl@acme.example", "wrong-password")), 401, "USG.206010000")
	body := fmt.Sprintf(`{"account":"carl@acme.example","oldPwd":%q,"newPwd":"Another-horse-77"}`, password)
	refused(t, h.request("PUT", "/v1/usg/acs/password", body, "X-Access-Token: "+carl), 400, "USG.206030028")
	refused(t, h.request("PUT", "/v1/usg/acs/password/admin/reset", `{"account":"carl@acme.example"}`, "X-Access-Token: "+ben), 400, "USG.206030028")
	word, err := h.o.Directory.IssueReset(t.Context(), h.carl.Account.ID, "carl@acme.example", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, h.request("PUT", "/v1/usg/acs/password/reset", `{"user":"carl@acme.example","newPwd":"Another-horse-77"}`, "X-Access-Token: "+word), 400, "USG.206030028")
	h.configure(map[string]any{"enableSSO": false})
	if w := h.request("PUT", "/v1/usg/acs/password", body, "X-Access-Token: "+carl); w.Code != 200 {
		t.Errorf("switched off: %d %s", w.Code, w.Body)
	}
}
