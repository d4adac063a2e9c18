package api

import (
	"errors"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/orgate/orgate/internal/fault"
)

// complaints are what a value has wrong by a schema: a fault for each field,
// the paths of which begin with where. The values that the library quotes are
// dropped: one may be a password.
func complaints(schemas huma.Registry, schema *huma.Schema, where string, value any) []*fault.Error {
	path, result := huma.NewPathBuffer(nil, 0), &huma.ValidateResult{}
	if where != "" {
		path.Push(where)
	}
	huma.Validate(schemas, schema, path, huma.ModeWriteToServer, value, result)
	var faults []*fault.Error
	for _, err := range result.Errors {
		if d := (*huma.ErrorDetail)(nil); errors.As(err, &d) {
			faults = append(faults, faultOf(schema, d))
		}
	}
	return faults
}

// saying is a message of the library and the fault it stands for.
type saying struct {
	message string // up to its first placeholder
	code    fault.Code
	want    string // of field_type
}

// sayings are all the messages that the schemas of this API can bring about.
func sayings() []saying {
	return []saying{
		{validation.MsgUnexpectedProperty, fault.CodeFieldUnknown, ""},
		{validation.MsgExpectedRequiredProperty, fault.CodeFieldMissing, ""},
		{validation.MsgExpectedOneOf, fault.CodeFieldChoice, ""},
		{validation.MsgExpectedMinimumNumber, fault.CodeFieldRange, ""},
		{validation.MsgExpectedMaximumNumber, fault.CodeFieldRange, ""},
		{validation.MsgExpectedBoolean, fault.CodeFieldType, "want.boolean"},
		{validation.MsgExpectedInteger, fault.CodeFieldType, "want.integer"},
		{validation.MsgExpectedNumber, fault.CodeFieldType, "want.integer"},
		{validation.MsgExpectedString, fault.CodeFieldType, "want.text"},
		{validation.MsgExpectedArray, fault.CodeFieldType, "want.list"},
		{validation.MsgExpectedObject, fault.CodeFieldType, "want.object"},
	}
}

// faultOf is the fault for one message of the library about a value with the
// schema.
func faultOf(schema *huma.Schema, d *huma.ErrorDetail) *fault.Error {
	field := d.Location
	for _, s := range sayings() {
		before, after, _ := strings.Cut(s.message, "%")
		said, ok := strings.CutPrefix(d.Message, before)
		if !ok || after == "" && said != "" {
			continue
		}
		f := fault.New(fault.Invalid, s.code).At(field)
		switch s.code {
		case fault.CodeFieldType:
			return f.With("want", s.want)
		case fault.CodeFieldChoice:
			return f.With("choices", strings.Split(strings.TrimSuffix(said, `"`), ", "))
		case fault.CodeFieldRange:
			return ranged(schema, f)
		case fault.CodeFieldMissing:
			if missing, _, within := strings.Cut(said, " "); within {
				return f.At(strings.TrimPrefix(field+"."+missing, "."))
			}
		}
		return f
	}
	return fault.New(fault.Invalid, fault.CodeMalformed).At(field)
}

// ranged adds the bounds, of which the library tells one alone.
func ranged(schema *huma.Schema, f *fault.Error) *fault.Error {
	if schema.Minimum != nil && schema.Maximum != nil {
		return f.With("min", int(*schema.Minimum)).With("max", int(*schema.Maximum))
	}
	return fault.New(fault.Invalid, fault.CodeMalformed).At(f.Field)
}
