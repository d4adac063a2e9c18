package manifest

import (
	"strings"
	"testing"
)

func TestDesignatedDepartments(t *testing.T) {
	s := sqliteSite(t)
	text := people(`    departments:
      - {code: a, name: A, sees: designated, designated: [C, b, c]}
      - {code: b, name: B, open: true, sees: own}
      - {code: c, name: C, parent: b, sees: own_and_below}
`)
	// Those designated are made first, wherever they stand.
	s.apply(text, false)
	for _, tt := range []struct{ name, text, want string }{
		{"the same", text, "no changes"},
		{"nothing said", people("    departments: [{code: a, name: A}]\n"), "no changes"},
		{"others", people("    departments: [{code: a, name: A, designated: [b]}]\n"), "~ change department a of acme: designated: [b, c] → [b]"},
		{
			"all", people("    departments: [{code: a, name: A, sees: all}, {code: b, name: B, open: false}]\n"),
			"~ change department a of acme: sees: designated → all\n~ change department b of acme: open: true → false",
		},
	} {
		t.Run(tt.name, func(t *testing.T) { same(t, s.plan(tt.text, false), tt.want) })
	}
	if text := s.export(); !strings.Contains(text, "      - {code: a, name: A, sees: designated, designated: [b, c]}\n") ||
		!strings.Contains(text, "      - {code: b, name: B, open: true, sees: own}\n") {
		t.Errorf("exported:\n%s", text)
	}
	s.apply(people("    departments: [{code: a, name: A, sees: all}, {code: b, name: B}]\n"), false)
	if text := s.export(); strings.Contains(text, "designated") {
		t.Errorf("exported:\n%s", text)
	}
}
