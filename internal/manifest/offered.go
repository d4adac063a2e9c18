package manifest

import (
	"context"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// willHaveSource reports whether an organisation will have a source of a name.
func (p *planner) willHaveSource(name string, w Organization, of owner) (bool, error) {
	for _, s := range w.Sources {
		if identity.Fold(s.Name) == identity.Fold(name) {
			return true, nil
		}
	}
	if of.new || w.Sources != nil && p.options.Prune {
		return false, nil
	}
	names, err := sourceNames(p.ctx, p.actor, p.house, of.id)
	_, there := sourceOf(names, name)
	return there, err
}

// sourceOf is the identifier of the source with a name, compared folded.
func sourceOf(names map[identity.SourceID]string, name string) (identity.SourceID, bool) {
	for id, stored := range names {
		if identity.Fold(stored) == identity.Fold(name) {
			return id, true
		}
	}
	return "", false
}

// defaultSource plans where people are led who did not choose, once the source is
// there and enabled.
func (p *planner) defaultSource(w Organization, of owner, stored identity.SourceID) error {
	if w.DefaultSource == nil {
		return nil
	}
	was, name := "", *w.DefaultSource
	if stored != "" {
		names, err := sourceNames(p.ctx, p.actor, p.house, of.id)
		if err != nil {
			return err
		}
		was = names[stored]
	}
	if identity.Fold(was) == identity.Fold(name) {
		return nil
	}
	at := w.At
	at.Path = join(at.Path, "default_source")
	if err := p.needSource(at, name, w, of); err != nil {
		return err
	}
	p.add(Step{
		Action: Change, Kind: "organization", Name: of.code, Fields: []FieldChange{{Key: "default_source", Old: quoted(was), New: quoted(name)}},
		do: leadToSource(name, of),
	})
	return nil
}

func leadToSource(name string, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		id, err := a.source(ctx, org, name)
		if err != nil {
			return err
		}
		_, err = a.house.Directory.ChangeOrganization(ctx, a.actor, org, 0, directory.OrganizationChange{DefaultSource: &id})
		return err
	}
}

// aimSources finds the sources that an application names.
func (a *applier) aimSources(ctx context.Context, org identity.OrganizationID, w Application, c *application.ApplicationChange) error {
	if w.Sources == nil {
		return nil
	}
	names, err := sourceNames(ctx, a.actor, a.house, org)
	if err != nil {
		return err
	}
	ids := []identity.SourceID{}
	for _, name := range w.Sources {
		id, ok := sourceOf(names, name)
		if !ok {
			return fault.New(fault.NotFound, fault.CodeSourceNotFound)
		}
		ids = append(ids, id)
	}
	c.Sources = &ids
	return nil
}
