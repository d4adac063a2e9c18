package source

import (
	"context"
	"net/url"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// returnPlaceholder stands in an exit address for the address, written as a
// part of a query, at which the person comes back.
const returnPlaceholder = "{return_url}"

// isExitAddress accepts a web address in whose query the placeholder may stand
// once.
func isExitAddress(text string) bool {
	before, after, found := strings.Cut(text, returnPlaceholder)
	if found && !strings.Contains(before, "?") {
		return false
	}
	return isWebAddress(before + after)
}

// Exit returns where a person who was proven by a source signs out there, ""
// where there is no such place: the source has none, is not in force, or is
// gone. to is where they are to go afterwards, an address of their own or a
// path of this server; the centre is told it only where the placeholder asks
// for it, for no two centres name the parameter alike.
func (s *Sources) Exit(ctx context.Context, id identity.SourceID, to string) (string, error) {
	if id == "" {
		return "", nil
	}
	found, err := s.ByID(ctx, id)
	if fault.Is(err, fault.CodeSSOUnknown) {
		return "", nil
	}
	if err != nil || found.SSO.ExitURL == "" {
		return "", err
	}
	if s.options.BaseURL != nil {
		if path, err := url.Parse(to); err == nil && path.Host == "" && path.Scheme == "" {
			to = s.options.BaseURL.ResolveReference(path).String()
		}
	}
	return strings.Replace(found.SSO.ExitURL, returnPlaceholder, url.QueryEscape(to), 1), nil
}
