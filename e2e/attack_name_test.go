package e2e_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

// ofAcme is a login of the provider's App ID for somebody at acme.
func ofAcme(userID string) signature.Login {
	return signature.Login{CorpID: "acme", UserID: userID, ExpireTime: soon()}
}

// sameFace fails when two answers can be told apart.
func sameFace(t *testing.T, what string, got, want harness.Answer) {
	t.Helper()
	if got, want := faceOf(t, got), faceOf(t, want); got != want {
		t.Errorf("%s: got\n%s\nwant, as for one that exists,\n%s", what, got, want)
	}
}

// unknownNames: who exists cannot be learned at the sign-in (CVE-2024-41952
// and its kin). Lock-out is compared in TestLockout.
func unknownNames(t *testing.T, s stage) {
	known := s.n.Do(t, harness.PasswordCall(harness.Alice, "not-the-password", 72)).Want(t, http.StatusUnauthorized, "USG.206010000")
	for _, name := range []string{
		"nobody@acme.example", "nobody", "+8613899999999", "nobody@nowhere.example", "no body", "a:b", strings.Repeat("n", 255), "名字",
		// Disabled ones are told apart by the right password only.
		harness.Carol,
	} {
		for _, client := range []int{72, 0} {
			sameFace(t, name, s.n.Do(t, harness.PasswordCall(name, "not-the-password", client)), known)
		}
	}
}

// unknownAppIDs: nor which App IDs and organisations there are.
func unknownAppIDs(t *testing.T, s stage) {
	wrong := harness.AcmeApp()
	wrong.Key = harness.OtherApp().Key
	known := s.n.Do(t, harness.SignedCall(t, wrong, person("alice"))).Want(t, http.StatusUnauthorized, "USG.206010025")
	unknown := wrong
	unknown.ID = "030436e5b34d4859a87f667a2d626a80"
	provider := unknown
	provider.Mode = signature.ServiceProvider
	foreign := harness.SPApp()
	foreign.Key = harness.OtherApp().Key
	nowhere := ofAcme("alice")
	nowhere.CorpID = "nowhere"
	for what, call := range map[string]harness.Call{
		"an App ID that is none":          harness.SignedCall(t, unknown, person("alice")),
		"a person who is none":            harness.SignedCall(t, wrong, person("nobody")),
		"a provider's App ID":             harness.SignedCall(t, provider, ofAcme("alice")),
		"a wrong key of the provider":     harness.SignedCall(t, foreign, ofAcme("alice")),
		"an organisation that is none":    harness.SignedCall(t, foreign, nowhere),
		"none, though signed as it ought": harness.SignedCall(t, harness.SPApp(), nowhere),
	} {
		sameFace(t, what, s.n.Do(t, call), known)
	}
}

// unknownAtRecovery: the steps of a forgotten password have the same shape for
// everybody.
func unknownAtRecovery(t *testing.T, s stage) {
	const unknown = "nobody@acme.example"
	shapes := map[string]string{}
	for _, user := range []string{harness.Owner, unknown} {
		var shape strings.Builder
		add := func(a harness.Answer) {
			var body map[string]any
			a.Into(t, &body)
			fmt.Fprintln(&shape, a.Status, a.Code(), slices.Sorted(maps.Keys(body)))
		}
		step := func(method, path string, body map[string]any) {
			body["user"] = user
			add(s.n.Do(t, harness.Call{Method: method, Path: "/v1/usg/acs/" + path, Body: body}))
		}
		step("POST", "auth/slideverifycode/send", map[string]any{"clientType": 0, "checkType": 1})
		proof := s.n.SolveCaptcha(t, user, 1)
		step("POST", "verifycode/send", map[string]any{"token": proof, "sendMethod": "email"})
		step("PUT", "verifycode/check", map[string]any{"code": "not-it"})
		step("POST", "verifycode/send", map[string]any{"token": proof, "sendMethod": "email"})
		shapes[user] = shape.String()
	}
	if shapes[unknown] != shapes[harness.Owner] {
		t.Errorf("an unknown name is answered with\n%s\na known one with\n%s", shapes[unknown], shapes[harness.Owner])
	}
}

