package seal_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/seal"
)

func newBox(t *testing.T, current, index seal.Key, former ...seal.Key) *seal.Box {
	t.Helper()
	box, err := seal.NewBox(current, index, former...)
	if err != nil {
		t.Fatal(err)
	}
	return box
}

func TestRoundTrip(t *testing.T) {
	box := newBox(t, newKey(t), newKey(t))
	for _, plaintext := range [][]byte{{}, {0}, []byte("+8613800138000"), bytes.Repeat([]byte("x"), 70_000)} {
		sealed := box.Seal(plaintext, "accounts.mobile:acc_1")
		if got, want := len(sealed), len(plaintext)+seal.Overhead; got != want {
			t.Errorf("sealed %d bytes to %d, want %d", len(plaintext), got, want)
		}
		got, err := box.Open(sealed, "accounts.mobile:acc_1")
		if err != nil || !bytes.Equal(got, plaintext) {
			t.Errorf("opened %d bytes, %v; want %d", len(got), err, len(plaintext))
		}
		if bytes.Equal(sealed, box.Seal(plaintext, "accounts.mobile:acc_1")) {
			t.Error("sealed twice to the same bytes")
		}
	}
}

func TestTampering(t *testing.T) {
	const context = "accounts.mobile:acc_1"
	box := newBox(t, newKey(t), newKey(t))
	flip := func(i int) func([]byte) []byte {
		return func(b []byte) []byte { b[i] ^= 1; return b }
	}
	tests := []struct {
		name    string
		change  func(sealed []byte) []byte
		context string
		want    fault.Code
	}{
		{"nothing", func(b []byte) []byte { return b }, context, ""},
		{"version", flip(0), context, fault.CodeInternal},
		{"key id", flip(1), context, fault.CodeKeyUnknown},
		{"nonce", flip(5), context, fault.CodeInternal},
		{"ciphertext", flip(17), context, fault.CodeInternal},
		{"tag", flip(17 + len("secret")), context, fault.CodeInternal},
		{"one byte less", func(b []byte) []byte { return b[:len(b)-1] }, context, fault.CodeInternal},
		{"one byte more", func(b []byte) []byte { return append(b, 0) }, context, fault.CodeInternal},
		{"nothing left", func([]byte) []byte { return nil }, context, fault.CodeInternal},
		{"header only", func(b []byte) []byte { return b[:seal.Overhead-1] }, context, fault.CodeInternal},
		{"another row", func(b []byte) []byte { return b }, "accounts.mobile:acc_2", fault.CodeInternal},
		{"another column", func(b []byte) []byte { return b }, "accounts.email:acc_1", fault.CodeInternal},
		{"no context", func(b []byte) []byte { return b }, "", fault.CodeInternal},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := box.Open(tt.change(box.Seal([]byte("secret"), context)), tt.context)
			if tt.want == "" {
				if err != nil {
					t.Errorf("got %v", err)
				}
				return
			}
			if !fault.Is(err, tt.want) || fault.KindOf(err) != fault.Internal {
				t.Errorf("got %v, want an Internal fault %s", err, tt.want)
			}
		})
	}
}

func TestRotation(t *testing.T) {
	first, second, index := newKey(t), newKey(t), newKey(t)
	before := newBox(t, first, index)
	after := newBox(t, second, index, first)
	if before.Current() != first.ID() || after.Current() != second.ID() {
		t.Errorf("current keys are %s and %s", before.Current(), after.Current())
	}
	older, newer := before.Seal([]byte("v"), "c"), after.Seal([]byte("v"), "c")
	if _, err := after.Open(older, "c"); err != nil {
		t.Errorf("a value of the former key: %v", err)
	}
	if _, err := before.Open(newer, "c"); !fault.Is(err, fault.CodeKeyUnknown) {
		t.Errorf("a value of a key to come: got %v, want %s", err, fault.CodeKeyUnknown)
	}
	asked := 0
	reloading := before.Or(func() (*seal.Box, error) { asked++; return after, nil })
	if _, err := reloading.Open(newer, "c"); err != nil || asked != 1 {
		t.Errorf("after reloading: got %v, asked %d times", err, asked)
	}
	if !bytes.Equal(before.Digest("mobile", "v"), after.Digest("mobile", "v")) {
		t.Error("rotating the sealing key changed the digests")
	}
}

