package identity

import (
	"net/netip"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// Region is a part of the network that an organisation gives a name, so that
// access policies can say from where (OrgID, A.10).
type Region struct {
	ID             RegionID
	OrganizationID OrganizationID
	Name           string       // unique in the organisation, compared folded
	Network        netip.Prefix // in the form of ParseNetwork; unique in the organisation
	Description    string
	Version        int64
	CreatedAt      time.Time
	UpdatedAt      time.Time
}

// Validate checks the region's own rules: a name of 1–64 characters, a network,
// a description of at most 255.
func (r Region) Validate() error {
	var faults []*fault.Error
	if f := textFault("name", r.Name, 1, 64); f != nil {
		faults = append(faults, f)
	}
	if r.Network != canonical(r.Network) || !r.Network.IsValid() {
		faults = append(faults, networkFault())
	}
	if f := textFault("description", r.Description, 0, 255); f != nil {
		faults = append(faults, f)
	}
	return fault.All(faults)
}

// Holds reports whether an address lies in the region. An address that is not
// known lies nowhere; an IPv4 address in the clothes of IPv6 (RFC 4291, 2.5.5.2)
// is the IPv4 address.
func (r Region) Holds(address netip.Addr) bool {
	return r.Network.IsValid() && r.Network.Contains(address.Unmap().WithZone(""))
}

// ParseNetwork reads a network in the notation of CIDR (RFC 4632, 3.1; RFC
// 4291, 2.3) and returns its one spelling: without the bits behind the mask, and
// as IPv4 where it is one in the clothes of IPv6. All else is Invalid
// (field_format) at network.
func ParseNetwork(text string) (netip.Prefix, error) {
	network, err := netip.ParsePrefix(strings.TrimSpace(text))
	if err != nil {
		return netip.Prefix{}, networkFault().Because(err)
	}
	return canonical(network), nil
}

// mappedBits is how long the part of an IPv6 address is that says that the rest
// is one of IPv4.
const mappedBits = 96

func canonical(network netip.Prefix) netip.Prefix {
	if network.Addr().Is4In6() && network.Bits() >= mappedBits {
		network = netip.PrefixFrom(network.Addr().Unmap(), network.Bits()-mappedBits)
	}
	return network.Masked()
}

func networkFault() *fault.Error {
	return fault.New(fault.Invalid, fault.CodeFieldFormat).At("network").With("want", "want.network")
}

// textFault is what is wrong with a text of so many characters, nil for nothing.
func textFault(field, text string, low, high int) *fault.Error {
	if n := len([]rune(text)); n < low || n > high {
		return lengthFault(field, low, high)
	}
	if !CleanText(text) {
		return fault.New(fault.Invalid, fault.CodeMalformed).At(field)
	}
	return nil
}
