package store

import (
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Domains is the table of mail domains that organisations say are theirs.
type Domains struct{ c *conn }

const domainColumns = `organization_id, name, source_id, token, proven_at, created_at, frozen_at`

func scanDomain(scan func(...any) error) (d identity.Domain, err error) {
	var source *identity.SourceID
	var proven, created, frozen int64
	err = scan(&d.OrganizationID, &d.Name, &source, &d.Token, &proven, &created, &frozen)
	if source != nil {
		d.SourceID = *source
	}
	d.ProvenAt, d.CreatedAt, d.FrozenAt = at(proven), at(created), at(frozen)
	return d, err
}

var errNoDomain = fault.New(fault.NotFound, fault.CodeDomainNotFound)

// Get returns a domain of an organisation, proven or not, or NotFound.
func (t Domains) Get(org identity.OrganizationID, name string) (identity.Domain, error) {
	return found(t.c, errNoDomain, scanDomain, `SELECT `+domainColumns+` FROM domains WHERE organization_id = $1 AND name = $2`, org, name)
}

// List returns the domains of an organisation by name.
func (t Domains) List(org identity.OrganizationID) ([]identity.Domain, error) {
	return list(t.c, scanDomain, `SELECT `+domainColumns+` FROM domains WHERE organization_id = $1 ORDER BY name`, org)
}

// Put stores a domain in place of what was stored of it. One that another
// organisation proved cannot be proven again: Conflict (domain_taken).
func (t Domains) Put(d identity.Domain) error {
	if d.Proven() {
		holder, err := Lookup(t).ProvenDomain(d.Name)
		switch {
		case err == nil && holder.OrganizationID != d.OrganizationID:
			return errDomainHeld
		case err != nil && fault.KindOf(err) != fault.NotFound:
			return err
		}
	}
	_, err := t.c.exec(`INSERT INTO domains (organization_id, name, source_id, token, proven_at, created_at, frozen_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (organization_id, name) DO UPDATE SET source_id = excluded.source_id, token = excluded.token, proven_at = excluded.proven_at,
		frozen_at = excluded.frozen_at`,
		d.OrganizationID, d.Name, nullable(string(d.SourceID)), d.Token, ms(d.ProvenAt), ms(d.CreatedAt), ms(d.FrozenAt))
	if isUnique(err, "domains_proven") {
		return errDomainHeld.Because(err)
	}
	return err
}

// EndedTrials returns up to limit domains, of whatever organisation, that were added
// before an instant, are not proven and are not noted as frozen, oldest first.
func (t Lookup) EndedTrials(before time.Time, limit int) ([]identity.Domain, error) {
	return list(t.c, scanDomain, `SELECT `+domainColumns+` FROM domains WHERE proven_at = 0 AND frozen_at = 0 AND created_at <= $1
		ORDER BY created_at, organization_id, name LIMIT $2`, ms(before), limit)
}

// Remove forgets a domain of an organisation, or is NotFound.
func (t Domains) Remove(org identity.OrganizationID, name string) error {
	n, err := t.c.exec(`DELETE FROM domains WHERE organization_id = $1 AND name = $2`, org, name)
	if err == nil && n == 0 {
		return errNoDomain
	}
	return err
}

var errDomainHeld = fault.New(fault.Conflict, fault.CodeDomainTaken).At("domain")

// ProvenDomain returns the organisation's domain of this name that was proven,
// whoever's it is, or NotFound.
func (t Lookup) ProvenDomain(name string) (identity.Domain, error) {
	return found(t.c, errNoDomain, scanDomain, `SELECT `+domainColumns+` FROM domains WHERE name = $1 AND proven_at > 0`, name)
}
