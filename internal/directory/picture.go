package directory

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/icon"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// PicturePath is where pictures are shown, below the address of the
// installation; the word of a version follows.
const PicturePath = "/pictures/"

// PictureAddress is the address of a member's picture, "" without one. It is
// public and cannot be guessed, and names one version of the picture, so that it
// may be kept for ever.
func PictureAddress(base string, m identity.Member) string {
	if m.Picture == "" {
		return ""
	}
	return strings.TrimSuffix(base, "/") + PicturePath + m.Picture
}

// easels is how many pictures are read at once: one takes up to a hundred
// megabytes while it is decoded.
const easels = 2

// Picture is a picture as it is kept; surfaces name it from here.
type Picture = store.Picture

// paint reads a picture when there is room to do so.
func (d *Directory) paint(ctx context.Context, content []byte) (store.Icon, error) {
	select {
	case d.easels <- struct{}{}:
		defer func() { <-d.easels }()
	case <-ctx.Done():
		return store.Icon{}, fault.New(fault.Unavailable, fault.CodeUnavailable).Because(ctx.Err())
	}
	portrait, err := icon.Portrait(content)
	return store.Icon(portrait), err
}

// SetPicture gives a member a picture, which is what icon.Portrait takes.
// Members give it to themselves, whoever manages them to others. The same
// picture once more changes nothing.
func (d *Directory) SetPicture(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID, content []byte) (identity.Person, error) {
	if err := allowPicture(actor, org, id); err != nil {
		return identity.Person{}, err
	}
	portrait, err := d.paint(ctx, content)
	if err != nil {
		return identity.Person{}, err
	}
	return d.repaint(ctx, actor, org, id, func(tx *store.Tx, m identity.Member) (bool, error) {
		was, err := tx.Pictures.Get(org, id)
		if err == nil && was.Digest == portrait.Digest {
			return false, nil
		}
		if err != nil && !fault.Is(err, fault.CodePictureNotFound) {
			return false, err
		}
		return true, tx.Pictures.Put(m, store.Picture{Icon: portrait, Word: pictureWord()})
	})
}

// RemovePicture takes a member's picture away; without one nothing happens.
func (d *Directory) RemovePicture(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) (identity.Person, error) {
	if err := allowPicture(actor, org, id); err != nil {
		return identity.Person{}, err
	}
	return d.repaint(ctx, actor, org, id, func(tx *store.Tx, m identity.Member) (bool, error) {
		if m.Picture == "" {
			return false, nil
		}
		return true, tx.Pictures.Delete(m)
	})
}

// pictureWord draws what nobody guesses.
func pictureWord() string {
	var word [16]byte
	rand.Read(word[:]) // never fails
	return hex.EncodeToString(word[:])
}

// allowPicture asks before anything is decoded.
func allowPicture(actor identity.Actor, org identity.OrganizationID, id identity.MemberID) error {
	if isSelf(actor, org, id) {
		return access.Allow(actor, access.ReadOrganization, org)
	}
	return access.AllowSomewhere(actor, access.ManageMembers, org)
}

// repaint changes the picture of a member who may be touched, and records it
// where it changed.
func (d *Directory) repaint(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID,
	change func(*store.Tx, identity.Member) (bool, error),
) (p identity.Person, err error) {
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		if p, err = tx.Members.Get(org, id); err != nil {
			return err
		}
		if !isSelf(actor, org, id) {
			if err := mayTouch(tx, actor, p.Member); err != nil {
				return err
			}
		}
		changed, err := change(tx, p.Member)
		if err != nil || !changed {
			tx.NoEvent("the same picture")
			return err
		}
		if p, err = tx.Members.Get(org, id); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.PictureChanged, aboutMember(p, nil))
	})
	return p, err
}

// Picture returns the picture of a member whom the actor may read, or NotFound
// (picture_not_found).
func (d *Directory) Picture(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) (Picture, error) {
	p, err := d.Member(ctx, actor, org, id)
	if err != nil {
		return store.Picture{}, err
	}
	if p.Member.Picture == "" {
		return store.Picture{}, fault.New(fault.NotFound, fault.CodePictureNotFound)
	}
	return d.PictureByWord(ctx, p.Member.Picture)
}

// PictureByWord returns the picture that an address names, or NotFound
// (picture_not_found). It is for everybody who has the address.
func (d *Directory) PictureByWord(ctx context.Context, word string) (found Picture, err error) {
	err = d.db.Glance(ctx, func(tx *store.Tx) error {
		found, err = tx.Lookup.Picture(word)
		return err
	})
	return found, err
}
