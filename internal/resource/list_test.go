package resource

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// counted is a part of a list whose whole is counted.
func counted(offset, limit int) store.Slice {
	return store.Slice{Offset: offset, Limit: limit, Counted: true}
}

// departments makes lab below rd below the root.
func (h *house) departments() {
	h.t.Helper()
	for code, parent := range map[string]string{"rd": "", "sales": ""} {
		_, err := h.directory.AddDepartment(h.t.Context(), console, h.org.ID, directory.NewDepartment{Code: code, Name: "Dept " + code, ParentCode: parent})
		wants(h.t, "department", err, "")
	}
	_, err := h.directory.AddDepartment(h.t.Context(), console, h.org.ID, directory.NewDepartment{Code: "lab", Name: "Lab", ParentCode: "rd"})
	wants(h.t, "department", err, "")
}

func TestTerminalLists(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.departments()
		for _, n := range []struct{ serial, name, model, department string }{
			{"S_1", "Hall 50%", "TE20", ""},
			{"S_2", "Kitchen", "TE10", "rd"},
			{"SX3", "Große Halle", "TE20", "lab"},
			{"S_4", "Foyer", "cisco", "sales"},
		} {
			h.clock.Advance(time.Millisecond) // the order of making
			_, err := h.AddTerminal(t.Context(), console, h.org.ID, NewTerminal{
				Serial: n.serial, Name: n.name, Model: n.model, DepartmentCode: n.department, Contact: identity.Contact{Email: "it@house.example"},
			})
			wants(t, "add", err, "")
		}
		for name, c := range map[string]struct {
			q    TerminalQuery
			want string
		}{
			"all":                         {TerminalQuery{}, "S_1 S_2 SX3 S_4"},
			"part of a name, folded":      {TerminalQuery{Text: "GROßE"}, "SX3"},
			"part of a serial number":     {TerminalQuery{Text: "x3"}, "SX3"},
			"a pattern that is none":      {TerminalQuery{Text: "s_"}, "S_1 S_2 S_4"},
			"nor is this":                 {TerminalQuery{Text: "%"}, "S_1"},
			"model":                       {TerminalQuery{Model: "TE20"}, "S_1 SX3"},
			"model, whole only":           {TerminalQuery{Model: "TE"}, ""},
			"department and below":        {TerminalQuery{DepartmentCode: "rd"}, "S_2 SX3"},
			"department alone":            {TerminalQuery{DepartmentCode: "rd", Alone: true}, "S_2"},
			"root alone":                  {TerminalQuery{DepartmentCode: identity.RootDepartmentCode, Alone: true}, "S_1"},
			"all conditions at once":      {TerminalQuery{Text: "halle", Model: "TE20", DepartmentCode: "rd"}, "SX3"},
			"conditions that exclude":     {TerminalQuery{Model: "TE10", DepartmentCode: "lab"}, ""},
			"a page":                      {TerminalQuery{Slice: counted(1, 2)}, "S_2 SX3"},
			"the last page for any other": {TerminalQuery{Slice: counted(99, 3)}, "S_4"},
		} {
			l, err := h.Terminals(t.Context(), actorOf(h.owner), h.org.ID, c.q)
			var got []string
			for _, m := range l.Items {
				got = append(got, m.Item.Serial)
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
			}
		}
		_, err := h.Terminals(t.Context(), console, h.org.ID, TerminalQuery{DepartmentCode: "nothing"})
		wants(t, "a department that there is not", err, fault.CodeDepartmentNotFound)
		_, err = h.Terminals(t.Context(), actorOf(h.member("m@x")), h.org.ID, TerminalQuery{})
		wants(t, "a member asks", err, fault.CodeForbidden)
		deep, err := h.Terminal(t.Context(), console, h.org.ID, "sx3")
		if want := []string{h.org.Name, "Dept rd", "Lab"}; err != nil || !slices.Equal(deep.Path, want) {
			t.Errorf("got %q, %v, want %q", deep.Path, err, want)
		}
	})
}

