package directory

import (
	"context"
	"crypto/rand"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// AddDomain notes a mail domain that an organisation says is theirs, and the
// records by which they can prove it; nobody is led anywhere by it before, but
// accounts may be made under it for the time of a trial. A domain that is noted
// already is returned as it is, so that its records and its trial stay what they
// were. The organisation's own domain counts among those it may have. Faults:
// field_format, domain_limit.
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
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		if most := o.Limits.MostDomains(); o.Domains(all, name) > most {
			return fault.New(fault.Conflict, fault.CodeDomainLimit).With("max", most)
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

// ProveDomain looks for one of the records of a domain that was added, a text or
// a mail server. Found, the domain is the organisation's, frozen or not. Faults:
// domain_not_found, domain_unproven with the records that were looked for,
// domain_taken, and those of the resolver.
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
	if err := d.findRecord(ctx, domain); err != nil {
		return domain, err
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if err := read(tx); err != nil {
			return err
		}
		domain.ProvenAt, domain.FrozenAt = tx.Now(), time.Time{}
		if err := tx.Domains.Put(domain); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.DomainProven, audit.About{Organization: org, Target: domain.Name})
	})
	return domain, err
}

// findRecord looks for a record that proves a domain: a text, else a mail
// server.
func (d *Directory) findRecord(ctx context.Context, domain identity.Domain) error {
	texts, err := d.texts(ctx, domain.Name)
	if err != nil || domain.ProvenBy(texts, nil) {
		return err
	}
	exchanges, err := d.exchanges(ctx, domain.Name)
	if err != nil || domain.ProvenBy(nil, exchanges) {
		return err
	}
	return fault.New(fault.Conflict, fault.CodeDomainUnproven).At("domain").
		With("domain", domain.Name).With("record", domain.Record()).With("exchange", domain.Exchange())
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
