package identity

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/fault"
)

func TestGroupValidate(t *testing.T) {
	tests := []struct {
		name  string
		group Group
		want  fault.Code
		field string
	}{
		{"good", Group{Name: "writers"}, "", ""},
		{"as long as can be", Group{Name: strings.Repeat("é", 64), Description: strings.Repeat("é", 255)}, "", ""},
		{"no name", Group{}, fault.CodeFieldLength, "name"},
		{"long name", Group{Name: strings.Repeat("é", 65)}, fault.CodeFieldLength, "name"},
		{"name with NUL", Group{Name: "a\x00"}, fault.CodeMalformed, "name"},
		{"long description", Group{Name: "a", Description: strings.Repeat("é", 256)}, fault.CodeFieldLength, "description"},
		{"description that is no text", Group{Name: "a", Description: "\xff"}, fault.CodeMalformed, "description"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.group.Validate()
			if tt.want == "" && err != nil || tt.want != "" && (!fault.Is(err, tt.want) || fault.Of(err).Field != tt.field) {
				t.Errorf("got %v, want %q at %q", err, tt.want, tt.field)
			}
		})
	}
}
