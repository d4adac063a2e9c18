package store

import (
	"encoding/json"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Attributes is the table that defines the custom attributes of members; their
// values lie with the members. Every method takes the organisation.
type Attributes struct{ c *conn }

const attributeColumns = `organization_id, name, label, kind, masked, candidates, required, hidden, place, version, created_at, updated_at`

func scanAttribute(scan func(...any) error) (a identity.Attribute, err error) {
	var candidates string
	var created, updated int64
	if err = scan(&a.OrganizationID, &a.Key, &a.Label, &a.Type, &a.Masked, &candidates, &a.Required, &a.Hidden, &a.Place,
		&a.Version, &created, &updated); err != nil {
		return a, err
	}
	a.CreatedAt, a.UpdatedAt = at(created), at(updated)
	return a, json.Unmarshal([]byte(candidates), &a.Candidates)
}

var (
	errNoAttribute    = fault.New(fault.NotFound, fault.CodeAttributeNotFound)
	errAttributeTaken = fault.New(fault.Conflict, fault.CodeAttributeExists).At("key")
)

// Get returns the definition of a key, compared byte by byte, or NotFound.
func (t Attributes) Get(org identity.OrganizationID, key string) (identity.Attribute, error) {
	return found(t.c, errNoAttribute, scanAttribute,
		`SELECT `+attributeColumns+` FROM attribute_definitions WHERE organization_id = $1 AND name = $2`, org, key)
}

// List returns the definitions of an organisation in the order to show them.
func (t Attributes) List(org identity.OrganizationID) (identity.Attributes, error) {
	return list(t.c, scanAttribute, `SELECT `+attributeColumns+` FROM attribute_definitions WHERE organization_id = $1
		ORDER BY place, created_at, name`, org)
}

// Insert adds a definition with version 1. A key that is defined already is a
// Conflict.
func (t Attributes) Insert(a identity.Attribute) error {
	if a.Candidates == nil {
		a.Candidates = []string{}
	}
	candidates, err := json.Marshal(a.Candidates)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO attribute_definitions (`+attributeColumns+`)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, $10, $11) ON CONFLICT DO NOTHING`,
		a.OrganizationID, a.Key, a.Label, a.Type, a.Masked, string(candidates), a.Required, a.Hidden, a.Place, ms(a.CreatedAt), ms(a.UpdatedAt))
	if err == nil && n == 0 {
		return errAttributeTaken
	}
	return err
}

// Put stores what may be edited of a definition if it still has the version
// that was read, else Stale.
func (t Attributes) Put(a identity.Attribute) error {
	n, err := t.c.exec(`UPDATE attribute_definitions SET label = $4, hidden = $5, place = $6, version = version + 1, updated_at = $7
		WHERE organization_id = $1 AND name = $2 AND version = $3`,
		a.OrganizationID, a.Key, a.Version, a.Label, a.Hidden, a.Place, ms(a.UpdatedAt))
	return stale(n, err)
}

// Remove forgets a definition, or is NotFound. Whoever asks for it looks
// beforehand whether it is Used.
func (t Attributes) Remove(org identity.OrganizationID, key string) error {
	n, err := t.c.exec(`DELETE FROM attribute_definitions WHERE organization_id = $1 AND name = $2`, org, key)
	if err == nil && n == 0 {
		return errNoAttribute
	}
	return err
}

// Used reports whether a member of the organisation has a value of a key. It
// reads through the members.
func (t Attributes) Used(org identity.OrganizationID, key string) (bool, error) {
	name, err := json.Marshal(key)
	if err != nil {
		return false, err
	}
	// The values are one JSON object of texts: what is sought is a name in it,
	// or a text that reads like one, which the second look tells apart.
	pattern := `%` + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(string(name)+":") + `%`
	after := identity.MemberID("")
	for {
		var last identity.MemberID
		used := false
		err := t.c.each(`SELECT id, attributes FROM members WHERE organization_id = $1 AND id > $2 AND attributes LIKE $3 ESCAPE '\'
			ORDER BY id LIMIT 100`, []any{org, after, pattern}, func(scan func(...any) error) error {
			var text string
			values := map[string]string{}
			if err := scan(&last, &text); err != nil {
				return err
			}
			err := json.Unmarshal([]byte(text), &values)
			_, has := values[key]
			used = used || has
			return err
		})
		if err != nil || used || last == "" {
			return used, err
		}
		after = last
	}
}
