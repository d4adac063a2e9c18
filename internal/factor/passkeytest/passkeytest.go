// Package passkeytest is an authenticator of software for tests (WebAuthn, 6):
// it makes passkeys and signs with them, and tells lies where a test wants one.
// It knows nothing of the library that checks them.
package passkeytest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"testing"
)

// The flags of authenticator data (WebAuthn, 6.1).
const (
	Present  byte = 1 << 0
	Verified byte = 1 << 2
	Portable byte = 1 << 3
	attested byte = 1 << 6
)

// Key is a passkey. Its exported fields are what it tells; a test may change
// them between two uses.
type Key struct {
	ID      []byte
	Origin  string // of the page that asks
	RelyID  string // the host it signs for; "" takes the one that is asked for
	Type    string // of the ceremony; "" is the right one
	Handle  []byte // the user handle it returns; nil for the one it was made for
	Counter uint32 // of the last use; one that does not count stays at 0
	Counts  bool
	Flags   byte
	private *ecdsa.PrivateKey
}

// New makes a key that counts, for pages of an origin.
func New(t testing.TB, origin string) *Key {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	k := &Key{ID: make([]byte, 32), Origin: origin, Counts: true, Flags: Present, private: private}
	rand.Read(k.ID)
	return k
}

// options are the parts of both sorts of options that a key reads.
type options struct {
	Challenge string `json:"challenge"`
	RelyID    string `json:"rpId"`
	Rely      struct {
		ID string `json:"id"`
	} `json:"rp"`
	User struct {
		ID string `json:"id"`
	} `json:"user"`
}

// Create answers the options of a registration.
func (k *Key) Create(asked json.RawMessage) ([]byte, error) {
	o, err := k.read(asked)
	if err != nil {
		return nil, err
	}
	if k.Handle, err = base64.RawURLEncoding.DecodeString(o.User.ID); err != nil {
		return nil, fmt.Errorf("user handle: %w", err)
	}
	client, err := k.client("webauthn.create", o)
	if err != nil {
		return nil, err
	}
	point, err := k.private.PublicKey.Bytes() // 4, then x and y
	if err != nil {
		return nil, err
	}
	data := k.data(o.Rely.ID, attested)
	data = append(data, make([]byte, 16)...) // no model
	data = binary.BigEndian.AppendUint16(data, uint16(len(k.ID)))
	data = append(data, k.ID...)
	// An ES256 key (RFC 9053, 7.1.1): {1: 2, 3: -7, -1: 1, -2: x, -3: y}.
	data = append(data, 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20)
	data = append(data, point[1:33]...)
	data = append(data, 0x22, 0x58, 0x20)
	data = append(data, point[33:]...)
	// {"fmt": "none", "attStmt": {}, "authData": data} (WebAuthn, 8.7).
	object := []byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x59")
	object = append(binary.BigEndian.AppendUint16(object, uint16(len(data))), data...)
	return k.answer(map[string]any{
		"clientDataJSON": encode(client), "attestationObject": encode(object), "transports": []string{"internal", "smoke-signals"},
	})
}

// Get answers the options of an assertion.
func (k *Key) Get(asked json.RawMessage) ([]byte, error) {
	o, err := k.read(asked)
	if err != nil {
		return nil, err
	}
	if k.Counts {
		k.Counter++
	}
	client, err := k.client("webauthn.get", o)
	if err != nil {
		return nil, err
	}
	data := k.data(o.RelyID, 0)
	hash := sha256.Sum256(client)
	digest := sha256.Sum256(append(append([]byte{}, data...), hash[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, k.private, digest[:])
	if err != nil {
		return nil, err
	}
	return k.answer(map[string]any{
		"clientDataJSON": encode(client), "authenticatorData": encode(data), "signature": encode(signature), "userHandle": encode(k.Handle),
	})
}

func (k *Key) read(asked json.RawMessage) (o options, err error) {
	if err = json.Unmarshal(asked, &o); err != nil {
		return o, fmt.Errorf("options: %w", err)
	}
	return o, nil
}

// data is the authenticator data.
func (k *Key) data(rely string, flags byte) []byte {
	if k.RelyID != "" {
		rely = k.RelyID
	}
	hash := sha256.Sum256([]byte(rely))
	return binary.BigEndian.AppendUint32(append(hash[:], k.Flags|flags), k.Counter)
}

// client is what the browser says of the page (WebAuthn, 5.8.1).
func (k *Key) client(ceremony string, o options) ([]byte, error) {
	if k.Type != "" {
		ceremony = k.Type
	}
	return json.Marshal(map[string]any{"type": ceremony, "challenge": o.Challenge, "origin": k.Origin, "crossOrigin": false})
}

func (k *Key) answer(response map[string]any) ([]byte, error) {
	return json.Marshal(map[string]any{
		"id": encode(k.ID), "rawId": encode(k.ID), "type": "public-key", "response": response,
		"clientExtensionResults": map[string]any{"credProps": map[string]any{"rk": true}},
	})
}

func encode(raw []byte) string { return base64.RawURLEncoding.EncodeToString(raw) }
