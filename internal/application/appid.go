package application

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"strings"
	"time"

	"github.com/orgate/orgate/internal/access"
	"github.com/orgate/orgate/internal/audit"
	"github.com/orgate/orgate/internal/fault"
	"github.com/orgate/orgate/internal/identity"
	"github.com/orgate/orgate/internal/store"
)

const (
	// maxAppIDs is how many App IDs an owner may have.
	maxAppIDs = 100
	// The bounds of how far ahead an App ID may let signatures end.
	minAhead, maxAhead = time.Minute, 366 * 24 * time.Hour
	defaultPage        = 20
)

// NewAppID is what is said about an App ID when it is made.
type NewAppID struct {
	ID          string // 32 lower-case hex digits; "" makes one
	Key         string // "" makes one of 64 letters and digits
	Name        string
	Description string
	AutoCreate  *bool         // nil means true: the organisation decides
	Everlasting *bool         // nil means true: organisation and installation decide
	MaxAhead    time.Duration // 0 means identity.DefaultMaxAhead
}

// String keeps the key out of logs.
func (NewAppID) String() string { return "[redacted]" }

// GoString keeps the key out of %#v.
func (NewAppID) GoString() string { return "[redacted]" }

// AppIDChange edits an App ID; a nil field is left as it is.
type AppIDChange struct {
	Name        *string
	Description *string
	Status      *identity.AppIDStatus
	AutoCreate  *bool
	Everlasting *bool
	MaxAhead    *time.Duration
}

// allow asks for the permission over the App IDs of an owner, "" being the
// provider.
func allow(actor identity.Actor, owner identity.OrganizationID) error {
	if owner == "" {
		return access.Allow(actor, access.ManageProvider, owner)
	}
	return access.Allow(actor, access.ManageAppIDs, owner)
}

// AddAppID makes an App ID for an owner ("" for the provider). The answer
// carries the key in Keys[0].Secret, this once. An owner that does not exist
// is NotFound, a taken id a Conflict (app_id_exists), one App ID more than 100 a
// Conflict (app_id_limit).
func (a *Applications) AddAppID(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, n NewAppID) (identity.AppID, error) {
	if err := allow(actor, owner); err != nil {
		return identity.AppID{}, err
	}
	app := n.appID(owner)
	// Tokens of an App ID that had this id before must stay dead.
	app.Generation = a.options.Now().UnixMilli()
	if err := validate(app); err != nil {
		return identity.AppID{}, err
	}
	err := a.db.Update(ctx, func(tx *store.Tx) error {
		if err := roomFor(tx, owner); err != nil {
			return err
		}
		app.CreatedAt, app.UpdatedAt, app.Keys[0].CreatedAt = tx.Now(), tx.Now(), tx.Now()
		if err := tx.AppIDs.Insert(app); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.AppIDAdded, audit.About{
			Organization: owner, Target: app.ID,
			Details: map[string]string{"name": app.Name},
		})
	})
	if err != nil {
		return identity.AppID{}, err
	}
	app.Version = 1
	return app, nil
}

// appID fills in what was left open.
func (n NewAppID) appID(owner identity.OrganizationID) identity.AppID {
	app := identity.AppID{
		ID: n.ID, OrganizationID: owner, Name: n.Name, Description: n.Description,
		Status: identity.AppIDActive, Keys: []identity.AppKey{{Secret: n.Key}},
		AutoCreate: n.AutoCreate == nil || *n.AutoCreate, Everlasting: n.Everlasting == nil || *n.Everlasting,
		MaxAhead: n.MaxAhead,
	}
	if app.ID == "" {
		app.ID = randomID()
	}
	if n.Key == "" {
		app.Keys[0].Secret = randomKey()
	}
	if app.MaxAhead == 0 {
		app.MaxAhead = identity.DefaultMaxAhead
	}
	return app
}

func validate(app identity.AppID) error {
	if app.MaxAhead < minAhead || app.MaxAhead > maxAhead {
		return fault.New(fault.Invalid, fault.CodeFieldRange).At("max_ahead").With("min", minAhead.String()).With("max", maxAhead.String())
	}
	return app.Validate()
}

// roomFor checks that the owner exists and may have one App ID more.
func roomFor(tx *store.Tx, owner identity.OrganizationID) error {
	if owner != "" {
		if _, err := tx.Organizations.Get(owner); err != nil {
			return err
		}
	}
	n, err := tx.AppIDs.Count(owner)
	if err == nil && n >= maxAppIDs {
		return fault.New(fault.Conflict, fault.CodeAppIDLimit).With("max", maxAppIDs)
	}
	return err
}

