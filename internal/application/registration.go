package application

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

// ApplicationChange edits an application; a nil field is left as it is. The
// rules are identity.Application.Validate's.
type ApplicationChange struct {
	Name             *string
	Description      *string
	Status           *identity.ApplicationStatus
	Responsible      *identity.MemberID
	HomeURLs         *[]string
	ExitURL          *string
	AdministratorURL *string
	Access           *identity.Access
	Sources          *[]identity.SourceID // in the order in which they are offered
	Claims           *[]identity.ClaimRule
	Consent          *bool

	AuthMethods      *[]identity.AuthMethod
	Grants           *[]identity.GrantType
	RequirePKCE      *bool
	Scopes           *[]string
	AccessFormat     *identity.TokenFormat
	AccessAlgorithm  *identity.Algorithm
	Audiences        *[]string
	AccessLife       *time.Duration
	RefreshLife      *time.Duration
	IDTokenLife      *time.Duration
	RefreshGrace     *time.Duration
	IDTokenAlgorithm *identity.Algorithm
	BackchannelURL   *string
	Introspectors    *[]string

	CAS *CASChange
}

// CASChange edits what CAS adds; a nil field is left as it is.
type CASChange struct {
	ServicePrefixes *[]string
	Proxy           *bool
	SingleLogout    *bool
	LogoutURL       *string
}

// ChangeApplication edits an application. version is the one the caller read,
// or 0 for whatever version; another is Stale. Where a member is responsible
// for it, another member is Forbidden (application_responsible), but for the
// owner who names another. Disabling it and taking a scope away end all that was
// granted to it.
func (a *Applications) ChangeApplication(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string, version int64, change ApplicationChange) (identity.Application, error) {
	app, err := a.rework(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) (*entryOf, error) {
		if err := store.CheckVersion(version, app.Version); err != nil {
			return nil, err
		}
		was := clone(*app)
		if err := change.apply(app); err != nil {
			return nil, err
		}
		changed := differing(was, *app)
		if len(changed) == 0 {
			return nil, nil
		}
		if len(changed) > 1 || changed[0] != "responsible" || actor.Role != identity.RoleOwner {
			if err := MayChange(tx, actor, was); err != nil {
				return nil, err
			}
		}
		if was.Active() && !app.Active() || losesScope(was, *app) {
			app.Generation++
		}
		return &entryOf{audit.ApplicationChanged, map[string]string{"fields": strings.Join(changed, ",")}}, check(tx, was, *app)
	})
	return withoutDigests(app), err
}

// RevokeAll ends everything that was granted to an application: its tokens of
// every kind are dead at once, and everybody signs in to it again.
func (a *Applications) RevokeAll(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string) error {
	_, err := a.rework(ctx, actor, org, clientID, func(tx *store.Tx, app *identity.Application) (*entryOf, error) {
		app.Generation++
		return &entryOf{audit.ApplicationRevoked, map[string]string{"client_id": app.ClientID}}, MayChange(tx, actor, *app)
	})
	return err
}

// entryOf is what the log says of a change.
type entryOf struct {
	what    audit.Type
	details map[string]string
}

// rework is the shape of every change of an application: load, decide, store,
// record. decide answers nil where nothing differs. Whether the actor may is
// asked in part here, and of the responsible member by decide.
func (a *Applications) rework(ctx context.Context, actor identity.Actor, org identity.OrganizationID, clientID string,
	decide func(*store.Tx, *identity.Application) (*entryOf, error),
) (app identity.Application, err error) {
	if err := access.Allow(actor, access.ManageApplications, org); err != nil {
		return app, err
	}
	err = a.db.Update(ctx, func(tx *store.Tx) error {
		if app, err = tx.Applications.ByClientID(org, clientID); err != nil {
			return err
		}
		log, err := decide(tx, &app)
		if err != nil {
			return err
		}
		if log == nil {
			tx.NoEvent("nothing differs from what is stored")
			return nil
		}
		app.UpdatedAt = tx.Now()
		if err := tx.Applications.Put(app); err != nil {
			return err
		}
		app.Version++
		return audit.Record(tx, actor, log.what, about(app, log.details))
	})
	if err != nil {
		return identity.Application{}, err
	}
	return app, nil
}

