package resource

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Terminal is a terminal with where it stands.
type Terminal = Placed[identity.Terminal]

// NewTerminal is what a terminal is made from.
type NewTerminal struct {
	Serial         string // "" draws one
	Name           string
	Model          string
	Projection     identity.Projection // "" is automatic
	DepartmentCode string              // "" is the root
	Contact        identity.Contact
	Description    string
	Disabled       bool
	Notify         bool // tell whoever is named in Contact
}

// AddTerminal adds a terminal, with an activation code where its model is
// activated by one. A serial number that the organisation uses already is a
// Conflict (terminal_exists), so is one terminal more of its kind than is
// granted (resource_limit).
func (r *Resources) AddTerminal(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewTerminal) (t Terminal, err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return t, err
	}
	contact, err := contactOf(n.Contact)
	if err != nil {
		return t, err
	}
	n.Contact = contact
	if err := r.reachable(ctx, contact); n.Notify && err != nil {
		return t, err
	}
	sms := r.configured(ctx, identity.BySMS)
	err = r.db.Update(ctx, func(tx *store.Tx) error {
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		if t, err = addTerminal(tx, org, n); err != nil {
			return err
		}
		if err := r.tellTerminal(tx, sms && n.Notify, o, t.Item, n.Notify); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.TerminalAdded, aboutTerminal(t.Item, map[string]string{"model": n.Model}))
	})
	return t, err
}

func (r *Resources) tellTerminal(tx *store.Tx, sms bool, o identity.Organization, t identity.Terminal, wanted bool) error {
	switch {
	case !wanted:
		return nil
	case t.Activation.Code == "":
		return r.tell(tx, sms, t.Contact, terminalMessage(o, t))
	}
	return r.tell(tx, sms, t.Contact, activationMessage(o, t.Name, t.Activation))
}

// addTerminal makes and stores a terminal within what is granted.
func addTerminal(tx *store.Tx, org identity.OrganizationID, n NewTerminal) (t Terminal, err error) {
	d, err := departmentOf(tx, org, n.DepartmentCode)
	if err != nil {
		return t, err
	}
	item := identity.Terminal{
		ID: identity.NewTerminalID(tx.Now()), OrganizationID: org, Serial: n.Serial, Name: n.Name, Model: n.Model,
		Number: drawSIP(tx.Now()), Projection: n.Projection, Department: d.ID, Contact: n.Contact, Description: n.Description,
		Disabled: n.Disabled, Version: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	}
	item.Account = identity.Hex(item.ID)
	if item.Serial == "" {
		item.Serial = "SN" + strings.ToUpper(drawCode())
	}
	if item.Projection == "" {
		item.Projection = identity.ProjectionAutomatic
	}
	if err := checkTerminal(item); err != nil {
		return t, err
	}
	model, _ := identity.TerminalModelOf(item.Model)
	if model.Activation {
		item.Activation = identity.Activation{Code: drawCode(), EndsAt: tx.Now().Add(identity.ActivationLife)}
	}
	if err := insertTerminal(tx, &item); err != nil {
		return t, err
	}
	if err := checkQuota(tx, org, model.Kind(), "model"); err != nil {
		return t, err
	}
	return one(tx, org, store.InDepartment[identity.Terminal]{Item: item, Department: d})
}

// insertTerminal stores a terminal. Its SIP number is drawn again where another
// holds it: only the serial number is the caller's to change.
func insertTerminal(tx *store.Tx, t *identity.Terminal) error {
	for range numberTries {
		err := tx.Terminals.Insert(*t)
		if !fault.Is(err, fault.CodeTerminalExists) {
			return err
		}
		if _, held := tx.Terminals.BySerial(t.OrganizationID, t.Serial); !fault.Is(held, fault.CodeTerminalNotFound) {
			return cmp.Or(held, err)
		}
		t.Number = drawSIP(tx.Now())
	}
	return fault.New(fault.Internal, fault.CodeInternal).Because(errors.New("resource: no SIP number is free"))
}

