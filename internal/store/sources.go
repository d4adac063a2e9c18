package store

import (
	"encoding/json"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Sources is the table of authentication sources. Their settings are sealed.
type Sources struct{ c *conn }

const sourceColumns = `id, organization_id, kind, name, enabled, domain, settings, rules, icon_digest, version, created_at, updated_at`

func (c *conn) scanSource(scan func(...any) error) (s identity.Source, err error) {
	var domain *string
	var settings []byte
	var rules string
	var created, updated int64
	if err = scan(&s.ID, &s.OrganizationID, &s.Kind, &s.Name, &s.Enabled, &domain, &settings, &rules, &s.IconDigest, &s.Version, &created, &updated); err != nil {
		return s, err
	}
	if domain != nil {
		s.Domain = *domain
	}
	s.CreatedAt, s.UpdatedAt = at(created), at(updated)
	if err = json.Unmarshal([]byte(rules), &s.Rules); err != nil {
		return s, err
	}
	s.Settings, err = c.open(settings, "sources.settings:"+string(s.ID))
	return s, err
}

var errNoSource = fault.New(fault.NotFound, fault.CodeSourceNotFound)

// Get returns a source of an organisation, or NotFound.
func (t Sources) Get(org identity.OrganizationID, id identity.SourceID) (identity.Source, error) {
	return found(t.c, errNoSource, t.c.scanSource,
		`SELECT `+sourceColumns+` FROM sources WHERE organization_id = $1 AND id = $2`, org, id)
}

// SSO returns the organisation's source of enterprise SSO, or NotFound while
// none was saved.
func (t Sources) SSO(org identity.OrganizationID) (identity.Source, error) {
	return t.Get(org, identity.SSOSourceID(org))
}

// ByName returns the source that an organisation calls by a name, compared
// folded, or NotFound.
func (t Sources) ByName(org identity.OrganizationID, name string) (identity.Source, error) {
	return found(t.c, errNoSource, t.c.scanSource,
		`SELECT `+sourceColumns+` FROM sources WHERE organization_id = $1 AND name_key = $2`, org, identity.Fold(name))
}

// List returns the sources of an organisation, oldest first.
func (t Sources) List(org identity.OrganizationID) ([]identity.Source, error) {
	return list(t.c, t.c.scanSource,
		`SELECT `+sourceColumns+` FROM sources WHERE organization_id = $1 ORDER BY created_at, id`, org)
}

// Add adds a source with version 1. A domain that leads to another source is a
// Conflict (sso_domain_taken), a name that the organisation uses already, or a
// source that was added meanwhile, another (source_exists).
func (t Sources) Add(s identity.Source) error {
	if err := t.freeDomain(s); err != nil {
		return err
	}
	rules, err := json.Marshal(s.Rules)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO sources (id, organization_id, kind, name, name_key, enabled, domain, settings, rules,
		icon_digest, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12)
		ON CONFLICT DO NOTHING`,
		s.ID, s.OrganizationID, s.Kind, s.Name, identity.Fold(s.Name), s.Enabled, nullable(s.Domain), t.seal(s), string(rules),
		s.IconDigest, ms(s.CreatedAt), ms(s.UpdatedAt))
	if err == nil && n == 0 {
		// Where another transaction was faster its row is seen only now.
		if err := t.freeDomain(s); err != nil {
			return err
		}
		return errSourceName
	}
	return t.c.changed(n, err, TopicSource, string(s.ID))
}

// Put stores an edited source if it still has the version that was read, else
// Stale. Its organisation and kind never change. The conflicts are Add's.
func (t Sources) Put(s identity.Source) error {
	if err := t.freeDomain(s); err != nil {
		return err
	}
	rules, err := json.Marshal(s.Rules)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE sources SET name = $4, name_key = $5, enabled = $6, domain = $7, settings = $8, rules = $9,
		icon_digest = $10, version = version + 1, updated_at = $11 WHERE organization_id = $1 AND id = $2 AND version = $3`,
		s.OrganizationID, s.ID, s.Version, s.Name, identity.Fold(s.Name), s.Enabled, nullable(s.Domain), t.seal(s), string(rules),
		s.IconDigest, ms(s.UpdatedAt))
	switch {
	case isUnique(err, "sources_domain"):
		return errDomainTaken.Because(err)
	case isUnique(err, "sources_name"):
		return errSourceName.Because(err)
	}
	return t.c.changed(n, err, TopicSource, string(s.ID))
}

// Remove removes a source with the links of the people who came through it, and
// from the lists of applications; whoever asks for it looks there beforehand.
func (t Sources) Remove(org identity.OrganizationID, id identity.SourceID) error {
	n, err := t.c.exec(`DELETE FROM sources WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoSource
	}
	return t.c.changed(n, err, TopicSource, string(id))
}

var (
	errDomainTaken = fault.New(fault.Conflict, fault.CodeSSODomainTaken).At("domain")
	errSourceName  = fault.New(fault.Conflict, fault.CodeSourceExists).At("name")
)

// freeDomain refuses a domain that leads to another source of whatever
// organisation.
func (t Sources) freeDomain(s identity.Source) error {
	if s.Domain == "" {
		return nil
	}
	var n int
	err := t.c.row(`SELECT count(*) FROM sources WHERE domain = $1 AND id <> $2`, s.Domain, s.ID).scan(&n)
	if err == nil && n > 0 {
		err = errDomainTaken
	}
	return err
}

func (t Sources) seal(s identity.Source) []byte {
	return t.c.box().Seal(s.Settings, "sources.settings:"+string(s.ID))
}

// Source returns a source whoever owns it, or NotFound.
func (t Lookup) Source(id identity.SourceID) (identity.Source, error) {
	return found(t.c, errNoSource, t.c.scanSource, `SELECT `+sourceColumns+` FROM sources WHERE id = $1`, id)
}

// SourceByDomain returns the source that a normalised domain leads to, whether
// it is enabled or not, or NotFound.
func (t Lookup) SourceByDomain(domain string) (identity.Source, error) {
	return found(t.c, errNoSource, t.c.scanSource, `SELECT `+sourceColumns+` FROM sources WHERE domain = $1`, domain)
}

// OrganizationsByDomain returns the organisations whose accounts end in a
// domain, written in lower case.
func (t Lookup) OrganizationsByDomain(domain string) ([]identity.Organization, error) {
	return list(t.c, scanOrganization, `SELECT `+organizationColumns+` FROM organizations WHERE domain = $1 ORDER BY id`, domain)
}
