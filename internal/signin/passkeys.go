package signin

import (
	"net/http"

	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// passkeyAnswer is what the script of a page brought from the authenticator.
func (v *visit) passkeyAnswer() factor.PasskeyAnswer {
	return factor.PasskeyAnswer{Ticket: v.posted("passkey_ticket"), Response: []byte(v.posted("passkey"))}
}

// passkeyPart asks for a signature of one of the person's passkeys, for what it
// is bound to; nil where they have none.
func (s *Surface) passkeyPart(v *visit, h factor.Holding, do, bound string) (*pages.Passkey, error) {
	if !h.Has(identity.FactorPasskey) || !s.Factors.Passkeys() {
		return nil, nil
	}
	asked, err := s.Factors.AskPasskey(v.context(), v.actor(), v.signed.Session, bound)
	if err != nil {
		return nil, err
	}
	return &pages.Passkey{Do: do, Ticket: asked.Ticket, Options: string(asked.Options)}, nil
}

// passkeyPage has the browser make a passkey.
func (s *Surface) passkeyPage(v *visit, asked factor.PasskeyAsked, f *fault.Error) reply {
	page := pages.PasskeySetup{
		Form: v.sessionForm(factorsPath), Called: v.posted("name"), Fault: f, Back: factorsPath,
		Passkey: &pages.Passkey{Do: addPasskey, Ticket: asked.Ticket, Options: string(asked.Options)},
	}
	status := http.StatusOK
	if f != nil {
		status = statusOf(f)
	}
	return show(page).with(status).at(pages.Once)
}

// addPasskey adds the passkey that the browser made. A name can be mended there;
// whatever else was wrong begins anew, with the proof.
func (s *Surface) addPasskey(v *visit, h factor.Holding) (reply, error) {
	n := factor.NewPasskey{Answer: v.passkeyAnswer(), Session: v.signed.Session, Name: v.posted("name")}
	_, codes, err := s.Factors.AddPasskey(v.context(), v.actor(), n)
	switch f := fault.Of(err); {
	case err == nil && len(codes) > 0:
		return s.codesPage(codes), nil
	case err == nil:
		return goTo(factorsPath), nil
	case f.Field == "name":
		asked, err := s.Factors.PasskeyAgain(v.context(), v.actor(), v.signed.Session, n.Answer.Ticket)
		if err != nil {
			return reply{}, err
		}
		return s.passkeyPage(v, asked, f), nil
	case mended(err) || f.Code == fault.CodePasskeyKnown:
		v.r.PostForm.Set("do", askPasskey)
		return s.askForProof(v, h, f)
	}
	return reply{}, err
}
