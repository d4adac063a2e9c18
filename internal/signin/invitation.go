package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

const (
	// invitationsPath is where the links of invitations lead; the word follows.
	invitationsPath = "/invitations/"
	// handoverPath is the same for organisations that are offered.
	handoverPath = "/handover/"
)

// wordPath is the address of a page that a word opens.
func (v *visit) wordPath(path string) string { return path + v.r.PathValue("word") }

// holder is who is signed in, nobody if none is or a password has to be changed
// first.
func (v *visit) holder() identity.Actor {
	if v.signed == nil {
		return identity.Anonymous(v.origin)
	}
	return v.actor()
}

// formAt is the hidden part of a form that is shown to whoever comes, signed in
// or not.
func (s *Surface) formAt(v *visit, action string) pages.Hidden {
	if v.signed != nil {
		return v.sessionForm(action)
	}
	return s.flowForm(v, action)
}

// checkFormAt refuses a form that this browser was not shown as it is now.
func (s *Surface) checkFormAt(v *visit) error {
	if v.signed != nil {
		return v.checkSessionForm()
	}
	ok, err := s.checkFlowForm(v)
	if err == nil && !ok {
		err = errForm
	}
	return err
}

// toSignIn lets somebody sign in, anew if they are signed in, and come back.
func (s *Surface) toSignIn(v *visit, path string) (reply, error) {
	if v.signed != nil {
		if err := s.Sessions.End(v.context(), v.word, identity.EndedBySignOut, v.origin); err != nil {
			return reply{}, err
		}
		s.leaveSession(v)
	}
	if err := s.remember(v, flow{ReturnTo: v.wordPath(path)}); err != nil {
		return reply{}, err
	}
	return goTo(v.address("/login", nil)), nil
}

// invitation shows who invites where.
func (s *Surface) invitation(v *visit) (reply, error) {
	if v.mustChange {
		return s.dispatch(v), nil
	}
	return s.invitationPage(v, pages.Invitation{})
}

func (s *Surface) invitationPage(v *visit, page pages.Invitation) (reply, error) {
	in, err := s.Directory.OpenInvitation(v.context(), v.r.PathValue("word"), v.holder())
	if err != nil {
		return reply{}, err
	}
	rules := identity.DefaultPasswordRules()
	page.Form, page.SignedIn = s.formAt(v, v.wordPath(invitationsPath)), v.name()
	page.Organization, page.Inviter, page.Contact = in.Organization.Name, in.Invitation.InvitedBy, masked(in.Invitation)
	page.Min, page.Max = rules.MinLength, rules.MaxLength
	if page.Inviter == "" {
		page.Inviter = page.Organization
	}
	if page.Name == "" {
		page.Name = in.Invitation.Name
	}
	switch {
	case v.signed != nil && in.Refused == nil:
		page.Step = pages.InvitationJoin
	case v.signed != nil:
		page.Step = pages.InvitationOther
		if page.Fault == nil {
			page.Fault = fault.Of(in.Refused)
		}
	case in.Known:
		page.Step = pages.InvitationSignIn
	default:
		page.Step = pages.InvitationRegister
	}
	return show(page).at(v.wordPath(invitationsPath)), nil
}

// masked hides the middle of the contact: the page may be open on a screen that
// others see.
func masked(i identity.Invitation) string {
	if i.Channel == identity.BySMS {
		return identity.MaskMobile(i.Contact)
	}
	return identity.MaskEmail(i.Contact)
}

// answerInvitation joins, or lets somebody sign in or register for it.
func (s *Surface) answerInvitation(v *visit) (reply, error) {
	if v.mustChange {
		return s.dispatch(v), nil
	}
	if err := s.checkFormAt(v); err != nil {
		return reply{}, err
	}
	switch v.posted("do") {
	case "join":
		if v.signed == nil {
			return s.toSignIn(v, invitationsPath)
		}
		if _, err := s.Directory.AcceptInvitation(v.context(), v.actor(), v.r.PathValue("word")); err != nil {
			return s.invitationAgain(v, err)
		}
		if v.personal() {
			return organizationsAfter("joined"), nil
		}
		return goTo("/"), nil
	case "register":
		return s.registerInvited(v)
	}
	return s.toSignIn(v, invitationsPath)
}

// registerInvited makes an account for who was invited, and signs them in.
func (s *Surface) registerInvited(v *visit) (reply, error) {
	a, err := s.Directory.RegisterInvited(v.context(), v.origin, v.r.PathValue("word"), directory.NewPerson{
		Name: v.posted("name"), Account: v.posted("account"), Password: v.posted("password"), Language: s.language(v),
	})
	if err != nil {
		return s.invitationAgain(v, err)
	}
	return s.welcome(v, a.Name)
}

// invitationAgain shows the page with what was wrong, where something can be
// typed or decided otherwise.
func (s *Surface) invitationAgain(v *visit, err error) (reply, error) {
	f := fault.Of(err)
	switch f.Kind {
	case fault.Invalid, fault.Conflict, fault.Forbidden:
		page := pages.Invitation{Name: v.posted("name"), Account: v.posted("account"), Fault: f}
		answer, err := s.invitationPage(v, page)
		return answer.with(statusOf(f)), err
	}
	return reply{}, err
}

// handover shows who offers which organisation.
func (s *Surface) handover(v *visit) (reply, error) {
	if v.mustChange {
		return s.dispatch(v), nil
	}
	return s.handoverPage(v, nil)
}

func (s *Surface) handoverPage(v *visit, f *fault.Error) (reply, error) {
	o, err := s.Directory.OpenHandover(v.context(), v.r.PathValue("word"))
	if err != nil {
		return reply{}, err
	}
	return show(pages.TakeOver{
		Form: s.formAt(v, v.wordPath(handoverPath)), Organization: o.Organization.Name, Giver: o.Giver.Name, Leaves: o.Handover.Leaves,
		SignedIn: v.name(), Fault: f,
	}).at(v.wordPath(handoverPath)), nil
}

// answerHandover takes the organisation over, or lets somebody sign in for it.
func (s *Surface) answerHandover(v *visit) (reply, error) {
	if v.mustChange {
		return s.dispatch(v), nil
	}
	if err := s.checkFormAt(v); err != nil {
		return reply{}, err
	}
	if v.signed == nil || v.posted("do") != "accept" {
		return s.toSignIn(v, handoverPath)
	}
	_, err := s.Directory.AcceptHandover(v.context(), v.actor(), v.r.PathValue("word"))
	switch f := fault.Of(err); {
	case err == nil && v.personal():
		return organizationsAfter("taken"), nil
	case err == nil:
		return goTo("/"), nil
	case f.Kind == fault.Conflict, f.Kind == fault.Forbidden:
		answer, err := s.handoverPage(v, f)
		return answer.with(http.StatusConflict), err
	}
	return reply{}, err
}
