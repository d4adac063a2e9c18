package pages

import "github.com/orgate/orgate/internal/fault"

// ConsoleApplications lists the applications of an organisation.
type ConsoleApplications struct {
	Frame
	Applications []ConsoleApplication
	Next         string // the address of the next page, "" when this is the last
}

// ConsoleApplication is an application in a list.
type ConsoleApplication struct {
	Name, ClientID string
	Protocol       string // oidc, oauth2 or cas
	State          string // active or disabled
	Try            string // the address of its try, "" where there is none
	Traces         string // the address of its stories
}

// ConsoleApplicationTry is the form of settings that are tried and not saved.
type ConsoleApplicationTry struct {
	Frame
	Action      string // where the form is posted
	Token       string // the value of CSRFField
	Version     string // the stored one that the values come from
	Application string // its name
	// Values are those of the fields, by name.
	Values map[string]string
	Fault  *fault.Error // why the form is shown again, nil at first
}

// TryField is one field of the form. Its label and help are the sentences
// console_application_try.<name> and console_application_try.<name>_help.
type TryField struct {
	Name    string
	Kind    string // text, area or choice
	Choices []string
	Value   string
	Fault   *fault.Error
	Focus   bool
}

// TryFields are the fields of the form, in its order.
func TryFields() []TryField {
	return []TryField{
		{Name: "home_urls", Kind: "area"},
		{Name: "scopes", Kind: "text"},
		{Name: "claims", Kind: "area"},
		{Name: "access", Kind: "choice", Choices: []string{"saved", "everyone"}},
		{Name: "consent", Kind: "choice", Choices: []string{"false", "true"}},
		{Name: "require_pkce", Kind: "choice", Choices: []string{"false", "true"}},
		{Name: "id_token_alg", Kind: "choice", Choices: []string{"RS256", "RS384", "RS512", "ES256"}},
		{Name: "access_token_format", Kind: "choice", Choices: []string{"opaque", "jwt"}},
		{Name: "status", Kind: "choice", Choices: []string{"active", "disabled"}},
	}
}

// Errors returns the faults of the form by field; those of no field shown here
// are under "".
func (c ConsoleApplicationTry) Errors() map[string]*fault.Error {
	var names []string
	for _, f := range TryFields() {
		names = append(names, f.Name)
	}
	return byField(c.Fault, names...)
}

// Fields returns the form filled in, with the cursor in the first field at
// fault.
func (c ConsoleApplicationTry) Fields() []TryField {
	fields, faults, focused := TryFields(), c.Errors(), false
	for i := range fields {
		f := &fields[i]
		f.Value, f.Fault = c.Values[f.Name], faults[f.Name]
		f.Focus = f.Fault != nil && !focused
		focused = focused || f.Focus
	}
	return fields
}

// Label is the key of the field's label.
func (f TryField) Label() Key { return Key("console_application_try." + f.Name) }

// Help is the key of what stands below the field.
func (f TryField) Help() Key { return Key("console_application_try." + f.Name + "_help") }

// Plain reports whether the choices are words of the protocol, shown as they
// are.
func (f TryField) Plain() bool { return f.Name == "id_token_alg" }

// ChoiceKey is the sentence of a choice.
func (f TryField) ChoiceKey(choice string) Key {
	return Key("console_application_try." + f.Name + "." + choice)
}

// ConsoleTryReport is the report on a try of an application.
type ConsoleTryReport struct {
	Frame
	Action      string // where the form is posted
	Token       string // the value of CSRFField
	State       string // waiting, running, passed or failed
	Application string // its name
	Go          string // where the browser goes on, "" when it need not
	Homes       []string
	Steps       []TriedStep
	Claims      []TriedClaim
	Back        string // the form with these values, "" for a new application
	MaySave     bool
	Fault       *fault.Error
}

// TriedStep is one exchange of the flow.
type TriedStep struct {
	Name, State     string // Name is a part of keys: tryout.step.…
	Request, Answer string
	Tokens          []TriedToken
	Checks          []TriedCheck
	Remedy          string // how to mend it, "" where nothing is wrong
}

// TriedToken is a token that was opened.
type TriedToken struct{ Kind, Header, Claims string }

// TriedCheck is one thing that was looked at; Name is a part of keys:
// tryout.check.…
type TriedCheck struct{ Name, State, Expected, Received string }

// TriedClaim is what was released, or that nothing was.
type TriedClaim struct {
	Name, Value       string
	IDToken, UserInfo bool
	Scope, Attribute  string
}

// Ordered are the steps with those that failed first.
func (c ConsoleTryReport) Ordered() []TriedStep {
	var failed, others []TriedStep
	for _, s := range c.Steps {
		if s.State == "failed" {
			failed = append(failed, s)
		} else {
			others = append(others, s)
		}
	}
	return append(failed, others...)
}

func (ConsoleApplications) name() string   { return "console_applications" }
func (ConsoleApplicationTry) name() string { return "console_application_try" }
func (ConsoleTryReport) name() string      { return "console_try_report" }
