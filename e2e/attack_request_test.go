package e2e_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

// addressSeen is the address that the product takes a caller to have.
func addressSeen(t *testing.T, n *harness.Node, header map[string]string) string {
	t.Helper()
	call := harness.SignedCall(t, harness.AcmeApp(), person("alice"))
	for name, value := range header {
		call.Header[name] = value
	}
	var token struct{ AccessToken, RefreshToken, TokenIP string }
	n.Do(t, call).Want(t, http.StatusOK, "").Into(t, &token)
	n.Secret(token.AccessToken, token.RefreshToken)
	return token.TokenIP
}

// nonsenseForwarding: a header that cannot be read skips nothing
// (CVE-2024-47070).
func nonsenseForwarding(t *testing.T, s stage) {
	for _, value := range []string{
		"a", "", strings.Repeat("1", 10_000), "fe80::1%eth0", strings.Repeat("203.0.113.9, ", 100) + "203.0.113.9", ",,,", "127.0.0.1:99999", "for=\"",
	} {
		for _, name := range []string{"X-Forwarded-For", "Forwarded"} {
			call := harness.PasswordCall(harness.Oscar, "not-the-password", 72)
			call.Header[name] = value
			if a := s.n.Do(t, call); a.Status != http.StatusUnauthorized && a.Status != http.StatusLocked {
				t.Errorf("%s: %.40q: got %d for a wrong password", name, value, a.Status)
			}
			if got := addressSeen(t, s.n, map[string]string{name: value}); got != "127.0.0.1" {
				t.Errorf("%s: %.40q: got address %q", name, value, got)
			}
		}
	}
}

// strangersForwarding: whoever is no proxy of ours cannot choose an address
// (CVE-2024-47070, CVE-2026-40575).
func strangersForwarding(t *testing.T, s stage) {
	for _, name := range []string{
		"X-Forwarded-For", "X_Forwarded_For", "X-Real-Ip", "True-Client-Ip", "Cf-Connecting-Ip", "X-Client-Ip", "X-Forwarded-Host", "X-Original-Url",
	} {
		if got := addressSeen(t, s.n, map[string]string{name: "203.0.113.9"}); got != "127.0.0.1" {
			t.Errorf("%s of a stranger: got address %q", name, got)
		}
	}
	if got := addressSeen(t, s.n, map[string]string{"Forwarded": "for=203.0.113.9"}); got != "127.0.0.1" {
		t.Errorf("Forwarded of a stranger: got address %q", got)
	}
}

// proxysForwarding: of what a proxy forwards the last hop counts that is no
// proxy itself.
func proxysForwarding(t *testing.T, s stage) {
	n := s.house.Start(t, "ORGATE_TRUSTED_PROXIES=127.0.0.0/8,198.51.100.0/24")
	for _, c := range []struct{ name, value, want string }{
		{"X-Forwarded-For", "203.0.113.9", "203.0.113.9"},
		{"X-Forwarded-For", "192.0.2.1, 203.0.113.9", "203.0.113.9"},
		{"X-Forwarded-For", "192.0.2.1, 203.0.113.9, 198.51.100.7", "203.0.113.9"},
		{"X-Forwarded-For", "203.0.113.9, 127.0.0.1", "203.0.113.9"},
		{"X_Forwarded_For", "203.0.113.9", "127.0.0.1"},
		{"X-Real-Ip", "203.0.113.9", "127.0.0.1"},
		{"Forwarded", "for=192.0.2.1, for=203.0.113.9", "203.0.113.9"},
		{"Forwarded", `for="[2001:db8::9]:4711"`, "2001:db8::9"},
	} {
		if got := addressSeen(t, n, map[string]string{c.name: c.value}); got != c.want {
			t.Errorf("%s: %s: got address %q, want %q", c.name, c.value, got, c.want)
		}
	}
	n.Stop(t)
}

