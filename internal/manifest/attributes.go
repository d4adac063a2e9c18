package manifest

import (
	"context"
	"slices"
	"strings"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

func (c *checker) attributes(all []Attribute) {
	seen := taken{}
	for i := range all {
		c.attribute(seen, &all[i])
	}
}

// attribute looks for keys given twice and for what no definition is.
func (c *checker) attribute(seen taken, a *Attribute) {
	if a.Key == "" {
		return
	}
	c.free(seen, a.Key, a.At, "key")
	wanted := attributeWanted(*a)
	if a.Candidates == nil && (wanted.Type == identity.AttributeChoice || wanted.Type == identity.AttributeChoices) {
		wanted.Candidates = []string{"-"} // what is stored may have some
	}
	c.rule(a.At, wanted.Validate())
}

func attributeWanted(a Attribute) identity.Attribute {
	return identity.Attribute{
		Key: a.Key, Label: a.Label, Type: identity.AttributeType(a.Type), Masked: or(a.Masked, false), Candidates: a.Candidates,
		Required: or(a.Required, false), Hidden: !or(a.Shown, true), Place: or(a.Position, lastSortLevel),
	}
}

func attributeAsWritten(a identity.Attribute) Attribute {
	candidates := a.Candidates
	if candidates == nil {
		candidates = []string{}
	}
	return Attribute{
		Key: a.Key, Label: a.Label, Type: string(a.Type), Masked: &a.Masked, Candidates: candidates, Required: &a.Required,
		Shown: new(!a.Hidden), Position: &a.Place,
	}
}

func freshAttribute() Attribute { return attributeAsWritten(identity.Attribute{Place: lastSortLevel}) }

// attributes plans the definitions of an organisation's attributes. They come
// before the members who have values; stored ones that are not listed are
// returned, to go after them.
func (p *planner) attributes(w Organization, of owner) (left []identity.Attribute, known identity.Attributes, err error) {
	if !of.new {
		if known, err = p.house.Directory.Attributes(p.ctx, p.actor, of.id); err != nil {
			return nil, nil, err
		}
	}
	if w.Attributes == nil {
		return nil, known, nil
	}
	left = slices.Clone(known)
	for _, a := range w.Attributes {
		at := slices.IndexFunc(left, func(old identity.Attribute) bool { return old.Key == a.Key })
		if at < 0 {
			known = append(known, attributeWanted(a))
			if err := attributeWanted(a).Validate(); err != nil {
				p.problems.add(a.At, "%s: %s", fault.Of(err).Field, p.problems.sentence(fault.Of(err)))
			}
			p.add(Step{Action: Create, Kind: "attribute", Name: a.Key, Of: of.code, do: createAttribute(a, of)})
			continue
		}
		p.changeAttribute(a, left[at], of)
		left = slices.Delete(left, at, at+1)
	}
	if !p.options.Prune {
		return nil, known, nil
	}
	return left, known, nil
}

// changeAttribute plans the edit of a definition. Most of it never changes.
func (p *planner) changeAttribute(a Attribute, old identity.Attribute, of owner) {
	fields := differences(a, attributeAsWritten(old))
	if len(fields) == 0 {
		return
	}
	for _, f := range fields {
		if f.Key != "label" && f.Key != "shown" && f.Key != "position" {
			at := a.At
			at.Path = join(at.Path, f.Key)
			p.problems.add(at, "never changes: it is %s; only label, shown and position may be edited", f.Old)
		}
	}
	p.add(Step{Action: Change, Kind: "attribute", Name: a.Key, Of: of.code, Fields: fields, do: editAttribute(a, old)})
}

func createAttribute(a Attribute, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, ap *applier) error {
		org, err := of.resolve(ap)
		if err != nil {
			return err
		}
		_, err = ap.house.Directory.AddAttribute(ctx, ap.actor, org, attributeWanted(a))
		return err
	}
}

func editAttribute(a Attribute, old identity.Attribute) func(context.Context, *applier) error {
	return func(ctx context.Context, ap *applier) error {
		c := directory.AttributeChange{Label: &a.Label, Place: a.Position}
		if a.Shown != nil {
			c.Hidden = new(!*a.Shown)
		}
		_, err := ap.house.Directory.ChangeAttribute(ctx, ap.actor, old.OrganizationID, old.Key, 0, c)
		return err
	}
}

// pruneAttributes plans the removal of definitions.
func (p *planner) pruneAttributes(left []identity.Attribute, of owner) {
	for _, old := range left {
		p.add(Step{Action: Remove, Kind: "attribute", Name: old.Key, Of: of.code, do: func(ctx context.Context, a *applier) error {
			return a.house.Directory.RemoveAttribute(ctx, a.actor, old.OrganizationID, old.Key)
		}})
	}
}

// checkAttributes reports values of a member that do not fit the definitions.
// What is stored and stays is let be.
func (p *planner) checkAttributes(c *crew, m *Member) {
	var before map[string]string
	if stored := c.stored[identity.FoldAccount(m.Account)]; stored != nil {
		before = stored.Member.Attributes
	}
	at := m.At
	at.Path = join(at.Path, "attributes")
	for _, a := range c.attributes {
		if a.Required && m.Attributes != nil && before[a.Key] != "" && m.Attributes[a.Key] == "" {
			p.problems.add(at, "%s: is required, and %s has a value", a.Key, m.Account)
		}
	}
	err := c.attributes.Edited(before, m.Attributes)
	if err == nil {
		return
	}
	first := fault.Of(err)
	for _, f := range append([]*fault.Error{first}, first.Others...) {
		p.problems.add(at, "%s: %s", strings.TrimPrefix(f.Field, "attributes."), p.problems.sentence(f))
	}
}
