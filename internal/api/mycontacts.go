package api

import "context"

func listMyContacts(ctx context.Context, c *call, in *ContactSearch) (*listed[Contact], error) {
	return c.contacts(ctx, c.ownShelf(), *in)
}

type addMyContactInput struct{ Body ContactFields }

func addMyContact(ctx context.Context, c *call, in *addMyContactInput) (*made[Contact], error) {
	return c.addTo(ctx, c.ownShelf(), in.Body)
}

// InMyContact is embedded by everything about one contact of the caller.
type InMyContact struct {
	Contact string `path:"contact" doc:"The contact's identifier."`
}

type myContactInput struct {
	InMyContact
	Known
}

func getMyContact(ctx context.Context, c *call, in *myContactInput) (*single[Contact], error) {
	return c.showContact(ctx, c.ownShelf(), in.Contact, in.Known)
}

type changeMyContactInput struct {
	InMyContact
	Unchanged
	Body ContactChange
}

func changeMyContact(ctx context.Context, c *call, in *changeMyContactInput) (*single[Contact], error) {
	e, err := c.edit(ctx, c.ownShelf(), in.Contact, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return c.changeContact(ctx, c.ownShelf(), e, in.Body)
}

type removeMyContactInput struct {
	InMyContact
	Unchanged
}

func removeMyContact(ctx context.Context, c *call, in *removeMyContactInput) (*empty, error) {
	at := c.ownShelf()
	e, err := c.edit(ctx, at, in.Contact, in.Unchanged)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Addressbook.RemoveContact(ctx, c.actor, at.org, at.whose, e)
}
