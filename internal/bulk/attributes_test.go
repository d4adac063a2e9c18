package bulk

import (
	"slices"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/i18n"
	"github.com/orgate/orgate/internal/identity"
)

// The columns of attributes may be headed in two ways, and are named where a
// value does not fit its definition.
func TestImportedAttributesFit(t *testing.T) {
	h := sqliteHouse(t)
	for _, a := range []identity.Attribute{
		{Key: "floor", Label: "Floor", Type: identity.AttributeNumber},
		{Key: "size", Label: "Size", Type: identity.AttributeChoice, Candidates: []string{"S", "M"}},
	} {
		if _, err := h.directory.AddAttribute(t.Context(), console, h.org, a); err != nil {
			t.Fatal(err)
		}
	}
	k := h.imports(NewImport{}, "account,name,attribute:floor,attr:size,employee_number,attr:free\na,A,3,S,E1,\nb,B,top,L,,\nc,C,,,,x\n")
	if got := told(k); got != "done 3/3 +1 ~0 =0 !2" {
		t.Errorf("got %s", got)
	}
	want := []string{"3 attr:floor field_format", "3 attr:size field_choice", "4 attr:free field_unknown"}
	if got := h.refusals(k); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// The columns of attributes stand in the template, several choices are told
// apart by bars, and what an export writes is imported without a change.
func TestAttributesAreColumnsEverywhere(t *testing.T) {
	h := sqliteHouse(t)
	for _, a := range []identity.Attribute{
		{Key: "floor", Label: "Floor", Type: identity.AttributeNumber},
		{Key: "langs", Label: "Languages", Type: identity.AttributeChoices, Candidates: []string{"de", "en", "zh"}},
	} {
		if _, err := h.directory.AddAttribute(t.Context(), console, h.org, a); err != nil {
			t.Fatal(err)
		}
	}
	f, err := h.Template(t.Context(), console, h.org, NewTemplate{Format: identity.FormatCSV})
	template := strings.TrimSpace(h.content(f, err))
	if !strings.HasSuffix(template, ",attr:floor,attr:langs") {
		t.Errorf("the template is %s", template)
	}
	k := h.imports(NewImport{}, "account,name,attr:floor,attr:langs\na,A,3,en|zh\nb,B,,de\nc,C,1,en|en\nd,D,,en;zh\n")
	if got := told(k); got != "done 4/4 +2 ~0 =0 !2" {
		t.Errorf("got %s", got)
	}
	want := []string{"4 attr:langs field_choice", "5 attr:langs field_choice"}
	if got := h.refusals(k); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	for _, format := range []identity.FileFormat{identity.FormatCSV, identity.FormatXLSX} {
		x, err := h.Export(t.Context(), console, h.org, NewExport{Format: format})
		if err != nil {
			t.Fatal(err)
		}
		x = h.runs(x)
		f, err := h.Result(t.Context(), console, x, i18n.EnUS)
		exported := h.content(f, err)
		if format == identity.FormatCSV && !strings.Contains(exported, "en|zh") {
			t.Errorf("exported %s", exported)
		}
		if got := told(h.imports(NewImport{}, exported)); got != "done 2/2 +0 ~0 =2 !0" {
			t.Errorf("%s imported again: got %s", format, got)
		}
	}
}

// Every attribute that the organisation defines has a column in an export,
// though nobody has a value, as it has one in the template; a column may be
// headed by what the attribute is called, unless that is the name of another.
func TestColumnsOfAttributesAgree(t *testing.T) {
	h := sqliteHouse(t)
	for _, a := range []identity.Attribute{
		{Key: "floor", Label: "楼层", Type: identity.AttributeNumber},
		{Key: "desk", Label: "Seat", Type: identity.AttributeText},
		{Key: "chair", Label: "seat", Type: identity.AttributeText},
		{Key: "title", Label: "Title", Type: identity.AttributeText},
		{Key: "employee_number", Label: "Badge", Type: identity.AttributeText},
	} {
		if _, err := h.directory.AddAttribute(t.Context(), console, h.org, a); err != nil {
			t.Fatal(err)
		}
	}
	k := h.imports(NewImport{}, "account,name,楼层,Title,attr:title\na,A,3,Chief,Dr\n")
	if got := told(k); got != "done 1/1 +1 ~0 =0 !0" {
		t.Fatalf("got %s, %v", got, h.refusals(k))
	}
	p := must(t, func() (identity.Person, error) { return h.directory.MemberByAccount(t.Context(), console, h.org, "a") })
	if m := p.Member; m.Attributes["floor"] != "3" || m.Title != "Chief" || m.Attributes["title"] != "Dr" {
		t.Errorf("got %+v", m)
	}
	for heading, want := range map[string]fault.Code{"Seat": fault.CodeImportHeading, "attr:desk": "", "楼层,attr:floor": fault.CodeImportHeadings} {
		if _, code := h.asks(NewImport{}, "account,"+heading+"\na\n"); code != want {
			t.Errorf("%s: got %q, want %q", heading, code, want)
		}
	}
	f, err := h.Template(t.Context(), console, h.org, NewTemplate{Format: identity.FormatCSV, Language: i18n.EnUS})
	template := strings.TrimSpace(h.content(f, err))
	exported, _, _ := strings.Cut(h.exports(NewExport{Format: identity.FormatCSV, Language: i18n.EnUS}), "\r\n")
	_, inTemplate, _ := strings.Cut(template, ",Groups,")
	_, inExport, _ := strings.Cut(exported, ",Groups,")
	if inTemplate != inExport || strings.Count(inExport, "attr:") != 4 {
		t.Errorf("got %s, want %s", inExport, inTemplate)
	}
}
