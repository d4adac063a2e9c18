package pages

import (
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
)

// MarkPath is the product's mark, an O that is an arch, as the data of one SVG
// path in a view box of 16 × 16, to be filled with one colour.
const MarkPath = "M6.5 15.35A7.5 7.5 0 1 1 9.5 15.35V12.24A4.5 4.5 0 1 0 6.5 12.24Z"

// CSRFField is the name of the form field that carries the token of a form.
const CSRFField = "csrf_token"

// keyPrefix begins the key of every sentence of a page in the catalogue.
const keyPrefix = "page."

// Page is one answer to a browser.
type Page struct {
	Content Content
	// Status is the HTTP status; when 0 it follows from the content: that of
	// the fault for a Refusal, else 200.
	Status int
	// FormAction lists further addresses at which a form of this page may end
	// after redirects: a validated redirect URI, an assertion consumer, a
	// centre. Only scheme and host are used, or the scheme alone where no more is
	// written; what is no address is left out.
	FormAction []string
	// Languages are those the visitor is said to read, best first: they count
	// where the visitor has chosen none here.
	Languages []string
	// Self is the address that shows this page by GET, for the switches of
	// language and theme; when empty, the request's own address if it was a GET.
	// Without either, and for Once, the switches are not shown.
	Self string
}

// Once is the Self of a page that no GET shows again, such as the answer to an
// address that works once.
const Once = "once"

// Content is what a page shows: one of the types of this package.
type Content interface{ name() string }

// contents returns one of each, for parsing and for tests.
func contents() []Content {
	own := []Content{
		Setup{},
		SetupDone{},
		Refusal{},
		Notice{},
		Docs{},
		Login{},
		Domain{},
		Leaving{},
		OpenApp{},
		Jump{},
		HandOver{},
		SignOut{},
		SignedOut{},
		Account{},
		Forgotten{},
		NewPassword{},
		Devices{},
		Links{},
		Prove{},
		Register{},
		Organizations{},
		Invitation{},
		TakeOver{},
		RemoveAccount{},
		Quotas{},
		Factors{},
		FactorName{},
		FactorProof{},
		FactorSetup{},
		PasskeySetup{},
		RecoveryCodes{},
		LeaveOrganization{},
		Chooser{},
		Consent{},
		Privacy{},
		Situation{},
		Verification{},
		Requests{},
		Applications{},
		ConsoleRequests{},
		ConsoleApplications{},
		ConsoleApplicationTry{},
		ConsoleTryReport{},
		Connect{},
		ConnectForm{},
	}
	return append(own, consoleContents()...)
}

// Key names a sentence of the catalogue without its prefix "page.".
type Key string

// Action is a link that looks like a button.
type Action struct {
	Label   Key    // such as ActionSignIn
	Address string // where it leads; a path of our own or an https address
}

// The labels of buttons that lead onwards.
const (
	ActionSignIn     Key = "action.sign_in"
	ActionTryAgain   Key = "action.try_again"
	ActionStartAgain Key = "action.start_again"
	ActionBack       Key = "action.back"
	ActionHome       Key = "action.home"
	ActionConsole    Key = "action.console"
	ActionDocs       Key = "action.docs"
)

// Setup is the form that makes the first provider administrator. It posts
// account, name, password and CSRFField to Action.
type Setup struct {
	Action      string       // where the form is posted
	Address     string       // the configured base URL; a browser at another one is told
	Token       string       // the value of CSRFField
	Account     string       // what was typed before
	Name        string       // what was typed before
	PasswordMin int          // characters, shown as help
	PasswordMax int          // characters, shown as help
	Fault       *fault.Error // why the form is shown again, nil at first
}

// SetupDone says that the first administrator was made.
type SetupDone struct {
	Account string // the administrator's account
	Next    Action // the only button
}

// Mender says who can mend a refusal.
type Mender uint8

// The menders. The zero value leaves the answer to the kind of the fault.
const (
	MenderByKind        Mender = iota // a sensible one for the fault's kind
	MenderVisitor                     // the person who reads the page
	MenderAdministrator               // an administrator of the organisation
	MenderProvider                    // the service provider above the organisation
	MenderOperator                    // whoever runs this server
)

var menderKeys = [...]Key{
	MenderVisitor: "refusal.who.visitor", MenderAdministrator: "refusal.who.administrator",
	MenderProvider: "refusal.who.provider", MenderOperator: "refusal.who.operator",
}

// Refusal says that the gate stays shut, why, what the person can do, and who
// can mend it. Only the fault's sentence is shown, never its cause.
type Refusal struct {
	Fault  *fault.Error
	Title  Key    // "" takes the title of the fault's kind
	Action Action // what they can do now; no button when its address is empty
	Mender Mender
	Code   string // the code of the trace or request, "" if there is none
}

// RefusedRequest is the page of an application's request that is wrong, where
// nobody but the person at the browser can be told. Whoever runs the application
// has to mend it, for the person did not write it.
func RefusedRequest(f *fault.Error, code string) Page {
	mender := MenderByKind
	switch f.Kind {
	case fault.Invalid, fault.NotFound, fault.Forbidden:
		mender = MenderAdministrator
	}
	page := Page{Content: Refusal{Fault: f, Mender: mender, Code: code, Action: Action{Label: ActionHome, Address: "/"}}}
	if f.Code == fault.CodeMethod {
		page.Status = http.StatusMethodNotAllowed
	}
	return page
}

// Notice says one thing, such as "You are signed out".
type Notice struct {
	Title  Key
	Text   Key
	Params map[string]any // of Title and Text alike
	Action Action         // no button when its address is empty
}

// Docs is the page that lists the operations of an OpenAPI document.
type Docs struct {
	Source string // the document's address on this host
}

func (Setup) name() string     { return "setup" }
func (SetupDone) name() string { return "setup_done" }
func (Refusal) name() string   { return "refusal" }
func (Notice) name() string    { return "notice" }
func (Docs) name() string      { return "docs" }

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (s Setup) Errors() map[string]*fault.Error {
	return byField(s.Fault, "account", "name", "password")
}

// Focus names the field the cursor starts in: the first one at fault, else the
// first one.
func (s Setup) Focus() string {
	faults := s.Errors()
	for _, field := range []string{"account", "name", "password"} {
		if faults[field] != nil {
			return field
		}
	}
	return "account"
}

// Heading returns the key of the refusal's title.
func (r Refusal) Heading() Key {
	if r.Title != "" {
		return r.Title
	}
	return Key("refusal.title." + r.kind().String())
}

// Who returns the key of the sentence that says who can mend it.
func (r Refusal) Who() Key {
	if r.Mender != MenderByKind && int(r.Mender) < len(menderKeys) {
		return menderKeys[r.Mender]
	}
	return menderKeys[answers[r.kind()].mender]
}

func (r Refusal) kind() fault.Kind {
	if r.Fault == nil || int(r.Fault.Kind) >= len(answers) {
		return fault.Internal
	}
	return r.Fault.Kind
}

func (p Page) status() int {
	if p.Status != 0 {
		return p.Status
	}
	if refusal, ok := p.Content.(Refusal); ok {
		return Status(refusal.kind())
	}
	return http.StatusOK
}

// faultText is the template function fault.
func (p *Pages) faultText(lang i18n.Language) func(*fault.Error) string {
	return func(f *fault.Error) string { return p.catalogue.Fault(lang, f) }
}
