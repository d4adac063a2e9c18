package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Connect is what a set-up link shows to whoever follows it: nothing is opened
// before the button is pressed.
type Connect struct {
	Action       string // where the form is posted
	Organization string
	Source       string // its name
	EndsAt       time.Time
}

// ConnectForm is what the browser that opened a set-up link works on.
type ConnectForm struct {
	Action       string // where the form is posted
	Token        string // the value of CSRFField
	Organization string
	Source       string
	Kind         string // of the source: a part of keys
	EndsAt       time.Time
	Callback     string // the address to register at the source
	LogoutURL    string // where the source tells of the end of sessions, "" where it cannot
	Settings     []Setting
	Domain       string
	Record       string // the TXT record that proves the domain, "" while none is typed
	Proven       bool
	Tried        *ConnectTried // nil before a try
	Written      bool          // something was saved: it can be tried and submitted
	State        string        // open, submitted, approved, rejected or withdrawn
	Note         string        // why it was rejected
	Notice       Key
	Fault        *fault.Error
}

// ConnectTried is the report on the latest try of what was filled in.
type ConnectTried struct {
	State    string // waiting, passed or failed
	Continue string // where the browser goes on, "" when it need not
	Host     string // that Continue leads to
	Steps    []ConsoleStep
	Received []ConnectReceived
}

// ConnectReceived is something that the source said of the person who tried.
type ConnectReceived struct{ Name, Value string }

// Open reports whether the form may be written.
func (c ConnectForm) Open() bool { return c.State == "open" }

// Errors returns the faults of the form by field, and puts them beside the
// settings; those of no field shown here are under "".
func (c ConnectForm) Errors() map[string]*fault.Error {
	return judged(c.Settings, c.Fault, "domain")
}

func (Connect) name() string { return "connect" }

func (ConnectForm) name() string { return "connect_form" }
