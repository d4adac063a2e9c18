package grant

import (
	"context"
	"strconv"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Revoke ends a grant of an application with all tokens under it, at the
// application's own wish (RFC 7009). One that is not the application's, or does
// not count any more, needs no end.
func (g *Grants) Revoke(ctx context.Context, a identity.Application, id identity.GrantID) error {
	return g.db.Act(ctx, store.ActGrant, func(tx *store.Tx) error {
		s, err := tx.Lookup.Grant(id)
		if fault.KindOf(err) == fault.NotFound || err == nil && s.Row.Grant.ApplicationID != a.ID {
			return nil
		}
		if err != nil {
			return err
		}
		ended, err := tx.Grants.Revoke(id)
		if err != nil {
			return err
		}
		if !ended {
			tx.NoEvent("the grant had ended before")
			return nil
		}
		return audit.Record(tx, asApplication(a), audit.GrantRevoked, audit.About{
			Organization: a.OrganizationID, Target: string(id), Details: map[string]string{"member": string(s.Row.Grant.MemberID)},
		})
	})
}

// Granted is a grant as a list shows it.
type Granted struct {
	identity.Grant
	ClientID        string
	ApplicationName string
}

// List returns what a member of an organisation has granted and still counts,
// newest first: to the person, or to whoever manages the members. Anybody else
// is Forbidden; a member who is not there is NotFound.
func (g *Grants) List(ctx context.Context, actor identity.Actor, org identity.OrganizationID, m identity.MemberID) (all []Granted, err error) {
	err = g.db.View(ctx, func(tx *store.Tx) error {
		if _, err := permitted(tx, actor, org, m); err != nil {
			return err
		}
		rows, err := tx.Grants.Live(org, m)
		all = make([]Granted, len(rows))
		for i, r := range rows {
			all[i] = Granted{r.Grant, r.ClientID, r.ApplicationName}
		}
		return err
	})
	return all, err
}

// RevokeAll ends what a member has granted to an application, or with "" to any,
// and returns how many grants there were: for the person, or for whoever manages
// the members; of an administrator, for whoever manages administrators.
func (g *Grants) RevokeAll(
	ctx context.Context, actor identity.Actor, org identity.OrganizationID, m identity.MemberID, a identity.ApplicationID,
) (n int, err error) {
	err = g.db.Act(ctx, store.ActGrant, func(tx *store.Tx) error {
		p, err := permitted(tx, actor, org, m)
		if err != nil {
			return err
		}
		if p.Member.Administers() && actor.MemberID != m {
			if err := access.Allow(actor, access.ManageAdministrators, org); err != nil {
				return err
			}
		}
		ended, err := tx.Grants.RevokeOf(org, m, a)
		if n = len(ended); err != nil {
			return err
		}
		if n == 0 {
			tx.NoEvent("there was nothing to end")
			return nil
		}
		return audit.Record(tx, actor, audit.GrantRevoked, audit.About{
			Organization: org, Target: string(m), Details: map[string]string{"application": string(a), "count": strconv.Itoa(n)},
		})
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// permitted returns a member whose grants the actor may see.
func permitted(tx *store.Tx, actor identity.Actor, org identity.OrganizationID, m identity.MemberID) (identity.Person, error) {
	own := actor.Kind == identity.ActsAsMember && m != "" && actor.MemberID == m && actor.OrganizationID == org
	if !own {
		if err := access.Allow(actor, access.ManageMembers, org); err != nil {
			return identity.Person{}, err
		}
	}
	return tx.Members.Get(org, m)
}
