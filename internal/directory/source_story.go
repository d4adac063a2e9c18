package directory

import (
	"cmp"

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
			detail := trace.Detail{Received: cmp.Or(f.compared, p.Profile.Account)}
			if check == trace.AttributeMatched {
				detail = trace.Detail{Expected: f.compared, Received: "nobody, or several"}
			}
			s.Check(check, false, detail)
			return
		}
	}
	for _, w := range f.warned {
		s.Warn(w.check, trace.Detail{Received: w.shown})
	}
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
