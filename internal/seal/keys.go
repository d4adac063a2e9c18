package seal

import (
	"errors"
	"fmt"
	"log/slog"
)

// Keys are the master keys of the settings. They seal nothing but data keys.
// The first wraps; every one of them unwraps, so that a master key is rotated
// by putting a new one in front and dropping the old one after the next start.
type Keys struct {
	all []Key
}

// NewKeys takes the master keys in the order of the settings, each KeySize
// bytes, at least one, none twice.
func NewKeys(material [][]byte) (*Keys, error) {
	if len(material) == 0 {
		return nil, errors.New("seal: no master key")
	}
	keys := &Keys{all: make([]Key, 0, len(material))}
	for i, m := range material {
		key, err := KeyOf(m)
		if err != nil {
			return nil, fmt.Errorf("master key %d: %w", i+1, err)
		}
		if _, twice := keys.find(key.id); twice {
			return nil, fmt.Errorf("seal: master key %d is given twice", i+1)
		}
		keys.all = append(keys.all, key)
	}
	return keys, nil
}

// Current is the id of the key that wraps.
func (k *Keys) Current() string { return k.all[0].ID() }

// String hides the keys.
func (k *Keys) String() string { return "[redacted]" }

// LogValue hides the keys from logs.
func (k *Keys) LogValue() slog.Value { return slog.StringValue(k.String()) }

// Wrap seals a data key for storage. The purpose ("seal", "index") is bound to
// it: an index key does not unwrap as a sealing key.
func (k *Keys) Wrap(dataKey Key, purpose string) []byte {
	return k.all[0].seal(dataKey.material[:], wrapContext(purpose))
}

// Unwrap opens a wrapped data key. A master key that the settings no longer
// hold is an Internal fault with CodeKeyUnknown.
func (k *Keys) Unwrap(wrapped []byte, purpose string) (Key, error) {
	id, err := keyID(wrapped)
	if err != nil {
		return Key{}, err
	}
	master, found := k.find(id)
	if !found {
		return Key{}, unknown(id)
	}
	material, err := master.open(wrapped, wrapContext(purpose))
	if err != nil {
		return Key{}, err
	}
	return KeyOf(material)
}

func (k *Keys) find(id [idSize]byte) (Key, bool) {
	for _, key := range k.all {
		if key.id == id {
			return key, true
		}
	}
	return Key{}, false
}

func wrapContext(purpose string) string { return "data_keys." + purpose }
