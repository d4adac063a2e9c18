package signin

import (
	"encoding/json"
	"net/http"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
	"github.com/orgate/orgate/internal/source"
	"github.com/orgate/orgate/internal/trace"
)

const (
	// connectPath is where somebody proves that an account is theirs which a
	// source named and cannot prove.
	connectPath = "/login/connect"
	// claimField names what the source said was kept under.
	claimField = "claim"
)

// claim is what a source said of somebody who has to prove an account. It is
// kept sealed, counts in the browser that came back from the source, and names
// no account: which one is meant is asked anew.
type claim struct {
	Browser  string            `json:"browser"` // digest of the flow cookie
	Source   identity.SourceID `json:"source"`
	Version  int64             `json:"version"` // of the source's settings and rules
	Name     string            `json:"name"`    // of the source
	Said     string            `json:"said"`    // the address that the person gave there
	Profile  identity.Profile  `json:"profile"`
	ReturnTo string            `json:"return_to,omitempty"`
}

// unproven is a sign-in at a source that stops at source_prove.
type unproven struct {
	error
	claim claim
}

// claimed turns a sign-in that stops for want of a proof into one that can go
// on, and leaves every other error as it is.
func claimed(err error, a source.Attempt, p directory.SourceProof) error {
	if !fault.Is(err, fault.CodeSourceProve) {
		return err
	}
	return unproven{err, claim{
		Source: p.Source.ID, Version: p.Source.Version, Name: p.Source.Name, Said: strings.TrimSpace(p.Profile.Said[p.Source.Rules.Theirs]),
		Profile: p.Profile, ReturnTo: a.ReturnTo,
	}}
}

// Unwrap lets the fault be seen.
func (u unproven) Unwrap() error { return u.error }

// keepClaim keeps what the source said and leads to the proof.
func (s *Surface) keepClaim(v *visit, c claim) (reply, error) {
	s.bind(v)
	c.Browser = digest(v.browser)
	payload, err := json.Marshal(c)
	if err != nil {
		return reply{}, err
	}
	secret, err := s.Tickets.Issue(v.context(), identity.TicketClaim, payload, flowLife)
	return goTo(connectPath + "?" + claimField + "=" + secret), err
}

// claimOf reads what was kept, for the browser for which it was.
func (s *Surface) claimOf(v *visit, secret string) (c claim, err error) {
	ok, err := s.kept(v, identity.TicketClaim, secret, &c)
	if err == nil && (!ok || !v.isOf(c.Browser)) {
		err = errAttempt
	}
	if err != nil {
		return claim{}, err
	}
	s.recollect(v, source.Attempt{ReturnTo: c.ReturnTo})
	return c, nil
}

// askConnect asks for the password of the account.
func (s *Surface) askConnect(v *visit) (reply, error) {
	c, err := s.claimOf(v, v.query(claimField))
	if err != nil {
		return reply{}, err
	}
	return s.connectPage(v, c, v.query(claimField), nil), nil
}

func (s *Surface) connectPage(v *visit, c claim, secret string, f *fault.Error) reply {
	return show(pages.Prove{
		Form: s.flowForm(v, connectPath), Claim: secret, Source: c.Name, Said: c.Said, For: v.flow.Passage.shown(),
		Fault: f, Code: v.code, Other: v.address("/login", nil),
	}).at(pages.Once)
}

// connect proves the account by its password, links it with what the source
// said, and signs the person in. What was kept counts until it was used.
func (s *Surface) connect(v *visit) (reply, error) {
	secret := v.posted(claimField)
	c, err := s.claimOf(v, secret)
	if err != nil {
		return reply{}, err
	}
	if ok, err := s.checkFlowForm(v); err != nil || !ok {
		return s.connectPage(v, c, secret, errForm).with(http.StatusForbidden), err
	}
	story := s.Traces.Begin(trace.SourceLogin, v.origin)
	in, err := s.prove(v, c, story)
	s.keep(v, story, err)
	switch kind := fault.KindOf(err); {
	case err == nil:
	case kind == fault.Invalid, kind == fault.Unauthenticated, kind == fault.TooMany:
		if kind == fault.Invalid {
			err = errSignIn
		}
		return s.connectPage(v, c, secret, fault.Of(err)).with(pages.Status(fault.KindOf(err))), nil
	default:
		return reply{}, err
	}
	if _, err := s.Tickets.Redeem(v.context(), identity.TicketClaim, secret); err != nil {
		s.Log.ErrorContext(v.context(), "spend the claim of an account that was proven", "error", err)
	}
	s.enter(v, in)
	v.flow, v.flowID = flow{ReturnTo: c.ReturnTo}, ""
	return s.dispatch(v), nil
}

// prove is the use case for what was kept. Where the source was changed since,
// the sign-in begins anew.
func (s *Surface) prove(v *visit, c claim, story *trace.Story) (in directory.SignedIn, err error) {
	found, err := s.Sources.ByID(v.context(), c.Source)
	if fault.Is(err, fault.CodeSSOUnknown) || err == nil && found.Source.Version != c.Version {
		err = errAttempt
	}
	if !story.Check(trace.SourceStands, err == nil, trace.Detail{}) || err != nil {
		return in, err
	}
	return s.Directory.ProveBySource(v.context(), directory.AccountProof{
		Source: directory.SourceProof{
			Source: found.Source, AutoCreate: found.SSO.AutoCreate, Profile: c.Profile, Entry: v.browserEntry(), Origin: v.origin, Story: story,
		},
		Password: v.posted("password"),
	})
}
