package store

import (
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Applications is the table of those who rely on us, with who may enter them
// and their icons.
type Applications struct{ c *conn }

const applicationColumns = `a.id, a.organization_id, a.client_id, a.name, a.description, a.protocol, a.status, a.responsible_id,
	a.everyone, a.consent, a.settings, a.icon_digest, a.generation, a.version, a.created_at, a.updated_at, a.tried_by`

// scanApplication reads one row of applicationColumns: everything but who is
// named in Access.
func scanApplication(scan func(...any) error) (a identity.Application, err error) {
	var settings string
	var created, updated int64
	if err = scan(&a.ID, &a.OrganizationID, &a.ClientID, &a.Name, &a.Description, &a.Protocol, &a.Status, &a.Responsible,
		&a.Access.Everyone, &a.Consent, &settings, &a.IconDigest, &a.Generation, &a.Version, &created, &updated, &a.TriedBy); err != nil {
		return a, err
	}
	a.CreatedAt, a.UpdatedAt = at(created), at(updated)
	return a, readApplicationSettings(settings, &a)
}

var errNoApplication = fault.New(fault.NotFound, fault.CodeApplicationNotFound)

// Get returns an application of an organisation, or NotFound; one that stands in
// for a tried one too.
func (t Applications) Get(org identity.OrganizationID, id identity.ApplicationID) (identity.Application, error) {
	return t.c.applicationWithAccess(`a.organization_id = $1 AND a.id = $2`, org, id)
}

// ByClientID returns the application of an organisation that calls itself by a
// name, compared byte by byte, or NotFound.
func (t Applications) ByClientID(org identity.OrganizationID, clientID string) (identity.Application, error) {
	return t.c.applicationWithAccess(`a.organization_id = $1 AND a.client_id = $2 AND a.tried_by = ''`, org, clientID)
}

// Application returns an application whoever owns it, or NotFound.
func (t Lookup) Application(id identity.ApplicationID) (identity.Application, error) {
	return t.c.applicationWithAccess(`a.id = $1`, id)
}

// ApplicationByClientID returns the application that calls itself by a name,
// compared byte by byte, or NotFound; one that stands in for a tried one too.
func (t Lookup) ApplicationByClientID(clientID string) (identity.Application, error) {
	return t.c.applicationWithAccess(`a.client_id = $1`, clientID)
}

func (c *conn) applicationWithAccess(where string, args ...any) (identity.Application, error) {
	a, err := found(c, errNoApplication, scanApplication, `SELECT `+applicationColumns+` FROM applications a WHERE `+where, args...)
	if err != nil {
		return a, err
	}
	return a, c.targets(a.ID, &a)
}

// targets reads whom an application names, and its sources in their order.
func (c *conn) targets(id identity.ApplicationID, into *identity.Application) error {
	return c.each(`SELECT kind, target_id, 0 FROM application_access WHERE application_id = $1
		UNION ALL SELECT 'source', source_id, position FROM application_sources WHERE application_id = $1 ORDER BY 1, 3, 2`,
		[]any{id}, func(scan func(...any) error) error { return scanTarget(scan, into) })
}

// Responsible returns the member who is responsible for an application, the
// zero member for nobody and for one who has left.
func (t Members) Responsible(a identity.Application) (identity.Member, error) {
	if a.Responsible == "" {
		return identity.Member{}, nil
	}
	p, err := t.Get(a.OrganizationID, a.Responsible)
	if fault.KindOf(err) == fault.NotFound {
		return identity.Member{}, nil
	}
	return p.Member, err
}

// ApplicationQuery narrows a list of applications. Empty fields do not narrow.
type ApplicationQuery struct {
	Text     string // part of the name or the client id
	Protocol identity.ProtocolName
	Status   identity.ApplicationStatus
	NameOrder
	Slice
}

// Page returns applications of an organisation in the order of their making, or
// of their names. Those that stand in for one that is tried are left out.
func (t Applications) Page(org identity.OrganizationID, q ApplicationQuery) ([]identity.Application, error) {
	n := within(`a.organization_id`, org)
	n.also(`a.tried_by = ''`)
	n.containing(q.Text, `a.name_key`, `lower(a.client_id)`)
	if q.Protocol != "" {
		n.and(`a.protocol = `, q.Protocol)
	}
	if q.Status != "" {
		n.and(`a.status = `, q.Status)
	}
	query, args := n.pageNamed(`SELECT `+applicationColumns+` FROM applications a`, `a`, q.NameOrder, q.Slice)
	page, err := list(t.c, scanApplication, query, args...)
	if err != nil || len(page) == 0 {
		return page, err
	}
	return page, t.c.allTargets(page)
}

// allTargets reads whom each of some applications names, and its sources in
// their order.
func (c *conn) allTargets(page []identity.Application) error {
	places, ids := make(map[identity.ApplicationID]*identity.Application, len(page)), make([]identity.ApplicationID, len(page))
	for i := range page {
		places[page[i].ID], ids[i] = &page[i], page[i].ID
	}
	args, in := among(nil, ids)
	return c.each(`SELECT application_id, kind, target_id, 0 FROM application_access WHERE application_id IN `+in+`
		UNION ALL SELECT application_id, 'source', source_id, position FROM application_sources WHERE application_id IN `+in+`
		ORDER BY 1, 2, 4, 3`, args, func(scan func(...any) error) error {
		var id identity.ApplicationID
		var named identity.Application
		if err := scanTarget(func(dest ...any) error { return scan(append([]any{&id}, dest...)...) }, &named); err != nil {
			return err
		}
		place := places[id]
		place.Access.Members = append(place.Access.Members, named.Access.Members...)
		place.Access.Departments = append(place.Access.Departments, named.Access.Departments...)
		place.Access.Groups = append(place.Access.Groups, named.Access.Groups...)
		place.Sources = append(place.Sources, named.Sources...)
		return nil
	})
}

// Count returns how many applications an organisation has.
func (t Applications) Count(org identity.OrganizationID) (n int, err error) {
	err = t.c.row(`SELECT count(*) FROM applications WHERE organization_id = $1 AND tried_by = ''`, org).scan(&n)
	return n, err
}

// Insert adds an application with version 1; a client id that is taken, in
// whatever organisation, is a Conflict.
func (t Applications) Insert(a identity.Application) error {
	settings, err := applicationSettings(a)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO applications (id, organization_id, client_id, name, name_key, description, protocol, status,
		responsible_id, everyone, consent, settings, icon_digest, generation, version, created_at, updated_at, tried_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 1, $15, $16, $17) ON CONFLICT DO NOTHING`,
		a.ID, a.OrganizationID, a.ClientID, a.Name, identity.Fold(a.Name), a.Description, a.Protocol, a.Status, a.Responsible,
		a.Access.Everyone, a.Consent, settings, a.IconDigest, a.Generation, ms(a.CreatedAt), ms(a.UpdatedAt), a.TriedBy)
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeApplicationExists).At("client_id")
	}
	if err != nil {
		return err
	}
	if err := t.putTargets(identity.Application{}, a); err != nil {
		return err
	}
	if err := t.putServices(a, nil); err != nil {
		return err
	}
	// Whoever remembers that there is no such client id has to forget it.
	return t.c.tx.Changed(TopicApplication, a.ClientID)
}

// Put stores an edited application if it still has the version that was read,
// else Stale. Organisation, client id and protocol never change.
func (t Applications) Put(a identity.Application) error {
	settings, err := applicationSettings(a)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE applications SET name = $4, name_key = $5, description = $6, status = $7, responsible_id = $8,
		everyone = $9, consent = $10, settings = $11, icon_digest = $12, generation = $13, version = version + 1, updated_at = $14
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		a.OrganizationID, a.ID, a.Version, a.Name, identity.Fold(a.Name), a.Description, a.Status, a.Responsible,
		a.Access.Everyone, a.Consent, settings, a.IconDigest, a.Generation, ms(a.UpdatedAt))
	if err := t.c.changed(n, err, TopicApplication, string(a.ID)); err != nil {
		return err
	}
	if a.CAS != nil {
		origins, err := t.serviceOrigins(a.ID)
		if err != nil {
			return err
		}
		if err := t.putServices(a, origins); err != nil {
			return err
		}
	}
	var was identity.Application
	if err := t.c.targets(a.ID, &was); err != nil {
		return err
	}
	return t.putTargets(was, a)
}

// Delete removes an application with all that was granted to it.
func (t Applications) Delete(org identity.OrganizationID, id identity.ApplicationID) error {
	n, err := t.c.exec(`DELETE FROM applications WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoApplication
	}
	return t.c.changed(n, err, TopicApplication, string(id))
}

