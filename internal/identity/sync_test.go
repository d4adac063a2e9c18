package identity

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func receiverPEM(t testing.TB, bits int) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: x509.MarshalPKCS1PublicKey(&key.PublicKey)}))
}

func TestSyncValidate(t *testing.T) {
	key := receiverPEM(t, MinReceiverKey)
	whole := func(change func(*Sync)) Sync {
		s := Sync{Enabled: true, CallbackURL: "https://app.example/in", SignatureKey: "0123456789", PublicKey: key, Wire: SyncV2, Digest: SyncSHA256}
		change(&s)
		return s
	}
	tests := []struct {
		name   string
		change func(*Sync)
		fields []string
	}{
		{"whole", func(*Sync) {}, nil},
		{"first form, weak digest", func(s *Sync) { s.Wire, s.Digest = SyncV1, SyncSHA1 }, nil},
		{"nothing but the switch", func(s *Sync) { *s = Sync{Enabled: true, Wire: SyncV2, Digest: SyncSHA256} }, []string{"callback_url", "public_key", "signature_key"}},
		{"unfinished and off", func(s *Sync) { *s = Sync{Wire: SyncV2, Digest: SyncSHA256} }, nil},
		{"wrong and off", func(s *Sync) { s.Enabled, s.CallbackURL = false, "http://app.example" }, []string{"callback_url"}},
		{"other words", func(s *Sync) { s.Wire, s.Digest = "v3", "md5" }, []string{"digest", "wire"}},
		{"http", func(s *Sync) { s.CallbackURL = "http://app.example" }, []string{"callback_url"}},
		{"an address for a name", func(s *Sync) { s.CallbackURL = "https://192.0.2.1/in" }, []string{"callback_url"}},
		{"an address in brackets", func(s *Sync) { s.CallbackURL = "https://[2001:db8::1]/in" }, []string{"callback_url"}},
		{"no host", func(s *Sync) { s.CallbackURL = "https:///in" }, []string{"callback_url"}},
		{"a name before the host", func(s *Sync) { s.CallbackURL = "https://good.example@evil.example/" }, []string{"callback_url"}},
		{"a query", func(s *Sync) { s.CallbackURL = "https://app.example/?x=1" }, []string{"callback_url"}},
		{"an empty query", func(s *Sync) { s.CallbackURL = "https://app.example/?" }, []string{"callback_url"}},
		{"a fragment", func(s *Sync) { s.CallbackURL = "https://app.example/#" }, []string{"callback_url"}},
		{"short key", func(s *Sync) { s.SignatureKey = "short" }, []string{"signature_key"}},
		{"key with a blank", func(s *Sync) { s.SignatureKey = "long enough" }, []string{"signature_key"}},
		{"no key of a receiver", func(s *Sync) { s.PublicKey = "key" }, []string{"public_key"}},
	}
	for _, test := range tests {
		err := whole(test.change).Validate()
		var got []string
		var f *fault.Error
		if errors.As(err, &f) {
			got = append(got, f.Field)
			for _, other := range f.Others {
				got = append(got, other.Field)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, test.fields) {
			t.Errorf("%s: faults at %v (%v), want %v", test.name, got, err, test.fields)
		}
	}
}

func TestParseReceiverKey(t *testing.T) {
	good := receiverPEM(t, MinReceiverKey)
	block, _ := pem.Decode([]byte(good))
	rsaKey, err := x509.ParsePKCS1PublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	pkix, err := x509.MarshalPKIXPublicKey(rsaKey)
	if err != nil {
		t.Fatal(err)
	}
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := x509.MarshalPKIXPublicKey(&curve.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, text string
		good       bool
	}{
		{"PKCS #1", good, true},
		{"PKIX", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: pkix})), true},
		{"without its frame", base64.StdEncoding.EncodeToString(pkix), true},
		{"too small", receiverPEM(t, 2048), false},
		{"another kind", string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: other})), false},
		{"nothing", "", false},
		{"too long", strings.Repeat("A", maxReceiverPEM+1), false},
	}
	for _, test := range tests {
		key, err := ParseReceiverKey(test.text)
		if (err == nil) != test.good {
			t.Errorf("%s: %v", test.name, err)
		}
		if err == nil && !key.Equal(rsaKey) {
			t.Errorf("%s: another key was read", test.name)
		}
		if err != nil && !fault.Is(err, fault.CodeFieldFormat) {
			t.Errorf("%s: %v, want a fault of the field", test.name, err)
		}
	}
}

func TestSyncPrintsNoSecret(t *testing.T) {
	s := Sync{ApplicationID: "app_1", SignatureKey: "hunter2-hunter2", ClientSecret: "hunter3"}
	for _, text := range []string{fmt.Sprint(s), fmt.Sprintf("%+v", s), fmt.Sprintf("%#v", s)} {
		if strings.Contains(text, "hunter") {
			t.Errorf("printed as %s", text)
		}
	}
}

func FuzzParseReceiverKey(f *testing.F) {
	for _, seed := range []string{"", "AAAA", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		key, err := ParseReceiverKey(text)
		if err == nil && key.N.BitLen() < MinReceiverKey {
			t.Errorf("%q is a key of %d bits", text, key.N.BitLen())
		}
	})
}
