package signin

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/protocol"
	"github.com/orgate/orgate/internal/trace"
)

// The faults with which somebody does not pass.
var (
	errLogin       = fault.New(fault.Unauthenticated, fault.CodeLoginRequired)
	errConsent     = fault.New(fault.Unauthenticated, fault.CodeConsentRequired)
	errInteraction = fault.New(fault.Unauthenticated, fault.CodeInteractionRequired)
	errDenied      = fault.New(fault.Forbidden, fault.CodeAccessDenied)
	errEntry       = fault.New(fault.Forbidden, fault.CodeEntryRefused)
	errForeignTry  = fault.New(fault.Forbidden, fault.CodeTryForeign)
)

// gate is one attempt to pass: the visit, what is demanded of it, and what the
// conversation about this very address has brought so far.
type gate struct {
	*visit
	demand  identity.Demand
	address string       // to which the browser comes back
	story   *trace.Story // of what was looked at, nil for none
	second  bool         // a second proof is asked for, whatever the access policies say
}

// Pass implements protocol.Gate. What stands in the way is asked in this
// order: who it is, their first own password, which account, whether they may
// enter, a second proof where a policy wants one, what they agree to release.
// The privacy statement comes after the password.
func (s *Surface) Pass(w http.ResponseWriter, r *http.Request, d identity.Demand, story *trace.Story) (identity.Session, error) {
	g := &gate{visit: s.visit(w, r), demand: d, address: withoutFlow(r), story: story}
	if err := s.arrive(g); err != nil {
		return identity.Session{}, err
	}
	if g.flow.Passage != nil && g.flow.Passage.Denied {
		return identity.Session{}, s.denied(g)
	}
	for _, ask := range []func(*gate) error{s.gateProof, s.gateTry, s.gatePassword, s.gateStatement} {
		if err := ask(g); err != nil {
			return identity.Session{}, err
		}
	}
	asked, err := s.strongly(g)
	if err != nil {
		return identity.Session{}, err
	}
	decided, err := s.Entry.Decide(r.Context(), asked, story)
	if err != nil {
		return identity.Session{}, err
	}
	for _, ask := range []func(*gate, entry.Decision) error{s.gateSubject, s.gateAccount, s.gateEntry, s.gateConsent, s.gateAnswers} {
		if err := ask(g, decided); err != nil {
			return identity.Session{}, err
		}
	}
	return entering(g.signed.Session, g.origin, d.Application.OrganizationID, decided), nil
}

// entering is the session as it counts for an application: acting as the
// member of the application's organisation, from where they enter now.
func entering(k identity.Session, from identity.Origin, org identity.OrganizationID, d entry.Decision) identity.Session {
	k.Origin = from
	k.OrganizationID, k.MemberID, k.Generation = org, d.Member, d.Generation
	return k
}

// strongly asks whether who is signed in may enter, with a second proof where the
// application demands it, or wishes it and the person has one to give.
func (s *Surface) strongly(g *gate) (entry.Asking, error) {
	asked := g.asking(g.demand.Application)
	switch g.demand.Strength {
	case identity.SecondDemanded:
		g.second = true
	case identity.SecondWished:
		if asked.Verified || g.demand.Silent {
			break
		}
		h, ways, err := s.waysToVerify(g.visit)
		if err != nil {
			return asked, err
		}
		g.second = len(h.Factors)+len(ways) > 0
	}
	asked.Second = g.second
	return asked, nil
}

// asking asks whether who is signed in may enter an application, as strongly as
// the conversation about it remembers.
func (v *visit) asking(a identity.Application) entry.Asking {
	asked := entry.Asking{Application: a, AccountID: v.signed.Account.ID, Shown: entry.Shown{
		Address: v.origin.Address, Verified: v.signed.Session.Verified(),
	}}
	if p := v.flow.Passage; p != nil && p.Application == a.ID {
		asked.Second = p.Second
	}
	if v.signed.Session.OrganizationID == a.OrganizationID {
		asked.MemberID = v.signed.Session.MemberID
	}
	return asked
}

// arrive finds out who the browser is and what the conversation about this
// address remembers. One about another address counts for nothing here.
func (s *Surface) arrive(g *gate) error {
	if err := s.recognize(g.visit); err != nil {
		return err
	}
	if _, err := s.resume(g.visit, g.query(pages.FlowField)); err != nil {
		return err
	}
	p := g.flow.Passage
	if p == nil || g.flow.ReturnTo != g.address || p.Application != g.demand.Application.ID {
		g.flow, g.flowID = flow{}, ""
	}
	return nil
}

// spent ends the conversation, whose answers count once, and returns the given
// result. Where another request was faster, it begins anew.
func (s *Surface) spent(g *gate, result error) error {
	_, err := s.Tickets.Redeem(g.context(), identity.TicketFlow, g.flowID)
	if fault.Is(err, fault.CodeSpent) || fault.Is(err, fault.CodeTicket) {
		return s.detour(g, errInteraction, g.address, nil)
	}
	if err != nil {
		return err
	}
	return result
}

// detour leads the browser to a page of ours and says so, or is the fault where
// no page may be shown. change completes what the conversation remembers.
func (s *Surface) detour(g *gate, silent error, path string, change func(*passage)) error {
	if g.demand.Silent {
		return silent
	}
	if path == g.address {
		s.write(g.visit, goTo(path))
		return protocol.ErrAnswered
	}
	p := s.newPassage(g)
	if change != nil {
		change(p)
	}
	if err := s.remember(g.visit, flow{ReturnTo: g.address, Passage: p}); err != nil {
		return err
	}
	s.write(g.visit, goTo(withFlow(path, g.flowID)))
	return protocol.ErrAnswered
}

