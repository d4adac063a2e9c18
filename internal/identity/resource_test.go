package identity

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// faulty compares the first fault of a noun with the code that is expected; ""
// is none.
func faulty(t *testing.T, name string, err error, code fault.Code) {
	t.Helper()
	if code == "" && err != nil || code != "" && !fault.Is(err, code) {
		t.Errorf("%s: got %v, want %q", name, err, code)
	}
}

func TestResourceStatus(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		ends     time.Duration
		disabled bool
		want     ResourceStatus
	}{
		"before its end":     {time.Millisecond, false, ResourceLive},
		"at its end":         {0, false, ResourceExpired},
		"after its end":      {-time.Hour, false, ResourceExpired},
		"disabled":           {time.Hour, true, ResourceDisabled},
		"disabled and ended": {-time.Hour, true, ResourceDisabled},
	} {
		if got := (Resource{EndsAt: now.Add(c.ends), Disabled: c.disabled}).Status(now); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestPackages(t *testing.T) {
	last := 0
	for _, p := range RoomPackages() {
		if n := p.Parties(); n <= last || p != RoomPackage(fmt.Sprintf("vmr%d", n)) {
			t.Errorf("%s is for %d, after one for %d", p, n, last)
		} else {
			last = n
		}
	}
	if n := RoomPackage("vmr11").Parties(); n != 0 {
		t.Errorf("a package that is none is for %d", n)
	}
}

func TestTerminalValidate(t *testing.T) {
	good := Terminal{Serial: "SN_1", Name: "Hall", Model: "TE20", Projection: ProjectionAutomatic, Contact: Contact{Email: "a@b.example"}}
	for name, c := range map[string]struct {
		change func(*Terminal)
		want   fault.Code
	}{
		"good":              {func(*Terminal) {}, ""},
		"no serial number":  {func(m *Terminal) { m.Serial = "" }, fault.CodeFieldFormat},
		"a hyphen in it":    {func(m *Terminal) { m.Serial = "SN-1" }, fault.CodeFieldFormat},
		"an unknown model":  {func(m *Terminal) { m.Model = "TE21" }, fault.CodeFieldChoice},
		"no projection":     {func(m *Terminal) { m.Projection = "" }, fault.CodeFieldChoice},
		"nobody to reach":   {func(m *Terminal) { m.Contact = Contact{} }, fault.CodeContactMissing},
		"no name":           {func(m *Terminal) { m.Name = "" }, fault.CodeFieldLength},
		"a name in control": {func(m *Terminal) { m.Name = "a\x00" }, fault.CodeMalformed},
	} {
		m := good
		c.change(&m)
		faulty(t, name, m.Validate(), c.want)
	}
}

func TestEveryModelTakesAResource(t *testing.T) {
	for _, m := range TerminalModels() {
		if found, ok := TerminalModelOf(m.Name); !ok || found != m {
			t.Errorf("%s: got %+v, %v", m.Name, found, ok)
		}
		if !contains(ModelsOf(m.Kind()), m.Name) || !contains(ResourceKinds(), m.Kind()) {
			t.Errorf("%s takes %s, which says otherwise", m.Name, m.Kind())
		}
		if m.ThirdParty && m.Activation {
			t.Errorf("%s of another maker is activated by our code", m.Name)
		}
	}
	for _, k := range DeviceKinds() {
		if !contains(DevicesOf(k.Kind()), k) {
			t.Errorf("%s takes %s, which says otherwise", k, k.Kind())
		}
	}
}

func TestTerminalReset(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	m := Terminal{Model: "TE20"}
	for i := range TerminalResets {
		if err := m.Reset("code", now.Add(time.Duration(i)*time.Hour)); err != nil {
			t.Fatalf("reset %d: %v", i, err)
		}
	}
	faulty(t, "the sixth", m.Reset("code", now.Add(23*time.Hour)), fault.CodeActivationResets)
	faulty(t, "a day after the first", m.Reset("next", now.Add(24*time.Hour)), "")
	if len(m.Resets) != TerminalResets || m.Activation.Code != "next" || !m.Activation.EndsAt.Equal(now.Add(24*time.Hour+ActivationLife)) {
		t.Errorf("got %d resets and a code until %s", len(m.Resets), m.Activation.EndsAt)
	}
	faulty(t, "a model without codes", (&Terminal{Model: "cisco"}).Reset("code", now), fault.CodeActivationUnsupported)
}

func TestRoomStatus(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		room MeetingRoom
		want RoomStatus
	}{
		"personal":           {MeetingRoom{Personal: "mem_x"}, RoomLive},
		"lent to a member":   {MeetingRoom{Member: "mem_x", Until: now.Add(1)}, RoomLive},
		"lent to a terminal": {MeetingRoom{Terminal: "trm_x", Until: now.Add(1)}, RoomLive},
		"lent to nobody":     {MeetingRoom{Until: now.Add(1)}, RoomUnassigned},
		"ended":              {MeetingRoom{Member: "mem_x", Until: now}, RoomDisabled},
		"stopped":            {MeetingRoom{Until: now.Add(1), Stopped: true}, RoomDisabled},
	} {
		if got := c.room.Status(now); got != c.want {
			t.Errorf("%s: got %s, want %s", name, got, c.want)
		}
	}
}

func TestRoomValidate(t *testing.T) {
	for name, c := range map[string]struct {
		passwords RoomPasswords
		want      fault.Code
	}{
		"host alone":    {RoomPasswords{Host: "1234"}, ""},
		"both":          {RoomPasswords{Host: "1234", Guest: "1234567890123456"}, ""},
		"no host":       {RoomPasswords{}, fault.CodeFieldFormat},
		"letters":       {RoomPasswords{Host: "abcd"}, fault.CodeFieldFormat},
		"a short guest": {RoomPasswords{Host: "1234", Guest: "123"}, fault.CodeFieldFormat},
		"a long guest":  {RoomPasswords{Host: "1234", Guest: "12345678901234567"}, fault.CodeFieldFormat},
		"alike":         {RoomPasswords{Host: "1234", Guest: "1234"}, fault.CodeRoomPasswords},
	} {
		faulty(t, name, MeetingRoom{Name: "x", Passwords: c.passwords}.Validate(), c.want)
	}
}

func TestSecretsOfDevicesAreNotPrinted(t *testing.T) {
	printed := fmt.Sprintf("%v %+v %#v", Activation{Code: "hush"}, Contact{Email: "hush"}, RoomPasswords{Host: "hush"}) +
		fmt.Sprintf("%+v %#v %v", Terminal{Activation: Activation{Code: "hush"}}, MeetingRoom{Passwords: RoomPasswords{Host: "hush"}},
			ActivationCode{Activation: Activation{Code: "hush"}})
	if strings.Contains(printed, "hush") {
		t.Errorf("printed: %s", printed)
	}
}
