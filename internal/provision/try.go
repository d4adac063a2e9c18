package provision

import (
	"context"
	"crypto/rand"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// TrySync calls a receiver by settings that are not saved, over those that are:
// organisation and application, marked as a test and without an instance
// (OrgID, G.2). It stops at the first failure. The secret that is sent proves
// nothing: the settings may name somebody else's receiver.
func (p *Syncs) TrySync(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, c SyncChange) (all []Outcome, err error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return nil, err
	}
	var app identity.Application
	var s identity.Sync
	var o identity.Organization
	err = p.db.Update(ctx, func(tx *store.Tx) (err error) {
		if app, s, err = p.load(tx, actor, org, clientID); err != nil {
			return err
		}
		c.onto(&s)
		s.Enabled = true // nothing may be missing
		if err := s.Validate(); err != nil {
			return err
		}
		if o, err = tx.Organizations.Get(org); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.SyncTried, concerning(app, map[string]string{"callback_url": s.CallbackURL}))
	})
	if err != nil {
		return nil, err
	}
	s.ClientSecret = "try-" + rand.Text()
	sealed, err := sealSecret(s)
	if err != nil {
		return nil, err
	}
	head := about{wire: s.Wire, tenant: o.Code, test: true}
	for _, step := range []struct {
		event  Event
		fields func(about) fields
	}{
		{EventTenant, func(a about) fields { return tenantCall(a, p.tenant(app, o), Add) }},
		{EventApplication, func(a about) fields {
			return applicationCall(a, credential{string(app.ID), app.ClientID, sealed}, Add)
		}},
	} {
		head.at = p.options.Now()
		outcome := p.post(ctx, s, step.event, step.fields(head))
		all = append(all, outcome)
		if !outcome.Passed() {
			break
		}
	}
	return all, nil
}

// tenant is an organisation as the receiver of an application knows it. There
// are no orders here: each application is one of its own.
func (p *Syncs) tenant(app identity.Application, o identity.Organization) tenant {
	return tenant{Order: string(app.ID), Code: o.Code, Name: o.Name, Domain: p.options.Issuer}
}
