package api

import (
	"context"
	"net/url"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// Attribute is the definition of a custom attribute of members.
type Attribute struct {
	Key        string    `json:"key" doc:"By which members, authentication sources and applications name it."`
	Label      string    `json:"label" doc:"What people read."`
	Type       string    `json:"type" enum:"text,choice,choices,date,number"`
	Masked     bool      `json:"masked" doc:"Whether who does not manage members is shown •••• in place of a value."`
	Candidates []string  `json:"candidates" doc:"Of a choice: what may be chosen. Several choices are joined by | in a value."`
	Required   bool      `json:"required" doc:"Whether somebody who is entered here or by an import has to have a value."`
	Shown      bool      `json:"shown" doc:"Whether who does not manage members is shown it."`
	Position   int       `json:"position" doc:"Smaller comes first."`
	Version    int64     `json:"version"`
	CreatedAt  time.Time `json:"created_at"`
	UpdatedAt  time.Time `json:"updated_at"`
}

func attributeShown(a identity.Attribute) Attribute {
	candidates := a.Candidates
	if candidates == nil {
		candidates = []string{}
	}
	return Attribute{
		Key: a.Key, Label: a.Label, Type: string(a.Type), Masked: a.Masked, Candidates: candidates, Required: a.Required, Shown: !a.Hidden,
		Position: a.Place, Version: a.Version, CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
	}
}

type attributesInput struct{ InOrganization }

func listAttributes(ctx context.Context, c *call, in *attributesInput) (*all[Attribute], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Directory.Attributes(ctx, c.actor, o.ID)
	if err != nil {
		return nil, err
	}
	return whole(found, attributeShown), nil
}

// NewAttribute is the body that defines an attribute. Label, shown and position
// may be edited afterwards, nothing else.
type NewAttribute struct {
	Key        string   `json:"key" doc:"1 to 64 letters, digits and the characters . _ -, unique in the organisation. Values that members have of it already stay."`
	Label      string   `json:"label" doc:"1 to 64 characters."`
	Type       string   `json:"type" enum:"text,choice,choices,date,number" doc:"A date is written as 2030-12-31, a number as -12.5."`
	Masked     bool     `json:"masked,omitempty" doc:"Of a text: whether who does not manage members is shown •••• in place of a value."`
	Candidates []string `json:"candidates,omitempty" maxItems:"200" doc:"Of a choice: what may be chosen, each without |."`
	Required   bool     `json:"required,omitempty" doc:"Whether somebody who is entered here or by an import has to have a value. Whoever signs in for the first time by a source never has to."`
	Shown      *bool    `json:"shown,omitempty" doc:"Whether who does not manage members is shown it. Default true."`
	Position   int      `json:"position,omitempty" doc:"1 to 10000; smaller comes first. Default 10000."`
}

type addAttributeInput struct {
	InOrganization
	Body NewAttribute
}

func addAttribute(ctx context.Context, c *call, in *addAttributeInput) (*made[Attribute], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	b := in.Body
	a, err := c.s.o.Directory.AddAttribute(ctx, c.actor, o.ID, identity.Attribute{
		Key: b.Key, Label: b.Label, Type: identity.AttributeType(b.Type), Masked: b.Masked, Candidates: b.Candidates, Required: b.Required,
		Hidden: b.Shown != nil && !*b.Shown, Place: b.Position,
	})
	if err != nil {
		return nil, err
	}
	return &made[Attribute]{
		ETag: etag(a.Version), Location: c.at("/organizations/" + string(o.ID) + "/attributes/" + url.PathEscape(a.Key)), Body: attributeShown(a),
	}, nil
}

// InAttribute is embedded by everything about one attribute.
type InAttribute struct {
	InOrganization
	Attribute string `path:"attribute" doc:"The attribute's key."`
}

// attribute finds the definition that a call is about.
func (c *call) attribute(ctx context.Context, in InAttribute) (a identity.Attribute, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return a, err
	}
	return c.s.o.Directory.Attribute(ctx, c.actor, o.ID, in.Attribute)
}

type attributeInput struct {
	InAttribute
	Known
}

func getAttribute(ctx context.Context, c *call, in *attributeInput) (*single[Attribute], error) {
	a, err := c.attribute(ctx, in.InAttribute)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, a.Version, attributeShown(a))
}

// AttributeChange is an edit of a definition; what is left out stays.
type AttributeChange struct {
	Label    *string `json:"label,omitempty"`
	Shown    *bool   `json:"shown,omitempty"`
	Position *int    `json:"position,omitempty"`
}

type changeAttributeInput struct {
	InAttribute
	Unchanged
	Body AttributeChange
}

func changeAttribute(ctx context.Context, c *call, in *changeAttributeInput) (*single[Attribute], error) {
	a, err := c.attribute(ctx, in.InAttribute)
	if err != nil {
		return nil, err
	}
	version, err := in.version(a.Version)
	if err != nil {
		return nil, err
	}
	change := directory.AttributeChange{Label: in.Body.Label, Place: in.Body.Position}
	if in.Body.Shown != nil {
		change.Hidden = new(!*in.Body.Shown)
	}
	a, err = c.s.o.Directory.ChangeAttribute(ctx, c.actor, a.OrganizationID, a.Key, version, change)
	if err != nil {
		return nil, err
	}
	return &single[Attribute]{ETag: etag(a.Version), Body: attributeShown(a)}, nil
}

type removeAttributeInput struct {
	InAttribute
	Unchanged
}

func removeAttribute(ctx context.Context, c *call, in *removeAttributeInput) (*empty, error) {
	a, err := c.attribute(ctx, in.InAttribute)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(a.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveAttribute(ctx, c.actor, a.OrganizationID, a.Key)
}
