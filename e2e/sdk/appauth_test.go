package sdk_test

import (
	"net/http"
	"testing"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/meeting/v1/model"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

// TestAppIDLogin signs in with an App ID in every form of the Meeting API, 4.2.
func TestAppIDLogin(t *testing.T) { harness.OnEach(t, signInByAppID) }

func signInByAppID(t *testing.T, o harness.Options) {
	t.Helper()
	n := harness.New(t, o).Start(t)
	acme := n.SignIn(t, harness.Owner).User.CompanyID
	for _, c := range []struct {
		name                string
		app                 signature.App
		login               signature.Login
		account             string // "" for one that the server makes
		userType, adminType int
	}{
		{"enterprise, a user", harness.AcmeApp(), signature.Login{UserID: "alice"}, harness.Alice, 2, 2},
		{"enterprise, a new user", harness.AcmeApp(), signature.Login{UserID: "new@acme"}, "", 2, 2},
		{"enterprise, default administrator", harness.AcmeApp(), signature.Login{}, harness.Owner, 2, 0},
		{"provider, a user by id", harness.SPApp(), signature.Login{CorpID: acme, UserID: "alice"}, harness.Alice, 2, 2},
		{"provider, a user by code", harness.SPApp(), signature.Login{CorpID: "acme", UserID: "alice"}, harness.Alice, 2, 2},
		{"provider, a new user", harness.SPApp(), signature.Login{CorpID: "other", UserID: "fresh"}, "", 2, 2},
		{"provider, an enterprise's administrator", harness.SPApp(), signature.Login{CorpID: "other"}, harness.Olga, 2, 0},
		{"provider, its own administrator", harness.SPApp(), signature.Login{}, harness.Root, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.login.ExpireTime = soon()
			for form, loosen := range forms {
				request, err := c.app.Request(c.login)
				if err != nil {
					t.Fatal(err)
				}
				loosen(&request)
				token, err := request.Send(t.Context(), http.DefaultClient, n.URL)
				if err != nil {
					t.Fatalf("%s: %v", form, err)
				}
				n.Secret(token.AccessToken, token.RefreshToken)
				u := token.User
				if c.account != "" && u.UcloginAccount != c.account || u.UcloginAccount == "" || u.UserType != c.userType ||
					u.ThirdAccount != c.login.UserID && c.login.UserID != "" {
					t.Errorf("%s: got %+v", form, u)
				}
				// adminType means something for a member only.
				if u.UserType == 2 && u.AdminType != c.adminType {
					t.Errorf("%s: got adminType %d, want %d", form, u.AdminType, c.adminType)
				}
				useWithSDK(t, n, token)
			}
		})
	}
}

// forms are the ways of writing one and the same login: editions of the
// documentation differ in what they demand.
var forms = map[string]func(*signature.Request){
	"as it is now": func(*signature.Request) {},
	"without access": func(r *signature.Request) {
		r.Header.Set("Authorization", signature.AuthorizationWithoutAccess(r.Signature))
	},
	"without X-Token-Type": func(r *signature.Request) { r.Header.Del("X-Token-Type") },
	"as the other client sends it": func(r *signature.Request) {
		r.Header.Del("X-Token-Type")
		r.Header.Set("Authorization", signature.AuthorizationWithoutAccess(r.Signature))
		r.Header.Set("Content-Type", "application/json;charset=UTF-8")
	},
}

// useWithSDK uses a token that the SDK did not get itself.
func useWithSDK(t *testing.T, n *harness.Node, token signature.Token) {
	t.Helper()
	c := clientWith(t, n, token.AccessToken)
	checked, err := c.CheckToken(check(token.AccessToken, false, true))
	if checked := succeed(t, checked, err); checked.User.UcloginAccount != token.User.UcloginAccount || *checked.User.AppId == "" {
		t.Errorf("got %s", checked)
	}
	nonce, err := c.CreatePortalRefNonce(&model.CreatePortalRefNonceRequest{})
	n.Secret(*succeed(t, nonce, err).Nonce)
}

