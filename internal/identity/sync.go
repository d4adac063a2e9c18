package identity

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Sync is how one application is told of its organisation: who may enter it, in
// which departments they are, and by which credential it signs them in (OrgID,
// G.1).
type Sync struct {
	OrganizationID OrganizationID
	ApplicationID  ApplicationID
	Enabled        bool
	// CallbackURL is what the paths of the calls are appended to.
	CallbackURL string
	// SignatureKey signs what is sent, and what comes back.
	SignatureKey string
	// PublicKey is the receiver's, in PEM: it seals the application's secret.
	PublicKey string
	Digest    SyncDigest
	Wire      SyncWire
	// VerifyAnswers refuses an answer that is not signed. One with a wrong
	// signature is refused always.
	VerifyAnswers bool
	// ReleasePersonal tells mobile numbers, mail addresses, and when and where
	// somebody works.
	ReleasePersonal bool
	// ClientSecret is what the receiver is told, "" for an application without
	// one.
	ClientSecret string
	Version      int64
	CreatedAt    time.Time
	UpdatedAt    time.Time
}

// String keeps keys and secret out of logs.
func (s Sync) String() string { return "sync of " + string(s.ApplicationID) }

// GoString keeps keys and secret out of %#v.
func (s Sync) GoString() string { return s.String() }

// SyncWire is one of the two forms of the calls.
type SyncWire string

// The forms (OrgID, G.2).
const (
	SyncV1 SyncWire = "v1"
	SyncV2 SyncWire = "v2"
)

// SyncDigest is the digest behind signatures and the sealing of the secret.
type SyncDigest string

// The digests. SHA-1 is for receivers that know nothing else.
const (
	SyncSHA256 SyncDigest = "sha256"
	SyncSHA1   SyncDigest = "sha1"
)

const (
	// MinReceiverKey is the least size in bits of a receiver's key.
	MinReceiverKey = 3072
	maxReceiverKey = 16384
	maxReceiverPEM = 8 << 10
)

var syncKeyPattern = pattern(`^[\x21-\x7e]{8,128}$`)

// Validate checks the settings' own rules and reports every fault at its field.
// What is switched off may be unfinished, but not wrong.
func (s Sync) Validate() error {
	var f flaws
	choice(&f, "wire", s.Wire, SyncV1, SyncV2)
	choice(&f, "digest", s.Digest, SyncSHA256, SyncSHA1)
	for _, needed := range []struct{ field, value string }{
		{"callback_url", s.CallbackURL}, {"signature_key", s.SignatureKey}, {"public_key", s.PublicKey},
	} {
		if s.Enabled && needed.value == "" {
			f.add(fault.New(fault.Invalid, fault.CodeFieldMissing).At(needed.field).With("field", needed.field))
		}
	}
	if s.CallbackURL != "" {
		f.unless(callbackURL(s.CallbackURL), "callback_url", "want.callback_url")
	}
	if s.SignatureKey != "" {
		f.unless(syncKeyPattern().MatchString(s.SignatureKey), "signature_key", "want.signature_key")
	}
	if s.PublicKey != "" {
		_, err := ParseReceiverKey(s.PublicKey)
		f.add(fault.Of(err))
	}
	return fault.All(f)
}

// callbackURL demands https and the name of a host (OrgID, G.2), and nothing
// behind the path that would stand between it and what is appended.
func callbackURL(text string) bool {
	u, err := url.Parse(text)
	if err != nil || len(text) > 512 || u.Scheme != "https" || u.User != nil || u.RawQuery != "" || u.ForceQuery || strings.Contains(text, "#") {
		return false
	}
	_, err = netip.ParseAddr(u.Hostname())
	return err != nil && u.Hostname() != "" && !strings.ContainsAny(text, " \\")
}

// ParseReceiverKey reads the RSA key of a receiver: PEM, or its content alone in
// base64, as PKIX or PKCS #1. Less than 3072 bits are refused (OrgID, G.2).
func ParseReceiverKey(text string) (*rsa.PublicKey, error) {
	refused := fault.New(fault.Invalid, fault.CodeFieldFormat).At("public_key").With("want", "want.public_key")
	if len(text) > maxReceiverPEM {
		return nil, refused
	}
	var der []byte
	if block, _ := pem.Decode([]byte(text)); block != nil {
		der = block.Bytes
	} else {
		var err error
		if der, err = base64.StdEncoding.DecodeString(strings.Join(strings.Fields(text), "")); err != nil {
			return nil, refused.Because(err)
		}
	}
	key, err := x509.ParsePKCS1PublicKey(der)
	if err != nil {
		any, err := x509.ParsePKIXPublicKey(der)
		if err != nil {
			return nil, refused.Because(err)
		}
		var ok bool
		if key, ok = any.(*rsa.PublicKey); !ok {
			return nil, refused
		}
	}
	if size := key.N.BitLen(); size < MinReceiverKey || size > maxReceiverKey {
		return nil, refused
	}
	return key, nil
}