func TestTerminalMoves(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		h.departments()
		_, err := h.terminal("A", "TE20")
		wants(t, "add", err, "")
		move := func(code string) (Terminal, error) {
			return h.ChangeTerminal(t.Context(), console, h.org.ID, "a", 0, TerminalChange{DepartmentCode: &code})
		}
		moved, err := move("lab")
		if err != nil || moved.Department.Code != "lab" || len(moved.Path) != 3 || moved.Item.Version != 2 {
			t.Errorf("got %+v, %v, want it in the lab", moved, err)
		}
		if again, err := move("lab"); err != nil || again.Item.Version != 2 {
			t.Errorf("to where it is: got version %d, %v, want 2", again.Item.Version, err)
		}
		_, err = move("nothing")
		wants(t, "to nowhere", err, fault.CodeDepartmentNotFound)
		if back, err := move(""); err != nil || back.Department.Code != identity.RootDepartmentCode {
			t.Errorf("got %+v, %v, want it at the root", back, err)
		}
		_, err = h.AddTerminal(t.Context(), console, h.org.ID, NewTerminal{
			Name: "x", Model: "TE20", DepartmentCode: "nothing", Contact: identity.Contact{Email: "a@b.example"},
		})
		wants(t, "a new one in no department", err, fault.CodeDepartmentNotFound)
		_, err = h.AddActivationCode(t.Context(), console, h.org.ID, NewActivationCode{Device: identity.DeviceIdeaHub, Name: "x", DepartmentCode: "nothing"})
		wants(t, "a code in no department", err, fault.CodeDepartmentNotFound)
	})
}

func TestActivationCodeLists(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		var codes []string
		for i, device := range []identity.DeviceKind{identity.DeviceIdeaHub, identity.DeviceWhiteboard, identity.DeviceIdeaHub} {
			h.clock.Advance(time.Millisecond)
			made, err := h.hub(device, fmt.Sprintf("Hub_%d", i))
			wants(t, "add", err, "")
			codes = append(codes, made.Item.Activation.Code)
		}
		for name, c := range map[string]struct {
			q     store.ActivationQuery
			want  string
			count int
		}{
			"all":                   {store.ActivationQuery{Slice: counted(0, 9)}, "Hub_0 Hub_1 Hub_2", 3},
			"a page":                {store.ActivationQuery{Slice: counted(1, 1)}, "Hub_1", 3},
			"beyond the end":        {store.ActivationQuery{Slice: counted(9, 2)}, "Hub_2", 3},
			"device":                {store.ActivationQuery{Device: identity.DeviceIdeaHub, Slice: counted(0, 9)}, "Hub_0 Hub_2", 2},
			"part of the name":      {store.ActivationQuery{Text: "UB_1", Slice: counted(0, 9)}, "Hub_1", 1},
			"the whole code":        {store.ActivationQuery{Text: strings.ToUpper(codes[2]), Slice: counted(0, 9)}, "Hub_2", 1},
			"a part of the code":    {store.ActivationQuery{Text: codes[2][:11], Slice: counted(0, 9)}, "", 0},
			"code of other devices": {store.ActivationQuery{Text: codes[1], Device: identity.DeviceIdeaHub, Slice: counted(0, 9)}, "", 0},
		} {
			l, err := h.ActivationCodes(t.Context(), console, h.org.ID, c.q)
			var got []string
			for _, a := range l.Items {
				got = append(got, a.Item.Name)
			}
			if err != nil || strings.Join(got, " ") != c.want || l.Count != c.count {
				t.Errorf("%s: got %q of %d, %v, want %q of %d", name, got, l.Count, err, c.want, c.count)
			}
		}
	})
}

