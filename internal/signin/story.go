package signin

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

// keep ends the story of a sign-in and has it stored. Its code is what the
// visitor is shown if the sign-in failed.
func (s *Surface) keep(v *visit, story *trace.Story, err error) {
	switch {
	case err == nil:
		story.End(trace.Succeeded)
	case fault.KindOf(err) == fault.Internal, fault.KindOf(err) == fault.Unavailable:
		story.End(trace.Failed)
	default:
		story.End(trace.Refused)
	}
	if err != nil {
		v.code = story.Code()
	}
	s.Traces.Keep(story)
}
