package store

import (
	"encoding/hex"
	"strings"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// ActivationCodes is the table of codes by which devices become an
// organisation's. The code itself is sealed, and found by its digest. Every
// method takes the organisation; what belongs to another one is NotFound.
type ActivationCodes struct{ c *conn }

const activationColumns = `a.id, a.organization_id, a.activation, a.device, a.name, a.department_id, a.contact, a.description, a.version,
	a.created_at, a.updated_at`

func (c *conn) scanActivation(scan func(...any) error) (row InDepartment[identity.ActivationCode], err error) {
	a, d := &row.Item, &row.Department
	var activation, contact []byte
	var created, updated int64
	if err = scan(&a.ID, &a.OrganizationID, &activation, &a.Device, &a.Name, &a.Department, &contact, &a.Description, &a.Version,
		&created, &updated, &d.ID, &d.OrganizationID, &d.Code, &d.Name, &d.Path, &d.Visibility.Open); err != nil {
		return row, err
	}
	a.CreatedAt, a.UpdatedAt = at(created), at(updated)
	if err = c.openInto(activation, "activation_codes.activation:"+string(a.ID), &a.Activation); err != nil {
		return row, err
	}
	return row, c.openInto(contact, "activation_codes.contact:"+string(a.ID), &a.Contact)
}

const activationFrom = `activation_codes a JOIN departments d ON d.id = a.department_id`

const activationSelect = `SELECT ` + activationColumns + `, ` + departmentOf + ` FROM ` + activationFrom

var errNoActivation = fault.New(fault.NotFound, fault.CodeActivationNotFound)

// activationDigest is what a code is found by in the whole installation, letter
// case aside.
func (c *conn) activationDigest(code string) string {
	return hex.EncodeToString(c.box().Digest("activation", identity.Fold(code)))
}

// Get returns a code with its department, or NotFound.
func (t ActivationCodes) Get(org identity.OrganizationID, id identity.ActivationCodeID) (InDepartment[identity.ActivationCode], error) {
	return found(t.c, errNoActivation, t.c.scanActivation, activationSelect+` WHERE a.organization_id = $1 AND a.id = $2`, org, id)
}

// ActivationQuery narrows a list of codes. Empty fields do not narrow.
type ActivationQuery struct {
	Text       string // part of the device's name, or the whole code
	Device     identity.DeviceKind
	Devices    []identity.DeviceKind // any of them
	But        identity.DeviceKind   // this kind alone is left out
	Department identity.DepartmentID // this one alone
	Below      string                // the path of a department; its subtree counts
	// Colleagues is for a list that everybody may search: nobody finds a device
	// by its code.
	Colleagues bool
	Scope      *identity.Scope // of departments; nil is everything
	NameOrder
	Slice
}

func (t ActivationCodes) narrow(org identity.OrganizationID, q ActivationQuery) *narrow {
	n := within(`a.organization_id`, org)
	if q.Device != "" {
		n.and(`a.device = `, q.Device)
	}
	if len(q.Devices) > 0 {
		kinds := make([]string, len(q.Devices))
		for i, kind := range q.Devices {
			kinds[i] = n.arg(kind)
		}
		n.also(`a.device IN (` + strings.Join(kinds, `, `) + `)`)
	}
	if q.But != "" {
		n.and(`a.device <> `, q.But)
	}
	if q.Department != "" {
		n.and(`a.department_id = `, q.Department)
	}
	n.below(`d`, q.Below)
	if q.Scope != nil && !q.Scope.Everything {
		n.also(`(` + scopeCondition(*q.Scope, n.arg) + `)`)
	}
	if q.Colleagues {
		n.containing(q.Text, `a.name_key`)
		return n
	}
	if identity.Fold(q.Text) == "" {
		return n
	}
	// What is sealed cannot be looked into: a code is found when it is whole.
	name := narrow{args: n.args}
	name.containing(q.Text, `a.name_key`)
	n.args = name.args
	n.also(`(` + name.conditions[0] + ` OR a.digest = ` + n.arg(t.c.activationDigest(q.Text)) + `)`)
	return n
}

// Page returns codes in the wanted order.
func (t ActivationCodes) Page(org identity.OrganizationID, q ActivationQuery) ([]InDepartment[identity.ActivationCode], error) {
	query, args := t.narrow(org, q).pageNamed(activationSelect, `a`, q.NameOrder, q.Slice)
	return list(t.c, t.c.scanActivation, query, args...)
}

// Count returns how many codes a query finds in all.
func (t ActivationCodes) Count(org identity.OrganizationID, q ActivationQuery) (int, error) {
	return t.c.counted(t.narrow(org, q), activationFrom)
}

// Devices counts the codes of an organisation by the kind of device; "" counts
// those of all organisations.
func (t ActivationCodes) Devices(org identity.OrganizationID) (map[string]int, error) {
	return t.c.countBy(`activation_codes`, `device`, org)
}

func (t ActivationCodes) sealed(a identity.ActivationCode) (activation, contact []byte, err error) {
	if activation, err = t.c.sealedJSON(a.Activation, "activation_codes.activation:"+string(a.ID)); err != nil {
		return nil, nil, err
	}
	contact, err = t.c.sealedJSON(a.Contact, "activation_codes.contact:"+string(a.ID))
	return activation, contact, err
}

// Insert adds a code with version 1.
func (t ActivationCodes) Insert(a identity.ActivationCode) error {
	activation, contact, err := t.sealed(a)
	if err != nil {
		return err
	}
	_, err = t.c.exec(`INSERT INTO activation_codes (id, organization_id, digest, activation, device, name, name_key, department_id, contact,
		description, version, created_at, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1, $11, $12)`,
		a.ID, a.OrganizationID, t.c.activationDigest(a.Activation.Code), activation, a.Device, a.Name, identity.Fold(a.Name), a.Department,
		contact, a.Description, ms(a.CreatedAt), ms(a.UpdatedAt))
	return err
}

// Put gives a device another code, if it still has the version that was read,
// else Stale. The code before is nobody's from then on.
func (t ActivationCodes) Put(a identity.ActivationCode) error {
	activation, _, err := t.sealed(a)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE activation_codes SET digest = $4, activation = $5, version = version + 1, updated_at = $6
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		a.OrganizationID, a.ID, a.Version, t.c.activationDigest(a.Activation.Code), activation, ms(a.UpdatedAt))
	return stale(n, err)
}

// Delete removes a code with the device behind it.
func (t ActivationCodes) Delete(org identity.OrganizationID, id identity.ActivationCodeID) error {
	n, err := t.c.exec(`DELETE FROM activation_codes WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoActivation
	}
	return err
}