// gateProof asks who it is: where nobody is signed in, or not as demanded.
func (s *Surface) gateProof(g *gate) error {
	d := g.demand
	switch {
	case g.signed == nil:
		return s.askProof(g, nil, g.unsigned())
	case g.signed.Session.ProvenAt.UnixMilli() < since(d.NotBefore):
		return s.askProof(g, nil, g.old())
	case !crosses(g.signed.Session, d.Application.OrganizationID):
		return s.askProof(g, func(p *passage) { p.Elsewhere = true }, g.elsewhere())
	}
	g.story.Check(trace.SessionThere, true, trace.Detail{})
	return nil
}

// gateTry keeps everybody out of a try but whoever began it.
func (s *Surface) gateTry(g *gate) error {
	a, m := g.demand.Application, g.signed.Member
	switch {
	case !a.Tried(), a.TriedBy == g.signed.Account.ID:
		return nil
	case a.TriedBy == identity.AnyAdministrator && m.OrganizationID == a.OrganizationID && m.Administers():
		return nil
	}
	return errForeignTry
}

// gateSubject asks who it is where the application expects somebody else.
func (s *Surface) gateSubject(g *gate, decided entry.Decision) error {
	if g.demand.Subject == "" || decided.Member != "" && g.demand.Subject == identity.Hex(decided.Member) {
		return nil
	}
	return s.askProof(g, func(p *passage) { p.NotBefore = s.afresh(g.visit) }, g.somebodyElse(decided))
}

// askProof leads to the sign-in: to the centre of the demanded domain, or to the
// source to which people of that domain, or of the hinted account's, are led,
// where there is one; else to account and password.
func (s *Surface) askProof(g *gate, change func(*passage), why lack) error {
	if g.demand.Silent {
		g.story.Check(why.check, false, why.detail)
		return errLogin
	}
	if g.demand.Domain != "" {
		switch _, err := s.Sources.ByDomain(g.context(), g.demand.Domain); {
		case err == nil:
			return s.detour(g, errLogin, "/sso?"+url.Values{"domain": {g.demand.Domain}, "client": {"web"}}.Encode(), change)
		case !fault.Is(err, fault.CodeSSOUnknown):
			return err
		}
	}
	home, err := s.hinted(g)
	if err != nil {
		return err
	}
	if home != "" {
		return s.detour(g, errLogin, sourceAddress(home), change)
	}
	return s.detour(g, errLogin, "/login", change)
}

// hinted is the source of the application's own organisation to which the
// demand's hints lead, "" for none: another's would count for nothing.
func (s *Surface) hinted(g *gate) (identity.SourceID, error) {
	for _, domain := range []string{g.demand.Domain, identity.DomainOf(g.demand.LoginName)} {
		if domain == "" {
			continue
		}
		name, _ := identity.DomainName(domain)
		home, err := s.Sources.Home(g.context(), name)
		switch {
		case err == nil && home.OrganizationID == g.demand.Application.OrganizationID:
			return home.ID, nil
		case err != nil && !fault.Is(err, fault.CodeSSOUnknown):
			return "", err
		}
	}
	return "", nil
}

// gatePassword asks for a password of one's own in place of a given one.
func (s *Surface) gatePassword(g *gate) error {
	if !g.mustChange {
		return nil
	}
	return s.detour(g, errInteraction, "/password/change", nil)
}

// gateAccount asks which account, where the application wishes that. Whoever
// signed in on the way here has chosen.
func (s *Surface) gateAccount(g *gate, _ entry.Decision) error {
	p, k := g.flow.Passage, g.signed.Session
	if !g.demand.Select || p != nil && (p.Chosen == k.ID || k.ProvenAt.UnixMilli() >= p.Began) {
		return nil
	}
	return s.detour(g, errInteraction, chooserPath, nil)
}

// gateEntry keeps out who may not enter, and tells them how they could.
func (s *Surface) gateEntry(g *gate, decided entry.Decision) error {
	if decided.Allowed() {
		return nil
	}
	if decided.Verdict == entry.Unverified {
		if g.demand.Silent {
			g.story.Check(trace.SecondProof, false, decided.Unproven())
		}
		return s.detour(g, errInteraction, verificationPath, nil)
	}
	if g.demand.Application.Tried() {
		return errEntry // that is what the try is for; nobody asks to enter it
	}
	s.noteRequest(g, decided)
	return s.detour(g, errEntry, situationPath, func(p *passage) { p.Code = g.story.Code() })
}

// gateConsent asks what may be released.
func (s *Surface) gateConsent(g *gate, decided entry.Decision) error {
	d := g.demand
	p := g.flow.Passage
	agreed, detail := decided.Agrees(d.Scopes)
	switch {
	case !d.Ask && !d.Application.Consent:
		g.story.Check(trace.ConsentGiven, true, trace.Detail{Expected: "nothing: the application asks for no consent"})
		return nil
	case p != nil && p.Agreed == g.signed.Session.ID && slices.Equal(p.Scopes, d.Scopes), !d.Ask && agreed:
		g.story.Check(trace.ConsentGiven, true, detail)
		return nil
	case d.Silent:
		g.story.Check(trace.ConsentGiven, false, detail)
	}
	return s.detour(g, errConsent, consentPath, nil)
}

// gateAnswers spends the answers that count once.
func (s *Surface) gateAnswers(g *gate, _ entry.Decision) error {
	if g.flow.Passage == nil || !g.demand.Select && !g.demand.Ask {
		return nil
	}
	return s.spent(g, nil)
}
