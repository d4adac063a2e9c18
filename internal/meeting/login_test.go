package meeting

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

func TestSignIn(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		a := h.login("carl@acme.example")
		now := h.clock.Now()
		wantUser := answeredUser{
			UserID: identity.Hex(h.carl.Member.ID), UcloginAccount: "carl@acme.example", ServiceAccount: "sip:" + h.carl.Member.Number + "@meet.example",
			CompanyID: string(h.acme.ID), CompanyDomain: "acme.example", SpID: "orgate", Realm: "meet.example", Name: `Carl "<C>"`, NameEn: "Charles",
			ThirdAccount: "carl", UserType: 2, AdminType: 2, IsBindPhone: true,
		}
		if *a.User != wantUser || len(a.User.UserID) != 32 {
			t.Errorf("user = %+v, want %+v", *a.User, wantUser)
		}
		if a.AccessToken == "" || a.RefreshToken == "" {
			t.Error("no token, or no refresh token")
		}
		a.User = nil
		want := answered{
			AccessToken: a.AccessToken, RefreshToken: a.RefreshToken, TokenIP: "192.0.2.7", ClientType: 72,
			CreateTime: now.UnixMilli(), ValidPeriod: 86400, ExpireTime: now.Unix() + 86400,
			RefreshCreateTime: now.UnixMilli(), RefreshValidPeriod: 2592000, RefreshExpireTime: now.Unix() + 2592000,
			FirstLogin: true, // somebody else chose the password
		}
		if a != want {
			t.Errorf("token = %+v, want %+v", a, want)
		}
		if _, kept := h.story(); kept {
			t.Error("the story of a success was kept")
		}
	})
}

func TestSignInTellsTheKindOfUser(t *testing.T) {
	h := newHouse(t)
	for account, want := range map[string][2]int{
		"anna@acme.example": {2, 0}, "ben@acme.example": {2, 1}, "carl@acme.example": {2, 2}, "root@seller.example": {1, 0},
	} {
		a := h.login(account)
		if got := [2]int{a.User.UserType, a.User.AdminType}; got != want || len(a.User.UserID) != 32 || a.User.Name == "" {
			t.Errorf("%s: userType, adminType = %v, want %v; %+v", account, got, want, a.User)
		}
	}
}

func TestSignInRefusals(t *testing.T) {
	h := newHouse(t)
	const good = `{"account":"carl@acme.example","clientType":72}`
	auth := basic("carl@acme.example", password)
	for name, c := range map[string]struct {
		body   string
		header string
		status int
		code   string
	}{
		"other names of one account": {`{"account":"CARL@acme.example","clientType":72}`, auth, 200, ""},
		"contact as name":            {`{"account":"+8613800000001","clientType":0}`, basic("+8613800000001", password), 200, ""},
		"unknown fields and nulls":   {`{"Account":"x","more":{"a":[1]},"account":"carl@acme.example","clientType":5,"createTokenType":null,"HA2":null}`, auth, 200, ""},
		"a client of its own":        {`{"account":"carl@acme.example","clientType":1000000}`, auth, 200, ""},
		"no body":                    {``, auth, 400, "USG.000000003"},
		"an array":                   {`[]`, auth, 400, "USG.000000003"},
		"null":                       {`null`, auth, 400, "USG.000000003"},
		"two documents":              {good + good, auth, 400, "USG.000000003"},
		"broken UTF-8":               {"{\"account\":\"carl\xff\",\"clientType\":72}", auth, 400, "USG.000000003"},
		"a NUL":                      {`{"account":"carl\u0000","clientType":72}`, auth, 400, "USG.000000003"},
		"name in another case":       {`{"ACCOUNT":"carl@acme.example","clientType":72}`, auth, 400, "USG.000000003"},
		"account twice":              {`{"account":"carl@acme.example","account":"carl@acme.example","clientType":72}`, auth, 400, "USG.000000003"},
		"client type as text":        {`{"account":"carl@acme.example","clientType":"72"}`, auth, 400, "USG.000000003"},
		"client type with a point":   {`{"account":"carl@acme.example","clientType":72.0}`, auth, 400, "USG.000000003"},
		"client type negative":       {`{"account":"carl@acme.example","clientType":-1}`, auth, 400, "USG.000000003"},
		"client type too large":      {`{"account":"carl@acme.example","clientType":1000001}`, auth, 400, "USG.000000003"},
		"no client type":             {`{"account":"carl@acme.example"}`, auth, 400, "USG.000000003"},
		"unknown createTokenType":    {`{"account":"carl@acme.example","clientType":72,"createTokenType":2}`, auth, 400, "USG.000000003"},
		"account too long":           {`{"account":"` + strings.Repeat("a", 256) + `","clientType":72}`, auth, 400, "USG.000000003"},
		"JSON before the header":     {`{`, "", 400, "USG.000000003"},
		"no header":                  {good, "", 401, "USG.206010000"},
		"another scheme":             {good, strings.Replace(auth, "Basic", "Bearer", 1), 401, "USG.206010000"},
		"no Base64":                  {good, "Authorization: Basic *", 401, "USG.206010000"},
		"another account in header":  {good, basic("ben@acme.example", password), 401, "USG.206010000"},
		"wrong password":             {good, basic("carl@acme.example", "nonsense-1"), 401, "USG.206010000"},
		"unknown account":            {`{"account":"zoe@acme.example","clientType":72}`, basic("zoe@acme.example", password), 401, "USG.206010000"},
		"a name nobody can have":     {`{"account":"a b","clientType":72}`, basic("a b", password), 401, "USG.206010000"},
		"no password":                {good, basic("carl@acme.example", ""), 401, "USG.206010000"},
		"bad captcha proof":          {`{"account":"carl@acme.example","clientType":72,"HA2":"nonsense"}`, auth, 400, "USG.206060010"},
	} {
		t.Run(name, func(t *testing.T) {
			w := h.request("POST", "/v2/usg/acs/auth/account?ts=1", c.body, c.header)
			if c.status == 200 {
				h.answer(w)
				return
			}
			refused(t, w, c.status, c.code)
		})
	}
}

