package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/trace"
)

// registerPath is the page on which people make accounts of their own.
const registerPath = "/register"

// registering is the purpose of the codes that are sent there.
const registering = "register"

// newcomer is who registers, between the code and its proof.
type newcomer struct {
	Name    string           `json:"name"`
	Account string           `json:"account,omitempty"`
	Channel identity.Channel `json:"channel"`
	Contact string           `json:"contact"`
}

// subject is whom codes are counted for: the contact, whether somebody has it or
// not.
func (n newcomer) subject() identity.Account { return identity.Account{Name: n.Contact} }

// registers tells whether the sign-in offers to register. That it cannot be read
// hides the offer; the page itself tells why.
func (s *Surface) registers(v *visit) bool {
	if s.Codes == nil {
		return false
	}
	open, err := s.Directory.Registers(v.context())
	if err != nil {
		s.Log.ErrorContext(v.context(), "read whether people may register", "error", err)
	}
	return open
}

// mayRegister refuses whoever comes while nobody registers.
func (s *Surface) mayRegister(v *visit) error {
	if s.Codes == nil {
		return fault.New(fault.Forbidden, fault.CodeRegistrationOff)
	}
	open, err := s.Directory.Registers(v.context())
	if err == nil && !open {
		err = fault.New(fault.Forbidden, fault.CodeRegistrationOff)
	}
	return err
}

// askRegister asks who somebody is, and once a code was sent for the code.
func (s *Surface) askRegister(v *visit) (reply, error) {
	answer, done, err := s.begin(v)
	if err != nil || done {
		return answer, err
	}
	if err := s.mayRegister(v); err != nil {
		return reply{}, err
	}
	if v.signed != nil {
		return s.dispatch(v), nil
	}
	return s.registerPage(v, pages.Register{}), nil
}

// registerPage fills in what every page of the registration has.
func (s *Surface) registerPage(v *visit, page pages.Register) reply {
	rules := identity.DefaultPasswordRules()
	page.Form, page.Back = s.flowForm(v, registerPath), v.address("/login", nil)
	page.Mobiles = s.Directory.Reaches(v.context(), identity.BySMS)
	page.Min, page.Max = rules.MinLength, rules.MaxLength
	if n := v.flow.Newcomer; n != nil {
		page.Sent, page.Contact = true, n.Contact
	}
	return show(page).at(v.address(registerPath, nil))
}

// refused shows the registration again.
func (s *Surface) refused(v *visit, page pages.Register, err error) (reply, error) {
	f := fault.Of(err)
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.TooMany, fault.Expired, fault.Unavailable:
		page.Fault = f
		if f.Field == puzzleField || v.posted(puzzleField) != "" {
			if page.Puzzle, err = s.drawPuzzle(v); err != nil {
				return reply{}, err
			}
		}
		return s.registerPage(v, page).with(statusOf(f)), nil
	}
	return reply{}, err
}

// register sends the code, or makes the account whose code was shown.
func (s *Surface) register(v *visit) (reply, error) {
	ok, err := s.checkFlowForm(v)
	if err != nil {
		return reply{}, err
	}
	if err := s.mayRegister(v); err != nil {
		return reply{}, err
	}
	if !ok {
		return s.registerPage(v, pages.Register{Fault: errForm}).with(http.StatusForbidden), nil
	}
	if v.flow.Newcomer != nil && v.r.PostForm.Has("code") {
		return s.complete(v, *v.flow.Newcomer)
	}
	return s.sendRegistration(v)
}

// sendRegistration sends a code to a contact that nobody has, and to one that
// somebody has a word that they have an account. The answers are the same.
func (s *Surface) sendRegistration(v *visit) (reply, error) {
	v.flow.Newcomer = nil
	page := pages.Register{Name: v.posted("name"), Contact: v.posted("contact"), Account: v.posted("account")}
	found, err := s.Directory.Registrant(v.context(), directory.NewPerson{
		Name: page.Name, Contact: page.Contact, Account: page.Account, Language: s.language(v),
	})
	if err != nil {
		return s.refused(v, page, err)
	}
	n := newcomer{Name: page.Name, Account: page.Account, Channel: found.Channel, Contact: found.Contact}
	if err := s.mayAskCode(v); err != nil {
		return s.refused(v, page, err)
	}
	if err := s.tellRegistrant(v, n, found); err != nil {
		return s.refused(v, page, err)
	}
	f := v.flow
	f.Newcomer = &n
	if err := s.remember(v, f); err != nil {
		return reply{}, err
	}
	return goTo(v.address(registerPath, nil)), nil
}

// tellRegistrant has the message sent.
func (s *Surface) tellRegistrant(v *visit, n newcomer, found directory.Registrant) error {
	request := factor.CodeRequest{Account: n.subject(), Purpose: registering, Method: n.Channel, Language: s.language(v)}
	if n.Channel == identity.ByMail {
		request.Account.Email = n.Contact
	} else {
		request.Account.Mobile = n.Contact
	}
	var err error
	if found.Known() {
		_, err = s.Codes.SendInstead(v.context(), request, factor.KnownContact(found.Account.Name, s.Directory.Address("/login")))
	} else {
		_, err = s.Codes.SendCode(v.context(), request)
	}
	return err
}

// complete makes the account of whoever shows the code, and signs them in.
func (s *Surface) complete(v *visit, n newcomer) (reply, error) {
	guess := factor.Guess{Purpose: registering, Subject: factor.SubjectOf(n.subject()), Target: n.Contact, Code: v.posted("code")}
	// The code is spent once it has served: a password that is refused leaves it.
	if err := s.Codes.TryCode(v.context(), guess); err != nil {
		return s.refused(v, pages.Register{}, fault.Of(err).At("code"))
	}
	a, err := s.Directory.Register(v.context(), v.origin, directory.NewPerson{
		Name: n.Name, Account: n.Account, Contact: n.Contact, Password: v.posted("password"), Language: s.language(v),
	})
	if err != nil {
		return s.refused(v, pages.Register{}, err)
	}
	if err := s.Codes.RedeemCode(v.context(), guess); err != nil && fault.KindOf(err) == fault.Internal {
		return reply{}, err
	}
	return s.welcome(v, a.Name)
}

// welcome signs in whoever has just made an account, with the password that they
// posted.
func (s *Surface) welcome(v *visit, account string) (reply, error) {
	story := s.Traces.Begin(trace.PasswordLogin, v.origin)
	in, err := s.Directory.SignInByPassword(v.context(), directory.PasswordProof{
		Name: account, Password: v.posted("password"), Entry: v.browserEntry(), Origin: v.origin, Story: story,
	})
	s.keep(v, story, err)
	if err != nil {
		return reply{}, err
	}
	s.enter(v, in)
	f := v.flow
	f.Newcomer = nil
	if err := s.remember(v, f); err != nil {
		return reply{}, err
	}
	return s.dispatch(v), nil
}
