package meeting

import (
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/identity"
)

// appIDAnswer is an App ID as 4.10 shows it. The key is told on creation and
// reset alone.
type appIDAnswer struct {
	Name        string `json:"app_name"`
	ID          string `json:"app_id"`
	Key         string `json:"app_key,omitempty"`
	Description string `json:"description"`
	CreatedAt   string `json:"create_time"`
	UpdatedAt   string `json:"last_update_time"`
	Status      int    `json:"status"`
}

// The values of status.
const (
	appIDNormal   = 0
	appIDDisabled = 1
)

func appIDOf(a identity.AppID) appIDAnswer {
	w := appIDAnswer{
		Name: a.Name, ID: a.ID, Description: a.Description, CreatedAt: a.CreatedAt.UTC().Format(time.DateTime),
		UpdatedAt: a.UpdatedAt.UTC().Format(time.DateTime), Status: appIDNormal,
	}
	if !a.Active() {
		w.Status = appIDDisabled
	}
	return w
}

// withKey adds the key, for the two answers that tell it.
func withKey(a identity.AppID) appIDAnswer {
	w := appIDOf(a)
	if len(a.Keys) > 0 {
		w.Key = a.Keys[0].Secret
	}
	return w
}

// addAppID is AddAppId.
func (m *meeting) addAppID(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	n := application.NewAppID{Name: o.text("app_name", 1, 64)}
	n.Description, _ = o.optionalText("description", 0, 255)
	if err := o.err(); err != nil {
		return nil, err
	}
	app, err := m.o.Applications.AddAppID(c.r.Context(), c.actor, c.actor.OrganizationID, n)
	if err != nil {
		return nil, err
	}
	return withKey(app), nil
}

// listAppIDs is BatchSearchAppId.
func (m *meeting) listAppIDs(c *call) (any, error) {
	q, err := c.query()
	if err != nil {
		return nil, err
	}
	w := q.window()
	if err := q.err(); err != nil {
		return nil, err
	}
	apps, count, err := m.o.Applications.AppIDs(c.r.Context(), c.actor, c.actor.OrganizationID, w.offset, w.limit)
	if err != nil {
		return nil, err
	}
	return pageOf(w, count, apps, appIDOf), nil
}

// changeAppID is UpdateAppId: what is absent stays as it is.
func (m *meeting) changeAppID(c *call) (any, error) {
	o, err := c.object()
	if err != nil {
		return nil, err
	}
	var change application.AppIDChange
	if name, given := o.optionalText("app_name", 1, 64); given {
		change.Name = &name
	}
	if description, given := o.optionalText("description", 0, 255); given {
		change.Description = &description
	}
	if status, given := o.optionalInteger("status", appIDNormal, appIDDisabled); given {
		to := identity.AppIDActive
		if status == appIDDisabled {
			to = identity.AppIDDisabled
		}
		change.Status = &to
	}
	if err := o.err(); err != nil {
		return nil, err
	}
	app, err := m.o.Applications.ChangeAppID(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("app_id"), 0, change)
	if err != nil {
		return nil, err
	}
	return appIDOf(app), nil
}

// resetAppKey is ResetAppKey: a new key, the one before lives a month more.
func (m *meeting) resetAppKey(c *call) (any, error) {
	app, err := m.o.Applications.ResetAppKey(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("app_id"))
	if err != nil {
		return nil, err
	}
	return withKey(app), nil
}

// removeAppID is DeleteAppId: its tokens end at once.
func (m *meeting) removeAppID(c *call) (any, error) {
	return nil, m.o.Applications.RemoveAppID(c.r.Context(), c.actor, c.actor.OrganizationID, c.r.PathValue("app_id"))
}
