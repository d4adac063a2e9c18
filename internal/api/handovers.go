package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// Handover is the offer of an organisation to somebody else, on the wire.
type Handover struct {
	ID        string    `json:"id"`
	Name      string    `json:"name" doc:"The receiver's."`
	Contact   string    `json:"contact" doc:"The mail address or mobile number the offer was sent to."`
	Leaves    bool      `json:"leaves" doc:"Whether the giver leaves the organisation with it; else the giver becomes an administrator."`
	CreatedAt time.Time `json:"created_at"`
	EndsAt    time.Time `json:"ends_at" doc:"It cannot be accepted after this."`
}

func handoverShown(h identity.Handover) Handover {
	return Handover{ID: string(h.ID), Name: h.Name, Contact: h.Contact, Leaves: h.Leaves, CreatedAt: h.CreatedAt.UTC(), EndsAt: h.EndsAt.UTC()}
}

type handoverInput struct{ InOrganization }

func getHandover(ctx context.Context, c *call, in *handoverInput) (*plain[Handover], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	h, err := c.s.o.Directory.Handover(ctx, c.actor, o.ID)
	if err != nil {
		return nil, err
	}
	return &plain[Handover]{handoverShown(h)}, nil
}

type addHandoverInput struct {
	InOrganization
	Body struct {
		Name     string `json:"name" doc:"The receiver's name, 1 to 64 characters."`
		Contact  string `json:"contact" doc:"The receiver's mail address, or mobile number where short messages can be sent."`
		Country  string `json:"country,omitempty" doc:"Of a number without a country code, by its symbolic name, such as chinaPR."`
		Leaves   bool   `json:"leaves,omitempty" doc:"Whether the giver leaves the organisation with it."`
		Language string `json:"language,omitempty" doc:"Of the message; left out, the receiver's own where they have an account."`
	}
}

// handoverMade answers where an offer was made; offers have no versions.
type handoverMade struct {
	Location string `header:"Location" doc:"Where it can be read."`
	Body     Handover
}

func addHandover(ctx context.Context, c *call, in *addHandoverInput) (*handoverMade, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	b := in.Body
	h, err := c.s.o.Directory.OfferOrganization(ctx, c.actor, o.ID, directory.NewHandover{
		Name: b.Name, Contact: b.Contact, Country: b.Country, Leaves: b.Leaves, Language: b.Language,
	})
	if err != nil {
		return nil, err
	}
	return &handoverMade{Location: c.at("/organizations/" + string(o.ID) + "/handover"), Body: handoverShown(h)}, nil
}

func withdrawHandover(ctx context.Context, c *call, in *handoverInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.WithdrawHandover(ctx, c.actor, o.ID)
}
