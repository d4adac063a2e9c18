package signin

import (
	"net/http"
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
	removeFactor  = "remove"
	renewCodes    = "renew"
)

// factors lists them.
func (s *Surface) factors(v *visit) (reply, error) {
	if answer, needed, err := s.first(v); needed {
		return answer, err
	}
	h, err := s.Factors.Holding(v.context(), v.actor())
	page := pages.Factors{
		Form: v.sessionForm(factorsPath), RecoveryCodes: h.RecoveryCodes, Full: len(h.Factors) >= factor.MaxFactors, Back: "/account",
	}
	if v.query(doneField) == removeFactor {
		page.Notice = pages.NoteFactorRemoved
	}
	for _, f := range h.Factors {
		page.Factors = append(page.Factors, pages.FactorRow{ID: string(f.ID), Name: f.Name, Since: f.CreatedAt, Used: f.UsedAt})
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
	case removeFactor, renewCodes:
		if v.posted("sure") == "" {
			return show(s.proofPage(v, h, nil)).with(http.StatusOK).at(pages.Once), nil
		}
		return s.provenChange(v, h)
	}
	return reply{}, fault.New(fault.Invalid, fault.CodeFieldMissing).With("field", "do")
}

// ofForm is the proof that a form brings.
func (s *Surface) ofForm(v *visit) factor.Proof {
	return factor.Proof{First: factor.FirstProof{Password: v.posted("password"), Session: v.signed.Session}, Code: v.posted("proof")}
}

// proofPage asks for what a change takes. Whom a source has proven is asked for
// a password once that is too long ago and they have one.
func (s *Surface) proofPage(v *visit, h factor.Holding, f *fault.Error) pages.FactorProof {
	page := pages.FactorProof{
		Form: v.sessionForm(factorsPath), Do: v.posted("do"), Factor: v.posted("factor"), Code: len(h.Factors) > 0, Fault: f, Back: factorsPath,
		Password: v.signed.Session.SourceID == "" || f != nil && f.Code == fault.CodePasswordOld,
	}
	for _, one := range h.Factors {
		if string(one.ID) == page.Factor {
			page.Name = one.Name
		}
	}
	return page
}

func (s *Surface) beginFactor(v *visit, h factor.Holding) (reply, error) {
	setup, err := s.Factors.Begin(v.context(), v.actor())
	if err != nil {
		return reply{}, err
	}
	return s.setupPage(v, h, setup, nil), nil
}

func (s *Surface) setupPage(v *visit, h factor.Holding, setup factor.Setup, f *fault.Error) reply {
	page := pages.FactorSetup{
		FactorProof: s.proofPage(v, h, f), Ticket: setup.Ticket, Secret: inFours(setup.Secret), Size: setup.Square.Size, Path: setup.Square.Path,
		Called: v.posted("name"),
	}
	status := http.StatusOK
	if f != nil {
		status = statusOf(f)
	}
	return show(page).with(status).at(pages.Once)
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
	return s.setupPage(v, h, setup, fault.Of(err)), nil
}

// mended tells that whoever typed can type something better.
func mended(err error) bool {
	switch fault.KindOf(err) {
	case fault.Invalid, fault.TooMany:
		return true
	}
	return fault.Is(err, fault.CodeFactorProof)
}

func (s *Surface) codesPage(codes []string) reply {
	return show(pages.RecoveryCodes{Codes: codes, Back: factorsPath}).with(http.StatusOK).at(pages.Once)
}

// provenChange removes a factor, or makes new recovery codes.
func (s *Surface) provenChange(v *visit, h factor.Holding) (reply, error) {
	var codes []string
	var err error
	if v.posted("do") == removeFactor {
		err = s.Factors.Remove(v.context(), v.actor(), identity.FactorID(v.posted("factor")), s.ofForm(v))
	} else {
		codes, err = s.Factors.RenewRecoveryCodes(v.context(), v.actor(), s.ofForm(v))
	}
	switch {
	case err == nil && codes != nil:
		return s.codesPage(codes), nil
	case err == nil:
		return goTo(factorsPath + "?" + doneField + "=" + removeFactor), nil
	case mended(err):
		f := fault.Of(err)
		return show(s.proofPage(v, h, f)).with(statusOf(f)).at(pages.Once), nil
	}
	return reply{}, err
}
