package api

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/orgate/orgate/internal/factor/passkeytest"
)

// TestFactorLife sets up an app, uses its codes and removes it.
func TestFactorLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const mine = "/me/factors"
		s := read[FactorSetup](t, h.as(theOwner, "POST", mine, ""), http.StatusOK)
		shown := func() string {
			code, err := totp.GenerateCode(s.Secret, h.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return code
		}
		confirm := func(more string) string {
			return `{"ticket":"` + s.Ticket + `","code":"` + shown() + `","name":"Phone"` + more + `}`
		}
		proof := `,"password":"` + password + `"`
		if p := refused(t, h.as(theOwner, "POST", mine+"/confirm", confirm("")), 422, "password_old_wrong"); len(p.Errors) != 1 || p.Errors[0].Field != "password" {
			t.Errorf("got %+v, want the field named", p)
		}
		refused(t, h.as(administrator, "POST", mine+"/confirm", confirm(proof)), http.StatusNotFound, "ticket_not_found")
		made := read[ConfirmedFactor](t, h.as(theOwner, "POST", mine+"/confirm", confirm(proof)), http.StatusOK)
		if made.Factor.Name != "Phone" || made.Factor.Kind != "totp" || made.Factor.UsedAt != nil || len(made.RecoveryCodes) != 10 {
			t.Errorf("got %+v", made)
		}
		if got := read[MyFactors](t, h.as(theOwner, "GET", mine, ""), http.StatusOK); len(got.Factors) != 1 || got.Factors[0] != made.Factor || got.RecoveryCodes != 10 {
			t.Errorf("got %+v, want %+v", got, made)
		}
		removesFactor(t, h, made, shown)
	})
}

// removesFactor renews the owner's recovery codes and removes their app.
func removesFactor(t *testing.T, h *house, made ConfirmedFactor, shown func() string) {
	t.Helper()
	const mine = "/me/factors"
	proof := `,"password":"` + password + `"`
	one := mine + "/" + made.Factor.ID + "/remove"
	refused(t, h.as(theOwner, "POST", one, `{"password":"`+password+`"}`), http.StatusUnauthorized, "factor_proof")
	if p := refused(t, h.as(theOwner, "POST", one, `{"proof":"000000x"`+proof+`}`), 422, "factor_code"); len(p.Errors) != 1 || p.Errors[0].Field != "proof" {
		t.Errorf("got %+v, want the field named", p)
	}
	fresh := read[RecoveryCodes](t, h.as(theOwner, "POST", "/me/recovery-codes", `{"proof":"`+made.RecoveryCodes[0]+`"`+proof+`}`), http.StatusOK)
	if len(fresh.RecoveryCodes) != 10 || fresh.RecoveryCodes[0] == made.RecoveryCodes[0] {
		t.Errorf("got %v", fresh.RecoveryCodes)
	}
	h.clock.Advance(time.Minute)
	read[any](t, h.as(theOwner, "POST", one, `{"proof":"`+shown()+`"`+proof+`}`), http.StatusNoContent)
	if got := read[MyFactors](t, h.as(theOwner, "GET", mine, ""), http.StatusOK); len(got.Factors) != 0 || got.RecoveryCodes != 0 {
		t.Errorf("afterwards: got %+v", got)
	}
}