func scanTarget(scan func(...any) error, a *identity.Application) error {
	var kind AccessKind
	var target string
	var place int
	if err := scan(&kind, &target, &place); err != nil {
		return err
	}
	access := &a.Access
	switch kind {
	case accessSource:
		a.Sources = append(a.Sources, identity.SourceID(target))
	case AccessMember:
		access.Members = append(access.Members, identity.MemberID(target))
	case AccessDepartment:
		access.Departments = append(access.Departments, identity.DepartmentID(target))
	case AccessGroup:
		access.Groups = append(access.Groups, identity.GroupID(target))
	}
	return nil
}

// putTargets writes what differs from what is stored of whom an application
// names, and of its sources.
func (t Applications) putTargets(was, now identity.Application) error {
	id, before, after := now.ID, was.Access, now.Access
	if err := putTargets(t.c, id, AccessMember, before.Members, after.Members); err != nil {
		return err
	}
	if err := putTargets(t.c, id, AccessDepartment, before.Departments, after.Departments); err != nil {
		return err
	}
	if err := putTargets(t.c, id, AccessGroup, before.Groups, after.Groups); err != nil {
		return err
	}
	if slices.Equal(was.Sources, now.Sources) {
		return nil
	}
	return t.SetSources(id, now.Sources)
}

