package source

import (
	"context"
	"net/url"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/trace"
)

// Source proves who someone is, in a conversation of two turns. It keeps
// nothing between them: what belongs to one sign-in is the Attempt.
type Source interface {
	// Begin says what the browser must do.
	Begin(ctx context.Context, a Attempt) (Step, error)
	// Finish reads what came back and names the person, or fails with
	// fault.Unauthenticated. It writes its checks into the story, which may be
	// nil.
	Finish(ctx context.Context, a Attempt, back Answer, s *trace.Story) (identity.Profile, error)
}

// Step is what the browser must do: follow a link.
type Step struct {
	URL string
}

// Answer is what the browser brought back.
type Answer struct {
	// Query is that of the call-back: code and state, or error.
	Query url.Values
}

// String keeps the code out of logs.
func (Answer) String() string { return redacted }

// GoString keeps the code out of %#v.
func (Answer) GoString() string { return redacted }

// opener makes a source from what is stored of it, its settings opened.
type opener func(source identity.Source, t tools) (Source, error)

// errUnknown is what is said of a domain or source by which nobody can sign
// in, whatever the reason.
var errUnknown = fault.New(fault.NotFound, fault.CodeSSOUnknown)

// open makes the source of a kind.
func (s *Sources) open(found Found) (Source, error) {
	of, ok := kinds()[found.Source.Kind]
	if !ok {
		return nil, errUnknown
	}
	return of.open(found.Source, s.tools)
}

// Begin says where the browser goes to be proven by the source.
func (s *Sources) Begin(ctx context.Context, found Found, a Attempt) (Step, error) {
	kind, err := s.open(found)
	if err != nil {
		return Step{}, err
	}
	return kind.Begin(ctx, a)
}

// Finish names the person whom the source proved. The attempt must be of this
// very source and of the settings that are in force: an answer that was meant
// for another centre is Unauthenticated (source_failed) and reaches nobody
// (RFC 9700, 4.4). Its other faults are source_failed, with the name of the
// failing check as parameter check, and source_denied.
func (s *Sources) Finish(ctx context.Context, found Found, a Attempt, back Answer, story *trace.Story) (identity.Profile, error) {
	story.About(found.Source.OrganizationID, "")
	if a.SourceID != found.Source.ID || a.Version != found.Source.Version {
		story.Check(trace.SourceState, false, trace.Detail{Expected: "a sign-in at this source", Received: "one at another, or at earlier settings"})
		return identity.Profile{}, refused(trace.SourceState)
	}
	kind, err := s.open(found)
	if err != nil {
		return identity.Profile{}, err
	}
	return kind.Finish(ctx, a, back, story)
}

// refused is the fault of a failed check.
func refused(check trace.Check) *fault.Error {
	code := fault.CodeSourceFailed
	if check == trace.AuthorizeDenied {
		code = fault.CodeSourceDenied
	}
	return fault.New(fault.Unauthenticated, code).With("check", string(check))
}
