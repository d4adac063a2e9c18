package signin

import (
	"context"
	"net/http"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/session"
)

// visit is one request of a browser, with what is known about that browser. It
// lives as long as the request.
type visit struct {
	w      http.ResponseWriter
	r      *http.Request
	origin identity.Origin

	word   string          // of the session's cookie, "" without one
	signed *session.Signed // who is signed in, nil for nobody
	// mustChange is set when somebody else chose the password of who is signed
	// in: nothing but another password comes next.
	mustChange bool

	browser string // of the flow cookie, "" without one
	flow    flow   // what the conversation remembers, zero for nothing
	flowID  string // under which it is stored, "" if it is not

	code string // of the story that was kept about this request, "" without one
}

func (s *Surface) visit(w http.ResponseWriter, r *http.Request) *visit {
	return &visit{w: w, r: r, origin: s.Origin(r)}
}

// context is the request's.
func (v *visit) context() context.Context { return v.r.Context() }

// query is a parameter of the address.
func (v *visit) query(name string) string { return v.r.URL.Query().Get(name) }

// posted is a field of the form.
func (v *visit) posted(name string) string { return v.r.PostForm.Get(name) }

// recognize finds out who the browser is. A session that is over is forgotten
// by the browser too.
func (s *Surface) recognize(v *visit) error {
	v.browser, _ = s.Flows.Read(v.r)
	word, ok := s.Cookies.Read(v.r)
	if !ok {
		return nil
	}
	signed, err := s.Sessions.Check(v.context(), word)
	switch {
	case err == nil:
		v.word, v.signed, v.mustChange = word, &signed, signed.Session.MustChange
		s.note(v, signed.Session)
	case fault.KindOf(err) == fault.Unauthenticated:
		s.Cookies.Clear(v.w)
	default:
		return err
	}
	return nil
}

func (s *Surface) note(v *visit, k identity.Session) {
	actor := string(k.MemberID)
	if actor == "" {
		actor = string(k.AccountID)
	}
	s.Note(v.r, actor, string(k.OrganizationID))
}

// name is what the person who is signed in is called, "" for nobody.
func (v *visit) name() string {
	switch {
	case v.signed == nil:
		return ""
	case v.signed.Member.Name != "":
		return v.signed.Member.Name
	case v.signed.Account.DisplayName != "":
		return v.signed.Account.DisplayName
	}
	return v.signed.Account.Name
}

// alone tells that a person with an account of their own is signed in who acts in
// no organisation.
func (v *visit) alone() bool { return v.personal() && v.signed.Member.ID == "" }

// personal tells that whoever is signed in has an account of their own.
func (v *visit) personal() bool {
	return v.signed != nil && v.signed.Account.Kind == identity.Personal
}

// actor is who is signed in, as the one who acts.
func (v *visit) actor() identity.Actor { return v.signed.Actor(v.origin) }

// browserEntry asks for a session of this browser, in place of the one it has.
func (v *visit) browserEntry() directory.EnterBrowser {
	return directory.EnterBrowser{UserAgent: v.r.UserAgent(), Replaces: v.word}
}

// enter gives the browser the session that was started for it.
func (s *Surface) enter(v *visit, in directory.SignedIn) {
	s.Cookies.Write(v.w, in.Session.Word)
	v.word = in.Session.Word
	v.signed = &session.Signed{
		Session: in.Session.Session, Account: in.Person.Account, Member: in.Person.Member,
		Organization: in.Organization, Provider: in.Provider,
	}
	v.mustChange = in.Session.Session.MustChange
	s.note(v, in.Session.Session)
}

// leaveSession forgets the session of the browser.
func (s *Surface) leaveSession(v *visit) {
	s.Cookies.Clear(v.w)
	v.word, v.signed, v.mustChange = "", nil, false
}

// errForm is a form that did not come from a page of ours that this browser
// was shown under its present cookie.
var errForm = fault.New(fault.Forbidden, fault.CodeFormRefused)

// sessionForm is the hidden part of a form of somebody who is signed in.
func (v *visit) sessionForm(action string) pages.Hidden {
	return pages.Hidden{Action: action, Token: session.FormToken(v.word), Flow: v.flowID}
}

// checkSessionForm refuses a form that was not shown in this session.
func (v *visit) checkSessionForm() error {
	if v.word == "" || !session.CheckFormToken(v.word, v.posted(pages.CSRFField)) {
		return errForm
	}
	return nil
}