// twistedSteps: a step that is empty, of another shape, without the one before
// it or done twice leads nowhere (CVE-2026-49448).
func twistedSteps(t *testing.T, s stage) {
	steps := map[string]string{
		"/v1/usg/acs/auth/account": "POST", "/v2/usg/acs/auth/appauth": "POST", "/v1/usg/acs/token/validate": "POST",
		"/v1/usg/acs/auth/slideverifycode/send": "POST", "/v1/usg/acs/auth/slideverifycode/check": "PUT",
		"/v1/usg/acs/verifycode/send": "POST", "/v1/usg/acs/verifycode/check": "PUT", "/v1/usg/acs/password/reset": "PUT",
	}
	bodies := []any{
		nil, "", "null", "[]", `"alice"`, "{", "{}", `{"user":null}`, `{"user":["alice"],"account":{},"appId":7,"token":true}`,
		`{"user":"alice@acme.example","token":"","code":"","newPwd":"Turquoise9moor","account":"","clientType":"72"}`,
		`{"user":"alice@acme.example","user":"bob@acme.example","token":"a","token":"b","clientType":72,"account":"a","account":"b"}`,
		"\xff\xfe{}", strings.Repeat("[", 100_000),
	}
	for path, method := range steps {
		for _, body := range bodies {
			a := s.n.Do(t, harness.Call{Method: method, Path: path, Body: body})
			if a.Status < 400 || a.Status >= 500 || a.Code() == "" {
				t.Errorf("%s %s with %.60q: got %d %s", method, path, body, a.Status, a.Body)
			}
		}
	}
	outOfOrder(t, s.n)
}

// outOfOrder skips steps of a forgotten password and repeats them.
func outOfOrder(t *testing.T, n *harness.Node) {
	t.Helper()
	send := func(token string) harness.Answer {
		return n.Do(t, harness.Call{Path: "/v1/usg/acs/verifycode/send", Body: map[string]any{"user": harness.Admin, "token": token, "sendMethod": "email"}})
	}
	set := func(token string) harness.Answer {
		return n.Do(t, harness.Call{
			Method: http.MethodPut, Path: "/v1/usg/acs/password/reset", Header: with(token),
			Body: map[string]any{"user": harness.Admin, "newPwd": "Turquoise9moor"},
		})
	}
	solved := n.SolveCaptcha(t, harness.Admin, 1)
	set(solved).Want(t, http.StatusUnauthorized, "USG.206020000")
	n.Do(t, checkCall(harness.Admin, "123456")).Want(t, http.StatusBadRequest, "USG.206030001")
	send(n.SolveCaptcha(t, harness.Admin, 0)).Want(t, http.StatusBadRequest, "USG.206060010") // solved for a sign-in
	send(solved).Want(t, http.StatusOK, "")
	send(solved).Want(t, http.StatusBadRequest, "USG.206060010")
	set(n.SignIn(t, harness.Admin).AccessToken).Want(t, http.StatusUnauthorized, "USG.206020000")
}

// rightSignatures: whoever signed wrongly never learns the right signature
// (CVE-2021-4294).
func rightSignatures(t *testing.T, s stage) {
	request, err := harness.AcmeApp().Request(person("alice"))
	if err != nil {
		t.Fatal(err)
	}
	right := request.Signature
	request.Header.Set("Authorization", signature.Authorization(harness.AcmeApp().ID, strings.Repeat("0", 64)))
	a := s.n.Do(t, harness.ForgedCall(request)).Want(t, http.StatusUnauthorized, "USG.206010025")
	told := map[string]string{"the answer": string(a.Body), "the story": story(t, s.house, a.RequestID(), "FAIL"), "the log": s.n.Log(t)}
	for name := range a.Header {
		told["the header "+name] = a.Header.Get(name)
	}
	// Not even beside a signature that does not belong to the key.
	fields := strings.Split(request.Text, ":")
	explained := s.house.Run(t, "sign", "--app-id", harness.AcmeApp().ID, "--app-key", "env:E2E_ACME_KEY", "--user-id", "alice",
		"--expire", fields[2], "--nonce", fields[3], "--explain", strings.Repeat("0", 64)).Want(t, 1)
	told["orgate sign --explain"] = explained.Out + explained.Err
	for where, text := range told {
		if strings.Contains(strings.ToLower(text), right) {
			t.Errorf("%s shows the right signature:\n%s", where, text)
		}
	}
}

// secretsInLog: the log was written to by all that came before, and shows
// nothing that would let its reader in (CVE-2024-39683 and its kin). The same
// search follows every test that uses the harness.
func secretsInLog(t *testing.T, s stage) {
	a := s.n.Do(t, harness.PasswordCall(harness.Alice, "not-the-password-either", 72)).Want(t, http.StatusUnauthorized, "")
	token := enter(t, s.n, "alice")
	log := s.n.Log(t)
	if !strings.Contains(log, a.RequestID()) {
		t.Error("the log lacks a request: nothing can be learned from searching it")
	}
	for _, secret := range []string{
		"not-the-password", token.AccessToken, token.RefreshToken, string(harness.AcmeApp().Key), harness.Password(harness.Alice), "HMAC-SHA256 ", "Basic ", "$argon2",
	} {
		if strings.Contains(log, secret) {
			t.Errorf("the log shows %q", secret)
		}
	}
}
