package signin

import (
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
)

const (
	signOutPath = "/logout"
	// leaveField names what an application's wish to sign out was kept under.
	leaveField = "leave"
	// reportField names the report of a sign-out that the browser may read.
	reportField = "report"
	// leaveLife is how long a person may think about a sign-out, and how long
	// the report of one is shown to a browser that is signed in no more.
	leaveLife = 10 * time.Minute
)

// departure is an application's wish to sign somebody out, while the person is
// asked. It counts for the session of the browser that was asked.
type departure struct {
	Session identity.SessionID `json:"session"`
	To      string             `json:"to,omitempty"`
}

// report is leave to read how a sign-out went, for the browser that made it.
type report struct {
	Session identity.SessionID `json:"session"`
	Account identity.AccountID `json:"account"`
}

// Leave implements protocol.Gate: it signs the browser out, or asks whether to
// where the application has not proven that it means the session that is here
// (RP-Initiated Logout 1.0, 2).
func (s *Surface) Leave(w http.ResponseWriter, r *http.Request, d protocol.Departure) {
	v := s.visit(w, r)
	answer, err := s.depart(v, d)
	if err != nil {
		answer = s.refusal(v, err)
	}
	if len(answer.page.Languages) == 0 {
		answer.page.Languages = d.Languages
	}
	s.write(v, answer)
}

func (s *Surface) depart(v *visit, d protocol.Departure) (reply, error) {
	if err := s.recognize(v); err != nil {
		return reply{}, err
	}
	switch {
	case v.signed == nil && d.To != "":
		return goTo(d.To), nil
	case v.signed == nil:
		return goTo(signOutPath), nil
	}
	if d.To == "" && d.Wish != "" {
		var err error
		if d.To, err = s.ownExit(v, d.Wish); err != nil {
			return reply{}, err
		}
	}
	switch {
	case d.Sure, d.Session != "" && d.Session == v.signed.Session.ID:
		return s.signOff(v, d.To)
	}
	return s.askDeparture(v, d)
}

// ownExit is an address to which somebody wishes to go when it is, or has the
// origin of, the exit address of an application that was entered in the session
// of this browser, or is a service of one; else "", for anybody can write a link to it.
func (s *Surface) ownExit(v *visit, wish string) (string, error) {
	used, err := s.Sessions.Used(v.context(), v.signed.Holder(v.origin), v.signed.Session.ID)
	for _, e := range used.Applications {
		if e.LeadsOut(wish) {
			return wish, err
		}
	}
	return "", err
}

// askDeparture asks whether to sign out as an application wishes it.
func (s *Surface) askDeparture(v *visit, d protocol.Departure) (reply, error) {
	page := pages.SignOut{Form: v.sessionForm(signOutPath), Name: v.name()}
	if d.Application != nil {
		page.Application = d.Application.Name
	}
	if d.To != "" {
		payload, err := json.Marshal(departure{Session: v.signed.Session.ID, To: d.To})
		if err != nil {
			return reply{}, err
		}
		if page.Leave, err = s.Tickets.Issue(v.context(), identity.TicketLeave, payload, leaveLife); err != nil {
			return reply{}, err
		}
	}
	answer := show(page)
	return s.ending(v, answer, d.To)
}

// ending names the addresses at which the form of a sign-out may end, for the
// form-action of its page.
func (s *Surface) ending(v *visit, answer reply, to string) (reply, error) {
	exit, err := s.Sources.Exit(v.context(), v.signed.Session.SourceID, to)
	for _, address := range []string{to, exit} {
		if address != "" {
			answer.page.FormAction = append(answer.page.FormAction, onward(address)...)
		}
	}
	return answer, err
}

// askSignOut asks whether to sign out, and tells afterwards what came of it.
func (s *Surface) askSignOut(v *visit) (reply, error) {
	if v.signed != nil {
		return s.ending(v, show(pages.SignOut{Form: v.sessionForm(signOutPath), Name: v.name()}), "")
	}
	page := pages.SignedOut{Action: pages.Action{Label: pages.ActionSignIn, Address: "/login"}}
	var err error
	page.Applications, err = s.told(v, v.query(reportField))
	return show(page), err
}

// told is what became of the applications of a session that this browser has
// ended. A report that is over, or was never made, is none.
func (s *Surface) told(v *visit, secret string) ([]pages.Entered, error) {
	if secret == "" {
		return nil, nil
	}
	var r report
	if ok, err := s.kept(v, identity.TicketReport, secret, &r); !ok || err != nil {
		return nil, err
	}
	reader := identity.Actor{Kind: identity.ActsAsMember, AccountID: r.Account, Origin: v.origin}
	used, err := s.Sessions.Used(v.context(), reader, r.Session)
	if fault.KindOf(err) == fault.NotFound {
		return nil, nil
	}
	return enteredBy(used), err
}

// kept reads what stands under a secret; ok is false when nothing does.
func (s *Surface) kept(v *visit, kind identity.TicketKind, secret string, into any) (ok bool, err error) {
	t, err := s.Tickets.Look(v.context(), kind, secret)
	switch {
	case fault.Is(err, fault.CodeTicket), fault.Is(err, fault.CodeSpent):
		return false, nil
	case err != nil:
		return false, err
	}
	return true, json.Unmarshal(t.Payload, into)
}

// signOut ends the session of this browser, at the wish of the person or of
// the application that was asked about.
func (s *Surface) signOut(v *visit) (reply, error) {
	var d departure
	if secret := v.posted(leaveField); secret != "" {
		if _, err := s.kept(v, identity.TicketLeave, secret, &d); err != nil {
			return reply{}, err
		}
	}
	if v.signed == nil {
		// A form that is sent twice ends where the first one did.
		if d.To != "" {
			return goTo(d.To), nil
		}
		return goTo(signOutPath), nil
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	if d.Session != v.signed.Session.ID {
		d.To = "" // asked in another session
	}
	return s.signOff(v, d.To)
}

// signOff ends the session and leads on: through the exit of the centre that
// proved the person, if it has one, to where the application wished, or to the
// report of what was told.
func (s *Surface) signOff(v *visit, to string) (reply, error) {
	k := v.signed.Session
	if to == "" {
		payload, err := json.Marshal(report{Session: k.ID, Account: k.AccountID})
		if err != nil {
			return reply{}, err
		}
		secret, err := s.Tickets.Issue(v.context(), identity.TicketReport, payload, leaveLife)
		if err != nil {
			return reply{}, err
		}
		to = signOutPath + "?" + url.Values{reportField: {secret}}.Encode()
	}
	if err := s.Sessions.End(v.context(), v.word, identity.EndedBySignOut, v.origin); err != nil {
		return reply{}, err
	}
	s.leaveSession(v)
	exit, err := s.Sources.Exit(v.context(), k.SourceID, to)
	if err != nil {
		// The person is signed out here, which is what they asked for.
		s.Log.ErrorContext(v.context(), "read the exit address of a source", "error", err)
	}
	if exit != "" {
		return goTo(exit), nil
	}
	return goTo(to), nil
}
