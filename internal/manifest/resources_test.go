package manifest

import (
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

const equipped = `    resources:
      - {id: hd, kind: terminals_1080p, count: 2, ends_at: "2039-01-01T08:00:00+08:00", order: o-7}
      - {id: hd, kind: members, count: 50, ends_at: "2039-01-01T00:00:00Z"}
      - {id: vmr, kind: meeting_rooms, count: 2, ends_at: "2039-01-01T00:00:00Z"}
    terminals:
      - {serial: SN_1, name: Hall, model: TE20, department: rd, email: it@acme.example}
      - {serial: SN_2, name: Foyer, model: HUAWEI Board, mobile: "+8613800000003", disabled: true}
`

// madeMembers is how a plan makes those of people.
const madeMembers = "\n+ create member A@x of acme (a password is made and printed once)\n" +
	"+ create member b of acme (a password is made and printed once)\n+ create member c of acme (a password is made and printed once)"

const withoutEquipment = "    departments: [{code: rd, name: Research}]\n"

func TestEquipmentIsPlannedAndApplied(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		same(t, s.plan(people(withoutEquipment+"    terminals: [{serial: A, name: A, model: TE20, email: a@b.example}]\n"), false), "+ create organization acme\n+ create department rd of acme\n+ create terminal A of acme"+madeMembers)
		s.apply(people(withoutEquipment+equipped), false)
		tests := []struct{ name, text, want string }{
			{"nothing said", people(withoutEquipment), "no changes"},
			{"an end spelled otherwise, and a serial number", people(withoutEquipment + "    resources: [{id: hd, kind: terminals_1080p, count: 2, ends_at: \"2039-01-01T00:00:00.000Z\"}]\n    terminals: [{serial: sn_1, name: Hall, model: TE20, department: RD}]\n"), "no changes"},
			{
				"more, and until later", people(withoutEquipment + "    resources: [{id: hd, kind: terminals_1080p, count: 3, ends_at: \"2040-01-01T00:00:00Z\", disabled: true}]\n"),
				"~ change resource hd of acme: count: 2 → 3, ends_at: \"2039-01-01T00:00:00Z\" → \"2040-01-01T00:00:00Z\", disabled: false → true",
			},
			{"another place", people(withoutEquipment + "    terminals: [{serial: SN_1, name: Lobby, model: TE20, department: \"1\"}]\n"), "~ change terminal SN_1 of acme: name: Hall → Lobby, department: rd → 1"},
		}
		for _, tt := range tests {
			if got := strings.Join(s.plan(tt.text, false), "\n"); got != tt.want {
				t.Errorf("%s: got:\n%s\nwant:\n%s", tt.name, got, tt.want)
			}
		}
		for _, tt := range tests[2:] {
			s.apply(tt.text, false)
		}
	})
}

