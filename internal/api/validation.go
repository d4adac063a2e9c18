package api

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/orgate/orgate/internal/fault"
)

// hooked sets what the library keeps for the whole process. It holds nothing of
// a surface: the hook finds its call in the request, so that several surfaces in
// one process, as in tests, share it. It is done once, at the first New, because
// requests of an earlier surface may be reading it.
var hooked = sync.OnceValue(func() bool {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, _ string, _ ...error) huma.StatusError { return &Problem{Status: status} }
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := callOf(ctx.Context()).problem(complaint(ctx.Operation(), status, message, errs))
		for field := range p.headers {
			ctx.SetHeader(field, p.headers.Get(field))
		}
		return p
	}
	return true
})

// complaint is the fault for what the library found wrong with a request. The
// values it quotes are dropped: one may be a password.
func complaint(o *huma.Operation, status int, message string, errs []error) error {
	var faults []*fault.Error
	for _, err := range errs {
		if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
			return fault.New(fault.Invalid, fault.CodeTooLarge)
		}
		if d := (*huma.ErrorDetail)(nil); errors.As(err, &d) {
			faults = append(faults, faultOf(o, d))
		}
	}
	switch {
	case status == http.StatusUnsupportedMediaType:
		return fault.New(fault.Invalid, fault.CodeFieldFormat).At("Content-Type").With("want", "want.json")
	case status == http.StatusBadRequest && len(faults) == 0:
		return fault.New(fault.Invalid, fault.CodeFieldMissing).At("body")
	case status == http.StatusInternalServerError && message == bodyUnread, status == http.StatusRequestTimeout, status == http.StatusBadRequest:
		return fault.New(fault.Invalid, fault.CodeMalformed)
	case status >= http.StatusInternalServerError:
		return errors.Join(errs...)
	case len(faults) == 0:
		return fault.New(fault.Invalid, fault.CodeMalformed)
	}
	// The library walks through maps: without an order answers would differ.
	slices.SortStableFunc(faults, func(a, b *fault.Error) int {
		return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Code, b.Code))
	})
	return fault.All(faults)
}

// bodyUnread is the library's word for a body that broke off.
const bodyUnread = "cannot read request body"

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
		{"unknown query parameter", fault.CodeFieldUnknown, ""},
		{"required query parameter is missing", fault.CodeFieldMissing, ""},
		{validation.MsgExpectedRequiredProperty, fault.CodeFieldMissing, ""},
		{validation.MsgExpectedOneOf, fault.CodeFieldChoice, ""},
		{validation.MsgExpectedMinimumNumber, fault.CodeFieldRange, ""},
		{validation.MsgExpectedMaximumNumber, fault.CodeFieldRange, ""},
		{validation.MsgExpectedBoolean, fault.CodeFieldType, "want.boolean"},
		{"invalid boolean", fault.CodeFieldType, "want.boolean"},
		{validation.MsgExpectedInteger, fault.CodeFieldType, "want.integer"},
		{validation.MsgExpectedNumber, fault.CodeFieldType, "want.integer"},
		{"invalid integer", fault.CodeFieldType, "want.integer"},
		{validation.MsgExpectedString, fault.CodeFieldType, "want.text"},
		{validation.MsgExpectedArray, fault.CodeFieldType, "want.list"},
		{validation.MsgExpectedObject, fault.CodeFieldType, "want.object"},
	}
}

// faultOf is the fault for one message of the library.
func faultOf(o *huma.Operation, d *huma.ErrorDetail) *fault.Error {
	field := fieldOf(d.Location)
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
			return ranged(o, f)
		case fault.CodeFieldMissing:
			if missing, _, within := strings.Cut(said, " "); within {
				return f.At(strings.TrimPrefix(field+"."+missing, "."))
			}
		}
		return f
	}
	return fault.New(fault.Invalid, fault.CodeMalformed).At(field)
}

// ranged adds the bounds of a parameter, of which the library tells one alone.
func ranged(o *huma.Operation, f *fault.Error) *fault.Error {
	for _, p := range o.Parameters {
		if p.Name == f.Field && p.Schema.Minimum != nil && p.Schema.Maximum != nil {
			return f.With("min", int(*p.Schema.Minimum)).With("max", int(*p.Schema.Maximum))
		}
	}
	return fault.New(fault.Invalid, fault.CodeMalformed).At(f.Field)
}

// fieldOf is the library's location without the part of the request it is in.
func fieldOf(location string) string {
	part, field, found := strings.Cut(location, ".")
	if found || part == "body" {
		return field
	}
	return location
}