// TestAppIDLoginWritesBack: an unknown person becomes a member, and what a
// later login carries replaces what is stored; what it leaves out stays.
func TestAppIDLoginWritesBack(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	enter := func(l signature.Login) signature.User {
		t.Helper()
		l.UserID, l.ExpireTime = "new@acme", soon()
		token, err := harness.AcmeApp().Login(t.Context(), n.URL, l)
		if err != nil {
			t.Fatal(err)
		}
		n.Secret(token.AccessToken, token.RefreshToken)
		return token.User
	}
	first := enter(signature.Login{UserName: "Nora New", UserPhone: "+8613800000077", UserEmail: "nora@acme.example", DeptCode: "rd"})
	if first.Name != "Nora New" || first.ThirdAccount != "new@acme" || first.UcloginAccount == "" || first.UserType != 2 || first.AdminType != 2 {
		t.Errorf("got %+v", first)
	}
	second := enter(signature.Login{UserName: "Nora Newton"})
	if second.UserID != first.UserID || second.UcloginAccount != first.UcloginAccount || second.Name != "Nora Newton" {
		t.Errorf("got %+v after %+v", second, first)
	}
	if third := enter(signature.Login{}); third.Name != "Nora Newton" || third.UserID != first.UserID {
		t.Errorf("got %+v: an absent name replaced the stored one", third)
	}
	for code, l := range map[string]signature.Login{
		"USG.206010065": {UserID: "other-1", UserPhone: "+8613800000077"},
		"USG.206010066": {UserID: "other-2", UserEmail: "nora@acme.example"},
	} {
		l.ExpireTime = soon()
		n.Do(t, harness.SignedCall(t, harness.AcmeApp(), l)).Want(t, badRequest, code)
	}
	_, err := harness.AcmeApp().Login(t.Context(), n.URL, signature.Login{UserID: "other-3", DeptCode: "nowhere", ExpireTime: soon()})
	if err == nil {
		t.Error("a person was made in a department that does not exist")
	}
}

// TestAppIDLoginRoles: a token can do what the person's role can, not more.
func TestAppIDLoginRoles(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	list := func(app signature.App, l signature.Login) error {
		t.Helper()
		l.ExpireTime = soon()
		token, err := app.Login(t.Context(), n.URL, l)
		if err != nil {
			t.Fatal(err)
		}
		n.Secret(token.AccessToken, token.RefreshToken)
		_, err = clientWith(t, n, token.AccessToken).BatchSearchAppId(&model.BatchSearchAppIdRequest{})
		return err
	}
	for _, owner := range []error{
		list(harness.AcmeApp(), signature.Login{}), list(harness.SPApp(), signature.Login{CorpID: "acme"}),
	} {
		succeed(t, n, owner)
	}
	for _, other := range []error{
		list(harness.AcmeApp(), signature.Login{UserID: "alice"}), list(harness.SPApp(), signature.Login{}),
		list(harness.SPApp(), signature.Login{CorpID: "acme", UserID: "alice"}),
	} {
		refused(t, other, forbidden, "USG.201020001")
	}
}

// TestAppIDLoginRefusals: whatever is wrong with who signed is one answer.
func TestAppIDLoginRefusals(t *testing.T) {
	n := harness.New(t, harness.Options{}).Start(t)
	signed := func(app signature.App, l signature.Login, change func(*signature.Request)) harness.Call {
		t.Helper()
		if l.ExpireTime == 0 {
			l.ExpireTime = soon()
		}
		request, err := app.Request(l)
		if err != nil {
			t.Fatal(err)
		}
		change(&request)
		return harness.ForgedCall(request)
	}
	as := func(*signature.Request) {}
	alice := signature.Login{UserID: "alice"}
	wrongKey := harness.AcmeApp()
	wrongKey.Key = harness.OtherApp().Key
	unknown := harness.AcmeApp()
	unknown.ID = "030436e5b34d4859a87f667a2d626a82"
	fiveParts := harness.AcmeApp()
	fiveParts.Mode = signature.ServiceProvider
	for _, c := range []struct {
		name   string
		call   harness.Call
		status int
		code   string
	}{
		{"wrong key", signed(wrongKey, alice, as), 401, "USG.206010025"},
		{"unknown App ID", signed(unknown, alice, as), 401, "USG.206010025"},
		{"corpId of an enterprise's app", signed(fiveParts, signature.Login{CorpID: "acme", UserID: "alice"}, as), 401, "USG.206010025"},
		{"provider names no such enterprise", signed(harness.SPApp(), signature.Login{CorpID: "none", UserID: "alice"}, as), 401, "USG.206010025"},
		{"expired", signed(harness.AcmeApp(), signature.Login{UserID: "alice", ExpireTime: soon() - 3600}, as), 401, "USG.206010057"},
		{"access of another App ID", signed(harness.AcmeApp(), alice, func(r *signature.Request) {
			r.Header.Set("Authorization", signature.Authorization(harness.OtherApp().ID, r.Signature))
		}), 401, "USG.206010025"},
		{"no Authorization", signed(harness.AcmeApp(), alice, func(r *signature.Request) { r.Header.Del("Authorization") }), 401, "USG.206010025"},
		{"another X-Token-Type", signed(harness.AcmeApp(), alice, func(r *signature.Request) {
			r.Header.Set("X-Token-Type", "ShortTicket")
		}), 400, "USG.000000003"},
	} {
		t.Run(c.name, func(t *testing.T) { n.Do(t, c.call).Want(t, c.status, c.code) })
	}
}