// checkTerminal adds to a terminal's own rules that its serial number is not
// spelled as an identifier: a reference would mean two terminals.
func checkTerminal(t identity.Terminal) error {
	if isID(t.Serial) {
		return fault.New(fault.Invalid, fault.CodeFieldFormat).At("serial").With("want", "want.serial")
	}
	return t.Validate()
}

func isID(key string) bool {
	_, ok := identity.UUID(identity.TerminalID(key))
	return ok && strings.HasPrefix(key, "trm_")
}

func aboutTerminal(t identity.Terminal, details map[string]string) audit.About {
	if details == nil {
		details = map[string]string{}
	}
	details["name"], details["serial"] = t.Name, t.Serial
	return audit.About{Organization: t.OrganizationID, Target: string(t.ID), Details: details}
}

// terminalOf finds a terminal by its identifier or its serial number.
func terminalOf(tx *store.Tx, org identity.OrganizationID, key string) (store.InDepartment[identity.Terminal], error) {
	if isID(key) {
		return tx.Terminals.Get(org, identity.TerminalID(key))
	}
	return tx.Terminals.BySerial(org, key)
}

// Terminal returns a terminal by its identifier or its serial number.
func (r *Resources) Terminal(ctx context.Context, actor identity.Actor, org identity.OrganizationID, key string) (t Terminal, err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return t, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		row, err := terminalOf(tx, org, key)
		if err != nil {
			return err
		}
		t, err = one(tx, org, row)
		return err
	})
	return t, err
}

// TerminalQuery narrows a list of terminals. Empty fields do not narrow.
type TerminalQuery struct {
	Text           string // part of name or serial number
	Model          string
	Disabled       *bool // nil is either
	DepartmentCode string
	// Alone leaves out what stands in departments below.
	Alone bool
	NameOrder
	store.Slice
}

// Terminals returns terminals in the wanted order. A department that
// the organisation does not have is NotFound.
func (r *Resources) Terminals(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q TerminalQuery) (l Listed[Terminal], err error) {
	if err := access.Allow(actor, access.ManageTerminals, org); err != nil {
		return l, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		rows := store.TerminalQuery{Text: q.Text, Model: q.Model, Disabled: q.Disabled, NameOrder: q.NameOrder, Slice: q.Slice}
		if q.DepartmentCode != "" {
			d, err := tx.Departments.ByCode(org, q.DepartmentCode)
			if err != nil {
				return err
			}
			if rows.Below = d.Path; q.Alone {
				rows.Below, rows.Department = "", d.ID
			}
		}
		l, err = slice(tx, &rows.Slice, func() (int, error) { return tx.Terminals.Count(org, rows) }, func() ([]Terminal, error) {
			found, err := tx.Terminals.Page(org, rows)
			if err != nil {
				return nil, err
			}
			return placed(tx, org, found)
		})
		return err
	})
	return l, err
}

// TerminalStates tells of each number which of the organisation's terminals it
// is, in their order. A number that is none of them is Forbidden
// (terminal_foreign): whose it is, or whether it is anybody's, is not told
// (Meeting API, 4.17). Every member may ask.
func (r *Resources) TerminalStates(ctx context.Context, actor identity.Actor, org identity.OrganizationID, numbers []string) (all []identity.Terminal, err error) {
	if err := access.Allow(actor, access.ReadOrganization, org); err != nil {
		return nil, err
	}
	if err := checkBatch("numbers", len(numbers)); err != nil {
		return nil, err
	}
	err = r.db.View(ctx, func(tx *store.Tx) error {
		all = nil
		for _, number := range numbers {
			row, err := tx.Terminals.ByNumber(org, number)
			if fault.Is(err, fault.CodeTerminalNotFound) {
				return fault.New(fault.Forbidden, fault.CodeTerminalForeign)
			}
			if err != nil {
				return err
			}
			all = append(all, row.Item)
		}
		return nil
	})
	return all, err
}
