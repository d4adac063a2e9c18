package identity

import (
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

func TestResourceValidate(t *testing.T) {
	end := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	devices := Resource{Ref: "r/1", Kind: ResourceHD, Count: 1, EndsAt: end}
	rooms := Resource{Ref: "r/1", Kind: ResourceRooms, Package: SmallestPackage, Count: 1, EndsAt: end}
	for name, c := range map[string]struct {
		good   Resource
		change func(*Resource)
		want   fault.Code
	}{
		"devices":                     {devices, func(*Resource) {}, ""},
		"rooms":                       {rooms, func(*Resource) {}, ""},
		"as many as there may be":     {devices, func(r *Resource) { r.Count = MaxResourceCount }, ""},
		"one more":                    {devices, func(r *Resource) { r.Count = MaxResourceCount + 1 }, fault.CodeFieldRange},
		"as many rooms as may be":     {rooms, func(r *Resource) { r.Count = MaxRoomCount }, ""},
		"one room more":               {rooms, func(r *Resource) { r.Count = MaxRoomCount + 1 }, fault.CodeFieldRange},
		"none":                        {devices, func(r *Resource) { r.Count = 0 }, fault.CodeFieldRange},
		"fewer than none":             {devices, func(r *Resource) { r.Count = -1 }, fault.CodeFieldRange},
		"rooms without a package":     {rooms, func(r *Resource) { r.Package = "" }, fault.CodeFieldChoice},
		"rooms of an unknown package": {rooms, func(r *Resource) { r.Package = "VMR10" }, fault.CodeFieldChoice},
		"devices in a package":        {devices, func(r *Resource) { r.Package = SmallestPackage }, fault.CodeFieldUnwanted},
		"no kind":                     {devices, func(r *Resource) { r.Kind = "" }, fault.CodeFieldChoice},
		"no end":                      {devices, func(r *Resource) { r.EndsAt = time.Time{} }, fault.CodeFieldMissing},
		"an end in the past":          {devices, func(r *Resource) { r.EndsAt = time.Unix(1, 0) }, ""},
		"no name":                     {devices, func(r *Resource) { r.Ref = "" }, fault.CodeFieldFormat},
		"a name that just fits":       {devices, func(r *Resource) { r.Ref = strings.Repeat("~", 64) }, ""},
		"a name that does not":        {devices, func(r *Resource) { r.Ref = strings.Repeat("~", 65) }, fault.CodeFieldFormat},
		"a name of two lines":         {devices, func(r *Resource) { r.Ref = "a\nb" }, fault.CodeFieldFormat},
		"an order that just fits":     {devices, func(r *Resource) { r.Order = strings.Repeat("单", 64) }, ""},
		"an order that does not":      {devices, func(r *Resource) { r.Order = strings.Repeat("单", 65) }, fault.CodeFieldLength},
		"an order in control":         {devices, func(r *Resource) { r.Order = "o\x1b[2J" }, fault.CodeMalformed},
	} {
		r := c.good
		c.change(&r)
		faulty(t, name, r.Validate(), c.want)
	}
}

func TestActivationCodeValidate(t *testing.T) {
	good := ActivationCode{Device: DeviceIdeaHub, Name: "Hub"}
	for name, c := range map[string]struct {
		change func(*ActivationCode)
		want   fault.Code
	}{
		"good":                         {func(*ActivationCode) {}, ""},
		"nobody is told":               {func(a *ActivationCode) { a.Contact = Contact{} }, ""},
		"no device":                    {func(a *ActivationCode) { a.Device = "" }, fault.CodeFieldChoice},
		"a device in capitals":         {func(a *ActivationCode) { a.Device = "Idea_Hub" }, fault.CodeFieldChoice},
		"no name":                      {func(a *ActivationCode) { a.Name = "" }, fault.CodeFieldLength},
		"a name that just fits":        {func(a *ActivationCode) { a.Name = strings.Repeat("屏", 64) }, ""},
		"a name that does not":         {func(a *ActivationCode) { a.Name = strings.Repeat("屏", 65) }, fault.CodeFieldLength},
		"a description that just fits": {func(a *ActivationCode) { a.Description = strings.Repeat("x", 128) }, ""},
		"a description that does not":  {func(a *ActivationCode) { a.Description = strings.Repeat("x", 129) }, fault.CodeFieldLength},
		"a country that is a book":     {func(a *ActivationCode) { a.Contact.Country = strings.Repeat("x", 256) }, fault.CodeFieldLength},
	} {
		a := good
		c.change(&a)
		faulty(t, name, a.Validate(), c.want)
	}
}

func TestTerminalBounds(t *testing.T) {
	good := Terminal{Serial: "SN_1", Name: "Hall", Model: "cisco", Projection: ProjectionComplex, Contact: Contact{Mobile: "+8613800000001"}}
	for name, c := range map[string]struct {
		change func(*Terminal)
		want   fault.Code
	}{
		"a number alone":               {func(*Terminal) {}, ""},
		"an address alone":             {func(m *Terminal) { m.Contact = Contact{Email: "a@b.example"} }, ""},
		"a country alone":              {func(m *Terminal) { m.Contact = Contact{Country: "chinaPR"} }, fault.CodeContactMissing},
		"a serial that just fits":      {func(m *Terminal) { m.Serial = strings.Repeat("9", 64) }, ""},
		"a serial that does not":       {func(m *Terminal) { m.Serial = strings.Repeat("9", 65) }, fault.CodeFieldFormat},
		"a serial beyond ASCII":        {func(m *Terminal) { m.Serial = "号" }, fault.CodeFieldFormat},
		"a serial of two lines":        {func(m *Terminal) { m.Serial = "SN\n" }, fault.CodeFieldFormat},
		"a model in capitals":          {func(m *Terminal) { m.Model = "CISCO" }, fault.CodeFieldChoice},
		"a name that just fits":        {func(m *Terminal) { m.Name = strings.Repeat("厅", 64) }, ""},
		"a name that does not":         {func(m *Terminal) { m.Name = strings.Repeat("厅", 65) }, fault.CodeFieldLength},
		"a description that just fits": {func(m *Terminal) { m.Description = strings.Repeat("厅", 128) }, ""},
		"a description that does not":  {func(m *Terminal) { m.Description = strings.Repeat("厅", 129) }, fault.CodeFieldLength},
		"an unknown projection":        {func(m *Terminal) { m.Projection = "none" }, fault.CodeFieldChoice},
	} {
		m := good
		c.change(&m)
		faulty(t, name, m.Validate(), c.want)
	}
}

// What a device takes is what is bought for it (Meeting API, 5.3).
func TestWhatDevicesTake(t *testing.T) {
	for model, want := range map[string]ResourceKind{
		"TE10": ResourceHD, "TE20": ResourceFullHD, "TE60": ResourceFullHD, "HUAWEI Board": ResourceFullHD,
		"polycom": ResourceThirdParty, "cisco": ResourceThirdParty,
	} {
		m, known := TerminalModelOf(model)
		if got := m.Kind(); !known || got != want {
			t.Errorf("%s: got %s, %v, want %s", model, got, known, want)
		}
	}
	for device, want := range map[DeviceKind]ResourceKind{
		DeviceIdeaHub: ResourceIdeaHubs, DeviceSmartScreen: ResourceScreens,
		DeviceWhiteboard: ResourceWhiteboards, DeviceSmartRoom: ResourceWhiteboards,
	} {
		if got := device.Kind(); got != want {
			t.Errorf("%s: got %s, want %s", device, got, want)
		}
	}
	if got := ModelsOf(ResourceMembers); len(got) != 0 {
		t.Errorf("models take members: %q", got)
	}
	if m, known := TerminalModelOf("te20"); known {
		t.Errorf("a model by another spelling: %+v", m)
	}
	models := TerminalModels()
	models[0].Name = "mine"
	if TerminalModels()[0].Name == "mine" {
		t.Error("the list of models is not a copy")
	}
}

// A reset that is refused leaves the terminal as it was.
func TestRefusedResetChangesNothing(t *testing.T) {
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	m := Terminal{Model: "TE20", Activation: Activation{Code: "first", EndsAt: now.Add(ActivationLife)}}
	for range TerminalResets {
		m.Resets = append(m.Resets, now)
	}
	faulty(t, "the sixth", m.Reset("second", now.Add(24*time.Hour-1)), fault.CodeActivationResets)
	if m.Activation.Code != "first" || len(m.Resets) != TerminalResets {
		t.Errorf("changed: %d resets, another code: %v", len(m.Resets), m.Activation.Code != "first")
	}
	before := m.Resets
	faulty(t, "a day later", m.Reset("second", now.Add(24*time.Hour)), "")
	if len(m.Resets) != 1 || m.Activation.Code != "second" {
		t.Errorf("got %v, want the one reset of the day", m.Resets)
	}
	for i, at := range before {
		if !at.Equal(now) {
			t.Errorf("reset %d of the terminal as it was read: got %s, want %s", i, at, now)
		}
	}
}

func TestSecretsOfDevicesAreNotLogged(t *testing.T) {
	var text strings.Builder
	slog.New(slog.NewJSONHandler(&text, nil)).Info("x", "activation", Activation{Code: "hush"}, "contact", Contact{Email: "hush"},
		"passwords", RoomPasswords{Host: "hush"})
	if got := text.String(); strings.Contains(got, "hush") || strings.Count(got, "[redacted]") != 3 {
		t.Errorf("logged: %s", got)
	}
}
