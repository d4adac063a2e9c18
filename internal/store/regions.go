package store

import (
	"net/netip"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Regions is the table of the parts of the network that organisations name.
// Every method takes the organisation; what belongs to another one is NotFound.
type Regions struct{ c *conn }

const regionColumns = `id, organization_id, name, network, description, version, created_at, updated_at`

func scanRegion(scan func(...any) error) (r identity.Region, err error) {
	var network string
	var created, updated int64
	if err = scan(&r.ID, &r.OrganizationID, &r.Name, &network, &r.Description, &r.Version, &created, &updated); err != nil {
		return r, err
	}
	r.CreatedAt, r.UpdatedAt = at(created), at(updated)
	r.Network, err = netip.ParsePrefix(network)
	return r, err
}

var (
	errNoRegion    = fault.New(fault.NotFound, fault.CodeRegionNotFound)
	errRegionTaken = fault.New(fault.Conflict, fault.CodeRegionExists).At("name")
)

// Get returns a region, or NotFound.
func (t Regions) Get(org identity.OrganizationID, id identity.RegionID) (identity.Region, error) {
	return found(t.c, errNoRegion, scanRegion, `SELECT `+regionColumns+` FROM regions WHERE organization_id = $1 AND id = $2`, org, id)
}

// RegionQuery narrows a page of regions. Empty fields do not narrow.
type RegionQuery struct {
	Text   string // part of the name or of the network, compared folded
	ByName bool   // in the order of the folded names, else of their making
	// After is the key of the last region of the page before: its folded name when
	// ByName, else its identifier.
	After string
	Limit int
}

// Page returns up to q.Limit regions after q.After.
func (t Regions) Page(org identity.OrganizationID, q RegionQuery) ([]identity.Region, error) {
	n := within(`organization_id`, org)
	n.containing(q.Text, `name_key`, `network`)
	key := `id`
	if q.ByName {
		key = `name_key`
	}
	query, args := n.page(`SELECT `+regionColumns+` FROM regions`, key, Slice{After: q.After, Limit: q.Limit})
	return list(t.c, scanRegion, query, args...)
}

// Count is how many regions an organisation has.
func (t Regions) Count(org identity.OrganizationID) (int, error) {
	return t.c.counted(within(`organization_id`, org), `regions`)
}

// Insert adds a region with version 1. A name or a network that another region
// of the organisation has is a Conflict.
func (t Regions) Insert(r identity.Region) error {
	if err := t.free(r); err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO regions (id, organization_id, name, name_key, network, description, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, 1, $7, $8) ON CONFLICT DO NOTHING`,
		r.ID, r.OrganizationID, r.Name, identity.Fold(r.Name), r.Network.String(), r.Description, ms(r.CreatedAt), ms(r.UpdatedAt))
	if err == nil && n == 0 {
		return errRegionTaken
	}
	return err
}

// free refuses what another region has.
func (t Regions) free(r identity.Region) error {
	others, err := list(t.c, scanRegion, `SELECT `+regionColumns+` FROM regions
		WHERE organization_id = $1 AND (name_key = $2 OR network = $3) AND id <> $4`,
		r.OrganizationID, identity.Fold(r.Name), r.Network.String(), r.ID)
	for _, other := range others {
		if other.Network == r.Network {
			return fault.New(fault.Conflict, fault.CodeRegionNetwork).At("network").With("region", other.Name)
		}
	}
	if err == nil && len(others) > 0 {
		return errRegionTaken
	}
	return err
}

// Put stores an edited region if it still has the version that was read, else
// Stale. What another region has is a Conflict.
func (t Regions) Put(r identity.Region) error {
	if err := t.free(r); err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE regions SET name = $4, name_key = $5, network = $6, description = $7, version = version + 1, updated_at = $8
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		r.OrganizationID, r.ID, r.Version, r.Name, identity.Fold(r.Name), r.Network.String(), r.Description, ms(r.UpdatedAt))
	if isUnique(err, "regions_name") || isUnique(err, "regions_network") {
		return errRegionTaken.Because(err)
	}
	return stale(n, err)
}

// Remove forgets a region, or is NotFound.
func (t Regions) Remove(org identity.OrganizationID, id identity.RegionID) error {
	n, err := t.c.exec(`DELETE FROM regions WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoRegion
	}
	return err
}
