package tryout

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// Options are what tries are made of; all are required.
type Options struct {
	Now     func() time.Time
	BaseURL *url.URL // the public address
	// Front answers what applications ask: discovery, keys, tokens, user info.
	// It is called in this process, with addresses below BaseURL.
	Front http.Handler
	// Scope names the scope that releases a claim, "" for none.
	Scope func(claim string) string
}

// Tryout makes and reports tries. It is safe for concurrent use.
type Tryout struct {
	db      *store.DB
	options Options
}

// New returns the tries of a database.
func New(db *store.DB, o Options) *Tryout { return &Tryout{db, o} }

// reportLife is how long a report can be read.
const reportLife = 24 * time.Hour

// Begun is a try that was started.
type Begun struct {
	ID identity.TryID
	// URL is where the browser of whoever started it goes; "" when no person is
	// needed and the try has ended already.
	URL   string
	State store.TryState
}

// plan is what a try remembers, sealed.
type plan struct {
	Application identity.Application `json:"application"` // as it would be saved
	Secret      string               `json:"secret,omitempty"`
	Verifier    string               `json:"verifier"`
	State       string               `json:"state"`
	Nonce       string               `json:"nonce"`
	Callback    string               `json:"callback"`
	Version     int64                `json:"version"` // of the stored application
	New         bool                 `json:"new"`
}

// String keeps the secrets out of logs.
func (plan) String() string { return "[redacted]" }

// GoString keeps the secrets out of %#v.
func (plan) GoString() string { return "[redacted]" }

// Start begins a try of a change that is not saved, for whoever manages the
// organisation's applications; only they may run it. Its faults are those that
// saving would have, but for the responsible member's right.
func (t *Tryout) Start(ctx context.Context, actor identity.Actor, org identity.OrganizationID, p application.Proposal) (Begun, error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return Begun{}, err
	}
	row := store.ApplicationTry{OrganizationID: org, ClientID: p.ClientID, StartedBy: runner(actor), State: store.TryWaiting}
	var made plan
	err := t.db.Update(ctx, func(tx *store.Tx) error {
		app, err := p.In(tx, org)
		if err != nil {
			return err
		}
		if app.OAuth == nil {
			return fault.New(fault.Conflict, fault.CodeTryProtocol)
		}
		o, err := tx.Organizations.Get(org)
		if err != nil {
			return err
		}
		row.ID, row.CreatedAt, row.EndsAt = identity.NewTryID(tx.Now()), tx.Now(), tx.Now().Add(reportLife)
		made = t.planned(app, o, row.ID)
		made.New = p.New != nil
		stand := made.stand(row, tx.Now())
		row.ApplicationID = stand.ID
		if row.Settings, err = json.Marshal(made); err != nil {
			return err
		}
		if err := tx.Applications.Insert(stand); err != nil {
			return err
		}
		if err := tx.ApplicationTries.Add(row); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ApplicationTried, audit.About{
			Organization: org, Target: string(row.ID), Details: map[string]string{"client_id": app.ClientID, "name": app.Name},
		})
	})
	if err != nil {
		return Begun{}, err
	}
	if !made.Application.OAuth.Offers(identity.GrantCode) {
		state, err := t.finish(ctx, row, made, nil)
		return Begun{ID: row.ID, State: state}, err
	}
	return Begun{row.ID, t.authorizeURL(row.ID, made), row.State}, nil
}

// runner is who may run a try that an actor starts.
func runner(actor identity.Actor) identity.AccountID {
	if actor.AccountID != "" {
		return actor.AccountID
	}
	return identity.AnyAdministrator
}

// planned makes up what a relying party makes up for each sign-in.
func (t *Tryout) planned(app identity.Application, o identity.Organization, id identity.TryID) plan {
	at := t.options.BaseURL.JoinPath("console", o.Code, "application-tries", string(id), "callback")
	return plan{
		Application: app, Verifier: rand.Text() + rand.Text(), State: rand.Text(), Nonce: rand.Text(), Callback: at.String(), Version: app.Version,
	}
}

// stand is the application that stands in for the tried one.
func (p *plan) stand(row store.ApplicationTry, now time.Time) identity.Application {
	a := p.Application
	a.ID, a.ClientID, a.TriedBy = identity.NewApplicationID(now), string(row.ID), row.StartedBy
	a.HomeURLs, a.ExitURL, a.Responsible, a.Generation = []string{p.Callback}, "", "", 1
	a.CreatedAt, a.UpdatedAt = now, now
	settings := *a.OAuth
	settings.BackchannelURL = "" // nobody is told of a try
	a.OAuth = &settings
	if !settings.Public {
		secret, kept := application.Secret()
		kept.CreatedAt = now
		p.Secret, a.Secrets = secret, []identity.ClientSecret{kept}
	}
	return a
}

// authorizeURL is the request with which a relying party sends a person (OpenID
// Connect Core 1.0, 3.1.2.1).
func (t *Tryout) authorizeURL(id identity.TryID, p plan) string {
	to := t.options.BaseURL.JoinPath("oauth2", "authorize")
	to.RawQuery = p.request(id).Encode()
	return to.String()
}

// request are the parameters of that request: everything that the settings let
// the application ask for, with PKCE always (RFC 9700, 2.1.1).
func (p plan) request(id identity.TryID) url.Values {
	return url.Values{
		"response_type": {"code"}, "client_id": {string(id)}, "redirect_uri": {p.Callback}, "scope": {strings.Join(p.scopes(), " ")},
		"state": {p.State}, "nonce": {p.Nonce}, "code_challenge": {challenge(p.Verifier)}, "code_challenge_method": {"S256"},
	}
}

// scopes are what is asked for.
func (p plan) scopes() (asked []string) {
	for _, s := range p.Application.OAuth.Scopes {
		if s == scopeOpenID && p.Application.Protocol != identity.ProtocolOIDC {
			continue
		}
		if s == scopeOffline && !p.Application.OAuth.Offers(identity.GrantRefresh) {
			continue
		}
		asked = append(asked, s)
	}
	return asked
}

// issuer is our name on the wire.
func (t *Tryout) issuer() string { return strings.TrimSuffix(t.options.BaseURL.String(), "/") }

var errForeign = fault.New(fault.Forbidden, fault.CodeTryForeign)
