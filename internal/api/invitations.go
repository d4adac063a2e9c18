package api

import (
	"context"
	"time"

	"github.com/orgate/orgate/internal/directory"
	"github.com/orgate/orgate/internal/identity"
)

// Invitation asks somebody to become a member with an account of their own, on
// the wire.
type Invitation struct {
	ID          string            `json:"id"`
	State       string            `json:"state" enum:"open,accepted,cancelled,expired"`
	Contact     string            `json:"contact" doc:"The mail address or mobile number it was sent to."`
	Name        string            `json:"name"`
	Role        string            `json:"role" enum:"administrator,department_administrator,member"`
	Administers []string          `json:"administers,omitempty" doc:"Of a department administrator: the codes of the departments."`
	Department  string            `json:"department_id,omitempty" doc:"The identifier of the department; absent where it was removed since: the topmost."`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	SortLevel   int               `json:"sort_level"`
	Attributes  map[string]string `json:"attributes"`
	Groups      []string          `json:"groups" doc:"The identifiers of the groups they come into."`
	InvitedBy   string            `json:"invited_by" doc:"The name of who invites."`
	MemberID    string            `json:"member_id,omitempty" doc:"Who came of it."`
	Version     int64             `json:"version"`
	CreatedAt   time.Time         `json:"created_at"`
	SentAt      time.Time         `json:"sent_at" doc:"When it was sent last."`
	EndsAt      time.Time         `json:"ends_at" doc:"It cannot be accepted after this."`
	DecidedAt   *time.Time        `json:"decided_at,omitempty" doc:"When it was accepted or cancelled."`
}

func (c *call) invitationShown(i identity.Invitation) Invitation {
	shown := Invitation{
		ID: string(i.ID), State: string(c.s.o.Directory.InvitationStanding(i)), Contact: i.Contact, Name: i.Name, Role: string(i.Role),
		Administers: i.Administers, Department: string(i.Department), Title: i.Title, Description: i.Description, SortLevel: i.SortLevel,
		Attributes: i.Attributes, Groups: []string{}, InvitedBy: i.InvitedBy, MemberID: string(i.MemberID), Version: i.Version,
		CreatedAt: i.CreatedAt.UTC(), SentAt: i.SentAt.UTC(), EndsAt: i.EndsAt.UTC(), DecidedAt: given(i.DecidedAt),
	}
	if shown.Attributes == nil {
		shown.Attributes = map[string]string{}
	}
	for _, id := range i.Groups {
		shown.Groups = append(shown.Groups, string(id))
	}
	return shown
}

type invitationsQuery struct {
	InOrganization
	Paging
	State string `query:"state" enum:"open,accepted,cancelled,expired" doc:"Only those in this state; otherwise all."`
}

func listInvitations(ctx context.Context, c *call, in *invitationsQuery) (*listed[Invitation], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	before, err := in.after("inv_")
	if err != nil {
		return nil, err
	}
	found, err := c.s.o.Directory.Invitations(ctx, c.actor, o.ID, directory.InvitationQuery{
		State: identity.InvitationState(in.State), Before: identity.InvitationID(before), Limit: in.Limit + 1,
	})
	if err != nil {
		return nil, err
	}
	return paged(c, in.Paging, found, func(i identity.Invitation) string { return string(i.ID) }, c.invitationShown), nil
}

// NewInvitation is the body that invites somebody.
type NewInvitation struct {
	Contact     string            `json:"contact" doc:"A mail address, or a mobile number such as +8613800000001 where short messages can be sent."`
	Country     string            `json:"country,omitempty" doc:"Of a number without a country code, by its symbolic name, such as chinaPR."`
	Name        string            `json:"name" doc:"What they are called in the organisation, 1 to 64 characters."`
	Department  string            `json:"department,omitempty" doc:"The code of the department. Left out, the topmost."`
	Title       string            `json:"title,omitempty"`
	Description string            `json:"description,omitempty"`
	SortLevel   int               `json:"sort_level,omitempty" doc:"1 to 10000; smaller sorts first."`
	Role        string            `json:"role,omitempty" enum:"administrator,department_administrator,member" doc:"Left out, member. It takes the right to give it."`
	Administers []string          `json:"administers,omitempty" maxItems:"50" doc:"Of a department administrator: the codes of the departments, at least one."`
	Attributes  map[string]string `json:"attributes,omitempty"`
	Groups      []string          `json:"groups,omitempty" maxItems:"50" doc:"The identifiers of groups they come into."`
	Language    string            `json:"language,omitempty" doc:"Of the message; left out, the person's own where they have an account."`
}

// SentInvitation is a new invitation.
type SentInvitation struct {
	Invitation
	Known bool `json:"known" doc:"Whether somebody signs in by the contact already."`
}

type addInvitationInput struct {
	InOrganization
	Body NewInvitation
}

func addInvitation(ctx context.Context, c *call, in *addInvitationInput) (*made[SentInvitation], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	b := in.Body
	n := directory.NewInvitation{
		Contact: b.Contact, Country: b.Country, Name: b.Name, DepartmentCode: b.Department, Title: b.Title, Description: b.Description,
		SortLevel: b.SortLevel, Role: identity.Role(b.Role), Administers: b.Administers, Attributes: b.Attributes, Language: b.Language,
	}
	for _, id := range b.Groups {
		n.Groups = append(n.Groups, identity.GroupID(id))
	}
	i, known, err := c.s.o.Directory.Invite(ctx, c.actor, o.ID, n)
	if err != nil {
		return nil, err
	}
	return &made[SentInvitation]{
		ETag: etag(i.Version), Location: c.at("/organizations/" + string(o.ID) + "/invitations/" + string(i.ID)),
		Body: SentInvitation{c.invitationShown(i), known},
	}, nil
}

// InInvitation is embedded by everything about one invitation.
type InInvitation struct {
	InOrganization
	Invitation string `path:"invitation" doc:"The invitation's identifier."`
}

type getInvitationInput struct {
	InInvitation
	Known
}

func getInvitation(ctx context.Context, c *call, in *getInvitationInput) (*single[Invitation], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	i, err := c.s.o.Directory.Invitation(ctx, c.actor, o.ID, identity.InvitationID(in.Invitation))
	if err != nil {
		return nil, err
	}
	return shown(in.Known, i.Version, c.invitationShown(i))
}

type invitationInput struct{ InInvitation }

func resendInvitation(ctx context.Context, c *call, in *invitationInput) (*single[Invitation], error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	i, err := c.s.o.Directory.ResendInvitation(ctx, c.actor, o.ID, identity.InvitationID(in.Invitation))
	if err != nil {
		return nil, err
	}
	return &single[Invitation]{ETag: etag(i.Version), Body: c.invitationShown(i)}, nil
}

func cancelInvitation(ctx context.Context, c *call, in *invitationInput) (*empty, error) {
	o, err := c.organization(ctx, in.InOrganization)
	if err != nil {
		return nil, err
	}
	return &empty{}, c.s.o.Directory.CancelInvitation(ctx, c.actor, o.ID, identity.InvitationID(in.Invitation))
}
