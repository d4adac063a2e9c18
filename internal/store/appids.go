package store

import (
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// AppIDs is the table of third-party servers; their keys are sealed. The
// provider's own have the organisation "".
type AppIDs struct{ c *conn }

const appIDColumns = `id, organization_id, name, description, status, keys, auto_create, everlasting, max_ahead, generation,
	version, created_at, updated_at`

func (c *conn) scanAppID(scan func(...any) error) (identity.AppID, error) {
	var a identity.AppID
	var keys []byte
	var ahead, created, updated int64
	if err := scan(&a.ID, &a.OrganizationID, &a.Name, &a.Description, &a.Status, &keys, &a.AutoCreate, &a.Everlasting, &ahead,
		&a.Generation, &a.Version, &created, &updated); err != nil {
		return a, err
	}
	a.MaxAhead, a.CreatedAt, a.UpdatedAt = time.Duration(ahead)*time.Millisecond, at(created), at(updated)
	opened, err := c.open(keys, "app_ids.keys:"+a.ID)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(opened, &a.Keys)
}

var errNoAppID = fault.New(fault.NotFound, fault.CodeAppIDNotFound)

// Get returns an App ID of an owner, or NotFound.
func (t AppIDs) Get(owner identity.OrganizationID, id string) (identity.AppID, error) {
	return found(t.c, errNoAppID, t.c.scanAppID,
		`SELECT `+appIDColumns+` FROM app_ids WHERE organization_id = $1 AND id = $2`, owner, id)
}

// Page returns up to limit App IDs of an owner, oldest first, from the one at
// offset on. An owner has few: an offset costs little here.
func (t AppIDs) Page(owner identity.OrganizationID, offset, limit int) ([]identity.AppID, error) {
	return list(t.c, t.c.scanAppID, `SELECT `+appIDColumns+` FROM app_ids WHERE organization_id = $1
		ORDER BY created_at, id LIMIT $2 OFFSET $3`, owner, limit, offset)
}

// Count returns how many App IDs an owner has.
func (t AppIDs) Count(owner identity.OrganizationID) (n int, err error) {
	err = t.c.row(`SELECT count(*) FROM app_ids WHERE organization_id = $1`, owner).scan(&n)
	return n, err
}

// Insert adds an App ID with version 1; a taken id is a Conflict.
func (t AppIDs) Insert(a identity.AppID) error {
	keys, err := t.sealKeys(a)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO app_ids (id, organization_id, name, description, status, keys, auto_create, everlasting,
		max_ahead, generation, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12) ON CONFLICT DO NOTHING`,
		a.ID, a.OrganizationID, a.Name, a.Description, a.Status, keys, a.AutoCreate, a.Everlasting, a.MaxAhead.Milliseconds(),
		a.Generation, ms(a.CreatedAt), ms(a.UpdatedAt))
	if err == nil && n == 0 {
		return fault.New(fault.Conflict, fault.CodeAppIDExists).At("app_id")
	}
	return t.c.changed(n, err, TopicAppID, a.ID)
}

// Put stores an edited App ID if it still has the version that was read, else
// Stale.
func (t AppIDs) Put(a identity.AppID) error {
	keys, err := t.sealKeys(a)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE app_ids SET name = $4, description = $5, status = $6, keys = $7, auto_create = $8, everlasting = $9,
		max_ahead = $10, generation = $11, version = version + 1, updated_at = $12
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		a.OrganizationID, a.ID, a.Version, a.Name, a.Description, a.Status, keys, a.AutoCreate, a.Everlasting,
		a.MaxAhead.Milliseconds(), a.Generation, ms(a.UpdatedAt))
	return t.c.changed(n, err, TopicAppID, a.ID)
}

// Delete removes an App ID; its tokens find none and are dead.
func (t AppIDs) Delete(owner identity.OrganizationID, id string) error {
	n, err := t.c.exec(`DELETE FROM app_ids WHERE organization_id = $1 AND id = $2`, owner, id)
	if err == nil && n == 0 {
		return errNoAppID
	}
	return t.c.changed(n, err, TopicAppID, id)
}

func (t AppIDs) sealKeys(a identity.AppID) ([]byte, error) {
	text, err := json.Marshal(a.Keys)
	if err != nil {
		return nil, err
	}
	return t.c.box().Seal(text, "app_ids.keys:"+a.ID), nil
}
