package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// The ways in which somebody signed in.
const (
	ByPassword Key = "how.password"
	ByCentre   Key = "how.centre" // the organisation's own
	ByApp      Key = "how.app"    // an application that was trusted to say so
)

// Account tells who is signed in. Its form signs out.
type Account struct {
	Form         Hidden
	Name         string // the person's
	Account      string
	Organization string // "" for an administrator of the provider
	How          Key
	Since        time.Time
	Console      string // the address of the management pages, "" hides them
	Devices      string // the address of the list of sessions
	Requests     string // the address of what they have asked for, "" hides it
	Applications string // and of what they agreed to release, "" hides it
	Links        string // and of the accounts elsewhere by which they sign in, "" hides it
	Password     string // the address to change the password, "" hides it
	// Organizations is the address of the person's organisations, and Remove that
	// to remove their own account; "" hides them.
	Organizations, Remove string
	Privacy               string // that of the privacy statement, "" where there is none
	Quotas                string // the address to ask for more room, "" hides it
	Factors               string // the address of proofs beside the password, "" hides it
}

// Links lists with which accounts at authentication sources a person is linked
// in an organisation. Its forms post the source's identifier as source.
type Links struct {
	Form         Hidden
	Organization string
	Links        []Link
	Removed      bool         // one was removed just now
	Fault        *fault.Error // why one was not, nil otherwise
	Back         string
}

// Link is one of them.
type Link struct {
	Source string // its identifier
	Name   string // the source's
	Icon   string // the address of its picture, "" for none
	Since  time.Time
	Used   time.Time // of the last sign-in
	Off    bool      // the source is not enabled now
	Last   bool      // no other way in is left, so it stays
}

// Prove asks for the password of an account that an authentication source
// named, so that the two are connected. It posts fields of the names claim and
// password.
type Prove struct {
	Form   Hidden
	Claim  string       // the value of the field claim
	Source string       // the source's name
	Said   string       // the address that the person gave there
	For    Application  // to which the way leads, zero for none
	Fault  *fault.Error // why the form is shown again, nil at first
	Code   string       // of the trace of the refusal, "" if there is none
	Other  string       // the address of the sign-in, for whoever is somebody else
}

// Forgotten asks for the account whose password was forgotten and posts it as
// account; once it is Sent it says what happens now.
type Forgotten struct {
	Form    Hidden
	Account string       // what was typed before
	Fault   *fault.Error // why the form is shown again, nil at first
	Sent    bool
	Back    string // the address of the sign-in
}

// NewPassword asks for a new password and posts it as password, with the
// present one as old_password where it asks for that.
type NewPassword struct {
	Form    Hidden
	Code    string // the value of the field code, "" leaves it out
	Account string // for password managers
	AskOld  bool
	Forced  bool // somebody else chose the present one
	Min     int  // characters
	Max     int  // characters
	Fault   *fault.Error
	Trace   string // the code of the trace of the refusal, "" if there is none
	Back    string // the address to go back to, "" hides it
	SignOut string // the address to sign out instead, "" hides it
}

// Devices lists the sessions of a person. Its forms post the session's
// identifier as session, or others=yes to end all but this one.
type Devices struct {
	Form     Hidden
	Sessions []Device
	Ended    int // how many were ended just now
	Back     string
}

// Device is one session.
type Device struct {
	ID       string
	Browser  string // such as "Firefox", "" if unknown
	Platform string // such as "Windows", "" if unknown
	Address  string // where it began, "" if unknown
	How      Key
	Since    time.Time
	Seen     time.Time
	Here     bool // this very browser
	// Applications are those that were entered in it.
	Applications []Entered
}

// Others tells whether there is any session but this browser's.
func (d Devices) Others() bool {
	for _, device := range d.Sessions {
		if !device.Here {
			return true
		}
	}
	return false
}

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (n NewPassword) Errors() map[string]*fault.Error {
	return byField(n.Fault, "old_password", "password")
}

// Focus names the field the cursor starts in.
func (n NewPassword) Focus() string {
	if n.AskOld && n.Errors()["password"] == nil {
		return "old_password"
	}
	return "password"
}

// byField sorts the faults of an input by its fields; those of no field named
// are under "". Of several of one field the first is kept.
func byField(f *fault.Error, fields ...string) map[string]*fault.Error {
	sorted := map[string]*fault.Error{}
	if f == nil {
		return sorted
	}
	for _, one := range append([]*fault.Error{f}, f.Others...) {
		field := ""
		for _, known := range fields {
			if one.Field == known {
				field = known
			}
		}
		if sorted[field] == nil {
			sorted[field] = one
		}
	}
	return sorted
}

// moment is the template function moment: an instant in the words of no
// language, for people without script; script writes it in the viewer's zone.
func moment(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") + " UTC" }

// machine is the template function machine: an instant as an attribute.
func machine(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (Account) name() string     { return "account" }
func (Forgotten) name() string   { return "forgotten" }
func (NewPassword) name() string { return "new_password" }
func (Devices) name() string     { return "devices" }

func (Links) name() string { return "links" }
func (Prove) name() string { return "prove" }
