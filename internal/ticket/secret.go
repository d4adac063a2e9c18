package ticket

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"log/slog"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/identity"
)

// Secret is the two halves of a secret that is handed out: the id by which its
// row is found, and the part that proves it.
type Secret struct {
	ID    [16]byte
	Proof [32]byte
}

// String keeps secrets out of logs.
func (Secret) String() string { return "[redacted]" }

// GoString keeps secrets out of %#v.
func (Secret) GoString() string { return "[redacted]" }

// LogValue keeps secrets out of structured logs.
func (Secret) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// secretAlphabet is lower-case base32 (RFC 4648, section 6): a secret is one
// word for a double click, and no letter case is lost on its way.
var secretAlphabet = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

// secretLength is the length of 48 bytes in base32.
const secretLength = 77

// NewSecret makes a secret for an instant.
func NewSecret(now time.Time) Secret {
	s := Secret{ID: identity.NewUUID(now)}
	rand.Read(s.Proof[:])
	return s
}

// Text writes the secret after a prefix that tells people and scanners what it
// is, 77 characters of lower-case letters and digits.
func (s Secret) Text(prefix string) string {
	var raw [48]byte
	copy(raw[:16], s.ID[:])
	copy(raw[16:], s.Proof[:])
	out := make([]byte, len(prefix)+secretLength)
	copy(out, prefix)
	secretAlphabet.Encode(out[len(prefix):], raw[:])
	return string(out)
}

// ParseSecret reads what Text wrote. Anything else is refused, also a
// truncated, longer or upper-case form and one whose spare bit is set.
func ParseSecret(prefix, text string) (s Secret, ok bool) {
	body, found := strings.CutPrefix(text, prefix)
	if !found || len(body) != secretLength {
		return s, false
	}
	var raw [48]byte
	if n, err := secretAlphabet.Decode(raw[:], []byte(body)); err != nil || n != len(raw) {
		return s, false
	}
	copy(s.ID[:], raw[:16])
	copy(s.Proof[:], raw[16:])
	// 384 bits leave one spare bit in the last character: two spellings of one
	// secret would otherwise both be taken.
	return s, subtle.ConstantTimeCompare([]byte(s.Text(prefix)), []byte(text)) == 1
}

// Hash is what is stored of the proving part.
func (s Secret) Hash() []byte {
	sum := sha256.Sum256(s.Proof[:])
	return sum[:]
}

// Proves reports whether the secret is the one whose hash was stored, in
// constant time.
func (s Secret) Proves(hash []byte) bool {
	return subtle.ConstantTimeCompare(s.Hash(), hash) == 1
}
