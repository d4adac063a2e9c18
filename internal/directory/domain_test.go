package directory

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// published are the TXT records that a house finds.
type published map[string][]string

func (h *house) publishes(p published) {
	h.texts = func(_ context.Context, name string) ([]string, error) { return p[name], nil }
}

// claims adds a domain to the house's organisation.
func (h *house) claims(name string) identity.Domain {
	h.t.Helper()
	d, err := h.AddDomain(h.t.Context(), console, h.org.ID, name)
	if err != nil {
		h.t.Fatalf("add %s: %v", name, err)
	}
	return d
}

func TestDomainIsProvenByItsRecord(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		h := newHouse(t, open)
		claimed := h.claims(" Partner.Example ")
		if again := h.claims("partner.example."); again != claimed || claimed.Name != "partner.example" || claimed.Proven() {
			t.Errorf("added %+v, again %+v", claimed, again)
		}
		for what, p := range map[string]published{
			"nothing":          nil,
			"another's record": {"partner.example": {"orgate-verification=other", "v=spf1 -all"}},
			"beside it":        {"partner.example": {"x" + claimed.Record(), claimed.Record() + " "}, "www.partner.example": {claimed.Record()}},
		} {
			h.publishes(p)
			_, err := h.ProveDomain(t.Context(), console, h.org.ID, claimed.Name)
			wants(t, what, err, fault.CodeDomainUnproven)
		}
		h.publishes(published{"partner.example": {"v=spf1 -all", claimed.Record()}})
		proven, err := h.ProveDomain(t.Context(), console, h.org.ID, "Partner.example")
		if err != nil || !proven.Proven() || h.countEvents(string(audit.DomainProven)) != 1 {
			t.Errorf("got %+v, %v", proven, err)
		}
		// What is proven stays so when the record is gone.
		h.publishes(nil)
		if again, err := h.ProveDomain(t.Context(), console, h.org.ID, claimed.Name); err != nil || again != proven {
			t.Errorf("got %+v, %v, want %+v", again, err, proven)
		}
	})
}

func TestDomainIsOneOrganisations(t *testing.T) {
	h := sqliteHouse(t)
	first := h.org.ID
	mine := h.claims("partner.example")
	other := h.furnish("other", func(*NewOrganization) {}).ID
	theirs := h.claims("partner.example")
	if mine.Token == theirs.Token {
		t.Fatal("both prove by one record")
	}
	h.publishes(published{"partner.example": {mine.Record(), theirs.Record()}})
	if _, err := h.ProveDomain(t.Context(), console, other, "partner.example"); err != nil {
		t.Fatal(err)
	}
	_, err := h.ProveDomain(t.Context(), console, first, "partner.example")
	wants(t, "proven by another", err, fault.CodeDomainTaken)
	if err := h.RemoveDomain(t.Context(), console, other, "partner.example"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.ProveDomain(t.Context(), console, first, "partner.example"); err != nil {
		t.Errorf("free again: %v", err)
	}
}

func TestDomainRefusals(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	_, err := h.AddDomain(ctx, console, h.org.ID, "not a domain")
	wants(t, "no domain", err, fault.CodeFieldFormat)
	_, err = h.ProveDomain(ctx, console, h.org.ID, "partner.example")
	wants(t, "not added", err, fault.CodeDomainNotFound)
	_, err = h.LeadDomain(ctx, console, h.org.ID, "partner.example", "")
	wants(t, "not added, led", err, fault.CodeDomainNotFound)
	wants(t, "not added, removed", h.RemoveDomain(ctx, console, h.org.ID, "partner.example"), fault.CodeDomainNotFound)
	h.claims("partner.example")
	_, err = h.LeadDomain(ctx, console, h.org.ID, "partner.example", "src_x")
	wants(t, "a source that is not there", err, fault.CodeSourceNotFound)
	source := h.sso()
	if led, err := h.LeadDomain(ctx, console, h.org.ID, "partner.example", source.ID); err != nil || led.SourceID != source.ID {
		t.Errorf("got %+v, %v", led, err)
	}
	h.texts = func(context.Context, string) ([]string, error) {
		return nil, fault.New(fault.Unavailable, fault.CodeEgressTimeout)
	}
	_, err = h.ProveDomain(ctx, console, h.org.ID, "partner.example")
	wants(t, "the resolver fails", err, fault.CodeEgressTimeout)
}

// OrgID, A.2: the organisation's own domain and two more, unless its provider
// allows another number. What is there stays when there may be less.
func TestDomainsAreFew(t *testing.T) {
	h := sqliteHouse(t)
	ctx := t.Context()
	more := func(name string, want fault.Code) {
		t.Helper()
		_, err := h.AddDomain(ctx, console, h.org.ID, name)
		wants(t, name, err, want)
	}
	h.edit(func(o *identity.Organization) { o.Domain = "Own.example" })
	for _, name := range []string{"own.example", "a.example", "b.example"} {
		more(name, "")
	}
	more("c.example", fault.CodeDomainLimit)
	more("a.example", "") // it is there already
	h.edit(func(o *identity.Organization) { o.Domain = "" })
	more("c.example", fault.CodeDomainLimit)
	h.edit(func(o *identity.Organization) { o.Limits.Domains = identity.MaxDomains })
	for i := range identity.MaxDomains - 3 {
		more(fmt.Sprintf("d%d.example", i), "")
	}
	more("one-more.example", fault.CodeDomainLimit)
	h.edit(func(o *identity.Organization) { o.Limits.Domains = 1 })
	if all, err := h.Domains(ctx, console, h.org.ID); err != nil || len(all) != identity.MaxDomains {
		t.Errorf("got %d, %v", len(all), err)
	}
	_, err := h.ChangeOrganization(ctx, console, h.org.ID, 0, OrganizationChange{Limits: &identity.Limits{Domains: identity.MaxDomains + 1}})
	wants(t, "a limit too large", err, fault.CodeFieldRange)
}

func TestDomainIsProvenByAnExchange(t *testing.T) {
	both(t, func(t *testing.T, h *house, _ func() *Directory) {
		claimed := h.claims("partner.example")
		var found []string
		h.exchanges = func(_ context.Context, name string) ([]string, error) {
			if name != "partner.example" {
				t.Errorf("asked for %s", name)
			}
			return found, nil
		}
		for _, found = range [][]string{nil, {"mx.partner.example."}, {"x" + claimed.Exchange()}, {claimed.Record()}} {
			_, err := h.ProveDomain(t.Context(), console, h.org.ID, claimed.Name)
			wants(t, fmt.Sprint(found), err, fault.CodeDomainUnproven)
			if f := fault.Of(err); f.Params["exchange"] != claimed.Exchange() || f.Params["record"] != claimed.Record() {
				t.Errorf("the refusal tells %v", f.Params)
			}
		}
		found = []string{"mx.partner.example.", strings.ToUpper(claimed.Exchange()) + "."}
		if proven, err := h.ProveDomain(t.Context(), console, h.org.ID, claimed.Name); err != nil || !proven.Proven() {
			t.Errorf("got %+v, %v", proven, err)
		}
	})
}
