package application

import (
	"slices"
	"testing"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// source adds a source of the organisation.
func (r *registry) source(name string, kind identity.SourceKind) identity.SourceID {
	r.t.Helper()
	s := identity.Source{
		ID: identity.NewSourceID(r.clock.Now()), OrganizationID: acme, Kind: kind, Name: name, Settings: []byte("{}"),
		CreatedAt: r.clock.Now(), UpdatedAt: r.clock.Now(),
	}
	r.update(func(tx *store.Tx) error { return tx.Sources.Add(s) })
	return s.ID
}

// OrgID, B.5.4: an application offers sources of its organisation, of one kind
// three at most, in an order.
func TestLoginConfiguration(t *testing.T) {
	r := openRegistry(t)
	var ids []identity.SourceID
	for _, name := range []string{"a", "b", "c", "d"} {
		ids = append(ids, r.source(name, identity.SourceOIDC))
	}
	cas := r.source("cas", identity.SourceCAS)
	app, _, err := r.AddApplication(t.Context(), console, acme, NewApplication{
		ClientID: "wiki", Protocol: identity.ProtocolOIDC,
		Settings: ApplicationChange{Name: new("Wiki"), HomeURLs: &[]string{"https://w.example/"}, Sources: &[]identity.SourceID{cas, ids[1]}},
	})
	if err != nil || !slices.Equal(app.Sources, []identity.SourceID{cas, ids[1]}) {
		t.Fatalf("added with %v, %v", app.Sources, err)
	}
	set := r.offers
	for what, row := range map[string]struct {
		list []identity.SourceID
		code fault.Code
	}{
		"four of a kind":    {ids, fault.CodeSourceKindLimit},
		"one of them twice": {[]identity.SourceID{cas, ids[0], cas}, fault.CodeListTwice},
		"enterprise SSO":    {[]identity.SourceID{identity.SSOSourceID(acme)}, fault.CodeApplicationTarget},
		"one of nobody":     {[]identity.SourceID{"src_none"}, fault.CodeApplicationTarget},
	} {
		if err := set(row.list...); !fault.Is(err, row.code) || fault.Of(err).Field != "sources" {
			t.Errorf("%s: got %v", what, err)
		}
	}
}

// offers gives the wiki a list of sources.
func (r *registry) offers(list ...identity.SourceID) error {
	r.t.Helper()
	_, err := r.ChangeApplication(r.t.Context(), console, acme, "wiki", 0, ApplicationChange{Sources: &list})
	return err
}

func TestListsOfSourcesAreKept(t *testing.T) {
	r := openRegistry(t)
	r.wiki()
	one, two := r.source("one", identity.SourceOIDC), r.source("two", identity.SourceCAS)
	want := []identity.SourceID{two, one}
	if err := r.offers(want...); err != nil {
		t.Fatal(err)
	}
	page, err := r.Applications.Applications(t.Context(), console, acme, Query{})
	if err != nil || len(page) != 1 || !slices.Equal(page[0].Sources, want) {
		t.Errorf("listed with %v, %v", page, err)
	}
	if found, err := r.Find(t.Context(), "wiki"); err != nil || !slices.Equal(found.Sources, want) {
		t.Errorf("found with %v, %v", found.Sources, err)
	}
	version := page[0].Version
	if err := r.offers(want...); err != nil {
		t.Fatal(err)
	}
	if app, _ := r.Application(t.Context(), console, acme, "wiki"); app.Version != version {
		t.Error("the same list is another version")
	}
	if err := r.offers(); err != nil {
		t.Fatal(err)
	}
	if app, err := r.Application(t.Context(), console, acme, "wiki"); err != nil || len(app.Sources) != 0 {
		t.Errorf("emptied: %v, %v", app.Sources, err)
	}
}
