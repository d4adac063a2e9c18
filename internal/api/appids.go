package api

import (
	"context"
	"fmt"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// owner is whom App IDs belong to.
type owner struct {
	id identity.OrganizationID // "" for the provider
	at string                  // the address of its App IDs
}

// finder finds an owner: the organisation in the path, or the provider. What
// follows is the same for both.
type finder func(ctx context.Context, c *call) (owner, error)

func (in InOrganization) owner(ctx context.Context, c *call) (owner, error) {
	o, err := c.organization(ctx, in)
	return owner{o.ID, "/organizations/" + string(o.ID) + "/app-ids/"}, err
}

func provider(context.Context, *call) (owner, error) { return owner{"", "/provider/app-ids/"}, nil }

type (
	appIDsQuery struct {
		InOrganization
		Paging
	}
	providerAppIDsQuery struct{ Paging }
	addAppIDInput       struct {
		InOrganization
		Body NewAppID
	}
	addProviderAppIDInput struct{ Body NewAppID }
	// InAppID is embedded by everything about one App ID.
	InAppID struct {
		AppID string `path:"app_id" doc:"The App ID."`
	}
	appIDInput struct {
		InOrganization
		InAppID
		Known
	}
	providerAppIDInput struct {
		InAppID
		Known
	}
	changeAppIDInput struct {
		InOrganization
		InAppID
		Unchanged
		Body AppIDChange
	}
	changeProviderAppIDInput struct {
		InAppID
		Unchanged
		Body AppIDChange
	}
	appIDActionInput struct {
		InOrganization
		InAppID
		Unchanged
	}
	providerAppIDActionInput struct {
		InAppID
		Unchanged
	}
)

func listAppIDs(ctx context.Context, c *call, in *appIDsQuery) (*listed[AppID], error) {
	return c.listAppIDs(ctx, in.owner, in.Paging)
}

func listProviderAppIDs(ctx context.Context, c *call, in *providerAppIDsQuery) (*listed[AppID], error) {
	return c.listAppIDs(ctx, provider, in.Paging)
}

// listAppIDs reads all of an owner, who has at most 100, and shows the page.
func (c *call) listAppIDs(ctx context.Context, find finder, p Paging) (*listed[AppID], error) {
	o, err := find(ctx, c)
	if err != nil {
		return nil, err
	}
	after, err := p.after("app:")
	if err != nil {
		return nil, err
	}
	found, _, err := c.s.o.Applications.AppIDs(ctx, c.actor, o.id, 0, maxPage)
	if err != nil {
		return nil, err
	}
	for len(found) > 0 && appIDKey(found[0]) <= after {
		found = found[1:]
	}
	return paged(c, p, found, appIDKey, appIDShown), nil
}

// maxPage is the most that any page holds.
const maxPage = 200

// appIDKey sorts as App IDs are listed: by their making.
func appIDKey(a identity.AppID) string {
	return fmt.Sprintf("app:%016x:%s", uint64(a.CreatedAt.UnixMilli()), a.ID)
}

func addAppID(ctx context.Context, c *call, in *addAppIDInput) (*made[KeyedAppID], error) {
	return c.addAppID(ctx, in.owner, in.Body)
}

func addProviderAppID(ctx context.Context, c *call, in *addProviderAppIDInput) (*made[KeyedAppID], error) {
	return c.addAppID(ctx, provider, in.Body)
}

func (c *call) addAppID(ctx context.Context, find finder, b NewAppID) (*made[KeyedAppID], error) {
	o, err := find(ctx, c)
	if err != nil {
		return nil, err
	}
	n := application.NewAppID{ID: b.ID, Name: b.Name, Description: b.Description, AutoCreate: b.AutoCreate, Everlasting: b.Everlasting}
	putSeconds(&n.MaxAhead, b.MaxAhead)
	a, err := c.s.o.Applications.AddAppID(ctx, c.actor, o.id, n)
	if err != nil {
		return nil, err
	}
	return &made[KeyedAppID]{ETag: etag(a.Version), Location: c.at(o.at + a.ID), Body: keyed(a)}, nil
}

// appID finds the App ID that a call is about.
func (c *call) appID(ctx context.Context, find finder, in InAppID) (o owner, a identity.AppID, err error) {
	if o, err = find(ctx, c); err != nil {
		return o, a, err
	}
	a, err = c.s.o.Applications.AppID(ctx, c.actor, o.id, in.AppID)
	return o, a, err
}

func getAppID(ctx context.Context, c *call, in *appIDInput) (*single[AppID], error) {
	return c.getAppID(ctx, in.owner, in.InAppID, in.Known)
}

func getProviderAppID(ctx context.Context, c *call, in *providerAppIDInput) (*single[AppID], error) {
	return c.getAppID(ctx, provider, in.InAppID, in.Known)
}

func (c *call) getAppID(ctx context.Context, find finder, in InAppID, k Known) (*single[AppID], error) {
	_, a, err := c.appID(ctx, find, in)
	if err != nil {
		return nil, err
	}
	return shown(k, a.Version, appIDShown(a))
}

func changeAppID(ctx context.Context, c *call, in *changeAppIDInput) (*single[AppID], error) {
	return c.changeAppID(ctx, in.owner, in.InAppID, in.Unchanged, in.Body)
}

func changeProviderAppID(ctx context.Context, c *call, in *changeProviderAppIDInput) (*single[AppID], error) {
	return c.changeAppID(ctx, provider, in.InAppID, in.Unchanged, in.Body)
}

func (c *call) changeAppID(ctx context.Context, find finder, in InAppID, u Unchanged, b AppIDChange) (*single[AppID], error) {
	o, a, err := c.appID(ctx, find, in)
	if err != nil {
		return nil, err
	}
	version, err := u.version(a.Version)
	if err != nil {
		return nil, err
	}
	if a, err = c.s.o.Applications.ChangeAppID(ctx, c.actor, o.id, a.ID, version, b.change()); err != nil {
		return nil, err
	}
	return &single[AppID]{ETag: etag(a.Version), Body: appIDShown(a)}, nil
}

func resetAppKey(ctx context.Context, c *call, in *appIDActionInput) (*single[KeyedAppID], error) {
	return c.resetAppKey(ctx, in.owner, in.InAppID, in.Unchanged)
}

func resetProviderAppKey(ctx context.Context, c *call, in *providerAppIDActionInput) (*single[KeyedAppID], error) {
	return c.resetAppKey(ctx, provider, in.InAppID, in.Unchanged)
}

func (c *call) resetAppKey(ctx context.Context, find finder, in InAppID, u Unchanged) (*single[KeyedAppID], error) {
	o, a, err := c.appID(ctx, find, in)
	if err != nil {
		return nil, err
	}
	if _, err := u.version(a.Version); err != nil {
		return nil, err
	}
	if a, err = c.s.o.Applications.ResetAppKey(ctx, c.actor, o.id, a.ID); err != nil {
		return nil, err
	}
	return &single[KeyedAppID]{ETag: etag(a.Version), Body: keyed(a)}, nil
}

func removeAppID(ctx context.Context, c *call, in *appIDActionInput) (*empty, error) {
	return c.removeAppID(ctx, in.owner, in.InAppID, in.Unchanged)
}

func removeProviderAppID(ctx context.Context, c *call, in *providerAppIDActionInput) (*empty, error) {
	return c.removeAppID(ctx, provider, in.InAppID, in.Unchanged)
}

func (c *call) removeAppID(ctx context.Context, find finder, in InAppID, u Unchanged) (*empty, error) {
	o, a, err := c.appID(ctx, find, in)
	if err != nil {
		return nil, err
	}
	if _, err := u.version(a.Version); err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Applications.RemoveAppID(ctx, c.actor, o.id, a.ID)
}
