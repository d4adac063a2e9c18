package identity

import (
	"log/slog"
	"slices"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Terminal is a hard terminal of an organisation: a conference system in a
// room (Meeting API, 5.8).
type Terminal struct {
	ID             TerminalID
	OrganizationID OrganizationID
	// Serial is the number its maker gave it: letters, digits and underscores,
	// compared folded, unique in the organisation. It never changes.
	Serial      string
	Name        string
	Model       string // the name of a TerminalModel
	Account     string // by which it signs in; drawn
	Number      string // its SIP number, digits with a leading +
	Projection  Projection
	Department  DepartmentID
	Contact     Contact
	Description string
	Disabled    bool
	// Activation is what is typed at the terminal to make it this one; "" where
	// the model has none. Sealed at rest.
	Activation Activation
	// Resets are the instants of the latest resets of the activation code, at
	// most TerminalResets of them.
	Resets    []time.Time
	Version   int64
	CreatedAt time.Time
	UpdatedAt time.Time
}

// Contact is how whoever looks after a device is reached. Sealed at rest.
type Contact struct {
	Mobile  string // normalised, see Mobile
	Country string // the name by which clients know the calling code
	Email   string // normalised, see Email
}

// String keeps contacts out of logs.
func (c Contact) String() string { return "[redacted]" }

// GoString keeps contacts out of %#v.
func (c Contact) GoString() string { return c.String() }

// LogValue keeps contacts out of structured logs.
func (c Contact) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Activation is a code that makes a device one of the organisation's, and until
// when it can be used.
type Activation struct {
	Code   string
	EndsAt time.Time
}

// String keeps the code out of logs.
func (a Activation) String() string { return "[redacted]" }

// GoString keeps the code out of %#v.
func (a Activation) GoString() string { return a.String() }

// LogValue keeps the code out of structured logs.
func (a Activation) LogValue() slog.Value { return slog.StringValue(a.String()) }

// ActivationLife is how long an activation code can be used.
const ActivationLife = 7 * 24 * time.Hour

// Projection is how a terminal makes the code by which screens are projected
// to it.
type Projection string

// The ways of projection codes (Meeting API, 5.8, prjCodeMode).
const (
	ProjectionAutomatic Projection = "automatic"
	ProjectionSimple    Projection = "simple"
	ProjectionComplex   Projection = "complex"
)

// Projections lists every way.
func Projections() []Projection {
	return []Projection{ProjectionAutomatic, ProjectionSimple, ProjectionComplex}
}

// TerminalModel is what a terminal can do, by the name of its model.
type TerminalModel struct {
	Name       string
	ThirdParty bool
	FullHD     bool // 1080 lines, else 720
	Activation bool // is activated by a code
	Projection bool // shows a code for projection
	SVC        bool // takes scalable video
}

// terminalModels are the models of the Meeting API, 5.8. Those of other makers
// register with account and password alone.
var terminalModels = [...]TerminalModel{
	{Name: "TE10", Activation: true, Projection: true},
	{Name: "TE20", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "TE30", FullHD: true, Projection: true},
	{Name: "TE40", FullHD: true, Projection: true},
	{Name: "TE50", FullHD: true, Projection: true},
	{Name: "TE60", FullHD: true, Projection: true},
	{Name: "HUAWEI Box 200", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "HUAWEI Box 300", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "HUAWEI Box 500", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "HUAWEI Box 600", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "HUAWEI Box 700", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "HUAWEI Box 900", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "DP300", FullHD: true, Activation: true, Projection: true},
	{Name: "HUAWEI Board", FullHD: true, Activation: true, Projection: true, SVC: true},
	{Name: "polycom", ThirdParty: true, FullHD: true},
	{Name: "cisco", ThirdParty: true, FullHD: true},
}

// TerminalModels lists the models that there are.
func TerminalModels() []TerminalModel { return slices.Clone(terminalModels[:]) }

// TerminalModelOf returns a model by its name; ok is false when there is none.
func TerminalModelOf(name string) (m TerminalModel, ok bool) {
	for _, m := range terminalModels {
		if m.Name == name {
			return m, true
		}
	}
	return m, false
}

// Kind is the resource that a terminal of the model takes one of.
func (m TerminalModel) Kind() ResourceKind {
	switch {
	case m.ThirdParty:
		return ResourceThirdParty
	case m.FullHD:
		return ResourceFullHD
	}
	return ResourceHD
}

// ModelsOf lists the names of the models that take one of a resource.
func ModelsOf(kind ResourceKind) (names []string) {
	for _, m := range terminalModels {
		if m.Kind() == kind {
			names = append(names, m.Name)
		}
	}
	return names
}

var terminalSerial = pattern(`^[A-Za-z0-9_]{1,64}$`)

// Validate checks a terminal's own rules: a serial number of 1–64 letters,
// digits and underscores (Meeting API, 1.6), a known model, a name of 1–64
// characters, a description of at most 128, and somebody to be reached.
func (t Terminal) Validate() error {
	var faults []*fault.Error
	if !terminalSerial().MatchString(t.Serial) {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldFormat).At("serial").With("want", "want.serial"))
	}
	if _, known := TerminalModelOf(t.Model); !known {
		names := make([]string, len(terminalModels))
		for i, m := range terminalModels {
			names[i] = m.Name
		}
		faults = append(faults, choiceFault("model", names))
	}
	if !contains(Projections(), t.Projection) {
		faults = append(faults, choiceFault("projection", Projections()))
	}
	if t.Contact.Mobile == "" && t.Contact.Email == "" {
		faults = append(faults, fault.New(fault.Invalid, fault.CodeContactMissing).At("email"))
	}
	return fault.All(append(faults, textFaults([]textBound{
		{"name", t.Name, 1, 64}, {"description", t.Description, 0, 128}, {"country", t.Contact.Country, 0, 255},
	})...))
}

// TerminalResets is how often an activation code is reset within a day.
const TerminalResets = 5

// Reset gives the terminal another activation code and forgets the one before.
// A model without one is a Conflict (activation_unsupported), a sixth reset
// within 24 hours TooMany (activation_resets).
func (t *Terminal) Reset(code string, now time.Time) error {
	if m, _ := TerminalModelOf(t.Model); !m.Activation {
		return fault.New(fault.Conflict, fault.CodeActivationUnsupported).With("model", t.Model)
	}
	day := now.Add(-24 * time.Hour)
	latest := slices.DeleteFunc(slices.Clone(t.Resets), func(at time.Time) bool { return !at.After(day) })
	if len(latest) >= TerminalResets {
		return fault.New(fault.TooMany, fault.CodeActivationResets).With("max", TerminalResets)
	}
	t.Resets = append(latest, now)
	t.Activation = Activation{Code: code, EndsAt: now.Add(ActivationLife)}
	return nil
}
