package seal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash"
	"log/slog"
	"sync"
)

// DigestSize is the length in bytes of what Digest returns.
const DigestSize = 16

// Box is an immutable set of data keys: one that seals, all that open, and one
// that makes digests for lookups. It is safe for concurrent use.
type Box struct {
	current Key
	keys    map[[idSize]byte]Key
	macs    *sync.Pool // of hash.Hash keyed with the index key
	missing func() (*Box, error)
}

// NewBox makes a box that seals with current, opens with current and the
// former keys, and digests with index.
func NewBox(current, index Key, former ...Key) (*Box, error) {
	if current.aead == nil || index.aead == nil {
		return nil, errors.New("seal: a box needs a current key and an index key")
	}
	box := &Box{
		current: current,
		keys:    make(map[[idSize]byte]Key, len(former)+1),
		macs:    &sync.Pool{New: func() any { return hmac.New(sha256.New, index.material[:]) }},
	}
	for _, key := range former {
		box.keys[key.id] = key
	}
	box.keys[current.id] = current
	return box, nil
}

// Or returns a box that, when a value was sealed with a key it does not hold,
// asks missing for a newer box, once per value, before it gives up. Another
// node may have rotated the keys a moment ago.
func (b *Box) Or(missing func() (*Box, error)) *Box {
	c := *b
	c.missing = missing
	return &c
}

// Current is the id of the key that seals.
func (b *Box) Current() string { return b.current.ID() }

// String hides the keys.
func (b *Box) String() string { return "[redacted]" }

// LogValue hides the keys from logs.
func (b *Box) LogValue() slog.Value { return slog.StringValue(b.String()) }

// Seal encrypts plaintext (AES-256-GCM, random nonce) under the current key
// and binds it to the context. The same plaintext seals differently each time.
func (b *Box) Seal(plaintext []byte, context string) []byte {
	return b.current.seal(plaintext, context)
}

// Open decrypts what Seal made, given the same context. A value that was
// altered or moved, or that is none of ours, is an Internal fault; one sealed
// with a key we do not hold is an Internal fault with CodeKeyUnknown.
func (b *Box) Open(sealed []byte, context string) ([]byte, error) {
	id, err := keyID(sealed)
	if err != nil {
		return nil, err
	}
	key, found := b.keys[id]
	if !found && b.missing != nil {
		newer, err := b.missing()
		if err != nil {
			return nil, err
		}
		key, found = newer.keys[id]
	}
	if !found {
		return nil, unknown(id)
	}
	return key.open(sealed, context)
}

// Digest is a keyed fingerprint (HMAC-SHA-256 under the index key, cut to
// DigestSize bytes) by which a sealed value is found as a whole. Digests of
// one value under two purposes are unrelated. Fold the value first.
func (b *Box) Digest(purpose, value string) []byte {
	mac, _ := b.macs.Get().(hash.Hash)
	defer b.macs.Put(mac)
	mac.Reset()
	// The length in front keeps ("ab", "c") apart from ("a", "bc").
	input := make([]byte, 0, binary.MaxVarintLen64+len(purpose)+len(value)+sha256.Size)
	input = binary.AppendUvarint(input, uint64(len(purpose)))
	input = append(append(input, purpose...), value...)
	_, _ = mac.Write(input) // a hash never fails
	return mac.Sum(input[:0])[:DigestSize:DigestSize]
}
