package directory

import (
	"context"
	"errors"
	"strings"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// NewOrganization is what an organisation is made from. Nil and zero fields
// take the defaults named beside them.
type NewOrganization struct {
	Code        string // natural key; "" draws one of eight characters
	Name        string
	Domain      string                // what follows the @ of its accounts
	AutoCreate  *bool                 // true
	Everlasting *bool                 // true
	Rules       *identity.SignInRules // identity.DefaultSignInRules
	Limits      *identity.Limits      // identity.LimitsOrgID
	Profile     identity.OrganizationProfile
	Owner       *NewMember // made with the organisation as its owner
	// Then joins the transaction that makes the organisation, at its end: what
	// belongs to it is made with it or not at all. Nil does nothing.
	Then func(tx *store.Tx, o identity.Organization) error
}

// AddOrganization makes an organisation with its root department and, when one
// is given, its owner: all or nothing. A taken code is a Conflict
// (organization_exists), and so is an owner who owns another organisation already
// (owner_elsewhere).
func (d *Directory) AddOrganization(ctx context.Context, actor identity.Actor, n NewOrganization) (o identity.Organization, err error) {
	if err := access.Allow(actor, access.AddOrganizations, ""); err != nil {
		return o, err
	}
	blueprint, err := n.organization()
	if err != nil {
		return o, err
	}
	var owner *prepared
	if n.Owner != nil {
		person := *n.Owner
		person.Role = identity.RoleOwner
		if owner, err = d.prepare(ctx, blueprint.Rules, person); err != nil {
			return o, ofOwner(err)
		}
	}
	err = d.db.Update(ctx, func(tx *store.Tx) error {
		o = blueprint
		if err := insertOrganization(tx, &o, n.Code == ""); err != nil {
			return err
		}
		details := map[string]string{"code": o.Code}
		if owner != nil {
			if err := owner.ownsNothing(tx, o); err != nil {
				return err
			}
			person, err := owner.add(tx, o)
			if err != nil {
				return ofOwner(err)
			}
			details["owner"] = string(person.Member.ID)
		}
		if n.Then != nil {
			if err := n.Then(tx, o); err != nil {
				return err
			}
		}
		return audit.Record(tx, actor, audit.OrganizationAdded, audit.About{Organization: o.ID, Target: string(o.ID), Details: details})
	})
	return o, err
}

// organization is the organisation as asked for, checked as far as it can be
// without a database.
func (n NewOrganization) organization() (identity.Organization, error) {
	o := identity.Organization{
		Code: n.Code, Name: n.Name, Domain: strings.ToLower(n.Domain), Status: identity.OrganizationActive,
		AutoCreate: n.AutoCreate == nil || *n.AutoCreate, Everlasting: n.Everlasting == nil || *n.Everlasting,
		Rules: identity.DefaultSignInRules(), Limits: identity.LimitsOrgID(), Profile: n.Profile, Version: 1,
	}
	if n.Rules != nil {
		o.Rules = *n.Rules
	}
	if n.Limits != nil {
		o.Limits = *n.Limits
	}
	if _, ok := identity.UUID(identity.OrganizationID(o.Code)); ok {
		// A code that is spelled as an identifier would make a reference mean
		// two organisations.
		return o, fault.New(fault.Invalid, fault.CodeOrganizationCode).At("code")
	}
	if o.Code == "" {
		o.Code = shortCode(8)
	}
	return o, checkOrganization(o)
}

// insertOrganization stores an organisation with its root department. A code
// that was drawn is drawn again while it is taken.
func insertOrganization(tx *store.Tx, o *identity.Organization, drawn bool) error {
	o.ID = identity.NewOrganizationID(tx.Now())
	o.CreatedAt, o.UpdatedAt = tx.Now(), tx.Now()
	for drawn {
		_, err := tx.Lookup.OrganizationByCode(o.Code)
		if fault.Is(err, fault.CodeOrganizationNotFound) {
			break
		}
		if err != nil {
			return err
		}
		o.Code = shortCode(8)
	}
	if err := tx.Organizations.Insert(*o); err != nil {
		return err
	}
	return tx.Departments.Insert(identity.Department{
		ID: identity.NewDepartmentID(tx.Now()), OrganizationID: o.ID,
		Code: identity.RootDepartmentCode, Name: o.Name, Path: identity.RootDepartmentCode + "/", Level: 1,
		SortLevel: lastSortLevel, Visibility: identity.Visibility{Sees: identity.SeesAll}, CreatedAt: tx.Now(), UpdatedAt: tx.Now(),
	})
}

// Organization returns an organisation.
func (d *Directory) Organization(ctx context.Context, actor identity.Actor, id identity.OrganizationID) (o identity.Organization, err error) {
	if err := access.Allow(actor, access.ReadOrganization, id); err != nil {
		return o, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o, err = tx.Organizations.Get(id)
		return err
	})
	return o, err
}

