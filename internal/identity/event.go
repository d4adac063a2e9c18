package identity

import (
	"net/netip"
	"time"
)

// Event is one audit fact: who did what to whom, when and from where. It
// holds no secret and no answer of an outside source.
type Event struct {
	ID             EventID
	OrganizationID OrganizationID // "" for what concerns the installation
	Type           string         // from the catalogue in audit, "member.suspended"
	At             time.Time
	ActorKind      ActorKind
	ActorID        string
	ActorName      string
	Target         string // the id of what was changed
	Address        netip.Addr
	RequestID      string
	Details        map[string]string
}
