package directory

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/trace"
)

// sourceChecks are the checks that a refusal fails.
var sourceChecks = map[fault.Code]trace.Check{
	fault.CodeSSOUnknown:          trace.SourceStands,
	fault.CodeLinkExists:          trace.LinkFree,
	fault.CodeAutoCreateForbidden: trace.AutoCreate,
	fault.CodeMemberLimit:         trace.MemberLimit,
	fault.CodeSourceNoMember:      trace.AttributeMatched,
	fault.CodeSourceProve:         trace.AccountProven,
}

// tell writes into the story which member it was, or why it was none.
func (f finding) tell(p SourceProof, err error) {
	s := p.Story
	f.tellWay(p, err)
	for code, check := range sourceChecks {
		if fault.Is(err, code) {
			failing, detail := f.failing(check, p)
			s.Check(failing, false, detail)
			return
		}
	}
	for _, w := range f.warned {
		s.Warn(w.check, trace.Detail{Received: w.shown})
	}
}

// failing is a check that a refusal fails, with what was looked at.
func (f finding) failing(check trace.Check, p SourceProof) (trace.Check, trace.Detail) {
	switch {
	case check != trace.AttributeMatched:
		return check, trace.Detail{Received: cmp.Or(f.compared, p.Profile.Account)}
	case f.compared == "":
		said := strings.Join(slices.Sorted(maps.Keys(p.Profile.Said)), ", ")
		return trace.BindingValue, trace.Detail{Expected: p.Source.Rules.Theirs, Received: cmp.Or(said, "nothing that the rules read")}
	}
	return check, trace.Detail{Expected: f.compared, Received: "nobody, or several"}
}

// tellWay writes how the member was found.
func (f finding) tellWay(p SourceProof, err error) {
	s, member := p.Story, trace.Detail{Received: string(f.member)}
	switch f.way {
	case wayLinked:
		s.Check(trace.LinkFound, true, member)
	case wayMatched, wayProven:
		if p.Source.Rules.Enterprise() {
			s.Check(trace.MemberMatched, true, trace.Detail{Expected: p.Profile.Account, Received: string(f.member)})
			return
		}
		s.Check(trace.AttributeMatched, true, trace.Detail{Expected: f.compared, Received: string(f.member)})
		if f.way == wayProven {
			s.Check(trace.AccountProven, true, member)
		}
	case wayCreated:
		if err != nil {
			return
		}
		if f.compared != "" {
			s.Note(trace.AttributeMatched, trace.Detail{Expected: f.compared, Received: "nobody"})
		}
		s.Check(trace.MemberCreated, true, member)
	default:
		s.Note(trace.LinkFound, trace.Detail{Expected: p.Profile.Subject})
	}
}
