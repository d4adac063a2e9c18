package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"

	"github.com/orgate/orgate/internal/fault"
)

// KeySize is the length of every key in bytes (AES-256).
const KeySize = 32

// Layout of a sealed value: version, key id, nonce, ciphertext with its tag.
const (
	version    = 1
	idSize     = 4
	headerSize = 1 + idSize
	nonceSize  = 12
	tagSize    = 16
)

// Overhead is how many bytes longer a sealed value is than its plaintext.
const Overhead = headerSize + nonceSize + tagSize

var (
	errLength  = errors.New("seal: not a sealed value: too short")
	errVersion = errors.New("seal: unknown format version")
	errTamper  = errors.New("seal: value or context does not match")
)

// Key is one symmetric key and the cipher made from it. The zero value is no
// key. A Key is safe for concurrent use and never prints its material.
type Key struct {
	id       [idSize]byte
	material [KeySize]byte
	aead     cipher.AEAD
}

// NewKey makes a fresh random key.
func NewKey() (Key, error) {
	material := make([]byte, KeySize)
	// crypto/rand.Read never fails: it ends the process instead.
	_, _ = rand.Read(material)
	return KeyOf(material)
}

// KeyOf makes a key of given material, which must be KeySize bytes.
func KeyOf(material []byte) (Key, error) {
	if len(material) != KeySize {
		return Key{}, fmt.Errorf("seal: a key is %d bytes, not %d", KeySize, len(material))
	}
	block, err := aes.NewCipher(material)
	if err != nil {
		return Key{}, fmt.Errorf("seal: %w", err)
	}
	// The cipher draws its own 96-bit random nonce and puts it first. NIST SP
	// 800-38D, 8.3 allows 2^32 values per key that way; rotate long before.
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return Key{}, fmt.Errorf("seal: %w", err)
	}
	key := Key{aead: aead}
	copy(key.material[:], material)
	sum := sha256.Sum256(material)
	copy(key.id[:], sum[:])
	return key, nil
}

// ID names the key: 8 hexadecimal digits, the first bytes of the SHA-256 of
// its material. It is no secret.
func (k Key) ID() string { return hex.EncodeToString(k.id[:]) }

// String hides the material.
func (k Key) String() string { return "[redacted]" }

// GoString hides the material from %#v too.
func (k Key) GoString() string { return "seal.Key{[redacted]}" }

// LogValue hides the material from logs.
func (k Key) LogValue() slog.Value { return slog.StringValue(k.String()) }

func (k Key) seal(plaintext []byte, context string) []byte {
	sealed := make([]byte, headerSize, Overhead+len(plaintext))
	sealed[0] = version
	copy(sealed[1:], k.id[:])
	return k.aead.Seal(sealed, nil, plaintext, []byte(context))
}

func (k Key) open(sealed []byte, context string) ([]byte, error) {
	plaintext, err := k.aead.Open(nil, nil, sealed[headerSize:], []byte(context))
	if err != nil {
		return nil, fault.New(fault.Internal, fault.CodeInternal).Because(errTamper)
	}
	return plaintext, nil
}

// keyID reads the id of the key that sealed a value.
func keyID(sealed []byte) (id [idSize]byte, err error) {
	switch {
	case len(sealed) < Overhead:
		err = fault.New(fault.Internal, fault.CodeInternal).Because(errLength)
	case sealed[0] != version:
		err = fault.New(fault.Internal, fault.CodeInternal).Because(errVersion)
	default:
		copy(id[:], sealed[1:])
	}
	return id, err
}

func unknown(id [idSize]byte) error {
	return fault.New(fault.Internal, fault.CodeKeyUnknown).
		Because(fmt.Errorf("seal: no key %x", id))
}