// The unknown account and the wrong password are told by nothing.
func TestSignInTellsNothingOfAccounts(t *testing.T) {
	h := newHouse(t)
	wrong := h.request("POST", "/v1/usg/acs/auth/account", `{"account":"carl@acme.example","clientType":72}`, basic("carl@acme.example", "nonsense-1"))
	h.clock.Advance(time.Second) // so that the newest story is the second
	unknown := h.request("POST", "/v1/usg/acs/auth/account", `{"account":"zoe@acme.example","clientType":72}`, basic("zoe@acme.example", "nonsense-1"))
	if wrong.Body.String() != unknown.Body.String() || fmt.Sprint(wrong.Header()) != fmt.Sprint(unknown.Header()) {
		t.Errorf("wrong password: %v %s\nunknown: %v %s", wrong.Header(), wrong.Body, unknown.Header(), unknown.Body)
	}
	r, kept := h.story()
	if !kept || r.Kind != trace.PasswordLogin || r.Outcome != trace.Refused || r.Who != "zoe@acme.example" {
		t.Errorf("story = %+v, %v", r, kept)
	}
}

func TestSignInLocks(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		for _, account := range []string{"carl@acme.example", "zoe@acme.example"} {
			body := fmt.Sprintf(`{"account":%q,"clientType":72}`, account)
			for range 5 {
				refused(t, h.request("POST", "/v1/usg/acs/auth/account", body, basic(account, "nonsense-1")), 401, "USG.206010000")
			}
			w := h.request("POST", "/v1/usg/acs/auth/account", body, basic(account, password))
			refused(t, w, 423, "USG.206030015")
			if w.Header().Get("Retry-After") == "" {
				t.Errorf("%s: no Retry-After", account)
			}
		}
		h.clock.Advance(5*time.Minute + time.Second)
		h.login("carl@acme.example")
	})
}

func TestSignInOfTheDisabled(t *testing.T) {
	h := newHouse(t)
	if err := h.o.Directory.SuspendMember(t.Context(), console(), h.acme.ID, h.carl.Member.ID); err != nil {
		t.Fatal(err)
	}
	const body = `{"account":"carl@acme.example","clientType":72}`
	refused(t, h.request("POST", "/v1/usg/acs/auth/account", body, basic("carl@acme.example", password)), 412, "USG.206010007")
	refused(t, h.request("POST", "/v1/usg/acs/auth/account", body, basic("carl@acme.example", "nonsense-1")), 401, "USG.206010000")
}

func TestSignInVerifiesOnly(t *testing.T) {
	h := newHouse(t)
	w := h.request("POST", "/v1/usg/acs/auth/account", `{"account":"anna@acme.example","clientType":0,"createTokenType":1}`, basic("anna@acme.example", password))
	a := h.answer(w)
	if a.AccessToken != "" || a.RefreshToken != "" || a.CreateTime != 0 || a.User == nil || a.User.UcloginAccount != "anna@acme.example" || a.FirstLogin {
		t.Errorf("answer = %s", w.Body)
	}
}

// A client type of one token only: the later login ends the earlier token.
func TestSignInKicks(t *testing.T) {
	h := newHouse(t)
	first := h.answer(h.request("POST", "/v1/usg/acs/auth/account", `{"account":"carl@acme.example","clientType":5}`, basic("carl@acme.example", password)))
	h.answer(h.request("POST", "/v1/usg/acs/auth/account", `{"account":"carl@acme.example","clientType":5}`, basic("carl@acme.example", password)))
	refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+first.AccessToken), 401, "USG.206020002")
}

func TestSignInWithCaptchaProof(t *testing.T) {
	h := newHouse(t)
	m := &h.surface.meeting
	proof := func(user string, p captchaPurpose) string {
		word, err := m.issueCaptcha(t.Context(), user, p, time.Minute)
		if err != nil {
			t.Fatal(err)
		}
		return word
	}
	good := proof("Carl@acme.example", captchaLogin)
	for _, c := range []struct {
		name, word string
		status     int
	}{
		{"its own", good, 200},
		{"the same again", good, 400},
		{"another name's", proof("ben@acme.example", captchaLogin), 400},
		{"another purpose", proof("carl@acme.example", captchaPassword), 400},
	} {
		w := h.request("POST", "/v1/usg/acs/auth/account", fmt.Sprintf(`{"account":"carl@acme.example","clientType":72,"HA2":%q}`, c.word), basic("carl@acme.example", password))
		if w.Code != c.status {
			t.Errorf("%s: %d %s, want %d", c.name, w.Code, w.Body, c.status)
		}
	}
}

func TestFirstLoginEndsWithTheOwnPassword(t *testing.T) {
	h := newHouse(t)
	a := h.login("carl@acme.example")
	bearer, err := h.o.Tokens.Check(t.Context(), a.AccessToken)
	if err != nil {
		t.Fatal(err)
	}
	if err := h.o.Directory.ChangePassword(t.Context(), bearer.Actor, password, "another-horse-8", identity.DefaultPasswordRules()); err != nil {
		t.Fatal(err)
	}
	w := h.request("POST", "/v1/usg/acs/auth/account", `{"account":"carl@acme.example","clientType":72}`, basic("carl@acme.example", "another-horse-8"))
	if again := h.answer(w); again.FirstLogin {
		t.Error("firstLogin = true after the person chose a password")
	}
}
