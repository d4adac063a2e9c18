package signin

import (
	"net/http"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/factor"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/pages"
)

// factorsPath is the page of what a person proves themselves by beside the
// password.
const factorsPath = "/account/factors"

// What a form of the page does.
const (
	beginFactor   = "begin"
	confirmFactor = "confirm"
	nameFactor    = "name"
	renameFactor  = "rename"
	removeFactor  = "remove"
	renewCodes    = "renew"
	askPasskey    = "passkey"     // for the proof that a new passkey takes
	addPasskey    = "passkey_add" // with the one that the browser made
)

// factors lists them.
func (s *Surface) factors(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	h, err := s.Factors.Holding(v.context(), v.actor())
	page := pages.Factors{
		Form: v.sessionForm(factorsPath), RecoveryCodes: h.RecoveryCodes, Full: len(h.Factors) >= factor.MaxFactors, Passkeys: s.Factors.Passkeys(),
		Back: "/account",
	}
	page.Notice = map[string]pages.Key{removeFactor: pages.NoteFactorRemoved, renameFactor: pages.NoteFactorRenamed}[v.query(doneField)]
	for _, f := range h.Factors {
		page.Factors = append(page.Factors, pages.FactorRow{ID: string(f.ID), Kind: string(f.Kind), Name: f.Name, Since: f.CreatedAt, Used: f.UsedAt})
	}
	return show(page).at(factorsPath), err
}

// changeFactors does what one of the forms asks for.
func (s *Surface) changeFactors(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	if err := v.checkSessionForm(); err != nil {
		return reply{}, err
	}
	h, err := s.Factors.Holding(v.context(), v.actor())
	if err != nil {
		return reply{}, err
	}
	switch do := v.posted("do"); do {
	case beginFactor:
		return s.beginFactor(v, h)
	case confirmFactor:
		return s.confirmFactor(v, h)
	case addPasskey:
		return s.addPasskey(v, h)
	case nameFactor:
		return s.namePage(v, h, nil)
	case renameFactor:
		return s.renameFactor(v, h)
	case removeFactor, renewCodes, askPasskey:
		if v.posted("sure") == "" {
			return s.askForProof(v, h, nil)
		}
		return s.provenChange(v, h)
	}
	return reply{}, fault.New(fault.Invalid, fault.CodeFieldMissing).With("field", "do")
}

// ofForm is the proof that a form brings.
func (s *Surface) ofForm(v *visit) factor.Proof {
	p := factor.Proof{First: factor.FirstProof{Password: v.posted("password"), Session: v.signed.Session}, Code: v.posted("proof")}
	// A browser without script leaves the answer empty: then the code counts.
	if a := v.passkeyAnswer(); len(a.Response) > 0 {
		p.Passkey = a
	}
	return p
}

// askForProof shows the page that asks for what a change takes.
func (s *Surface) askForProof(v *visit, h factor.Holding, f *fault.Error) (reply, error) {
	page, err := s.proofPage(v, h, f)
	if err != nil {
		return reply{}, err
	}
	status := http.StatusOK
	if f != nil {
		status = statusOf(f)
	}
	return show(page).with(status).at(pages.Once), nil
}

// proofPage asks for what a change takes. Whom a source has proven is asked for
// a password once that is too long ago and they have one.
func (s *Surface) proofPage(v *visit, h factor.Holding, f *fault.Error) (page pages.FactorProof, err error) {
	page = pages.FactorProof{
		Form: v.sessionForm(factorsPath), Do: v.posted("do"), Factor: v.posted("factor"), Code: len(h.Factors) > 0, Fault: f, Back: factorsPath,
		App: h.Has(identity.FactorTOTP), Password: v.signed.Session.SourceID == "" || f != nil && f.Code == fault.CodePasswordOld,
	}
	for _, one := range h.Factors {
		if string(one.ID) == page.Factor {
			page.Name = one.Name
		}
	}
	if page.Passkey, err = s.passkeyPart(v, h, page.Do, ""); page.Passkey != nil {
		page.Passkey.Second = true
	}
	return page, err
}

func (s *Surface) beginFactor(v *visit, h factor.Holding) (reply, error) {
	setup, err := s.Factors.Begin(v.context(), v.actor())
	if err != nil {
		return reply{}, err
	}
	return s.setupPage(v, h, setup, nil)
}

