package oidc

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// fakeKeys signs with one key of each family (RFC 7515; RFC 7518, 3.3 and 3.4).
type fakeKeys struct {
	rsa *rsa.PrivateKey
	ec  *ecdsa.PrivateKey
	set []byte
	err error
}

// rsaKey is made once: it takes a tenth of a second.
var rsaKey = sync.OnceValues(func() (*rsa.PrivateKey, error) { return rsa.GenerateKey(rand.Reader, 2048) })

func newFakeKeys(t testing.TB) *fakeKeys {
	t.Helper()
	r, err := rsaKey()
	if err != nil {
		t.Fatal(err)
	}
	e, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return &fakeKeys{rsa: r, ec: e, set: []byte(`{"keys":[]}`)}
}

func hashFor(alg identity.Algorithm) crypto.Hash {
	switch alg {
	case identity.RS384:
		return crypto.SHA384
	case identity.RS512:
		return crypto.SHA512
	}
	return crypto.SHA256
}

func (k *fakeKeys) Sign(_ context.Context, alg identity.Algorithm, typ string, payload []byte) (string, error) {
	header, err := json.Marshal(map[string]string{"alg": string(alg), "typ": typ, "kid": "key-1"})
	if err != nil || k.err != nil {
		return "", k.err
	}
	input := base64.RawURLEncoding.EncodeToString(header) + "." + base64.RawURLEncoding.EncodeToString(payload)
	var signature []byte
	if alg == identity.ES256 {
		sum := sha256.Sum256([]byte(input))
		r, s, err := ecdsa.Sign(rand.Reader, k.ec, sum[:])
		if err != nil {
			return "", err
		}
		signature = append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
	} else {
		h := hashFor(alg).New()
		h.Write([]byte(input))
		if signature, err = rsa.SignPKCS1v15(rand.Reader, k.rsa, hashFor(alg), h.Sum(nil)); err != nil {
			return "", err
		}
	}
	return input + "." + base64.RawURLEncoding.EncodeToString(signature), nil
}

var errForeign = fault.New(fault.Unauthenticated, fault.CodeTokenUnknown)

func (k *fakeKeys) Verify(_ context.Context, compact string) (payload []byte, typ string, err error) {
	parts := strings.Split(compact, ".")
	if len(parts) != 3 {
		return nil, "", errForeign
	}
	var decoded [3][]byte
	for i, part := range parts {
		if decoded[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return nil, "", errForeign
		}
	}
	var header struct{ Alg, Typ string }
	if err := json.Unmarshal(decoded[0], &header); err != nil {
		return nil, "", errForeign
	}
	input, good := []byte(parts[0]+"."+parts[1]), false
	switch alg := identity.Algorithm(header.Alg); alg {
	case identity.ES256:
		sum := sha256.Sum256(input)
		good = len(decoded[2]) == 64 && ecdsa.Verify(&k.ec.PublicKey, sum[:], new(big.Int).SetBytes(decoded[2][:32]), new(big.Int).SetBytes(decoded[2][32:]))
	case identity.RS256, identity.RS384, identity.RS512:
		h := hashFor(alg).New()
		h.Write(input)
		good = rsa.VerifyPKCS1v15(&k.rsa.PublicKey, hashFor(alg), h.Sum(nil), decoded[2]) == nil
	}
	if !good {
		return nil, "", errForeign
	}
	return decoded[1], header.Typ, nil
}

func (k *fakeKeys) Public(context.Context) ([]byte, error) { return k.set, k.err }

// claimsOf proves a token of the house and decodes it.
func (h *house) claimsOf(t testing.TB, compact string) (claims map[string]any, typ string) {
	t.Helper()
	payload, typ, err := h.keys.Verify(t.Context(), compact)
	if err != nil {
		t.Fatalf("verify %q: %v", compact, err)
	}
	if err := json.Unmarshal(payload, &claims); err != nil {
		t.Fatal(err)
	}
	return claims, typ
}

// sign signs claims as one of our tokens.
func (h *house) sign(t testing.TB, alg identity.Algorithm, typ string, claims any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	compact, err := h.keys.Sign(t.Context(), alg, typ, payload)
	if err != nil {
		t.Fatal(err)
	}
	return compact
}

// unsigned is a token with the algorithm none in place of its own.
func unsigned(compact string) string {
	parts := strings.Split(compact, ".")
	return base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + parts[1] + "."
}
