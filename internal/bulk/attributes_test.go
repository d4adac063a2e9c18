package bulk

import (
	"slices"
	"testing"

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
