package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/approval"
	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// situation tells whoever may not enter an application why, and what becomes of
// their wish. Whoever arrives for the first time asks by that; whoever was
// rejected, or has withdrawn, asks again by a button only. Whoever may enter by
// now goes on.
func (s *Surface) situation(v *visit) (reply, error) {
	if answer, done, err := s.onTheWay(v, v.query(pages.FlowField)); done {
		return answer, err
	}
	d, standing, err := s.stands(v)
	if err != nil || d.Allowed() {
		return s.dispatch(v), err
	}
	if d.Verdict == entry.Unverified {
		return goTo(withFlow(verificationPath, v.flowID)), nil
	}
	if asksByItself(d, standing) {
		standing, err = s.Approval.Ask(v.context(), v.actor(), v.flow.Passage.application(), "")
		if err != nil {
			return reply{}, err
		}
	}
	return s.situationPage(v, d, standing), nil
}

// answerSituation withdraws the wish, or asks again.
func (s *Surface) answerSituation(v *visit) (reply, error) {
	if answer, done, err := s.postedOnTheWay(v); done {
		return answer, err
	}
	_, standing, err := s.stands(v)
	if err != nil {
		return reply{}, err
	}
	switch v.posted("do") {
	case "withdraw":
		err = s.Approval.Withdraw(v.context(), v.actor(), standing.Of().ID)
	case "again":
		_, err = s.Approval.Ask(v.context(), v.actor(), v.flow.Passage.application(), "")
	}
	if kind := fault.KindOf(err); err != nil && kind == fault.Conflict {
		// Somebody decided in the meantime: the page tells what.
		var d entry.Decision
		d, standing, err = s.stands(v)
		if err == nil && !d.Allowed() {
			return s.situationPage(v, d, standing).with(http.StatusConflict), nil
		}
	}
	if err != nil {
		return reply{}, err
	}
	return goTo(withFlow(situationPath, v.flowID)), nil
}

// stands reads whether the person may enter by now, and how their wish stands.
func (s *Surface) stands(v *visit) (d entry.Decision, standing approval.Standing, err error) {
	a := v.flow.Passage.application()
	if d, err = s.Entry.Decide(v.context(), v.asking(a), nil); err != nil || d.Allowed() {
		return d, standing, err
	}
	standing, err = s.Approval.Standing(v.context(), v.actor(), a)
	return d, standing, err
}

// asksByItself tells that arriving is asking: there is something to ask for,
// and the person was neither refused before nor has changed their mind.
func asksByItself(d entry.Decision, standing approval.Standing) bool {
	if standing.Foreign || d.Verdict != entry.NotMember && d.Verdict != entry.NotAuthorized {
		return false
	}
	switch standing.Of().State {
	case identity.RequestRejected, identity.RequestWithdrawn, identity.RequestPending:
		return false
	}
	return true
}

// situationPage shows what stands in the way.
func (s *Surface) situationPage(v *visit, d entry.Decision, standing approval.Standing) reply {
	page := pages.Situation{
		Form: v.sessionForm(situationPath), For: v.flow.Passage.shown(), Organization: standing.Organization, Name: v.name(),
		Account: v.signed.Account.Name, Kind: situationOf(d.Verdict), Other: withFlow(chooserPath, v.flowID),
	}
	if page.Kind == pages.SituationBarred || page.Kind == pages.SituationUnreachable {
		page.Retry, page.Code = withFlow(situationPath, v.flowID), v.flow.Passage.Code
	}
	switch page.Kind {
	case pages.SituationStranger:
		if standing.Foreign {
			page.Kind = pages.SituationForeign
			break
		}
		page.State, page.Answer = string(standing.Join.State), standing.Join.Answer
	case pages.SituationUnauthorized:
		page.State, page.Answer = string(standing.Entry.State), standing.Entry.Answer
	}
	return show(page).at(withFlow(situationPath, v.flowID))
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
	case entry.Barred:
		return pages.SituationBarred
	case entry.Unverified:
		return pages.SituationUnreachable
	}
	return pages.SituationDisabled
}
