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

// leaver is a source at which people can sign out.
type leaver interface {
	// leave returns where, "" for nowhere. to is a whole address.
	leave(ctx context.Context, to string) (string, error)
}

// leave puts the way back into the configured address.
func (c centre) leave(_ context.Context, to string) (string, error) {
	return strings.Replace(c.exit, returnPlaceholder, url.QueryEscape(to), 1), nil
}

// Exit returns where a person who was proven by a source signs out there, ""
// where there is no such place: the source has none, is not in force, or is
// gone. to is where they are to go afterwards, an address of their own or a
// path of this server; the centre is told it only where the placeholder asks
// for it, for no two centres name the parameter alike, or where it publishes
// an end_session_endpoint.
func (s *Sources) Exit(ctx context.Context, id identity.SourceID, to string) (string, error) {
	if id == "" {
		return "", nil
	}
	found, err := s.ByID(ctx, id)
	if fault.Is(err, fault.CodeSSOUnknown) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	opened, err := s.open(found)
	if err != nil {
		return "", err
	}
	if s.options.BaseURL != nil {
		if path, err := url.Parse(to); err == nil && path.Host == "" && path.Scheme == "" {
			to = s.options.BaseURL.ResolveReference(path).String()
		}
	}
	if l, ok := opened.(leaver); ok {
		return l.leave(ctx, to)
	}
	return "", nil
}
