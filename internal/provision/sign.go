package provision

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1" // for receivers that know nothing else
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// signer signs the calls to one receiver.
type signer struct {
	wire   identity.SyncWire
	digest identity.SyncDigest
	key    string
}

func signerOf(s identity.Sync) signer { return signer{s.Wire, s.Digest, s.SignatureKey} }

// String keeps the key out of logs.
func (signer) String() string { return "[redacted]" }

// sign adds the signature of a call to its headers (OrgID, G.4).
func (s signer) sign(h http.Header, f fields, body []byte, now time.Time) {
	if s.wire == identity.SyncV1 {
		h.Set("authToken", s.authToken(f))
		return
	}
	nonce, moment := rand.Text(), strconv.FormatInt(now.UnixMilli(), 10)
	h.Set("x-timestamp", moment)
	h.Set("x-nonce", nonce)
	h.Set("x-sign", s.xSign(nonce, moment, body))
}

// xSign is the signature of the second form, always with SHA-256.
func (s signer) xSign(nonce, moment string, body []byte) string {
	digest := hex.EncodeToString(mac(sha256.New, s.key, body))
	return strings.ToUpper(hex.EncodeToString(mac(sha256.New, s.key, []byte(s.key+nonce+moment+digest))))
}

// authToken is the signature of the first form: over all parameters by their
// names.
func (s signer) authToken(f fields) string {
	pairs := make([]string, len(f))
	for i, one := range slices.SortedFunc(slices.Values(f), func(a, b field) int { return strings.Compare(a.name, b.name) }) {
		pairs[i] = one.name + "=" + fmt.Sprint(one.value)
	}
	return base64.StdEncoding.EncodeToString(mac(s.hash(), s.key+f.get("timeStamp"), []byte(strings.Join(pairs, "&"))))
}

func (s signer) hash() func() hash.Hash {
	if s.digest == identity.SyncSHA1 {
		return sha1.New
	}
	return sha256.New
}

func mac(kind func() hash.Hash, key string, text []byte) []byte {
	m := hmac.New(kind, []byte(key))
	m.Write(text)
	return m.Sum(nil)
}

// verdict is what a look at an answer's signature says.
type verdict int

const (
	unsigned verdict = iota
	signed
	forged
)

var bodySign = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`^\s*sign_type="(HMAC-SHA256|HMAC-SHA1)"\s*,\s*signature="([A-Za-z0-9+/=]{1,128})"\s*$`)
})

// verify looks at the signature of an answer: the header Body-Sign over the
// whole body.
func (s signer) verify(header http.Header, body []byte) verdict {
	texts := header.Values("Body-Sign")
	if len(texts) == 0 {
		return unsigned
	}
	parts := bodySign().FindStringSubmatch(texts[0])
	if len(texts) > 1 || parts == nil {
		return forged
	}
	kind := sha256.New
	if parts[1] == "HMAC-SHA1" {
		if s.digest != identity.SyncSHA1 {
			return forged
		}
		kind = sha1.New
	}
	got, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || !hmac.Equal(got, mac(kind, s.key, body)) {
		return forged
	}
	return signed
}

// sealSecret encrypts an application's secret with the receiver's key (OrgID,
// G.2): RSA-OAEP with the digest of the settings, in base64. None stays none.
func sealSecret(s identity.Sync) (string, error) {
	if s.ClientSecret == "" {
		return "", nil
	}
	key, err := identity.ParseReceiverKey(s.PublicKey)
	if err != nil {
		return "", err
	}
	sealed, err := rsa.EncryptOAEP(signerOf(s).hash()(), rand.Reader, key, []byte(s.ClientSecret), nil)
	if err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}
