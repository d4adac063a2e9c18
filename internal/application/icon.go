package application

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
	"io"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// The bounds of an icon, as OrgID has them: JPEG or PNG, 20 KB, 240×240 pixels.
const (
	MaxIconSize = 20 << 10
	iconSide    = 240
	iconType    = "image/png"
)

// SetIcon gives an application an icon: a JPEG or PNG picture of 240×240 pixels
// and at most 20 KiB, else Invalid (icon_format). It is decoded and written
// anew, so that nothing but the picture is kept.
func (a *Applications) SetIcon(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, content []byte) (identity.Application, error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return identity.Application{}, err
	}
	icon, err := readIcon(content)
	if err != nil {
		return identity.Application{}, err
	}
	return a.changeIcon(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) error {
		app.IconDigest = icon.Digest
		return tx.Applications.PutIcon(app.ID, icon)
	})
}

// CheckIcon tells the digest that a picture would have as an icon, or why it can
// be none: Invalid (icon_format).
func CheckIcon(content []byte) (digest string, err error) {
	icon, err := readIcon(content)
	return icon.Digest, err
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
		if err := mayChange(tx, actor, *app); err != nil {
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
		icon, err := tx.Lookup.Icon(clientID)
		content, digest = icon.Content, icon.Digest
		return err
	})
	return content, digest, err
}

func readIcon(content []byte) (icon store.Icon, err error) {
	refused := fault.New(fault.Invalid, fault.CodeIconFormat).At("icon").With("size", MaxIconSize).With("side", iconSide)
	if len(content) > MaxIconSize {
		return icon, refused
	}
	form := struct {
		size    func(io.Reader) (image.Config, error)
		picture func(io.Reader) (image.Image, error)
	}{jpeg.DecodeConfig, jpeg.Decode}
	if bytes.HasPrefix(content, []byte("\x89PNG")) {
		form.size, form.picture = png.DecodeConfig, png.Decode
	}
	// The size is read first: a small file can claim to be a huge picture.
	size, err := form.size(bytes.NewReader(content))
	if err != nil || size.Width != iconSide || size.Height != iconSide {
		return icon, refused.Because(err)
	}
	picture, err := form.picture(bytes.NewReader(content))
	if err != nil {
		return icon, refused.Because(err)
	}
	var out bytes.Buffer
	if err := png.Encode(&out, picture); err != nil {
		return icon, err
	}
	return store.Icon{Digest: iconDigest(picture), Type: iconType, Content: out.Bytes()}, nil
}

// iconDigest names a picture by what is seen: another way to compress it makes
// it no other picture.
func iconDigest(picture image.Image) string {
	seen := image.NewNRGBA(picture.Bounds())
	draw.Draw(seen, seen.Bounds(), picture, picture.Bounds().Min, draw.Src)
	sum := sha256.Sum256(seen.Pix)
	return hex.EncodeToString(sum[:16])
}
