package keyring

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/go-jose/go-jose/v4"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// FuzzForeignHeader: what a stranger signed counts under no header, whatever
// it says of keys (RFC 8725, 3.10).
func FuzzForeignHeader(f *testing.F) {
	s, _ := alone(f)
	r, err := s.inForce(f.Context())
	if err != nil {
		f.Fatal(err)
	}
	stranger, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		f.Fatal(err)
	}
	own, err := json.Marshal(jose.JSONWebKey{Key: stranger.Public()})
	if err != nil {
		f.Fatal(err)
	}
	ours := r.current[P256].id
	for _, header := range []string{
		`{"alg":"ES256","kid":"` + ours + `"}`, `{"alg":"ES256","kid":"` + ours + `","jwk":` + string(own) + `}`, `{"alg":"ES256","jwk":` + string(own) + `}`,
		`{"alg":"ES256","kid":"` + ours + `","crit":["b64"],"b64":false}`, `{"alg":"none","kid":"` + ours + `"}`, `{"alg":"ES256","kid":"` + r.current[RSA].id + `"}`,
		`{"alg":"ES256","kid":"` + ours + `","jku":"https://evil.example","x5c":["AA"]}`, `{"alg":"ES256","kid":"` + ours + `","alg":"RS256"}`, `null`, `{"kid":7}`,
	} {
		f.Add([]byte(header), []byte(`{"sub":"x"}`))
	}
	signing := &signer{family: P256, private: stranger}
	f.Fuzz(func(t *testing.T, header, payload []byte) {
		text := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
		signature, err := signing.sign(identity.ES256, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Verify(t.Context(), text+"."+base64.RawURLEncoding.EncodeToString(signature)); !fault.Is(err, fault.CodeTokenUnknown) {
			t.Errorf("%s: got %v", header, err)
		}
	})
}

// FuzzStoredKey: what a database gives as a signing key is one that signs and
// whose published half verifies it and shows nothing else, or is refused.
func FuzzStoredKey(f *testing.F) {
	for _, family := range families() {
		private, err := generate(family)
		if err != nil {
			f.Fatal(err)
		}
		material, err := x509.MarshalPKCS8PrivateKey(private)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(family), material)
		f.Add("", material)
		f.Add(string(family), material[:len(material)-1])
	}
	f.Fuzz(func(t *testing.T, family string, material []byte) {
		r, err := newRing([]store.SigningKeyRow{{ID: "k", Family: family, Material: material}})
		if err != nil {
			return
		}
		var set jose.JSONWebKeySet
		if err := json.Unmarshal(r.public, &set); err != nil || len(set.Keys) != 1 || !set.Keys[0].IsPublic() || !set.Keys[0].Valid() {
			t.Fatalf("published: %s, %v", r.public, err)
		}
		alg := identity.ES256
		if r.keys["k"].family == RSA {
			alg = identity.RS256
		}
		r.current[r.keys["k"].family] = r.keys["k"]
		text, err := r.sign(alg, "JWT", []byte(`{}`))
		if err != nil {
			return // a key of a size that cannot sign
		}
		parsed, err := jose.ParseSignedCompact(text, algorithms())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := parsed.Verify(set.Keys[0]); err != nil {
			t.Fatalf("the published half does not verify: %v", err)
		}
	})
}