func putTargets[T ~string](c *conn, id identity.ApplicationID, kind AccessKind, was, now []T) error {
	gone := make(map[T]bool, len(was))
	for _, target := range was {
		gone[target] = true
	}
	for _, target := range now {
		if gone[target] {
			delete(gone, target)
			continue
		}
		if err := c.later(`INSERT INTO application_access (application_id, kind, target_id) VALUES ($1, $2, $3)
			ON CONFLICT DO NOTHING`, id, kind, target); err != nil {
			return err
		}
	}
	for target := range gone {
		if err := c.later(`DELETE FROM application_access WHERE application_id = $1 AND kind = $2 AND target_id = $3`,
			id, kind, target); err != nil {
			return err
		}
	}
	return nil
}

// forgetTarget takes what is being removed off every list of who may enter.
func forgetTarget[T ~string](c *conn, kind AccessKind, target T) error {
	return c.later(`DELETE FROM application_access WHERE target_id = $1 AND kind = $2`, target, kind)
}

// Names reports whether a rule of access can name something: an organisation
// has such a member, department or group.
func (t Applications) Names(org identity.OrganizationID, kind AccessKind, target string) (bool, error) {
	query := map[AccessKind]string{
		AccessMember:     `SELECT count(*) FROM members WHERE organization_id = $1 AND id = $2`,
		AccessDepartment: `SELECT count(*) FROM departments WHERE organization_id = $1 AND id = $2`,
		AccessGroup:      `SELECT count(*) FROM member_groups WHERE organization_id = $1 AND id = $2`,
	}[kind]
	var n int
	err := t.c.row(query, org, target).scan(&n)
	return n > 0, err
}