// otherwiseWritten: one person has one identity and one counter, however the
// name is typed (CVE-2026-47203).
func otherwiseWritten(t *testing.T, s stage) {
	const wrong = "not-the-password"
	for _, name := range []string{"dave@acme.example", "Dave@Acme.Example", "DAVE@ACME.EXAMPLE", " dave@acme.example ", "ｄave@acme.example"} {
		s.n.Do(t, harness.PasswordCall(name, wrong, 72)).Want(t, http.StatusUnauthorized, "USG.206010000")
	}
	s.n.Do(t, harness.PasswordCall(harness.Dave, harness.Password(harness.Dave), 72)).Want(t, http.StatusLocked, "USG.206030015")
	// Whatever signs in under her name and password is she.
	for _, name := range []string{
		"alice@acme.example\u200b", "ａlice@acme.example", "alice@acme.example\x00", "alice@acme。example", "alice@acme.example.", "alıce@acme.example",
	} {
		var token harness.Token
		if a := s.n.Do(t, harness.PasswordCall(name, harness.Password(harness.Alice), 72)); a.Status == http.StatusOK {
			a.Into(t, &token)
			s.n.Secret(token.AccessToken, token.RefreshToken)
			if token.User.UcloginAccount != harness.Alice {
				t.Errorf("%q signs in as %s", name, token.User.UcloginAccount)
			}
		}
	}
	// Nor can a second person get the name of the first.
	twice := strings.Replace(harness.Manifest(1), "account: oscar@other.example", "account: ALICE@acme.example", 1)
	if r := s.house.Run(t, "apply", "-f", s.house.Write(t, "twice.yaml", twice)); r.Status == 0 {
		t.Errorf("a name was given twice: %s", r.Out)
	}
	alice := enter(t, s.n, "alice")
	for _, userID := range []string{"Alice", " alice", "alice "} {
		a := s.n.Do(t, harness.SignedCall(t, harness.AcmeApp(), person(userID)))
		var token harness.Token
		if json.Unmarshal(a.Body, &token) == nil && a.Status == http.StatusOK {
			s.n.Secret(token.AccessToken, token.RefreshToken)
			if token.User.UserID == alice.User.UserID && userID != "Alice" {
				t.Errorf("the user id %q is alice", userID)
			}
		}
	}
}

// replayedSignatures: one signature, one login, in its time.
func replayedSignatures(t *testing.T, s stage) {
	now := time.Now().Unix()
	call := harness.SignedCall(t, harness.AcmeApp(), person("alice"))
	s.n.Do(t, call).Want(t, http.StatusOK, "")
	for range 3 {
		s.n.Do(t, call).Want(t, http.StatusUnauthorized, "USG.206010025")
	}
	// The nonce is spent, whatever else is signed with it.
	nonce := signature.Nonce()
	for i, want := range []int{http.StatusOK, http.StatusUnauthorized} {
		login := person([]string{"alice", "bob"}[i])
		login.Nonce, login.ExpireTime = nonce, now+600
		s.n.Do(t, harness.SignedCall(t, harness.AcmeApp(), login)).Want(t, want, "")
	}
	// A refused login does not spend it.
	login := person("alice")
	login.Nonce = signature.Nonce()
	wrong := harness.AcmeApp()
	wrong.Key = harness.OtherApp().Key
	s.n.Do(t, harness.SignedCall(t, wrong, login)).Want(t, http.StatusUnauthorized, "")
	s.n.Do(t, harness.SignedCall(t, harness.AcmeApp(), login)).Want(t, http.StatusOK, "")

	for what, c := range map[string]struct {
		expire int64
		status int
		code   string
	}{
		"a second ago":         {now - 1, 401, "USG.206010057"},
		"long ago":             {1, 401, "USG.206010057"},
		"in a minute":          {now + 60, 200, ""},
		"beyond thirty days":   {now + 31*24*3600, 401, "USG.206010025"},
		"in milliseconds":      {now * 1000, 401, "USG.206010025"},
		"negative":             {-now, 400, "USG.000000003"},
		"the largest integer":  {1<<63 - 1, 0, ""},
		"the smallest integer": {-1 << 63, 400, "USG.000000003"},
	} {
		a := s.n.Do(t, signedRaw(c.expire, signature.Nonce()))
		if c.status != 0 && (a.Status != c.status || c.code != "" && a.Code() != c.code) || a.Status >= 500 {
			t.Errorf("%s (%d): got %d %s, want %d %s", what, c.expire, a.Status, a.Body, c.status, c.code)
		}
	}
	for _, nonce := range []string{"", "short", strings.Repeat("n", 31), strings.Repeat("n", 65)} {
		s.n.Do(t, signedRaw(now+60, nonce)).Want(t, http.StatusBadRequest, "USG.000000003")
	}
}

// signedRaw signs what the helper refuses to sign.
func signedRaw(expire int64, nonce string) harness.Call {
	app := harness.AcmeApp()
	text := fmt.Sprintf("%s:alice:%d:%s", app.ID, expire, nonce)
	return harness.Call{
		Method: http.MethodPost, Path: signature.Path, Header: map[string]string{"Authorization": signature.Authorization(app.ID, signature.Sign(app.Key, text))},
		Body: map[string]any{"appId": app.ID, "clientType": 72, "expireTime": expire, "nonce": nonce, "userId": "alice"},
	}
}
