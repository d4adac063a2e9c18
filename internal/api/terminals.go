package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/resource"
)

// TerminalModel is a model of terminals and what it can do.
type TerminalModel struct {
	Name       string `json:"name"`
	Kind       string `json:"kind" doc:"The kind of resource that a terminal of this model takes one of."`
	ThirdParty bool   `json:"third_party"`
	FullHD     bool   `json:"full_hd" doc:"Whether it shows 1080 lines, else 720."`
	Activation bool   `json:"activation" doc:"Whether it is activated by a code."`
	Projection bool   `json:"projection" doc:"Whether it shows a code for projection."`
	SVC        bool   `json:"svc" doc:"Whether it takes scalable video."`
}

func listTerminalModels(_ context.Context, c *call, _ *noInput) (*all[TerminalModel], error) {
	if c.actor.Kind == identity.ActsAsPerson {
		return nil, fault.New(fault.Forbidden, fault.CodeForbidden) // who is in no organisation has no terminals
	}
	return whole(identity.TerminalModels(), func(m identity.TerminalModel) TerminalModel {
		return TerminalModel{m.Name, string(m.Kind()), m.ThirdParty, m.FullHD, m.Activation, m.Projection, m.SVC}
	}), nil
}

// DeviceContact is how whoever looks after a device is reached.
type DeviceContact struct {
	Mobile  string `json:"mobile,omitempty" doc:"With the country code, such as +8613800000001, or as it is dialled in the country."`
	Country string `json:"country,omitempty" doc:"Of the number, by its symbolic name, such as chinaPR."`
	Email   string `json:"email,omitempty"`
}

func (d DeviceContact) contact() identity.Contact {
	return identity.Contact{Mobile: d.Mobile, Country: d.Country, Email: d.Email}
}

func contactOf(c identity.Contact) DeviceContact {
	return DeviceContact{Mobile: c.Mobile, Country: c.Country, Email: c.Email}
}

// Terminal is a hard terminal of an organisation.
type Terminal struct {
	ID         string `json:"id"`
	Serial     string `json:"serial" doc:"The number its maker gave it. It never changes."`
	Name       string `json:"name"`
	Model      string `json:"model"`
	Account    string `json:"account" doc:"By which it signs in."`
	Number     string `json:"number" doc:"Its SIP number."`
	Projection string `json:"projection" enum:"automatic,simple,complex"`
	Department string `json:"department" doc:"The code of the department that it stands in."`
	DeviceContact
	Description      string     `json:"description"`
	Disabled         bool       `json:"disabled"`
	ActivationCode   string     `json:"activation_code,omitempty" doc:"Told when it is made, and nowhere else."`
	ActivationEndsAt *time.Time `json:"activation_ends_at,omitempty" doc:"Until when the activation code can be used; absent where the model has none."`
	Version          int64      `json:"version"`
	CreatedAt        time.Time  `json:"created_at"`
	UpdatedAt        time.Time  `json:"updated_at"`
}

func terminalShown(t resource.Terminal) Terminal {
	item := t.Item
	view := Terminal{
		ID: string(item.ID), Serial: item.Serial, Name: item.Name, Model: item.Model, Account: item.Account, Number: item.Number,
		Projection: string(item.Projection), Department: t.Department.Code, DeviceContact: contactOf(item.Contact), Description: item.Description,
		Disabled: item.Disabled, Version: item.Version, CreatedAt: item.CreatedAt.UTC(), UpdatedAt: item.UpdatedAt.UTC(),
	}
	if item.Activation.Code != "" {
		view.ActivationEndsAt = new(item.Activation.EndsAt.UTC())
	}
	return view
}

// newlyActivated shows a terminal with the activation code that was just made.
func newlyActivated(t resource.Terminal) Terminal {
	view := terminalShown(t)
	view.ActivationCode = t.Item.Activation.Code
	return view
}

// DeviceFilter is what lists of devices are narrowed and ordered by.
type DeviceFilter struct {
	Named
	Department string `query:"department" doc:"Only those in the department with this code or below it."`
}

type terminalsQuery struct {
	InOrganization
	DeviceFilter
	Q      string `query:"q" doc:"Only those whose name or serial number contains this, whatever the letter case."`
	Model  string `query:"model" doc:"Only those of this model."`
	Status string `query:"status" enum:"enabled,disabled" doc:"Only those in this state."`
	Alone  bool   `query:"alone" doc:"Leaves out what stands in the departments below."`
}

func listTerminals(ctx context.Context, c *call, in *terminalsQuery) (*listed[Terminal], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	q := resource.TerminalQuery{Text: in.Q, Model: in.Model, DepartmentCode: in.Department, Alone: in.Alone}
	if q.NameOrder, q.Slice, err = in.part("trm_"); err != nil {
		return nil, err
	}
	if in.Status != "" {
		q.Disabled = new(in.Status == "disabled")
	}
	found, err := c.s.o.Resources.Terminals(ctx, c.actor, o.ID, q)
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found.Items, func(t resource.Terminal) string { return in.key(string(t.Item.ID), t.Item.Name) }, terminalShown), nil
}