func TestRecordFilters(t *testing.T) {
	both(t, func(t *testing.T, h *house) {
		begin := h.clock.Now()
		steps := func(do func()) { h.clock.Advance(time.Minute); do() }
		var rooms identity.Resource
		steps(func() { h.granted("alpha", identity.ResourceHD, 1) })
		steps(func() { rooms = h.granted("beta", identity.ResourceRooms, 2) })
		steps(func() { h.disable(rooms, true) })
		steps(func() { h.disable(rooms, false) })
		steps(func() {
			_, err := h.Change(h.t.Context(), console, h.org.ID, rooms.ID, 0, Change{Order: new("o-9"), EndsAt: new(begin.Add(2 * time.Hour))})
			wants(t, "change", err, "")
		})
		steps(func() { wants(t, "withdraw", h.WithdrawNamed(t.Context(), console, h.org.ID, []string{"alpha"}), "") })
		for name, c := range map[string]struct {
			q    store.RecordQuery
			want string
		}{
			"all":                  {store.RecordQuery{}, "added added disabled enabled modified removed"},
			"of one name":          {store.RecordQuery{Text: "ALPH"}, "added removed"},
			"of one kind":          {store.RecordQuery{Kind: identity.ResourceHD}, "added removed"},
			"of one package":       {store.RecordQuery{Package: "vmr10"}, "added disabled enabled modified"},
			"of another package":   {store.RecordQuery{Package: "vmr25"}, ""},
			"of one operation":     {store.RecordQuery{Operation: identity.ResourceAdded}, "added added"},
			"operation and kind":   {store.RecordQuery{Operation: identity.ResourceAdded, Kind: identity.ResourceRooms}, "added"},
			"done from then on":    {store.RecordQuery{Since: begin.Add(5 * time.Minute)}, "modified removed"},
			"done until then":      {store.RecordQuery{Until: begin.Add(2 * time.Minute)}, "added added"},
			"done at that instant": {store.RecordQuery{Since: begin.Add(3 * time.Minute), Until: begin.Add(3 * time.Minute)}, "disabled"},
			"ending by then":       {store.RecordQuery{To: begin.Add(2 * time.Hour)}, "modified"},
			"ending after then":    {store.RecordQuery{From: begin.Add(3 * time.Hour), Kind: identity.ResourceRooms}, "added disabled enabled"},
			"a page":               {store.RecordQuery{Slice: counted(2, 2)}, "disabled enabled"},
			"the last page":        {store.RecordQuery{Slice: counted(6, 4)}, "modified removed"},
		} {
			l, err := h.Records(t.Context(), actorOf(h.owner), h.org.ID, c.q)
			var got []string
			for _, r := range l.Items {
				got = append(got, string(r.Operation))
			}
			if err != nil || strings.Join(got, " ") != c.want {
				t.Errorf("%s: got %q, %v, want %q", name, got, err, c.want)
			}
		}
		_, err := h.Records(t.Context(), actorOf(h.member("m@x")), h.org.ID, store.RecordQuery{})
		wants(t, "a member asks", err, fault.CodeForbidden)
	})
}

// No call changes more at once than one transaction should.
func TestBatchesAreBounded(t *testing.T) {
	h := sqliteHouse(t)
	ctx, org := t.Context(), h.org.ID
	for name, do := range map[string]func(n int) error{
		"grant":          func(n int) error { return Check(slices.Repeat([]Grant{h.grant("a", identity.ResourceHD, 1)}, n)) },
		"change":         func(n int) error { return h.ChangeNamed(ctx, console, org, make([]NamedChange, n)) },
		"withdraw":       func(n int) error { return h.Withdraw(ctx, console, org, make([]identity.ResourceID, n)) },
		"withdraw named": func(n int) error { return h.WithdrawNamed(ctx, console, org, make([]string, n)) },
		"remove rooms":   func(n int) error { return h.RemoveRooms(ctx, console, org, make([]identity.RoomID, n)) },
		"remove codes": func(n int) error {
			return h.RemoveActivationCodes(ctx, console, org, make([]identity.ActivationCodeID, n))
		},
		"remove devices":  func(n int) error { return h.RemoveTerminals(ctx, console, org, make([]string, n)) },
		"disable devices": func(n int) error { return h.SetTerminalsDisabled(ctx, console, org, make([]string, n), true) },
		"states":          func(n int) error { _, err := h.TerminalStates(ctx, console, org, make([]string, n)); return err },
	} {
		if err := do(MaxBatch); fault.Is(err, fault.CodeListLength) {
			t.Errorf("%s: as many as may be: %v", name, err)
		}
		wants(t, name+": one beyond", do(MaxBatch+1), fault.CodeListLength)
	}
	many := slices.Repeat([]Grant{h.grant("", identity.ResourceRooms, identity.MaxRoomCount/2)}, 2)
	wants(t, "as many rooms in one call as may be", Check(many), "")
	wants(t, "one room beyond", Check(append(many, h.grant("", identity.ResourceRooms, 1))), fault.CodeFieldRange)
}
