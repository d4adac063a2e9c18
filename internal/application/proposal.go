package application

import (
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Proposal is a change that is not saved: a new application, or an edit of a
// stored one.
type Proposal struct {
	New      *NewApplication // nil for an edit
	ClientID string          // of the stored application
	// Version is the stored one that the caller read, 0 for whatever version.
	Version int64
	Change  ApplicationChange
}

// In returns the application that a change would make, in an organisation, as
// it would be saved, without secrets, and saves nothing. Its faults are those of
// AddApplication and ChangeApplication, but for who may: that is asked when it
// is saved.
func (p Proposal) In(tx *store.Tx, org identity.OrganizationID) (identity.Application, error) {
	if p.New != nil {
		return p.added(tx, org)
	}
	was, err := tx.Applications.ByClientID(org, p.ClientID)
	if err != nil {
		return was, err
	}
	if err := store.CheckVersion(p.Version, was.Version); err != nil {
		return was, err
	}
	app := clone(was)
	if err := p.Change.apply(&app); err != nil {
		return app, err
	}
	if err := check(tx, was, app); err != nil {
		return app, err
	}
	app.Secrets = nil
	return app, nil
}

func (p Proposal) added(tx *store.Tx, org identity.OrganizationID) (identity.Application, error) {
	app, _, err := p.New.application(tx.Now(), org)
	if err != nil {
		return app, err
	}
	if err := checkNew(tx, app); err != nil {
		return app, err
	}
	switch _, err := tx.Lookup.ApplicationByClientID(app.ClientID); {
	case err == nil:
		return app, fault.New(fault.Conflict, fault.CodeApplicationExists).At("client_id")
	case fault.KindOf(err) != fault.NotFound:
		return app, err
	}
	app.Secrets = nil
	return app, nil
}

// Whole is the edit that gives an application every setting of another state of
// it.
func Whole(app identity.Application) ApplicationChange {
	c := ApplicationChange{
		Name: &app.Name, Description: &app.Description, Status: &app.Status, Responsible: &app.Responsible, HomeURLs: &app.HomeURLs,
		ExitURL: &app.ExitURL, AdministratorURL: &app.AdministratorURL, Access: &app.Access, Sources: &app.Sources, Claims: &app.Claims, Consent: &app.Consent,
	}
	if s := app.OAuth; s != nil {
		c.AuthMethods, c.Grants, c.RequirePKCE, c.Scopes, c.AccessFormat = &s.AuthMethods, &s.Grants, &s.RequirePKCE, &s.Scopes, &s.AccessFormat
		c.AccessAlgorithm, c.Audiences, c.AccessLife, c.RefreshLife, c.IDTokenLife = &s.AccessAlgorithm, &s.Audiences, &s.AccessLife, &s.RefreshLife, &s.IDTokenLife
		c.RefreshGrace, c.IDTokenAlgorithm, c.BackchannelURL, c.Introspectors = &s.RefreshGrace, &s.IDTokenAlgorithm, &s.BackchannelURL, &s.Introspectors
	}
	if s := app.CAS; s != nil {
		c.CAS = &CASChange{&s.ServicePrefixes, &s.Proxy, &s.SingleLogout, &s.LogoutURL}
	}
	return c
}

// Secret makes a new secret of a client, with what is kept of it.
func Secret() (secret string, kept identity.ClientSecret) {
	secret = randomHex()
	return secret, identity.ClientSecret{Digest: digest(secret)}
}
