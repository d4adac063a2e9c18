package api

import (
	"context"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

type setPictureInput struct {
	InMember
	Unchanged
	RawBody []byte `contentType:"application/octet-stream" doc:"A PNG, JPEG, GIF or WebP picture of at most 10 MiB and 4096×4096 pixels, as it is. Its content counts, not what it is called."`
}

type pictureInput struct{ InMember }

func getPicture(ctx context.Context, c *call, in *pictureInput) (*iconAnswer, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return c.showPicture(ctx, o.ID, identity.MemberID(in.Member))
}

func (c *call) showPicture(ctx context.Context, org identity.OrganizationID, id identity.MemberID) (*iconAnswer, error) {
	p, err := c.s.o.Directory.Picture(ctx, c.actor, org, id)
	if err != nil {
		return nil, err
	}
	return &iconAnswer{Type: p.Type, ETag: `"` + p.Digest + `"`, Body: p.Content}, nil
}

func setPicture(ctx context.Context, c *call, in *setPictureInput) (*single[Member], error) {
	p, err := c.unchangedMember(ctx, in.InMember, in.Unchanged)
	if err != nil {
		return nil, err
	}
	p, err = c.s.o.Directory.SetPicture(ctx, c.actor, p.Member.OrganizationID, p.Member.ID, in.RawBody)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, p)
}

func removePicture(ctx context.Context, c *call, in *memberActionInput) (*single[Member], error) {
	p, err := c.unchangedMember(ctx, in.InMember, in.Unchanged)
	if err != nil {
		return nil, err
	}
	p, err = c.s.o.Directory.RemovePicture(ctx, c.actor, p.Member.OrganizationID, p.Member.ID)
	if err != nil {
		return nil, err
	}
	return c.answer(ctx, p)
}

// unchangedMember finds a member who is as the caller saw them.
func (c *call) unchangedMember(ctx context.Context, in InMember, u Unchanged) (identity.Person, error) {
	p, err := c.member(ctx, in)
	if err == nil {
		_, err = u.version(p.Member.Version)
	}
	return p, err
}

// MyPicture is where one's own picture is shown.
type MyPicture struct {
	Picture string `json:"picture" doc:"The public address of the picture; empty without one."`
}

// self is the caller as a member. A management token is no person.
func (c *call) self() (identity.MemberID, error) {
	if c.actor.Kind != identity.ActsAsMember {
		return "", fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	return c.actor.MemberID, nil
}

func getMyPicture(ctx context.Context, c *call, _ *nothing) (*iconAnswer, error) {
	id, err := c.self()
	if err != nil {
		return nil, err
	}
	return c.showPicture(ctx, c.actor.OrganizationID, id)
}

type setMyPictureInput struct {
	RawBody []byte `contentType:"application/octet-stream" doc:"A PNG, JPEG, GIF or WebP picture of at most 10 MiB and 4096×4096 pixels, as it is."`
}

func setMyPicture(ctx context.Context, c *call, in *setMyPictureInput) (*plain[MyPicture], error) {
	id, err := c.self()
	if err != nil {
		return nil, err
	}
	p, err := c.s.o.Directory.SetPicture(ctx, c.actor, c.actor.OrganizationID, id, in.RawBody)
	return &plain[MyPicture]{MyPicture{c.pictureOf(p.Member)}}, err
}

func removeMyPicture(ctx context.Context, c *call, _ *nothing) (*empty, error) {
	id, err := c.self()
	if err != nil {
		return nil, err
	}
	_, err = c.s.o.Directory.RemovePicture(ctx, c.actor, c.actor.OrganizationID, id)
	return &empty{}, err
}

// pictureOf is the address of a member's picture.
func (c *call) pictureOf(m identity.Member) string {
	return directory.PictureAddress(c.s.o.BaseURL.String(), m)
}
