package directory

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// maxDomains is how many domains an organisation may have.
const maxDomains = 100

// AddDomain notes a mail domain that an organisation says is theirs, and the
// record by which they can prove it; nobody is led anywhere by it before. A
// domain that is noted already is returned as it is, so that its record stays
// what it was. Faults: field_format, domain_limit.
func (d *Directory) AddDomain(ctx context.Context, actor identity.Actor, org identity.OrganizationID, name string) (domain identity.Domain, err error) {
	if err := access.Allow(actor, access.FillSource, org); err != nil {
		return domain, err
	}
	if name, err = identity.DomainName(name); err != nil {
		return domain, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		tx.NoEvent("nothing follows from a domain that is not proven")
		all, err := tx.Domains.List(org)
		if err != nil {
			return err
		}
		if at := slices.IndexFunc(all, func(d identity.Domain) bool { return d.Name == name }); at >= 0 {
			domain = all[at]
			return nil
		}
		if len(all) >= maxDomains {
			return fault.New(fault.Conflict, fault.CodeDomainLimit).With("max", maxDomains)
		}
		domain = identity.Domain{OrganizationID: org, Name: name, Token: rand.Text(), CreatedAt: tx.Now()}
		return tx.Domains.Put(domain)
	})
	return domain, err
}

// Domains returns the domains of an organisation by name.
func (d *Directory) Domains(ctx context.Context, actor identity.Actor, org identity.OrganizationID) (all []identity.Domain, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		if _, err := tx.Organizations.Get(org); err != nil {
			return err
		}
		all, err = tx.Domains.List(org)
		return err
	})
	return all, err
}

// ProveDomain looks for the record of a domain that was added. Found, the
// domain is the organisation's. Faults: domain_not_found, domain_unproven with
// the record that was looked for, domain_taken, and those of the resolver.
func (d *Directory) ProveDomain(ctx context.Context, actor identity.Actor, org identity.OrganizationID, name string) (domain identity.Domain, err error) {
	if err := access.Allow(actor, access.FillSource, org); err != nil {
		return domain, err
	}
	read := func(tx *store.Tx) error {
		domain, err = tx.Domains.Get(org, strings.ToLower(name))
		return err
	}
	if err := d.db.View(ctx, read); err != nil || domain.Proven() {
		return domain, err
	}
	texts, err := d.texts(ctx, domain.Name)
	if err != nil {
		return domain, err
	}
	if !slices.Contains(texts, domain.Record()) {
		return domain, fault.New(fault.Conflict, fault.CodeDomainUnproven).At("domain").With("domain", domain.Name).With("record", domain.Record())
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if err := read(tx); err != nil {
			return err
		}
		domain.ProvenAt = tx.Now()
		if err := tx.Domains.Put(domain); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.DomainProven, audit.About{Organization: org, Target: domain.Name})
	})
	return domain, err
}

// LeadDomain says by which source the people of a proven domain sign in, "" for
// the organisation's default source. Faults: domain_not_found,
// source_not_found.
func (d *Directory) LeadDomain(ctx context.Context, actor identity.Actor, org identity.OrganizationID, name string, source identity.SourceID) (domain identity.Domain, err error) {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return domain, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		domain, err = tx.Domains.Get(org, strings.ToLower(name))
		if err != nil {
			return err
		}
		if source != "" {
			if _, err := tx.Sources.Get(org, source); err != nil {
				return err
			}
		}
		domain.SourceID = source
		if err := tx.Domains.Put(domain); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.DomainLed, audit.About{
			Organization: org, Target: domain.Name, Details: map[string]string{"source": string(source)},
		})
	})
	return domain, err
}

// RemoveDomain forgets a domain, proven or not.
func (d *Directory) RemoveDomain(ctx context.Context, actor identity.Actor, org identity.OrganizationID, name string) error {
	if err := access.Allow(actor, access.ManageOrganization, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		if err := tx.Domains.Remove(org, strings.ToLower(name)); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.DomainRemoved, audit.About{Organization: org, Target: strings.ToLower(name)})
	})
}
