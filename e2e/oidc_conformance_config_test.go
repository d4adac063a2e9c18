package e2e_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/e2e/harness"
)

var configPlan = []module{{"OIDCCDiscoveryEndpointVerification", discoveryVerification}}

// metadataNames are the fields that may stand in a discovery document: those of
// OpenID Connect Discovery 1.0, 3, RFC 8414, 2, and what else of IANA's registry
// is served here.
var metadataNames = strings.Fields(`issuer authorization_endpoint token_endpoint userinfo_endpoint jwks_uri registration_endpoint scopes_supported
	response_types_supported response_modes_supported grant_types_supported acr_values_supported subject_types_supported
	id_token_signing_alg_values_supported token_endpoint_auth_methods_supported display_values_supported claim_types_supported claims_supported
	service_documentation ui_locales_supported claims_locales_supported claims_parameter_supported request_parameter_supported
	request_uri_parameter_supported require_request_uri_registration op_policy_uri op_tos_uri introspection_endpoint
	introspection_endpoint_auth_methods_supported revocation_endpoint revocation_endpoint_auth_methods_supported code_challenge_methods_supported
	authorization_response_iss_parameter_supported prompt_values_supported end_session_endpoint backchannel_logout_supported
	backchannel_logout_session_supported`)

var (
	canonicalTag = regexp.MustCompile(`^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$`) // RFC 5646, 2.1.1
	scopeToken   = regexp.MustCompile(`^[\x21\x23-\x5B\x5D-\x7E]+$`)               // RFC 6749, 3.3
)

func discoveryVerification(t *testing.T, p party) {
	d := p.discovery(t)
	if d["issuer"] != p.n.URL || !strings.HasPrefix(p.n.URL, "https://") {
		t.Errorf("issuer: got %v at %s", d["issuer"], p.n.URL)
	}
	for _, name := range []string{"authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"} {
		if d[name] == nil {
			t.Errorf("%s is missing", name)
		}
	}
	for name, value := range d {
		if !slices.Contains(metadataNames, name) {
			t.Errorf("%s is no field that anybody knows", name)
		}
		checkField(t, p, name, value)
	}
	for name, want := range map[string][]string{
		"response_types_supported": {"code"}, "subject_types_supported": {"public"}, "id_token_signing_alg_values_supported": {"RS256"},
		"scopes_supported": {"openid", "profile", "email", "phone"}, "claims_supported": {"sub", "name", "email"},
		"grant_types_supported": {"authorization_code", "refresh_token"}, "code_challenge_methods_supported": {"S256"},
		"token_endpoint_auth_methods_supported": {"client_secret_basic", "client_secret_post"}, "response_modes_supported": {"query"},
	} {
		for _, word := range want {
			if !slices.Contains(texts(d[name]), word) {
				t.Errorf("%s: got %v, want %s in it", name, d[name], word)
			}
		}
	}
	for _, tag := range texts(d["ui_locales_supported"]) {
		if !canonicalTag.MatchString(tag) {
			t.Errorf("ui_locales_supported: %s is not in canonical case", tag)
		}
	}
	for _, scope := range texts(d["scopes_supported"]) {
		if !scopeToken.MatchString(scope) {
			t.Errorf("scopes_supported: %q is no scope", scope)
		}
	}
	keySet(t, p)
}

// discovery reads the discovery document.
func (p party) discovery(t *testing.T) (d map[string]any) {
	t.Helper()
	a := p.n.Do(t, harness.Call{Path: "/.well-known/openid-configuration"}).Want(t, http.StatusOK, "")
	if got := a.Header.Get("Content-Type"); got != "application/json" {
		t.Errorf("discovery: got %s", got)
	}
	a.Into(t, &d)
	return d
}

// checkField checks the type of a field by what its name promises.
func checkField(t *testing.T, p party, name string, value any) {
	t.Helper()
	switch {
	case strings.HasSuffix(name, "_endpoint"), name == "jwks_uri":
		if address, _ := value.(string); !strings.HasPrefix(address, p.n.URL+"/") {
			t.Errorf("%s: got %v", name, value)
		}
	case strings.HasSuffix(name, "_parameter_supported"), strings.HasPrefix(name, "backchannel_"), strings.HasPrefix(name, "require_"):
		want := name != "request_parameter_supported" && name != "request_uri_parameter_supported" && name != "require_request_uri_registration"
		if value != want {
			t.Errorf("%s: got %v, want %t", name, value, want)
		}
	case strings.HasSuffix(name, "_supported"):
		if list := texts(value); len(list) == 0 || slices.Contains(list, "") {
			t.Errorf("%s: got %v, want texts", name, value)
		}
	}
}

// texts are the texts of a list, or nothing when the value is not a list of
// texts alone.
func texts(value any) (all []string) {
	list, _ := value.([]any)
	for _, v := range list {
		text, ok := v.(string)
		if !ok {
			return nil
		}
		all = append(all, text)
	}
	return all
}

// keySet checks the keys: distinct names, known kinds and nothing private. It
// returns the names.
func keySet(t *testing.T, p party) (names []string) {
	t.Helper()
	var set struct {
		Keys []map[string]any `json:"keys"`
	}
	a := p.n.Do(t, harness.Call{Path: "/oauth2/jwks"}).Want(t, http.StatusOK, "")
	if err := json.Unmarshal(a.Body, &set); err != nil || len(set.Keys) == 0 {
		t.Fatalf("key set: got %s, %v", a.Body, err)
	}
	for _, key := range set.Keys {
		name, _ := key["kid"].(string)
		if name == "" || slices.Contains(names, name) || key["kty"] != "RSA" && key["kty"] != "EC" {
			t.Errorf("key: got %v", key)
		}
		names = append(names, name)
		for _, private := range []string{"d", "p", "q", "dp", "dq", "qi", "oth", "k"} {
			if key[private] != nil {
				t.Errorf("a private part is published: %s", private)
			}
		}
	}
	return names
}

// dynamicPlan is what of oidcc-dynamic-certification-test-plan needs no
// registration by the application itself.
var dynamicPlan = []module{{"OIDCCServerRotateKeys", serverRotateKeys}}

func serverRotateKeys(t *testing.T, p party) {
	before := keySet(t, p)
	_, _, said := p.login(t)
	p.house.Run(t, "keys", "rotate", "--signing").Want(t, 0)
	var after []string
	harness.Until(t, 5*time.Second, "a new key", func() bool { after = keySet(t, p); return len(after) > len(before) })
	for _, name := range before {
		if !slices.Contains(after, name) {
			t.Errorf("%s has gone", name)
		}
	}
	p.identify(t, said, rpNonce)
	p.login(t)
}
