package access

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
)

// Permission is one thing an actor may do.
type Permission uint8

// The permissions. Those of an organisation are asked with its id, those of
// the installation with "".
const (
	// ManageProvider: administrators, App IDs and settings of the provider.
	ManageProvider Permission = iota
	// AddOrganizations: make and dissolve organisations.
	AddOrganizations
	// ReadOrganization: its settings and departments.
	ReadOrganization
	// ManageOrganization: change its settings.
	ManageOrganization
	// GovernOrganization: what its provider alone may change: limits, status.
	GovernOrganization
	// ManageDepartments: add, change, move and remove them.
	ManageDepartments
	// ReadMembers: lists and details of people.
	ReadMembers
	// ManageMembers: add, change, suspend and remove ordinary members.
	ManageMembers
	// ManageAdministrators: give and take the roles that reach the whole
	// organisation, and change those who have them.
	ManageAdministrators
	// ManageDepartmentAdministrators: say who manages which departments, and
	// change those who do.
	ManageDepartmentAdministrators
	// ManageAppIDs: App IDs and their keys.
	ManageAppIDs
	// ManageGroups: list, add, change and remove groups and who is in them.
	ManageGroups
	// FillGroups: say who is in the groups that one owns; whoever does not manage
	// groups is asked besides whether they own this one.
	FillGroups
	// ReadEvents: the operation log.
	ReadEvents
	// ReadTraces: stories of sign-ins.
	ReadTraces
	// ManageAPITokens: tokens of the management API.
	ManageAPITokens
	// ReadApplications: lists and settings of applications.
	ReadApplications
	// ManageApplications: add, change and remove them; whoever is responsible for
	// one is asked besides, and department administrators change none but their own.
	ManageApplications
	// DecideRequests: approve and reject wishes to enter and to join.
	DecideRequests
	// DissolveOrganization: remove one's own organisation with all there is.
	DissolveOrganization
	// FillSource: write a draft of a source's settings, try it, and prove the
	// domain of its people.
	FillSource
	// GrantResources: grant an organisation resources, change and take them back.
	GrantResources
	// ReadResources: what was granted to an organisation, and what was done to it.
	ReadResources
	// ManageTerminals: hard terminals and activation codes.
	ManageTerminals
	// ManageRooms: list meeting rooms, lend, take back and remove them.
	ManageRooms
	// ManageContacts: the people outside whom all members share in their address
	// book.
	ManageContacts
	// ManageRegions: list, add, change and remove parts of the network.
	ManageRegions
	// ManageWebhooks: the addresses that are told of what happens, and what they
	// were told.
	ManageWebhooks
	// ReadReports: who comes in and what they enter, counted.
	ReadReports
	// ReadExpiries: which keys, secrets and links end, and when.
	ReadExpiries
	permissionCount
)

// standing is what an actor is towards the organisation in question.
type standing uint8

const (
	stranger                standing = iota
	member                           // an ordinary member of it
	departmentAdministrator          // administers some of its departments
	administrator                    // an ordinary administrator of it
	owner                            // its owner, or a management token of it
	provider                         // administers the installation
	outsider                         // fills in a source by a set-up link of it
	person                           // somebody who acts in no organisation; no row of the table names them
)

// table lists who may do what in the whole organisation. A permission that is
// missing is nobody's.
var table = [permissionCount][]standing{
	ManageProvider:                 {provider},
	AddOrganizations:               {provider},
	ReadOrganization:               {provider, owner, administrator, departmentAdministrator, member},
	ManageOrganization:             {provider, owner, administrator},
	GovernOrganization:             {provider},
	ManageDepartments:              {provider, owner, administrator},
	ReadMembers:                    {provider, owner, administrator},
	ManageMembers:                  {provider, owner, administrator},
	ManageAdministrators:           {provider, owner},
	ManageDepartmentAdministrators: {provider, owner, administrator},
	ManageAppIDs:                   {provider, owner},
	ManageGroups:                   {provider, owner, administrator},
	FillGroups:                     {provider, owner, administrator, departmentAdministrator, member},
	ReadEvents:                     {provider, owner, administrator},
	ReadTraces:                     {provider, owner, administrator},
	ManageAPITokens:                {provider},
	ReadApplications:               {provider, owner, administrator, departmentAdministrator},
	ManageApplications:             {provider, owner, administrator, departmentAdministrator},
	DecideRequests:                 {provider, owner, administrator},
	DissolveOrganization:           {provider, owner},
	FillSource:                     {provider, owner, administrator, outsider},
	GrantResources:                 {provider},
	ReadResources:                  {provider, owner, administrator},
	ManageTerminals:                {provider, owner, administrator},
	ManageRooms:                    {provider, owner, administrator},
	ManageContacts:                 {provider, owner, administrator},
	ManageRegions:                  {provider, owner, administrator},
	ManageWebhooks:                 {provider, owner, administrator},
	ReadReports:                    {provider, owner, administrator},
	ReadExpiries:                   {provider, owner, administrator},
}

// within lists what a department administrator may do to the departments given
// to them and to everybody there. Allow does not know of it: a use case that
// does not ask for a reach stays closed to them.
var within = [permissionCount]bool{ManageDepartments: true, ReadMembers: true, ManageMembers: true}

// Allow returns nil when the actor has the permission towards the
// organisation ("" for the installation). Nobody at all is Unauthenticated;
// an actor of another organisation or without the permission is Forbidden.
func Allow(actor identity.Actor, p Permission, org identity.OrganizationID) error {
	if actor.Kind == identity.Nobody {
		return fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	if p < permissionCount {
		is := standingOf(actor, org)
		for _, may := range table[p] {
			if may == is {
				return nil
			}
		}
	}
	return fault.New(fault.Forbidden, fault.CodeForbidden)
}

func standingOf(actor identity.Actor, org identity.OrganizationID) standing {
	switch actor.Kind {
	case identity.ActsAsProvider, identity.ActsAsConsole, identity.ActsAsJob:
		return provider
	case identity.ActsAsPerson:
		return person
	}
	if org == "" || actor.OrganizationID != org {
		return stranger
	}
	switch {
	case actor.Kind == identity.ActsAsOrgToken:
		return owner
	case actor.Kind == identity.ActsAsSetupLink:
		return outsider
	case actor.Kind != identity.ActsAsMember:
		return stranger
	}
	switch actor.Role {
	case identity.RoleOwner:
		return owner
	case identity.RoleAdministrator:
		return administrator
	case identity.RoleDepartmentAdministrator:
		return departmentAdministrator
	case identity.RoleMember:
		return member
	}
	return stranger
}

// AllowOwned returns nil for whoever may change an application, of those who may
// change applications at all, else Forbidden (application_responsible): where a
// member is responsible for it, only that one. The provider, management tokens
// and the command line are not members, and may. One who has left or administers
// nothing any more is responsible for nothing: responsible reads who it is, the
// zero member for nobody. Department administrators change those that they are
// responsible for.
func AllowOwned(actor identity.Actor, app identity.Application, responsible func() (identity.Member, error)) error {
	owned := fault.New(fault.Forbidden, fault.CodeApplicationOwned)
	switch {
	case actor.Kind != identity.ActsAsMember || app.Responsible == actor.MemberID:
		return nil
	case actor.Role == identity.RoleDepartmentAdministrator:
		return owned
	case app.Responsible == "":
		return nil
	}
	m, err := responsible()
	if err == nil && m.MayBeResponsible() {
		return owned
	}
	return err
}
