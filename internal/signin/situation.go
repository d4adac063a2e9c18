package signin

import (
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/pages"
)

// situation tells whoever may not enter an application why. Whoever may by now
// goes on.
func (s *Surface) situation(v *visit) (reply, error) {
	if answer, done, err := s.onTheWay(v, v.query(pages.FlowField)); done {
		return answer, err
	}
	d, err := s.Entry.Decide(v.context(), v.asking(v.flow.Passage.application()))
	if err != nil {
		return reply{}, err
	}
	if d.Allowed() {
		return s.dispatch(v), nil
	}
	return s.situationPage(v, d), nil
}

// situationPage shows what stands in the way.
func (s *Surface) situationPage(v *visit, d entry.Decision) reply {
	return show(pages.Situation{
		Form: v.sessionForm(situationPath), For: v.flow.Passage.shown(), Name: v.name(), Account: v.signed.Account.Name,
		Kind: situationOf(d.Verdict), Other: withFlow(chooserPath, v.flowID),
	})
}

// situationOf names a verdict.
func situationOf(v entry.Verdict) pages.SituationKind {
	switch v {
	case entry.NotMember:
		return pages.SituationStranger
	case entry.MemberDisabled:
		return pages.SituationSuspended
	case entry.NotAuthorized:
		return pages.SituationUnauthorized
	}
	return pages.SituationDisabled
}
