package source

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"net/url"
	"time"
)

// clientAuth is how the token call proves who asks. The zero value is that of
// enterprise SSO, which knows two styles only.
type clientAuth struct {
	method string
	key    crypto.Signer // of private_key_jwt
	keyID  string
	// audience is whom an assertion is for: the token address (RFC 7523, 3) or,
	// for an OpenID provider, its issuer, which no other server shares.
	audience string
}

// assertionType is the value of client_assertion_type (RFC 7523, 2.2).
const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

// assertionLife is how long an assertion holds: for the one call it is made for.
const assertionLife = time.Minute

// prove adds the proof of the client to a token call: to its form, or in basic,
// which the caller puts into the header.
func (t *turn) prove(form url.Values) (basic bool, err error) {
	switch t.auth.method {
	case "":
		if basic = t.o.TokenStyle == SecretInHeader; !basic {
			form.Set("client_id", t.o.ClientID)
			form.Set("client_secret", t.o.ClientSecret)
		}
	case authBasic:
		return true, nil
	case authPost:
		form.Set("client_id", t.o.ClientID)
		form.Set("client_secret", t.o.ClientSecret)
	case authNone:
		form.Set("client_id", t.o.ClientID)
	default:
		assertion, err := t.auth.assertion(t.o, t.tools.now())
		if err != nil {
			return false, err
		}
		form.Set("client_id", t.o.ClientID)
		form.Set("client_assertion_type", assertionType)
		form.Set("client_assertion", assertion)
	}
	return basic, nil
}

// assertion signs who we are (RFC 7523, 3): with the secret by HMAC, or with
// the private key. Each has an identifier of its own and is used once.
func (a clientAuth) assertion(o OAuth2, now time.Time) (string, error) {
	header := map[string]string{"typ": "JWT", "alg": "HS256"}
	if a.method == authPrivateJWT {
		header["alg"] = algorithmOf(a.key)
		if a.keyID != "" {
			header["kid"] = a.keyID
		}
	}
	head, err := json.Marshal(header)
	if err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]any{
		"iss": o.ClientID, "sub": o.ClientID, "aud": a.audience, "jti": randomWord(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", err
	}
	text := base64.RawURLEncoding.EncodeToString(head) + "." + base64.RawURLEncoding.EncodeToString(body)
	signature, err := a.sign(text, o.ClientSecret)
	return text + "." + base64.RawURLEncoding.EncodeToString(signature), err
}

func (a clientAuth) sign(text, secret string) ([]byte, error) {
	if a.method == authSecretJWT {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write([]byte(text))
		return mac.Sum(nil), nil
	}
	sum := sha256.Sum256([]byte(text))
	switch key := a.key.(type) {
	case *ecdsa.PrivateKey:
		r, s, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			return nil, err
		}
		// RFC 7518, 3.4: the two numbers side by side.
		signature := make([]byte, 64)
		r.FillBytes(signature[:32])
		s.FillBytes(signature[32:])
		return signature, nil
	case ed25519.PrivateKey:
		return ed25519.Sign(key, []byte(text)), nil
	case *rsa.PrivateKey:
		return rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	}
	return nil, errKey
}

// algorithmOf is the one with which a key signs (RFC 7518, 3.1; RFC 8037, 3.1).
func algorithmOf(key crypto.Signer) string {
	switch key.(type) {
	case *ecdsa.PrivateKey:
		return "ES256"
	case ed25519.PrivateKey:
		return "EdDSA"
	}
	return "RS256"
}

// errKey: no private key in PEM that we sign with.
var errKey = errors.New("source: not an RSA key of 2048 bits or more, an EC key on P-256 or an Ed25519 key in PEM")

// Bounds of a private key.
const (
	maxKeyText = 16 << 10 // bytes of PEM
	minRSABits = 2048     // RFC 7518, 3.3
)

func isPrivateKey(text string) bool {
	_, err := readPrivateKey(text)
	return err == nil
}

// readPrivateKey reads a key in PEM: PKCS #8, or the older forms of OpenSSL for
// RSA and EC keys.
func readPrivateKey(text string) (crypto.Signer, error) {
	if len(text) > maxKeyText {
		return nil, errKey
	}
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errKey
	}
	var key any
	var err error
	switch block.Type {
	case "PRIVATE KEY":
		key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
	case "RSA PRIVATE KEY":
		key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
	case "EC PRIVATE KEY":
		key, err = x509.ParseECPrivateKey(block.Bytes)
	}
	if err != nil {
		return nil, errKey
	}
	switch key := key.(type) {
	case *rsa.PrivateKey:
		if key.N.BitLen() >= minRSABits {
			return key, nil
		}
	case *ecdsa.PrivateKey:
		if key.Curve == elliptic.P256() {
			return key, nil
		}
	case ed25519.PrivateKey:
		return key, nil
	}
	return nil, errKey
}
