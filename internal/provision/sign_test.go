package provision

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

const signatureKey = "0123456789abcdef"

// receiverKey is one key for all tests: making one takes a while.
var receiverKey = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, identity.MinReceiverKey)
	if err != nil {
		panic(err)
	}
	return key
})

func publicPEM() string {
	der, err := x509.MarshalPKIXPublicKey(&receiverKey().PublicKey)
	if err != nil {
		panic(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}

// TestSignatures compares with what another program computed from the formulas
// of the specification (OrgID, G.4).
func TestSignatures(t *testing.T) {
	call := departmentCall(aboutAcme(identity.SyncV2), department{"rd", "R&D <1>", "1"}, Add)
	body := []byte(bodyOf(t, call, nil))
	tests := []struct{ name, got, want string }{
		{"second form", signer{identity.SyncV2, identity.SyncSHA256, signatureKey}.xSign("NONCE", "1650426077642", body), "49FEA2F36369B89A0530BF69D89D28EFF8DE36638BE19042264BF8BE7E753179"},
		{"second form knows one digest", signer{identity.SyncV2, identity.SyncSHA1, signatureKey}.xSign("NONCE", "1650426077642", body), "49FEA2F36369B89A0530BF69D89D28EFF8DE36638BE19042264BF8BE7E753179"},
		{"first form", signer{identity.SyncV1, identity.SyncSHA256, signatureKey}.authToken(call), "4fYuuyvuz8msGz3a9McR1H2ZCr5TJ1aL0EPllZ98YAY="},
		{"first form, SHA-1", signer{identity.SyncV1, identity.SyncSHA1, signatureKey}.authToken(call), "epMHARAeABvnNVtOf0bmdJaZuaI="},
	}
	for _, test := range tests {
		if test.got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, test.got, test.want)
		}
	}
}

func TestHeaders(t *testing.T) {
	call := departmentCall(aboutAcme(identity.SyncV2), department{"rd", "Research", "1"}, Add)
	body := []byte(bodyOf(t, call, nil))
	s := signer{identity.SyncV2, identity.SyncSHA256, signatureKey}
	first, second := http.Header{}, http.Header{}
	s.sign(first, call, body, moment)
	s.sign(second, call, body, moment)
	if first.Get("x-timestamp") != "1650426077642" || len(first.Get("x-nonce")) < 20 || first.Get("x-nonce") == second.Get("x-nonce") {
		t.Errorf("headers %v and %v, want the moment in milliseconds and nonces that differ", first, second)
	}
	if want := s.xSign(first.Get("x-nonce"), "1650426077642", body); first.Get("x-sign") != want {
		t.Errorf("x-sign = %s, want %s", first.Get("x-sign"), want)
	}
	old := http.Header{}
	signer{identity.SyncV1, identity.SyncSHA256, signatureKey}.sign(old, call, body, moment)
	if old.Get("authToken") == "" || len(old) != 1 {
		t.Errorf("headers of the first form = %v, want authToken alone", old)
	}
	if text := fmt.Sprint(s); strings.Contains(text, signatureKey) {
		t.Errorf("a signer prints as %s", text)
	}
}

func TestSignaturesOfAnswers(t *testing.T) {
	const body = "{\"resultCode\":\"000000\",\"resultMsg\":\"Success\"}\n"
	const right, right1 = "jtcfQCgtSedMNOmPpyvVtbo0wK6V9jBBY+HfTTYJpvU=", "hhkJyz45McrR8Auoz1+WWZFBruU="
	tests := []struct {
		name   string
		digest identity.SyncDigest
		values []string
		body   string
		want   verdict
	}{
		{"none", identity.SyncSHA256, nil, body, unsigned},
		{"right", identity.SyncSHA256, []string{`sign_type="HMAC-SHA256", signature="` + right + `"`}, body, signed},
		{"without the blank", identity.SyncSHA256, []string{`sign_type="HMAC-SHA256",signature="` + right + `"`}, body, signed},
		{"the end of the line counts", identity.SyncSHA256, []string{`sign_type="HMAC-SHA256", signature="` + right + `"`}, strings.TrimSpace(body), forged},
		{"without quotation marks", identity.SyncSHA256, []string{`sign_type=HMAC-SHA256, signature=` + right}, body, forged},
		{"twice", identity.SyncSHA256, []string{`sign_type="HMAC-SHA256", signature="` + right + `"`, "x"}, body, forged},
		{"of another key", identity.SyncSHA256, []string{`sign_type="HMAC-SHA256", signature="` + strings.ToUpper(right) + `"`}, body, forged},
		{"SHA-1 where nobody chose it", identity.SyncSHA256, []string{`sign_type="HMAC-SHA1", signature="` + right1 + `"`}, body, forged},
		{"SHA-1", identity.SyncSHA1, []string{`sign_type="HMAC-SHA1", signature="` + right1 + `"`}, body, signed},
		{"better than SHA-1", identity.SyncSHA1, []string{`sign_type="HMAC-SHA256", signature="` + right + `"`}, body, signed},
	}
	for _, test := range tests {
		header := http.Header{"Body-Sign": test.values}
		if got := (signer{identity.SyncV1, test.digest, signatureKey}).verify(header, []byte(test.body)); got != test.want {
			t.Errorf("%s: verdict %d, want %d", test.name, got, test.want)
		}
	}
}

func TestSecretIsForTheReceiverAlone(t *testing.T) {
	for digest, hash := range map[identity.SyncDigest]crypto.Hash{identity.SyncSHA256: crypto.SHA256, identity.SyncSHA1: crypto.SHA1} {
		s := identity.Sync{Digest: digest, PublicKey: publicPEM(), ClientSecret: "hunter2"}
		sealed, err := sealSecret(s)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := base64.StdEncoding.DecodeString(sealed)
		if err != nil {
			t.Fatal(err)
		}
		open, err := receiverKey().Decrypt(rand.Reader, raw, &rsa.OAEPOptions{Hash: hash})
		if err != nil || string(open) != "hunter2" {
			t.Errorf("%s: opened %q, %v", digest, open, err)
		}
	}
	if sealed, err := sealSecret(identity.Sync{}); sealed != "" || err != nil {
		t.Errorf("no secret seals to %q, %v", sealed, err)
	}
	if _, err := sealSecret(identity.Sync{ClientSecret: "hunter2", PublicKey: "AAAA"}); !fault.Is(err, fault.CodeFieldFormat) {
		t.Errorf("a key that is none: %v", err)
	}
}
