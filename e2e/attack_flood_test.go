package e2e_test

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// guesses is how many guesses may be looked at before a lock.
const guesses = 5

// flood sends calls in parallel and counts the answers by code; "" is success.
func flood(t *testing.T, n *harness.Node, calls []harness.Call) map[string]int {
	t.Helper()
	var mu sync.Mutex
	counts := map[string]int{}
	var senders sync.WaitGroup
	next := make(chan harness.Call)
	for range 32 {
		senders.Go(func() {
			for call := range next {
				a, err := n.Try(t.Context(), call)
				code := a.Code()
				if err != nil {
					code = err.Error()
				}
				mu.Lock()
				counts[code]++
				mu.Unlock()
			}
		})
	}
	for _, call := range calls {
		next <- call
	}
	close(next)
	senders.Wait()
	return counts
}

func checkCall(user, code string) harness.Call {
	return harness.Call{Method: http.MethodPut, Path: "/v1/usg/acs/verifycode/check", Body: map[string]any{"user": user, "code": code}}
}

var sixDigits = regexp.MustCompile(`\b\d{6}\b`)

// parallelCodes: of a thousand guesses at once no more are looked at than of a
// thousand one after the other (CVE-2025-64102).
func parallelCodes(t *testing.T, _ stage) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	proof := n.SolveCaptcha(t, harness.Alice, 1)
	n.Do(t, harness.Call{
		Path: "/v1/usg/acs/verifycode/send", Body: map[string]any{"user": harness.Alice, "token": proof, "sendMethod": "email"},
	}).Want(t, http.StatusOK, "")
	code := sixDigits.FindString(house.Mail.Take(t, harness.Alice).Text)
	var calls []harness.Call
	for i := range 1000 {
		if guess := fmt.Sprintf("%06d", i); guess != code {
			calls = append(calls, checkCall(harness.Alice, guess))
		}
	}
	counts := flood(t, n, calls)
	if counts["USG.206030002"] > guesses || counts[""] > 0 {
		t.Errorf("got %v, want at most %d guesses looked at", counts, guesses)
	}
	harness.Until(t, told, "the flood is over for us", func() bool {
		return n.Do(t, checkCall(harness.Alice, code)).Status != http.StatusTooManyRequests
	})
	if a := n.Do(t, checkCall(harness.Alice, code)); a.Status == http.StatusOK {
		t.Errorf("the right code is taken after %v", counts)
	}
}

// parallelPasswords: nor of passwords.
func parallelPasswords(t *testing.T, _ stage) {
	n := harness.New(t, harness.Options{}).Start(t)
	var calls []harness.Call
	for i := range 100 {
		calls = append(calls, harness.PasswordCall(harness.Alice, fmt.Sprintf("guess-number-%d", i), 72))
	}
	// One of them is right, and comes last.
	calls = append(calls, harness.PasswordCall(harness.Alice, harness.Password(harness.Alice), 72))
	counts := flood(t, n, calls)
	if counts["USG.206010000"] > guesses || counts[""] > 0 {
		t.Errorf("got %v, want at most %d guesses told wrong and none right", counts, guesses)
	}
	n.Do(t, harness.PasswordCall(harness.Alice, harness.Password(harness.Alice), 72)).Want(t, http.StatusLocked, "USG.206030015")
}

// lockedElsewhere: a locked account is locked wherever its password counts
// (CVE-2026-9798).
func lockedElsewhere(t *testing.T, s stage) {
	for range guesses {
		s.n.Do(t, harness.PasswordCall(harness.Bob, "not-the-password", 72)).Want(t, http.StatusUnauthorized, "USG.206010000")
	}
	right := harness.Password(harness.Bob)
	for _, name := range []string{harness.Bob, "BOB@acme.example", harness.BobMobile} {
		for _, client := range []int{72, 0, 5, 6} {
			s.n.Do(t, harness.PasswordCall(name, right, client)).Want(t, http.StatusLocked, "USG.206030015")
		}
	}
	alias := harness.PasswordCall(harness.Bob, right, 72)
	alias.Path = "/v2/usg/acs/auth/account?ts=1604020600000"
	s.n.Do(t, alias).Want(t, http.StatusLocked, "USG.206030015")
	verify := harness.PasswordCall(harness.Bob, right, 72)
	verify.Body = map[string]any{"account": harness.Bob, "clientType": 72, "createTokenType": 1}
	s.n.Do(t, verify).Want(t, http.StatusLocked, "USG.206030015")
}

// disabledEverywhere: whoever is disabled is let in by nobody, whatever they
// hold (CVE-2025-53942).
func disabledEverywhere(t *testing.T, _ stage) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	held := enter(t, n, "alice")
	disabled := strings.Replace(harness.Manifest(house.Mail.Port()), "third_account: alice}", "third_account: alice, status: disabled}", 1)
	house.Apply(t, disabled)
	harness.Until(t, spread, "the token of a disabled member is refused", func() bool {
		return n.Validate(t, held.AccessToken).Status == http.StatusUnauthorized
	})
	n.Use(t, held.AccessToken).Want(t, http.StatusUnauthorized, "USG.206020000")
	for _, word := range []string{held.AccessToken, held.RefreshToken} {
		n.Do(t, harness.Call{Method: http.MethodPut, Path: "/v1/usg/acs/token", Header: with(word)}).
			Want(t, http.StatusUnauthorized, "USG.206020000")
		n.Do(t, harness.Call{Path: "/v1/usg/acs/token/validate", Body: map[string]any{"token": word, "needGenNewToken": true}}).
			Want(t, http.StatusUnauthorized, "USG.000000004")
	}
	for _, client := range []int{72, 0, 5, 6} {
		n.Do(t, harness.PasswordCall(harness.Alice, harness.Password(harness.Alice), client)).Want(t, http.StatusPreconditionFailed, "USG.206010007")
	}
	for _, call := range []harness.Call{
		harness.SignedCall(t, harness.AcmeApp(), person("alice")), harness.SignedCall(t, harness.SPApp(), ofAcme("alice")),
	} {
		n.Do(t, call).Want(t, http.StatusPreconditionFailed, "USG.206010007")
	}
	if mails := house.Mail.Count(harness.Alice); mails != 0 {
		t.Errorf("got %d mails to a disabled member", mails)
	}
}
