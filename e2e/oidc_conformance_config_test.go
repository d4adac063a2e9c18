package e2e_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/e2e/harness"
)

// TestOIDCConformanceConfig is the plan oidcc-config-certification-test-plan.
// The installation of tests speaks http; all addresses have the issuer's scheme.
func TestOIDCConformanceConfig(t *testing.T) {
	p := newParty(t, "")
	t.Run("OIDCCDiscoveryEndpointVerification", func(t *testing.T) {
		a := p.n.Do(t, harness.Call{Path: "/.well-known/openid-configuration"}).Want(t, http.StatusOK, "")
		var d map[string]any
		a.Into(t, &d)
		if got := a.Header.Get("Content-Type"); got != "application/json" || d["issuer"] != p.n.URL {
			t.Errorf("got %s, issuer %v", got, d["issuer"])
		}
		for _, name := range []string{
			"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint", "introspection_endpoint", "revocation_endpoint",
		} {
			if address, _ := d[name].(string); !strings.HasPrefix(address, p.n.URL+"/") {
				t.Errorf("%s: got %v", name, d[name])
			}
		}
		for name, want := range map[string]string{
			"response_types_supported": "code", "subject_types_supported": "public", "id_token_signing_alg_values_supported": "RS256",
			"scopes_supported": "openid", "claims_supported": "sub", "grant_types_supported": "authorization_code",
			"code_challenge_methods_supported": "S256", "token_endpoint_auth_methods_supported": "client_secret_basic",
		} {
			if list, _ := d[name].([]any); !slices.Contains(list, any(want)) {
				t.Errorf("%s: got %v, want %s in it", name, d[name], want)
			}
		}
		for name, want := range map[string]bool{
			"claims_parameter_supported": true, "request_parameter_supported": false, "request_uri_parameter_supported": false,
		} {
			if d[name] != want {
				t.Errorf("%s: got %v, want %v", name, d[name], want)
			}
		}
		keySet(t, p)
	})
}

// keySet checks the keys: distinct names, and nothing private.
func keySet(t *testing.T, p party) {
	t.Helper()
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	a := p.n.Do(t, harness.Call{Path: "/oauth2/jwks"}).Want(t, http.StatusOK, "")
	if err := json.Unmarshal(a.Body, &set); err != nil || len(set.Keys) == 0 {
		t.Fatalf("key set: got %s, %v", a.Body, err)
	}
	seen := map[any]bool{}
	for _, key := range set.Keys {
		if key["kid"] == nil || seen[key["kid"]] || key["kty"] != "RSA" && key["kty"] != "EC" {
			t.Errorf("key: got %v", key)
		}
		seen[key["kid"]] = true
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "k"} {
			if key[private] != nil {
				t.Errorf("a private part is published: %s", private)
			}
		}
	}
}
