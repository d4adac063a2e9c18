package store

import (
	"encoding/json"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Terminals is the table of hard terminals. Contacts and activation codes are
// sealed. Every method takes the organisation; what belongs to another one is
// NotFound.
type Terminals struct{ c *conn }

// InDepartment is something together with the department that it stands in.
type InDepartment[T any] struct {
	Item       T
	Department identity.Department
}

const terminalColumns = `t.id, t.organization_id, t.serial, t.name, t.model, t.account, t.number, t.projection, t.department_id, t.contact,
	t.description, t.disabled, t.activation, t.resets, t.version, t.created_at, t.updated_at`

// departmentOf are the columns of the department that something stands in.
const departmentOf = `d.id, d.organization_id, d.code, d.name, d.path, d.is_open`

func (c *conn) scanTerminal(scan func(...any) error) (row InDepartment[identity.Terminal], err error) {
	t, d := &row.Item, &row.Department
	var contact, activation []byte
	var resets string
	var created, updated int64
	if err = scan(&t.ID, &t.OrganizationID, &t.Serial, &t.Name, &t.Model, &t.Account, &t.Number, &t.Projection, &t.Department, &contact,
		&t.Description, &t.Disabled, &activation, &resets, &t.Version, &created, &updated,
		&d.ID, &d.OrganizationID, &d.Code, &d.Name, &d.Path, &d.Visibility.Open); err != nil {
		return row, err
	}
	t.CreatedAt, t.UpdatedAt = at(created), at(updated)
	if t.Resets, err = timesOf(resets); err != nil {
		return row, err
	}
	if err = c.openInto(contact, "terminals.contact:"+string(t.ID), &t.Contact); err != nil {
		return row, err
	}
	return row, c.openInto(activation, "terminals.activation:"+string(t.ID), &t.Activation)
}

// sealedJSON seals a value as JSON; context ties it to its row.
func (c *conn) sealedJSON(value any, context string) ([]byte, error) {
	text, err := json.Marshal(value)
	if err != nil {
		return nil, internal(err)
	}
	return c.box().Seal(text, context), nil
}

// openInto is the reverse of sealedJSON; nothing sealed leaves into alone.
func (c *conn) openInto(sealed []byte, context string, into any) error {
	if len(sealed) == 0 {
		return nil
	}
	text, err := c.open(sealed, context)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, into)
}

// timesText writes instants as milliseconds.
func timesText(times []time.Time) (string, error) {
	all := make([]int64, len(times))
	for i, each := range times {
		all[i] = ms(each)
	}
	text, err := json.Marshal(all)
	return string(text), err
}

func timesOf(text string) (times []time.Time, err error) {
	var all []int64
	err = json.Unmarshal([]byte(text), &all)
	for _, each := range all {
		times = append(times, at(each))
	}
	return times, err
}

const terminalFrom = `terminals t JOIN departments d ON d.id = t.department_id`

const terminalSelect = `SELECT ` + terminalColumns + `, ` + departmentOf + ` FROM ` + terminalFrom

var (
	errNoTerminal    = fault.New(fault.NotFound, fault.CodeTerminalNotFound)
	errTerminalTaken = fault.New(fault.Conflict, fault.CodeTerminalExists).At("serial")
)

// Get returns a terminal with its department, or NotFound.
func (t Terminals) Get(org identity.OrganizationID, id identity.TerminalID) (InDepartment[identity.Terminal], error) {
	return found(t.c, errNoTerminal, t.c.scanTerminal, terminalSelect+` WHERE t.organization_id = $1 AND t.id = $2`, org, id)
}

// BySerial returns the terminal with a serial number, compared folded, or
// NotFound.
func (t Terminals) BySerial(org identity.OrganizationID, serial string) (InDepartment[identity.Terminal], error) {
	return found(t.c, errNoTerminal, t.c.scanTerminal, terminalSelect+` WHERE t.organization_id = $1 AND t.serial_key = $2`, org, identity.Fold(serial))
}

// ByAccount returns the terminal that signs in by an account, or NotFound.
func (t Terminals) ByAccount(org identity.OrganizationID, account string) (InDepartment[identity.Terminal], error) {
	return found(t.c, errNoTerminal, t.c.scanTerminal, terminalSelect+` WHERE t.organization_id = $1 AND t.account = $2`, org, account)
}

// ByNumber returns the terminal with a number, or NotFound.
func (t Terminals) ByNumber(org identity.OrganizationID, number string) (InDepartment[identity.Terminal], error) {
	return found(t.c, errNoTerminal, t.c.scanTerminal, terminalSelect+` WHERE t.organization_id = $1 AND t.number = $2`, org, number)
}

// TerminalQuery narrows a list of terminals. Empty fields do not narrow.
type TerminalQuery struct {
	Text       string // part of name or serial number
	Model      string
	Disabled   *bool                 // nil is either
	Department identity.DepartmentID // this one alone
	Below      string                // the path of a department; its subtree counts
	// Colleagues is for a list that everybody may search: Text is part of name,
	// account or SIP number.
	Colleagues bool
	Scope      *identity.Scope // of departments; nil is everything
	NameOrder
	Slice
}