// NewTerminal is the body that makes a terminal.
type NewTerminal struct {
	Serial     string `json:"serial,omitempty" doc:"The number its maker gave it, 1 to 64 letters, digits and underscores, unique in the organisation. Left out, one is drawn."`
	Name       string `json:"name" doc:"1 to 64 characters."`
	Model      string `json:"model" doc:"One of GET /api/v1/terminal-models."`
	Projection string `json:"projection,omitempty" enum:"automatic,simple,complex" doc:"How it makes the code by which screens are projected to it. Left out, automatic."`
	Department string `json:"department,omitempty" doc:"The code of the department that it stands in. Left out, the topmost."`
	DeviceContact
	Description string `json:"description,omitempty" doc:"At most 128 characters."`
	Disabled    bool   `json:"disabled,omitempty"`
	Notify      bool   `json:"notify,omitempty" doc:"Whether the activation code is sent to the contact."`
}

type addTerminalInput struct {
	InOrganization
	Body NewTerminal
}

func addTerminal(ctx context.Context, c *call, in *addTerminalInput) (*made[Terminal], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	b := in.Body
	t, err := c.s.o.Resources.AddTerminal(ctx, c.actor, o.ID, resource.NewTerminal{
		Serial: b.Serial, Name: b.Name, Model: b.Model, Projection: identity.Projection(b.Projection), DepartmentCode: b.Department,
		Contact: b.contact(), Description: b.Description, Disabled: b.Disabled, Notify: b.Notify,
	})
	if err != nil {
		return nil, err
	}
	return &made[Terminal]{
		ETag: etag(t.Item.Version), Location: c.at("/organizations/" + string(o.ID) + "/terminals/" + string(t.Item.ID)), Body: newlyActivated(t),
	}, nil
}

// InTerminal is embedded by everything about one terminal.
type InTerminal struct {
	InOrganization
	Terminal string `path:"terminal" doc:"The terminal's identifier or serial number."`
}

// terminal finds the terminal that a call is about.
func (c *call) terminal(ctx context.Context, in InTerminal) (t resource.Terminal, err error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return t, err
	}
	return c.s.o.Resources.Terminal(ctx, c.actor, o.ID, in.Terminal)
}

type terminalInput struct {
	InTerminal
	Known
}

func getTerminal(ctx context.Context, c *call, in *terminalInput) (*single[Terminal], error) {
	t, err := c.terminal(ctx, in.InTerminal)
	if err != nil {
		return nil, err
	}
	return shown(in.Known, t.Item.Version, terminalShown(t))
}

// TerminalChange is an edit of a terminal; what is left out stays, an empty text
// clears a field.
type TerminalChange struct {
	Name        *string `json:"name,omitempty"`
	Projection  *string `json:"projection,omitempty" enum:"automatic,simple,complex"`
	Department  *string `json:"department,omitempty"`
	Mobile      *string `json:"mobile,omitempty"`
	Country     *string `json:"country,omitempty"`
	Email       *string `json:"email,omitempty"`
	Description *string `json:"description,omitempty"`
	Disabled    *bool   `json:"disabled,omitempty"`
}

type changeTerminalInput struct {
	InTerminal
	Unchanged
	Body TerminalChange
}

func changeTerminal(ctx context.Context, c *call, in *changeTerminalInput) (*single[Terminal], error) {
	t, err := c.terminal(ctx, in.InTerminal)
	if err != nil {
		return nil, err
	}
	version, err := in.version(t.Item.Version)
	if err != nil {
		return nil, err
	}
	b := in.Body
	t, err = c.s.o.Resources.ChangeTerminal(ctx, c.actor, t.Item.OrganizationID, string(t.Item.ID), version, resource.TerminalChange{
		Name: b.Name, Projection: (*identity.Projection)(b.Projection), DepartmentCode: b.Department, Mobile: b.Mobile, Country: b.Country,
		Email: b.Email, Description: b.Description, Disabled: b.Disabled,
	})
	if err != nil {
		return nil, err
	}
	return &single[Terminal]{ETag: etag(t.Item.Version), Body: terminalShown(t)}, nil
}

type removeTerminalInput struct {
	InTerminal
	Unchanged
}

func removeTerminal(ctx context.Context, c *call, in *removeTerminalInput) (*empty, error) {
	t, err := c.terminal(ctx, in.InTerminal)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(t.Item.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Resources.RemoveTerminals(ctx, c.actor, t.Item.OrganizationID, []string{string(t.Item.ID)})
}

type resetTerminalInput struct {
	InTerminal
	Unchanged
	Body DeviceContact
}

func resetTerminal(ctx context.Context, c *call, in *resetTerminalInput) (*single[Terminal], error) {
	t, err := c.terminal(ctx, in.InTerminal)
	if err != nil {
		return nil, err
	}
	if _, err := in.version(t.Item.Version); err != nil {
		return nil, err
	}
	t, err = c.s.o.Resources.ResetActivation(ctx, c.actor, t.Item.OrganizationID, string(t.Item.ID), in.Body.contact())
	if err != nil {
		return nil, err
	}
	return &single[Terminal]{ETag: etag(t.Item.Version), Body: newlyActivated(t)}, nil
}
