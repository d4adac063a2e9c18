package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// terminals checks what can be told without an installation: serial numbers
// given twice, and the rules of each terminal.
func (c *checker) terminals(all []Terminal) {
	seen := taken{}
	for i := range all {
		t := &all[i]
		if t.Serial == "" || t.Name == "" || t.Model == "" {
			continue // the decoder has said so
		}
		c.free(seen, identity.Fold(t.Serial), t.At, "serial")
		c.contacts(t.At, t.Email, t.Mobile)
		wanted := identity.Terminal{
			Serial: t.Serial, Name: t.Name, Model: t.Model, Projection: identity.Projection(or(t.Projection, string(identity.ProjectionAutomatic))),
			Description: or(t.Description, ""), Contact: identity.Contact{Mobile: or(t.Mobile, "-"), Email: or(t.Email, "-")}, // what is stored may have some
		}
		c.rule(t.At, wanted.Validate())
	}
}

func terminalAsWritten(t resource.Terminal) Terminal {
	item, projection := t.Item, string(t.Item.Projection)
	return Terminal{
		Serial: item.Serial, Name: item.Name, Model: item.Model, Projection: &projection, Department: &t.Department.Code,
		Mobile: &item.Contact.Mobile, Country: &item.Contact.Country, Email: &item.Contact.Email, Description: &item.Description, Disabled: &item.Disabled,
	}
}

func freshTerminal() Terminal {
	fresh := resource.Terminal{}
	fresh.Item.Projection, fresh.Item.Contact.Country, fresh.Department.Code = identity.ProjectionAutomatic, directory.DefaultCountry, identity.RootDepartmentCode
	return terminalAsWritten(fresh)
}

// eachTerminal visits the terminals of an organisation, oldest first.
func eachTerminal(ctx context.Context, actor identity.Actor, house House, org identity.OrganizationID, visit func(resource.Terminal) error) error {
	var after string
	for {
		page, err := house.Resources.Terminals(ctx, actor, org, resource.TerminalQuery{Slice: resource.Slice{After: after, Limit: pageSize}})
		if err != nil {
			return err
		}
		for _, t := range page.Items {
			if err := visit(t); err != nil {
				return err
			}
			after = string(t.Item.ID)
		}
		if len(page.Items) < pageSize {
			return nil
		}
	}
}

// storedTerminals are the terminals of an organisation by their folded serial
// numbers. Those that are not listed are planned to go, when pruning, before
// anything else: what they take of a resource is free then.
func (p *planner) storedTerminals(w Organization, of owner) (map[string]resource.Terminal, error) {
	stored, listed := map[string]resource.Terminal{}, map[string]bool{}
	if w.Terminals == nil || of.new {
		return stored, nil
	}
	for _, t := range w.Terminals {
		listed[identity.Fold(t.Serial)] = true
	}
	err := eachTerminal(p.ctx, p.actor, p.house, of.id, func(t resource.Terminal) error {
		key := identity.Fold(t.Item.Serial)
		stored[key] = t
		if p.options.Prune && !listed[key] {
			p.add(Step{Action: Remove, Kind: "terminal", Name: t.Item.Serial, Of: of.code, do: func(ctx context.Context, a *applier) error {
				return a.house.Resources.RemoveTerminals(ctx, a.actor, of.id, []string{string(t.Item.ID)})
			}})
		}
		return nil
	})
	return stored, err
}

// terminals plans the listed terminals, once their departments and what is
// granted for them are there.
func (p *planner) terminals(w Organization, of owner, tree *tree, stored map[string]resource.Terminal) {
	for _, t := range w.Terminals {
		if t.Department != nil && !tree.has(*t.Department) {
			at := t.At
			at.Path = join(at.Path, "department")
			p.problems.add(at, "there is no department %q in %s, neither here nor stored", *t.Department, of.code)
			continue
		}
		old, exists := stored[identity.Fold(t.Serial)]
		switch fields := differences(t, terminalAsWritten(old)); {
		case !exists && or(t.Mobile, "") == "" && or(t.Email, "") == "":
			at := t.At
			at.Path = join(at.Path, "email")
			p.problems.add(at, "a new terminal needs a mobile number or a mail address of whoever looks after it")
		case !exists:
			p.add(Step{Action: Create, Kind: "terminal", Name: t.Serial, Of: of.code, do: createTerminal(t, of)})
		case t.Model != old.Item.Model:
			at := t.At
			at.Path = join(at.Path, "model")
			p.problems.add(at, "never changes: it is %s", quoted(old.Item.Model))
		case len(fields) > 0:
			p.add(Step{Action: Change, Kind: "terminal", Name: old.Item.Serial, Of: of.code, Fields: fields, do: changeTerminal(t, of, old)})
		}
	}
}

// createTerminal makes a terminal. Nobody is sent its activation code: that is
// asked for when somebody stands before it.
func createTerminal(t Terminal, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		_, err = a.house.Resources.AddTerminal(ctx, a.actor, org, resource.NewTerminal{
			Serial: t.Serial, Name: t.Name, Model: t.Model, Projection: identity.Projection(or(t.Projection, "")), DepartmentCode: or(t.Department, ""),
			Contact:     identity.Contact{Mobile: or(t.Mobile, ""), Country: or(t.Country, ""), Email: or(t.Email, "")},
			Description: or(t.Description, ""), Disabled: or(t.Disabled, false),
		})
		return err
	}
}

func changeTerminal(t Terminal, of owner, old resource.Terminal) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		_, err := a.house.Resources.ChangeTerminal(ctx, a.actor, of.id, string(old.Item.ID), 0, resource.TerminalChange{
			Name: &t.Name, Projection: (*identity.Projection)(t.Projection), DepartmentCode: t.Department, Mobile: t.Mobile, Country: t.Country,
			Email: t.Email, Description: t.Description, Disabled: t.Disabled,
		})
		return err
	}
}

func (e *exporter) terminals(org identity.OrganizationID) error {
	terminals := list{e: e, indent: 2, key: "terminals"}
	return eachTerminal(e.ctx, e.actor, e.house, org, func(t resource.Terminal) error {
		return terminals.add(withoutDefaults(terminalAsWritten(t), freshTerminal()))
	})
}

// equipment plans what is granted to an organisation and the terminals that use
// it, before the members whom it may make room for. It returns what is granted
// and not listed.
func (p *planner) equipment(w Organization, of owner, tree *tree) (granted []identity.Resource, err error) {
	stored, err := p.storedTerminals(w, of)
	if err != nil {
		return nil, err
	}
	granted, err = p.resources(w, of)
	if err != nil {
		return nil, err
	}
	p.terminals(w, of, tree, stored)
	return granted, nil
}
