package meeting

import (
	"strconv"
	"time"

	"github.com/orgate/orgate/internal/application"
	"github.com/orgate/orgate/internal/fault"
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
	w := appIDAnswer{Name: a.Name, ID: a.ID, Description: a.Description, CreatedAt: a.CreatedAt.UTC().Format(time.DateTime),
		UpdatedAt: a.UpdatedAt.UTC().Format(time.DateTime), Status: appIDNormal}
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

// page is an answer with part of a list (Meeting API, 1.5).
type page[T any] struct {
	Offset int `json:"offset"`
	Limit  int `json:"limit"`
	Count  int `json:"count"`
	Data   []T `json:"data"`
}

// The limits of a page (Meeting API, 1.5).
const (
	defaultLimit = 10
	maxLimit     = 500
	maxOffset    = 1<<31 - 1
)

// paging reads offset and limit from the query.
func (c *call) paging() (offset, limit int, err error) {
	if offset, err = c.queryInteger("offset", 0, queryRange{0, maxOffset}); err != nil {
		return 0, 0, err
	}
	limit, err = c.queryInteger("limit", defaultLimit, queryRange{1, maxLimit})
	return offset, limit, err
}

type queryRange struct{ low, high int }

// queryInteger reads a whole number from the query; one that is absent or
// empty is the default.
func (c *call) queryInteger(name string, absent int, within queryRange) (int, error) {
	text := c.r.URL.Query().Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < within.low || n > within.high {
		return 0, fault.New(fault.Invalid, fault.CodeFieldRange).At(name).With("min", within.low).With("max", within.high)
	}
	return n, nil
}

// lastPage is the offset as applied: one beyond the end shows the last page.
func lastPage(offset, limit, count int) int {
	if count == 0 || offset < count {
		return offset
	}
	return (count - 1) / limit * limit
}

// listAppIDs is BatchSearchAppId.
func (m *meeting) listAppIDs(c *call) (any, error) {
	offset, limit, err := c.paging()
	if err != nil {
		return nil, err
	}
	apps, count, err := m.o.Applications.AppIDs(c.r.Context(), c.actor, c.actor.OrganizationID, offset, limit)
	if err != nil {
		return nil, err
	}
	answer := page[appIDAnswer]{Offset: lastPage(offset, limit, count), Limit: limit, Count: count, Data: make([]appIDAnswer, 0, len(apps))}
	for _, a := range apps {
		answer.Data = append(answer.Data, appIDOf(a))
	}
	return answer, nil
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
