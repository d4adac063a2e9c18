package api

import (
	"context"
	"net/http"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/source"
)

type (
	sourcesInput struct{ InOrganization }
	// InSource is embedded by everything about one source.
	InSource struct {
		InOrganization
		Source string `path:"source" doc:"The identifier of the source."`
	}
	addSourceInput struct {
		InOrganization
		Body NewSource
	}
	sourceInput struct {
		InSource
		Known
	}
	changeSourceInput struct {
		InSource
		Unchanged
		Body SourceChange
	}
	sourceActionInput struct {
		InSource
		Unchanged
	}
	sourceIconInput    struct{ InSource }
	setSourceIconInput struct {
		InSource
		Unchanged
		RawBody []byte `contentType:"image/png" doc:"A PNG or JPEG picture of 240×240 pixels and at most 20 KiB, as it is."`
	}
	noInput struct{}
)

func listSourceKinds(_ context.Context, c *call, _ *noInput) (*all[SourceKind], error) {
	if c.actor.Kind == identity.ActsAsPerson {
		return nil, fault.New(fault.Forbidden, fault.CodeForbidden) // who is in no organisation sets up none of its sources
	}
	return whole(source.Kinds(), func(k identity.SourceKind) SourceKind {
		shown := SourceKind{Kind: string(k), Label: c.text("source.kind." + string(k)), Fields: []SourceField{}}
		for _, f := range source.Schema(k) {
			field := SourceField{
				Key: f.Key, Type: string(f.Type), Label: c.text(f.LabelKey()), Help: c.text(f.HelpKey()), Required: f.Required,
				Default: f.Default, Choices: []SourceChoice{},
			}
			for _, choice := range f.Choices {
				field.Choices = append(field.Choices, SourceChoice{choice, c.text(f.ChoiceKey(choice))})
			}
			shown.Fields = append(shown.Fields, field)
		}
		return shown
	}), nil
}

func listSources(ctx context.Context, c *call, in *sourcesInput) (*all[Source], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	list, err := c.s.o.Sources.List(ctx, c.actor, o.ID)
	if err != nil {
		return nil, err
	}
	shown := whole(list, func(one source.Configured) Source {
		b, failed := sourceShown(one)
		if failed != nil {
			err = failed
		}
		return b
	})
	return shown, err
}

func addSource(ctx context.Context, c *call, in *addSourceInput) (*made[Source], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	n, err := in.Body.source()
	if err != nil {
		return nil, err
	}
	one, err := c.s.o.Sources.Add(ctx, c.actor, o.ID, n)
	if err != nil {
		return nil, err
	}
	b, err := sourceShown(one)
	return &made[Source]{ETag: etag(one.Version), Location: c.at("/organizations/" + string(o.ID) + "/sources/" + b.ID), Body: b}, err
}

// source finds the source that a call is about.
func (c *call) source(ctx context.Context, in InSource) (source.Configured, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return source.Configured{}, err
	}
	return c.s.o.Sources.Get(ctx, c.actor, o.ID, identity.SourceID(in.Source))
}

// unchangedSource is source for an edit that may name the version it was made
// on; version is 0 for whatever version.
func (c *call) unchangedSource(ctx context.Context, in InSource, u Unchanged) (one source.Configured, version int64, err error) {
	if one, err = c.source(ctx, in); err == nil {
		version, err = u.version(one.Version)
	}
	return one, version, err
}

func getSource(ctx context.Context, c *call, in *sourceInput) (*single[Source], error) {
	one, err := c.source(ctx, in.InSource)
	if err != nil {
		return nil, err
	}
	b, err := sourceShown(one)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, one.Version, b)
}

func changeSource(ctx context.Context, c *call, in *changeSourceInput) (*single[Source], error) {
	one, version, err := c.unchangedSource(ctx, in.InSource, in.Unchanged)
	if err != nil {
		return nil, err
	}
	change, err := in.Body.change(one.Rules)
	if err != nil {
		return nil, err
	}
	if version == 0 && change.Rules != nil {
		// One half of the rules is what was read just now: nobody else's edit of
		// it may be undone by that.
		version = one.Version
	}
	return editedSource(c.s.o.Sources.Change(ctx, c.actor, one.OrganizationID, one.ID, version, change))
}

// editedSource is the answer to an edit of a source.
func editedSource(one source.Configured, err error) (*single[Source], error) {
	if err != nil {
		return nil, err
	}
	b, err := sourceShown(one)
	return &single[Source]{ETag: etag(one.Version), Body: b}, err
}

func removeSource(ctx context.Context, c *call, in *sourceActionInput) (*empty, error) {
	one, version, err := c.unchangedSource(ctx, in.InSource, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Sources.Remove(ctx, c.actor, one.OrganizationID, one.ID, version)
}

func getSourceIcon(ctx context.Context, c *call, in *sourceIconInput) (*iconAnswer, error) {
	one, err := c.source(ctx, in.InSource)
	if err != nil {
		return nil, err
	}
	content, digest, err := c.s.o.Sources.Icon(ctx, one.ID)
	if err != nil {
		return nil, err
	}
	return &iconAnswer{Type: http.DetectContentType(content), ETag: `"` + digest + `"`, Body: content}, nil
}

func setSourceIcon(ctx context.Context, c *call, in *setSourceIconInput) (*single[Source], error) {
	one, version, err := c.unchangedSource(ctx, in.InSource, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return editedSource(c.s.o.Sources.SetIcon(ctx, c.actor, one.OrganizationID, one.ID, version, in.RawBody))
}

func removeSourceIcon(ctx context.Context, c *call, in *sourceActionInput) (*single[Source], error) {
	one, version, err := c.unchangedSource(ctx, in.InSource, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return editedSource(c.s.o.Sources.RemoveIcon(ctx, c.actor, one.OrganizationID, one.ID, version))
}
