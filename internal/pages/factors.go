package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Factors lists what somebody can prove themselves by beside the password. Its
// forms post do, which is begin, passkey, name, remove or renew, and for name and
// remove the factor.
type Factors struct {
	Form          Hidden
	Factors       []FactorRow
	RecoveryCodes int  // how many are left
	Full          bool // there is no room for another
	Passkeys      bool // browsers know passkeys at this address
	Notice        Key  // what was done just now, "" for nothing
	Back          string
}

// FactorRow is one authenticator app or passkey.
type FactorRow struct {
	ID    string
	Kind  string // totp or passkey
	Name  string
	Since time.Time
	Used  time.Time // zero before it was used
}

// The notices of Factors.
const (
	NoteFactorRemoved Key = "factors.removed"
	NoteFactorRenamed Key = "factors.renamed"
)

// FactorName asks for another name of a factor. Its form posts do, which is
// rename, factor and name.
type FactorName struct {
	Form   Hidden
	Factor string
	Kind   string // totp or passkey
	Name   string // what it is called
	Called string // what stands in the field
	Fault  *fault.Error
	Back   string
}

// Errors sorts the fault by field.
func (f FactorName) Errors() map[string]*fault.Error { return byField(f.Fault, "name") }

// Passkey asks the browser for a passkey by its script: it answers in the fields
// passkey_ticket and passkey of the form around it.
type Passkey struct {
	Do      string // what the form does with the answer
	Ticket  string
	Options string // JSON (WebAuthn, 5.4 and 5.5)
	Second  bool   // another button of the page goes before it
}

// FactorProof asks for the proof that a change takes. Its form posts do, factor,
// password, and proof or what Passkey brings.
type FactorProof struct {
	Form     Hidden
	Do       string // confirm, passkey, remove or renew
	Factor   string // the one that is removed
	Name     string // what it is called
	Password bool   // ask for the password
	Code     bool   // ask for a code
	App      bool   // they have an authenticator app: the code may be of it
	// Passkey is asked for in place of a code, nil for nobody's.
	Passkey *Passkey
	Fault   *fault.Error
	Back    string
}

// Errors sorts the fault by field.
func (f FactorProof) Errors() map[string]*fault.Error {
	return byField(f.Fault, "password", "proof", "passkey")
}

// FactorSetup shows the secret of an authenticator app, to be scanned or typed,
// and asks for a code that the app shows. Its form posts do, ticket, name, code
// and what FactorProof posts.
type FactorSetup struct {
	FactorProof
	Ticket string
	Secret string // in groups of four
	// Size and Path are the picture: the modules of a side, and the black ones as
	// data of an SVG path.
	Size   int
	Path   string
	Called string // the name typed before
}

// Errors sorts the fault by field.
func (f FactorSetup) Errors() map[string]*fault.Error {
	return byField(f.Fault, "code", "name", "password", "proof", "passkey")
}

// PasskeySetup asks the browser to make a passkey. Its form posts do, which is
// passkey_add, name and what Passkey brings.
type PasskeySetup struct {
	Form    Hidden
	Passkey *Passkey
	Called  string // the name typed before
	Fault   *fault.Error
	Back    string
}

// Errors sorts the fault by field.
func (f PasskeySetup) Errors() map[string]*fault.Error { return byField(f.Fault, "name", "passkey") }

// RecoveryCodes shows new recovery codes, this once.
type RecoveryCodes struct {
	Codes []string
	Back  string
}

func (Factors) name() string       { return "factors" }
func (FactorName) name() string    { return "factor_name" }
func (FactorProof) name() string   { return "factor_proof" }
func (FactorSetup) name() string   { return "factor_setup" }
func (PasskeySetup) name() string  { return "passkey_setup" }
func (RecoveryCodes) name() string { return "recovery_codes" }
