package keyring

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Family is a kind of key pair; a family signs with one or more algorithms.
type Family string

// The families.
const (
	RSA  Family = "RSA"   // 2048 bits: RS256, RS384, RS512
	P256 Family = "P-256" // ES256
)

// families are all there are, the cheaper first.
func families() []Family { return []Family{P256, RSA} }

// familyOf returns the family that signs with an algorithm, "" for none.
func familyOf(alg identity.Algorithm) Family {
	switch alg {
	case identity.RS256, identity.RS384, identity.RS512:
		return RSA
	case identity.ES256:
		return P256
	}
	return ""
}

const (
	rsaBits = 2048
	// idLength is that of a SHA-256 in base64url.
	idLength = 43
	// coordinate is the length of each half of an ES256 signature (RFC 7518,
	// 3.4).
	coordinate = 32
)

var (
	errAlgorithm = errors.New("keyring: no key signs with this algorithm")
	errType      = errors.New("keyring: the typ needs escaping")
	errMaterial  = errors.New("keyring: the material is no key of its family")
)

// generate makes a key pair; for RSA that takes a tenth of a second.
func generate(f Family) (crypto.Signer, error) {
	if f == RSA {
		return rsa.GenerateKey(rand.Reader, rsaBits)
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// signer is one key, ready to sign.
type signer struct {
	id      string
	family  Family
	private crypto.Signer
}

// String keeps the private part out of logs.
func (k *signer) String() string { return "signing key " + k.id }

// GoString keeps the private part out of %#v.
func (k *signer) GoString() string { return k.String() }

func newSigner(r store.SigningKeyRow) (*signer, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(r.Material)
	if err != nil {
		return nil, internal(fmt.Errorf("keyring: signing key %s: %w", r.ID, err))
	}
	k := &signer{id: r.ID, family: Family(r.Family)}
	switch private := parsed.(type) {
	case *rsa.PrivateKey:
		if k.family == RSA {
			k.private = private
		}
	case *ecdsa.PrivateKey:
		if k.family == P256 && private.Curve == elliptic.P256() {
			k.private = private
		}
	}
	if k.private == nil {
		return nil, internal(fmt.Errorf("keyring: signing key %s: %w", r.ID, errMaterial))
	}
	return k, nil
}

// published is the key as others see it. An RSA key names no algorithm, for it
// signs with three: who verifies takes the one of the token's header, and the
// application's settings fix which that may be.
func (k *signer) published() jose.JSONWebKey {
	out := jose.JSONWebKey{Key: k.private.Public(), KeyID: k.id, Use: "sig"}
	if k.family == P256 {
		out.Algorithm = string(jose.ES256)
	}
	return out
}

// thumbprint names a key by its public part (RFC 7638).
func thumbprint(public crypto.PublicKey) (string, error) {
	key := jose.JSONWebKey{Key: public}
	sum, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", internal(err)
	}
	return base64.RawURLEncoding.EncodeToString(sum), nil
}

// ring is the keys at one moment; it does not change.
type ring struct {
	keys    map[string]*signer // published, by id
	current map[Family]*signer
	public  []byte
	heard   uint64    // changes heard before it was read
	asked   time.Time // when it was read
}

func newRing(rows []store.SigningKeyRow) (*ring, error) {
	r := &ring{keys: make(map[string]*signer, len(rows)), current: map[Family]*signer{}}
	set := jose.JSONWebKeySet{Keys: make([]jose.JSONWebKey, 0, len(rows))}
	for _, row := range rows {
		k, err := newSigner(row)
		if err != nil {
			return nil, err
		}
		r.keys[k.id] = k
		if stateOf(row) == Current {
			r.current[k.family] = k
		}
		set.Keys = append(set.Keys, k.published())
	}
	var err error
	if r.public, err = json.Marshal(set); err != nil {
		return nil, internal(err)
	}
	return r, nil
}

// sign writes the compact serialisation itself: a general library spends as
// many allocations on each token as ten of ours (docs/decisions/0019).
func (r *ring) sign(alg identity.Algorithm, typ string, payload []byte) (string, error) {
	k := r.current[familyOf(alg)]
	if k == nil {
		return "", internal(fmt.Errorf("%w: %q", errAlgorithm, alg))
	}
	if !plain(typ) {
		return "", internal(errType)
	}
	const most = len(`{"alg":"RS256","kid":"","typ":""}`) + idLength + 32
	header := append(make([]byte, 0, most), `{"alg":"`...)
	header = append(append(header, alg...), `","kid":"`...)
	header = append(append(header, k.id...), '"')
	if typ != "" {
		header = append(append(append(header, `,"typ":"`...), typ...), '"')
	}
	header = append(header, '}')
	b64 := base64.RawURLEncoding
	text := make([]byte, 0, b64.EncodedLen(len(header))+b64.EncodedLen(len(payload))+2+b64.EncodedLen(rsaBits/8))
	text = b64.AppendEncode(text, header)
	text = b64.AppendEncode(append(text, '.'), payload)
	signature, err := k.sign(alg, text)
	if err != nil {
		return "", internal(err)
	}
	return string(b64.AppendEncode(append(text, '.'), signature)), nil
}

// sign returns the signature of a text as RFC 7518, 3.3 and 3.4 have it.
func (k *signer) sign(alg identity.Algorithm, text []byte) ([]byte, error) {
	switch private := k.private.(type) {
	case *rsa.PrivateKey:
		hash, digest := digestOf(alg, text)
		return rsa.SignPKCS1v15(rand.Reader, private, hash, digest)
	case *ecdsa.PrivateKey:
		digest := sha256.Sum256(text)
		first, second, err := ecdsa.Sign(rand.Reader, private, digest[:])
		if err != nil {
			return nil, err
		}
		out := make([]byte, 2*coordinate)
		first.FillBytes(out[:coordinate])
		second.FillBytes(out[coordinate:])
		return out, nil
	}
	return nil, errMaterial
}

func digestOf(alg identity.Algorithm, text []byte) (crypto.Hash, []byte) {
	switch alg {
	case identity.RS384:
		sum := sha512.Sum384(text)
		return crypto.SHA384, sum[:]
	case identity.RS512:
		sum := sha512.Sum512(text)
		return crypto.SHA512, sum[:]
	default:
		sum := sha256.Sum256(text)
		return crypto.SHA256, sum[:]
	}
}

// plain reports whether a typ stands in JSON as it is.
func plain(typ string) bool {
	for _, c := range []byte(typ) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

func internal(err error) error {
	return fault.New(fault.Internal, fault.CodeInternal).Because(err)
}
