package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// MemberLink says that a member is the person whom a source knows by a subject.
type MemberLink struct {
	Source     string    `json:"source" doc:"The identifier of the authentication source."`
	SourceName string    `json:"source_name"`
	Subject    string    `json:"subject" doc:"The source's own name for the person."`
	CreatedAt  time.Time `json:"created_at"`
	UsedAt     time.Time `json:"used_at" doc:"Of the last sign-in, to the minute."`
	Last       bool      `json:"last,omitempty" doc:"Whether it is the only way in, which cannot be removed. Not told in lists of members."`
}

func linkShown(l directory.MemberLink) MemberLink {
	return MemberLink{
		Source: string(l.SourceID), SourceName: l.Source.Name, Subject: l.Subject, CreatedAt: l.CreatedAt.UTC(), UsedAt: l.UsedAt.UTC(), Last: l.Last,
	}
}

type (
	linksInput struct{ InMember }
	linkInput  struct {
		InMember
		Link string `path:"link" doc:"The identifier of the authentication source that the link is with."`
	}
)

func listLinks(ctx context.Context, c *call, in *linksInput) (*all[MemberLink], error) {
	p, err := c.member(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	links, err := c.s.o.Directory.Links(ctx, c.actor, p.Member.OrganizationID, p.Member.ID)
	if err != nil {
		return nil, err
	}
	return whole(links, linkShown), nil
}

// linksShown are the links of one person.
func (c *call) linksShown(ctx context.Context, p identity.Person) (shown []MemberLink, err error) {
	links, err := c.s.o.Directory.Links(ctx, c.actor, p.Member.OrganizationID, p.Member.ID)
	for _, l := range links {
		shown = append(shown, linkShown(l))
	}
	return shown, err
}

func removeLink(ctx context.Context, c *call, in *linkInput) (*empty, error) {
	p, err := c.member(ctx, in.InMember)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.RemoveLink(ctx, c.actor, p.Member.OrganizationID, p.Member.ID, identity.SourceID(in.Link))
}

// linksOfGuests are the links of the guests among some people: their source is
// the first thing that is asked about them.
func (c *call) linksOfGuests(ctx context.Context, org identity.OrganizationID, people []identity.Person) (map[identity.MemberID][]MemberLink, error) {
	var guests []identity.MemberID
	for _, p := range people {
		if p.Guest() {
			guests = append(guests, p.Member.ID)
		}
	}
	if len(guests) == 0 {
		return nil, nil
	}
	found, err := c.s.o.Directory.LinksOf(ctx, c.actor, org, guests)
	links := make(map[identity.MemberID][]MemberLink, len(found))
	for id, list := range found {
		for _, l := range list {
			links[id] = append(links[id], linkShown(l))
		}
	}
	return links, err
}
