package source

import (
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// listed adds a source to the organisation of the house.
func (h *house) listed(name string, enabled bool) identity.Source {
	h.t.Helper()
	s := identity.Source{
		ID: identity.NewSourceID(h.clock.Now()), OrganizationID: h.org.ID, Kind: identity.SourceCAS, Name: name, Enabled: enabled,
		Settings: []byte("{}"), CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	h.update(func(tx *store.Tx) error { return tx.Sources.Add(s) })
	return s
}

// leads makes a source the default of the organisation, whose accounts end in
// home.example.
func (h *house) leads(id identity.SourceID) {
	h.t.Helper()
	h.update(func(tx *store.Tx) error {
		org, err := tx.Organizations.Get(h.org.ID)
		if err != nil {
			return err
		}
		org.Domain, org.Rules.DefaultSource = "home.example", id
		return tx.Organizations.Put(org)
	})
}

// least is how many statements something runs, the least of three times: the
// change feed opens a transaction now and then.
func (h *house) least(do func()) (n int64) {
	h.t.Helper()
	for i := range 3 {
		before := h.count.Load()
		do()
		if ran := h.count.Load() - before; i == 0 || ran < n {
			n = ran
		}
	}
	return n
}

// A domain that nobody has and one that leads nowhere are one answer for the
// same statements: four reads, and what begins and ends their transaction.
func TestHomesLookAlike(t *testing.T) {
	type row struct {
		domain string
		set    func(h *house) identity.SourceID // the source to which it leads, "" for none
	}
	proven := func(h *house, d identity.Domain) {
		d.OrganizationID, d.ProvenAt, d.CreatedAt = h.org.ID, h.clock.Now(), h.clock.Now()
		h.update(func(tx *store.Tx) error { return tx.Domains.Put(d) })
	}
	for name, row := range map[string]row{
		"default": {"home.example", func(h *house) identity.SourceID { s := h.listed("a", true); h.leads(s.ID); return s.ID }},
		"of a proven domain": {"proven.example", func(h *house) identity.SourceID {
			s := h.listed("a", true)
			h.leads(s.ID)
			proven(h, identity.Domain{Name: "proven.example"})
			return s.ID
		}},
		"the domain's own": {"proven.example", func(h *house) identity.SourceID {
			s := h.listed("a", true)
			h.leads(h.listed("b", true).ID)
			proven(h, identity.Domain{Name: "proven.example", SourceID: s.ID})
			return s.ID
		}},
		"unknown":  {"unknown.example", func(h *house) identity.SourceID { h.leads(h.listed("a", true).ID); return "" }},
		"empty":    {"", func(h *house) identity.SourceID { h.leads(h.listed("a", true).ID); return "" }},
		"without":  {"home.example", func(h *house) identity.SourceID { h.leads(""); return "" }},
		"disabled": {"home.example", func(h *house) identity.SourceID { h.leads(h.listed("a", false).ID); return "" }},
		"frozen":   {"home.example", func(h *house) identity.SourceID { h.leads(h.listed("a", true).ID); h.freeze(); return "" }},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t, houseOptions{})
			want := row.set(h)
			var got Offered
			var err error
			n := h.least(func() { got, err = h.Home(t.Context(), row.domain) })
			if got.ID != want || (err == nil) != (want != "") || err != nil && !fault.Is(err, fault.CodeSSOUnknown) || n != 6 {
				t.Errorf("got %s, %v with %d statements, want %q with 6", got.ID, err, n, want)
			}
		})
	}
}

// What is offered is what an application lists and is enabled, in its order;
// what may begin is that, and where the organisation leads people.
func TestOffers(t *testing.T) {
	h := newHouse(t, houseOptions{})
	a, b, off := h.listed("a", true), h.listed("b", true), h.listed("off", false)
	app := identity.Application{
		ID: identity.NewApplicationID(h.clock.Now()), OrganizationID: h.org.ID, ClientID: "wiki", Name: "Wiki", Protocol: identity.ProtocolOIDC,
		Status: identity.ApplicationActive, OAuth: &identity.OAuthSettings{}, Sources: []identity.SourceID{off.ID, b.ID}, Generation: 1,
		CreatedAt: h.clock.Now(), UpdatedAt: h.clock.Now(),
	}
	h.update(func(tx *store.Tx) error { return tx.Applications.Insert(app) })
	offers, err := h.Offers(t.Context(), h.org.ID, app.ID)
	if err != nil || len(offers) != 1 || offers[0].ID != b.ID || offers[0].Name != "b" {
		t.Errorf("offers %+v, %v", offers, err)
	}
	may := func(id identity.SourceID, app identity.ApplicationID) bool {
		t.Helper()
		found, err := h.ByID(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		ok, err := h.MayBegin(t.Context(), found, app)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	}
	if !may(b.ID, app.ID) || may(a.ID, app.ID) || may(b.ID, "") {
		t.Error("what the application lists may begin there alone")
	}
	h.leads(a.ID)
	if !may(a.ID, app.ID) || !may(a.ID, "") {
		t.Error("the default may begin anywhere in the organisation")
	}
}