// TestEquipmentIsExported: what is exported is read back without changes, on the
// same installation and on another.
func TestEquipmentIsExported(t *testing.T) {
	s := sqliteSite(t)
	s.apply(people(withoutEquipment+equipped), false)
	text := s.export()
	for _, want := range []string{
		`- {id: hd, kind: terminals_1080p, count: 2, ends_at: "2039-01-01T00:00:00Z", order: o-7}`,
		`- {id: vmr, kind: meeting_rooms, count: 2, ends_at: "2039-01-01T00:00:00Z"}`,
		`- {serial: SN_1, name: Hall, model: TE20, department: rd, email: it@acme.example}`,
		`- {serial: SN_2, name: Foyer, model: HUAWEI Board, mobile: "+8613800000003", disabled: true}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("exported without %s:\n%s", want, text)
		}
	}
	if strings.Contains(text, "limits") {
		t.Errorf("the limit of members is said twice:\n%s", text)
	}
	same(t, s.plan(text, true), "no changes")
	other := sqliteSite(t)
	other.apply(text, false)
	if again := other.export(); again != text {
		t.Errorf("exported elsewhere:\n%s\nwant:\n%s", again, text)
	}
}

// TestEquipmentIsPruned: a terminal that goes frees what it took, before less is
// granted.
func TestEquipmentIsPruned(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		s := newSite(t, open)
		s.apply(people(withoutEquipment+equipped), false)
		less := people(withoutEquipment + `    resources:
      - {id: new, kind: terminals_1080p, count: 1, ends_at: "2039-01-01T00:00:00Z"}
      - {id: hd, kind: members, count: 50, ends_at: "2039-01-01T00:00:00Z"}
    terminals:
      - {serial: SN_3, name: Annex, model: TE30, email: it@acme.example}
`)
		same(t, s.plan(less, true), `- remove terminal SN_1 of acme
- remove terminal SN_2 of acme
+ create resource new of acme (terminals_1080p)
+ create terminal SN_3 of acme
- remove resource hd of acme (terminals_1080p)
- remove resource vmr of acme (meeting_rooms)`)
		s.apply(less, true)
	})
}

func TestEquipmentProblems(t *testing.T) {
	const grant, terminal = "{id: a, kind: members, count: 1, ends_at: \"2039-01-01T00:00:00Z\"}", "{serial: A, name: A, model: TE20, email: a@b.example}"
	for text, want := range map[string]string{
		"resources: [" + grant + ", " + grant + "]":                                                                             "resources[1].id: is given twice",
		"resources: [{id: a, kind: chairs, count: 1, ends_at: \"2039-01-01T00:00:00Z\"}]":                                       "resources[0].kind",
		"resources: [{id: a, kind: members, count: 1, ends_at: tomorrow}]":                                                      "resources[0].ends_at: is no instant",
		"resources: [{id: a, kind: members, count: 0, ends_at: \"2039-01-01T00:00:00Z\"}]":                                      "resources[0].count",
		"resources: [{id: a, kind: meeting_rooms, count: 1001, ends_at: \"2039-01-01T00:00:00Z\"}]":                             "resources[0].count",
		"resources: [{id: a, kind: members, package: vmr10, count: 1, ends_at: \"2039-01-01T00:00:00Z\"}]":                      "resources[0].package",
		"resources: [{id: a, kind: members, count: 1}]":                                                                         "ends_at",
		"resources: [{id: a, kind: members, colour: red, count: 1, ends_at: \"2039-01-01T00:00:00Z\"}]":                         "colour",
		"terminals: [" + terminal + ", {serial: a, name: B, model: TE20, email: a@b.example}]":                                  "terminals[1].serial: is given twice",
		"terminals: [{serial: A, name: A, model: TE21, email: a@b.example}]":                                                    "terminals[0].model",
		"terminals: [{serial: A-1, name: A, model: TE20, email: a@b.example}]":                                                  "terminals[0].serial",
		"terminals: [{serial: A, name: A, model: TE20, email: nobody}]":                                                         "terminals[0]",
		"terminals: [{serial: A, name: A, model: TE20, mobile: \"1\"}]":                                                         "terminals[0]",
		"terminals: [{serial: A, name: A, model: TE20, email: a@b.example, projection: round}]":                                 "terminals[0].projection",
		"terminals: [{serial: A, name: A, model: TE20, email: a@b.example, number: 7}]":                                         "number",
		"terminals: [{serial: A, name: " + strings.Repeat("x", 65) + ", model: TE20, email: a@b.example}]":                      "terminals[0].name",
		"terminals: [{serial: A, name: A, model: TE20, email: a@b.example, description: \"" + strings.Repeat("x", 129) + "\"}]": "terminals[0].description",
	} {
		_, err := Load([]File{{"m.yaml", []byte(people("    " + text + "\n"))}}, around)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
	s := sqliteSite(t)
	s.apply(people("    resources: [{id: vmr, kind: meeting_rooms, count: 1, ends_at: \"2039-01-01T00:00:00Z\"}]\n    terminals: ["+terminal+"]\n"), false)
	for text, want := range map[string]string{
		"resources: [{id: vmr, kind: meeting_rooms, package: vmr50, count: 1, ends_at: \"2039-01-01T00:00:00Z\"}]": "resources[0].package: never changes: it is \"vmr10\"",
		"terminals: [{serial: A, name: A, model: TE30}]":                                                           "terminals[0].model: never changes: it is TE20",
		"terminals: [{serial: B, name: A, model: TE30}]":                                                           "terminals[0].email: a new terminal needs",
		"terminals: [{serial: A, name: A, model: TE20, department: none}]":                                         "terminals[0].department: there is no department \"none\"",
	} {
		_, err := Plan(t.Context(), console, s.House, mustLoad(t, people("    "+text+"\n")), Options{})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want … %s …", text, err, want)
		}
	}
}
