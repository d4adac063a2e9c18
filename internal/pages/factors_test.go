package pages

import (
	"net/http"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
)

// factorExamples has the pages of proofs beside the password.
func factorExamples() map[string]Page {
	form := Hidden{Action: "/account/factors", Token: "token-of-the-form"}
	since := time.Date(2026, 3, 1, 8, 30, 0, 0, time.UTC)
	proof := FactorProof{Form: form, Do: "remove", Factor: "fac_1", Name: "My phone", Password: true, Code: true, App: true, Back: "/account/factors"}
	renew, first := proof, proof
	renew.Do, renew.Password = "renew", false
	renew.Fault = fault.New(fault.Invalid, fault.CodeFactorCode).At("proof")
	first.Do, first.Factor, first.Name, first.Code = "begin", "", "", false
	setup := FactorSetup{
		FactorProof: first, Ticket: "ogk_x", Secret: "JBSW Y3DP EHPK 3PXP", Size: 29, Path: "M4 4h1v1h-1zM5 4h1v1h-1z",
	}
	wrong := setup
	wrong.Called, wrong.Code = "My phone", true
	wrong.Fault = fault.New(fault.Invalid, fault.CodeFactorCode).At("code")
	passkey := proof
	passkey.App, passkey.Passkey = false, &Passkey{Do: "remove", Ticket: "ogk_y", Options: `{"challenge":"<'\"&>"}`, Second: true}
	added := PasskeySetup{Form: form, Passkey: &Passkey{Do: "passkey_add", Ticket: "ogk_z", Options: "{}"}, Back: "/account/factors"}
	renamed := added
	renamed.Called, renamed.Fault = "x", fault.New(fault.Invalid, fault.CodeFieldLength).At("name").With("min", 1).With("max", 64)
	name := FactorName{Form: form, Factor: "fac_2", Kind: "passkey", Name: "Laptop", Called: "Laptop", Back: "/account/factors"}
	unnamed := name
	unnamed.Kind, unnamed.Called, unnamed.Fault = "totp", "", renamed.Fault
	return map[string]Page{
		"factor_name":          {Content: name},
		"factor_name_wrong":    {Content: unnamed, Status: http.StatusUnprocessableEntity},
		"factor_proof_passkey": {Content: passkey},
		"passkey_setup":        {Content: added},
		"passkey_setup_wrong":  {Content: renamed, Status: http.StatusUnprocessableEntity},
		"factors_none":         {Content: Factors{Form: form, Back: "/account", Notice: NoteFactorRemoved}},
		"factors": {Content: Factors{Form: form, Back: "/account", RecoveryCodes: 1, Notice: NoteFactorRenamed, Passkeys: true, Factors: []FactorRow{
			{ID: "fac_1", Kind: "totp", Name: "My phone", Since: since, Used: since.Add(time.Hour)},
			{ID: "fac_2", Kind: "passkey", Name: "平板电脑", Since: since},
		}}},
		"factors_full":       {Content: Factors{Form: form, Back: "/account", Full: true, RecoveryCodes: 10, Factors: []FactorRow{{ID: "fac_1", Kind: "totp", Name: "My phone", Since: since}}}},
		"factor_proof":       {Content: proof},
		"factor_proof_wrong": {Content: renew, Status: http.StatusUnprocessableEntity},
		"factor_setup":       {Content: setup},
		"factor_setup_wrong": {Content: wrong, Status: http.StatusUnprocessableEntity},
		"recovery_codes":     {Content: RecoveryCodes{Codes: []string{"abcde-fghij", "kmnpq-rstuv", "wxyz2-34567"}, Back: "/account/factors"}},
	}
}

// A fault stands at the field that it is about, or above the form.
func TestFaultsOfFactors(t *testing.T) {
	for _, row := range []struct {
		field, proof, setup string
	}{{"proof", "proof", "proof"}, {"password", "password", "password"}, {"code", "", "code"}, {"name", "", "name"}, {"passkey", "passkey", "passkey"}, {"", "", ""}} {
		f := fault.New(fault.Invalid, fault.CodeFactorCode)
		if row.field != "" {
			f = f.At(row.field)
		}
		p := FactorProof{Fault: f}
		if p.Errors()[row.proof] == nil || (FactorSetup{FactorProof: p}).Errors()[row.setup] == nil {
			t.Errorf("%q: got %v and %v", row.field, p.Errors(), (FactorSetup{FactorProof: p}).Errors())
		}
	}
}
