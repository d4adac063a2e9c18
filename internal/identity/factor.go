package identity

import "time"

// FactorKind is a sort of proof beside the password.
type FactorKind string

const (
	// FactorTOTP is an app that shows a new code every half minute (RFC 6238).
	FactorTOTP FactorKind = "totp"
	// FactorPasskey is a key in an authenticator, which signs for this address
	// alone (WebAuthn).
	FactorPasskey FactorKind = "passkey"
)

// The methods by which a factor proves a person, as RFC 8176 names them in amr.
const (
	// ByOTP is a one-time password.
	ByOTP = "otp"
	// ByRecovery is a recovery code; ours, for the RFC has no word of it.
	ByRecovery = "rcv"
	// ByPasskey is a proof that a key is possessed, whether hardware keeps it or
	// software (OpenID Connect EAP ACR Values 1.0, 3): which of them it is, nobody
	// attests.
	ByPasskey = "pop"
)

// Factor is something by which a person proves themselves beside the password.
// It belongs to the account, wherever its holder is a member. Its secret never
// leaves the rooms that check it.
type Factor struct {
	ID        FactorID
	AccountID AccountID
	Kind      FactorKind
	Name      string // what the person calls it
	CreatedAt time.Time
	UsedAt    time.Time // zero before the first use
}

// Validate checks the name: 1 to 64 characters.
func (f Factor) Validate() error {
	if faulty := textFault("name", f.Name, 1, 64); faulty != nil {
		return faulty
	}
	return nil
}
