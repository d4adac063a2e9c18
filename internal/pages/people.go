package pages

import (
	"html/template"

	"github.com/orgate/orgate/internal/fault"
)

// Register asks whoever has no account yet for one of their own. At first it
// posts name, contact and account; once a code was Sent it posts code and
// password.
type Register struct {
	Form     Hidden
	Name     string       // what was typed before
	Contact  string       // likewise
	Account  string       // likewise, "" has one drawn
	Mobiles  bool         // short messages can be sent, so a number will do
	Sent     bool         // a code went to the contact, or seems to have
	Puzzle   *Puzzle      // to be solved before another code is sent, nil for none
	Min, Max int          // characters of a password
	Fault    *fault.Error // why the form is shown again, nil at first
	Back     string       // the address of the sign-in
}

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (r Register) Errors() map[string]*fault.Error {
	if r.Sent {
		return byField(r.Fault, "code", "password")
	}
	return byField(r.Fault, "name", "contact", "account", "puzzle")
}

// Focus names the field the cursor starts in: the first one at fault, else the
// first one.
func (r Register) Focus() string {
	fields := []string{"name", "contact", "account", "puzzle"}
	if r.Sent {
		fields = []string{"code", "password"}
	}
	return firstAtFault(r.Errors(), fields)
}

// Puzzle is a slide puzzle. It posts its word as puzzle, and where the piece was
// put as puzzle_x.
type Puzzle struct {
	Word           string
	Picture, Piece template.URL // data addresses
	Width, Height  int          // of the picture in pixels
	Size           int          // of the piece, both sides
	Y              int          // where the piece is, from above
	Minutes        int          // after which a code is sent without a puzzle
}

// Most is as far as the piece can be moved.
func (p Puzzle) Most() int { return p.Width - p.Size }

func firstAtFault(faults map[string]*fault.Error, fields []string) string {
	for _, field := range fields {
		if faults[field] != nil {
			return field
		}
	}
	return fields[0]
}

// Password is the field in which a new password is typed.
func (r Register) Password() PasswordField {
	return PasswordField{Min: r.Min, Max: r.Max, Fault: r.Errors()["password"], Focus: r.Focus() == "password"}
}

// PasswordField is the field of a new password, posted as password.
type PasswordField struct {
	Min, Max int // characters
	Fault    *fault.Error
	Focus    bool // the cursor starts here
}

// Organizations are those of a person. Its forms post do with switch and the
// organisation's identifier as organization, none, or found with name.
type Organizations struct {
	Form        Hidden
	Name        string // the person's
	Places      []Place
	Within      bool   // the session acts in one of them
	Founds      bool   // the person may make one more
	Quotas      string // the address to ask for one more, "" hides it
	Owned, Most int    // of their own
	Typed       string
	Notice      Key          // what was done just now, "" for nothing
	Fault       *fault.Error // why something was not, nil otherwise
	Account     string       // the address of the account's page
}

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (o Organizations) Errors() map[string]*fault.Error {
	if !o.Founds {
		return byField(o.Fault)
	}
	return byField(o.Fault, "name")
}

// Place is one of them.
type Place struct {
	ID    string
	Name  string // the organisation's
	Code  string
	Role  Key
	Here  bool   // the session acts there
	Last  bool   // where the person was last
	Leave string // the address to leave it, "" for the owner, who stays
	// Barred is why the person is not let in, nil if they are.
	Barred *fault.Error
}

// The notices of Organizations.
const (
	NoteOrganizationLeft    Key = "organizations.left"
	NoteOrganizationFounded Key = "organizations.founded"
	NoteOrganizationJoined  Key = "organizations.joined"
	NoteOrganizationTaken   Key = "organizations.taken"
)

// RoleKey is the name of a role as pages write it.
func RoleKey(role string) Key { return Key("role." + role) }

// InvitationStep is what whoever opened an invitation can do with it.
type InvitationStep string

// The steps.
const (
	InvitationJoin     InvitationStep = "join"     // they are signed in with the right account
	InvitationSignIn   InvitationStep = "sign_in"  // somebody signs in by the contact: they
	InvitationRegister InvitationStep = "register" // nobody does: they make an account
	InvitationOther    InvitationStep = "other"    // they are signed in with another account
)

// Invitation shows who invites where. Its form posts do with join or register, the
// latter with name, account and password, or sign_in and sign_out.
type Invitation struct {
	Form         Hidden
	Step         InvitationStep
	Organization string
	Inviter      string
	Contact      string // masked
	SignedIn     string // the name of who is signed in, "" for nobody
	Name         string // what was typed before, or what they were invited by
	Account      string // what was typed before
	Min, Max     int
	Fault        *fault.Error
}

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (i Invitation) Errors() map[string]*fault.Error {
	return byField(i.Fault, "name", "account", "password")
}

// Focus names the field the cursor starts in.
func (i Invitation) Focus() string {
	return firstAtFault(i.Errors(), []string{"password", "name", "account"})
}

// Password is the field in which a new password is typed.
func (i Invitation) Password() PasswordField {
	return PasswordField{Min: i.Min, Max: i.Max, Fault: i.Errors()["password"], Focus: i.Focus() == "password"}
}

// TakeOver shows the offer of an organisation. Its form posts do with accept,
// sign_in or sign_out.
type TakeOver struct {
	Form         Hidden
	Organization string
	Giver        string
	Leaves       bool         // the giver leaves with it
	SignedIn     string       // the name of who is signed in, "" for nobody
	Fault        *fault.Error // why it was not accepted, nil at first
}

// RemoveAccount asks a person whether to remove their account, and posts password.
type RemoveAccount struct {
	Form    Hidden
	Account string
	Leaves  []string // the organisations that the person leaves with it
	Ask     bool     // for the password
	// Owns is the address of the organisations while the person owns one, and so
	// cannot remove the account; "" lets them.
	Owns  string
	Fault *fault.Error
	Back  string
}

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (r RemoveAccount) Errors() map[string]*fault.Error {
	if !r.Ask {
		return byField(r.Fault)
	}
	return byField(r.Fault, "password")
}

func (Register) name() string      { return "register" }
func (Organizations) name() string { return "organizations" }
func (Invitation) name() string    { return "invitation" }
func (TakeOver) name() string      { return "take_over" }
func (RemoveAccount) name() string { return "remove_account" }
