package directory

import (
	"context"
	"slices"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/session"
	"github.com/orgate/orgate/internal/store"
)

// MemberLink is a link with its source, as people are shown it.
type MemberLink struct {
	identity.Link                 // without what the source said
	Source        identity.Source // without settings
	// Last tells that the member has no other way in: it cannot be removed.
	Last bool
}

// Links returns with which accounts at authentication sources a member is
// linked, the oldest link first. Members may read their own.
func (d *Directory) Links(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID) (links []MemberLink, err error) {
	permission := access.ReadMembers
	if isSelf(actor, org, id) {
		permission = access.ReadOrganization
	}
	if err := access.AllowSomewhere(actor, permission, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		p, err := tx.Members.Get(org, id)
		if err != nil {
			return err
		}
		if err := inReach(tx, actor, permission, p.Member); err != nil {
			return err
		}
		links, err = linksOf(tx, org, id)
		return err
	})
	return links, err
}

// LinksOf returns the links of several members, by member; nothing tells of
// them whether they are the last. Of members who are out of the actor's reach
// nothing is told.
func (d *Directory) LinksOf(ctx context.Context, actor identity.Actor, org identity.OrganizationID, ids []identity.MemberID) (links map[identity.MemberID][]MemberLink, err error) {
	if err := access.AllowSomewhere(actor, access.ReadMembers, org); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		links = map[identity.MemberID][]MemberLink{}
		reached, err := reachable(tx, actor, org, ids)
		if err != nil {
			return err
		}
		all, err := tx.Links.OfMembers(org, reached)
		if err != nil || len(all) == 0 {
			return err
		}
		with, err := withSources(tx, org, all)
		for _, l := range with {
			links[l.MemberID] = append(links[l.MemberID], l)
		}
		return err
	})
	return links, err
}

// RemoveLink ends a member's link with a source, and the sessions that the
// source proved. Members may end their own. The last way in stays: without
// another link, a password, or the third account of enterprise SSO it is a
// Conflict (link_last). A source with which there is no link is NotFound
// (link_not_found).
func (d *Directory) RemoveLink(ctx context.Context, actor identity.Actor, org identity.OrganizationID, id identity.MemberID, source identity.SourceID) error {
	permission, self := access.ManageMembers, isSelf(actor, org, id)
	if self {
		permission = access.ReadOrganization
	}
	if err := access.AllowSomewhere(actor, permission, org); err != nil {
		return err
	}
	return d.db.Update(ctx, func(tx *store.Tx) error {
		p, err := tx.Members.Get(org, id)
		if err != nil {
			return err
		}
		if !self {
			if err := mayTouch(tx, actor, p.Member); err != nil {
				return err
			}
		}
		links, err := linksOf(tx, org, id)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(links, func(l MemberLink) bool { return l.SourceID == source })
		switch {
		case at < 0:
			return fault.New(fault.NotFound, fault.CodeLinkNotFound)
		case links[at].Last:
			return fault.New(fault.Conflict, fault.CodeLinkLast)
		}
		if err := tx.Links.Remove(source, links[at].Subject); err != nil {
			return err
		}
		of := session.AtSource{Source: source, Account: p.Account.ID}
		if _, err := session.EndAtSource(tx, of, identity.EndedByUnlinking, actor.Origin); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.MemberUnlinked, aboutMember(p, map[string]string{"source": string(source)}))
	})
}

// linksOf are the links of a member, and whether one is the last way in.
func linksOf(tx *store.Tx, org identity.OrganizationID, id identity.MemberID) ([]MemberLink, error) {
	p, err := tx.Members.Get(org, id)
	if err != nil {
		return nil, err
	}
	found, err := tx.Links.OfMember(org, id)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	links, err := withSources(tx, org, found)
	if err != nil || len(links) > 1 {
		return links, err
	}
	credential, err := tx.Credentials.Get(p.Account.ID)
	again := links[0].SourceID == identity.SSOSourceID(org) && p.Member.ThirdAccount != ""
	links[0].Last = credential.Hash == "" && !again
	return links, err
}

// withSources adds to links the sources that they are with.
func withSources(tx *store.Tx, org identity.OrganizationID, found []identity.Link) ([]MemberLink, error) {
	all, err := tx.Sources.List(org)
	if err != nil {
		return nil, err
	}
	sources := map[identity.SourceID]identity.Source{}
	for _, s := range all {
		s.Settings = nil
		sources[s.ID] = s
	}
	links := make([]MemberLink, len(found))
	for i, l := range found {
		l.Said = nil
		links[i] = MemberLink{Link: l, Source: sources[l.SourceID]}
	}
	slices.SortStableFunc(links, func(a, b MemberLink) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return links, nil
}
