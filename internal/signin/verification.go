package signin

import (
	"crypto/rand"

	"github.com/orgate/orgate/internal/entry"
	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// verifying is a code that was sent as second proof. It counts in the session
// and on the way to the application for which it was sent, and in no other.
type verifying struct {
	Session identity.SessionID `json:"session"`
	Nonce   string             `json:"nonce"`
	Method  identity.Channel   `json:"method"`
	Masked  string             `json:"masked"`
}

// challenge is the second proof that a conversation asks for.
func (v *visit) challenge(of verifying) factor.Challenge {
	return factor.Challenge{
		Session: v.signed.Session, Method: of.Method, Bound: string(v.flow.Passage.Application) + " " + of.Nonce,
	}
}

// unverified reads the conversation and finds out whether a second proof is
// still what stands in the way. done tells that it is not: the reply leads on.
func (s *Surface) unverified(v *visit) (d entry.Decision, answer reply, done bool, err error) {
	d, err = s.Entry.Decide(v.context(), v.asking(v.flow.Passage.application()), nil)
	if err != nil || d.Verdict != entry.Unverified {
		return d, s.dispatch(v), true, err
	}
	return d, reply{}, false, nil
}

// askVerification asks for a second proof.
func (s *Surface) askVerification(v *visit) (reply, error) {
	if answer, done, err := s.onTheWay(v, v.query(pages.FlowField)); done {
		return answer, err
	}
	d, answer, done, err := s.unverified(v)
	if done {
		return answer, err
	}
	return s.verificationPage(v, d, nil)
}

// verificationPage shows where a code can be sent or, once it was, asks for it.
// Whoever can be sent none is told who can help.
func (s *Surface) verificationPage(v *visit, d entry.Decision, refused *fault.Error) (reply, error) {
	h, ways, err := s.waysToVerify(v)
	if err != nil {
		return reply{}, err
	}
	if len(ways) == 0 && len(h.Factors) == 0 {
		standing, err := s.Approval.Standing(v.context(), v.actor(), v.flow.Passage.application())
		return s.situationPage(v, d, standing), err
	}
	page := pages.Verification{
		Form: v.sessionForm(verificationPath), For: v.flow.Passage.shown(), Name: v.name(), Account: v.signed.Account.Name,
		Codes: len(h.Factors) > 0, App: h.Has(identity.FactorTOTP), Other: withFlow(chooserPath, v.flowID),
	}
	if page.Passkey, err = s.passkeyPart(v, h, byPasskey, v.onThisWay()); err != nil {
		return reply{}, err
	}
	switch v.posted("do") {
	case byApp:
		page.AppFault = refused
	case byPasskey:
		page.PasskeyFault = refused
	default:
		page.Fault = refused
	}
	for _, way := range ways {
		page.Ways = append(page.Ways, pages.VerificationWay{Method: string(way.Method), Masked: way.Masked})
	}
	if sent := v.sentCode(); sent != nil {
		page.Sent, page.Method = sent.Masked, string(sent.Method)
		if page.Passkey != nil {
			page.Passkey.Second = true
		}
	}
	answer := show(page).at(withFlow(verificationPath, v.flowID))
	if refused != nil {
		answer = answer.with(statusOf(refused))
	}
	return answer, nil
}

// What the forms do that have the code of an app, and the signature of a passkey.
const (
	byApp     = "app"
	byPasskey = "passkey"
)

// onThisWay is what a passkey's signature is bound to: the conversation, and the
// application it leads to.
func (v *visit) onThisWay() string {
	return string(v.flow.Passage.Application) + " " + v.flowID
}

// waysToVerify are the ways in which the person can give a second proof: by what
// they set up for themselves, and by a code that is sent.
func (s *Surface) waysToVerify(v *visit) (h factor.Holding, sent []factor.Way, err error) {
	if s.Factors != nil {
		if h, err = s.Factors.Holding(v.context(), v.actor()); err != nil {
			return h, nil, err
		}
	}
	if s.Second != nil {
		sent, err = s.Second.Ways(v.context(), v.signed.Account.ID)
	}
	return h, sent, err
}

// byFactor takes the proof of a factor of the person's own.
func (s *Surface) byFactor(v *visit) (identity.Session, error) {
	if v.posted("do") == byPasskey {
		c := factor.Challenge{Session: v.signed.Session, Bound: v.onThisWay()}
		return s.Factors.VerifyPasskey(v.context(), v.actor(), c, v.passkeyAnswer())
	}
	return s.Factors.Verify(v.context(), v.actor(), v.signed.Session, v.posted("app"))
}

// sentCode is the code that was sent in this session, nil for none.
func (v *visit) sentCode() *verifying {
	if sent := v.flow.Passage.Verifying; sent != nil && sent.Session == v.signed.Session.ID {
		return sent
	}
	return nil
}

// verify sends a code, or redeems the one that was typed.
func (s *Surface) verify(v *visit) (reply, error) {
	if answer, done, err := s.postedOnTheWay(v); done {
		return answer, err
	}
	d, answer, done, err := s.unverified(v)
	if done {
		return answer, err
	}
	sent := v.sentCode()
	switch {
	case s.Factors != nil && (v.posted("do") == byApp || v.posted("do") == byPasskey):
		var k identity.Session
		if k, err = s.byFactor(v); err == nil {
			v.signed.Session = k
			return s.goOn(v, func(p *passage) { p.Verifying = nil })
		}
	case s.Second == nil:
		return s.verificationPage(v, d, nil)
	case v.posted("do") != "send" && sent != nil:
		v.signed.Session, err = s.proven(v, *sent)
		if err == nil {
			return s.goOn(v, func(p *passage) { p.Verifying = nil })
		}
	default:
		answer, err = s.sendVerification(v, identity.Channel(v.posted("method")))
	}
	if err == nil {
		return answer, nil
	}
	switch f := fault.Of(err); f.Kind {
	case fault.Invalid, fault.Conflict, fault.TooMany, fault.Expired, fault.Unavailable:
		return s.verificationPage(v, d, f)
	}
	return reply{}, err
}

// proven redeems the code that was typed; where it does not, the session is as
// it was.
func (s *Surface) proven(v *visit, sent verifying) (identity.Session, error) {
	k, err := s.Second.Prove(v.context(), v.actor(), v.challenge(sent), v.posted("code"))
	if err != nil {
		return v.signed.Session, err
	}
	return k, nil
}

// sendVerification sends a code by a channel.
func (s *Surface) sendVerification(v *visit, method identity.Channel) (reply, error) {
	if err := s.count(v); err != nil {
		return reply{}, err
	}
	next := verifying{Session: v.signed.Session.ID, Nonce: rand.Text(), Method: method}
	challenge := v.challenge(next)
	challenge.Language = s.language(v)
	way, err := s.Second.Send(v.context(), v.actor(), challenge)
	if err != nil {
		return reply{}, err
	}
	next.Masked = way.Masked
	f, p := v.flow, *v.flow.Passage
	p.Verifying = &next
	f.Passage = &p
	if err := s.remember(v, f); err != nil {
		return reply{}, err
	}
	return goTo(withFlow(verificationPath, v.flowID)), nil
}
