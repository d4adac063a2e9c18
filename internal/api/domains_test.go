package api

import (
	"net/http"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// TestDomainLife adds a domain, looks for its record, leads it to a source, and
// removes it.
func TestDomainLife(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const all = "/organizations/acme/domains"
		d := read[Domain](t, h.as(administrator, "POST", all, `{"name":"Partner.Example."}`), http.StatusCreated)
		if d.Name != "partner.example" || d.Proven || !strings.HasPrefix(d.Record, "orgate-verification=") {
			t.Fatalf("got %+v", d)
		}
		if again := read[Domain](t, h.as(administrator, "POST", all, `{"name":"partner.example"}`), http.StatusCreated); again != d {
			t.Errorf("added again: %+v, want %+v", again, d)
		}
		refused(t, h.as(administrator, "POST", all, `{"name":"partner"}`), 422, "field_format")
		one := all + "/partner.example"
		refused(t, h.as(administrator, "POST", one+"/verify", ""), http.StatusConflict, "domain_unproven")
		refused(t, h.as(administrator, "PATCH", one, `{"source":"src_x"}`), http.StatusNotFound, "source_not_found")
		if err := h.o.Sources.SetSSO(t.Context(), console(), h.acme.organization.ID, 0, source.SSOChange{Scope: new("openid")}); err != nil {
			t.Fatal(err)
		}
		led := read[Domain](t, h.as(administrator, "PATCH", one, `{"source":"`+string(identity.SSOSourceID(h.acme.organization.ID))+`"}`), http.StatusOK)
		if led.Source != string(identity.SSOSourceID(h.acme.organization.ID)) {
			t.Errorf("got %+v", led)
		}
		if items := read[collection[Domain]](t, h.as(administrator, "GET", all, ""), http.StatusOK).Items; len(items) != 2 || items[1] != led {
			t.Errorf("got %+v, want %+v besides that of the house", items, led)
		}
		read[any](t, h.as(administrator, "DELETE", one, ""), http.StatusNoContent)
		refused(t, h.as(administrator, "DELETE", one, ""), http.StatusNotFound, "domain_not_found")
	})
}

// TestDomainTrial shows how a domain freezes.
func TestDomainTrial(t *testing.T) {
	h := newHouse(t)
	const all = "/organizations/acme/domains"
	d := read[Domain](t, h.as(administrator, "POST", all, `{"name":"partner.example"}`), http.StatusCreated)
	if d.State != "trial" || !d.TrialEnd.Equal(h.clock.Now().Add(identity.DomainTrial)) || !strings.HasSuffix(d.Exchange, ".invalid") {
		t.Errorf("got %+v", d)
	}
	h.clock.Advance(identity.DomainTrial)
	for _, d := range read[collection[Domain]](t, h.as(orgToken, "GET", all, ""), http.StatusOK).Items {
		if d.State != "frozen" {
			t.Errorf("got %+v", d)
		}
	}
	refused(t, h.as(orgToken, "POST", "/organizations/acme/members", `{"name":"N","account":"n","domain":"partner.example"}`), http.StatusConflict, "domain_frozen")
}

// TestSwitchDomain moves accounts to another domain, as far as they may be.
func TestSwitchDomain(t *testing.T) {
	eachHouse(t, func(t *testing.T, h *house) {
		const one = "/organizations/acme/members/switch-domain"
		member, other := h.acme.member, h.acme.other
		body := `{"members":["` + string(member.Member.ID) + `","` + string(other.Member.ID) + `","mem_none"],"domain":"acme.example"`
		results := func(w DomainSwitched) map[string]SwitchedOne {
			byMember := map[string]SwitchedOne{}
			for _, item := range w.Items {
				byMember[item.Member] = item
			}
			return byMember
		}
		dry := read[DomainSwitched](t, h.as(administrator, "POST", one, body+`,"dry_run":true}`), http.StatusOK)
		got := results(dry)[string(member.Member.ID)]
		if got.Result != "switched" || got.Before != "acme-member" || got.After != "acme-member@acme.example" || !dry.DryRun || dry.Notice == "" {
			t.Fatalf("got %+v of %+v", got, dry)
		}
		if none := results(dry)["mem_none"]; none.Result != "refused" || none.Code != "member_not_found" || none.Detail == "" {
			t.Errorf("nobody: got %+v", none)
		}
		if m := read[Member](t, h.as(administrator, "GET", "/organizations/acme/members/"+string(member.Member.ID), ""), http.StatusOK); m.Account != "acme-member" {
			t.Errorf("a dry run changed %s", m.Account)
		}
		done := read[DomainSwitched](t, h.as(administrator, "POST", one, body+`}`), http.StatusOK)
		if again := results(done)[string(member.Member.ID)]; again != got {
			t.Errorf("got %+v, want %+v", again, got)
		}
		m := read[Member](t, h.as(administrator, "GET", "/organizations/acme/members/"+string(member.Member.ID), ""), http.StatusOK)
		if m.Account != "acme-member@acme.example" || m.Version <= member.Member.Version {
			t.Errorf("got %+v", m)
		}
		if again := results(read[DomainSwitched](t, h.as(administrator, "POST", one, body+`}`), http.StatusOK))[string(member.Member.ID)]; again.Result != "unchanged" {
			t.Errorf("again: got %+v", again)
		}
		refused(t, h.as(administrator, "POST", one, `{"members":["x"],"domain":"beta.example"}`), http.StatusNotFound, "domain_not_found")
		refused(t, h.as(administrator, "POST", one, `{"members":[],"domain":"acme.example"}`), 422, "field_range")
	})
}
