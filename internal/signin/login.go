package signin

import (
	"net/http"
	"net/url"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

// errSignIn is all that is said of a name and a password that do not go
// together, also where they never could.
var errSignIn = fault.New(fault.Unauthenticated, fault.CodeSignInFailed)

// askPassword shows the page of account and password to whoever is not signed
// in.
func (s *Surface) askPassword(v *visit) (reply, error) {
	if nonce := v.query(nonceField); nonce != "" {
		return s.askJump(v, nonce), nil
	}
	answer, done, err := s.begin(v)
	if err != nil || done {
		return answer, err
	}
	if v.proven() {
		return s.dispatch(v), nil
	}
	page := pages.Login{Note: v.flow.Note}
	if p := v.flow.Passage; p != nil {
		page.Account = p.LoginName
	}
	return s.passwordPage(v, page), nil
}

// askAt is the page again for somebody whom it did not let in, with the source
// of the typed account's domain if there is one.
func (s *Surface) askAt(v *visit, page pages.Login) (reply, error) {
	found, err := s.homeOf(v, page.Account)
	if err != nil {
		return reply{}, err
	}
	page.Ways = s.ways(v, found)
	return s.passwordPage(v, page), nil
}

// passwordPage fills in what every page of account and password has.
func (s *Surface) passwordPage(v *visit, page pages.Login) reply {
	page.Form = s.flowForm(v, "/login")
	page.Enterprise = v.address("/sso", nil)
	page.For, page.SignedIn = v.flow.Passage.shown(), v.name()
	page.Forgotten = v.address("/password/forgotten", nil)
	if s.registers(v) {
		page.Register = v.address(registerPath, nil)
	}
	if page.Ways == nil {
		page.Ways = s.ways(v, source.Offered{})
	}
	return show(page).at(v.address("/login", nil))
}

// login signs in by account and password.
func (s *Surface) login(v *visit) (reply, error) {
	if v.r.PostForm.Has(nonceField) {
		return s.jump(v)
	}
	ok, err := s.checkFlowForm(v)
	if err != nil {
		return reply{}, err
	}
	account := v.posted("account")
	if !ok {
		return s.passwordPage(v, pages.Login{Account: account, Note: pages.NoteAfresh}).with(http.StatusForbidden), nil
	}
	if v.posted("password") == "" {
		return s.leadHome(v, account)
	}
	story := s.Traces.Begin(trace.PasswordLogin, v.origin)
	in, err := s.Directory.SignInByPassword(v.context(), directory.PasswordProof{
		Name: account, Password: v.posted("password"), Entry: v.browserEntry(), Origin: v.origin, Story: story,
	})
	if fault.KindOf(err) == fault.Invalid {
		err = errSignIn
	}
	s.keep(v, story, err)
	switch fault.KindOf(err) {
	case fault.Unauthenticated, fault.TooMany:
		page := pages.Login{Account: account, Fault: fault.Of(err), Code: v.code}
		answer, lost := s.askAt(v, page)
		return answer.with(pages.Status(fault.KindOf(err))), lost
	}
	if err != nil {
		return reply{}, err
	}
	s.enter(v, in)
	return s.dispatch(v), nil
}

// enterpriseAddress leads to the centre of a domain, for this browser.
func (v *visit) enterpriseAddress(domain string) string {
	return v.address("/sso", url.Values{"domain": {domain}, "client": {"web"}})
}
