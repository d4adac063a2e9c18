package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// ConsoleSources lists the authentication sources of an organisation, and adds
// one.
type ConsoleSources struct {
	Frame
	Action  string // where the form is posted
	Token   string // the value of CSRFField
	Sources []ConsoleSourceLine
	Links   []ConsoleLinkLine // those that wait for a decision
	Kinds   []SettingChoice
	Typed   string // the name that was typed
	Kind    string // that was chosen
	Done    Key    // what was just done, "" for nothing
	Fault   *fault.Error
}

// ConsoleSourceLine is a source in a list. Kind is a whole key of the
// catalogue.
type ConsoleSourceLine struct {
	Name, Kind, Address string
	Enabled             bool
}

// ConsoleLinkLine is a set-up link in a list.
type ConsoleLinkLine struct {
	For, State, Address string
	Source              string // its name
	EndsAt              time.Time
}

// ConsoleSource is the form of one source.
type ConsoleSource struct {
	Frame
	Action    string // where the form is posted
	Token     string // the value of CSRFField
	Version   string // the stored one, posted along so that nobody's change is lost
	TryID     string // the try that holds the secrets of these values, "" for none
	Override  bool   // the reason for enabling untried settings is asked for
	Title     string // its name, as it is stored
	Kind      string // a whole key of the catalogue
	Enabled   bool
	Callback  string    // the address to register at the source
	LogoutURL string    // where it tells of the end of sessions, "" where it cannot
	General   []Setting // name and binding
	Settings  []Setting
	Try       *ConsoleSourceTry // the latest try that the address names, nil for none
	Links     []ConsoleLinkLine
	NewLink   string // the address of a link that was just made: shown this once
	Stale     bool
	Notice    Key
	Fault     *fault.Error
}

// ConsoleSourceTry is the report on a try of settings that need not be saved.
type ConsoleSourceTry struct {
	State    string // waiting, passed or failed
	Continue string // where the browser goes on, "" when it cannot from here
	Host     string // that Continue leads to
	Steps    []ConsoleStep
	Said     []ConsoleSaid
	Outlook  ConsoleOutlook
}

// ConsoleSaid is something that the source said, and what it fills.
type ConsoleSaid struct{ Name, Value, Fills string }

// Errors returns the faults of the form by field, and puts them beside the
// settings; those of no field shown here are under "".
func (c ConsoleSource) Errors() map[string]*fault.Error {
	general := judged(c.General, c.Fault)
	for _, s := range c.Settings {
		general[s.Name] = nil
	}
	var names []string
	for _, s := range c.General {
		names = append(names, s.Name)
	}
	return judged(c.Settings, c.Fault, append(names, "reason")...)
}

// Errors returns the faults of the form by field.
func (c ConsoleSources) Errors() map[string]*fault.Error { return byField(c.Fault, "name", "kind") }

// ConsoleSetupLink shows what was filled in by a set-up link, for a decision.
type ConsoleSetupLink struct {
	Frame
	Action   string // where the form is posted
	Token    string // the value of CSRFField
	Link     ConsoleLinkLine
	Domain   string
	Proven   bool
	Note     string // why it was rejected
	Settings []ConsoleDifference
	Fault    *fault.Error
}

// ConsoleDifference is a setting that was filled in beside the one in force.
// Label is a whole key of the catalogue.
type ConsoleDifference struct {
	Label, Before, After string
	Secret               bool // was given, and is not shown
}

// Decidable reports whether it waits for a decision.
func (c ConsoleSetupLink) Decidable() bool { return c.Link.State == "submitted" }

// Withdrawable reports whether it can be taken back.
func (c ConsoleSetupLink) Withdrawable() bool {
	return c.Link.State == "waiting" || c.Link.State == "open" || c.Link.State == "submitted"
}

func (ConsoleSources) name() string   { return "console_sources" }
func (ConsoleSource) name() string    { return "console_source" }
func (ConsoleSetupLink) name() string { return "console_setup_link" }
