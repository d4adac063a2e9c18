package pages

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Frame is what stands on top of every page of the management centre.
type Frame struct {
	Name   string  // of who is signed in
	Crumbs []Crumb // from the start of the management centre to here, itself included
}

// Crumb is one step of the way to a page: a sentence's key or, where there is
// none, a text.
type Crumb struct {
	Label   Key
	Text    string
	Address string // "" for the page itself
}

// ConsoleHome lists what somebody may administer.
type ConsoleHome struct {
	Frame
	Organizations []ConsoleOrganization
	// Search is shown to whoever administers the provider.
	Search bool
	Query  string // what was searched for
	Next   string // the address of the next page, "" when this is the last
}

// ConsoleOrganization is an organisation in a list.
type ConsoleOrganization struct {
	Name, Code   string
	SSO          string // the address of its enterprise sign-in
	Traces       string // the address of its traces
	Requests     string // the address of what people ask of it, "" hides it
	Applications string // the address of its applications, "" hides them
	Sources      string // the address of its authentication sources, "" hides them
}

// ConsoleSSO is the form of an organisation's enterprise sign-in.
type ConsoleSSO struct {
	Frame
	Action string // where the form is posted
	Token  string // the value of CSRFField
	Try    string // the try that holds the secret of these values, "" for none
	// Version is the stored one, posted along so that nobody's change is lost.
	Version  string
	Callback string // the address to register at the centre
	Host     string // the host of Callback, which some centres ask for alone
	Address  string // where people sign in; "" while no domain is stored
	// Values are those of the fields, by name. The secret's is never set.
	Values    map[string]string
	HasSecret bool // one is stored, or held by Try
	Enabled   bool
	MayEnable bool         // exactly these values passed a try
	Override  bool         // the reason is asked for
	Stale     bool         // somebody else changed what is stored
	Fault     *fault.Error // why the form is shown again, nil at first
	Notice    Key          // what was just done, "" for nothing
}

// ConsoleTry is the report on a try of an enterprise sign-in.
type ConsoleTry struct {
	Frame
	Action    string // where the form is posted
	Token     string // the value of CSRFField
	Try       string // its identifier
	State     string // waiting, passed or failed
	Continue  string // where the browser goes on, "" when it cannot from here
	Centre    string // the host that Continue leads to
	Steps     []ConsoleStep
	Values    []ConsoleValue
	Outlook   ConsoleOutlook
	Back      string // the form with these values
	Enabled   bool   // the stored configuration is enabled
	MayEnable bool   // these values passed and are not what is enabled already
	Fault     *fault.Error
}

// ConsoleStep is one line of a report or a trace.
type ConsoleStep struct {
	State    string // passed, failed, warned, noted or waiting
	Name     string // the stable name of the check
	Text     string // what was looked at, in the visitor's language
	Expected string
	Received string
	Remedy   string // how to mend it, "" where nothing is wrong
	Field    string // the address of the very field to mend, "" for none
	After    string // when, from the beginning
}

// ConsoleValue is a mapped field with what came.
type ConsoleValue struct {
	Label Key
	Path  string // the configured field, "" when none is
	Value string // "" when nothing came
}

// ConsoleOutlook is what a sign-in with these values would do.
type ConsoleOutlook struct {
	Kind   string // find, link, create, refuse, or "" when it is not known
	Member string // whom it would find, link or create
	Fault  *fault.Error
}

// ConsoleTraces lists the stories of sign-ins, and finds one by its code.
type ConsoleTraces struct {
	Frame
	Action string // where the search is sent
	Query  string
	List   bool // the stories of an organisation are listed, even when there are none
	// Only names the application whose stories alone are listed, "" for all;
	// All is then where all are.
	Only   string
	All    string
	Traces []ConsoleTraceLine
	Next   string // the address of older ones, "" when there are none
	Fault  *fault.Error
}

// ConsoleTraceLine is a story in a list.
type ConsoleTraceLine struct {
	Code, Address string
	Kind, Outcome string // parts of keys: trace.kind.…, trace.outcome.…
	Who           string
	At            time.Time
}

// ConsoleTrace is one story, or the few that share a request.
type ConsoleTrace struct {
	Frame
	Stories []ConsoleStory
}

// ConsoleStory is the timeline of one sign-in.
type ConsoleStory struct {
	ConsoleTraceLine
	RequestID    string
	From         string // the address it came from
	Organization string // its name
	Steps        []ConsoleStep
}

func (ConsoleHome) name() string   { return "console_home" }
func (ConsoleSSO) name() string    { return "console_sso" }
func (ConsoleTry) name() string    { return "console_try" }
func (ConsoleTraces) name() string { return "console_traces" }
func (ConsoleTrace) name() string  { return "console_trace" }

// consoleContents returns one of each page of the management centre.
func consoleContents() []Content {
	return []Content{
		ConsoleHome{}, ConsoleSSO{}, ConsoleTry{}, ConsoleTraces{}, ConsoleTrace{}, ConsoleSources{}, ConsoleSource{}, ConsoleSetupLink{},
	}
}

// Time is when the sign-in began, for programs and for people.
func (l ConsoleTraceLine) Time() string { return l.At.UTC().Format(time.RFC3339) }

// Stamp is Time as it is read without script.
func (l ConsoleTraceLine) Stamp() string { return l.At.UTC().Format("2006-01-02 15:04:05 UTC") }
