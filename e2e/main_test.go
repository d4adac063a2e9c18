// Package e2e_test tests the whole product: the real binary, on SQLite and on
// PostgreSQL, by what it shows to the outside.
package e2e_test

import (
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
	signature "github.com/orgate/orgate/sdk/go"
)

func TestMain(m *testing.M) { os.Exit(harness.Main(m)) }

// spread is how long a change may take to reach every node.
const spread = time.Second

// soon is when the signatures of tests expire.
func soon() int64 { return time.Now().Add(10 * time.Minute).Unix() }

// person is a login of acme's App ID for somebody.
func person(userID string) signature.Login {
	return signature.Login{UserID: userID, ExpireTime: soon()}
}

// enter signs somebody in through acme's App ID.
func enter(t *testing.T, n *harness.Node, userID string) harness.Token {
	t.Helper()
	var token harness.Token
	n.Do(t, harness.SignedCall(t, harness.AcmeApp(), person(userID))).Want(t, http.StatusOK, "").Into(t, &token)
	n.Secret(token.AccessToken, token.RefreshToken)
	return token
}

// with is the header that carries an access token.
func with(token string) map[string]string { return map[string]string{"X-Access-Token": token} }

// bearer is the header that carries a token of the management API.
func bearer(token string) map[string]string {
	return map[string]string{"Authorization": "Bearer " + token}
}
