package application

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// maxApplications is how many applications an organisation may have.
	maxApplications = 500
	// maxPage is one more than a page of the management API holds.
	maxPage = 201
)

// NewApplication is what is said about an application when it is added.
type NewApplication struct {
	ClientID string // "" makes one of 64 hex digits
	Secret   string // of a confidential one; "" makes one of 64 hex digits
	Protocol identity.ProtocolName
	// Public marks one that can keep no secret; like the protocol it never
	// changes afterwards.
	Public bool
	// Settings are the others; what is nil has its default.
	Settings ApplicationChange
}

// String keeps the secret out of logs.
func (NewApplication) String() string { return "[redacted]" }

// GoString keeps the secret out of %#v.
func (NewApplication) GoString() string { return "[redacted]" }

// AddApplication registers an application of an organisation. The secret is
// returned in full this once, "" for a public application; as for all of them
// nobody may enter unless Settings.Access says who. A department administrator
// adds those that they are responsible for. A client id that is taken is
// a Conflict (application_exists), one application more than 500 another
// (application_limit).
func (a *Applications) AddApplication(ctx context.Context, actor identity.Actor, org identity.OrganizationID, n NewApplication) (app identity.Application, secret string, err error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return app, "", err
	}
	if actor.Role == identity.RoleDepartmentAdministrator && n.Settings.Responsible == nil {
		n.Settings.Responsible = &actor.MemberID
	}
	err = a.db.Update(ctx, func(tx *store.Tx) error {
		if app, secret, err = n.application(tx.Now(), org); err != nil {
			return err
		}
		if actor.Role == identity.RoleDepartmentAdministrator && app.Responsible != actor.MemberID {
			return fault.New(fault.Forbidden, fault.CodeApplicationOwned)
		}
		if err := checkNew(tx, app); err != nil {
			return err
		}
		if err := tx.Applications.Insert(app); err != nil {
			return err
		}
		app.Version = 1
		return audit.Record(tx, actor, audit.ApplicationAdded, about(app, map[string]string{
			"client_id": app.ClientID, "name": app.Name, "protocol": string(app.Protocol),
		}))
	})
	if err != nil {
		return identity.Application{}, "", err
	}
	return app, secret, nil
}

// application fills in what was left open.
func (n NewApplication) application(now time.Time, org identity.OrganizationID) (app identity.Application, secret string, err error) {
	app = identity.Application{
		ID: identity.NewApplicationID(now), OrganizationID: org, ClientID: n.ClientID, Protocol: n.Protocol,
		Status: identity.ApplicationActive, Generation: 1, CreatedAt: now, UpdatedAt: now,
	}
	if app.ClientID == "" {
		app.ClientID = randomHex()
	}
	if strings.HasPrefix(app.ClientID, identity.TryPrefix) {
		return app, "", fault.New(fault.Invalid, fault.CodeFieldFormat).At("client_id").With("want", "want.client_id")
	}
	if n.Protocol == identity.ProtocolCAS {
		app.CAS = new(identity.DefaultCAS())
		return app, "", n.withoutProof(&app)
	}
	app.OAuth = new(identity.DefaultOAuth(n.Protocol, n.Public))
	if err := n.Settings.apply(&app); err != nil {
		return app, "", err
	}
	if n.Public {
		if n.Secret != "" {
			return app, "", fault.New(fault.Invalid, fault.CodeFieldUnwanted).At("client_secret")
		}
		return app, "", nil
	}
	if secret = n.Secret; secret == "" {
		secret = randomHex()
	}
	app.Secrets = []identity.ClientSecret{{Digest: digest(secret), CreatedAt: now}}
	return app, secret, identity.CheckClientSecret(secret)
}

// withoutProof applies the settings of an application that proves itself by
// nothing: whoever knows a service ticket may have it accepted (CAS).
func (n NewApplication) withoutProof(app *identity.Application) error {
	var faults []*fault.Error
	for _, said := range []struct {
		given bool
		field string
	}{{n.Public, "public"}, {n.Secret != "", "client_secret"}} {
		if said.given {
			faults = append(faults, fault.New(fault.Invalid, fault.CodeFieldUnwanted).At(said.field))
		}
	}
	if err := fault.All(faults); err != nil {
		return err
	}
	return n.Settings.apply(app)
}

// Check reports what an application to be added would be refused for by itself,
// before anything is asked of the database: every fault at its field.
func (n NewApplication) Check() error {
	app, _, err := n.application(time.Time{}, "")
	if err != nil {
		return err
	}
	return checkAlone(app)
}

// Check reports what an edit of a stored application would be refused for by
// itself.
func (c ApplicationChange) Check(stored identity.Application) error {
	app := clone(stored)
	if err := c.apply(&app); err != nil {
		return err
	}
	return checkAlone(app)
}

func checkAlone(app identity.Application) error {
	if err := app.Validate(); err != nil {
		return err
	}
	return checkAttributes(app.Claims)
}

