package meeting

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

const (
	changePath     = "/v1/usg/acs/password"
	adminResetPath = "/v1/usg/acs/password/admin/reset"
)

// change changes a password with the token of the account.
func (h *lost) change(word, account, old, password string) *httptest.ResponseRecorder {
	return h.request("PUT", changePath, fmt.Sprintf(`{"account":%q,"oldPwd":%q,"newPwd":%q}`, account, old, password), "X-Access-Token: "+word)
}

func TestChangePassword(t *testing.T) {
	h := newLost(t)
	const user = "carl@acme.example"
	word := h.login(user).AccessToken
	h.clock.Advance(5 * time.Minute)
	for name, row := range map[string]struct {
		account, old, password string
		status                 int
		code                   string
	}{
		"wrong old":            {user, "nonsense-1", recovered, 400, "USG.206030006"},
		"empty new":            {user, password, "", 400, "USG.206030007"},
		"short":                {user, password, "Short-7", 400, "USG.206030007"},
		"long":                 {user, password, strings.Repeat("Ab3-", 9), 400, "USG.206030007"},
		"very long":            {user, password, strings.Repeat("Ab3-", 100), 400, "USG.206030007"},
		"one class":            {user, password, "onlylowercase", 400, "USG.206030008"},
		"the same":             {user, password, password, 400, "USG.206030009"},
		"repeats":              {user, password, "Horse-aaaa-9", 400, "USG.206030010"},
		"the account":          {user, password, "x9-CARL@acme.example", 400, "USG.206030012"},
		"the account reversed": {user, password, "x9-lrac-longer", 400, "USG.206030012"},
		"one letter":           {user, password, "correct-horse-8", 400, "USG.206030013"},
		"illegal":              {user, password, "Pässword-9", 400, "USG.206030014"},
		"a blank":              {user, password, "Horse blank-9", 400, "USG.206030014"},
		"of somebody else":     {"ben@acme.example", password, recovered, 403, "USG.201020001"},
		"of nobody":            {"zoe@acme.example", password, recovered, 403, "USG.201020001"},
		"no account":           {"", password, recovered, 400, "USG.000000003"},
		"no old":               {user, "", recovered, 400, "USG.000000003"},
	} {
		t.Run(name, func(t *testing.T) {
			refused(t, h.change(word, row.account, row.old, row.password), row.status, row.code)
		})
	}
	for _, body := range []string{
		`{}`, `{"account":"carl@acme.example","oldPwd":"a"}`, `{"account":"carl@acme.example","oldPwd":1,"newPwd":"a"}`,
		`{"account":"carl@acme.example","oldPwd":"a","newPwd":"b","newPwd":"c"}`,
	} {
		refused(t, h.request("PUT", changePath, body, "X-Access-Token: "+word), 400, "USG.000000003")
	}
	if w := h.change(word, user, password, recovered); w.Code != 200 || w.Body.Len() != 0 {
		t.Fatalf("got %d %s, want an empty answer", w.Code, w.Body)
	}
	refused(t, h.change(word, user, recovered, password), 401, "USG.206020000")
	refused(t, h.signIn(user, password), 401, "USG.206010000")
	again := h.answer(h.signIn(user, recovered)).AccessToken
	refused(t, h.change(again, user, recovered, "Third-horse-10"), 400, "USG.206030011")
	h.clock.Advance(5 * time.Minute)
	refused(t, h.change(again, "+8613800000001", recovered, password), 400, "USG.206030009")
	h.answer(h.change(again, "Carl@Mail.example", recovered, "Third-horse-10"))
}

// Wrong old passwords lock like failed logins, and with them.
func TestChangePasswordLocks(t *testing.T) {
	eachLost(t, func(t *testing.T, h *lost) {
		const user = "carl@acme.example"
		word := h.login(user).AccessToken
		h.clock.Advance(5 * time.Minute)
		got := inParallel(20, func(int) *httptest.ResponseRecorder { return h.change(word, user, "nonsense-1", recovered) })
		if got["400 USG.206030006"] != 5 || got["423 USG.206030015"] != 15 {
			t.Errorf("20 wrong old passwords: got %v, want 5 looked at", got)
		}
		w := h.change(word, user, password, recovered)
		refused(t, w, 423, "USG.206030015")
		if w.Header().Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
		refused(t, h.signIn(user, password), 423, "USG.206030015")
		h.clock.Advance(5*time.Minute + time.Second)
		h.answer(h.change(word, user, password, recovered))
	})
}

