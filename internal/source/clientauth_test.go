package source

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/orgate/orgate/internal/identity"
)

// pemOf writes a private key as PKCS #8.
func pemOf(t *testing.T, key crypto.Signer) string {
	t.Helper()
	raw, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: raw}))
}

func ecKey(t *testing.T, curve elliptic.Curve) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func rsaKey(t *testing.T, bits int) *rsa.PrivateKey {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func edKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// Each way to authenticate is looked at as a server does that follows
// RFC 6749, 2.3.1, and RFC 7523, by a library that is not ours.
func TestWaysToAuthenticate(t *testing.T) {
	ec, long, ed := ecKey(t, elliptic.P256()), rsaKey(t, 2048), edKey(t)
	tests := []struct {
		name string
		set  Values
		alg  jose.SignatureAlgorithm
		key  any // verifies an assertion
		sees func(*http.Request) bool
	}{
		{name: "by default in the header", sees: basic},
		{name: "header, as OrgID says", set: Values{"auth_method": "header"}, sees: basic},
		{name: "client_secret_post", set: Values{"auth_method": "client_secret_post"}, sees: inBody},
		{name: "post, as OrgID says", set: Values{"auth_method": "post"}, sees: inBody},
		{name: "none", set: Values{"auth_method": "none", "client_secret": ""}, sees: func(r *http.Request) bool {
			return r.Header.Get("Authorization") == "" && r.PostForm.Get("client_id") == goodClient && !r.PostForm.Has("client_secret") && r.PostForm.Get("code_verifier") != ""
		}},
		{name: "client_secret_jwt", set: Values{"auth_method": "client_secret_jwt", "client_secret": goodSecret + "+"}, alg: jose.HS256, key: []byte(goodSecret + "+")},
		{name: "private_key_jwt, EC", set: Values{"auth_method": "private_key_jwt", "private_key": pemOf(t, ec), "key_id": "k1"}, alg: jose.ES256, key: ec.Public()},
		{name: "private_key_jwt, RSA", set: Values{"auth_method": "private_key_jwt", "private_key": pemOf(t, long)}, alg: jose.RS256, key: long.Public()},
		{name: "private_key_jwt, Ed25519", set: Values{"auth_method": "private_key_jwt", "private_key": pemOf(t, ed)}, alg: jose.EdDSA, key: ed.Public()},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, c := begin(t)
			token := c.server.URL + "/token"
			good := false
			c.replace["/token"] = func(w http.ResponseWriter, r *http.Request) {
				if good = tt.alg != "" && asserts(t, r, assertionOf{tt.alg, tt.key, tt.set["key_id"], token, h.clock.Now()}) || tt.sees != nil && tt.sees(r); !good {
					answer(w, http.StatusUnauthorized, map[string]any{"error": "invalid_client"})
					return
				}
				answer(w, http.StatusOK, map[string]any{"access_token": goodToken, "token_type": "Bearer"})
			}
			if _, story, err := h.signInAt(h.add(identity.SourceOAuth2, c.oauth2(tt.set), byMail()), c); err != nil || !good {
				check, detail := firstBad(story)
				t.Errorf("%v at %s: %+v", err, check, detail)
			}
		})
	}
}

func basic(r *http.Request) bool {
	id, secret, ok := r.BasicAuth()
	return ok && id == goodClient && secret == goodSecret && !r.PostForm.Has("client_secret")
}

func inBody(r *http.Request) bool {
	return r.Header.Get("Authorization") == "" && r.PostForm.Get("client_id") == goodClient && r.PostForm.Get("client_secret") == goodSecret
}

type assertionOf struct {
	alg           jose.SignatureAlgorithm
	key           any
	kid, audience string
	at            time.Time
}

func asserts(t *testing.T, r *http.Request, want assertionOf) bool {
	t.Helper()
	form := r.PostForm
	token, err := jwt.ParseSigned(form.Get("client_assertion"), []jose.SignatureAlgorithm{want.alg})
	if err != nil {
		t.Errorf("the assertion: %v", err)
		return false
	}
	var claims jwt.Claims
	if err := token.Claims(want.key, &claims); err != nil {
		t.Errorf("its signature: %v", err)
		return false
	}
	err = claims.ValidateWithLeeway(jwt.Expected{Issuer: goodClient, Subject: goodClient, AnyAudience: jwt.Audience{want.audience}, Time: want.at}, 0)
	if err != nil || claims.ID == "" || claims.Expiry.Time().Sub(want.at) > time.Minute || token.Headers[0].KeyID != want.kid {
		t.Errorf("its claims: %v, %+v, kid %q", err, claims, token.Headers[0].KeyID)
		return false
	}
	return form.Get("client_assertion_type") == assertionType && !form.Has("client_secret") && r.Header.Get("Authorization") == ""
}

// An assertion is used once, so each has a name of its own.
func TestAssertionsDiffer(t *testing.T) {
	a := clientAuth{method: authSecretJWT, audience: "https://c.example/token"}
	seen := map[string]bool{}
	for range 20 {
		text, err := a.assertion(OAuth2{ClientID: goodClient, ClientSecret: goodSecret}, time.Unix(1_700_000_000, 0))
		if err != nil {
			t.Fatal(err)
		}
		raw, _ := base64.RawURLEncoding.DecodeString(strings.Split(text, ".")[1])
		var claims struct{ JTI string }
		if err := json.Unmarshal(raw, &claims); err != nil || claims.JTI == "" || seen[claims.JTI] {
			t.Fatalf("%s, %v", raw, err)
		}
		seen[claims.JTI] = true
	}
}

func TestPrivateKeys(t *testing.T) {
	short := rsaKey(t, 1024)
	ec := ecKey(t, elliptic.P256())
	sec1, err := x509.MarshalECPrivateKey(ec)
	if err != nil {
		t.Fatal(err)
	}
	public, err := x509.MarshalPKIXPublicKey(ec.Public())
	if err != nil {
		t.Fatal(err)
	}
	block := func(name string, raw []byte) string {
		return string(pem.EncodeToMemory(&pem.Block{Type: name, Bytes: raw}))
	}
	long := rsaKey(t, 2048)
	tests := []struct {
		name, text string
		taken      bool
	}{
		{"PKCS #8", pemOf(t, ec), true},
		{"of OpenSSL, EC", block("EC PRIVATE KEY", sec1), true},
		{"of OpenSSL, RSA", block("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(long)), true},
		{"Ed25519", pemOf(t, edKey(t)), true},
		{"with text before", "Bag Attributes\n" + pemOf(t, ec), true},
		{"too short", pemOf(t, short), false},
		{"another curve", pemOf(t, ecKey(t, elliptic.P384())), false},
		{"a public key", block("PUBLIC KEY", public), false},
		{"an encrypted one", block("ENCRYPTED PRIVATE KEY", sec1), false},
		{"broken", block("PRIVATE KEY", sec1[:20]), false},
		{"no PEM", "MIIEvQIBADANBg", false},
		{"nothing", "", false},
		{"endless", strings.Repeat("x", maxKeyText) + pemOf(t, ec), false},
	}
	for _, tt := range tests {
		if got := isPrivateKey(tt.text); got != tt.taken {
			t.Errorf("%s: %t, want %t", tt.name, got, tt.taken)
		}
	}
}

func FuzzReadPrivateKey(f *testing.F) {
	f.Add("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n")
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := readPrivateKey(text)
		if (key == nil) == (err == nil) {
			t.Errorf("got %T, %v", key, err)
		}
	})
}
