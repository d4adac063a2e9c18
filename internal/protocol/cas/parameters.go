package cas

import (
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

const (
	// maxQuery bounds a request's parameters, in bytes: a service and a callback,
	// each encoded.
	maxQuery = 8 << 10
	// maxParameters bounds their number.
	maxParameters = 32
)

// The parameters of CAS Protocol 3.0.3, 2.
const (
	fieldService = "service"
	fieldTicket  = "ticket"
	fieldRenew   = "renew"
	fieldGateway = "gateway"
	fieldWarn    = "warn"
	fieldMethod  = "method"
	fieldFormat  = "format"
	fieldPGTURL  = "pgtUrl"
	fieldPGT     = "pgt"
	fieldTarget  = "targetService"
)

// parameters are those of one request, each once. An application adds what it
// likes to addresses; what nobody knows is passed over.
type parameters map[string]string

var (
	errMalformed = fault.New(fault.Invalid, fault.CodeMalformed)
	errTooLarge  = fault.New(fault.Invalid, fault.CodeTooLarge)
)

// parse reads parameters. One that comes twice is refused: two readers could
// take either.
func parse(raw string) (parameters, error) {
	if len(raw) > maxQuery {
		return nil, errTooLarge
	}
	values, err := url.ParseQuery(raw)
	switch {
	case err != nil:
		return nil, errMalformed.Because(err)
	case len(values) > maxParameters:
		return nil, errTooLarge
	}
	p := make(parameters, len(values))
	for name, list := range values {
		switch {
		case !identity.CleanText(name), !identity.CleanText(list[0]):
			return nil, errMalformed
		case len(list) > 1:
			return nil, fault.New(fault.Invalid, fault.CodeOAuthTwice).At(shown(name)).With("field", shown(name))
		}
		p[name] = list[0]
	}
	return p, nil
}

// shown is a parameter's name as it may stand in an answer.
func shown(name string) string {
	const most = 64
	if len(name) > most {
		return name[:most]
	}
	return name
}

// set reports whether a switch is on: it came, and does not say false (2.1.1
// recommends true and leaves other values open).
func (p parameters) set(name string) bool {
	value, there := p[name]
	return there && value != "false"
}

// missing is a parameter that has to be there.
func missing(field string) error {
	return fault.New(fault.Invalid, fault.CodeFieldMissing).At(field).With("field", field)
}
