package identity

import "time"

// FactorKind is a sort of proof beside the password.
type FactorKind string

// FactorTOTP is an app that shows a new code every half minute (RFC 6238).
const FactorTOTP FactorKind = "totp"

// The methods by which a factor proves a person, as RFC 8176 names them in amr.
const (
	// ByOTP is a one-time password.
	ByOTP = "otp"
	// ByRecovery is a recovery code; ours, for the RFC has no word of it.
	ByRecovery = "rcv"
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
