package store

import (
	"encoding/json"
	"net/netip"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// AccessPolicies is the table of the policies that say who enters an
// application when and from where; whether they are switched on is a column of
// the application. Every method takes the organisation; what belongs to another
// one is NotFound.
type AccessPolicies struct{ c *conn }

var (
	errNoPolicy    = fault.New(fault.NotFound, fault.CodePolicyNotFound)
	errPolicyTaken = fault.New(fault.Conflict, fault.CodePolicyExists).At("name")
)

// Control returns whether the policies of an application are switched on, or
// NotFound (application_not_found).
func (t AccessPolicies) Control(org identity.OrganizationID, id identity.ApplicationID) (identity.AccessControl, error) {
	return found(t.c, errNoApplication, func(scan func(...any) error) (c identity.AccessControl, err error) {
		return c, scan(&c.ApplicationID, &c.OrganizationID, &c.Enabled, &c.Default, &c.Version)
	}, `SELECT id, organization_id, access_control, access_default, access_version FROM applications WHERE organization_id = $1 AND id = $2`, org, id)
}

// PutControl stores the switch if it still has the version that was read, else
// Stale, and announces it. Every edit of a policy or of the order calls it too:
// of two that edit at once the second one is told.
func (t AccessPolicies) PutControl(c identity.AccessControl) error {
	n, err := t.c.exec(`UPDATE applications SET access_control = $4, access_default = $5, access_version = access_version + 1
		WHERE organization_id = $1 AND id = $2 AND access_version = $3`, c.OrganizationID, c.ApplicationID, c.Version, c.Enabled, c.Default)
	return t.c.changed(n, err, TopicApplication, string(c.ApplicationID))
}

const policyColumns = `id, organization_id, application_id, name, description, schedule, decision, report_only, version, created_at, updated_at`

// schedule is identity.Schedule as it is kept.
type schedule struct {
	Weekdays []identity.Weekday `json:"weekdays,omitempty"`
	From     identity.Date      `json:"from,omitempty"`
	Until    identity.Date      `json:"until,omitempty"`
	Starts   identity.TimeOfDay `json:"starts,omitempty"`
	Ends     identity.TimeOfDay `json:"ends,omitempty"`
	Zone     string             `json:"zone,omitempty"`
}

// scanPolicy reads one row of policyColumns: everything but the regions.
func scanPolicy(scan func(...any) error) (p identity.AccessPolicy, err error) {
	var times string
	var created, updated int64
	if err = scan(&p.ID, &p.OrganizationID, &p.ApplicationID, &p.Name, &p.Description, &times, &p.Decision, &p.ReportOnly, &p.Version,
		&created, &updated); err != nil {
		return p, err
	}
	p.CreatedAt, p.UpdatedAt = at(created), at(updated)
	var kept schedule
	err = json.Unmarshal([]byte(times), &kept)
	p.Schedule = identity.Schedule(kept)
	return p, err
}

// Get returns a policy of an application, or NotFound.
func (t AccessPolicies) Get(c identity.AccessControl, id identity.PolicyID) (identity.AccessPolicy, error) {
	p, err := found(t.c, errNoPolicy, scanPolicy, `SELECT `+policyColumns+` FROM access_policies
		WHERE organization_id = $1 AND application_id = $2 AND id = $3`, c.OrganizationID, c.ApplicationID, id)
	if err != nil {
		return p, err
	}
	p.Regions, err = list(t.c, func(scan func(...any) error) (region identity.RegionID, err error) { return region, scan(&region) },
		`SELECT region_id FROM access_policy_regions WHERE policy_id = $1 ORDER BY place`, id)
	return p, err
}

// Rules reads the policies of an application in their order, with the regions
// that they name.
func (t AccessPolicies) Rules(c identity.AccessControl) (identity.AccessRules, error) {
	rules := identity.AccessRules{AccessControl: c, Regions: map[identity.RegionID]identity.Region{}}
	all, err := list(t.c, scanPolicy, `SELECT `+policyColumns+` FROM access_policies
		WHERE application_id = $2 AND organization_id = $1 ORDER BY place, id`, c.OrganizationID, c.ApplicationID)
	if err != nil {
		return rules, err
	}
	rules.Policies = all
	places := make(map[identity.PolicyID]*identity.AccessPolicy, len(all))
	for i := range all {
		places[all[i].ID] = &all[i]
	}
	return rules, t.c.each(`SELECT x.policy_id, r.id, r.organization_id, r.name, r.network FROM access_policies p
		JOIN access_policy_regions x ON x.policy_id = p.id JOIN regions r ON r.id = x.region_id
		WHERE p.application_id = $2 AND p.organization_id = $1 ORDER BY x.policy_id, x.place`,
		[]any{c.OrganizationID, c.ApplicationID}, func(scan func(...any) error) error {
			var id identity.PolicyID
			var r identity.Region
			var network string
			err := scan(&id, &r.ID, &r.OrganizationID, &r.Name, &network)
			if err != nil {
				return err
			}
			if r.Network, err = netip.ParsePrefix(network); err != nil {
				return err
			}
			rules.Regions[r.ID] = r
			if p := places[id]; p != nil {
				p.Regions = append(p.Regions, r.ID)
			}
			return nil
		})
}

// Insert adds a policy with version 1 behind all others of its application. A
// name that another has is a Conflict, a region that the organisation does not
// have Invalid (region_not_found).
func (t AccessPolicies) Insert(p identity.AccessPolicy) error {
	times, err := json.Marshal(schedule(p.Schedule))
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO access_policies (id, organization_id, application_id, place, name, name_key, description, schedule, decision,
		report_only, version, created_at, updated_at) SELECT $1, $2, $3, coalesce(max(place), 0) + 1, $4, $5, $6, $7, $8, $9, 1, $10, $11
		FROM access_policies WHERE application_id = $3 ON CONFLICT DO NOTHING`,
		p.ID, p.OrganizationID, p.ApplicationID, p.Name, identity.Fold(p.Name), p.Description, string(times), p.Decision, p.ReportOnly,
		ms(p.CreatedAt), ms(p.UpdatedAt))
	if err == nil && n == 0 {
		return errPolicyTaken
	}
	if err != nil {
		return err
	}
	return t.putRegions(p)
}

// Put stores an edited policy if it still has the version that was read, else
// Stale. Its faults are those of Insert.
func (t AccessPolicies) Put(p identity.AccessPolicy) error {
	times, err := json.Marshal(schedule(p.Schedule))
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE access_policies SET name = $5, name_key = $6, description = $7, schedule = $8, decision = $9, report_only = $10,
		version = version + 1, updated_at = $11 WHERE organization_id = $1 AND application_id = $2 AND id = $3 AND version = $4`,
		p.OrganizationID, p.ApplicationID, p.ID, p.Version, p.Name, identity.Fold(p.Name), p.Description, string(times), p.Decision,
		p.ReportOnly, ms(p.UpdatedAt))
	if isUnique(err, "access_policies_name") {
		return errPolicyTaken.Because(err)
	}
	if err := stale(n, err); err != nil {
		return err
	}
	return t.putRegions(p)
}

