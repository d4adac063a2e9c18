package store

import "github.com/orgate/orgate/internal/identity"

// SetSources stores by which sources people may sign in to an application, in
// the order in which they are offered, in place of those before. They are of
// the application's own organisation, each once.
func (t Applications) SetSources(id identity.ApplicationID, sources []identity.SourceID) error {
	if _, err := t.c.exec(`DELETE FROM application_sources WHERE application_id = $1`, id); err != nil {
		return err
	}
	for i, source := range sources {
		_, err := t.c.exec(`INSERT INTO application_sources (application_id, source_id, position) VALUES ($1, $2, $3)`, id, source, i)
		if err != nil {
			return err
		}
	}
	return nil
}

// OfApplication returns the sources of an application, enabled or not, in the
// order in which they are offered.
func (t Sources) OfApplication(org identity.OrganizationID, id identity.ApplicationID) ([]identity.Source, error) {
	return list(t.c, t.c.scanSource, `SELECT `+sourceColumns+` FROM sources WHERE organization_id = $1 AND id IN
		(SELECT source_id FROM application_sources WHERE application_id = $2)
		ORDER BY (SELECT position FROM application_sources WHERE application_id = $2 AND source_id = sources.id)`, org, id)
}

// UsedBy returns the client ids of the applications in whose lists a source is.
func (t Sources) UsedBy(id identity.SourceID) ([]string, error) {
	return list(t.c, func(scan func(...any) error) (name string, err error) {
		err = scan(&name)
		return name, err
	}, `SELECT a.client_id FROM application_sources s JOIN applications a ON a.id = s.application_id
		WHERE s.source_id = $1 AND a.tried_by = '' ORDER BY a.client_id`, id)
}
