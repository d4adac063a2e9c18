package store_test

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
	"github.com/orgate/orgate/internal/store/storetest"
)

// sso is an organisation's source of enterprise SSO as tests add it.
func (w town) sso(o identity.Organization, domain string) identity.Source {
	return identity.Source{
		ID: identity.SSOSourceID(o.ID), OrganizationID: o.ID, Kind: identity.SourceOAuth2, Name: "SSO", Enabled: true,
		Domain: domain, Settings: []byte(`{"client_secret":"hush-hush"}`), Version: 1, CreatedAt: w.now, UpdatedAt: w.now,
	}
}

func (w town) source(o identity.Organization, domain string) identity.Source {
	w.t.Helper()
	s := w.sso(o, domain)
	w.update(func(tx *store.Tx) error { return tx.Sources.Add(s) })
	return s
}

// sources compares what each way of reading finds.
func (w town) sources(want identity.Source) {
	w.t.Helper()
	w.update(func(tx *store.Tx) error {
		for name, read := range map[string]func() (identity.Source, error){
			"get":         func() (identity.Source, error) { return tx.Sources.Get(want.OrganizationID, want.ID) },
			"SSO":         func() (identity.Source, error) { return tx.Sources.SSO(want.OrganizationID) },
			"by name":     func() (identity.Source, error) { return tx.Sources.ByName(want.OrganizationID, want.Name) },
			"whoever's":   func() (identity.Source, error) { return tx.Lookup.Source(want.ID) },
			"by domain":   func() (identity.Source, error) { return tx.Lookup.SourceByDomain(want.Domain) },
			"in the list": func() (identity.Source, error) { return first(tx.Sources.List(want.OrganizationID)) },
		} {
			if got, err := read(); err != nil || !reflect.DeepEqual(got, want) {
				w.t.Errorf("%s: got %#v, %v, want %#v", name, got, err, want)
			}
		}
		return nil
	})
}

// first is the only element of a list.
func first[T any](all []T, err error) (one T, _ error) {
	if err == nil && len(all) != 1 {
		err = fmt.Errorf("got %d, want 1", len(all))
	}
	if err != nil {
		return one, err
	}
	return all[0], nil
}

func TestSourceKeepsEveryField(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		want := w.source(o, "acme.example")
		w.sources(want)
		want.Name, want.Enabled, want.Domain, want.Settings = "中心", false, "acme", []byte("{}")
		want.IconDigest, want.UpdatedAt = "abc", w.now.Add(time.Hour)
		want.Rules = identity.SourceRules{
			Ours: identity.MatchEmail, Theirs: "mail", Strategy: identity.BindOnly, Trusted: []identity.MatchAttribute{identity.MatchEmail},
			Mappings: []identity.Mapping{{Ours: "name", Theirs: "cn"}, {Ours: "attributes.from", Fixed: "Nova"}},
		}
		w.update(func(tx *store.Tx) error { return tx.Sources.Put(want) })
		want.Version = 2
		w.sources(want)
	})
}

func TestSourceSettingsAreSealed(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		a, _ := w.organization("acme")
		b, _ := w.organization("nova")
		w.source(a, "acme.example")
		w.source(b, "nova.example")
		w.update(func(tx *store.Tx) error {
			var stored []byte
			if err := store.Scan(tx, &stored, `SELECT settings FROM sources WHERE organization_id = $1`, a.ID); err != nil {
				return err
			}
			if bytes.Contains(stored, []byte("hush")) {
				t.Error("the secret lies open")
			}
			// A value moved into another row opens nowhere.
			_, err := store.Exec(tx, `UPDATE sources SET settings = $1 WHERE organization_id = $2`, stored, b.ID)
			return err
		})
		w.refused(fault.CodeInternal, func(tx *store.Tx) error { _, err := tx.Sources.SSO(b.ID); return err })
	})
}

func TestSourceRefusals(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		acme, _ := w.organization("acme")
		nova, _ := w.organization("nova")
		mine, theirs := w.source(acme, "acme.example"), w.sso(nova, "acme.example")
		tests := []struct {
			name string
			want fault.Code
			act  func(tx *store.Tx) error
		}{
			{"another's domain", fault.CodeSSODomainTaken, func(tx *store.Tx) error { return tx.Sources.Add(theirs) }},
			{"another's domain, later", fault.CodeSSODomainTaken, func(tx *store.Tx) error {
				late := theirs
				late.Domain = ""
				if err := tx.Sources.Add(late); err != nil {
					return err
				}
				return tx.Sources.Put(theirs)
			}},
			{"the same again", fault.CodeSourceExists, func(tx *store.Tx) error { return tx.Sources.Add(mine) }},
			{"a name in use", fault.CodeSourceExists, func(tx *store.Tx) error {
				other := mine
				other.ID, other.Domain, other.Name = identity.NewSourceID(w.now), "", "sso"
				return tx.Sources.Add(other)
			}},
			{"an old version", fault.CodeStale, func(tx *store.Tx) error {
				late := mine
				late.Version = 7
				return tx.Sources.Put(late)
			}},
			{"of another organisation", fault.CodeSourceNotFound, func(tx *store.Tx) error {
				_, err := tx.Sources.Get(nova.ID, mine.ID)
				return err
			}},
			{"removed by another organisation", fault.CodeSourceNotFound, func(tx *store.Tx) error {
				return tx.Sources.Remove(nova.ID, mine.ID)
			}},
			{"none yet", fault.CodeSourceNotFound, func(tx *store.Tx) error { _, err := tx.Sources.SSO(nova.ID); return err }},
			{"no domain leads nowhere", fault.CodeSourceNotFound, func(tx *store.Tx) error {
				_, err := tx.Lookup.SourceByDomain("")
				return err
			}},
			{"a domain is compared as it is", fault.CodeSourceNotFound, func(tx *store.Tx) error {
				_, err := tx.Lookup.SourceByDomain("Acme.example")
				return err
			}},
		}
		for _, tt := range tests {
			t.Run(tt.name, func(t *testing.T) { w.refused(tt.want, tt.act) })
		}
	})
}

// A domain leads to one source however many want it at once.
func TestOneOfManyGetsTheDomain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		const many = 8
		var all []identity.Source
		for i := range many {
			o, _ := w.organization(fmt.Sprint("o", i))
			all = append(all, w.source(o, ""))
		}
		errs := make(chan error, many)
		var work sync.WaitGroup
		for _, s := range all {
			s.Domain = "acme.example"
			work.Go(func() {
				errs <- w.db.Update(t.Context(), func(tx *store.Tx) error { return tx.Sources.Put(s) })
			})
		}
		work.Wait()
		close(errs)
		got := map[string]int{}
		for err := range errs {
			var f *fault.Error
			_ = errors.As(err, &f)
			if f == nil {
				got["kept"]++
			} else {
				got[string(f.Code)+" at "+f.Field]++
			}
		}
		if got["kept"] != 1 || got["sso_domain_taken at domain"] != many-1 {
			t.Errorf("got %v", got)
		}
	})
}

func TestOrganizationsByDomain(t *testing.T) {
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) *store.DB) {
		w := newTown(t, open)
		o, _ := w.organization("acme")
		w.update(func(tx *store.Tx) error {
			got, err := first(tx.Lookup.OrganizationsByDomain("acme.example"))
			if err != nil || got.ID != o.ID {
				t.Errorf("got %s, %v, want %s", got.ID, err, o.ID)
			}
			none, err := tx.Lookup.OrganizationsByDomain("acme")
			if len(none) != 0 {
				t.Errorf("got %v", none)
			}
			return err
		})
	})
}
