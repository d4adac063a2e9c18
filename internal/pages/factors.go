package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Factors lists what somebody can prove themselves by beside the password. Its
// forms post do, which is begin, remove or renew, and factor for remove.
type Factors struct {
	Form          Hidden
	Factors       []FactorRow
	RecoveryCodes int  // how many are left
	Full          bool // there is no room for another
	Notice        Key  // what was done just now, "" for nothing
	Back          string
}

// FactorRow is one authenticator app.
type FactorRow struct {
	ID    string
	Name  string
	Since time.Time
	Used  time.Time // zero before it was used
}

// The notices of Factors.
const NoteFactorRemoved Key = "factors.removed"

// FactorProof asks for the proof that a change takes. Its form posts do, factor,
// password and proof.
type FactorProof struct {
	Form     Hidden
	Do       string // confirm, remove or renew
	Factor   string // the one that is removed
	Name     string // what it is called
	Password bool   // ask for the password
	Code     bool   // ask for a code
	Fault    *fault.Error
	Back     string
}

// Errors sorts the fault by field.
func (f FactorProof) Errors() map[string]*fault.Error { return byField(f.Fault, "password", "proof") }

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
	return byField(f.Fault, "code", "name", "password", "proof")
}

// RecoveryCodes shows new recovery codes, this once.
type RecoveryCodes struct {
	Codes []string
	Back  string
}

func (Factors) name() string       { return "factors" }
func (FactorProof) name() string   { return "factor_proof" }
func (FactorSetup) name() string   { return "factor_setup" }
func (RecoveryCodes) name() string { return "recovery_codes" }