// AppIDs returns up to limit App IDs of an owner, oldest first, from the one at
// offset on, and how many there are. An offset beyond the end gives the last
// page. Keys are never listed.
func (a *Applications) AppIDs(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, offset, limit int) (page []identity.AppID, total int, err error) {
	if err := allow(actor, owner); err != nil {
		return nil, 0, err
	}
	if limit <= 0 {
		limit = defaultPage
	}
	limit = min(limit, maxAppIDs)
	err = a.db.View(ctx, func(tx *store.Tx) error {
		if total, err = tx.AppIDs.Count(owner); err != nil {
			return err
		}
		start := max(offset, 0)
		if start >= total {
			start = max(total-1, 0) / limit * limit
		}
		page, err = tx.AppIDs.Page(owner, start, limit)
		return err
	})
	for i := range page {
		page[i] = withoutSecrets(page[i])
	}
	return page, total, err
}

// AppID returns an App ID of an owner without its keys' secrets, or NotFound.
func (a *Applications) AppID(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id string) (app identity.AppID, err error) {
	if err := allow(actor, owner); err != nil {
		return app, err
	}
	err = a.db.View(ctx, func(tx *store.Tx) error {
		app, err = tx.AppIDs.Get(owner, id)
		return err
	})
	return withoutSecrets(app), err
}

// withoutSecrets leaves of the keys when they were made and when they end.
func withoutSecrets(app identity.AppID) identity.AppID {
	keys := make([]identity.AppKey, len(app.Keys))
	for i, k := range app.Keys {
		keys[i] = identity.AppKey{CreatedAt: k.CreatedAt, EndsAt: k.EndsAt}
	}
	app.Keys = keys
	return app
}

// ChangeAppID edits an App ID. version is the one the caller read, or 0 for
// whatever version; another is Stale. Disabling it ends its tokens at once.
func (a *Applications) ChangeAppID(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id string, version int64, change AppIDChange) (identity.AppID, error) {
	app, err := a.edit(ctx, actor, owner, id, func(app *identity.AppID) (string, audit.Type, error) {
		if err := store.CheckVersion(version, app.Version); err != nil {
			return "", "", err
		}
		fields, err := change.apply(app)
		return fields, audit.AppIDChanged, err
	})
	return withoutSecrets(app), err
}

// apply edits an App ID and names the fields that differ now.
func (c AppIDChange) apply(app *identity.AppID) (string, error) {
	was := *app
	set(&app.Name, c.Name)
	set(&app.Description, c.Description)
	set(&app.AutoCreate, c.AutoCreate)
	set(&app.Everlasting, c.Everlasting)
	set(&app.MaxAhead, c.MaxAhead)
	set(&app.Status, c.Status)
	if app.Status != identity.AppIDActive && app.Status != identity.AppIDDisabled {
		return "", fault.New(fault.Invalid, fault.CodeFieldChoice).At("status").
			With("choices", []string{string(identity.AppIDActive), string(identity.AppIDDisabled)})
	}
	if was.Active() && !app.Active() {
		app.Generation++
	}
	var fields []string
	for _, f := range [...]struct {
		name    string
		differs bool
	}{
		{"name", app.Name != was.Name},
		{"description", app.Description != was.Description},
		{"status", app.Status != was.Status},
		{"auto_create", app.AutoCreate != was.AutoCreate},
		{"everlasting", app.Everlasting != was.Everlasting},
		{"max_ahead", app.MaxAhead != was.MaxAhead},
	} {
		if f.differs {
			fields = append(fields, f.name)
		}
	}
	return strings.Join(fields, ","), nil
}

func set[T any](field *T, value *T) {
	if value != nil {
		*field = *value
	}
}

// edit is the shape of every change: load, decide, store, record. decide
// names the fields that it changed; with none nothing is stored.
func (a *Applications) edit(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id string,
	decide func(*identity.AppID) (fields string, what audit.Type, err error),
) (app identity.AppID, err error) {
	if err := allow(actor, owner); err != nil {
		return app, err
	}
	err = a.db.Update(ctx, func(tx *store.Tx) error {
		if app, err = tx.AppIDs.Get(owner, id); err != nil {
			return err
		}
		fields, what, err := decide(&app)
		if err != nil || fields == "" {
			return err
		}
		if err := validate(app); err != nil {
			return err
		}
		app.UpdatedAt = tx.Now()
		if err := tx.AppIDs.Put(app); err != nil {
			return err
		}
		app.Version++
		return audit.Record(tx, actor, what, audit.About{Organization: owner, Target: id, Details: map[string]string{"fields": fields}})
	})
	if err != nil {
		return identity.AppID{}, err
	}
	return app, nil
}

// RemoveAppID deletes an App ID; its tokens are dead at once.
func (a *Applications) RemoveAppID(ctx context.Context, actor identity.Actor, owner identity.OrganizationID, id string) error {
	if err := allow(actor, owner); err != nil {
		return err
	}
	return a.db.Update(ctx, func(tx *store.Tx) error {
		app, err := tx.AppIDs.Get(owner, id)
		if err != nil {
			return err
		}
		if err := tx.AppIDs.Delete(owner, id); err != nil {
			return err
		}
		return audit.Record(tx, actor, audit.AppIDRemoved, audit.About{
			Organization: owner, Target: id,
			Details: map[string]string{"name": app.Name},
		})
	})
}

// randomID returns a fresh App ID.
func randomID() string {
	var b [idLength / 2]byte
	_, _ = rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}
