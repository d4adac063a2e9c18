package meeting

import (
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/source"
)

// authorizeAnswer answers the operation of authorizeURL.
type authorizeAnswer struct {
	AuthorizeURL string `json:"authorizeUrl"`
	State        string `json:"state"`
}

// authorizeURL tells a client where the people of a domain sign in. It is not
// part of the published API, whose client SDKs have such a function without an
// operation for it. The browser that the client opens comes back to our own
// call-back, which opens the client by its scheme URL with a one-time code; a
// client that shows the page itself may take the centre's code from the
// call-back's address and send it with this state to the operation of 4.3.
func (m *meeting) authorizeURL(c *call) (any, error) {
	query := c.r.URL.Query()
	for _, name := range []string{"domain", "clientType"} {
		if len(query[name]) != 1 || query.Get(name) == "" {
			return nil, fault.New(fault.Invalid, fault.CodeFieldMissing).At(name).With("field", name)
		}
	}
	purpose, ok := purposeOf(query.Get("clientType"), c.r.UserAgent())
	if !ok {
		return nil, fault.New(fault.Invalid, fault.CodeFieldChoice).At("clientType").With("choices", "5, 6, 72")
	}
	ctx := c.r.Context()
	found, err := m.o.Sources.ByDomain(ctx, query.Get("domain"))
	if err != nil {
		return nil, err
	}
	state, attempt, err := m.o.Sources.NewAttempt(ctx, found, source.AttemptOptions{Purpose: purpose, Domain: found.Source.Domain})
	if err != nil {
		return nil, err
	}
	step, err := m.o.Sources.Begin(ctx, found, attempt)
	if err != nil {
		return nil, err
	}
	return authorizeAnswer{AuthorizeURL: step.URL, State: state}, nil
}

// purposeOf says which client is to be opened afterwards. The type of mobile
// clients does not tell the two systems apart; what the client calls itself
// does.
func purposeOf(clientType, userAgent string) (source.Purpose, bool) {
	switch clientType {
	case "5":
		return source.ForPC, true
	case "6":
		for _, word := range []string{"iPhone", "iPad", "iOS", "Darwin"} {
			if strings.Contains(userAgent, word) {
				return source.ForIOS, true
			}
		}
		return source.ForAndroid, true
	case "72":
		return source.ForClient, true
	}
	return "", false
}
