package e2e_test

import (
	"net/http"
	"strings"
	"testing"
	"unicode"

	"github.com/orgate/orgate/e2e/harness"
)

// changedTokens: a token is accepted as it was issued, in no other form
// (CVE-2026-27840).
func changedTokens(t *testing.T, s stage) {
	token := enter(t, s.n, "alice")
	for _, word := range []string{token.AccessToken, token.RefreshToken} {
		for _, changed := range disfigured(word) {
			if changed != "" {
				s.n.Validate(t, changed).Want(t, http.StatusUnauthorized, "USG.000000004")
			}
			if a := s.n.Use(t, changed); a.Status != http.StatusUnauthorized {
				t.Errorf("%q for %q: got %d", changed, word, a.Status)
			}
			refresh := s.n.Do(t, harness.Call{Method: http.MethodPut, Path: "/v1/usg/acs/token", Header: with(changed)})
			if refresh.Status != http.StatusUnauthorized {
				t.Errorf("refreshed %q for %q: got %d", changed, word, refresh.Status)
			}
		}
	}
	// A refresh token is no access token.
	s.n.Use(t, token.RefreshToken).Want(t, http.StatusUnauthorized, "USG.206020000")
	s.n.Validate(t, token.RefreshToken).Want(t, http.StatusUnauthorized, "USG.000000004")
	s.n.Use(t, token.AccessToken).Want(t, http.StatusOK, "")
}

func disfigured(word string) []string {
	var changed []string
	for drop := 1; drop <= len(word); drop += 1 + drop/4 {
		changed = append(changed, word[:len(word)-drop])
	}
	flip := strings.Map(func(r rune) rune {
		if unicode.IsUpper(r) {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, word)
	return append(changed, word[1:], word+"0", word+word, flip, strings.ToUpper(word), word+"=", word+"%00")
}

// recycledIdentifiers: whoever gets a name that somebody had before gets
// nothing that belonged to them (CVE-2026-55670).
func recycledIdentifiers(t *testing.T, _ stage) {
	house := harness.New(t, harness.Options{})
	n := house.Start(t)
	manifest := harness.Manifest(house.Mail.Port())
	alice, oscar := n.SignIn(t, harness.Alice), n.SignIn(t, harness.Oscar)
	carried := enter(t, n, "alice")

	house.Run(t, "apply", "--prune", "-f", house.Write(t, "cut.yaml", remnant)).Want(t, 0)
	for _, token := range []harness.Token{alice, oscar, carried} {
		harness.Until(t, spread, "tokens end with who held them", func() bool {
			return n.Validate(t, token.AccessToken).Status == http.StatusUnauthorized
		})
	}
	house.Apply(t, manifest)
	for _, token := range []harness.Token{alice, oscar, carried} {
		n.Validate(t, token.AccessToken).Want(t, http.StatusUnauthorized, "USG.000000004")
		refresh := n.Do(t, harness.Call{Method: http.MethodPut, Path: "/v1/usg/acs/token", Header: with(token.RefreshToken)})
		refresh.Want(t, http.StatusUnauthorized, "USG.206020000")
	}
	if again := n.SignIn(t, harness.Alice); again.User.UserID == alice.User.UserID {
		t.Errorf("the member %s came back", again.User.UserID)
	}
	if again := n.SignIn(t, harness.Oscar); again.User.CompanyID == oscar.User.CompanyID || again.User.UserID == oscar.User.UserID {
		t.Errorf("the organisation %s came back", again.User.CompanyID)
	}
}

// remnant is what is left when an organisation, the members of another and its
// App IDs are removed.
const remnant = `version: 1
organizations:
  - code: acme
    name: Acme Ltd
    domain: acme.example
    members:
      - {account: owner@acme.example, name: Olivia Owner, role: owner}
    app_ids: []
`

// switchedOffCreation: where people may not be made, none is made
// (CVE-2023-46249 and its kin).
func switchedOffCreation(t *testing.T, _ stage) {
	house := harness.New(t, harness.Options{Empty: true})
	manifest := harness.Manifest(house.Mail.Port())
	house.Apply(t, strings.Replace(manifest, "    domain: acme.example\n", "    domain: acme.example\n    auto_create_members: false\n", 1))
	n := house.Start(t)
	for _, call := range []harness.Call{
		harness.SignedCall(t, harness.AcmeApp(), person("stranger")),
		harness.SignedCall(t, harness.SPApp(), ofAcme("stranger")),
	} {
		n.Do(t, call).Want(t, http.StatusForbidden, "USG.206010030")
	}
	enter(t, n, "alice")
	if export := house.Run(t, "export").Want(t, 0).Out; strings.Contains(export, "stranger") {
		t.Errorf("a refused login left a member behind:\n%s", export)
	}
}
