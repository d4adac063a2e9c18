package signin

import (
	"github.com/orgate/orgate/internal/pages"
)

// The pages that can stand between a person and an application.
const (
	chooserPath      = "/entry/account"
	verificationPath = "/entry/verification"
	consentPath      = "/entry/consent"
	situationPath    = "/entry"
)

// onTheWay reads the conversation on the way to an application that a page is
// part of. done tells that the page has nothing to ask: the reply leads to
// what comes first, or away where the conversation is over.
func (s *Surface) onTheWay(v *visit, id string) (answer reply, done bool, err error) {
	if _, err := s.resume(v, id); err != nil {
		return reply{}, true, err
	}
	if v.flow.Passage == nil && v.signed != nil && !v.mustChange {
		return goTo(requestsPath), true, nil
	}
	if v.flow.Passage == nil || !v.proven() || v.mustChange {
		return s.dispatch(v), true, nil
	}
	return reply{}, false, nil
}

// postedOnTheWay is onTheWay for a posted form, which counts only in the session
// in which it was shown.
func (s *Surface) postedOnTheWay(v *visit) (answer reply, done bool, err error) {
	answer, done, err = s.onTheWay(v, v.posted(pages.FlowField))
	if err == nil && !done {
		err = v.checkSessionForm()
	}
	return answer, done || err != nil, err
}

// goOn remembers what was answered and leads back to where it was asked for.
func (s *Surface) goOn(v *visit, change func(*passage)) (reply, error) {
	next := v.flow
	p := *next.Passage
	change(&p)
	next.Passage, next.Note = &p, ""
	if err := s.remember(v, next); err != nil {
		return reply{}, err
	}
	return s.dispatch(v), nil
}

// askAccount asks whether to go on as who is signed in.
func (s *Surface) askAccount(v *visit) (reply, error) {
	if answer, done, err := s.onTheWay(v, v.query(pages.FlowField)); done {
		return answer, err
	}
	return show(pages.Chooser{
		Form: v.sessionForm(chooserPath), For: v.flow.Passage.shown(), Name: v.name(), Account: v.signed.Account.Name,
		Organization: v.signed.Organization.Name,
	}), nil
}

// chooseAccount goes on as who is signed in, or as somebody else.
func (s *Surface) chooseAccount(v *visit) (reply, error) {
	if answer, done, err := s.postedOnTheWay(v); done {
		return answer, err
	}
	return s.goOn(v, func(p *passage) {
		if v.posted("as") == "other" {
			p.NotBefore, p.LoginName = s.afresh(v), ""
			return
		}
		p.Chosen = v.signed.Session.ID
	})
}

// askConsent asks what may be released.
func (s *Surface) askConsent(v *visit) (reply, error) {
	if answer, done, err := s.onTheWay(v, v.query(pages.FlowField)); done {
		return answer, err
	}
	return show(pages.Consent{
		Form: v.sessionForm(consentPath), For: v.flow.Passage.shown(), Name: v.name(), Account: v.signed.Account.Name,
		Scopes: v.flow.Passage.Scopes,
	}), nil
}

// consent does as the person answered.
func (s *Surface) consent(v *visit) (reply, error) {
	if answer, done, err := s.postedOnTheWay(v); done {
		return answer, err
	}
	p := v.flow.Passage
	if v.posted("answer") != "agree" {
		return s.goOn(v, func(p *passage) { p.Denied = true })
	}
	if err := s.Entry.Agree(v.context(), v.actor(), p.application(), p.Scopes); err != nil {
		return reply{}, err
	}
	return s.goOn(v, func(p *passage) { p.Agreed = v.signed.Session.ID })
}