// An administrator of the provider has a password too.
func TestChangePasswordOfTheProvider(t *testing.T) {
	h := newLost(t)
	word := h.login("root@seller.example").AccessToken
	h.clock.Advance(5 * time.Minute)
	refused(t, h.change(word, "carl@acme.example", password, recovered), 403, "USG.201020001")
	h.answer(h.change(word, "root@seller.example", password, recovered))
	h.answer(h.signIn("root@seller.example", recovered))
}

// Whoever came in by an App ID alone has none to change.
func TestChangePasswordWithoutOne(t *testing.T) {
	h := newLost(t)
	dora := acmeCall(h.house)
	dora.user, dora.extra = "dora", `,"userName":"Dora","deptCode":"1"`
	in := h.answer(dora.send(h.house))
	refused(t, h.change(in.AccessToken, in.User.UcloginAccount, password, recovered), 400, "USG.206030005")
}

func TestResetPasswordByAdmin(t *testing.T) {
	h := newLost(t, bothChannels...)
	own := false
	for _, n := range []directory.NewMember{
		{Account: "eve@acme.example", Name: "Eve", Password: password, MustChange: &own, Role: identity.RoleAdministrator, Email: "eve@mail.example"},
		{Account: "fay@acme.example", Name: "Fay", Password: password, MustChange: &own, Mobile: "+8613800000006"},
		{Account: "gil@acme.example", Name: "Gil", Password: password, MustChange: &own},
	} {
		must[directory.Added](t)(h.o.Directory.AddMember(t.Context(), console(), h.acme.ID, n))
	}
	other := must[identity.Organization](t)(h.o.Directory.AddOrganization(t.Context(), console(), directory.NewOrganization{
		Code: "other", Name: "Other", Owner: &directory.NewMember{Account: "olga@other.example", Name: "Olga", Password: password, Email: "olga@mail.example"},
	}))
	if other.ID == h.acme.ID {
		t.Fatal("two organisations are one")
	}
	h.post()
	before := h.login("carl@acme.example").AccessToken
	words := map[string]string{}
	for _, who := range []string{"anna@acme.example", "ben@acme.example", "carl@acme.example", "root@seller.example"} {
		words[who] = h.login(who).AccessToken
	}
	reset := func(who, account string) *httptest.ResponseRecorder {
		return h.request("PUT", adminResetPath, fmt.Sprintf(`{"account":%q}`, account), "X-Access-Token: "+words[who])
	}
	for name, row := range map[string]struct {
		who, account string
		status       int
		code         string
	}{
		"unknown":                 {"ben@acme.example", "zoe@acme.example", 400, "USG.206030000"},
		"of another organisation": {"anna@acme.example", "olga@other.example", 400, "USG.206030000"},
		"of the provider":         {"anna@acme.example", "root@seller.example", 400, "USG.206030000"},
		"no contact":              {"ben@acme.example", "gil@acme.example", 400, "USG.206030003"},
		"the owner":               {"ben@acme.example", "anna@acme.example", 403, "USG.206030016"},
		"another administrator":   {"ben@acme.example", "eve@acme.example", 403, "USG.206030016"},
		"by a member":             {"carl@acme.example", "fay@acme.example", 403, "USG.206030016"},
		"by the provider":         {"root@seller.example", "fay@acme.example", 403, "USG.206030016"},
		"no account":              {"ben@acme.example", "", 400, "USG.000000003"},
	} {
		t.Run(name, func(t *testing.T) { refused(t, reset(row.who, row.account), row.status, row.code) })
	}
	if left := h.post(); len(left) != 0 {
		t.Fatalf("post: %+v, want nothing", left)
	}
	for _, row := range []struct {
		who, account, target string
		by                   identity.Channel
	}{
		{"ben@acme.example", "carl@acme.example", "carl@mail.example", identity.ByMail},
		{"ben@acme.example", "Fay@acme.example", "+8613800000006", identity.BySMS},
		{"anna@acme.example", "eve@acme.example", "eve@mail.example", identity.ByMail},
	} {
		if w := reset(row.who, row.account); w.Code != 200 || w.Body.Len() != 0 {
			t.Fatalf("%s: got %d %s, want an empty answer", row.account, w.Code, w.Body)
		}
		sent := h.post()
		if len(sent) != 1 || sent[0].Channel != row.by || sent[0].Target != row.target || sent[0].Template != "password_reset" {
			t.Fatalf("%s: post %+v", row.account, sent)
		}
		refused(t, h.signIn(row.account, password), 401, "USG.206010000")
		if a := h.answer(h.signIn(row.account, sent[0].Params["password"])); !a.FirstLogin {
			t.Errorf("%s: firstLogin = false", row.account)
		}
	}
	refused(t, h.request("DELETE", "/v1/usg/acs/token", "", "X-Access-Token: "+before), 401, "USG.206020000")
}
