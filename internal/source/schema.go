package source

import (
	"maps"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// FieldType is what a setting of a source holds, and how a form asks for it.
type FieldType string

// The types of settings.
const (
	FieldText    FieldType = "text"    // one line
	FieldSecret  FieldType = "secret"  // one line that is written and never read back
	FieldKey     FieldType = "key"     // a private key in PEM, of several lines: a secret too
	FieldAddress FieldType = "address" // an http or https address
	FieldPath    FieldType = "path"    // where a field stands in an answer; a point leads into an object
	FieldChoice  FieldType = "choice"  // one of Choices
	FieldSwitch  FieldType = "switch"  // true or false
	FieldList    FieldType = "list"    // words with commas between them
)

// Secret reports whether values of the type are never shown again.
func (t FieldType) Secret() bool { return t == FieldSecret || t == FieldKey }

// Field is one setting of a kind of sources. The schema of a kind is the one
// table from which its settings are read, checked and shown, in the management
// API, in manifests and in forms.
type Field struct {
	Key  string // in settings, under the same name on every wire
	Type FieldType
	// Required settings must be there before the source can be enabled. Some
	// others are required by what is chosen beside them; enabling tells.
	Required bool
	Choices  []string // of a FieldChoice
	Default  string   // what counts while nothing is set; "" for none
	// Carries marks an address to which secrets, or what they open, are sent: a
	// stored secret does not follow its change.
	Carries bool

	form *form // nil is that of the type
}

// LabelKey is the key of the catalogues under which the setting's name stands.
func (f Field) LabelKey() string { return "source." + f.Key }

// HelpKey is the key of the sentence that explains the setting.
func (f Field) HelpKey() string { return "source." + f.Key + "_help" }

// ChoiceKey is the key under which one of its choices is named.
func (f Field) ChoiceKey(choice string) string { return "source." + f.Key + "." + choice }

// kind is what there is to one kind of sources.
type kind struct {
	open   opener
	schema func() []Field
	// check tells what the settings demand of each other: always, and what is
	// missing before the source can be enabled.
	check func(v Values) (always, lacking []*fault.Error)
	tells bool // of the end of sessions
}

// kinds is every kind of source there is.
func kinds() map[identity.SourceKind]kind {
	return map[identity.SourceKind]kind{
		identity.SourceOAuth2: {open: openOAuth2, schema: oauth2Schema, check: checkClient},
		identity.SourceOIDC:   {open: openOIDC, schema: oidcSchema, check: checkOIDC, tells: true},
		identity.SourceCAS:    {open: openCAS, schema: casSchema, check: checkCAS, tells: true},
	}
}

// Kinds lists every kind of source, in the order of their names.
func Kinds() []identity.SourceKind { return slices.Sorted(maps.Keys(kinds())) }

// Schema returns the settings of a kind in the order of a form, nil for a kind
// that does not exist.
func Schema(of identity.SourceKind) []Field {
	k, ok := kinds()[of]
	if !ok {
		return nil
	}
	return k.schema()
}

// form is how a value has to be written.
type form struct {
	ok   func(string) bool
	want string // key of the catalogues that describes it
}

// formOf is the form of a field's values.
func formOf(f Field) form {
	if f.form != nil {
		return *f.form
	}
	switch f.Type {
	case FieldAddress:
		return form{isWebAddress, "want.centre_url"}
	case FieldPath:
		return form{isPath, "want.field_path"}
	case FieldKey:
		return form{isPrivateKey, "want.private_key"}
	}
	return form{isText, "want.visible_text"}
}

// exitForm is that of addresses at which people sign out.
func exitForm() *form { return &form{isExitAddress, "want.exit_url"} }