func (s *Surface) setupPage(v *visit, h factor.Holding, setup factor.Setup, f *fault.Error) (reply, error) {
	proof, err := s.proofPage(v, h, f)
	if err != nil {
		return reply{}, err
	}
	proof.Do = confirmFactor
	if proof.Passkey != nil {
		proof.Passkey.Do = confirmFactor
	}
	page := pages.FactorSetup{
		FactorProof: proof, Ticket: setup.Ticket, Secret: inFours(setup.Secret), Size: setup.Square.Size, Path: setup.Square.Path,
		Called: v.posted("name"),
	}
	status := http.StatusOK
	if f != nil {
		status = statusOf(f)
	}
	return show(page).with(status).at(pages.Once), nil
}

// inFours writes a secret as people type it.
func inFours(secret string) string {
	var groups []string
	for len(secret) > 4 {
		groups, secret = append(groups, secret[:4]), secret[4:]
	}
	return strings.Join(append(groups, secret), " ")
}

func (s *Surface) confirmFactor(v *visit, h factor.Holding) (reply, error) {
	n := factor.NewFactor{Ticket: v.posted("ticket"), Code: v.posted("code"), Name: v.posted("name")}
	_, codes, err := s.Factors.Confirm(v.context(), v.actor(), n, s.ofForm(v))
	switch {
	case err == nil && len(codes) > 0:
		return s.codesPage(codes), nil
	case err == nil:
		return goTo(factorsPath), nil
	case !mended(err):
		return reply{}, err
	}
	setup, failed := s.Factors.Again(v.context(), v.actor(), n.Ticket)
	if failed != nil {
		return reply{}, failed
	}
	return s.setupPage(v, h, setup, fault.Of(err))
}

// mended tells that whoever typed can type something better.
func mended(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.TooMany:
		return true
	}
	return fault.Is(err, fault.CodeFactorProof) || fault.Is(err, fault.CodePasskeyLate)
}

func (s *Surface) codesPage(codes []string) reply {
	return show(pages.RecoveryCodes{Codes: codes, Back: factorsPath}).with(http.StatusOK).at(pages.Once)
}

// provenChange removes a factor, makes new recovery codes, or goes on to a new
// passkey.
func (s *Surface) provenChange(v *visit, h factor.Holding) (reply, error) {
	var codes []string
	var err error
	switch v.posted("do") {
	case askPasskey:
		asked, err := s.Factors.BeginPasskey(v.context(), v.actor(), s.ofForm(v))
		if err == nil {
			return s.passkeyPage(v, asked, nil), nil
		}
		if mended(err) {
			return s.askForProof(v, h, fault.Of(err))
		}
		return reply{}, err
	case removeFactor:
		err = s.Factors.Remove(v.context(), v.actor(), identity.FactorID(v.posted("factor")), s.ofForm(v))
	default:
		codes, err = s.Factors.RenewRecoveryCodes(v.context(), v.actor(), s.ofForm(v))
	}
	switch {
	case err == nil && codes != nil:
		return s.codesPage(codes), nil
	case err == nil:
		return goTo(factorsPath + "?" + doneField + "=" + removeFactor), nil
	case mended(err):
		return s.askForProof(v, h, fault.Of(err))
	}
	return reply{}, err
}

// namePage asks for another name of a factor.
func (s *Surface) namePage(v *visit, h factor.Holding, f *fault.Error) (reply, error) {
	at := slices.IndexFunc(h.Factors, func(one identity.Factor) bool { return string(one.ID) == v.posted("factor") })
	if at < 0 {
		return reply{}, fault.New(fault.NotFound, fault.CodeFactorNotFound)
	}
	one := h.Factors[at]
	page := pages.FactorName{
		Form: v.sessionForm(factorsPath), Factor: string(one.ID), Kind: string(one.Kind), Name: one.Name, Called: one.Name, Fault: f, Back: factorsPath,
	}
	status := http.StatusOK
	if f != nil {
		page.Called, status = v.posted("name"), statusOf(f)
	}
	return show(page).with(status).at(pages.Once), nil
}

// renameFactor gives a factor the name that was typed.
func (s *Surface) renameFactor(v *visit, h factor.Holding) (reply, error) {
	_, err := s.Factors.Rename(v.context(), v.actor(), identity.FactorID(v.posted("factor")), v.posted("name"))
	switch {
	case err == nil:
		return goTo(factorsPath + "?" + doneField + "=" + renameFactor), nil
	case fault.KindOf(err) == fault.Invalid:
		return s.namePage(v, h, fault.Of(err))
	}
	return reply{}, err
}
