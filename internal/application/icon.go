package application

import (
	"context"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// SetIcon gives an application an icon, which is what icon.Read takes, else
// Invalid (icon_format).
func (a *Applications) SetIcon(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, content []byte) (identity.Application, error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return identity.Application{}, err
	}
	picture, err := icon.Read(content)
	if err != nil {
		return identity.Application{}, err
	}
	return a.changeIcon(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) error {
		app.IconDigest = picture.Digest
		return tx.Applications.PutIcon(app.ID, store.Icon(picture))
	})
}

// RemoveIcon takes an application's icon away; without one nothing happens.
func (a *Applications) RemoveIcon(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) (identity.Application, error) {
	return a.changeIcon(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) error {
		app.IconDigest = ""
		return tx.Applications.RemoveIcon(app.ID)
	})
}

func (a *Applications) changeIcon(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string,
	edit func(*store.Tx, *identity.Application) error,
) (identity.Application, error) {
	app, err := a.rework(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) (*entryOf, error) {
		if err := MayChange(tx, actor, *app); err != nil {
			return nil, err
		}
		was := app.IconDigest
		if err := edit(tx, app); err != nil || was == app.IconDigest {
			return nil, err
		}
		return &entryOf{audit.ApplicationIconChanged, map[string]string{"client_id": app.ClientID}}, nil
	})
	return withoutDigests(app), err
}

// Icon returns the icon of an application as PNG with a digest that names its
// content, or NotFound (icon_not_found). It is for everybody: sign-in pages
// show it.
func (a *Applications) Icon(ctx context.Context, clientID string) (content []byte, digest string, err error) {
	err = a.db.Glance(ctx, func(tx *store.Tx) error {
		stored, err := tx.Lookup.Icon(clientID)
		content, digest = stored.Content, stored.Digest
		return err
	})
	return content, digest, err
}
