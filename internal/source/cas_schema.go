package source

import "github.com/orgate/orgate/internal/fault"

// The forms in which a CAS server can be asked to answer (CAS Protocol 3.0,
// 2.5.4), and the version that knows neither.
const (
	casJSON     = "json"
	casXML      = "xml"
	casVersion1 = "1"
)

// casUser is the name under which rules look at whom the ticket names, apart
// from the attributes.
const casUser = "user"

// casSchema is the settings of a source of the kind cas (OrgID, D.4).
func casSchema() []Field {
	return []Field{
		{Key: "login_url", Type: FieldAddress, Required: true},
		{Key: "validate_url", Type: FieldAddress, Required: true},
		{Key: "version", Type: FieldChoice, Choices: []string{casVersion1, "2", "3"}, Default: "3"},
		{Key: "format", Type: FieldChoice, Choices: []string{casXML, casJSON}, Default: casXML},
		{Key: "subject_field", Type: FieldPath, Default: casUser},
		{Key: "exit_url", Type: FieldAddress, form: exitForm()},
	}
}

func checkCAS(v Values) (always, lacking []*fault.Error) {
	if v["version"] == casVersion1 && v["subject_field"] != casUser {
		// Version 1 has no attributes (2.4.2).
		always = append(always, fault.New(fault.Invalid, fault.CodeFieldChoice).At(settingsPrefix+"subject_field").With("choices", casUser))
	}
	return always, nil
}
