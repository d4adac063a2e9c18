package manifest

import (
	"context"
	"maps"
	"slices"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

// sourceSecret names a secret of a source among the applied ones.
func sourceSecret(org, name, key string) string {
	return "source:" + identity.Fold(org) + "/" + identity.Fold(name) + "/" + key
}

// source looks for names given twice. The other rules are looked at when the
// source is compared with what is stored.
func (c *checker) source(seen taken, s *Source) {
	if s.Name == "" {
		return
	}
	c.free(seen, identity.Fold(s.Name), s.At, "name")
	if s.Match != nil && s.Match.Trusted != nil {
		slices.Sort(s.Match.Trusted)
	}
}

// sources plans the sources of an organisation, and returns those that are
// stored and not listed: they are removed when no application lists them any
// more.
func (p *planner) sources(w Organization, of owner) (left []source.Configured, err error) {
	if w.Sources == nil {
		return nil, nil
	}
	var stored []source.Configured
	if !of.new {
		if stored, err = p.house.Sources.List(p.ctx, p.actor, of.id); err != nil {
			return nil, err
		}
	}
	for _, one := range w.Sources {
		at := slices.IndexFunc(stored, func(c source.Configured) bool { return identity.Fold(c.Name) == identity.Fold(one.Name) })
		if at < 0 {
			p.checkSource(one, newSource(one).Check())
			p.sourceIcon(one)
			p.add(Step{Action: Create, Kind: "source", Name: one.Name, Of: of.code, do: createSource(one, of)})
			continue
		}
		if err := p.changeSource(one, stored[at], of); err != nil {
			return nil, err
		}
		stored = slices.Delete(stored, at, at+1)
	}
	return stored, nil
}

// pruneSources plans the removal of sources.
func (p *planner) pruneSources(left []source.Configured, of owner) {
	for _, old := range left {
		if p.options.Prune {
			p.add(Step{Action: Remove, Kind: "source", Name: old.Name, Of: of.code, do: removeSource(old)})
		}
	}
}

// changeSource plans the edit of a source that exists.
func (p *planner) changeSource(w Source, old source.Configured, of owner) error {
	if w.Kind != string(old.Kind) {
		p.wrongSource(w, fault.New(fault.Conflict, fault.CodeProtocolFixed).At("kind"))
		return nil
	}
	fields := differences(w, sourceAsWritten(old))
	digest, known := p.sourceIcon(w)
	pictured := known && digest != old.IconDigest
	secrets := sourceSecrets(w.Settings)
	var err error
	for _, key := range slices.Sorted(maps.Keys(secrets)) {
		if fields, err = p.withSecret(fields, settingsKey(key), sourceSecret(of.code, w.Name, key), secrets[key]); err != nil {
			return err
		}
	}
	edited := len(fields) > 0
	change := sourceChange(w, old, fields)
	p.checkSource(w, old.Check(change))
	if pictured {
		fields = append(fields, FieldChange{Key: "icon", Old: shownPicture(old.IconDigest), New: shownPicture(digest)})
	}
	if len(fields) == 0 {
		return nil
	}
	e := sourceEdit{id: old.ID, fields: edited, icon: pictured, change: change}
	p.add(Step{Action: Change, Kind: "source", Name: old.Name, Of: of.code, Fields: fields, do: editSource(w, of, e)})
	return nil
}

// checkSource reports what a source as a whole lacks, at the keys it is about.
func (p *planner) checkSource(w Source, err error) {
	if err == nil {
		return
	}
	first := fault.Of(err)
	for _, f := range append([]*fault.Error{first}, first.Others...) {
		p.wrongSource(w, f)
	}
}

func (p *planner) wrongSource(w Source, f *fault.Error) {
	at := w.At
	at.Path = join(at.Path, f.Field)
	p.problems.add(at, "%s", p.problems.sentence(f))
}

// sourceIcon looks at the icon of a source and returns its digest, "" for none;
// known is false where the manifest says nothing of it or nothing right.
func (p *planner) sourceIcon(w Source) (digest string, known bool) {
	if !w.Icon.Given() {
		return "", false
	}
	digest, err := icon.Digest(w.Icon.Content())
	p.checkSource(w, err)
	return digest, err == nil
}

// sourceEdit says what of a source is changed.
type sourceEdit struct {
	id           identity.SourceID
	fields, icon bool
	change       source.SourceChange
}

func createSource(w Source, of owner) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		org, err := of.resolve(a)
		if err != nil {
			return err
		}
		one, err := a.house.Sources.Add(ctx, a.actor, org, newSource(w))
		if err != nil {
			return err
		}
		if len(w.Icon.Content()) > 0 {
			if _, err := a.house.Sources.SetIcon(ctx, a.actor, org, one.ID, 0, w.Icon.Content()); err != nil {
				return err
			}
		}
		return a.noteSource(ctx, w, of)
	}
}

func editSource(w Source, of owner, e sourceEdit) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) (err error) {
		if e.fields {
			if _, err := a.house.Sources.Change(ctx, a.actor, of.id, e.id, 0, e.change); err != nil {
				return err
			}
		}
		switch {
		case !e.icon:
		case len(w.Icon.Content()) == 0:
			_, err = a.house.Sources.RemoveIcon(ctx, a.actor, of.id, e.id, 0)
		default:
			_, err = a.house.Sources.SetIcon(ctx, a.actor, of.id, e.id, 0, w.Icon.Content())
		}
		if err != nil {
			return err
		}
		return a.noteSource(ctx, w, of)
	}
}

func removeSource(old source.Configured) func(context.Context, *applier) error {
	return func(ctx context.Context, a *applier) error {
		return a.house.Sources.Remove(ctx, a.actor, old.OrganizationID, old.ID, 0)
	}
}

// noteSource remembers the secrets that have just been applied.
func (a *applier) noteSource(ctx context.Context, w Source, of owner) error {
	for key, secret := range sourceSecrets(w.Settings) {
		if err := a.note(ctx, sourceSecret(of.code, w.Name, key), secret); err != nil {
			return err
		}
	}
	return nil
}

// sources exports the sources of an organisation.
func (e *exporter) sources(org identity.OrganizationID) error {
	all, err := e.house.Sources.List(e.ctx, e.actor, org)
	if err != nil {
		return err
	}
	list := list{e: e, indent: 2, key: "sources"}
	for _, one := range all {
		if err := list.add(withoutDefaults(sourceAsWritten(one), freshSource(one.Kind))); err != nil {
			return err
		}
	}
	return nil
}
