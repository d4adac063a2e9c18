package grant

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"log/slog"
	"slices"
	"strings"
)

// The prefixes tell people and secret scanners what a word is.
const (
	accessPrefix  = "ogga_"
	refreshPrefix = "oggr_"
)

// What a word says of itself, in bytes: the grant and the round; an access token
// also when it was issued and ends, in seconds, and which of the grant's scopes
// it has. The proof of it all follows.
const (
	refreshSize = 16 + 4
	accessSize  = refreshSize + 4 + 4 + 8
	proofSize   = sha256.Size
)

// everything is the mask of all scopes.
const everything = ^uint64(0)

// maskBits is how many scopes a mask tells apart; more no application has.
const maskBits = 64

// word is a token taken apart.
type word struct {
	refresh     bool
	id          [16]byte
	round       uint32
	issued, end uint32 // of an access token
	mask        uint64 // likewise
	proof       [proofSize]byte
}

// String keeps tokens out of logs.
func (word) String() string { return "[redacted]" }

// GoString keeps tokens out of %#v.
func (word) GoString() string { return "[redacted]" }

// LogValue keeps tokens out of structured logs.
func (word) LogValue() slog.Value { return slog.StringValue("[redacted]") }

func (w word) prefix() string {
	if w.refresh {
		return refreshPrefix
	}
	return accessPrefix
}

// body is what the word says of itself.
func (w word) body(b []byte) []byte {
	b = append(b, w.id[:]...)
	b = binary.BigEndian.AppendUint32(b, w.round)
	if w.refresh {
		return b
	}
	b = binary.BigEndian.AppendUint32(b, w.issued)
	b = binary.BigEndian.AppendUint32(b, w.end)
	return binary.BigEndian.AppendUint64(b, w.mask)
}

// prove returns what proves the word under a seed. The prefix keeps the two
// kinds apart.
func (w word) prove(seed []byte) [proofSize]byte {
	mac := hmac.New(sha256.New, seed)
	var b [len(accessPrefix) + accessSize]byte
	mac.Write(w.body(append(b[:0], w.prefix()...)))
	var sum [proofSize]byte
	mac.Sum(sum[:0])
	return sum
}

// text writes the word, proven by a seed.
func (w word) text(seed []byte) string {
	proof := w.prove(seed)
	var raw [accessSize + proofSize]byte
	body := append(w.body(raw[:0]), proof[:]...)
	var out [len(accessPrefix) + (accessSize+proofSize)*4/3 + 2]byte
	return string(base64.RawURLEncoding.AppendEncode(append(out[:0], w.prefix()...), body))
}

// proven reports whether the word was made from a seed, in constant time.
func (w word) proven(seed []byte) bool {
	proof := w.prove(seed)
	return hmac.Equal(proof[:], w.proof[:])
}

// parse reads what text wrote. Anything else is refused, also one that is longer
// or shorter, or spelt in another way.
func parse(text string) (w word, ok bool) {
	size := accessSize
	body, found := strings.CutPrefix(text, accessPrefix)
	if !found {
		if body, w.refresh = strings.CutPrefix(text, refreshPrefix); !w.refresh {
			return w, false
		}
		size = refreshSize
	}
	var raw [accessSize + proofSize]byte
	if len(body) != base64.RawURLEncoding.EncodedLen(size+proofSize) {
		return w, false
	}
	// A text with line breaks, which the decoder skips, comes out shorter.
	n, err := base64.RawURLEncoding.Strict().Decode(raw[:], []byte(body))
	if err != nil || n != size+proofSize {
		return w, false
	}
	copy(w.id[:], raw[:16])
	w.round = binary.BigEndian.Uint32(raw[16:])
	if !w.refresh {
		w.issued, w.end = binary.BigEndian.Uint32(raw[20:]), binary.BigEndian.Uint32(raw[24:])
		w.mask = binary.BigEndian.Uint64(raw[28:])
	}
	copy(w.proof[:], raw[size:])
	return w, true
}

// maskOf returns the mask of some of a grant's scopes; ok is false when one is
// none of them. No wish at all keeps everything.
func maskOf(granted, wanted []string) (mask uint64, ok bool) {
	if wanted == nil {
		return everything, true
	}
	for _, scope := range wanted {
		i := slices.Index(granted, scope)
		if i < 0 || i >= maskBits {
			return 0, false
		}
		mask |= 1 << i
	}
	return mask, true
}

// masked are the scopes that a mask leaves.
func masked(granted []string, mask uint64) []string {
	if mask == everything {
		return granted
	}
	var left []string
	for i, scope := range granted {
		if i < maskBits && mask&(1<<i) != 0 {
			left = append(left, scope)
		}
	}
	return left
}