func TestDigest(t *testing.T) {
	box := newBox(t, newKey(t), newKey(t))
	base := box.Digest("mobile", "+86138")
	if len(base) != seal.DigestSize || !bytes.Equal(base, box.Digest("mobile", "+86138")) {
		t.Errorf("got %x, want %d bytes, the same each time", base, seal.DigestSize)
	}
	other := newBox(t, newKey(t), newKey(t))
	for name, digest := range map[string][]byte{
		"another value":    box.Digest("mobile", "+86139"),
		"another purpose":  box.Digest("email", "+86138"),
		"a shifted border": box.Digest("mobile+", "86138"),
		"another key":      other.Digest("mobile", "+86138"),
	} {
		if bytes.Equal(base, digest) {
			t.Errorf("%s has the same digest", name)
		}
	}
}

func TestMasterKeys(t *testing.T) {
	a, b := bytes.Repeat([]byte{1}, 32), bytes.Repeat([]byte{2}, 32)
	tests := []struct {
		name     string
		material [][]byte
		ok       bool
	}{
		{"one", [][]byte{a}, true},
		{"two", [][]byte{a, b}, true},
		{"none", nil, false},
		{"short", [][]byte{a[:31]}, false},
		{"twice", [][]byte{a, b, a}, false},
	}
	for _, tt := range tests {
		if _, err := seal.NewKeys(tt.material); (err == nil) != tt.ok {
			t.Errorf("%s: got %v, want ok = %v", tt.name, err, tt.ok)
		}
	}
	older, _ := seal.NewKeys([][]byte{a})
	both, _ := seal.NewKeys([][]byte{b, a})
	newer, _ := seal.NewKeys([][]byte{b})
	key := newKey(t)
	wrapped := older.Wrap(key, "seal")
	if got, err := both.Unwrap(wrapped, "seal"); err != nil || got.ID() != key.ID() {
		t.Errorf("unwrap with the second master key: got %s, %v", got.ID(), err)
	}
	if _, err := both.Unwrap(wrapped, "index"); fault.KindOf(err) != fault.Internal || err == nil {
		t.Errorf("unwrap for another purpose: got %v", err)
	}
	if _, err := newer.Unwrap(wrapped, "seal"); !fault.Is(err, fault.CodeKeyUnknown) {
		t.Errorf("unwrap without its master key: got %v, want %s", err, fault.CodeKeyUnknown)
	}
	if _, err := newer.Unwrap(both.Wrap(key, "seal"), "seal"); err != nil {
		t.Errorf("wrapped again: %v", err)
	}
}

func TestKeysNeverPrint(t *testing.T) {
	material := []byte("0123456789abcdef0123456789abcdef")
	key, err := seal.KeyOf(material)
	if err != nil {
		t.Fatal(err)
	}
	keys, _ := seal.NewKeys([][]byte{material})
	var out strings.Builder
	log := slog.New(slog.NewTextHandler(&out, nil))
	for _, v := range []any{key, &key, keys, newBox(t, key, key)} {
		log.Info("m", "v", v)
		fmt.Fprintf(&out, "%v %s", v, v)
	}
	fmt.Fprintf(&out, "%#v", key)
	if got := out.String(); strings.Contains(got, "0123456789") || strings.Contains(got, "48 49 50") {
		t.Errorf("printed the material: %s", got)
	}
}

func FuzzOpen(f *testing.F) {
	key, err := seal.KeyOf(bytes.Repeat([]byte{3}, seal.KeySize))
	if err != nil {
		f.Fatal(err)
	}
	box, err := seal.NewBox(key, key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(box.Seal([]byte("v"), "c"))
	f.Add([]byte{1})
	f.Fuzz(func(t *testing.T, sealed []byte) {
		plaintext, err := box.Open(sealed, "c")
		if err == nil && len(plaintext)+seal.Overhead != len(sealed) {
			t.Errorf("opened %d bytes to %d", len(sealed), len(plaintext))
		}
	})
}

func BenchmarkSeal(b *testing.B) {
	box, err := seal.NewBox(newKey(b), newKey(b))
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		box.Seal([]byte("+8613800138000"), "accounts.mobile:acc_1")
	}
}

func newKey(t testing.TB) seal.Key {
	t.Helper()
	key, err := seal.NewKey()
	if err != nil {
		t.Fatal(err)
	}
	return key
}
