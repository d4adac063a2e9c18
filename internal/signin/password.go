package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// askForgotten asks for the account whose password was forgotten, and tells
// what happens once it was typed.
func (s *Surface) askForgotten(v *visit) (reply, error) {
	answer, done, err := s.begin(v)
	if err != nil || done {
		return answer, err
	}
	return s.forgottenPage(v, pages.Forgotten{Sent: v.r.URL.Query().Has("sent")}), nil
}

func (s *Surface) forgottenPage(v *visit, page pages.Forgotten) reply {
	page.Form = s.flowForm(v, "/password/forgotten")
	page.Back = v.address("/login", nil)
	return show(page).at(v.address("/password/forgotten", v.r.URL.Query()))
}

// forgotten has a link sent. The answer is the same for every name.
func (s *Surface) forgotten(v *visit) (reply, error) {
	ok, err := s.checkFlowForm(v)
	if err != nil {
		return reply{}, err
	}
	account := v.posted("account")
	if !ok {
		return s.forgottenPage(v, pages.Forgotten{Account: account, Fault: errForm}).with(http.StatusForbidden), nil
	}
	err = s.Directory.ForgotPassword(v.context(), v.origin, account, s.language(v))
	if fault.KindOf(err) == fault.Invalid && err != nil {
		return s.forgottenPage(v, pages.Forgotten{Account: account, Fault: fault.Of(err)}).with(http.StatusUnprocessableEntity), nil
	}
	if err != nil {
		return reply{}, err
	}
	return goTo(v.address("/password/forgotten", map[string][]string{"sent": {"yes"}})), nil
}

// askReset shows the form to whoever has the code of a mail. Looking at it
// spends nothing.
func (s *Surface) askReset(v *visit) (reply, error) {
	code := v.query("code")
	if err := s.Directory.CheckForgotten(v.context(), code); err != nil {
		return reply{}, err
	}
	return s.resetPage(v, code, nil), nil
}

func (s *Surface) resetPage(v *visit, code string, f *fault.Error) reply {
	rules := identity.DefaultPasswordRules()
	return show(pages.NewPassword{
		Form: s.flowForm(v, "/password/reset"), Code: code, Min: rules.MinLength, Max: rules.MaxLength, Fault: f,
	})
}

// reset sets the new password by the code of a mail.
func (s *Surface) reset(v *visit) (reply, error) {
	code := v.posted("code")
	ok, err := s.checkFlowForm(v)
	if err != nil {
		return reply{}, err
	}
	if !ok {
		return s.resetPage(v, code, errForm).with(http.StatusForbidden), nil
	}
	err = s.Directory.ResetForgotten(v.context(), v.origin, code, v.posted("password"))
	if typed(err) {
		return s.resetPage(v, code, fault.Of(err)).with(http.StatusUnprocessableEntity), nil
	}
	if err != nil {
		return reply{}, err
	}
	return s.afterChange(v)
}

// afterChange lets whoever has a new password sign in with it.
func (s *Surface) afterChange(v *visit) (reply, error) {
	s.leaveSession(v)
	if err := s.remember(v, flow{ReturnTo: v.flow.ReturnTo, Passage: v.flow.Passage, Note: pages.NotePasswordChanged}); err != nil {
		return reply{}, err
	}
	return s.dispatch(v), nil
}

// typed tells that a password was refused which somebody can type anew.
func typed(err error) bool {
	if err == nil {
		return false
	}
	f := fault.Of(err)
	return f.Kind == fault.Invalid || f.Kind == fault.TooMany || f.Kind == fault.Conflict && f.Field != ""
}

// askChange shows the form for another password.
func (s *Surface) askChange(v *visit) (reply, error) {
	if _, err := s.resume(v, v.query(pages.FlowField)); err != nil {
		return reply{}, err
	}
	if v.signed == nil {
		answer, _, err := s.first(v)
		return answer, err
	}
	return s.changePage(v, nil), nil
}

func (s *Surface) changePage(v *visit, f *fault.Error) reply {
	rules := v.signed.Organization.Rules.Password
	if rules.MaxLength == 0 {
		rules = identity.DefaultPasswordRules()
	}
	page := pages.NewPassword{
		Form: v.sessionForm("/password/change"), Account: v.signed.Account.Name, AskOld: !v.mustChange, Forced: v.mustChange,
		Min: rules.MinLength, Max: rules.MaxLength, Fault: f, SignOut: "/logout",
	}
	if !v.mustChange {
		page.Back, page.SignOut = "/", ""
	}
	return show(page).at(v.address("/password/change", nil))
}

// change sets the password that was chosen.
func (s *Surface) change(v *visit) (reply, error) {
	if v.signed == nil {
		answer, _, err := s.first(v)
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	if _, err := s.resume(v, v.posted(pages.FlowField)); err != nil {
		return reply{}, err
	}
	forced := v.mustChange
	err := s.setPassword(v)
	if typed(err) {
		return s.changePage(v, fault.Of(err)).with(http.StatusUnprocessableEntity), nil
	}
	if err != nil {
		return reply{}, err
	}
	if !forced {
		return s.afterChange(v)
	}
	return s.dispatch(v), nil
}

// setPassword sets the password of who is signed in: the first of their own,
// with which the session becomes another one, or another one, with which every
// session ends.
func (s *Surface) setPassword(v *visit) error {
	password := v.posted("password")
	if !v.mustChange {
		return s.Directory.ChangePassword(v.context(), v.actor(), v.posted("old_password"), password, identity.PasswordRules{})
	}
	in, err := s.Directory.ChooseFirstPassword(v.context(), directory.FirstPassword{
		Session: v.signed.Session, Password: password, Entry: v.browserEntry(), Origin: v.origin,
	})
	if err == nil {
		s.enter(v, in)
	}
	return err
}
