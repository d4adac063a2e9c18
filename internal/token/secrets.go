package token

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"log/slog"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/ticket"
)

// The prefixes tell people and secret scanners what a word is.
const (
	accessPrefix  = "ogt"
	refreshPrefix = "ogr"
	apiPrefix     = "oga_"
)

// Issued is a token with the words that are handed out once.
type Issued struct {
	Token   identity.AccessToken
	Access  string
	Refresh string
}

// String keeps secrets out of logs.
func (Issued) String() string { return "[redacted]" }

// GoString keeps secrets out of %#v.
func (Issued) GoString() string { return "[redacted]" }

// LogValue keeps secrets out of structured logs.
func (Issued) LogValue() slog.Value { return slog.StringValue("[redacted]") }

// seedSize is the secret part of a seed; the number of the access word follows
// it in four bytes.
const seedSize = 32

// newSeed makes the seed of a new token from fresh random bytes.
func newSeed(random [seedSize]byte) []byte { return append(random[:], 0, 0, 0, 0) }

// nextSeed is the seed under which the access word is another one and the
// refresh word the same.
func nextSeed(seed []byte) []byte {
	next := append([]byte(nil), seed[:seedSize]...)
	return binary.BigEndian.AppendUint32(next, binary.BigEndian.Uint32(seed[seedSize:])+1)
}

// derive makes the secret of one use from a token's seed. The access word
// depends on its number, the refresh word does not.
func derive(id, seed []byte, use string) (s ticket.Secret) {
	if use == refreshPrefix {
		seed = seed[:seedSize]
	}
	mac := hmac.New(sha256.New, seed)
	mac.Write([]byte(use))
	mac.Write(id)
	copy(s.ID[:], id)
	copy(s.Proof[:], mac.Sum(nil))
	return s
}

// issued makes the words of a token, and what is stored to prove the access
// word.
func issued(t identity.AccessToken, seed []byte) (out Issued, hash []byte) {
	u, _ := identity.UUID(t.ID)
	access := derive(u[:], seed, accessPrefix)
	return Issued{Token: t, Access: access.Text(accessPrefix), Refresh: derive(u[:], seed, refreshPrefix).Text(refreshPrefix)}, access.Hash()
}
