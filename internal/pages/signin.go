package pages

import (
	"html/template"
	"net/url"
	"slices"

	"github.com/orgate/orgate/internal/fault"
)

// FlowField is the name of the form field, and of the parameter of an address,
// that carries the identifier of a sign-in conversation.
const FlowField = "flow"

// The labels of the buttons of the sign-in conversation.
const (
	ActionEnterprise Key = "action.enterprise" // on to enterprise SSO
	ActionForgotten  Key = "action.forgotten"  // to another link for a new password
)

// The notes with which a page of the conversation can begin.
const (
	NoteAfresh          Key = "note.afresh"           // the page was too old and starts again
	NotePasswordChanged Key = "note.password_changed" // sign in with the new one
)

// Hidden is what a form posts beside its visible fields.
type Hidden struct {
	Action string // where the form is posted
	Token  string // the value of CSRFField
	Flow   string // the value of FlowField, "" if the conversation remembers nothing
}

// Login asks for account and password and posts fields of these names.
type Login struct {
	Form       Hidden
	Account    string       // what was typed before
	Note       Key          // "" for none
	Fault      *fault.Error // why the form is shown again, nil at first
	Code       string       // of the trace of the refusal, "" if there is none
	Enterprise string       // the address of enterprise SSO
	Forgotten  string       // the address for a forgotten password
	Register   string       // the address to make an account of one's own, "" hides it
	For        Application  // to which the way leads, zero for none
	SignedIn   string       // who is signed in at this browser now, "" for nobody
	Ways       []Way        // the authentication sources that are offered
}

// Way is another way to sign in: a button that leads to an authentication
// source.
type Way struct {
	Name    string
	Icon    string // the address of its picture, "" for none
	Address string
}

// Application is what a page shows of an application.
type Application struct {
	Name string // "" for no application
	Icon string // the address of its picture, "" for none
}

// Domain asks for the domain of enterprise SSO and posts a field of this name.
type Domain struct {
	Form     Hidden
	Domain   string       // what was typed before
	App      bool         // the way ends in a client's app, not in this browser
	For      Application  // to which the way leads, zero for none
	SignedIn string       // who is signed in at this browser now, "" for nobody
	Note     Key          // "" for none
	Fault    *fault.Error // why the form is shown again, nil at first
	Code     string       // of the trace of the refusal, "" if there is none
	Password string       // the address of account and password, "" hides it
}

// Leaving says where a redirect leads, and leads there by itself. A form must
// not be answered with that redirect: Chromium would measure it by a
// form-action written before the address was known.
type Leaving struct {
	Address string // https, or http on this machine
}

// OpenApp leads back into a client's app, by itself and by a button.
type OpenApp struct {
	Name string // who was proven
	// Address is the app's own, with the one-time code: an http(s) address or
	// one with the app's scheme.
	Address string
}

// Jump asks whether to go on with a link that signs in once, since the mere
// look at a link must not spend it. With script the page goes on by itself,
// unless somebody is signed in here.
type Jump struct {
	Form     Hidden
	Nonce    string // the value of the field nonce
	SignedIn string // who is signed in at this browser now, "" for nobody
}

// SignOut asks whether to sign out. Its form posts what the application's wish
// is kept under as leave.
type SignOut struct {
	Form        Hidden
	Name        string // who is signed in
	Application string // that wishes it, "" when the person does
	Leave       string // the value of the field leave, "" leaves it out
}

// SignedOut says that nobody is signed in any more, and which applications
// were told.
type SignedOut struct {
	Applications []Entered
	Action       Action
}

// Entered is an application that a session was used for.
type Entered struct {
	Name  string
	State Key // whether it was told of the end: one of the Told keys, "" while the session lives
}

// Whether an application was told of a sign-out.
const (
	ToldPending  Key = "told.pending"
	ToldDone     Key = "told.done"
	ToldFailed   Key = "told.failed"
	ToldNotAsked Key = "told.not_asked"
)

// neverOpened are the schemes no page leads to, whoever asks.
var neverOpened = []string{"", "javascript", "data", "blob", "about", "file", "filesystem", "vbscript", "view-source"}

// Opens reports whether a page of ours may lead to an address outside, be it
// of the web or of an app's own scheme.
func Opens(address string) bool {
	u, err := url.Parse(address)
	return err == nil && !slices.Contains(neverOpened, u.Scheme) && (u.Host != "" || u.Scheme != "http" && u.Scheme != "https")
}

// nowhere is the link to an address that no page leads to.
const nowhere = "#"

// outside writes an address that Opens as the target of a link; the template
// engine would refuse an app's scheme.
func outside(address string) template.URL {
	u, err := url.Parse(address)
	if err != nil || !Opens(address) {
		return nowhere
	}
	return template.URL(u.String()) //nolint:gosec // parsed, its scheme checked, and written by net/url
}

// To returns where the link leads.
func (l Leaving) To() template.URL { return outside(l.Address) }

// Host is what the visitor is told of the address.
func (l Leaving) Host() string {
	u, err := url.Parse(l.Address)
	if err != nil {
		return ""
	}
	return u.Host
}

// To returns where the link leads.
func (o OpenApp) To() template.URL { return outside(o.Address) }

// Focus names the field the cursor starts in: the password once an account was
// typed.
func (l Login) Focus() string {
	if l.Account != "" {
		return "password"
	}
	return "account"
}

func (Login) name() string   { return "login" }
func (Domain) name() string  { return "domain" }
func (Leaving) name() string { return "leaving" }
func (OpenApp) name() string { return "open_app" }
func (Jump) name() string    { return "jump" }
func (SignOut) name() string { return "sign_out" }

func (SignedOut) name() string { return "signed_out" }
