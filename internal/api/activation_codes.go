package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// ActivationCode is a code by which a device becomes one of the organisation's.
type ActivationCode struct {
	ID         string    `json:"id"`
	Code       string    `json:"code" doc:"What is typed at the device. It can be read again, for whoever sets the device up."`
	EndsAt     time.Time `json:"ends_at" doc:"Until when the code can be used."`
	Device     string    `json:"device" enum:"idea_hub,smart_screen,whiteboard,smart_room"`
	Name       string    `json:"name" doc:"Of the device."`
	Department string    `json:"department" doc:"The code of the department that it stands in."`
	DeviceContact
	Description string    `json:"description"`
	Version     int64     `json:"version"`
	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
}

func activationShown(a resource.ActivationCode) ActivationCode {
	item := a.Item
	return ActivationCode{
		ID: string(item.ID), Code: item.Activation.Code, EndsAt: item.Activation.EndsAt.UTC(), Device: string(item.Device), Name: item.Name,
		Department: a.Department.Code, DeviceContact: contactOf(item.Contact), Description: item.Description, Version: item.Version,
		CreatedAt: item.CreatedAt.UTC(), UpdatedAt: item.UpdatedAt.UTC(),
	}
}

type activationsQuery struct {
	InOrganization
	DeviceFilter
	Q      string `query:"q" doc:"Only those where the device's name contains this, whatever the letter case, or whose code this is."`
	Device string `query:"device" enum:"idea_hub,smart_screen,whiteboard,smart_room" doc:"Only those of this kind of device."`
}

func listActivationCodes(ctx context.Context, c *call, in *activationsQuery) (*listed[ActivationCode], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q := resource.ActivationQuery{Text: in.Q, Device: identity.DeviceKind(in.Device)}
	if q.NameOrder, q.Slice, err = in.part("act_"); err != nil {
		return nil, err
	}
	if in.Department != "" {
		d, err := c.s.o.Directory.Department(ctx, c.actor, o.ID, in.Department)
		if err != nil {
			return nil, err
		}
		q.Below = d.Path
	}
	found, err := c.s.o.Resources.ActivationCodes(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found.Items, func(a resource.ActivationCode) string { return in.key(string(a.Item.ID), a.Item.Name) }, activationShown), nil
}

// NewActivationCode is the body that makes an activation code.
type NewActivationCode struct {
	Device     string `json:"device" enum:"idea_hub,smart_screen,whiteboard,smart_room"`
	Name       string `json:"name" doc:"Of the device, 1 to 64 characters."`
	Department string `json:"department,omitempty" doc:"The code of the department that it stands in. Left out, the topmost."`
	DeviceContact
	Description string `json:"description,omitempty" doc:"At most 128 characters."`
}

type addActivationInput struct {
	InOrganization
	Body NewActivationCode
}

func addActivationCode(ctx context.Context, c *call, in *addActivationInput) (*made[ActivationCode], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	a, err := c.s.o.Resources.AddActivationCode(ctx, c.actor, o.ID, resource.NewActivationCode{
		Device: identity.DeviceKind(in.Body.Device), Name: in.Body.Name, DepartmentCode: in.Body.Department, Description: in.Body.Description,
		Contact: in.Body.contact(),
	})
	if err != nil {
		return nil, err
	}
	return &made[ActivationCode]{
		ETag: etag(a.Item.Version), Location: c.at("/organizations/" + string(o.ID) + "/activation-codes/" + string(a.Item.ID)),
		Body: activationShown(a),
	}, nil
}

// InActivationCode is embedded by everything about one activation code.
type InActivationCode struct {
	InOrganization
	Code string `path:"activation_code" doc:"The identifier of the activation code, which is not the code."`
}

// activationCode finds the activation code that a call is about.
func (c *call) activationCode(ctx context.Context, in InActivationCode) (a resource.ActivationCode, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return a, err
	}
	return c.s.o.Resources.ActivationCode(ctx, c.actor, o.ID, identity.ActivationCodeID(in.Code))
}

type activationInput struct {
	InActivationCode
	Known
}

func getActivationCode(ctx context.Context, c *call, in *activationInput) (*single[ActivationCode], error) {
	a, err := c.activationCode(ctx, in.InActivationCode)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, a.Item.Version, activationShown(a))
}

type resetActivationInput struct {
	InActivationCode
	Unchanged
	Body DeviceContact
}

func resetActivationCode(ctx context.Context, c *call, in *resetActivationInput) (*single[ActivationCode], error) {
	a, err := c.activationCode(ctx, in.InActivationCode)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(a.Item.Version); err != nil {
		return nil, err
	}
	a, err = c.s.o.Resources.ResetActivationCode(ctx, c.actor, a.Item.OrganizationID, a.Item.ID, in.Body.contact())
	if err != nil {
		return nil, err
	}
	return &single[ActivationCode]{ETag: etag(a.Item.Version), Body: activationShown(a)}, nil
}

type removeActivationInput struct {
	InActivationCode
	Unchanged
}

func removeActivationCode(ctx context.Context, c *call, in *removeActivationInput) (*empty, error) {
	a, err := c.activationCode(ctx, in.InActivationCode)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(a.Item.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.RemoveActivationCodes(ctx, c.actor, a.Item.OrganizationID, []identity.ActivationCodeID{a.Item.ID})
}

type manyActivationsInput struct {
	InOrganization
	Body struct {
		Codes []identity.ActivationCodeID `json:"activation_codes" doc:"Identifiers, at most 500."`
	}
}

func removeActivationCodes(ctx context.Context, c *call, in *manyActivationsInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.RemoveActivationCodes(ctx, c.actor, o.ID, in.Body.Codes)
}