// OrganizationByRef returns the organisation with this identifier or, when
// there is none, with this code. Who may not read it is Forbidden whether it
// exists or not.
func (d *Directory) OrganizationByRef(ctx context.Context, actor identity.Actor, ref string) (o identity.Organization, err error) {
	if actor.Kind == identity.Nobody {
		return o, fault.New(fault.Forbidden, fault.CodeForbidden)
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		o, err = organizationByRef(tx, ref)
		return err
	})
	// An organisation that was not found has the id "", which only the
	// provider may read.
	if denied := access.Allow(actor, access.ReadOrganization, o.ID); denied != nil {
		return identity.Organization{}, denied
	}
	return o, err
}

// organizationByRef finds an organisation by identifier or code.
func organizationByRef(tx *store.Tx, ref string) (identity.Organization, error) {
	o, err := tx.Organizations.Get(identity.OrganizationID(ref))
	if fault.Is(err, fault.CodeOrganizationNotFound) {
		return tx.Lookup.OrganizationByCode(ref)
	}
	return o, err
}

// Organizations returns a page of organisations; q.Limit is 100 when 0 and at
// most 1,000.
func (d *Directory) Organizations(ctx context.Context, actor identity.Actor, q OrganizationQuery) (all []identity.Organization, err error) {
	if err := access.Allow(actor, access.AddOrganizations, ""); err != nil {
		return nil, err
	}
	err = d.db.View(ctx, func(tx *store.Tx) error {
		q.Limit = store.PageSize(q.Limit)
		all, err = tx.Organizations.Page(q)
		return err
	})
	return all, err
}

// removeApplications removes the applications of an organisation.
func removeApplications(tx *store.Tx, org identity.OrganizationID) error {
	for {
		apps, err := tx.Applications.Page(org, store.ApplicationQuery{Slice: store.Slice{Limit: store.PageMax}})
		if err != nil || len(apps) == 0 {
			return err
		}
		for _, app := range apps {
			if err := tx.Applications.Delete(org, app.ID); err != nil {
				return err
			}
		}
	}
}

// removeBelongings removes what an organisation owns but no foreign key ties
// to it.
func removeBelongings(tx *store.Tx, org identity.OrganizationID) error {
	for {
		apps, err := tx.AppIDs.Page(org, 0, store.PageMax)
		if err != nil {
			return err
		}
		for _, app := range apps {
			if err := tx.AppIDs.Delete(org, app.ID); err != nil {
				return err
			}
		}
		if len(apps) == 0 {
			break
		}
	}
	keys, err := tx.APITokens.All()
	if err != nil {
		return err
	}
	for _, k := range keys {
		if k.Token.OrganizationID != org {
			continue
		}
		if err := tx.APITokens.Revoke(k.Token.ID); err != nil {
			return err
		}
	}
	return tx.Accounts.DeleteOwned(org)
}

// ofOwner tells that the fields at fault are those of the owner.
func ofOwner(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Field == "" {
		return err
	}
	at := f.At("owner." + f.Field)
	at.Others = nil
	for _, other := range f.Others {
		at.Others = append(at.Others, other.At("owner."+other.Field))
	}
	return at
}