func checkNew(tx *store.Tx, app identity.Application) error {
	if _, err := tx.Organizations.Get(app.OrganizationID); err != nil {
		return err
	}
	n, err := tx.Applications.Count(app.OrganizationID)
	if err != nil {
		return err
	}
	if n >= maxApplications {
		return fault.New(fault.Conflict, fault.CodeApplicationLimit).With("max", maxApplications)
	}
	return check(tx, identity.Application{}, app)
}

// check applies every rule to an application that was edited, those that need
// the organisation's people too.
func check(tx *store.Tx, was, app identity.Application) error {
	if err := checkAlone(app); err != nil {
		return err
	}
	if err := checkResponsible(tx, was, app); err != nil {
		return err
	}
	if err := checkServices(tx, app); err != nil {
		return err
	}
	if err := checkSources(tx, was, app); err != nil {
		return err
	}
	for _, list := range [...]struct {
		kind     store.AccessKind
		field    string
		was, now []string
	}{
		{store.AccessMember, "access.members", texts(was.Access.Members), texts(app.Access.Members)},
		{store.AccessDepartment, "access.departments", texts(was.Access.Departments), texts(app.Access.Departments)},
		{store.AccessGroup, "access.groups", texts(was.Access.Groups), texts(app.Access.Groups)},
	} {
		for _, target := range list.now {
			if slices.Contains(list.was, target) {
				continue
			}
			known, err := tx.Applications.Names(app.OrganizationID, list.kind, target)
			if err != nil {
				return err
			}
			if !known {
				return fault.New(fault.Invalid, fault.CodeApplicationTarget).At(list.field).With("field", list.field).With("key", target)
			}
		}
	}
	return nil
}

func texts[T ~string](list []T) []string {
	all := make([]string, len(list))
	for i, one := range list {
		all[i] = string(one)
	}
	return all
}

// Application returns an application of an organisation by its client id, or
// NotFound. Its secrets carry no digests.
func (a *Applications) Application(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) (app identity.Application, err error) {
	if err := access.Allow(actor, access.ReadApplications, org); err != nil {
		return app, err
	}
	err = a.db.View(ctx, func(tx *store.Tx) error {
		app, err = tx.Applications.ByClientID(org, clientID)
		return err
	})
	return withoutDigests(app), err
}

// Query narrows and orders a list of applications; surfaces name it from here.
type Query = store.ApplicationQuery

// NameOrder asks for a list in the order of names.
type NameOrder = store.NameOrder

// Slice is the part of a list that is wanted.
type Slice = store.Slice

// Applications returns a page of the applications of an organisation; q.Limit is
// 20 when 0, and 201 at most. Their secrets carry no digests.
func (a *Applications) Applications(ctx context.Context, actor identity.Actor, org identity.OrganizationID, q Query) (page []identity.Application, err error) {
	if err := access.Allow(actor, access.ReadApplications, org); err != nil {
		return nil, err
	}
	if q.Limit <= 0 {
		q.Limit = defaultPage
	}
	q.Limit = min(q.Limit, maxPage)
	err = a.db.View(ctx, func(tx *store.Tx) error {
		page, err = tx.Applications.Page(org, q)
		return err
	})
	for i := range page {
		page[i] = withoutDigests(page[i])
	}
	return page, err
}

// withoutDigests leaves of the secrets when they were made and when they end.
func withoutDigests(app identity.Application) identity.Application {
	secrets := make([]identity.ClientSecret, len(app.Secrets))
	for i, s := range app.Secrets {
		secrets[i] = identity.ClientSecret{CreatedAt: s.CreatedAt, EndsAt: s.EndsAt}
	}
	app.Secrets = secrets
	return app
}

// RemoveApplication removes an application; all that was granted to it is dead
// at once. Whoever may change it may remove it.
func (a *Applications) RemoveApplication(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) error {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return err
	}
	return a.db.Update(ctx, func(tx *store.Tx) error {
		app, err := tx.Applications.ByClientID(org, clientID)
		if err != nil {
			return err
		}
		if err := MayChange(tx, actor, app); err != nil {
			return err
		}
		details := map[string]string{"client_id": app.ClientID, "name": app.Name}
		if err := namePolicies(tx, app, details); err != nil {
			return err
		}
		if err := tx.Applications.Delete(org, app.ID); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.ApplicationRemoved, about(app, details))
	})
}

// namePolicies tells which access policies go with an application.
func namePolicies(tx *store.Tx, app identity.Application, details map[string]string) error {
	rules, err := tx.AccessPolicies.Rules(identity.AccessControl{ApplicationID: app.ID, OrganizationID: app.OrganizationID})
	if err != nil || len(rules.Policies) == 0 {
		return err
	}
	names := make([]string, len(rules.Policies))
	for i, p := range rules.Policies {
		names[i] = p.Name
	}
	details["policies"] = strings.Join(names, ", ")
	return nil
}

func about(app identity.Application, details map[string]string) audit.About {
	return audit.About{Organization: app.OrganizationID, Target: string(app.ID), Details: details}
}

// randomHex returns 32 random bytes as hex digits.
func randomHex() string {
	var b [32]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