func (q TerminalQuery) narrow(org identity.OrganizationID) *narrow {
	n := within(`t.organization_id`, org)
	if q.Colleagues {
		n.containing(q.Text, `t.name_key`, `t.account`, `t.number`)
	} else {
		n.containing(q.Text, `t.name_key`, `t.serial_key`)
	}
	if q.Scope != nil && !q.Scope.Everything {
		n.also(`(` + scopeCondition(*q.Scope, n.arg) + `)`)
	}
	if q.Model != "" {
		n.and(`t.model = `, q.Model)
	}
	if q.Disabled != nil {
		n.and(`t.disabled = `, *q.Disabled)
	}
	if q.Department != "" {
		n.and(`t.department_id = `, q.Department)
	}
	n.below(`d`, q.Below)
	return n
}

// Page returns terminals in the wanted order.
func (t Terminals) Page(org identity.OrganizationID, q TerminalQuery) ([]InDepartment[identity.Terminal], error) {
	query, args := q.narrow(org).pageNamed(terminalSelect, `t`, q.NameOrder, q.Slice)
	return list(t.c, t.c.scanTerminal, query, args...)
}

// Count returns how many terminals a query finds in all.
func (t Terminals) Count(org identity.OrganizationID, q TerminalQuery) (int, error) {
	return t.c.counted(q.narrow(org), terminalFrom)
}

// Models counts the terminals of an organisation by their model; "" counts those
// of all organisations.
func (t Terminals) Models(org identity.OrganizationID) (map[string]int, error) {
	return t.c.countBy(`terminals`, `model`, org)
}

// countBy counts the rows of an organisation, or of all, by a column.
func (c *conn) countBy(table, column string, org identity.OrganizationID) (map[string]int, error) {
	query, args := `SELECT `+column+`, count(*) FROM `+table, []any{}
	if org != "" {
		query, args = query+` WHERE organization_id = $1`, []any{org}
	}
	counts := map[string]int{}
	err := c.each(query+` GROUP BY `+column, args, func(scan func(...any) error) error {
		var value string
		var n int
		err := scan(&value, &n)
		counts[value] = n
		return err
	})
	return counts, err
}

// sealed returns contact, activation and resets as they are stored.
func (t Terminals) sealed(m identity.Terminal) (contact, activation []byte, resets string, err error) {
	if resets, err = timesText(m.Resets); err != nil {
		return nil, nil, "", err
	}
	if contact, err = t.c.sealedJSON(m.Contact, "terminals.contact:"+string(m.ID)); err != nil || m.Activation.Code == "" {
		return contact, nil, resets, err
	}
	activation, err = t.c.sealedJSON(m.Activation, "terminals.activation:"+string(m.ID))
	return contact, activation, resets, err
}

// Insert adds a terminal with version 1. A serial number that the organisation
// uses already is a Conflict.
func (t Terminals) Insert(m identity.Terminal) error {
	contact, activation, resets, err := t.sealed(m)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`INSERT INTO terminals (id, organization_id, serial, serial_key, name, name_key, model, account, number, projection,
		department_id, contact, description, disabled, activation, resets, version, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, 1, $17, $18) ON CONFLICT DO NOTHING`,
		m.ID, m.OrganizationID, m.Serial, identity.Fold(m.Serial), m.Name, identity.Fold(m.Name), m.Model, m.Account, m.Number, m.Projection,
		m.Department, contact, m.Description, m.Disabled, activation, resets, ms(m.CreatedAt), ms(m.UpdatedAt))
	if err == nil && n == 0 {
		return errTerminalTaken
	}
	return err
}

// Put stores an edited terminal if it still has the version that was read, else
// Stale. Serial number, model, account and number never change.
func (t Terminals) Put(m identity.Terminal) error {
	contact, activation, resets, err := t.sealed(m)
	if err != nil {
		return err
	}
	n, err := t.c.exec(`UPDATE terminals SET name = $4, name_key = $5, projection = $6, department_id = $7, contact = $8, description = $9,
		disabled = $10, activation = $11, resets = $12, version = version + 1, updated_at = $13
		WHERE organization_id = $1 AND id = $2 AND version = $3`,
		m.OrganizationID, m.ID, m.Version, m.Name, identity.Fold(m.Name), m.Projection, m.Department, contact, m.Description,
		m.Disabled, activation, resets, ms(m.UpdatedAt))
	return stale(n, err)
}

// Delete removes a terminal; rooms lent to it are lent to nobody.
func (t Terminals) Delete(org identity.OrganizationID, id identity.TerminalID) error {
	n, err := t.c.exec(`DELETE FROM terminals WHERE organization_id = $1 AND id = $2`, org, id)
	if err == nil && n == 0 {
		return errNoTerminal
	}
	return err
}