// MayChange keeps everybody but the responsible member from changing an
// application that has one.
func MayChange(tx *store.Tx, actor identity.Actor, app identity.Application) error {
	return access.AllowOwned(actor, app, func() (identity.Member, error) { return tx.Members.Responsible(app) })
}

// checkResponsible demands an administrator of the organisation.
func checkResponsible(tx *store.Tx, was, app identity.Application) error {
	if app.Responsible == "" || app.Responsible == was.Responsible {
		return nil
	}
	p, err := tx.Members.Get(app.OrganizationID, app.Responsible)
	if fault.Is(err, fault.CodeMemberNotFound) {
		return fault.New(fault.Invalid, fault.CodeApplicationTarget).At("responsible").
			With("field", "responsible").With("key", string(app.Responsible))
	}
	if err == nil && !p.Member.MayBeResponsible() {
		return fault.New(fault.Invalid, fault.CodeResponsibleOrdinary).At("responsible")
	}
	return err
}

// clone copies what apply edits in place.
func clone(app identity.Application) identity.Application {
	if app.OAuth != nil {
		settings := *app.OAuth
		app.OAuth = &settings
	}
	if app.CAS != nil {
		app.CAS = new(*app.CAS)
	}
	return app
}

// apply edits an application. Lists whose order says nothing are sorted. What has
// no meaning for the application's protocol is Invalid (field_unwanted), each at
// its field.
func (c ApplicationChange) apply(app *identity.Application) error {
	if err := c.unwanted(*app); err != nil {
		return err
	}
	set(&app.Name, c.Name)
	set(&app.Description, c.Description)
	set(&app.Status, c.Status)
	set(&app.Responsible, c.Responsible)
	setList(&app.HomeURLs, c.HomeURLs)
	set(&app.ExitURL, c.ExitURL)
	set(&app.AdministratorURL, c.AdministratorURL)
	if c.Access != nil {
		app.Access = identity.Access{
			Everyone: c.Access.Everyone, Members: sorted(c.Access.Members), Departments: sorted(c.Access.Departments),
			Groups: sorted(c.Access.Groups),
		}
	}
	setList(&app.Sources, c.Sources)
	setList(&app.Claims, c.Claims)
	set(&app.Consent, c.Consent)
	if app.OAuth != nil {
		c.applyOAuth(app.OAuth)
	}
	if app.CAS != nil && c.CAS != nil {
		setList(&app.CAS.ServicePrefixes, c.CAS.ServicePrefixes)
		set(&app.CAS.Proxy, c.CAS.Proxy)
		set(&app.CAS.SingleLogout, c.CAS.SingleLogout)
		set(&app.CAS.LogoutURL, c.CAS.LogoutURL)
	}
	return nil
}

func (c ApplicationChange) applyOAuth(s *identity.OAuthSettings) {
	setList(&s.AuthMethods, c.AuthMethods)
	setList(&s.Grants, c.Grants)
	set(&s.RequirePKCE, c.RequirePKCE)
	s.RequirePKCE = s.RequirePKCE || s.Public
	setList(&s.Scopes, c.Scopes)
	set(&s.AccessFormat, c.AccessFormat)
	set(&s.AccessAlgorithm, c.AccessAlgorithm)
	setList(&s.Audiences, c.Audiences)
	set(&s.AccessLife, c.AccessLife)
	set(&s.RefreshLife, c.RefreshLife)
	set(&s.IDTokenLife, c.IDTokenLife)
	set(&s.RefreshGrace, c.RefreshGrace)
	set(&s.IDTokenAlgorithm, c.IDTokenAlgorithm)
	set(&s.BackchannelURL, c.BackchannelURL)
	setList(&s.Introspectors, c.Introspectors)
}

// setList copies a list that was given; an empty one is nil.
func setList[T any](field, value *[]T) {
	if value != nil {
		*field = append([]T(nil), *value...)
	}
}

// sorted is a list in order, each once.
func sorted[T ~string](list []T) []T {
	if len(list) == 0 {
		return nil
	}
	return slices.Compact(slices.Sorted(slices.Values(list)))
}

// losesScope reports whether something may be asked for no longer that grants
// may hold.
func losesScope(was, now identity.Application) bool {
	return was.OAuth != nil && slices.ContainsFunc(was.OAuth.Scopes, func(scope string) bool {
		return !slices.Contains(now.OAuth.Scopes, scope)
	})
}
