package source

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/trace"
)

// Published keys are believed for keysLife; a token that names another key
// makes them be fetched again, but not more often than each keysPause: anybody
// can send a token that names a key of their own.
const (
	keysLife  = 15 * time.Minute
	keysPause = 10 * time.Second
	maxKeys   = 100 // of one provider
)

// keySets remembers the keys of providers. It is safe for concurrent use.
type keySets struct {
	mu    sync.Mutex
	known map[string]keySet
}

// keySet is what one address published.
type keySet struct {
	keys    []publicKey
	fetched time.Time
}

// publicKey is one that verifies signatures.
type publicKey struct {
	id  string // "" for one without a name
	key crypto.PublicKey
}

var keysStage = stage{
	resolves: trace.KeysReached, open: trace.KeysOpen, reached: trace.KeysReached, inTime: trace.KeysReached, tls: trace.KeysReached,
	redirect: trace.KeysAnswer, size: trace.KeysAnswer, status: trace.KeysAnswer, format: trace.KeysAnswer,
}

// keysNamed returns the keys of an address with an identifier, all of them for
// none, and an empty list where it publishes no such key.
func (t *turn) keysNamed(ctx context.Context, address, id string) ([]crypto.PublicKey, error) {
	now := t.tools.now()
	set, known := t.tools.keys.find(address)
	if known && now.Before(set.fetched.Add(keysLife)) {
		if found := set.named(id); len(found) > 0 || now.Before(set.fetched.Add(keysPause)) {
			return found, nil
		}
	}
	keys, err := t.fetchKeys(ctx, address)
	if err != nil {
		return nil, err
	}
	set = keySet{keys, now}
	t.tools.keys.keep(address, set)
	return set.named(id), nil
}

func (s keySet) named(id string) (found []crypto.PublicKey) {
	for _, k := range s.keys {
		if id == "" || k.id == id {
			found = append(found, k.key)
		}
	}
	return found
}

func (t *turn) fetchKeys(ctx context.Context, address string) ([]publicKey, error) {
	r, err := http.NewRequest(http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, t.fail(trace.KeysAnswer, trace.Detail{}, err)
	}
	r.Header.Set("Accept", "application/jwk-set+json, application/json")
	a, err := t.ask(ctx, keysStage, t.tools.client, r)
	if err != nil {
		return nil, err
	}
	object, got := decodeObject(a.body, a.contentType)
	if err := t.judge(keysStage, a, object, got); err != nil {
		return nil, err
	}
	keys := readKeys(a.body)
	if len(keys) == 0 {
		return nil, t.fail(trace.KeysAnswer, trace.Detail{Expected: "keys", Received: kindOf(object["keys"])}, nil)
	}
	return keys, nil
}

// jwk is a key as RFC 7517, 4, writes it, as far as public keys need.
type jwk struct {
	Type  string `json:"kty"`
	Use   string `json:"use"`
	ID    string `json:"kid"`
	Curve string `json:"crv"`
	N     string `json:"n"`
	E     string `json:"e"`
	X     string `json:"x"`
	Y     string `json:"y"`
}

// readKeys reads the keys of a JWK Set that verify signatures. Those of another
// use or kind, and broken ones, are passed over (RFC 7517, 5).
func readKeys(raw []byte) (keys []publicKey) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	if json.Unmarshal(raw, &set) != nil {
		return nil
	}
	for _, text := range set.Keys[:min(len(set.Keys), maxKeys)] {
		var k jwk
		if json.Unmarshal(text, &k) != nil || k.Use != "" && k.Use != "sig" {
			continue
		}
		if key := k.public(); key != nil {
			keys = append(keys, publicKey{k.ID, key})
		}
	}
	return keys
}

// public is the key itself, nil for one that is not usable here.
func (k jwk) public() crypto.PublicKey {
	switch k.Type {
	case "RSA":
		n, e := bytesOf(k.N), new(big.Int).SetBytes(bytesOf(k.E))
		key := &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: int(e.Int64())}
		if key.N.BitLen() < minRSABits || e.BitLen() > 31 || key.E < 3 {
			return nil
		}
		return key
	case "EC":
		curve := map[string]elliptic.Curve{"P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}[k.Curve]
		if curve == nil {
			return nil
		}
		// It refuses points that are not on the curve.
		key, err := ecdsa.ParseUncompressedPublicKey(curve, slices.Concat([]byte{4}, bytesOf(k.X), bytesOf(k.Y)))
		if err != nil {
			return nil
		}
		return key
	case "OKP":
		if x := bytesOf(k.X); k.Curve == "Ed25519" && len(x) == ed25519.PublicKeySize {
			return ed25519.PublicKey(x)
		}
	}
	return nil
}

func bytesOf(text string) []byte {
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil {
		return nil
	}
	return raw
}

func (k *keySets) find(address string) (keySet, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	set, ok := k.known[address]
	return set, ok
}

func (k *keySets) keep(address string, set keySet) {
	k.mu.Lock()
	defer k.mu.Unlock()
	makeRoom(k.known, func(old keySet) bool { return set.fetched.After(old.fetched.Add(keysLife)) })
	k.known[address] = set
}
