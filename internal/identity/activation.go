package identity

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// ActivationCode lets a smart screen, a whiteboard or the like become one of
// the organisation's devices (Meeting API, 5.9). Until it is removed it takes
// one of the resource of its kind, whether its code was used or not.
type ActivationCode struct {
	ID             ActivationCodeID
	OrganizationID OrganizationID
	Activation     Activation // sealed at rest; shown to administrators
	Device         DeviceKind
	Name           string // of the device
	Department     DepartmentID
	Contact        Contact
	Description    string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// DeviceKind is what a device is that is activated by a code.
type DeviceKind string

// The kinds of devices (Meeting API, 5.9, devType).
const (
	DeviceIdeaHub     DeviceKind = "idea_hub"
	DeviceSmartScreen DeviceKind = "smart_screen"
	DeviceWhiteboard  DeviceKind = "whiteboard"
	DeviceSmartRoom   DeviceKind = "smart_room"
)

// DeviceKinds lists every kind.
func DeviceKinds() []DeviceKind {
	return []DeviceKind{DeviceIdeaHub, DeviceSmartScreen, DeviceWhiteboard, DeviceSmartRoom}
}

// Kind is the resource that a device takes one of.
func (k DeviceKind) Kind() ResourceKind {
	switch k {
	case DeviceIdeaHub:
		return ResourceIdeaHubs
	case DeviceSmartScreen:
		return ResourceScreens
	}
	return ResourceWhiteboards
}

// DevicesOf lists the kinds of devices that take one of a resource.
func DevicesOf(kind ResourceKind) (devices []DeviceKind) {
	for _, k := range DeviceKinds() {
		if k.Kind() == kind {
			devices = append(devices, k)
		}
	}
	return devices
}

// Validate checks the rules of a code: a known kind, a name of 1–64 characters
// and a description of at most 128.
func (c ActivationCode) Validate() error {
	var faults []*fault.Error
	if !contains(DeviceKinds(), c.Device) {
		faults = append(faults, choiceFault("device", DeviceKinds()))
	}
	return fault.All(append(faults, textFaults([]textBound{
		{"name", c.Name, 1, 64}, {"description", c.Description, 0, 128}, {"country", c.Contact.Country, 0, 255},
	})...))
}
