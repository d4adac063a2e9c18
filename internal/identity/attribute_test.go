package identity

import (
	"maps"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestAttributeValidate(t *testing.T) {
	text := func(change func(*Attribute)) Attribute {
		a := Attribute{Key: "floor", Label: "Floor", Type: AttributeText, Place: 1}
		change(&a)
		return a
	}
	choice := func(candidates ...string) Attribute {
		return text(func(a *Attribute) { a.Type, a.Candidates = AttributeChoice, candidates })
	}
	for _, tt := range []struct {
		name  string
		a     Attribute
		want  fault.Code
		field string
	}{
		{"a text", text(func(a *Attribute) { a.Masked = true }), "", ""},
		{"a key of another script", text(func(a *Attribute) { a.Key = "工号.2" }), "", ""},
		{"a choice", choice("A", "B b"), "", ""},
		{"no key", text(func(a *Attribute) { a.Key = "" }), fault.CodeFieldFormat, "key"},
		{"a key with a blank", text(func(a *Attribute) { a.Key = "a b" }), fault.CodeFieldFormat, "key"},
		{"a key that begins with a point", text(func(a *Attribute) { a.Key = ".a" }), fault.CodeFieldFormat, "key"},
		{"a long key", text(func(a *Attribute) { a.Key = strings.Repeat("k", 65) }), fault.CodeFieldFormat, "key"},
		{"no label", text(func(a *Attribute) { a.Label = "" }), fault.CodeFieldLength, "label"},
		{"a label with NUL", text(func(a *Attribute) { a.Label = "\x00" }), fault.CodeMalformed, "label"},
		{"no type", text(func(a *Attribute) { a.Type = "" }), fault.CodeFieldChoice, "type"},
		{"a masked number", text(func(a *Attribute) { a.Type, a.Masked = AttributeNumber, true }), fault.CodeFieldUnwanted, "masked"},
		{"a place too far", text(func(a *Attribute) { a.Place = 10_001 }), fault.CodeFieldRange, "position"},
		{"candidates of a text", text(func(a *Attribute) { a.Candidates = []string{"A"} }), fault.CodeFieldUnwanted, "candidates"},
		{"a choice of nothing", choice(), fault.CodeFieldRange, "candidates"},
		{"a candidate twice", choice("A", "A"), fault.CodeFieldFormat, "candidates"},
		{"a candidate with a bar", choice("A|B"), fault.CodeFieldFormat, "candidates"},
		{"a candidate with blanks around", choice(" A"), fault.CodeFieldFormat, "candidates"},
		{"an empty candidate", choice("A", ""), fault.CodeFieldLength, "candidates"},
		{"too many candidates", choice(make([]string, 201)...), fault.CodeFieldRange, "candidates"},
	} {
		err := tt.a.Validate()
		if tt.want == "" && err != nil || tt.want != "" && (!fault.Is(err, tt.want) || fault.Of(err).Field != tt.field) {
			t.Errorf("%s: got %v, want %q at %q", tt.name, err, tt.want, tt.field)
		}
	}
}

func TestAttributeValues(t *testing.T) {
	of := func(kind AttributeType, candidates ...string) Attribute {
		return Attribute{Key: "k", Type: kind, Candidates: candidates}
	}
	for _, tt := range []struct {
		a     Attribute
		value string
		want  fault.Code
	}{
		{of(AttributeText), "", ""},
		{of(AttributeText), strings.Repeat("é", MaxAttributeValue), ""},
		{of(AttributeText), strings.Repeat("é", MaxAttributeValue+1), fault.CodeFieldLength},
		{of(AttributeText), "\xff", fault.CodeMalformed},
		{of(AttributeChoice, "A", "B"), "B", ""},
		{of(AttributeChoice, "A", "B"), "b", fault.CodeFieldChoice},
		{of(AttributeChoice, "A", "B"), "A|B", fault.CodeFieldChoice},
		{of(AttributeChoice, "A"), "", fault.CodeFieldChoice},
		{of(AttributeChoices, "A", "B"), "B|A", ""},
		{of(AttributeChoices, "A", "B"), "A|A", fault.CodeFieldChoice},
		{of(AttributeChoices, "A", "B"), "A|", fault.CodeFieldChoice},
		{of(AttributeDate), "2028-02-29", ""},
		{of(AttributeDate), "2027-02-29", fault.CodeFieldFormat},
		{of(AttributeDate), "2027-2-9", fault.CodeFieldFormat},
		{of(AttributeDate), "", fault.CodeFieldFormat},
		{of(AttributeNumber), "-12.500000", ""},
		{of(AttributeNumber), "0", ""},
		{of(AttributeNumber), "012", fault.CodeFieldFormat},
		{of(AttributeNumber), "1e3", fault.CodeFieldFormat},
		{of(AttributeNumber), "1.", fault.CodeFieldFormat},
		{of(AttributeNumber), "1234567890123456", fault.CodeFieldFormat},
	} {
		err := tt.a.Check(tt.value)
		if tt.want == "" && err != nil || tt.want != "" && (!fault.Is(err, tt.want) || fault.Of(err).Field != "attributes.k") {
			t.Errorf("%s %.20q: got %v, want %q", tt.a.Type, tt.value, err, tt.want)
		}
	}
}

func TestEditedAttributes(t *testing.T) {
	all := Attributes{{Key: "floor", Type: AttributeNumber, Required: true}, {Key: "badge", Type: AttributeText}}
	before := map[string]string{"old": "1", "floor": "third"}
	for _, tt := range []struct {
		name  string
		after map[string]string
		want  fault.Code
	}{
		{"what was stored stays, fit or not", before, ""},
		{"removed", nil, ""},
		{"a good value", map[string]string{"floor": "3", "old": "1"}, ""},
		{"the number that all have", map[string]string{EmployeeNumber: "E1"}, ""},
		{"another bad value", map[string]string{"floor": "fourth"}, fault.CodeFieldFormat},
		{"an old key written anew", map[string]string{"old": "2"}, fault.CodeFieldUnknown},
		{"a new key", map[string]string{"new": "2"}, fault.CodeFieldUnknown},
	} {
		if err := all.Edited(before, tt.after); tt.want == "" && err != nil || tt.want != "" && !fault.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
	if err := (Attributes{}).Edited(nil, map[string]string{"anything": "goes"}); err != nil {
		t.Errorf("where nothing is defined: %v", err)
	}
	if err := all.Complete(map[string]string{"floor": " "}); !fault.Is(err, fault.CodeFieldMissing) || fault.Of(err).Field != "attributes.floor" {
		t.Errorf("a required one of blanks: %v", err)
	}
	if err := all.Complete(map[string]string{"floor": "3"}); err != nil {
		t.Errorf("complete: %v", err)
	}
}

func TestShownAttributes(t *testing.T) {
	all := Attributes{{Key: "salary", Masked: true}, {Key: "note", Hidden: true}, {Key: "empty", Masked: true}}
	values := map[string]string{"salary": "1", "note": "x", "floor": "3", "empty": ""}
	want := map[string]string{"salary": AttributeMask, "floor": "3", "empty": ""}
	if got := all.Shown(values); !maps.Equal(got, want) || values["salary"] != "1" {
		t.Errorf("got %v, want %v", got, want)
	}
}

// No value that is taken breaks what values are written to and read from.
func FuzzAttributeCheck(f *testing.F) {
	f.Add("2028-02-29", "A|B")
	f.Add("-1.5", "")
	f.Fuzz(func(t *testing.T, value, candidates string) {
		for _, kind := range AttributeTypes() {
			a := Attribute{Key: "k", Type: kind, Candidates: strings.Split(candidates, AttributeSeparator)}
			if a.Check(value) == nil && (!CleanText(value) || len([]rune(value)) > MaxAttributeValue) {
				t.Errorf("%s takes %q", kind, value)
			}
		}
	})
}