// TestFactorsOfMembers reads and resets what somebody has who lost their phone.
func TestFactorsOfMembers(t *testing.T) {
	h := newHouse(t)
	one := "/organizations/acme/members/" + string(h.acme.member.Member.ID) + "/factors"
	s := read[FactorSetup](t, h.as(anyMember, "POST", "/me/factors", ""), http.StatusOK)
	code, err := totp.GenerateCode(s.Secret, h.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	read[ConfirmedFactor](t, h.as(anyMember, "POST", "/me/factors/confirm",
		`{"ticket":"`+s.Ticket+`","code":"`+code+`","name":"Phone","password":"`+password+`"}`), http.StatusOK)
	if got := read[page[Factor]](t, h.as(administrator, "GET", one, ""), http.StatusOK); len(got.Items) != 1 || got.Items[0].Name != "Phone" {
		t.Errorf("got %+v", got)
	}
	refused(t, h.as(anyMember, "DELETE", one, ""), http.StatusForbidden, "forbidden")
	owners := "/organizations/acme/members/" + string(h.acme.owner.Member.ID) + "/factors"
	refused(t, h.as(administrator, "DELETE", owners, ""), http.StatusForbidden, "factor_reset")
	read[any](t, h.as(administrator, "DELETE", one, ""), http.StatusNoContent)
	if got := read[MyFactors](t, h.as(anyMember, "GET", "/me/factors", ""), http.StatusOK); len(got.Factors) != 0 || got.RecoveryCodes != 0 {
		t.Errorf("afterwards: got %+v", got)
	}
}

// TestPasskeyLife makes a passkey, proves changes by it, renames and removes it.
func TestPasskeyLife(t *testing.T) {
	h := newHouse(t)
	const mine = "/me/factors"
	key := passkeytest.New(t, h.o.BaseURL.Scheme+"://"+h.o.BaseURL.Host)
	answered := func(a PasskeyAsked, how func(json.RawMessage) ([]byte, error)) string {
		response, err := how(a.Options)
		if err != nil {
			t.Fatal(err)
		}
		return `{"ticket":"` + a.Ticket + `","response":` + string(response)
	}
	proof := `"password":"` + password + `"`
	asked := read[PasskeyAsked](t, h.as(theOwner, "POST", mine+"/passkeys", `{`+proof+`}`), http.StatusOK)
	body := answered(asked, key.Create) + `,"name":"Laptop"}`
	refused(t, h.as(administrator, "POST", mine+"/passkeys/confirm", body), 422, "factor_passkey_wrong")
	asked = read[PasskeyAsked](t, h.as(theOwner, "POST", mine+"/passkeys", `{`+proof+`}`), http.StatusOK)
	made := read[ConfirmedFactor](t, h.as(theOwner, "POST", mine+"/passkeys/confirm", answered(asked, key.Create)+`,"name":"Laptop"}`), http.StatusOK)
	if made.Factor.Kind != "passkey" || made.Factor.Name != "Laptop" || len(made.RecoveryCodes) != 10 {
		t.Errorf("got %+v", made)
	}
	refused(t, h.as(theOwner, "POST", mine+"/passkeys", `{`+proof+`}`), http.StatusUnauthorized, "factor_proof")
	challenge := func() string {
		return answered(read[PasskeyAsked](t, h.as(theOwner, "POST", mine+"/passkeys/challenge", ""), http.StatusOK), key.Get) + `}`
	}
	fresh := read[RecoveryCodes](t, h.as(theOwner, "POST", "/me/recovery-codes", `{`+proof+`,"passkey":`+challenge()+`}`), http.StatusOK)
	if len(fresh.RecoveryCodes) != 10 {
		t.Errorf("got %v", fresh.RecoveryCodes)
	}
	one := mine + "/" + made.Factor.ID
	refused(t, h.as(administrator, "PATCH", one, `{"name":"Mine"}`), http.StatusNotFound, "factor_not_found")
	if got := read[Factor](t, h.as(theOwner, "PATCH", one, `{"name":"Key"}`), http.StatusOK); got.Name != "Key" || got.ID != made.Factor.ID {
		t.Errorf("renamed: got %+v", got)
	}
	read[any](t, h.as(theOwner, "POST", one+"/remove", `{`+proof+`,"passkey":`+challenge()+`}`), http.StatusNoContent)
	refused(t, h.as(theOwner, "POST", mine+"/passkeys/challenge", ""), http.StatusConflict, "factor_passkey_missing")
}

// TestPasskeysOfMembers are read and reset like every other factor.
func TestPasskeysOfMembers(t *testing.T) {
	h := newHouse(t)
	key := passkeytest.New(t, h.o.BaseURL.Scheme+"://"+h.o.BaseURL.Host)
	asked := read[PasskeyAsked](t, h.as(anyMember, "POST", "/me/factors/passkeys", `{"password":"`+password+`"}`), http.StatusOK)
	response, err := key.Create(asked.Options)
	if err != nil {
		t.Fatal(err)
	}
	read[ConfirmedFactor](t, h.as(anyMember, "POST", "/me/factors/passkeys/confirm", `{"ticket":"`+asked.Ticket+`","response":`+string(response)+`,"name":"Laptop"}`), http.StatusOK)
	one := "/organizations/acme/members/" + string(h.acme.member.Member.ID) + "/factors"
	if got := read[page[Factor]](t, h.as(administrator, "GET", one, ""), http.StatusOK); len(got.Items) != 1 || got.Items[0].Kind != "passkey" {
		t.Errorf("got %+v", got)
	}
	read[any](t, h.as(administrator, "DELETE", one, ""), http.StatusNoContent)
	refused(t, h.as(anyMember, "POST", "/me/factors/passkeys/challenge", ""), http.StatusConflict, "factor_passkey_missing")
}