// putRegions writes the regions of a policy. The row of each is locked, so that
// who removes one meanwhile sees that it is used.
func (t AccessPolicies) putRegions(p identity.AccessPolicy) error {
	if _, err := t.c.exec(`DELETE FROM access_policy_regions WHERE policy_id = $1`, p.ID); err != nil {
		return err
	}
	for i, id := range p.Regions {
		n, err := t.c.exec(`INSERT INTO access_policy_regions (policy_id, region_id, organization_id, place)
			SELECT $1, id, organization_id, $4 FROM regions WHERE organization_id = $2 AND id = $3`+t.c.forUpdate(), p.ID, p.OrganizationID, id, i)
		if err == nil && n == 0 {
			return fault.New(fault.Invalid, fault.CodeRegionNotFound).At("regions")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Order stores in which order the policies of an application are looked at.
func (t AccessPolicies) Order(c identity.AccessControl, ids []identity.PolicyID) error {
	for i, id := range ids {
		if err := t.c.later(`UPDATE access_policies SET place = $4 WHERE organization_id = $1 AND application_id = $2 AND id = $3`,
			c.OrganizationID, c.ApplicationID, id, i+1); err != nil {
			return err
		}
	}
	return nil
}

// Remove forgets a policy, or is NotFound.
func (t AccessPolicies) Remove(c identity.AccessControl, id identity.PolicyID) error {
	n, err := t.c.exec(`DELETE FROM access_policies WHERE organization_id = $1 AND application_id = $2 AND id = $3`,
		c.OrganizationID, c.ApplicationID, id)
	if err == nil && n == 0 {
		return errNoPolicy
	}
	return err
}

// PolicyUse is a policy that names a region.
type PolicyUse struct {
	ClientID string // of its application
	Name     string
}

// Naming returns up to limit policies that name a region, and locks it until
// the transaction ends: nobody names it meanwhile.
func (t AccessPolicies) Naming(org identity.OrganizationID, region identity.RegionID, limit int) ([]PolicyUse, error) {
	if _, err := list(t.c, func(scan func(...any) error) (id identity.RegionID, err error) { return id, scan(&id) },
		`SELECT id FROM regions WHERE organization_id = $1 AND id = $2`+t.c.forUpdate(), org, region); err != nil {
		return nil, err
	}
	return list(t.c, func(scan func(...any) error) (u PolicyUse, err error) { return u, scan(&u.ClientID, &u.Name) },
		`SELECT a.client_id, p.name FROM access_policy_regions x JOIN access_policies p ON p.id = x.policy_id
		JOIN applications a ON a.id = p.application_id WHERE x.region_id = $2 AND p.organization_id = $1 ORDER BY a.client_id, p.place LIMIT $3`,
		org, region, limit)
}

// RegionMoved moves the version of all rules that name a region, and announces to
// the caches that its network is another one: whatever was decided at the applications whose policies name it may be
// decided otherwise.
func (t AccessPolicies) RegionMoved(org identity.OrganizationID, region identity.RegionID) error {
	named, err := list(t.c, func(scan func(...any) error) (id identity.ApplicationID, err error) { return id, scan(&id) },
		`SELECT DISTINCT p.application_id FROM access_policy_regions x JOIN access_policies p ON p.id = x.policy_id
		WHERE x.region_id = $2 AND p.organization_id = $1 ORDER BY p.application_id`, org, region)
	for _, id := range named {
		if err == nil {
			err = t.c.later(`UPDATE applications SET access_version = access_version + 1 WHERE organization_id = $1 AND id = $2`, org, id)
		}
		if err == nil {
			err = t.c.tx.Changed(TopicApplication, string(id))
		}
	}
	return err
}
