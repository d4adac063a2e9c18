package factor

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// passkeyLife is how long a challenge waits for its answer: people look for a
// key, and type its number.
const passkeyLife = 5 * time.Minute

// maxAnswer bounds what a browser may bring as an answer. That of a common
// authenticator has one or two thousand characters.
const maxAnswer = 64 << 10

var (
	errPasskeyOff     = fault.New(fault.Conflict, fault.CodePasskeyOff)
	errPasskeyWrong   = fault.New(fault.Invalid, fault.CodePasskeyWrong).At("passkey")
	errPasskeyLate    = fault.New(fault.Expired, fault.CodePasskeyLate)
	errPasskeyCopied  = fault.New(fault.Invalid, fault.CodePasskeyCopied).At("passkey")
	errPasskeyMissing = fault.New(fault.Conflict, fault.CodePasskeyMissing)
)

// relyingParty is the installation as authenticators know it (WebAuthn, 4): its
// host and origin are those of the configured address, whatever a request says.
// It is nil where browsers know no passkeys: at the address of a machine, and
// without TLS but on the machine itself (WebAuthn, 5.1.2; Secure Contexts, 3.1).
func relyingParty(address, name string) *webauthn.WebAuthn {
	u, err := url.Parse(address)
	if err != nil || net.ParseIP(u.Hostname()) != nil {
		return nil
	}
	host := strings.ToLower(u.Hostname())
	local := host == "localhost" || strings.HasSuffix(host, ".localhost")
	if u.Scheme != "https" && (u.Scheme != "http" || !local) {
		return nil
	}
	party, err := webauthn.New(&webauthn.Config{
		RPID: host, RPDisplayName: cmp.Or(name, host), RPOrigins: []string{u.Scheme + "://" + u.Host},
		// Which model it is matters to nobody here, and asking would name it.
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey:      protocol.ResidentKeyRequirementPreferred,
			UserVerification: protocol.VerificationPreferred,
		},
		Timeouts: webauthn.TimeoutsConfig{
			Login:        webauthn.TimeoutConfig{Timeout: passkeyLife},
			Registration: webauthn.TimeoutConfig{Timeout: passkeyLife},
		},
		// Password managers tell things that nobody asked for.
		ExtensionsUnsolicitedOutputPolicy: protocol.UnsolicitedOutputPolicyIgnore,
	})
	if err != nil {
		return nil
	}
	return party
}

// holder is an account as the library asks for it.
type holder struct {
	account identity.Account
	keys    []store.PasskeyRow
}

// WebAuthnID is the user handle: the account's identifier, which tells nothing
// about the person (WebAuthn, 14.6.1).
func (h holder) WebAuthnID() []byte { return []byte(h.account.ID) }

// WebAuthnName is what a browser shows to tell passkeys apart.
func (h holder) WebAuthnName() string { return h.account.Name }

// WebAuthnDisplayName is the same: an account has no other name.
func (h holder) WebAuthnDisplayName() string { return h.account.Name }

// WebAuthnCredentials returns the passkeys.
func (h holder) WebAuthnCredentials() []webauthn.Credential {
	all := make([]webauthn.Credential, 0, len(h.keys))
	for _, k := range h.keys {
		one := webauthn.Credential{
			ID: k.Credential, PublicKey: k.PublicKey, Flags: webauthn.CredentialFlags{BackupEligible: k.Portable},
			Authenticator: webauthn.Authenticator{SignCount: k.Counter},
		}
		for _, transport := range k.Transports {
			one.Transport = append(one.Transport, protocol.AuthenticatorTransport(transport))
		}
		all = append(all, one)
	}
	return all
}

// asked is what waits under a ticket for the answer of an authenticator.
type asked struct {
	Account identity.AccountID `json:"account"`
	// Session and Bound are where the answer counts alone, "" for anywhere.
	Session identity.SessionID   `json:"session"`
	Bound   string               `json:"bound"`
	Make    bool                 `json:"make"` // a new passkey, and no proof by one there is
	Options json.RawMessage      `json:"options"`
	Data    webauthn.SessionData `json:"data"`
}

// invite asks the browser to make a passkey, of another authenticator than those
// that hold one.
func invite(party *webauthn.WebAuthn, h holder) (a asked, err error) {
	exclude := webauthn.Credentials(h.WebAuthnCredentials()).CredentialDescriptors()
	creation, data, err := party.BeginRegistration(h, webauthn.WithExclusions(exclude))
	if err != nil {
		return a, fmt.Errorf("ask for a new passkey: %w", err)
	}
	a = asked{Account: h.account.ID, Make: true, Data: *data}
	a.Options, err = json.Marshal(creation.Response)
	return a, err
}

// challengeOf asks the browser for a signature by one of the passkeys.
func challengeOf(party *webauthn.WebAuthn, h holder) (a asked, err error) {
	if len(h.keys) == 0 {
		return a, errPasskeyMissing
	}
	assertion, data, err := party.BeginLogin(h)
	if err != nil {
		return a, fmt.Errorf("ask for a passkey: %w", err)
	}
	// Those that the account has when the answer comes count, and no others.
	data.AllowedCredentialIDs = nil
	a = asked{Account: h.account.ID, Data: *data}
	a.Options, err = json.Marshal(assertion.Response)
	return a, err
}

// made reads the passkey that an authenticator made when it was asked.
func made(party *webauthn.WebAuthn, h holder, a asked, answer []byte) (r store.PasskeyRow, err error) {
	if len(answer) > maxAnswer {
		return r, errPasskeyWrong
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return r, errPasskeyWrong.Because(err)
	}
	c, err := party.CreateCredential(h, a.Data, parsed)
	if err != nil {
		return r, errPasskeyWrong.Because(err)
	}
	r = store.PasskeyRow{
		AccountID: h.account.ID, Credential: c.ID, PublicKey: c.PublicKey, Counter: c.Authenticator.SignCount, Portable: c.Flags.BackupEligible,
	}
	for _, transport := range c.Transport {
		if known(transport) {
			r.Transports = append(r.Transports, string(transport))
		}
	}
	return r, nil
}

// known tells the transports that a standard names: a list of anything else
// would come back to every browser.
func known(t protocol.AuthenticatorTransport) bool {
	switch t {
	case protocol.USB, protocol.NFC, protocol.BLE, protocol.SmartCard, protocol.Hybrid, protocol.Internal:
		return true
	}
	return false
}

// signed reads a signature by one of the passkeys and returns which, with its new
// counter; copied tells that the counter went back.
func signed(party *webauthn.WebAuthn, h holder, a asked, answer []byte) (r store.PasskeyRow, copied bool, err error) {
	if len(answer) > maxAnswer {
		return r, false, errPasskeyWrong
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return r, false, errPasskeyWrong.Because(err)
	}
	c, err := party.ValidateLogin(h, a.Data, parsed)
	if err != nil {
		return r, false, errPasskeyWrong.Because(err)
	}
	for _, k := range h.keys {
		if string(k.Credential) == string(c.ID) {
			r = k
		}
	}
	r.Counter = parsed.Response.AuthenticatorData.Counter
	return r, c.Authenticator.CloneWarning, nil
}
