package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

// told is how long a story may take to be found: it is kept in batches.
const told = 10 * time.Second

// story returns what `orgate trace` says about a request, once it says a word.
func story(t *testing.T, house *harness.Installation, requestID, word string) (text string) {
	t.Helper()
	harness.Until(t, told, "a story of "+requestID+" with "+word, func() bool {
		text = house.Run(t, "trace", requestID).Out
		return strings.Contains(text, word)
	})
	return text
}

// apiToken makes a token of the management API, of an organisation or, with
// "", of the whole installation.
func apiToken(t *testing.T, house *harness.Installation, organization string) string {
	t.Helper()
	args := []string{"admin", "token", "create", "--name", "test-" + organization}
	if organization != "" {
		args = append(args, "--organization", organization)
	}
	word, _, _ := strings.Cut(house.Run(t, args...).Want(t, 0).Out, "\n")
	house.Secret(word)
	return word
}

// TestTraceOfARefusal: the answer to a refused login says nothing, the story
// behind its request id says what was wrong and how to mend it, to whoever may
// know.
func TestTraceOfARefusal(t *testing.T) {
	onEach(t, func(t *testing.T, o harness.Options) {
		house := harness.New(t, o)
		n := house.Start(t)
		login := person("alice")
		login.Nonce = signature.Nonce()
		request, err := harness.AcmeApp().Request(login)
		if err != nil {
			t.Fatal(err)
		}
		// Signed as a service provider would: five parts instead of four.
		forged := harness.AcmeApp()
		forged.Mode = signature.ServiceProvider
		text := forged.ID + "::alice:" + strings.SplitN(request.Text, ":", 3)[2]
		request.Header.Set("Authorization", signature.AuthorizationWithoutAccess(signature.Sign(forged.Key, text)))
		id := n.Do(t, harness.ForgedCall(request)).Want(t, http.StatusUnauthorized, "USG.206010025").RequestID()

		got := story(t, house, id, "FAIL")
		for _, word := range []string{id, "alice", "Signature"} {
			if !strings.Contains(strings.ToLower(got), strings.ToLower(word)) {
				t.Errorf("the story lacks %q:\n%s", word, got)
			}
		}
		if strings.Contains(got, request.Signature) {
			t.Errorf("the story shows the right signature:\n%s", got)
		}
		if chinese := house.Run(t, "trace", "--language", "zh-CN", id).Want(t, 0).Out; chinese == got {
			t.Errorf("the Chinese story is the English one:\n%s", chinese)
		}

		path := "/api/v1/traces/" + id
		n.Do(t, harness.Call{Path: path}).Want(t, http.StatusUnauthorized, "")
		for _, organization := range []string{"", "acme"} {
			a := n.Do(t, harness.Call{Path: path, Header: bearer(apiToken(t, house, organization))}).Want(t, http.StatusOK, "")
			if !strings.Contains(string(a.Body), id) {
				t.Errorf("the story for %q lacks its request id: %s", organization, a.Body)
			}
		}
		foreign := n.Do(t, harness.Call{Path: path, Header: bearer(apiToken(t, house, "other"))}).Want(t, http.StatusNotFound, "")
		if strings.Contains(string(foreign.Body), "alice") {
			t.Errorf("another organisation learns of the story: %s", foreign.Body)
		}
	})
}

// TestTraceOfAWrongPassword finds a sign-in by password the same way.
func TestTraceOfAWrongPassword(t *testing.T) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	a := n.Do(t, harness.PasswordCall(harness.Alice, "not-the-password", 72)).Want(t, http.StatusUnauthorized, "USG.206010000")
	got := story(t, house, a.RequestID(), "FAIL")
	if strings.Contains(got, "not-the-password") {
		t.Errorf("the story shows the password:\n%s", got)
	}
	house.Run(t, "trace", "00000000000000000000000000000000").Want(t, 1)
}
